//! The way from a request to a specialisation: by text, then by fingerprint, then by the
//! compiler.

use std::time::{Duration, Instant};

use brolga_abi::{DType, Entry, KernelFn, TextTables, layout_hash};
use brolga_cache::{Hit, LoadTimes, Miss, ObjectInfo, Request};
use brolga_codegen::Timings;
use brolga_lang::ir::Program;
use brolga_lang::{SpecialiseError, fingerprint, tables};

use crate::error::{Error, ErrorKind};
use crate::events;
use crate::export;
use crate::function::FunctionShared;
use crate::global::{self, Globals};
use crate::origin::{CacheOutcome, Origin, count};
use crate::perf_map;
use crate::report;
use crate::specialisation::Specialisation;
use crate::statistics::{Attempt, Found};

/// The reason of a miss whose object was sound and could not be linked.
const LINK_REFUSED: &str = "link-refused";
/// How long to wait for another process that compiles the same kernel.
const COMPILE_WAIT: Duration = Duration::from_secs(30);
/// How long to wait before looking whether the kernel is there: keys share locks, so it may be
/// there while somebody compiles another.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Checks and specialises the kernel.
pub(crate) fn program(function: &FunctionShared, types: &[DType]) -> Result<Program, Error> {
    let module = function.source.parsed()?;
    count(&function.source.runtime.shared.counters.checked);
    module
        .specialise(&function.meta.name, types)
        .map_err(|e| match e {
            SpecialiseError::Diagnostics(diagnostics) => Error::kernel(diagnostics),
            SpecialiseError::Unknown(unknown) => {
                Error::new(ErrorKind::UnknownFunction, unknown.to_string())
            }
            other => Error::new(ErrorKind::Types, other.to_string()),
        })
}

/// Finds or makes the specialisation, and counts it.
pub(crate) fn specialise(
    function: &FunctionShared,
    types: &[DType],
) -> Result<Specialisation, Error> {
    let mut job = Job::new(function, types);
    let made = job.run();
    let Job {
        origin, attempt, ..
    } = job;
    if let Ok(made) = &made {
        events::made(function, attempt.found, made);
    }
    let attempt = Attempt {
        parse: function.source.take_parse_time(),
        check: origin.check,
        codegen: origin.codegen,
        cache: origin.cache_io,
        ..attempt
    };
    function.statistics.add(attempt, made.as_ref().ok());
    made
}

/// A compiled kernel that is not linked.
pub(crate) struct Code {
    pub info: ObjectInfo,
    pub object: Vec<u8>,
    pub tables: TextTables,
}

/// Finds or makes the object of a specialisation; stores nothing.
pub(crate) fn code(function: &FunctionShared, types: &[DType]) -> Result<Code, Error> {
    let source = &function.source;
    if let Some(request) = request(function, types) {
        let id = source.function_id(&function.meta.name);
        let cache = &source.runtime.shared.cache;
        if let Ok(hit) = cache.find_by_text(&id, &source.text_key, &request) {
            let mut tables = hit.tables;
            source.restore_names(&mut tables);
            return Ok(Code {
                info: hit.info,
                object: hit.object,
                tables,
            });
        }
    }
    Job::new(function, types).code()
}

/// What the cache is asked for; `None` where there is no cache for the function.
fn request(function: &FunctionShared, types: &[DType]) -> Option<Request> {
    let runtime = &function.source.runtime.shared;
    if !function.meta.options.cache || runtime.cache.mode() == brolga_cache::Mode::Off {
        return None;
    }
    Some(Request {
        types: types.to_vec(),
        options: runtime.switches.key_bytes(),
        target: brolga_cache::TargetKey {
            triple: runtime.target.triple.clone(),
            cpu: runtime.target.cpu.clone(),
            features: runtime.target.features.clone(),
        },
        build_id: brolga_codegen::BUILD_ID,
        abi_hash: layout_hash(),
    })
}

