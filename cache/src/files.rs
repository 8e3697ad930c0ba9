//! Reading and writing whole files with the checks that every file of the cache goes
//! through, and the steps at which a test can make the operating system fail.
//!
//! Invariant: bytes are taken only from a regular file of this user that no one else may
//! write to, opened without following a link, into private memory. A file is never seen
//! half written under its final name: it is written under a temporary name in the same
//! folder, synchronised, and renamed.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::codec::LIMIT;
use crate::reason::Damage;

/// Which of the two kinds of file a step is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileKind {
    /// An index, `.nbi`.
    Index,
    /// An object, `.nbc`.
    Object,
}

/// A point at which the file layer asks its hook before it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Before a file is opened for reading.
    Open(FileKind),
    /// Before it is read.
    Read(FileKind),
    /// Before a lock is tried.
    Lock,
    /// Before the folder is made.
    CreateFolder,
    /// Before a temporary is made.
    Create(FileKind),
    /// Before its first byte is written.
    Write(FileKind),
    /// When half of its bytes are written.
    WriteHalf(FileKind),
    /// Before it is synchronised.
    Sync(FileKind),
    /// Before it gets its final name.
    Rename(FileKind),
    /// When all is in place, before the folder is synchronised.
    SyncFolder,
}

impl Step {
    /// Every step of a store, in the order of a first store.
    pub const OF_A_STORE: [Step; 13] = [
        Step::CreateFolder,
        Step::Create(FileKind::Object),
        Step::Write(FileKind::Object),
        Step::WriteHalf(FileKind::Object),
        Step::Sync(FileKind::Object),
        Step::Rename(FileKind::Object),
        Step::Lock,
        Step::Create(FileKind::Index),
        Step::Write(FileKind::Index),
        Step::WriteHalf(FileKind::Index),
        Step::Sync(FileKind::Index),
        Step::Rename(FileKind::Index),
        Step::SyncFolder,
    ];
}

/// Called at every [`Step`]; what it returns is what the operating system is taken to have
/// answered. It may also end the process, which is how a crash at the step is tried.
pub type FileHook = Arc<dyn Fn(Step) -> io::Result<()> + Send + Sync>;

/// Why a file could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ReadFailure {
    Missing,
    Bad(Damage),
    Io(io::ErrorKind),
}

impl From<Damage> for ReadFailure {
    fn from(damage: Damage) -> ReadFailure {
        ReadFailure::Bad(damage)
    }
}

/// What tells one state of a file from another: the file behind a name, its length and its
/// times. Two states that wrongly look alike cost a miss, never a wrong hit, because an
/// entry that was read and checked stays true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The state of what stands at `path`, links not followed.
    pub(crate) fn at(path: &Path) -> io::Result<Stamp> {
        Ok(Stamp::of(&fs::symlink_metadata(path)?))
    }
}

/// A file that passed the checks.
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    kind: FileKind,
    pub(crate) stamp: Stamp,
    /// In bytes; at most [`LIMIT`].
    pub(crate) length: usize,
}

/// The file layer: the effective user, and the hook of the tests.
pub(crate) struct Files {
    hook: Option<FileHook>,
    user: u32,
}

impl Files {
    pub(crate) fn new(hook: Option<FileHook>) -> Files {
        Files {
            hook,
            user: effective_user(),
        }
    }

    /// The effective user id of the process when the cache was opened.
    pub(crate) fn user(&self) -> u32 {
        self.user
    }

    pub(crate) fn step(&self, step: Step) -> io::Result<()> {
        match &self.hook {
            None => Ok(()),
            Some(hook) => hook(step),
        }
    }

    /// Whether the owner and the permissions are those of something only we can change.
    pub(crate) fn trusts(&self, metadata: &Metadata) -> bool {
        metadata.uid() == self.user && metadata.mode() & 0o022 == 0
    }

