//! The key of a keyed digest, and the digests of index and object files with and without
//! one.
//!
//! A plain digest shows damage. A keyed one shows also who made the file: only somebody who
//! has the key can have.
//!
//! Invariant: the bytes of a key are in no message, no `Debug` output and no file of the
//! cache; digests are compared in constant time.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::codec;
use crate::error::{CacheError, ErrorKind};
use crate::files::effective_user;
use crate::key::Digest;
use crate::reason::Damage;

/// What is read of a key file at most, in bytes: far more than a key has.
const KEY_FILE_LIMIT: u64 = 1024;

/// The secret of a keyed digest, 32 bytes.
#[derive(Clone)]
pub struct CacheKey {
    bytes: [u8; 32],
    number: u32,
}

impl CacheKey {
    /// The key with these bytes, which should be random.
    pub fn new(bytes: [u8; 32]) -> CacheKey {
        let derived = blake3::derive_key("brolga cache: the number of a key", &bytes);
        let number = codec::u32_at(&derived, 0).unwrap_or(1).max(1);
        CacheKey { bytes, number }
    }

    /// The key in the file at `path`: 64 hexadecimal digits, and white space around them.
    ///
    /// # Errors
    /// When it cannot be read, when it is not a regular file, when the group or others may
    /// write to it, or when something else is in it. The message says what is expected and
    /// nothing of what was found.
    pub fn from_file(path: &Path) -> Result<CacheKey, CacheError> {
        let wrong = |found: &str| {
            CacheError::new(
                ErrorKind::Setting,
                format!(
                    "the key file {} {found}: expected a file of 64 hexadecimal digits that only its owner may write to",
                    path.display()
                ),
            )
        };
        let io = |error: std::io::Error| wrong(&format!("cannot be read ({error})"));
        let file = OpenOptions::new()
            .read(true)
            // A pipe without a writer must not hold the process for ever.
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(path)
            .map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if !metadata.is_file() {
            return Err(wrong("is not a regular file"));
        }
        if ![0, effective_user()].contains(&metadata.uid()) {
            return Err(wrong("belongs to another user"));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(wrong("is writable by its group or by others"));
        }
        let mut text = Vec::new();
        file.take(KEY_FILE_LIMIT)
            .read_to_end(&mut text)
            .map_err(io)?;
        let digits = text.trim_ascii();
        if digits.len() != 64 {
            return Err(wrong("has another length"));
        }
        // Also takes capital letters.
        match blake3::Hash::from_hex(digits) {
            Ok(key) => Ok(CacheKey::new(key.into())),
            Err(_) => Err(wrong("has other characters")),
        }
    }
}

impl PartialEq for CacheKey {
    fn eq(&self, other: &CacheKey) -> bool {
        same(&self.bytes, &other.bytes)
    }
}

impl Eq for CacheKey {}

impl std::fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CacheKey(hidden)")
    }
}

/// What the header of a file says about its digest: zero for a plain one, otherwise the
/// number of the key. Two keys have one number once in four thousand million; the digest
/// tells them apart then.
pub(crate) fn number(key: Option<&CacheKey>) -> u32 {
    key.map_or(0, |key| key.number)
}

/// Whether a file with this `found` number is to be read with `key`.
pub(crate) fn check(found: u32, key: Option<&CacheKey>) -> Result<(), Damage> {
    match key {
        _ if found == number(key) => Ok(()),
        None => Err(Damage::Keyed),
        Some(_) if found == 0 => Err(Damage::NotKeyed),
        Some(_) => Err(Damage::OtherKey),
    }
}

/// What makes the digests of files.
pub(crate) fn hasher(key: Option<&CacheKey>) -> blake3::Hasher {
    match key {
        None => blake3::Hasher::new(),
        Some(key) => blake3::Hasher::new_keyed(&key.bytes),
    }
}

/// Whether two digests are the same, in constant time.
pub(crate) fn same(a: &Digest, b: &Digest) -> bool {
    blake3::Hash::from_bytes(*a) == blake3::Hash::from_bytes(*b)
}
