//! NumPy's `.npy` files: versions 1 to 3, C and Fortran order, little and big endian, of
//! every element type. Not structured types, not pickles. A `bf16` has no type of NumPy's own:
//! it is written and read as ml_dtypes does it, as two bytes without a meaning, `<V2`.
//!
//! The header is parsed here and not by a library because it comes from strangers: it is a
//! flat dictionary of three known keys, so a parser without recursion and with checked
//! arithmetic is short. (npyz 0.9.1 recurses on nested brackets and multiplies the shape
//! without a check.)

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use brolga::DType;

use crate::array::Array;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// NumPy's own limit of a header that it reads from a stranger is 10,000 characters.
const MAX_HEADER: usize = 65_536;

/// Reads the array in `path`, converted to the machine's byte order.
///
/// # Errors
/// A sentence that says what was found and what was expected.
pub fn read(path: &Path) -> Result<Array, String> {
    let fail = |why: String| format!("cannot read {}: {why}", path.display());
    // Asked before it is opened: to open a pipe waits for its writer.
    let metadata = std::fs::metadata(path).map_err(|e| fail(e.to_string()))?;
    if !metadata.is_file() {
        return Err(fail("it is not a regular file".into()));
    }
    let mut file = File::open(path).map_err(|e| fail(e.to_string()))?;
    let header = read_header(&mut file).map_err(fail)?;
    let array = Array::zeros(header.dtype, &header.shape, header.fortran).ok_or_else(|| {
        fail(format!(
            "an array of shape {:?} does not fit in memory",
            header.shape
        ))
    })?;
    let found = metadata.len().saturating_sub(header.data_offset);
    if found < array.byte_len() as u64 {
        return Err(fail(format!(
            "shape {:?} of {} needs {} bytes of data, the file has {found}",
            header.shape,
            header.dtype,
            array.byte_len()
        )));
    }
    fill(&mut file, array, header.big_endian).map_err(|e| fail(e.to_string()))
}

fn fill(file: &mut File, mut array: Array, big_endian: bool) -> std::io::Result<Array> {
    let dtype = array.dtype();
    let bytes = array.bytes_mut();
    file.read_exact(bytes)?;
    if dtype == DType::Bool {
        // Compiled code relies on 0 and 1.
        bytes
            .iter_mut()
            .for_each(|byte| *byte = u8::from(*byte != 0));
    }
    if big_endian {
        bytes
            .chunks_exact_mut(dtype.part().size())
            .for_each(<[u8]>::reverse);
    }
    Ok(array)
}

struct Header {
    dtype: DType,
    big_endian: bool,
    fortran: bool,
    shape: Vec<usize>,
    /// Where the data begins, in bytes.
    data_offset: u64,
}

fn read_header(file: &mut impl Read) -> Result<Header, String> {
    let mut start = [0; 8];
    let short = |_| "it is too short for an .npy file".to_string();
    file.read_exact(&mut start).map_err(short)?;
    if &start[..6] != MAGIC {
        return Err("it is not an .npy file (no magic bytes)".into());
    }
    let (length, offset) = match (start[6], start[7]) {
        (1, 0) => {
            let mut length = [0; 2];
            file.read_exact(&mut length).map_err(short)?;
            (usize::from(u16::from_le_bytes(length)), 10)
        }
        (2 | 3, 0) => {
            let mut length = [0; 4];
            file.read_exact(&mut length).map_err(short)?;
            (u32::from_le_bytes(length) as usize, 12)
        }
        (major, minor) => {
            return Err(format!(
                ".npy version {major}.{minor} is unknown; 1.0, 2.0 and 3.0 are known"
            ));
        }
    };
    if length > MAX_HEADER {
        return Err(format!(
            "its header has {length} bytes; at most {MAX_HEADER} are read"
        ));
    }
    let mut text = vec![0; length];
    file.read_exact(&mut text).map_err(short)?;
    let text = std::str::from_utf8(&text).map_err(|_| "its header is not text".to_string())?;
    let mut header = parse_header(text).map_err(|e| format!("its header is wrong: {e}"))?;
    header.data_offset = offset + length as u64;
    Ok(header)
}

/// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
fn parse_header(text: &str) -> Result<Header, String> {
    let mut parser = Parser { rest: text };
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    parser.expect('{')?;
    while !parser.eat('}') {
        let key = parser.string()?;
        parser.expect(':')?;
        let twice = match key {
            "descr" => descr.replace(parser.descr()?).is_some(),
            "fortran_order" => fortran.replace(parser.boolean()?).is_some(),
            "shape" => shape.replace(parser.shape()?).is_some(),
            _ => return Err(format!("unknown key `{}`", key.escape_debug())),
        };
        if twice {
            return Err(format!("key `{key}` stands twice"));
        }
        if !parser.eat(',') {
            parser.expect('}')?;
            break;
        }
    }
    if !parser.rest.trim().is_empty() {
        return Err("text after the closing `}`".into());
    }
    let missing = |key: &str| format!("key `{key}` is missing");
    let (dtype, big_endian) = descr.ok_or_else(|| missing("descr"))?;
    Ok(Header {
        dtype,
        big_endian,
        fortran: fortran.ok_or_else(|| missing("fortran_order"))?,
        shape: shape.ok_or_else(|| missing("shape"))?,
        data_offset: 0,
    })
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn eat(&mut self, token: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: char) -> Result<(), String> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(format!("expected `{token}`"))
        }
    }

    fn string(&mut self) -> Result<&'a str, String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let quote = quote.ok_or("expected a string")?;
        let (text, rest) = self.rest[1..]
            .split_once(quote)
            .ok_or("a string does not end")?;
        self.rest = rest;
        Ok(text)
    }

    fn boolean(&mut self) -> Result<bool, String> {
        self.rest = self.rest.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(value);
            }
        }
        Err("`fortran_order` must be True or False".into())
    }

    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.expect('(')?;
        while !self.eat(')') {
            self.rest = self.rest.trim_start();
            let digits = self.rest.len()
                - self
                    .rest
                    .trim_start_matches(|c: char| c.is_ascii_digit())
                    .len();
            let (number, rest) = self.rest.split_at(digits);
            // Python 2 wrote longs with an L.
            self.rest = rest.strip_prefix('L').unwrap_or(rest);
            let size = number
                .parse::<usize>()
                .ok()
                .filter(|n| isize::try_from(*n).is_ok());
            shape.push(size.ok_or("`shape` must be a tuple of sizes")?);
            if shape.len() > Array::MAX_NDIM {
                return Err(format!("more than {} axes", Array::MAX_NDIM));
            }
            if !self.eat(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }

    /// The element type, and whether it is big-endian.
    fn descr(&mut self) -> Result<(DType, bool), String> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('[') {
            return Err("structured element types are not supported".into());
        }
        let text = self.string()?;
        let unsupported = || {
            format!(
                "element type `{}` is not supported; supported are bool, i1 to i8, u1 to u8, f2 to f8, c8, c16, and V2 for bfloat16",
                text.escape_debug()
            )
        };
        let mut chars = text.chars();
        let big_endian = match chars.next() {
            Some('<' | '|' | '=') => false,
            Some('>') => true,
            _ => return Err(unsupported()),
        };
        let dtype = match chars.as_str() {
            "b1" => DType::Bool,
            "i1" => DType::I8,
            "i2" => DType::I16,
            "i4" => DType::I32,
            "i8" => DType::I64,
            "u1" => DType::U8,
            "u2" => DType::U16,
            "u4" => DType::U32,
            "u8" => DType::U64,
            "f4" => DType::F32,
            "f8" => DType::F64,
            "f2" => DType::F16,
            "c8" => DType::ComplexF32,
            "c16" => DType::ComplexF64,
            "V2" if text == "<V2" => DType::Bf16,
            "V2" => {
                return Err(format!(
                    "the element type `{text}` is two bytes without a meaning; save bfloat16 \
                     with ml_dtypes (`<V2`), or as float32"
                ));
            }
            _ => return Err(unsupported()),
        };
        Ok((dtype, big_endian && dtype.size() > 1))
    }
}

/// Writes `array` to `path`, in the version and order that NumPy would choose. A file takes
/// its name when it is whole: after an error the path has what it had before.
///
/// # Errors
/// A sentence with the path and the system's reason.
pub fn write(path: &Path, array: &Array) -> Result<(), String> {
    replace(path, |file| write_to(file, array))
        .map_err(|e| format!("cannot write {}: {e}", path.display()))
}