/// What of a program belongs to its text alone.
fn tables_of(program: &Program) -> TextTables {
    TextTables {
        sites: program.sites.0.clone(),
        subjects: tables::subjects(program),
        loops: tables::loop_places(program),
        globals: program.globals.iter().map(global::meta).collect(),
    }
}

struct Job<'a> {
    function: &'a FunctionShared,
    types: &'a [DType],
    origin: Origin,
    attempt: Attempt,
}

impl<'a> Job<'a> {
    fn new(function: &'a FunctionShared, types: &'a [DType]) -> Job<'a> {
        Job {
            function,
            types,
            origin: Origin {
                cache: CacheOutcome::Off,
                parse: Duration::ZERO,
                check: Duration::ZERO,
                codegen: Timings::default(),
                cache_io: Duration::ZERO,
                load: LoadTimes::default(),
                link: Duration::ZERO,
                protect: Duration::ZERO,
            },
            attempt: Attempt::default(),
        }
    }

    fn run(&mut self) -> Result<Specialisation, Error> {
        if let Some(request) = request(self.function, self.types) {
            return self.with_cache(&request);
        }
        self.attempt.found = Some(Found::Uncached);
        let Code {
            info,
            object,
            tables,
        } = self.code()?;
        self.link(CacheOutcome::Off, &object, info, tables)
    }

    /// Checks and compiles.
    fn code(&mut self) -> Result<Code, Error> {
        let program = self.front_end()?;
        let (info, object) = self.codegen(&program)?;
        let tables = tables_of(&program);
        Ok(Code {
            info,
            object,
            tables,
        })
    }

    fn with_cache(&mut self, request: &Request) -> Result<Specialisation, Error> {
        let source = &self.function.source;
        let cache = &source.runtime.shared.cache;
        let id = source.function_id(&self.function.meta.name);
        let text = &source.text_key;

        let found = self.timed_io(|| cache.find_by_text(&id, text, request));
        let by_text = match found {
            Ok(hit) => match self.try_hit(hit, Found::ByText) {
                Some(done) => return Ok(done),
                None => LINK_REFUSED.to_string(),
            },
            Err(miss) => miss.reason.name().to_string(),
        };
        self.attempt.text_miss = Some(by_text.clone());

        let program = self.front_end()?;
        let start = Instant::now();
        let print = fingerprint(&program);
        let mut tables = tables_of(&program);
        source.store_names(&mut tables);
        self.origin.check += start.elapsed();
        let meta = &self.function.meta;
        let find = |cache: &brolga_cache::Cache| {
            cache.find_by_fingerprint(&id, text, request, &print, meta, &tables)
        };
        let mut reason = by_text;
        if let Some(done) = self.try_find(&find, &mut reason) {
            return Ok(done);
        }
        // Somebody may be compiling the same kernel: wait for him and look again. Whoever gets
        // no lock looks once more too, since the kernel may have come while he waited.
        let start = Instant::now();
        let lock = loop {
            let waited = Instant::now();
            let lock = self.timed_io(|| cache.lock(&id, request, LOOK_AGAIN));
            // Refused and not held: there is nothing to wait for.
            let refused = lock.is_none() && waited.elapsed() < LOOK_AGAIN;
            if let Some(done) = self.try_find(&find, &mut reason) {
                return Ok(done);
            }
            if lock.is_some() || refused || start.elapsed() >= COMPILE_WAIT {
                break lock;
            }
        };
        self.attempt.meaning_miss = Some(reason.clone());
        self.attempt.found = Some(Found::Compiled);
        let (info, object) = self.codegen(&program)?;
        self.timed_io(|| {
            // A failure is counted and reported by the cache; the call goes on.
            let _ = cache.store(&id, text, request, &print, meta, &tables, &info, &object);
        });
        drop(lock);
        count(&source.runtime.shared.counters.misses);
        self.link(CacheOutcome::Miss(reason), &object, info, tables)
    }

    fn try_find(
        &mut self,
        find: &impl Fn(&brolga_cache::Cache) -> Result<Hit, Miss>,
        reason: &mut String,
    ) -> Option<Specialisation> {
        let cache = &self.function.source.runtime.shared.cache;
        match self.timed_io(|| find(cache)) {
            Ok(hit) => {
                let done = self.try_hit(hit, Found::ByMeaning);
                if done.is_none() {
                    *reason = LINK_REFUSED.to_string();
                }
                done
            }
            Err(miss) => {
                *reason = miss.reason.name().to_string();
                None
            }
        }
    }

    /// Links a hit. An object that was verified and still cannot be linked is a miss like
    /// any other: what this build of the linker refuses is compiled anew.
    fn try_hit(&mut self, hit: Hit, found: Found) -> Option<Specialisation> {
        self.origin.load = hit.times;
        let linked = self.link(CacheOutcome::Hit, &hit.object, hit.info, hit.tables);
        let done = linked
            .map_err(|error| events::link_refused(self.function, &error))
            .ok()?;
        self.attempt.found = Some(found);
        count(&self.function.source.runtime.shared.counters.hits);
        Some(done)
    }

    fn timed_io<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.origin.cache_io += start.elapsed();
        result
    }

    fn front_end(&mut self) -> Result<Program, Error> {
        let source = &self.function.source;
        source.parsed()?;
        self.origin.parse = source.parse_time();
        let start = Instant::now();
        let program = program(self.function, self.types);
        self.origin.check += start.elapsed();
        program
    }

    /// The object's description, and the object.
    fn codegen(&mut self, program: &Program) -> Result<(ObjectInfo, Vec<u8>), Error> {
        let runtime = &self.function.source.runtime.shared;
        count(&runtime.counters.compiled);
        self.attempt.compilations += 1;
        let function = self.function;
        let name = export::code_name(&function.source.name, &function.meta, self.types);
        let (object, timings) = runtime
            .compiler()?
            .compile_timed(program, &name)
            .map_err(|e| Error::new(ErrorKind::Codegen, e.to_string()))?;
        self.origin.codegen = timings;
        let brolga_codegen::Object {
            elf,
            entry_symbol,
            imports,
            can_fail,
            cost,
            report: _,
            loops,
        } = object;
        let info = ObjectInfo {
            entry_symbol,
            imports,
            can_fail,
            cost,
            loops,
        };
        Ok((info, elf))
    }

    fn link(
        &self,
        cache: CacheOutcome,
        object: &[u8],
        info: ObjectInfo,
        tables: TextTables,
    ) -> Result<Specialisation, Error> {
        let start = Instant::now();
        let code = brolga_link::link(object, &info.entry_symbol, &brolga_nrt::address)
            .map_err(|e| Error::new(ErrorKind::Link, e.to_string()))?;
        // SAFETY: the object was made by this build's code generator for the kernel ABI (the
        // build id and the ABI's layout hash are part of the key, the digest was checked),
        // and the linker resolved the entry symbol inside of its code.
        let function = unsafe { std::mem::transmute::<*const u8, KernelFn>(code.entry()) };
        let link = start.elapsed();
        let source = &self.function.source;
        if source.runtime.shared.perf_map {
            let name = export::full_name(&source.name, &self.function.meta, self.types);
            perf_map::add(object, &info.entry_symbol, code.entry(), &name);
        }
        // The table may have been made when the same text had another name.
        let mut tables = tables;
        self.function.source.restore_names(&mut tables);
        let TextTables {
            sites,
            subjects,
            loops: places,
            globals,
        } = tables;
        let loops = report::resolve(&info.loops, &places, &sites, &subjects);
        let variables: Vec<String> = places.into_iter().map(|place| place.variable).collect();
        Ok(Specialisation {
            entry: Entry {
                function,
                can_fail: info.can_fail,
                cost: info.cost.max(1),
            },
            refusal: self.function.source.runtime.shared.refusal.clone(),
            types: self.types.to_vec(),
            sites,
            globals: Globals::of(globals, &self.function.source.bindings)?,
            report: brolga_abi::sentences(&info.loops, &variables),
            loops,
            origin: Origin {
                cache,
                link,
                protect: code.protect_time(),
                ..self.origin.clone()
            },
            code,
        })
    }
}
