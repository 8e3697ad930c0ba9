//! `brolga warm FILE..`: compiles kernels into the cache before a program needs them, also for
//! other CPUs than this machine's. A later process has a hit at its first call.

mod plan;
mod report;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use brolga::{CacheOutcome, DType, Mode, Runtime, RuntimeError};

use crate::args::{self, Warm};
use crate::failure::Failure;
use plan::Step;
use report::{Line, Outcome, Report};

/// How often the bar is brought up to date.
const TICK: Duration = Duration::from_millis(50);

/// The steps of one file, or why there are none.
type Planned<'a> = (&'a std::path::Path, Result<Vec<Step>, Failure>);

/// Runs the subcommand.
pub fn warm(args: &Warm) -> Result<(), Failure> {
    let runtimes = runtimes(args)?;
    let Some(first) = runtimes.first() else {
        return Ok(());
    };
    let folder = folder(first)?;
    let mut used = BTreeSet::new();
    let planned: Vec<Planned<'_>> = args
        .files
        .iter()
        .map(|file| (file.as_path(), plan(first, file, args, &mut used)))
        .collect();
    let compiles = |step: &&Step| matches!(step, Step::Compile { .. });
    let steps = planned.iter().filter_map(|(_, steps)| steps.as_ref().ok());
    let each: usize = steps.map(|s| s.iter().filter(compiles).count()).sum();
    let mut report = Report::new(args.json, (each * runtimes.len()) as u64);

    for (file, steps) in &planned {
        tell_what_is_left(&mut report, file, steps)?;
    }
    for runtime in &runtimes {
        for (file, steps) in &planned {
            if let Ok(steps) = steps {
                compile(&mut report, runtime, file, steps)?;
            }
        }
    }
    let unused: Vec<String> = (0..args.types.len())
        .filter(|number| !used.contains(number))
        .map(|number| {
            let names = args.types[number].0.iter().map(|dtype| dtype.name());
            names.collect::<Vec<_>>().join(",")
        })
        .collect();
    match report.finish(&folder, &unused)? {
        true => Ok(()),
        false => Err(Failure::Reported),
    }
}

/// One for each CPU, in the order given; a CPU that was named twice has one.
fn runtimes(args: &Warm) -> Result<Vec<Runtime>, Failure> {
    let names: Vec<Option<&str>> = match args.cpu.as_slice() {
        [] => vec![None],
        names => names.iter().map(|name| Some(name.as_str())).collect(),
    };
    let mut runtimes: Vec<Runtime> = Vec::new();
    for name in names {
        let mut builder = args::cpu(Runtime::builder(), name, args.cpu_features.as_deref())?;
        if let Some(dir) = &args.cache_dir {
            builder = builder.cache_dir(dir);
        }
        if let Some(jobs) = args.jobs {
            builder = builder.threads(jobs);
        }
        let runtime = builder.build()?;
        if !runtimes.iter().any(|r| r.target() == runtime.target()) {
            runtimes.push(runtime);
        }
    }
    Ok(runtimes)
}

/// The folder that is filled.
fn folder(runtime: &Runtime) -> Result<String, Failure> {
    let cache = runtime.cache();
    let mode = cache.mode();
    if matches!(mode, Mode::Off | Mode::ReadOnly) {
        return Err(Failure::data(format!(
            "there is nothing to warm: the cache takes no entries (BROLGA_CACHE={mode})"
        )));
    }
    let dir = cache.dir().ok_or_else(|| {
        Failure::data("there is no cache folder: set BROLGA_CACHE_DIR, or HOME, or use --cache-dir")
    })?;
    Ok(dir.display().to_string())
}

fn plan(
    runtime: &Runtime,
    file: &std::path::Path,
    args: &Warm,
    used: &mut BTreeSet<usize>,
) -> Result<Vec<Step>, Failure> {
    let module = runtime.load_file(file)?;
    Ok(plan::steps(module.kernels()?, &args.types, used))
}

