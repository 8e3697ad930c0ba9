//! `brolga cache list|stats|clear`.

use std::io::Write;
use std::time::SystemTime;

use brolga::cache::Cache;

use crate::args;
use crate::failure::Failure;

/// Runs the subcommand.
pub fn cache(args: &args::Cache) -> Result<(), Failure> {
    match &args.command {
        args::CacheCommand::List(folder) => list(&Cache::open(folder.config()?)),
        args::CacheCommand::Stats(folder) => stats(&Cache::open(folder.config()?)),
        args::CacheCommand::Clear(folder) => clear(&Cache::open(folder.config()?)),
    }
}

fn folder(cache: &Cache) -> Result<String, Failure> {
    let dir = cache.dir().ok_or_else(|| {
        Failure::data("there is no cache folder: set BROLGA_CACHE_DIR, or HOME, or use --cache-dir")
    })?;
    Ok(dir.display().to_string())
}

fn list(cache: &Cache) -> Result<(), Failure> {
    let folder = folder(cache)?;
    let functions = cache.list().map_err(Failure::data)?;
    let mut out = std::io::stdout().lock();
    if functions.is_empty() {
        writeln!(out, "{folder} is empty")?;
    }
    for function in functions {
        for overload in &function.overloads {
            let types: Vec<&str> = overload.types.iter().map(|dtype| dtype.name()).collect();
            writeln!(
                out,
                "{}.{}<{}>  {}  {} bytes  {}  {}",
                function.id.module,
                function.id.function,
                types.join(", "),
                overload.target.cpu,
                overload.object_bytes,
                overload.modified.map_or_else(|| "missing".to_string(), ago),
                overload.object_name,
            )?;
        }
    }
    Ok(())
}

/// How long ago `time` was, in the largest unit that fits.
fn ago(time: SystemTime) -> String {
    let seconds = SystemTime::now()
        .duration_since(time)
        .map_or(0, |d| d.as_secs());
    let (count, unit) = match seconds {
        0..=59 => return "just now".into(),
        60..=3_599 => (seconds / 60, "minute"),
        3_600..=86_399 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

fn stats(cache: &Cache) -> Result<(), Failure> {
    let folder = folder(cache)?;
    let usage = cache.usage().map_err(Failure::data)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "folder     {folder}")?;
    writeln!(out, "functions  {}", usage.indexes)?;
    writeln!(out, "kernels    {}", usage.objects)?;
    writeln!(out, "temporary  {}", usage.temporaries)?;
    writeln!(out, "set aside  {}", usage.set_aside)?;
    writeln!(out, "bytes      {}", usage.bytes)?;
    Ok(())
}

fn clear(cache: &Cache) -> Result<(), Failure> {
    let folder = folder(cache)?;
    let cleared = cache.clear().map_err(Failure::data)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{folder}: deleted {} files, {} bytes",
        cleared.files, cleared.bytes
    )?;
    Ok(())
}
