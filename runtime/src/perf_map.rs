//! A map of the addresses of compiled kernels for Linux's `perf`: `/tmp/perf-<pid>.map`, one line
//! for each function, `<address> <size> <name>`, address and size in bytes, in hexadecimal
//! without a prefix. Written only where it was asked for.
//!
//! Invariant: lines are added only to a regular file of this user, without a second name, that
//! no one else may write to, and that was opened without following a link. Whatever goes wrong
//! is counted and told once; no call fails for it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use brolga_cache::within_file_size_limit;
use object::elf::FileHeader64;
use object::read::elf::ElfFile;
use object::{LittleEndian, Object as _, ObjectSymbol as _, SymbolKind};

use crate::error::{Error, ErrorKind};

/// The switch.
const VARIABLE: &str = "BROLGA_PERF_MAP";

/// The map of this process, and which process that is: a fork begins a map of its own.
static MAP: Mutex<Option<(u32, File)>> = Mutex::new(None);
static FAILURES: AtomicU64 = AtomicU64::new(0);
static WARNED: Once = Once::new();

/// Whether `BROLGA_PERF_MAP` asks for a map; unset and empty do not.
pub(crate) fn asked(variable: Option<OsString>) -> Result<bool, Error> {
    match variable.as_deref().map(|value| value.to_string_lossy()) {
        None => Ok(false),
        Some(value) => match value.as_ref() {
            "" | "0" => Ok(false),
            "1" => Ok(true),
            other => Err(Error::new(
                ErrorKind::Configuration,
                format!("{VARIABLE}: `{other}` is not known: expected 1 or 0"),
            )),
        },
    }
}

/// [`asked`] of this process's environment.
pub(crate) fn asked_by_environment() -> Result<bool, Error> {
    asked(std::env::var_os(VARIABLE))
}

/// How many objects of this process did not get into the map.
pub(crate) fn failures() -> u64 {
    FAILURES.load(Ordering::Relaxed)
}

/// Adds the functions of a linked object. `entry` is where the function `entry_symbol` is in
/// memory; `name` is the kernel's.
pub(crate) fn add(object: &[u8], entry_symbol: &str, entry: *const u8, name: &str) {
    let path = PathBuf::from(format!("/tmp/perf-{}.map", std::process::id()));
    let Some(lines) = lines(object, entry_symbol, entry.addr() as u64, name) else {
        return failed(&path, &io::Error::other("the object cannot be read"));
    };
    let mut map = MAP.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    let file = match &mut *map {
        Some((owner, file)) if *owner == process => file,
        other => match open(&path) {
            Ok(file) => &mut other.insert((process, file)).1,
            Err(error) => return failed(&path, &error),
        },
    };
    if let Err(error) = append(file, lines.as_bytes()) {
        failed(&path, &error);
    }
}

fn append(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let length = file.metadata()?.len();
    within_file_size_limit(length.saturating_add(bytes.len() as u64))?;
    file.write_all(bytes)
}

fn failed(path: &Path, error: &io::Error) {
    FAILURES.fetch_add(1, Ordering::Relaxed);
    WARNED.call_once(|| {
        // A full disk behind stderr is no error of a call.
        let _ = writeln!(
            io::stderr(),
            "brolga: perf map: {}: {error}",
            path.display()
        );
    });
}

/// One line for each function of the section of code that the entry point stands in.
fn lines(object: &[u8], entry_symbol: &str, entry: u64, name: &str) -> Option<String> {
    let file = ElfFile::<FileHeader64<LittleEndian>>::parse(object).ok()?;
    let functions = || file.symbols().filter(|s| s.kind() == SymbolKind::Text);
    let own = functions().find(|s| s.name() == Ok(entry_symbol))?;
    let mut found: Vec<(u64, u64, String)> = functions()
        .filter(|symbol| symbol.section_index() == own.section_index() && symbol.size() > 0)
        .filter_map(|symbol| {
            let address = entry.checked_add(symbol.address())?;
            let address = address.checked_sub(own.address())?;
            let shown = match symbol.name().ok()? {
                inner if inner == entry_symbol => format!("brolga::{name}"),
                inner => format!("brolga::{name}::{inner}"),
            };
            Some((address, symbol.size(), shown))
        })
        .collect();
    found.sort();
    let mut text = String::new();
    for (address, size, shown) in found {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{address:x} {size:x} {shown}");
    }
    Some(text)
}

/// The file at `path`, made for this user alone if there is none, to add to.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options
        .append(true)
        .mode(0o600)
        // Without O_NONBLOCK a pipe in place of the file would hold the call for ever.
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    // Of another part of this process, or left by an earlier process of this number.
    let file = options.open(path)?;
    if is_ours(&file.metadata()?)? {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "not a file of this user alone",
        ))
    }
}

fn is_ours(found: &Metadata) -> io::Result<bool> {
    // The kernel gives a process's folder the effective user of the process, or root where the
    // process is protected: then only a file of root's is taken.
    let user = std::fs::metadata("/proc/self")?.uid();
    Ok(found.is_file()
        && found.uid() == user
        && found.nlink() == 1
        && found.mode() & 0o7777 == 0o600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("brolga-perf-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn a_new_map_is_the_users_alone_and_is_added_to() {
        let folder = folder("new");
        let path = folder.join("perf-1.map");
        for line in ["one\n", "two\n"] {
            let mut file = open(&path).expect("a file");
            file.write_all(line.as_bytes()).expect("a line");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("text"), "one\ntwo\n");
        let mode = std::fs::metadata(&path).expect("metadata").mode();
        assert_eq!(mode & 0o7777, 0o600);
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }

    #[test]
    fn what_is_not_a_file_of_ours_alone_is_refused_and_not_changed() {
        let folder = folder("refused");
        let path = folder.join("perf-1.map");
        let target = folder.join("target");
        let refused = |what: &str| {
            assert!(open(&path).is_err(), "{what}");
            std::fs::remove_file(&path).expect("it is still there");
        };
        symlink(&target, &path).expect("a link");
        refused("a link to nothing");
        assert!(!target.exists());

        std::fs::write(&target, "mine").expect("a file");
        symlink(&target, &path).expect("a link");
        refused("a link");

        std::fs::hard_link(&target, &path).expect("a second name");
        std::fs::set_permissions(&target, PermissionsExt::from_mode(0o600)).expect("a mode");
        refused("a second name");
        assert_eq!(std::fs::read_to_string(&target).expect("text"), "mine");

        std::fs::write(&path, "").expect("a file");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o622)).expect("a mode");
        refused("a file that others may write to");

        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        refused("a pipe");

        std::fs::create_dir(&path).expect("a folder");
        assert!(open(&path).is_err(), "a folder");
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }

    #[test]
    fn the_variable_says_yes_or_no_and_nothing_else() {
        let said = |value: &str| asked(Some(value.into()));
        assert!(said("1").expect("yes"));
        assert!(!said("0").expect("no") && !said("").expect("no"));
        assert!(!asked(None).expect("no"));
        let error = said("yes").expect_err("an error").to_string();
        assert_eq!(
            error,
            "BROLGA_PERF_MAP: `yes` is not known: expected 1 or 0"
        );
    }
}
