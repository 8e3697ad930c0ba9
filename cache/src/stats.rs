//! Counters of one cache handle, the one log line per reason, the times of one lookup. In
//! memory only.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::reason::{MissReason, StoreFailure};

/// What a cache handle has done so far in this process.
///
/// A cold call counts one miss by text, if it was looked up so, and one by fingerprint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct CacheStats {
    /// Lookups of a function's metadata that found it.
    pub meta_hits: u64,
    /// Lookups of a function's metadata that did not.
    pub meta_misses: u64,
    /// Lookups by text that found code.
    pub text_hits: u64,
    /// Lookups by fingerprint that found code.
    pub fingerprint_hits: u64,
    /// Lookups by text that found none, by [`MissReason::name`].
    pub text_misses: BTreeMap<&'static str, u64>,
    /// Lookups by fingerprint that found none, by [`MissReason::name`].
    pub fingerprint_misses: BTreeMap<&'static str, u64>,
    /// Entries stored.
    pub stores: u64,
    /// Entries not stored, by [`StoreFailure::name`].
    pub store_failures: BTreeMap<&'static str, u64>,
    /// New texts of a known meaning that the index learned.
    pub taught: u64,
    /// Those that it could not learn, by [`StoreFailure::name`].
    pub teach_failures: BTreeMap<&'static str, u64>,
    /// Indexes written without their lock, which was refused or held too long.
    pub unlocked_writes: u64,
    /// Bad files set aside or removed.
    pub set_aside: u64,
    /// Abandoned temporaries and old set-aside files removed.
    pub swept: u64,
    /// Index files read; a lookup that finds the decoded index in memory reads none.
    pub index_reads: u64,
    /// Object files read.
    pub object_reads: u64,
    /// Bytes read, of indexes and objects; also those that a store reads before it writes.
    pub bytes_read: u64,
    /// Objects whose last use was written down; each at most hourly.
    pub touches: u64,
    /// How often the folder was looked through for its size.
    pub size_checks: u64,
    /// Entries removed to keep the cache within its limits.
    pub evicted: u64,
    /// The sizes of the objects of these, in bytes.
    pub evicted_bytes: u64,
    /// Objects removed that no index named.
    pub unnamed_removed: u64,
    /// Files removed that an older format version had left.
    pub old_files_removed: u64,
    /// Lookups that the private folder had nothing for and a layer answered, by what
    /// [`MissReason::name`] calls the folder's reason.
    pub passed_on: BTreeMap<&'static str, u64>,
    /// What the layers gave, in their order. Their hits are counted above too, their misses
    /// only here.
    pub layers: Vec<LayerStats>,
}

/// What one read-only layer gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct LayerStats {
    /// Its path, or `embedded` and its size.
    pub name: String,
    /// Lookups of a function's metadata that found it here.
    pub meta_hits: u64,
    /// Lookups by text that found code here.
    pub text_hits: u64,
    /// Lookups by fingerprint that found code here.
    pub fingerprint_hits: u64,
    /// Lookups by text or fingerprint that came here and found none, by
    /// [`MissReason::name`].
    pub misses: BTreeMap<&'static str, u64>,
}

impl CacheStats {
    /// Lookups by text and by fingerprint that found code.
    pub fn hits(&self) -> u64 {
        self.text_hits + self.fingerprint_hits
    }

    /// Lookups by text and by fingerprint that found none.
    pub fn misses(&self) -> u64 {
        let by_text: u64 = self.text_misses.values().sum();
        let by_fingerprint: u64 = self.fingerprint_misses.values().sum();
        by_text + by_fingerprint
    }
}

/// Where the time of one lookup went. A part that was not done, because the decoded index
/// was in memory, took none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LoadTimes {
    /// Checking the folder, opening and examining index and object.
    pub open: Duration,
    /// Reading both.
    pub read: Duration,
    /// The object's digest.
    pub digest: Duration,
    /// Decoding both, and the index's digest.
    pub decode: Duration,
}

impl LoadTimes {
    /// All of it.
    pub fn total(&self) -> Duration {
        self.open + self.read + self.digest + self.decode
    }
}

/// Which lookup a miss belongs to.
#[derive(Clone, Copy)]
pub(crate) enum Lookup {
    Text,
    Fingerprint,
}

impl Lookup {
    /// `text` or `meaning`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Lookup::Text => "text",
            Lookup::Fingerprint => "meaning",
        }
    }
}

