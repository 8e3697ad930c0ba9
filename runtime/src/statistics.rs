//! What became of the functions of a runtime: where the code of each came from, why it was
//! not found, and what it cost. In memory only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use brolga_abi::{FunctionMeta, KernelKind, Target};
use brolga_codegen::Timings;

use crate::module::Source;
use crate::specialisation::Specialisation;

/// For how many functions something is kept after their last user is gone.
const KEPT: usize = 4096;

/// What became of one function: sums over all of its specialisations so far, for whichever
/// types, in all modules that this runtime loaded under one name from one place.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct FunctionStatistics {
    /// The module's name, as in the cache.
    pub module: String,
    /// The source, as messages name it.
    pub source: String,
    /// The function.
    pub function: String,
    /// How it is called.
    pub kind: KernelKind,
    /// Whether a call may use several threads.
    pub parallel: bool,
    /// Specialisations made, wherever the code came from.
    pub specialisations: u64,
    /// Those whose code the cache had for this very text: nothing was parsed for them.
    pub text_hits: u64,
    /// Those whose code the cache had for another text of the same meaning.
    pub meaning_hits: u64,
    /// Lookups by text that found no code to use, by the name of the reason.
    pub text_misses: BTreeMap<String, u64>,
    /// The same by meaning, after one by text. Each was compiled.
    pub meaning_misses: BTreeMap<String, u64>,
    /// Specialisations without the cache, which is off or off for this function.
    pub uncached: u64,
    /// Objects compiled.
    pub compilations: u64,
    /// Attempts that ended with an error.
    pub failures: u64,
    /// Parsing the source: counted for the function that needed it first.
    pub parse: Duration,
    /// Checking, specialising and digesting.
    pub check: Duration,
    /// Code generation, by parts.
    pub codegen: Timings,
    /// Looking up, reading and storing cache files, and waiting for who compiles the same.
    pub cache: Duration,
    /// From object bytes to executable memory.
    pub link: Duration,
    /// The memory that the code of all specialisations took when made: whole pages, in bytes.
    pub code_bytes: u64,
}

impl FunctionStatistics {
    fn new(source: &Source, meta: &FunctionMeta) -> FunctionStatistics {
        FunctionStatistics {
            module: source.name.clone(),
            source: source.display_name.clone(),
            function: meta.name.clone(),
            kind: meta.kind.clone(),
            parallel: is_parallel(meta),
            specialisations: 0,
            text_hits: 0,
            meaning_hits: 0,
            text_misses: BTreeMap::new(),
            meaning_misses: BTreeMap::new(),
            uncached: 0,
            compilations: 0,
            failures: 0,
            parse: Duration::ZERO,
            check: Duration::ZERO,
            codegen: Timings::default(),
            cache: Duration::ZERO,
            link: Duration::ZERO,
            code_bytes: 0,
        }
    }

    /// Specialisations whose code the cache had.
    pub fn hits(&self) -> u64 {
        self.text_hits + self.meaning_hits
    }
}

fn is_parallel(meta: &FunctionMeta) -> bool {
    match meta.kind {
        KernelKind::Jit { parallel } => parallel || meta.options.target == Target::Parallel,
        KernelKind::Vectorize | KernelKind::Guvectorize(_) => {
            meta.options.target == Target::Parallel
        }
    }
}

/// Where the code of one specialisation came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    ByText,
    ByMeaning,
    Compiled,
    Uncached,
}

/// What is to be counted of one attempt to specialise.
#[derive(Default)]
pub(crate) struct Attempt {
    /// `None` when it failed first.
    pub found: Option<Found>,
    pub text_miss: Option<String>,
    pub meaning_miss: Option<String>,
    pub compilations: u64,
    pub parse: Duration,
    pub check: Duration,
    pub codegen: Timings,
    pub cache: Duration,
}

/// The statistics of one function, shared by its handles.
pub(crate) struct Record(Mutex<FunctionStatistics>);

impl Record {
    pub fn snapshot(&self) -> FunctionStatistics {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Counts one attempt, and what it made.
    pub fn add(&self, attempt: Attempt, made: Option<&Specialisation>) {
        let Attempt {
            found,
            text_miss,
            meaning_miss,
            compilations,
            parse,
            check,
            codegen,
            cache,
        } = attempt;
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sums = &mut *sums;
        for (reason, misses) in [
            (text_miss, &mut sums.text_misses),
            (meaning_miss, &mut sums.meaning_misses),
        ] {
            if let Some(reason) = reason {
                *misses.entry(reason).or_default() += 1;
            }
        }
        sums.compilations += compilations;
        sums.parse += parse;
        sums.check += check;
        let Timings {
            plan,
            vector,
            clif,
            cranelift,
            object,
        } = codegen;
        sums.codegen.plan += plan;
        sums.codegen.vector += vector;
        sums.codegen.clif += clif;
        sums.codegen.cranelift += cranelift;
        sums.codegen.object += object;
        sums.cache += cache;
        let Some(made) = made else {
            sums.failures += 1;
            return;
        };
        sums.specialisations += 1;
        sums.link += made.origin.link;
        sums.code_bytes += made.memory_len() as u64;
        match found {
            Some(Found::ByText) => sums.text_hits += 1,
            Some(Found::ByMeaning) => sums.meaning_hits += 1,
            Some(Found::Uncached) => sums.uncached += 1,
            Some(Found::Compiled) | None => {}
        }
    }
}

/// Module, source and function.
type Name = (String, String, String);

/// The statistics of all functions of a runtime, by name. Bounded: those of functions that
/// nobody uses any more go when there are too many.
#[derive(Default)]
pub(crate) struct Registry(Mutex<Records>);

#[derive(Default)]
struct Records {
    by_name: BTreeMap<Name, Arc<Record>>,
    /// How many were in use when it was last looked who is.
    in_use: usize,
}

impl Registry {
    /// The record of a function of `source`.
    pub fn record(&self, source: &Source, meta: &FunctionMeta) -> Arc<Record> {
        let name = (
            source.name.clone(),
            source.display_name.clone(),
            meta.name.clone(),
        );
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = records.by_name.get(&name) {
            // An edit may have changed it.
            let mut known = record.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.kind = meta.kind.clone();
            known.parallel = is_parallel(meta);
            drop(known);
            return Arc::clone(record);
        }
        // Seldom enough that looking costs little for each that comes.
        if records.by_name.len() >= KEPT + 2 * records.in_use {
            records
                .by_name
                .retain(|_, record| Arc::strong_count(record) > 1);
            records.in_use = records.by_name.len();
        }
        let record = Arc::new(Record(Mutex::new(FunctionStatistics::new(source, meta))));
        records.by_name.insert(name, Arc::clone(&record));
        record
    }

    pub fn snapshot(&self) -> Vec<FunctionStatistics> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = records.by_name.values();
        all.map(|record| record.snapshot()).collect()
    }
}
