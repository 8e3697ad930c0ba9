//! `brolga cache`: looks after the folder of compiled kernels. Each subcommand is a file. With
//! `--json` each prints one object on one line, whose names stay as they are.

mod args;
mod bundle;
mod clear;
mod list;
mod object;
mod prune;
mod stats;
mod verify;

use std::io::Write;

pub use args::CacheArgs;
use args::CacheCommand;

use crate::failure::Failure;

/// Runs the subcommand.
pub fn cache(args: &CacheArgs) -> Result<(), Failure> {
    match &args.command {
        CacheCommand::List(folder) => list::list(folder),
        CacheCommand::Stats(folder) => stats::stats(folder),
        CacheCommand::Verify(folder) => verify::verify(folder),
        CacheCommand::Prune(prune) => prune::prune(prune),
        CacheCommand::Clear(folder) => clear::clear(folder),
        CacheCommand::Export(export) => match &export.object {
            Some(kernel) => object::export(kernel, export),
            None => bundle::export(export),
        },
        CacheCommand::Import(import) => bundle::import(import),
    }
}

/// Prints a report: as JSON, or as the lines for people.
fn print(json: bool, object: &serde_json::Value, lines: &[String]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{object}")?;
    } else {
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// `1 kernel`, `2 kernels`; for words whose plural has an `s`.
fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `12.3 KiB`: whole bytes below 1 KiB.
fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut scaled = bytes as f64;
    let mut unit = "bytes";
    for next in units {
        if scaled < 1024.0 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    match unit {
        "bytes" => count(bytes, "byte"),
        unit => format!("{scaled:.1} {unit}"),
    }
}
