//! The folder of one format version: its trust, the names in it, and what is done about bad
//! and abandoned files.
//!
//! Invariant: nothing is renamed or removed that does not bear one of our own names, and
//! nothing is written before the folder is known to be ours alone.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::files::{Files, Step, Trust, random};

/// The version of the on-disk format. Each has a sub-folder of its own, `v1`, `v2`, ...
pub const FORMAT_VERSION: u32 = 4;

/// A temporary older than this was abandoned: a write takes milliseconds.
const TEMPORARY_AGE: Duration = Duration::from_secs(60 * 60);
/// How long a bad file is kept for whoever wants to look at it.
const SET_ASIDE_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How many bad files are kept.
const SET_ASIDE_COUNT: usize = 64;

/// The longest start of a file name that [`crate::FunctionId::file_stem`] makes, in bytes.
const MAX_STEM: usize = 140;

/// What a name in the folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OwnName {
    Index,
    Object,
    Temporary,
    SetAside,
    Lock,
}

/// What `name` is, or `None` when it is not ours.
pub(crate) fn classify(name: &str) -> Option<OwnName> {
    if let Some(stem) = name.strip_suffix(".nbi") {
        return is_stem(stem).then_some(OwnName::Index);
    }
    if let Some(rest) = name.strip_suffix(".nbc") {
        let (stem, digest) = rest.rsplit_once('.')?;
        return (is_stem(stem) && is_hex(digest, 32)).then_some(OwnName::Object);
    }
    if let Some(rest) = name.strip_suffix(".bad") {
        let plain = match rest.rsplit_once('.') {
            Some((plain, number)) if is_hex(number, 16) => plain,
            _ => rest,
        };
        let kind = classify(plain)?;
        return matches!(kind, OwnName::Index | OwnName::Object).then_some(OwnName::SetAside);
    }
    if let Some(rest) = name.strip_suffix(".lock") {
        let (set, slot) = rest.split_once('-')?;
        return (matches!(set, "compile" | "index") && is_hex(slot, 2)).then_some(OwnName::Lock);
    }
    let mut parts = name.strip_prefix("tmp-")?.split('-');
    let decimal = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let ours = decimal(parts.next()?)
        && decimal(parts.next()?)
        && is_hex(parts.next()?, 16)
        && parts.next().is_none();
    ours.then_some(OwnName::Temporary)
}

fn is_stem(stem: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    stem.len() <= MAX_STEM
        && !stem.starts_with('.')
        && stem.bytes().all(is_safe)
        && stem
            .rsplit_once('-')
            .is_some_and(|(names, identity)| names.contains('.') && is_hex(identity, 16))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Why the folder cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FolderFailure {
    Missing,
    /// With what was found.
    Untrusted(String),
    Io(io::ErrorKind),
}

impl FolderFailure {
    fn of(error: &io::Error) -> FolderFailure {
        match error.kind() {
            io::ErrorKind::NotFound => FolderFailure::Missing,
            kind => FolderFailure::Io(kind),
        }
    }
}

/// The cache's folder, `base`, and in it the one of this format version.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    base: PathBuf,
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(base: PathBuf) -> Folder {
        let path = base.join(format!("v{FORMAT_VERSION}"));
        Folder { base, path }
    }

    /// The folder that the user named.
    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    /// The folder that holds the files.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether both folders are there and ours alone. Done at every use, because a folder
    /// may be replaced or opened to others while the process runs; two calls of `lstat`.
    pub(crate) fn check(&self, files: &Files) -> Result<(), FolderFailure> {
        self.check_with(files, Trust::Own)
    }

    /// Whether both folders are there and pass `trust`.
    pub(crate) fn check_with(&self, files: &Files, trust: Trust) -> Result<(), FolderFailure> {
        let mut metadata =
            fs::symlink_metadata(&self.base).map_err(|error| FolderFailure::of(&error))?;
        if metadata.is_symlink() {
            // A link of our own (or the administrator's) to a roomier disk is fine; one that
            // another user can point elsewhere is not.
            let is_foreign = metadata.uid() != files.user() && metadata.uid() != 0;
            if is_foreign && trust != Trust::Anybody {
                return Err(FolderFailure::Untrusted(format!(
                    "{} is a link of user {}",
                    self.base.display(),
                    metadata.uid()
                )));
            }
            metadata = fs::metadata(&self.base).map_err(|error| FolderFailure::of(&error))?;
        }
        trusted(files, trust, &self.base, &metadata)?;
        let metadata =
            fs::symlink_metadata(&self.path).map_err(|error| FolderFailure::of(&error))?;
        trusted(files, trust, &self.path, &metadata)
    }

    /// [`Folder::check`], after making what is missing.
    pub(crate) fn prepare(&self, files: &Files) -> Result<(), FolderFailure> {
        match self.check(files) {
            Err(FolderFailure::Missing) => {}
            other => return other,
        }
        files
            .step(Step::CreateFolder)
            .and_then(|()| {
                // The base first, and checked before anything is made in it.
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(&self.base)
            })
            .map_err(|error| FolderFailure::Io(error.kind()))?;
        match self.check(files) {
            Err(FolderFailure::Missing) => {}
            other => return other,
        }
        match DirBuilder::new().mode(0o700).create(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(FolderFailure::Io(error.kind()));
            }
            _ => {}
        }
        self.check(files)
    }

    /// Renames the bad file `name`, a file of ours, so that it is not met again. Returns
    /// whether it is gone from its place.
    pub(crate) fn set_aside(&self, name: &str) -> bool {
        let path = self.join(name);
        let kept = self
            .names()
            .filter(|name| classify(name) == Some(OwnName::SetAside))
            .take(SET_ASIDE_COUNT)
            .count();
        if kept == SET_ASIDE_COUNT && fs::remove_file(&path).is_ok() {
            return true;
        }
        // A folder in place of a file cannot go where another stands already.
        fs::rename(&path, self.join(&format!("{name}.bad"))).is_ok()
            || fs::rename(&path, self.join(&format!("{name}.{:016x}.bad", random()))).is_ok()
    }

    /// Removes temporaries and set-aside files past their age; returns how many.
    pub(crate) fn sweep(&self) -> u64 {
        let now = SystemTime::now();
        let mut removed = 0;
        for name in self.names() {
            let age = match classify(&name) {
                Some(OwnName::Temporary) => TEMPORARY_AGE,
                Some(OwnName::SetAside) => SET_ASIDE_AGE,
                Some(OwnName::Index | OwnName::Object | OwnName::Lock) | None => continue,
            };
            let path = self.join(&name);
            let old = fs::symlink_metadata(&path)
                .and_then(|metadata| metadata.modified())
                .is_ok_and(|modified| now.duration_since(modified).is_ok_and(|past| past > age));
            if old && fs::remove_file(&path).is_ok() {
                removed += 1;
            }
        }
        removed
    }

    /// The names in the folder that are UTF-8, which all of ours are; none if it cannot be
    /// read.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> + use<> {
        self.entries()
            .filter_map(|entry| entry.file_name().into_string().ok())
    }

    /// What is in the folder; nothing if it cannot be read.
    pub(crate) fn entries(&self) -> impl Iterator<Item = fs::DirEntry> + use<> {
        let entries = fs::read_dir(&self.path).into_iter().flatten();
        entries.filter_map(Result::ok)
    }
}

