//! The arguments of `brolga cache`.

use std::path::PathBuf;
use std::time::Duration;

use brolga::CacheConfig;
use brolga::cache::{Cache, Limits};
use clap::{Args, Subcommand};

use crate::args::KernelPath;
use crate::failure::Failure;

#[derive(Args)]
pub struct CacheArgs {
    #[command(subcommand)]
    pub command: CacheCommand,
}

#[derive(Subcommand)]
pub enum CacheCommand {
    /// List the compiled kernels
    List(Folder),
    /// Count files, kernels and bytes
    Stats(Folder),
    /// Check every file; exit code 1 when a lookup would not use one of them
    Verify(Folder),
    /// Delete what is too old or too much, least recently used first, and what is abandoned
    Prune(Prune),
    /// Delete every compiled kernel
    Clear(Folder),
    /// Write compiled kernels as one file, for `cache import` or as a layer
    Export(Export),
    /// Take the compiled kernels of a file that `cache export` wrote
    Import(Import),
}

/// What every subcommand takes.
#[derive(Args)]
pub struct Folder {
    /// The cache's folder [default: $BROLGA_CACHE_DIR or the user's cache folder]
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Print one JSON object, on the last line
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Prune {
    /// Keep at most so much, such as 512M, 2G or none [default: $BROLGA_CACHE_MAX_BYTES or 1G]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub max_bytes: Option<Limit<u64>>,
    /// Keep what was used within this time, such as 90d, 12h or none
    /// [default: $BROLGA_CACHE_MAX_AGE or none]
    #[arg(long, value_name = "AGE", value_parser = age)]
    pub max_age: Option<Limit<Duration>>,
    #[command(flatten)]
    pub folder: Folder,
}

#[derive(Args)]
pub struct Export {
    /// The file to write; one that is there is replaced. With --object the folder to write to
    #[arg(value_name = "FILE.nbb")]
    pub file: PathBuf,
    /// Write this kernel's ELF object and a C header, for an ordinary linker
    #[arg(long, value_name = "FILE::FUNCTION", conflicts_with_all = ["function", "cpu"])]
    pub object: Option<KernelPath>,
    /// The types of its parameters, e.g. f64,f64; needed for generic kernels
    #[arg(long, value_name = "TYPES", value_delimiter = ',', requires = "object")]
    pub types: Vec<String>,
    /// Only this function, as `cache list` names it: kernels::axpy
    #[arg(long, value_name = "MODULE::NAME", value_parser = module_function)]
    pub function: Option<(String, String)>,
    /// Only code for this CPU, as `cache list` names it; may be repeated
    #[arg(long, value_name = "NAME")]
    pub cpu: Vec<String>,
    #[command(flatten)]
    pub folder: Folder,
}

#[derive(Args)]
pub struct Import {
    /// The file to read
    #[arg(value_name = "FILE.nbb")]
    pub file: PathBuf,
    #[command(flatten)]
    pub folder: Folder,
}

/// A limit that was given; `None` inside is "none".
#[derive(Clone, Copy)]
pub struct Limit<T>(pub Option<T>);

fn bytes(text: &str) -> Result<Limit<u64>, String> {
    Limits::parse_bytes(text)
        .map(Limit)
        .map_err(|error| error.to_string())
}

fn age(text: &str) -> Result<Limit<Duration>, String> {
    Limits::parse_age(text)
        .map(Limit)
        .map_err(|error| error.to_string())
}

/// A function in a module of its file has a path of its own: `kernels::geometry::area`.
fn module_function(text: &str) -> Result<(String, String), String> {
    match text.split_once("::") {
        Some((module, function)) if !module.is_empty() && !function.is_empty() => {
            Ok((module.to_string(), function.to_string()))
        }
        _ => Err("expected a module and a function in it, such as kernels::axpy".into()),
    }
}

impl Folder {
    /// The settings of the cache to look at.
    pub fn config(&self) -> Result<CacheConfig, Failure> {
        let mut config = CacheConfig::from_env().map_err(Failure::data)?;
        if let Some(dir) = &self.cache_dir {
            config.dir = Some(dir.clone());
        }
        Ok(config)
    }

    /// The cache, and its folder's name.
    pub fn open(&self) -> Result<(Cache, String), Failure> {
        let cache = Cache::open(self.config()?);
        let dir = cache.dir().ok_or_else(|| {
            Failure::data(
                "there is no cache folder: set BROLGA_CACHE_DIR, or HOME, or use --cache-dir",
            )
        })?;
        let name = dir.display().to_string();
        Ok((cache, name))
    }
}