/// A plain counter.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Named {
    text_misses: BTreeMap<&'static str, u64>,
    fingerprint_misses: BTreeMap<&'static str, u64>,
    passed_on: BTreeMap<&'static str, u64>,
    store_failures: BTreeMap<&'static str, u64>,
    teach_failures: BTreeMap<&'static str, u64>,
    logged: BTreeSet<&'static str>,
}

pub(crate) struct Counters {
    pub(crate) meta_hits: Counter,
    pub(crate) meta_misses: Counter,
    pub(crate) text_hits: Counter,
    pub(crate) fingerprint_hits: Counter,
    pub(crate) stores: Counter,
    pub(crate) taught: Counter,
    pub(crate) unlocked_writes: Counter,
    pub(crate) set_aside: Counter,
    pub(crate) swept: Counter,
    pub(crate) index_reads: Counter,
    pub(crate) touches: Counter,
    pub(crate) size_checks: Counter,
    pub(crate) evicted: Counter,
    pub(crate) evicted_bytes: Counter,
    pub(crate) unnamed_removed: Counter,
    pub(crate) old_files_removed: Counter,
    named: Mutex<Named>,
    log: Mutex<fn(&str)>,
}

impl Counters {
    pub(crate) fn new() -> Counters {
        Counters {
            meta_hits: Counter::default(),
            meta_misses: Counter::default(),
            text_hits: Counter::default(),
            fingerprint_hits: Counter::default(),
            stores: Counter::default(),
            taught: Counter::default(),
            unlocked_writes: Counter::default(),
            set_aside: Counter::default(),
            swept: Counter::default(),
            index_reads: Counter::default(),
            touches: Counter::default(),
            size_checks: Counter::default(),
            evicted: Counter::default(),
            evicted_bytes: Counter::default(),
            unnamed_removed: Counter::default(),
            old_files_removed: Counter::default(),
            named: Mutex::default(),
            log: Mutex::new(|line| {
                // A full disk behind stderr is no error of a call.
                let _ = writeln!(std::io::stderr(), "{line}");
            }),
        }
    }

    pub(crate) fn set_log(&self, log: fn(&str)) {
        *lock(&self.log) = log;
    }

    pub(crate) fn miss(&self, lookup: Lookup, reason: MissReason) {
        let mut named = lock(&self.named);
        let table = match lookup {
            Lookup::Text => &mut named.text_misses,
            Lookup::Fingerprint => &mut named.fingerprint_misses,
        };
        *table.entry(reason.name()).or_default() += 1;
    }

    pub(crate) fn passed_on(&self, reason: MissReason) {
        *lock(&self.named)
            .passed_on
            .entry(reason.name())
            .or_default() += 1;
    }

    pub(crate) fn store_failure(&self, failure: StoreFailure) {
        *lock(&self.named)
            .store_failures
            .entry(failure.name())
            .or_default() += 1;
    }

    pub(crate) fn teach_failure(&self, failure: StoreFailure) {
        *lock(&self.named)
            .teach_failures
            .entry(failure.name())
            .or_default() += 1;
    }

    /// Logs `line` unless something was logged under `name` before.
    pub(crate) fn log_once(&self, name: &'static str, line: impl FnOnce() -> String) {
        if lock(&self.named).logged.insert(name) {
            self.log(&line());
        }
    }

    pub(crate) fn log(&self, line: &str) {
        let log = *lock(&self.log);
        log(line);
    }

    pub(crate) fn snapshot(&self) -> CacheStats {
        let named = lock(&self.named);
        CacheStats {
            meta_hits: self.meta_hits.get(),
            meta_misses: self.meta_misses.get(),
            text_hits: self.text_hits.get(),
            fingerprint_hits: self.fingerprint_hits.get(),
            text_misses: named.text_misses.clone(),
            fingerprint_misses: named.fingerprint_misses.clone(),
            stores: self.stores.get(),
            store_failures: named.store_failures.clone(),
            taught: self.taught.get(),
            teach_failures: named.teach_failures.clone(),
            unlocked_writes: self.unlocked_writes.get(),
            set_aside: self.set_aside.get(),
            swept: self.swept.get(),
            index_reads: self.index_reads.get(),
            // The file layer counts these.
            object_reads: 0,
            bytes_read: 0,
            touches: self.touches.get(),
            size_checks: self.size_checks.get(),
            evicted: self.evicted.get(),
            evicted_bytes: self.evicted_bytes.get(),
            unnamed_removed: self.unnamed_removed.get(),
            old_files_removed: self.old_files_removed.get(),
            passed_on: named.passed_on.clone(),
            layers: Vec::new(),
        }
    }
}

/// The guard, also after a panic of another holder: counters and caches stay consistent
/// between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
