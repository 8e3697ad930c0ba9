//! Writes the kernel files and the examples as rustc's side compiles them: with Brolga's own
//! elementary functions in place of std's. `tests/functions` says why and how. Invariant: the
//! files keep their names and their lines, so that panics can be compared by line.

#[path = "../functions/src/rename.rs"]
#[allow(
    dead_code,
    reason = "the rest is used by the package that the file is of"
)]
mod rename;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let (kernels, examples) = (root.join("kernels"), root.join("../../examples/language"));
    rewrite(&kernels, &out.join("kernels"))?;
    rewrite(&examples, &out.join("language"))?;

    let mut modules = Vec::new();
    for entry in fs::read_dir(out.join("kernels"))? {
        let path = entry?.path();
        let name = path.file_stem().expect("a file's name").to_string_lossy();
        modules.push(format!("#[path = {path:?}]\npub mod {name};\n"));
    }
    modules.sort();
    fs::write(out.join("kernels.rs"), modules.concat())?;
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../functions/src/rename.rs");
    Ok(())
}

/// Every file below `from`, rewritten below `to`, where nothing else stays.
fn rewrite(from: &Path, to: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", from.display());
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            rewrite(&path, &target)?;
        } else {
            fs::write(target, rename::own_functions(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}
