//! Reading and writing whole files with the checks that every file of the cache goes
//! through, and the steps at which a test can make the operating system fail.
//!
//! Invariant: bytes are taken only from a regular file that passes a [`Trust`], in the private
//! folder one of this user that no one else may write to, opened without following a link,
//! into private memory. A file is never seen
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
use std::time::{Duration, SystemTime};

use crate::codec::LIMIT;
use crate::reason::Damage;
use crate::stats::Counter;

/// How often at most the last use of an object is written down.
const TOUCH_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Which of the two kinds of file a step is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FileKind {
    /// An index, `.nbi`.
    Index,
    /// An object, `.nbc`.
    Object,
    /// A bundle, `.nbb`, or its header and table.
    Bundle,
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
    /// Before the time of the last use of an object is written.
    Touch,
    /// Before a file is removed to keep the cache within its limits.
    Remove(FileKind),
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
    /// Of bytes that never change.
    pub(crate) const CONSTANT: Stamp = Stamp {
        device: 0,
        inode: 0,
        length: 0,
        modified: (0, 0),
        changed: (0, 0),
    };

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

/// Whose files and folders are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trust {
    /// Those of this user that no one else may write to.
    Own,
    /// Those of this user or of root that no one else may write to.
    Shared,
    /// Everybody's: what is in them is believed for its keyed digest, or because the user
    /// named the file.
    Anybody,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// In a file, from this place on.
    File(Arc<File>, u64),
    /// In this program.
    Bytes(&'static [u8]),
}

impl Content {
    /// The same from `start` on.
    pub(crate) fn from(&self, start: u64) -> Content {
        match self {
            Content::File(file, base) => {
                Content::File(Arc::clone(file), base.saturating_add(start))
            }
            Content::Bytes(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                Content::Bytes(bytes.get(start..).unwrap_or_default())
            }
        }
    }

    /// Sets the time of a whole file; returns whether it did.
    fn touch(&self, now: SystemTime) -> bool {
        match self {
            Content::File(file, 0) => file.set_modified(now).is_ok(),
            Content::File(..) | Content::Bytes(_) => false,
        }
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> io::Result<()> {
        match self {
            Content::File(file, start) => {
                file.read_exact_at(into, start.saturating_add(offset as u64))
            }
            Content::Bytes(bytes) => {
                let found = bytes
                    .get(offset..)
                    .and_then(|bytes| bytes.get(..into.len()))
                    .ok_or(io::ErrorKind::UnexpectedEof)?;
                into.copy_from_slice(found);
                Ok(())
            }
        }
    }
}

/// A file that passed the checks, or a part of one.
#[derive(Debug)]
pub(crate) struct OpenFile {
    content: Content,
    kind: FileKind,
    pub(crate) stamp: Stamp,
    /// In bytes; at most [`LIMIT`].
    pub(crate) length: usize,
}

impl OpenFile {
    /// The `length` bytes of `content`, which are at most [`LIMIT`].
    pub(crate) fn of(content: Content, kind: FileKind, stamp: Stamp, length: usize) -> OpenFile {
        OpenFile {
            content,
            kind,
            stamp,
            length: length.min(LIMIT),
        }
    }

    /// When the file was last written or touched, as it was when it was opened.
    fn modified(&self) -> Option<SystemTime> {
        let (seconds, nanos) = self.stamp.modified;
        let since = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
        SystemTime::UNIX_EPOCH.checked_add(since)
    }
}

/// The file layer: the effective user, and the hook of the tests.
pub(crate) struct Files {
    hook: Option<FileHook>,
    user: u32,
    /// Object files read.
    pub(crate) object_reads: Counter,
    /// Bytes read, of indexes and objects.
    pub(crate) bytes_read: Counter,
}

impl Files {
    pub(crate) fn new(hook: Option<FileHook>) -> Files {
        Files {
            hook,
            user: effective_user(),
            object_reads: Counter::default(),
            bytes_read: Counter::default(),
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
        self.accepts(metadata, Trust::Own)
    }

    /// Whether the owner and the permissions pass `trust`.
    pub(crate) fn accepts(&self, metadata: &Metadata, trust: Trust) -> bool {
        let is_closed = metadata.mode() & 0o022 == 0;
        match trust {
            Trust::Own => metadata.uid() == self.user && is_closed,
            Trust::Shared => (metadata.uid() == self.user || metadata.uid() == 0) && is_closed,
            Trust::Anybody => true,
        }
    }

    /// Opens `path`, a file of our own, for reading.
    pub(crate) fn open(&self, path: &Path, kind: FileKind) -> Result<OpenFile, ReadFailure> {
        self.open_with(path, kind, Trust::Own)
    }

    /// Opens `path` for reading, if it passes `trust`.
    pub(crate) fn open_with(
        &self,
        path: &Path,
        kind: FileKind,
        trust: Trust,
    ) -> Result<OpenFile, ReadFailure> {
        let (content, stamp, length) = self.open_any_length(path, kind, trust)?;
        match usize::try_from(length) {
            Ok(length) if length <= LIMIT => Ok(OpenFile::of(content, kind, stamp, length)),
            _ => Err(Damage::TooLarge.into()),
        }
    }

    /// Opens `path` for reading, if it passes `trust`; also tells its length in bytes.
    pub(crate) fn open_any_length(
        &self,
        path: &Path,
        kind: FileKind,
        trust: Trust,
    ) -> Result<(Content, Stamp, u64), ReadFailure> {
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
        if !self.accepts(&metadata, trust) {
            return Err(Damage::Untrusted.into());
        }
        let content = Content::File(Arc::new(file), 0);
        Ok((content, Stamp::of(&metadata), metadata.len()))
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
        open.content.read(offset, &mut bytes).map_err(io)?;
        self.bytes_read.add(length as u64);
        if open.kind == FileKind::Object {
            self.object_reads.add(1);
        }
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
        within_file_size_limit(bytes.len() as u64)?;
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

    /// Writes down that the file was used now, unless that was written within `TOUCH_INTERVAL`.
    /// Returns whether it was written.
    pub(crate) fn touch(&self, open: &OpenFile) -> bool {
        let now = SystemTime::now();
        let recent = open.modified().is_some_and(|last| {
            let apart = now
                .duration_since(last)
                .unwrap_or_else(|ahead| ahead.duration());
            apart < TOUCH_INTERVAL
        });
        // The open file and not its name, which may stand for another file by now.
        !recent && self.step(Step::Touch).is_ok() && open.content.touch(now)
    }

    /// Removes the file `path`, which may be gone already; a link itself and never what it
    /// points to, and no folder.
    pub(crate) fn remove(&self, path: &Path, kind: FileKind) -> io::Result<()> {
        self.step(Step::Remove(kind))?;
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
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
pub(crate) fn temporary_name() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("tmp-{}-{count}-{:016x}", std::process::id(), random())
}

/// A number that another process is not likely to draw.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The effective user of this process.
#[allow(unsafe_code)]
pub(crate) fn effective_user() -> u32 {
    // SAFETY: geteuid takes nothing, cannot fail and touches no memory.
    unsafe { libc::geteuid() }
}

/// Whether this process may write a file of `length` bytes: beyond its limit of file sizes
/// (`RLIMIT_FSIZE`) the system sends a signal that ends the process.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] beyond the limit.
#[allow(unsafe_code)]
pub fn within_file_size_limit(length: u64) -> io::Result<()> {
    let mut limit = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the pointer is to a whole `rlimit` that lives through the call, which writes
    // nothing else.
    let told = unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) };
    if told == 0 && length > limit.rlim_cur {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(())
}
