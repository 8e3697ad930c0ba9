//! One kernel source: its text, parsed only when needed, and its functions.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use brolga_abi::{DType, FunctionMeta, GlobalMeta, TextTables};
use brolga_cache::{FunctionId, TextKey};
use brolga_lang as lang;

use crate::error::{Error, ErrorKind};
use crate::files::Files;
use crate::function::{Function, FunctionShared};
use crate::global::{self, Bindings, GlobalValue};
use crate::origin::count;
use crate::runtime::Runtime;
use crate::specialisation::Specialisation;
use crate::statistics::FunctionStatistics;

/// What one compilation costs, in simple operations: each is worth a task of its own.
const COMPILE_COST: u64 = 1 << 20;

/// A loaded kernel source. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Module {
    shared: Arc<ModuleShared>,
}

/// The functions know the source and not the module, which holds them: a module, its
/// functions and their code go when the last user of each is gone.
struct ModuleShared {
    source: Arc<Source>,
    functions: Mutex<HashMap<String, Arc<FunctionShared>>>,
}

/// A text and what is known of it.
pub(crate) struct Source {
    pub runtime: Runtime,
    /// Names the module in the cache: a file's stem, or the name given with a text.
    pub name: String,
    /// Names the source in messages: the path as the user gave it.
    pub display_name: String,
    pub files: Files,
    pub text_key: TextKey,
    parsed: OnceLock<Result<lang::Module, Error>>,
    parse_time: OnceLock<Duration>,
    /// Whether the statistics of a function have the parse time.
    parse_is_counted: AtomicBool,
    globals: OnceLock<Result<Vec<GlobalMeta>, Error>>,
    /// What the host has bound.
    pub bindings: Arc<Bindings>,
}

