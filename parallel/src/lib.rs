//! Thread pools, splitting and deterministic reductions on rayon.
//!
//! This package decides where work is cut and which thread runs it. It knows nothing of
//! arrays, kernels or compiled code: its callers hand it ranges of numbers and closures.
//!
//! Its invariants:
//!
//! * What a call computes never depends on the number of threads. A reduction's leaves
//!   and the tree that joins them depend on the number of items alone ([`Tree`]).
//! * When pieces fail, the error of the lowest failing piece is returned, and no piece
//!   below it has been skipped.
//! * Small work runs on the calling thread and starts no thread.

mod cpus;
mod error;
mod first_error;
mod pool;
mod reduce;
mod split;

pub use cpus::available_threads;
pub use error::{Error, ErrorKind};
pub use pool::{MAX_THREADS, Pool, PoolBuilder};
pub use reduce::{Leaf, MAX_LEAVES, Tree};
pub use split::{Chunk, Split};
