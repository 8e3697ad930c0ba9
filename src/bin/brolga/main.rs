//! The command line program. Each subcommand is a file; this one parses the arguments and
//! turns results into exit codes: 0, 1 for an error in the user's kernel or data, 2 for
//! wrong usage.

mod args;
mod array;
mod cache;
mod check;
mod failure;
mod global;
mod help;
mod inspect;
mod npy;
mod operand;
mod run;
mod stats;
mod warm;

use std::io::Write;
use std::process::ExitCode;

use args::{Args, Command};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::of_process();
    // A panic is a bug of Brolga's; a user gets one line that says so and no backtrace.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(|| match args.command {
        Command::Run(run) => run::run(&run),
        Command::Check(check) => check::check(&check),
        Command::Inspect(inspect) => inspect::inspect(&inspect),
        Command::Warm(warm) => warm::warm(&warm),
        Command::Cache(cache) => cache::cache(&cache),
    });
    let outcome = outcome.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown");
        Err(Failure::Data(format!(
            "error: brolga failed (`{text}`); please report this as a bug"
        )))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                // Nobody is left to tell when stderr is closed.
                let _ = writeln!(std::io::stderr(), "{message}");
            }
            ExitCode::from(failure.code())
        }
    }
}
