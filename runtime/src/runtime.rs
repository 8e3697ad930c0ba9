//! The runtime: what all modules of a program share (cache, target, compiler, pool).

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use brolga_cache::{Cache, CacheConfig, Limits, Mode};
use brolga_codegen::{Compiler, Switches, TargetSpec};
use brolga_parallel::Pool;

use crate::error::{Error, ErrorKind};
use crate::files::Files;
use crate::module::Module;
use crate::origin::{AtomicCounters, Counters};
use crate::statistics::{FunctionStatistics, Registry};

/// Loads kernel sources. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Runtime {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub cache: Cache,
    pub target: TargetSpec,
    /// Why code for the target must not run on this machine; the same for all code.
    pub refusal: Option<Error>,
    pub switches: Switches,
    /// `None` is the process's own pool.
    pub pool: Option<Pool>,
    pub counters: AtomicCounters,
    pub statistics: Registry,
    compiler: OnceLock<Result<Compiler, Error>>,
}

impl Shared {
    /// The compiler, made on first use: a warm start never makes it.
    pub fn compiler(&self) -> Result<&Compiler, Error> {
        self.compiler
            .get_or_init(|| {
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
    cache_config: Option<CacheConfig>,
    cache_dir: Option<PathBuf>,
    mode: Option<Mode>,
    limits: Option<Limits>,
    threads: Option<usize>,
    target: Option<TargetSpec>,
    cpu_name: Option<String>,
    cpu_features: Option<String>,
    /// The machine that runs the code, where tests make one up.
    machine: Option<TargetSpec>,
    switches: Option<Switches>,
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
    /// How large and how old the cache may become; otherwise `$BROLGA_CACHE_MAX_BYTES` and
    /// `$BROLGA_CACHE_MAX_AGE`, otherwise 1 GiB of any age.
    pub fn cache_limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }
    /// The cache's settings as a whole, with its layers and key, in the place of what the
    /// environment says of the cache. [`RuntimeBuilder::cache_dir`],
    /// [`RuntimeBuilder::cache_mode`] and [`RuntimeBuilder::cache_limits`] change them.
    pub fn cache_config(mut self, config: CacheConfig) -> Self {
        self.cache_config = Some(config);
        self
    }
    /// The number of threads for parallel work; otherwise what the machine and its limits
    /// allow. 0 means the same.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = (threads > 0).then_some(threads);
        self
    }
    /// The CPU to compile for by its name, as [`TargetSpec::named`] takes it; otherwise
    /// `$BROLGA_CPU_NAME`, otherwise this machine's. Code for features that this machine
    /// lacks is compiled and stored, but a call of it is refused
    /// ([`ErrorKind::MissingFeatures`]).
    pub fn cpu_name(mut self, name: impl Into<String>) -> Self {
        self.cpu_name = Some(name.into());
        self
    }
    /// Changes of the named CPU's features, such as `+fma,-avx512f`, as
    /// [`TargetSpec::named`] takes them; otherwise `$BROLGA_CPU_FEATURES`, otherwise none.
    pub fn cpu_features(mut self, changes: impl Into<String>) -> Self {
        self.cpu_features = Some(changes.into());
        self
    }
    /// The CPU to compile for, in every detail; then neither [`RuntimeBuilder::cpu_name`],
    /// [`RuntimeBuilder::cpu_features`] nor the environment say anything of it.
    pub fn target(mut self, target: TargetSpec) -> Self {
        self.target = Some(target);
        self
    }
    /// The compiler's switches; otherwise from the environment.
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = Some(switches);
        self
    }
    /// Builds the runtime. Touches no file but the one that `BROLGA_CACHE_KEY_FILE` names and
    /// what stands at the paths in `BROLGA_CACHE_LAYERS`, and starts no thread.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for an environment variable with a value that is not
    /// one of those it accepts, and for the name of a CPU or of a feature that is not known.
    pub fn build(self) -> Result<Runtime, Error> {
        let configuration = |message: String| Error::new(ErrorKind::Configuration, message);
        let mut config = match self.cache_config {
            Some(config) => config,
            None => CacheConfig::from_env().map_err(|e| configuration(e.to_string()))?,
        };
        if let Some(dir) = self.cache_dir {
            config.dir = Some(dir);
        }
        if let Some(mode) = self.mode {
            config.mode = mode;
        }
        if let Some(limits) = self.limits {
            config.limits = limits;
        }
        let switches = match self.switches {
            Some(switches) => switches,
            None => Switches::from_env().map_err(|e| configuration(e.to_string()))?,
        };
        let target = match self.target {
            Some(target) => target,
            None => TargetSpec::from_env(self.cpu_name.as_deref(), self.cpu_features.as_deref())
                .map_err(|e| configuration(e.to_string()))?,
        };
        let machine = self.machine.unwrap_or_else(TargetSpec::host);
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
                refusal: Error::refusal(&target, &machine),
                target,
                switches,
                pool,
                counters: AtomicCounters::default(),
                statistics: Registry::default(),
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

    /// What became of every function that was asked for, by module, source and name: hits
    /// and misses with their reasons, compilations, times. Those of functions that nobody
    /// uses any more are kept too, up to some thousands.
    pub fn statistics(&self) -> Vec<FunctionStatistics> {
        self.shared.statistics.snapshot()
    }

    /// What this runtime did so far.
    pub fn counters(&self) -> Counters {
        self.shared.counters.snapshot()
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use brolga_abi::DType;

    use super::*;

    const KERNEL: &str = "#[vectorize]\nfn f(a: f64, b: f64, c: f64) -> f64 { a.mul_add(b, c) }\n";

    /// A runtime on a made-up machine, without a cache.
    fn runtime(cpu: &str, machine: &TargetSpec) -> Runtime {
        let mut builder = Runtime::builder().cache_mode(Mode::Off).cpu_name(cpu);
        builder.machine = Some(machine.clone());
        builder.build().expect("a runtime")
    }

    #[test]
    fn code_for_features_that_the_machine_lacks_is_made_and_has_no_entry() {
        let machine = TargetSpec::named("x86-64-v2", "").expect("a known level");
        let types: &[DType] = &[];
        for (cpu, missing) in [
            ("x86-64", &[][..]),
            ("x86-64-v2", &[]),
            (
                "x86-64-v3",
                &["avx", "avx2", "bmi1", "bmi2", "fma", "lzcnt"],
            ),
        ] {
            let module = runtime(cpu, &machine).load_str("k", KERNEL);
            let function = module.function("f").expect("the kernel");
            let made = function.specialise(types).expect("compiled code");
            assert!(made.memory_len() > 0);
            match made.entry() {
                Ok(_) => assert!(missing.is_empty(), "{cpu}"),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::MissingFeatures);
                    assert_eq!(error.missing_features(), missing, "{cpu}");
                    let text = error.to_string();
                    assert!(
                        text.contains("`x86-64-v3`") && text.contains("fma"),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn another_architecture_is_refused() {
        let mut machine = TargetSpec::host();
        machine.triple = "aarch64-unknown-linux-gnu".to_string();
        let module = runtime("x86-64", &machine).load_str("k", KERNEL);
        let made = module.function("f").and_then(|f| f.specialise(&[]));
        let error = made.and_then(|made| made.entry()).expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::MissingFeatures);
        assert!(error.to_string().contains("aarch64"), "{error}");
    }

    #[test]
    fn a_target_leaves_no_say_to_names() {
        let builder = || Runtime::builder().cpu_name("z80").cpu_features("+z80");
        let error = builder().build().err().expect("a refusal");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let named = builder().target(TargetSpec::baseline()).build();
        assert_eq!(*named.expect("a runtime").target(), TargetSpec::baseline());
    }
}
