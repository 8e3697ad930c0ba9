//! The on-disk cache of compiled kernels: index and object files.
//!
//! A [`Cache`] finds the object of a kernel function by the text it was compiled from
//! ([`Cache::find_by_text`], nothing is parsed) or by what the text means
//! ([`Cache::find_by_fingerprint`]), and keeps new ones ([`Cache::store`]). It knows bytes
//! and keys: not the kernel language, not how an object is linked.
//!
//! Invariant: what is found is exactly what was stored under the whole key, or it is a
//! counted miss. No state of the disk (a crash, a race, a damaged or foreign file, a missing
//! or full or read-only folder) is an error of the caller. The byte layouts stand in
//! `index.rs` and `object.rs`, and with the guarantees in `docs/cache.md`.
//!
//! Nothing is counted across processes: a counter on disk would put a write on the path of
//! every hit. [`Cache::stats`] counts what this handle did, [`Cache::list`] and
//! [`Cache::usage`] tell what the folder holds.

#![deny(unsafe_code)]

// The support module of the tests names this package from outside.
#[cfg(test)]
extern crate self as brolga_cache;

mod bundle;
mod bundle_export;
mod bundle_import;
mod bundle_moves;
mod cache;
mod codec;
mod config;
mod error;
mod events;
mod files;
mod find;
mod folder;
#[doc(hidden)]
pub mod fuzzing;
mod index;
mod key;
mod keyed;
mod layer;
mod limits;
mod lock;
mod maintain;
mod memory;
mod object;
mod old_versions;
mod place;
mod prune;
mod reason;
mod stats;
mod store;
mod verify;

pub use bundle_moves::{Exported, Imported, Selection, Skipped};
pub use cache::{Cache, Hit};
pub use config::{CacheConfig, Mode};
pub use error::{CacheError, ErrorKind};
pub use files::{FileHook, FileKind, Step, within_file_size_limit};
pub use folder::FORMAT_VERSION;
pub use key::{FunctionId, ObjectInfo, Request, TargetKey, TextKey};
pub use keyed::CacheKey;
pub use layer::{Layer, LayerSource};
pub use limits::Limits;
pub use lock::KeyLock;
pub use maintain::{Cleared, ListedFunction, ListedOverload, Usage};
pub use prune::Pruned;
pub use reason::{Damage, Miss, MissReason, StoreFailure};
pub use stats::{CacheStats, LoadTimes};
pub use verify::{BadFile, UnnamedObject, Verified};