    /// Opens `path` for reading.
    pub(crate) fn open(&self, path: &Path, kind: FileKind) -> Result<OpenFile, ReadFailure> {
        let io = |error: io::Error| match error.raw_os_error() {
            // What O_NOFOLLOW answers for a link, and opening a socket or a dead device.
            Some(libc::ELOOP | libc::ENXIO | libc::ENODEV) => ReadFailure::Bad(Damage::NotRegular),
            _ if error.kind() == io::ErrorKind::NotFound => ReadFailure::Missing,
            _ => ReadFailure::Io(error.kind()),
        };
        self.step(Step::Open(kind)).map_err(io)?;
        let file = OpenOptions::new()
            .read(true)
            // Without O_NONBLOCK a pipe in place of the file would hold the call for ever.
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(path)
            .map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if !metadata.is_file() {
            return Err(Damage::NotRegular.into());
        }
        if !self.trusts(&metadata) {
            return Err(Damage::Untrusted.into());
        }
        match usize::try_from(metadata.len()) {
            Ok(length) if length <= LIMIT => Ok(OpenFile {
                file,
                kind,
                stamp: Stamp::of(&metadata),
                length,
            }),
            _ => Err(Damage::TooLarge.into()),
        }
    }

    /// Reads exactly `length` bytes from `offset` on.
    pub(crate) fn read(
        &self,
        open: &OpenFile,
        offset: usize,
        length: usize,
    ) -> Result<Vec<u8>, ReadFailure> {
        let io = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => ReadFailure::Bad(Damage::Truncated),
            kind => ReadFailure::Io(kind),
        };
        if offset
            .checked_add(length)
            .is_none_or(|end| end > open.length)
        {
            return Err(Damage::Truncated.into());
        }
        self.step(Step::Read(open.kind)).map_err(io)?;
        let mut bytes = vec![0; length];
        open.file
            .read_exact_at(&mut bytes, offset as u64)
            .map_err(io)?;
        Ok(bytes)
    }

    /// Reads all of `path`.
    pub(crate) fn read_whole(&self, path: &Path, kind: FileKind) -> Result<Vec<u8>, ReadFailure> {
        let open = self.open(path, kind)?;
        self.read(&open, 0, open.length)
    }

    /// Writes `bytes` as `folder/name`, whole or not at all. The folder itself is left to
    /// be synchronised by [`Files::sync_folder`].
    pub(crate) fn write(
        &self,
        folder: &Path,
        name: &str,
        kind: FileKind,
        bytes: &[u8],
    ) -> io::Result<()> {
        self.step(Step::Create(kind))?;
        // Beyond the limit the system would send a signal that ends the process.
        if bytes.len() as u64 > file_size_limit() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let temporary = folder.join(temporary_name());
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW)
            .open(&temporary)?;
        let written = (|| {
            self.step(Step::Write(kind))?;
            let (first, second) = bytes.split_at(bytes.len() / 2);
            file.write_all(first)?;
            self.step(Step::WriteHalf(kind))?;
            file.write_all(second)?;
            self.step(Step::Sync(kind))?;
            file.sync_all()?;
            self.step(Step::Rename(kind))?;
            fs::rename(&temporary, folder.join(name))
        })();
        if written.is_err() {
            // If this fails too, the sweep takes the temporary later.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Makes the names in `folder` last, where the file system knows how to.
    pub(crate) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step(Step::SyncFolder)?;
        match File::open(folder)?.sync_all() {
            // Some network file systems synchronise files only.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            other => other,
        }
    }
}

/// A name that no other process, thread or earlier process with the same id uses.
fn temporary_name() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("tmp-{}-{count}-{:016x}", std::process::id(), random())
}

/// A number that another process is not likely to draw.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[allow(unsafe_code)]
fn effective_user() -> u32 {
    // SAFETY: geteuid takes nothing, cannot fail and touches no memory.
    unsafe { libc::geteuid() }
}

/// The largest file, in bytes, that this process may write.
#[allow(unsafe_code)]
fn file_size_limit() -> u64 {
    let mut limit = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the pointer is to a whole `rlimit` that lives through the call, which writes
    // nothing else.
    match unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) } {
        0 => limit.rlim_cur,
        _ => u64::MAX,
    }
}
