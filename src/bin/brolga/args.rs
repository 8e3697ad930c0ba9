//! The arguments of the command line, as clap parses them.

use std::path::PathBuf;

use brolga::{DType, Mode, Runtime, RuntimeBuilder, Target, TargetSpec};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::cache::CacheArgs;
use crate::failure::Failure;

/// A just-in-time runtime for numeric array kernels written in Rust.
#[derive(Parser)]
#[command(version, about)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// The minus sign, which no option begins with.
pub const MINUS: char = '\u{2212}';

impl Args {
    /// The arguments of this process; usage errors and help end it.
    pub fn of_process() -> Args {
        Args::parse_from(std::env::args_os().map(|arg| match arg.into_string() {
            Ok(text) => protect(text).into(),
            Err(bytes) => bytes,
        }))
    }
}

/// Writes a negative number such as `-3i64` with a real minus sign, so that clap does not
/// take it for an option. (clap's own rule knows numbers without a suffix alone.)
fn protect(text: String) -> String {
    let rest = text.strip_prefix('-');
    match rest {
        Some(number)
            if number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                || ["inf", "nan", "NaN"]
                    .iter()
                    .any(|word| number.starts_with(word))
                || ["i", "j"].contains(&number) =>
        {
            format!("{MINUS}{number}")
        }
        _ => text,
    }
}

#[derive(Subcommand)]
pub enum Command {
    /// Run a kernel over .npy files and numbers
    Run(Run),
    /// Check a whole kernel file and report every error in it
    Check(Check),
    /// Show what the compiler makes of a kernel
    Inspect(Inspect),
    /// Compile kernels into the cache, ahead of the programs that call them
    Warm(Warm),
    /// Look after the cache of compiled kernels
    Cache(CacheArgs),
}

#[derive(ClapArgs)]
pub struct Run {
    /// The kernel file and the function in it
    #[arg(value_name = "FILE::FUNCTION")]
    pub kernel: KernelPath,
    /// .npy files, or numbers such as 2.5, -3, 3i64, 1+2j, true; a number without a suffix
    /// takes the parameter's type
    #[arg(value_name = "OPERAND")]
    pub operands: Vec<String>,
    /// Write an output to this .npy file; the n-th -o takes the n-th output
    #[arg(short, long = "output", value_name = "OUT.npy")]
    pub output: Vec<PathBuf>,
    /// Bind a global (a `static`) to a value, such as SLOPE=0.5 or TABLE=[1,2]
    #[arg(long, value_name = "NAME=VALUE")]
    pub global: Vec<String>,
    /// Where the loop runs [default: as the kernel's attribute says]
    #[arg(long, value_name = "WHERE")]
    pub target: Option<TargetName>,
    /// Threads for parallel work [default: what the machine allows]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub threads: Option<usize>,
    /// Make the call this many times
    #[arg(long, value_name = "K", default_value = "1", value_parser = positive)]
    pub repeat: usize,
    #[command(flatten)]
    pub cpu: CpuOptions,
    #[command(flatten)]
    pub cache: CacheOptions,
    /// Print where the time went; with =json, as one JSON object on the last line
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub stats: Option<StatsFormat>,
}

#[derive(ClapArgs)]
pub struct Check {
    /// The kernel file
    pub file: PathBuf,
}

