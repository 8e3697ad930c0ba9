//! From kernel source to callable code: reads a source, asks the cache, else checks and
//! compiles, links, and hands out [`Specialisation`]s. Knows nothing of arrays:
//! `brolga-ufunc` calls what this package makes.
//!
//! Invariants: nothing is parsed while no byte of a text has changed and the cache has the
//! answer; one specialisation is compiled at most once in a process, and once among
//! processes that share a cache; a cache that fails costs time, never a result.

mod compile;
mod error;
mod events;
mod files;
mod function;
mod global;
mod module;
mod origin;
mod report;
mod runtime;
mod specialisation;
mod statistics;

pub use brolga_cache::{Cache, CacheConfig, Limits, Mode};
pub use brolga_codegen::{Opt, Switches, TargetSpec, Timings};
pub use brolga_link::{CodeMemory, code_memory};
/// The address below which the calling thread's stack must not grow; for kernel contexts.
pub use brolga_nrt::stack_limit;
pub use error::{Error, ErrorKind};
pub use function::Function;
pub use global::{GlobalElement, GlobalValue};
pub use module::Module;
pub use origin::{CacheOutcome, Counters, Origin};
pub use report::{KeptCheck, LoopReport};
pub use runtime::{Runtime, RuntimeBuilder};
pub use specialisation::Specialisation;
pub use statistics::FunctionStatistics;