fn trusted(
    files: &Files,
    trust: Trust,
    path: &Path,
    metadata: &Metadata,
) -> Result<(), FolderFailure> {
    if !metadata.is_dir() {
        return Err(FolderFailure::Untrusted(format!(
            "{} is not a folder",
            path.display()
        )));
    }
    if !files.accepts(metadata, trust) {
        let (or_root, mode) = match trust {
            Trust::Own | Trust::Anybody => ("", "700"),
            Trust::Shared => (" or root", "755"),
        };
        return Err(FolderFailure::Untrusted(format!(
            "{} belongs to user {} with mode {:03o}, expected user {}{or_root} and no one else able to write (mode {mode})",
            path.display(),
            metadata.uid(),
            metadata.mode() & 0o777,
            files.user()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_ours() {
        let stem = "kernels.relu-0123456789abcdef";
        let object = format!("{stem}.{}.nbc", "0f".repeat(16));
        for (name, expected) in [
            (format!("{stem}.nbi"), Some(OwnName::Index)),
            (object.clone(), Some(OwnName::Object)),
            (format!("{stem}.nbi.bad"), Some(OwnName::SetAside)),
            (format!("{object}.bad"), Some(OwnName::SetAside)),
            (
                format!("{object}.{}.bad", "0".repeat(16)),
                Some(OwnName::SetAside),
            ),
            (
                "tmp-12-0-0123456789abcdef".to_string(),
                Some(OwnName::Temporary),
            ),
            ("compile-3f.lock".to_string(), Some(OwnName::Lock)),
            ("index-00.lock".to_string(), Some(OwnName::Lock)),
            ("notes.nbi".to_string(), None),
            (format!("../{stem}.nbi"), None),
            (format!("a/{object}"), None),
            (format!(".{stem}.nbi"), None),
            (format!("{}.{stem}.nbi", "x".repeat(140)), None),
            ("a.b-0123456789ABCDEF.nbi".to_string(), None),
            (format!("{stem}.nbc"), None),
            ("thing.bad".to_string(), None),
            ("tmp-12-0-0123456789abcdef.bad".to_string(), None),
            ("tmp-12-0123456789abcdef".to_string(), None),
            ("tmp-12-0-0123456789abcdef-".to_string(), None),
            ("tmp-x-0-0123456789abcdef".to_string(), None),
            ("other-00.lock".to_string(), None),
            (String::new(), None),
        ] {
            assert_eq!(classify(&name), expected, "{name}");
        }
    }
}
