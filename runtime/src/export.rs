//! Compiled kernels for an ordinary linker: the ELF object as the cache keeps it, and a C header
//! that says how to call it. What the object imports is defined by the static build of
//! `brolga-nrt`.
//!
//! Invariant: the object is byte for byte the one that this process would run.

mod header;

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use brolga_abi::{DType, FunctionMeta};
use brolga_cache::within_file_size_limit;

use crate::compile::{self, Code};
use crate::error::{Error, ErrorKind};
use crate::function::FunctionShared;

/// How much of the name of a module or function stands in a symbol, in characters.
const NAME: usize = 200;

/// A compiled kernel, for an ordinary linker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportedObject {
    /// The symbol of the entry point.
    pub symbol: String,
    /// The relocatable ELF object.
    pub object: Vec<u8>,
    /// The C header, for C11 and C++11.
    pub header: String,
}

impl ExportedObject {
    /// Writes `<symbol>.o` and `<symbol>.h` into `folder`, which is made if it is missing; files
    /// of these names are replaced. Returns their paths, the object's first.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] when the folder or a file cannot be written.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(PathBuf, PathBuf), Error> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
        let object = folder.join(format!("{}.o", self.symbol));
        let header = folder.join(format!("{}.h", self.symbol));
        write(&object, &self.object)?;
        write(&header, self.header.as_bytes())?;
        Ok((object, header))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    within_file_size_limit(bytes.len() as u64)
        .and_then(|()| {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                // Without O_NONBLOCK a pipe in place of the file would hold the call for ever.
                .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
                .open(path)
        })
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|e| failed(path, &e))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot write {}: {error}", path.display());
    Error::new(ErrorKind::Write, message)
}

/// The kernel for an ordinary linker.
pub(crate) fn export(function: &FunctionShared, types: &[DType]) -> Result<ExportedObject, Error> {
    let Code {
        info,
        object,
        tables,
    } = compile::code(function, types)?;
    let header = header::Header {
        symbol: &info.entry_symbol,
        title: full_name(&function.source.name, &function.meta, types),
        target: &function.source.runtime.shared.target,
        meta: &function.meta,
        types,
        info: &info,
        tables: &tables,
    };
    Ok(ExportedObject {
        header: header.text(),
        symbol: info.entry_symbol,
        object,
    })
}

/// What the entry point is called in an object: `brolga_` and the names of module, function and
/// types, with `_` for what no C identifier has.
pub(crate) fn code_name(module: &str, meta: &FunctionMeta, types: &[DType]) -> String {
    let cut = |name: &str| name.chars().take(NAME).collect::<String>();
    let mut parts = vec![cut(module), cut(&meta.name)];
    parts.extend(types.iter().map(|dtype| {
        dtype
            .name()
            .replace("Complex<", "complex_")
            .replace('>', "")
    }));
    parts.join("_")
}

/// `kernels::axpy<f64>`, without characters that would end a line or a word.
pub(crate) fn full_name(module: &str, meta: &FunctionMeta, types: &[DType]) -> String {
    let types: Vec<&str> = types.iter().map(|dtype| dtype.name()).collect();
    let types = match types.as_slice() {
        [] => String::new(),
        types => format!("<{}>", types.join(",")),
    };
    format!("{module}::{}{types}", meta.name)
        .chars()
        .map(|c| match c {
            c if c.is_control() || c.is_whitespace() => '_',
            c => c,
        })
        .collect()
}
