//! The runtime: what all modules of a program share (cache, target, compiler, pool).

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use brolga_cache::{Cache, CacheConfig, Mode};
use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_parallel::Pool;

use crate::error::{Error, ErrorKind};
use crate::files::Files;
use crate::module::Module;
use crate::origin::{AtomicCounters, Counters, count};
use crate::perf_map;

/// Loads kernel sources. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Runtime {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub cache: Cache,
    pub target: TargetSpec,
    pub switches: Switches,
    /// `None` is the process's own pool.
    pub pool: Option<Pool>,
    pub counters: AtomicCounters,
    /// Whether functions are told to `perf`.
    pub perf_map: bool,
    compiler: OnceLock<Result<Compiler, Error>>,
}

impl Shared {
    /// The compiler, made on first use: a warm start never makes it.
    pub fn compiler(&self) -> Result<&Compiler, Error> {
        self.compiler
            .get_or_init(|| {
                count(&self.counters.compilers);
                Compiler::new(&self.target, self.switches.clone())
                    .map_err(|e| Error::new(ErrorKind::Codegen, e.to_string()))
            })
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// Settings of a [`Runtime`]; what is not set comes from the environment.
#[derive(Clone, Debug, Default)]
pub struct RuntimeBuilder {
    cache_dir: Option<PathBuf>,
    mode: Option<Mode>,
    threads: Option<usize>,
    target: Option<TargetSpec>,
    switches: Option<Switches>,
    perf_map: Option<bool>,
}

impl RuntimeBuilder {
    /// The cache's folder; otherwise `$BROLGA_CACHE_DIR`, otherwise `brolga` in the user's
    /// cache folder.
    pub fn cache_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(dir.into());
        self
    }
    /// The cache's mode; otherwise `$BROLGA_CACHE`, otherwise on.
    pub fn cache_mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }
    /// The number of threads for parallel work; otherwise what the machine and its limits
    /// allow. 0 means the same.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = (threads > 0).then_some(threads);
        self
    }
    /// The CPU to compile for; otherwise this machine's. Code for features that this
    /// machine lacks can be compiled but must not be called.
    pub fn target(mut self, target: TargetSpec) -> Self {
        self.target = Some(target);
        self
    }
    /// The compiler's switches; otherwise from the environment.
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = Some(switches);
        self
    }
    /// Whether the addresses of compiled kernels are written to `/tmp/perf-<pid>.map`, so that
    /// `perf report` shows their names; otherwise `$BROLGA_PERF_MAP` is asked, otherwise not.
    pub fn perf_map(mut self, wanted: bool) -> Self {
        self.perf_map = Some(wanted);
        self
    }
    /// Builds the runtime. Touches no file and starts no thread.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for an environment variable with a value that is not
    /// one of those it accepts.
    pub fn build(self) -> Result<Runtime, Error> {
        let configuration = |message: String| Error::new(ErrorKind::Configuration, message);
        let mut config = CacheConfig::from_env().map_err(|e| configuration(e.to_string()))?;
        if let Some(dir) = self.cache_dir {
            config.dir = Some(dir);
        }
        if let Some(mode) = self.mode {
            config.mode = mode;
        }
        let switches = match self.switches {
            Some(switches) => switches,
            None => Switches::from_env().map_err(|e| configuration(e.to_string()))?,
        };
        let perf_map = match self.perf_map {
            Some(wanted) => wanted,
            None => perf_map::asked_by_environment()?,
        };
        let pool = match self.threads {
            Some(threads) => {
                let pool = Pool::builder().threads(threads).build();
                Some(pool.map_err(|e| configuration(e.to_string()))?)
            }
            None => None,
        };
        Ok(Runtime {
            shared: Arc::new(Shared {
                cache: Cache::open(config),
                target: self.target.unwrap_or_else(TargetSpec::host),
                switches,
                pool,
                counters: AtomicCounters::default(),
                perf_map,
                compiler: OnceLock::new(),
            }),
        })
    }
}

impl Runtime {
    /// A runtime with every setting from the environment.
    ///
    /// # Errors
    /// As [`RuntimeBuilder::build`].
    pub fn new() -> Result<Runtime, Error> {
        Runtime::builder().build()
    }

    /// Starts from the environment's settings.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }

    /// Reads a kernel file and those that its `mod name;` ask for, which lie below its folder.
    /// Nothing is parsed before something is asked that the cache does
    /// not know.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] when a file cannot be read, is not UTF-8, or is a link to a place
    /// outside of the folder. A file that does not exist is told when the module is parsed.
    pub fn load_file(&self, path: impl AsRef<Path>) -> Result<Module, Error> {
        let path = path.as_ref();
        let files = Files::read(path)?;
        let stem = path
            .file_stem()
            .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        Ok(Module::new(
            self.clone(),
            stem,
            path.display().to_string(),
            files,
        ))
    }

    /// Takes a kernel source from memory. `name` stands for the file name in messages and
    /// for the module in the cache.
    pub fn load_str(&self, name: &str, text: &str) -> Module {
        Module::new(
            self.clone(),
            name.to_string(),
            name.to_string(),
            Files::of_text(name, text),
        )
    }

    /// Takes the kernels of a module inside a program: `SOURCE` of a module that bears
    /// `#[brolga::kernels]`, which is its name (the module in the cache), the file that it
    /// stands in (for messages, whose lines are those of the file) and its text.
    pub fn load_kernels(&self, (name, file, text): (&str, &str, &str)) -> Module {
        Module::new(
            self.clone(),
            name.to_string(),
            file.to_string(),
            Files::of_text(file, text),
        )
    }

    /// The cache on disk.
    pub fn cache(&self) -> &Cache {
        &self.shared.cache
    }

    /// The pool for parallel work.
    pub fn pool(&self) -> &Pool {
        self.shared.pool.as_ref().unwrap_or_else(|| Pool::global())
    }

    /// What this runtime compiles for.
    pub fn target(&self) -> &TargetSpec {
        &self.shared.target
    }

    /// What this runtime did so far.
    pub fn counters(&self) -> Counters {
        self.shared.counters.snapshot()
    }
}
