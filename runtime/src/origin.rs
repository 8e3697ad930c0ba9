//! Where a specialisation came from and what that cost, and the process's counters of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use brolga_cache::LoadTimes;
use brolga_codegen::Timings;

/// What the cache on disk had to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CacheOutcome {
    /// The object was there.
    Hit,
    /// It was not, for this reason; the kernel was compiled.
    Miss(String),
    /// The cache is off, or off for this function.
    Off,
}

impl CacheOutcome {
    /// `hit`, `miss` or `off`.
    pub fn name(&self) -> &'static str {
        match self {
            CacheOutcome::Hit => "hit",
            CacheOutcome::Miss(_) => "miss",
            CacheOutcome::Off => "off",
        }
    }
}

/// How a specialisation came to be, with the time of each part.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What the cache said.
    pub cache: CacheOutcome,
    /// Parsing the source, once for all of its functions; zero when the cache knew the text.
    pub parse: Duration,
    /// Checking and specialising the function, and digesting the result; zero when the cache
    /// knew the text.
    pub check: Duration,
    /// Code generation; zero on a hit.
    pub codegen: Timings,
    /// Looking up, reading and verifying cache files, and storing on a miss.
    pub cache_io: Duration,
    /// The parts of a hit; zero where the cache had nothing. The index may have been read before,
    /// when the function was looked up by its name.
    pub load: LoadTimes,
    /// From object bytes to executable memory.
    pub link: Duration,
    /// The part of `link` that changes the protection of the memory.
    pub protect: Duration,
}

/// Counts over all specialisations of a runtime.
#[derive(Debug, Default)]
pub(crate) struct AtomicCounters {
    pub parsed: AtomicU64,
    pub checked: AtomicU64,
    pub compiled: AtomicU64,
    pub compilers: AtomicU64,
    pub hits: AtomicU64,
    pub misses: AtomicU64,
}

/// A snapshot of a runtime's counters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Texts parsed.
    pub parsed: u64,
    /// Functions checked and specialised.
    pub checked: u64,
    /// Objects compiled.
    pub compiled: u64,
    /// Compilers made: 1 once something was compiled, 0 while all came from the cache.
    pub compilers: u64,
    /// Specialisations loaded from the cache on disk.
    pub hits: u64,
    /// Specialisations that the cache on disk did not have.
    pub misses: u64,
    /// Objects of this process, of any runtime, that did not get into the map for `perf`
    /// ([`crate::RuntimeBuilder::perf_map`]).
    pub perf_map_failures: u64,
}

impl AtomicCounters {
    pub fn snapshot(&self) -> Counters {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            parsed: get(&self.parsed),
            checked: get(&self.checked),
            compiled: get(&self.compiled),
            compilers: get(&self.compilers),
            hits: get(&self.hits),
            misses: get(&self.misses),
            perf_map_failures: crate::perf_map::failures(),
        }
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