/// Makes the file at `path` of what `fill` writes, by way of a file beside it.
fn replace(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    // What a link points to is replaced, and not the link.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let old = std::fs::metadata(&target).ok();
    let special = old.as_ref().is_some_and(|old| !old.is_file());
    let beside = match target.file_name() {
        Some(name) if !special => {
            let mut own = std::ffi::OsString::from(".");
            own.push(name);
            own.push(format!(".{}.tmp", std::process::id()));
            target.with_file_name(own)
        }
        // A device or pipe takes the bytes itself.
        _ => {
            let mut file = BufWriter::new(File::create(&target)?);
            return fill(&mut file).and_then(|()| file.flush());
        }
    };
    let file = File::options().write(true).create_new(true).open(&beside)?;
    let mut file = BufWriter::new(file);
    let done = fill(&mut file)
        .and_then(|()| file.flush())
        .and_then(|()| match old {
            Some(old) => file.get_ref().set_permissions(old.permissions()),
            None => Ok(()),
        })
        .and_then(|()| std::fs::rename(&beside, &target));
    if done.is_err() {
        // What is left of a full disk goes; the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    done
}

fn write_to(file: &mut impl Write, array: &Array) -> std::io::Result<()> {
    let code = match array.dtype() {
        DType::Bool => "|b1",
        DType::I8 => "|i1",
        DType::U8 => "|u1",
        DType::I16 => "<i2",
        DType::I32 => "<i4",
        DType::I64 => "<i8",
        DType::U16 => "<u2",
        DType::U32 => "<u4",
        DType::U64 => "<u8",
        DType::F32 => "<f4",
        DType::F64 => "<f8",
        DType::F16 => "<f2",
        DType::Bf16 => "<V2",
        DType::ComplexF32 => "<c8",
        DType::ComplexF64 => "<c16",
    };
    let order = if array.is_fortran() { "True" } else { "False" };
    let sizes: Vec<String> = array.shape().iter().map(usize::to_string).collect();
    let comma = if sizes.len() == 1 { "," } else { "" };
    let mut header = format!(
        "{{'descr': '{code}', 'fortran_order': {order}, 'shape': ({}{comma}), }}",
        sizes.join(", ")
    );
    // The data begins at a multiple of 64 bytes; at most 32 axes fit version 1's header.
    let padding = 64 - (10 + header.len() + 1) % 64;
    header.extend(std::iter::repeat_n(' ', padding % 64));
    header.push('\n');
    file.write_all(MAGIC)?;
    file.write_all(&[1, 0])?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    file.write_all(array.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(DType, bool, bool, Vec<usize>), String> {
        parse_header(text).map(|h| (h.dtype, h.big_endian, h.fortran, h.shape))
    }

    #[test]
    fn headers_of_numpy_are_understood() {
        assert_eq!(
            parse("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   \n"),
            Ok((DType::F64, false, false, vec![3, 4]))
        );
        assert_eq!(
            parse("{\"shape\": (), 'fortran_order': True, 'descr': '>i2'}"),
            Ok((DType::I16, true, true, vec![]))
        );
        assert_eq!(
            parse("{'descr': '>u1', 'fortran_order': False, 'shape': (7L,)}"),
            Ok((DType::U8, false, false, vec![7]))
        );
    }

    #[test]
    fn halves_and_complex_numbers_come_back() {
        let folder = tempfile::tempdir().unwrap();
        for (dtype, code) in [
            (DType::F16, "<f2"),
            (DType::Bf16, "<V2"),
            (DType::ComplexF32, "<c8"),
            (DType::ComplexF64, "<c16"),
        ] {
            let path = folder.path().join("x.npy");
            let mut array = Array::zeros(dtype, &[3], false).unwrap();
            let bytes = array.bytes_mut();
            (0..bytes.len()).for_each(|k| bytes[k] = k as u8);
            write(&path, &array).unwrap();
            let mut file = std::fs::read(&path).unwrap();
            assert!(String::from_utf8_lossy(&file).contains(&format!("'{code}'")));
            let again = read(&path).unwrap();
            assert_eq!((again.dtype(), again.bytes()), (dtype, array.bytes()));
            // Big-endian, part by part.
            if dtype != DType::Bf16 {
                let at = file.iter().position(|byte| *byte == b'<').unwrap();
                file[at] = b'>';
                std::fs::write(&path, &file).unwrap();
                let size = dtype.part().size();
                let swapped: Vec<u8> = (array.bytes().chunks(size))
                    .flat_map(|part| part.iter().rev().copied())
                    .collect();
                assert_eq!(read(&path).unwrap().bytes(), swapped);
            }
        }
        assert!(
            parse("{'descr': '|V2', 'shape': ()}")
                .unwrap_err()
                .contains("bfloat16")
        );
    }

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.npy");
        let link = folder.path().join("link.npy");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let fill =
            |text: &'static str| move |file: &mut BufWriter<File>| file.write_all(text.as_bytes());
        replace(&path, fill("old")).unwrap();
        let full = |file: &mut BufWriter<File>| {
            file.write_all(&[0; 100_000])?;
            Err(std::io::ErrorKind::StorageFull.into())
        };
        replace(&path, full).unwrap_err();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        replace(&link, fill("new")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        replace(Path::new("/dev/full"), fill("x")).unwrap_err();
        replace(Path::new("/dev/null"), fill("x")).unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn hostile_headers_are_refused_with_a_reason() {
        let nested = "(".repeat(60_000);
        for (text, reason) in [
            ("", "expected `{`"),
            (
                "{'descr': '<f8', 'fortran_order': False}",
                "key `shape` is missing",
            ),
            (
                "{'descr': '<f8', 'descr': '<f8'}",
                "key `descr` stands twice",
            ),
            (
                "{'descr': '|O', 'fortran_order': False, 'shape': ()}",
                "element type `|O`",
            ),
            ("{'descr': [('a', '<f8')], 'shape': ()}", "structured"),
            ("{'shape': (-1,)}", "`shape` must be a tuple of sizes"),
            (
                "{'shape': (18446744073709551616,)}",
                "`shape` must be a tuple of sizes",
            ),
            (
                "{'shape': (9223372036854775808,)}",
                "`shape` must be a tuple of sizes",
            ),
            ("{'evil': 1}", "unknown key `evil`"),
            ("{'descr", "a string does not end"),
            ("{'fortran_order': 1}", "must be True or False"),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x",
                "text after",
            ),
            (
                &format!("{{'shape': {nested}"),
                "`shape` must be a tuple of sizes",
            ),
            (
                &format!("{{'shape': ({})}}", "1,".repeat(99)),
                "more than 32 axes",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