fn tell_what_is_left(
    report: &mut Report,
    file: &std::path::Path,
    steps: &Result<Vec<Step>, Failure>,
) -> Result<(), Failure> {
    let line = |function: Option<&String>, outcome| Line {
        file: file.display().to_string(),
        function: function.cloned(),
        types: Vec::new(),
        cpu: None,
        outcome,
    };
    match steps {
        Err(failure) => {
            let message = failure.message().unwrap_or_default().to_string();
            report.add(line(None, Outcome::Failed(message)))
        }
        Ok(steps) => steps.iter().try_for_each(|step| match step {
            Step::Leave { function, why } => {
                report.add(line(Some(function), Outcome::Left(why.clone())))
            }
            Step::Compile { .. } => Ok(()),
        }),
    }
}

/// Compiles the kernels of one file for one CPU.
fn compile(
    report: &mut Report,
    runtime: &Runtime,
    file: &std::path::Path,
    steps: &[Step],
) -> Result<(), Failure> {
    let wanted: Vec<(&str, &[DType])> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Compile { function, types } => Some((function.as_str(), types.as_slice())),
            Step::Leave { .. } => None,
        })
        .collect();
    let cpu = &runtime.target().cpu;
    report
        .bar()
        .set_message(format!("{}  {cpu}", file.display()));
    let failures = store_failures(runtime);
    let module = runtime.load_file(file)?;
    let begun = report.bar().position();
    let made = watched(report, runtime, begun, || module.compile_all(&wanted));
    report.bar().set_position(begun + wanted.len() as u64);
    for ((function, types), made) in wanted.into_iter().zip(made) {
        let outcome = match made {
            Err(error) => Outcome::Failed(failed(error)),
            Ok(made) => match made.origin().cache {
                CacheOutcome::Hit => Outcome::Hit,
                _ => Outcome::Compiled(made.origin().codegen.total()),
            },
        };
        report.add(Line {
            file: file.display().to_string(),
            function: Some(function.to_string()),
            types: types.to_vec(),
            cpu: Some(cpu.clone()),
            outcome,
        })?;
    }
    // Which kernels it was is not known; that the cache lacks some is what counts.
    let after = store_failures(runtime);
    if after != failures {
        let message = format!("error: some kernels could not be stored: {after}");
        report.add(Line {
            file: file.display().to_string(),
            function: None,
            types: Vec::new(),
            cpu: Some(cpu.clone()),
            outcome: Outcome::Failed(message),
        })?;
    }
    Ok(())
}

/// `full (2), untrusted (1)`: what kept entries from being stored, and how often so far.
fn store_failures(runtime: &Runtime) -> String {
    let failures = runtime.cache().stats().store_failures;
    let told = failures
        .iter()
        .map(|(why, count)| format!("{why} ({count})"));
    told.collect::<Vec<_>>().join(", ")
}

/// A kernel's error, rendered with its places.
fn failed(error: RuntimeError) -> String {
    let failure = Failure::from(error);
    failure.message().unwrap_or_default().to_string()
}

/// Does `work`, and moves the bar meanwhile by what the runtime has got ready.
fn watched<T>(report: &Report, runtime: &Runtime, begun: u64, work: impl FnOnce() -> T) -> T {
    if report.bar().is_hidden() {
        return work();
    }
    let ready = || {
        let counters = runtime.counters();
        counters.hits + counters.misses
    };
    let before = ready();
    let done = AtomicBool::new(false);
    let bar = report.bar();
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                bar.set_position(begun + ready().saturating_sub(before));
                std::thread::park_timeout(TICK);
            }
        });
        // Also after a panic: the scope waits for the thread.
        let _end = AtEnd(|| {
            done.store(true, Ordering::Relaxed);
            watcher.thread().unpark();
        });
        work()
    })
}

/// Does something when it goes.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
