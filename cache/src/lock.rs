//! Advisory locks on a fixed set of files that are never deleted: deleting a lock file lets
//! two holders lock two files of one name.
//!
//! Invariant: waiting is bounded, and whoever gets no lock goes on without. Locks save work
//! and keep entries; what is found is right without them.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::files::{Files, Step};
use crate::key::Digest;

/// How many files each set of locks has. Two keys that share a file wait for each other
/// without need; more files are more clutter.
const SLOTS: u8 = 64;

/// What a lock is for. The sets are apart, because a holder of the first takes the second.
#[derive(Clone, Copy)]
pub(crate) enum LockSet {
    /// One compilation per key.
    Compile,
    /// One writer per index.
    Index,
}

impl LockSet {
    pub(crate) fn file_name(self, key: &Digest) -> String {
        let set = match self {
            LockSet::Compile => "compile",
            LockSet::Index => "index",
        };
        format!("{set}-{:02x}.lock", key[0] % SLOTS)
    }
}

/// The right to compile a key, among all threads and processes that use the folder. Given
/// back when dropped, or when the process ends.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct KeyLock {
    _file: File,
}

/// Why there is no lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// Another holder kept it for all of the wait.
    Held,
    /// The file system has no locks, or the file cannot be used.
    Unavailable,
}

/// Takes the lock on `path` within `wait`, else `None`: it is held, or locks are refused.
pub(crate) fn acquire(files: &Files, path: &Path, wait: Duration) -> Option<KeyLock> {
    attempt(files, path, wait).ok()
}

/// [`acquire`], with the reason of a refusal.
pub(crate) fn attempt(files: &Files, path: &Path, wait: Duration) -> Result<KeyLock, Refusal> {
    let start = Instant::now();
    let file = open(files, path).ok_or(Refusal::Unavailable)?;
    let mut pause = Duration::from_micros(200);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(KeyLock { _file: file }),
            Err(TryLockError::Error(_)) => return Err(Refusal::Unavailable),
            Err(TryLockError::WouldBlock) => {}
        }
        let left = wait.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(Refusal::Held);
        }
        // Polled, because a wait inside the kernel cannot be bounded.
        std::thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// The lock's file, made if need be.
fn open(files: &Files, path: &Path) -> Option<File> {
    files.step(Step::Lock).ok()?;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !files.trusts(&metadata) {
        return None;
    }
    Some(file)
}