#[derive(ClapArgs)]
pub struct Inspect {
    /// The kernel file and the function in it
    #[arg(value_name = "FILE::FUNCTION")]
    pub kernel: KernelPath,
    /// The types of the parameters, e.g. f64,f64; needed for generic kernels
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub types: Vec<String>,
    #[command(flatten)]
    pub cpu: CpuOptions,
    /// What to show
    #[arg(long, value_name = "WHAT", default_value = "ir")]
    pub emit: Emit,
    /// Print the loop report as one JSON object; with --emit loops
    #[arg(long)]
    pub json: bool,
    /// The folder for the object and its C header; with --emit object
    #[arg(short, long, value_name = "DIR", required_if_eq("emit", "object"))]
    pub output: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Warm {
    /// The kernel files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The types of the parameters of generic kernels, e.g. f64,f64; may be repeated, and each
    /// list is tried on every generic kernel
    #[arg(long, value_name = "TYPES", value_parser = types)]
    pub types: Vec<TypeList>,
    /// A CPU to compile for, such as native or x86-64-v3; may be repeated
    /// [default: $BROLGA_CPU_NAME or native]
    #[arg(long, value_name = "NAME")]
    pub cpu: Vec<String>,
    /// Changes of the CPU's features, e.g. +fma,-avx512f [default: $BROLGA_CPU_FEATURES]
    #[arg(long, value_name = "CHANGES", allow_hyphen_values = true)]
    pub cpu_features: Option<String>,
    /// Threads that compile [default: what the machine allows]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub jobs: Option<usize>,
    /// The cache's folder [default: $BROLGA_CACHE_DIR or the user's cache folder]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Print one JSON object, on the last line
    #[arg(long)]
    pub json: bool,
}

/// The CPU that code is made for.
#[derive(ClapArgs)]
pub struct CpuOptions {
    /// The CPU to compile for, such as native or x86-64-v3 [default: $BROLGA_CPU_NAME or
    /// native]
    #[arg(long, value_name = "NAME")]
    pub cpu: Option<String>,
    /// Changes of its features, e.g. +fma,-avx512f [default: $BROLGA_CPU_FEATURES]
    #[arg(long, value_name = "CHANGES", allow_hyphen_values = true)]
    pub cpu_features: Option<String>,
}

#[derive(ClapArgs)]
pub struct CacheOptions {
    /// The cache's folder [default: $BROLGA_CACHE_DIR or the user's cache folder]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Neither read nor write the cache
    #[arg(long)]
    pub no_cache: bool,
}

/// `FILE::FUNCTION`.
#[derive(Clone)]
pub struct KernelPath {
    pub file: PathBuf,
    pub function: String,
}

impl std::str::FromStr for KernelPath {
    type Err = String;
    fn from_str(text: &str) -> Result<KernelPath, String> {
        // A kernel in a module has a path of its own: `kernels.rs::geometry::area`.
        let after_file = text
            .find(".rs::")
            .map(|at| (&text[..at + 3], &text[at + 5..]));
        match after_file.or_else(|| text.rsplit_once("::")) {
            Some((file, function)) if !file.is_empty() && !function.is_empty() => Ok(KernelPath {
                file: file.into(),
                function: function.into(),
            }),
            _ => {
                Err("expected a kernel file and a function in it, such as kernels.rs::axpy".into())
            }
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum TargetName {
    Cpu,
    Parallel,
}

impl From<TargetName> for Target {
    fn from(name: TargetName) -> Target {
        match name {
            TargetName::Cpu => Target::Cpu,
            TargetName::Parallel => Target::Parallel,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Emit {
    /// The checked, specialised kernel
    Ir,
    /// Cranelift's intermediate form, and which loop was taken and why
    Clif,
    /// Machine code
    Asm,
    /// What was made of each loop, and which checks stay
    Loops,
    /// The ELF object and a C header, for an ordinary linker, into the folder of -o
    Object,
}

/// The types of the parameters of a kernel.
#[derive(Clone)]
pub struct TypeList(pub Vec<DType>);

fn types(text: &str) -> Result<TypeList, String> {
    let types = text.split(',').map(|name| dtype(name.trim()));
    types.collect::<Result<_, _>>().map(TypeList)
}

/// An element type by its name.
pub fn dtype(name: &str) -> Result<DType, String> {
    DType::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
        format!(
            "'{name}' is not an element type; there are {}",
            known.join(", ")
        )
    })
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("expected a whole number above 0".into()),
    }
}

impl CacheOptions {
    /// A runtime with these settings.
    pub fn runtime(&self, cpu: &CpuOptions, threads: Option<usize>) -> Result<Runtime, Failure> {
        let mut builder = cpu.apply(Runtime::builder())?;
        if let Some(dir) = &self.cache_dir {
            builder = builder.cache_dir(dir);
        }
        if self.no_cache {
            builder = builder.cache_mode(Mode::Off);
        }
        if let Some(threads) = threads {
            builder = builder.threads(threads);
        }
        Ok(builder.build()?)
    }
}

impl CpuOptions {
    /// Sets what was given.
    pub fn apply(&self, builder: RuntimeBuilder) -> Result<RuntimeBuilder, Failure> {
        cpu(builder, self.cpu.as_deref(), self.cpu_features.as_deref())
    }
}

/// Sets the CPU of a runtime. Names that are not known are wrong usage; in the environment
/// they are an error of the runtime.
pub fn cpu(
    mut builder: RuntimeBuilder,
    name: Option<&str>,
    changes: Option<&str>,
) -> Result<RuntimeBuilder, Failure> {
    if let Some(name) = name {
        TargetSpec::named(name, "").map_err(|e| Failure::usage(format!("--cpu: {e}")))?;
        builder = builder.cpu_name(name);
    }
    if let Some(changes) = changes {
        TargetSpec::named("native", changes)
            .map_err(|e| Failure::usage(format!("--cpu-features: {e}")))?;
        builder = builder.cpu_features(changes);
    }
    Ok(builder)
}