impl Source {
    /// The parsed module.
    pub fn parsed(&self) -> Result<&lang::Module, Error> {
        self.parsed
            .get_or_init(|| {
                count(&self.runtime.shared.counters.parsed);
                let files = &self.files.files;
                let start = Instant::now();
                let parsed = match files.as_slice() {
                    [text] if !self.files.on_disk => {
                        lang::Module::parse(&self.display_name, &text.text)
                    }
                    files => lang::Module::parse_files(files),
                };
                self.parse_time.get_or_init(|| start.elapsed());
                parsed.map_err(Error::kernel)
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// How long parsing took; zero where nothing was parsed.
    pub fn parse_time(&self) -> Duration {
        self.parse_time.get().copied().unwrap_or_default()
    }

    /// The same for the first who asks after the parse, zero for all others.
    pub fn take_parse_time(&self) -> Duration {
        match self.parse_time.get() {
            Some(time) if !self.parse_is_counted.swap(true, Ordering::Relaxed) => *time,
            _ => Duration::ZERO,
        }
    }

    /// Makes tables ready for the cache: names files by their paths in the module, which do not
    /// depend on where the module lies.
    pub fn store_names(&self, tables: &mut TextTables) {
        for name in file_names(tables) {
            let files = &self.files.files;
            let known = files.iter().position(|file| file.name == *name);
            *name = match known {
                Some(0) | None => String::new(),
                Some(n) => files[n].path.clone(),
            };
        }
    }

    /// Names the files of tables that came from the cache as messages do.
    pub fn restore_names(&self, tables: &mut TextTables) {
        for name in file_names(tables) {
            let own = |file: &&lang::FileText| file.name == *name || file.path == *name;
            let others = self.files.files.iter().skip(1);
            *name = match others.into_iter().find(own) {
                Some(file) => file.name.clone(),
                None => self.display_name.clone(),
            };
        }
    }

    pub fn function_id(&self, function: &str) -> FunctionId {
        FunctionId {
            module: self.name.clone(),
            function: function.to_string(),
        }
    }
}

/// The names of files in tables.
fn file_names(tables: &mut TextTables) -> impl Iterator<Item = &mut String> {
    let sites = tables.sites.iter_mut().map(|site| &mut site.file);
    let loops = tables.loops.iter_mut();
    sites.chain(loops.map(|looped| &mut looped.place.file))
}

impl Module {
    pub(crate) fn new(runtime: Runtime, name: String, display_name: String, files: Files) -> Self {
        let text_key = files.key();
        Module {
            shared: Arc::new(ModuleShared {
                source: Arc::new(Source {
                    runtime,
                    name,
                    display_name,
                    files,
                    text_key,
                    parsed: OnceLock::new(),
                    parse_time: OnceLock::new(),
                    parse_is_counted: AtomicBool::new(false),
                    globals: OnceLock::new(),
                    bindings: Arc::default(),
                }),
                functions: Mutex::new(HashMap::new()),
            }),
        }
    }

    /// The kernel functions of the source, in its order. Parses it.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] for a source with errors in its syntax, attributes or
    /// signatures.
    pub fn kernels(&self) -> Result<&[FunctionMeta], Error> {
        Ok(self.shared.source.parsed()?.kernels())
    }

    /// Checks the whole source, also what no kernel reaches.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] with every error of the source.
    pub fn check(&self) -> Result<(), Error> {
        self.shared.source.parsed()?.check().map_err(Error::kernel)
    }

    /// The kernel function `name`. Parses the source only if the cache has never seen this
    /// text.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFunction`] with the near names, or [`ErrorKind::Kernel`].
    pub fn function(&self, name: &str) -> Result<Function, Error> {
        let mut functions = self
            .shared
            .functions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = functions.get(name) {
            return Ok(Function::new(shared.clone()));
        }
        let source = &self.shared.source;
        let runtime = &source.runtime.shared;
        let known = runtime.cache.meta(
            &source.function_id(name),
            &source.text_key,
            &brolga_codegen::BUILD_ID,
        );
        let meta = match known {
            Some(meta) => meta,
            None => source
                .parsed()?
                .kernel(name)
                .map_err(|e| Error::new(ErrorKind::UnknownFunction, e.to_string()))?
                .clone(),
        };
        let shared = Arc::new(FunctionShared::new(source.clone(), meta));
        functions.insert(name.to_string(), shared.clone());
        Ok(Function::new(shared))
    }

    /// Several specialisations at once: each a function's name with the types of its type
    /// parameters. What is not there yet is compiled in parallel, on the runtime's pool, and
    /// each only once however often it is asked for, here or by other threads meanwhile. The
    /// results are in the order asked.
    ///
    /// # Errors
    /// Each result has its own: as [`Module::function`] and [`Function::specialise`].
    pub fn compile_all(
        &self,
        wanted: &[(&str, &[DType])],
    ) -> Vec<Result<Arc<Specialisation>, Error>> {
        let made: Vec<OnceLock<_>> = wanted.iter().map(|_| OnceLock::new()).collect();
        let mut first: HashMap<(&str, &[DType]), usize> = HashMap::new();
        for (number, &key) in wanted.iter().enumerate() {
            first.entry(key).or_insert(number);
        }
        let mut distinct: Vec<usize> = first.values().copied().collect();
        distinct.sort_unstable();
        let make = |number: usize| {
            let (name, types) = wanted[number];
            let function = self.function(name);
            function.and_then(|function| function.specialise(types))
        };
        let pool = self.runtime().pool();
        let done = pool.for_chunks(distinct.len() as u64, COMPILE_COST, &|chunk| {
            for place in chunk.begin..chunk.end {
                let number = distinct[place as usize];
                made[number].get_or_init(|| make(number));
            }
            Ok::<(), Infallible>(())
        });
        let Ok(()) = done;
        let result = |key: &(&str, &[DType])| {
            let number = first[key];
            made[number].get_or_init(|| make(number)).clone()
        };
        wanted.iter().map(result).collect()
    }

    /// The globals of the source (its `static`s), in its order, with the values that they
    /// have while none is bound. Parses the source.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] for a source with errors in its syntax, signatures or globals.
    pub fn globals(&self) -> Result<&[GlobalMeta], Error> {
        let source = &self.shared.source;
        source
            .globals
            .get_or_init(|| {
                let globals = source.parsed()?.globals().map_err(Error::kernel)?;
                Ok(globals.iter().map(global::declared).collect())
            })
            .as_deref()
            .map_err(Clone::clone)
    }

    /// Binds the global `name` to a value of exactly its type: a number, a complex number, or
    /// a (nested) array of these. Calls that begin after this see it; nothing is compiled
    /// again. All handles of this module share its bindings.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownGlobal`] with the near names, [`ErrorKind::GlobalType`] for a value
    /// of another type or shape, or [`ErrorKind::Kernel`].
    pub fn bind(&self, name: &str, value: impl Into<GlobalValue>) -> Result<(), Error> {
        self.bind_all([(name, value.into())])
    }

    /// Binds several globals at once: a call sees all of the new values, or none. After an
    /// error none is bound.
    ///
    /// # Errors
    /// As [`Module::bind`].
    pub fn bind_all<'n>(
        &self,
        values: impl IntoIterator<Item = (&'n str, GlobalValue)>,
    ) -> Result<(), Error> {
        let values: Vec<(&str, GlobalValue)> = values.into_iter().collect();
        let known = self.globals()?;
        for (name, value) in &values {
            global::check(known, name, value)?;
        }
        self.shared.source.bindings.bind(values);
        Ok(())
    }

    /// The value that the global `name` has now.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownGlobal`] with the near names, or [`ErrorKind::Kernel`].
    pub fn global(&self, name: &str) -> Result<GlobalValue, Error> {
        let meta = global::find(self.globals()?, name)?;
        Ok(self.shared.source.bindings.value(meta))
    }

    /// What became of the functions that were asked for through this module's handles.
    pub fn statistics(&self) -> Vec<FunctionStatistics> {
        let functions = self.shared.functions.lock();
        let functions = functions.unwrap_or_else(PoisonError::into_inner);
        let mut statistics: Vec<FunctionStatistics> = functions
            .values()
            .map(|function| function.statistics.snapshot())
            .collect();
        statistics.sort_by(|a, b| a.function.cmp(&b.function));
        statistics
    }

    /// The name that messages give to this source.
    pub fn display_name(&self) -> &str {
        &self.shared.source.display_name
    }

    /// The runtime that loaded this source.
    pub fn runtime(&self) -> &Runtime {
        &self.shared.source.runtime
    }
}
