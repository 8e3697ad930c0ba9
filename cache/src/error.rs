//! The error of what a user asked for by name: a setting, a listing, an export. Lookups
//! and stores have none; they have misses and failures (`reason.rs`).

use std::fmt;

/// What kind of thing went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting has a value that is not accepted.
    Setting,
    /// There is no folder to work on, or it is not one that may be trusted.
    Folder,
    /// The mode forbids the operation.
    Mode,
    /// A bundle is damaged, or is not one.
    Bundle,
    /// The operating system refused.
    Io,
}

/// Why a setting, or something that was asked for by name, failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CacheError {
    kind: ErrorKind,
    message: String,
}

impl CacheError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> CacheError {
        CacheError {
            kind,
            message: message.into(),
        }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CacheError {}
