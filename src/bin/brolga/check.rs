//! `brolga check FILE`: every error of a kernel file, or its kernels and globals with their
//! doc comments.

use std::io::Write;

use brolga::{Mode, Runtime};

use crate::args::Check;
use crate::failure::Failure;
use crate::{global, help};

/// Runs the subcommand.
pub fn check(args: &Check) -> Result<(), Failure> {
    let runtime = Runtime::builder().cache_mode(Mode::Off).build()?;
    let module = runtime.load_file(&args.file)?;
    module.check()?;
    let kernels = module.kernels()?;
    let names: Vec<&str> = kernels.iter().map(|meta| meta.name.as_str()).collect();
    let mut out = std::io::stdout().lock();
    match names.as_slice() {
        [] => writeln!(out, "{}: no errors, no kernels", args.file.display())?,
        names => writeln!(
            out,
            "{}: no errors; kernels: {}",
            args.file.display(),
            names.join(", ")
        )?,
    }
    for meta in kernels {
        writeln!(out, "{}", help::head(meta))?;
        write!(out, "{}", help::doc(&meta.doc, "    "))?;
    }
    for meta in module.globals()? {
        writeln!(out, "static {}", global::show(meta))?;
        write!(out, "{}", help::doc(&meta.doc, "    "))?;
    }
    Ok(())
}
