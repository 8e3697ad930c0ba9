//! How long it takes from a text to a callable kernel, cold and warm, in process and as a
//! process, and where the time of a cold start goes: `cargo bench --bench start` (`-- warm` for the
//! starts of processes with 1 and 1,000 functions alone). Prints tables; the
//! parts are those that the runtime itself reports.

#[path = "common/clock.rs"]
mod clock;
#[path = "common/machine.rs"]
mod machine;
#[path = "start/warm.rs"]
mod warm;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brolga::{DType, Mode, Origin, Runtime, Timings};

const AXPY: &str = "#[vectorize] fn axpy(a: f64, x: f64, y: f64) -> f64 { a * x + y }";
const GENERIC: &str = "#[vectorize] fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }";

fn main() {
    if warm::child() {
        return;
    }
    machine::print();
    if std::env::args().any(|arg| arg == "warm") {
        return warm::table();
    }
    println!();
    println!("| what | median, us | best, us | parts of the median run, us |");
    println!("|---|---|---|---|");
    let folder = tempfile::tempdir().expect("a temporary folder");
    row("cold: text to callable, no cache", 200, || {
        let runtime = runtime(None);
        compiler_is_ready(&runtime);
        let start = Instant::now();
        let made = specialise(&runtime, AXPY, &[]);
        (start.elapsed(), Some(made))
    });
    row("cold, generic kernel at f64", 200, || {
        let runtime = runtime(None);
        compiler_is_ready(&runtime);
        let start = Instant::now();
        let made = specialise(&runtime, GENERIC, &[DType::F64]);
        (start.elapsed(), Some(made))
    });
    row("cold: first kernel of a runtime", 50, || {
        let runtime = runtime(None);
        let start = Instant::now();
        let made = specialise(&runtime, AXPY, &[]);
        (start.elapsed(), Some(made))
    });
    specialise(&runtime(Some(folder.path())), AXPY, &[]);
    row("warm: unchanged text to callable", 500, || {
        let runtime = runtime(Some(folder.path()));
        let start = Instant::now();
        let made = specialise(&runtime, AXPY, &[]);
        let elapsed = start.elapsed();
        assert_eq!(runtime.counters().hits, 1, "the cache hits");
        (elapsed, Some(made))
    });
    processes(folder.path());
    parts();
    warm::table();
}

fn runtime(cache: Option<&Path>) -> Runtime {
    let builder = match cache {
        Some(folder) => Runtime::builder().cache_dir(folder).cache_mode(Mode::On),
        None => Runtime::builder().cache_mode(Mode::Off),
    };
    builder.threads(1).build().expect("a runtime")
}

/// The compiler is made once for each runtime; this makes it.
fn compiler_is_ready(runtime: &Runtime) {
    specialise(runtime, "#[vectorize] fn axpy(a: i32) -> i32 { a }", &[]);
}

/// What the parts of a start are.
struct Made {
    /// Until the function is known by its name: parsing, or a look into the cache.
    function: Duration,
    origin: Origin,
}

fn specialise(runtime: &Runtime, text: &str, types: &[DType]) -> Made {
    let start = Instant::now();
    let module = runtime.load_str("start", text);
    let function = module.function("axpy").expect("the kernel is there");
    let elapsed = start.elapsed();
    let made = function.specialise(types).expect("the kernel compiles");
    Made {
        function: elapsed,
        origin: made.origin().clone(),
    }
}

fn row(what: &str, rounds: usize, mut run: impl FnMut() -> (Duration, Option<Made>)) {
    let mut runs: Vec<_> = (0..rounds).map(|_| run()).collect();
    runs.sort_by_key(|(time, _)| *time);
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let (median, made) = &runs[rounds / 2];
    let parts = made
        .as_ref()
        .map_or_else(String::new, |Made { function, origin }| {
            format!(
                "function by name {:.0}, check {:.0}, codegen {:.0}, cache {:.0}, link {:.0}",
                us(*function),
                us(origin.check),
                us(origin.codegen.total()),
                us(origin.cache_io),
                us(origin.link)
            )
        });
    println!(
        "| {what} | {:.0} | {:.0} | {parts} |",
        us(*median),
        us(runs[0].0)
    );
}

/// Whole processes: `true`, and `brolga run` of the README's example, cold and warm.
fn processes(folder: &Path) {
    let timed = |command: &mut Command| {
        let start = Instant::now();
        let status = command
            .stdout(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(status.success(), "{command:?}");
        (start.elapsed(), None)
    };
    let brolga = |cache: &Path| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_brolga"));
        command
            .current_dir(root)
            .env("BROLGA_CACHE_DIR", cache)
            .args(["run", "examples/great_circle.rs::great_circle"])
            .args(["examples/data/latitude.npy", "examples/data/longitude.npy"])
            .args(["-33.8688", "151.2093"]);
        command
    };
    row("process: true", 100, || timed(&mut Command::new("true")));
    row("process: brolga run, warm", 100, || {
        timed(&mut brolga(folder))
    });
    let mut number = 0;
    row("process: brolga run, cold", 30, || {
        number += 1;
        timed(&mut brolga(&folder.join(number.to_string())))
    });
}

/// The kernels of which the cold start is taken apart: the smallest, a formula, loops with checks.
const TAKEN_APART: [(&str, &[DType]); 4] = [
    ("axpy", &[DType::F64]),
    ("black_scholes", &[]),
    ("jacobi", &[]),
    ("nbody", &[]),
];

/// Prints where the time of a cold start goes, by the runtime's own clocks: the parts of the run
/// with the median time.
fn parts() {
    const RUNS: usize = 60;
    println!("\nWhere a cold start goes, us, the median of {RUNS} runs:\n");
    println!(
        "| kernel | parse | check | plan | vector programs | CLIF | Cranelift | object | link \
         | text to callable | best |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let runtime = runtime(None);
    compiler_is_ready(&runtime);
    for (name, types) in TAKEN_APART {
        let path = format!("{}/benches/kernels/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut runs: Vec<(Duration, Origin)> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                let function = runtime.load_str(name, &text).function(name);
                let function = function.expect("the kernel is there");
                let made = function.specialise(types).expect("the kernel compiles");
                (start.elapsed(), made.origin().clone())
            })
            .collect();
        runs.sort_by_key(|(time, _)| *time);
        let us = |time: Duration| time.as_secs_f64() * 1e6;
        let (total, origin) = &runs[RUNS / 2];
        let Timings {
            plan,
            vector,
            clif,
            cranelift,
            object,
        } = origin.codegen;
        let parts = [
            origin.parse,
            origin.check,
            plan,
            vector,
            clif,
            cranelift,
            object,
            origin.link,
            *total,
            runs[0].0,
        ];
        let cells: Vec<String> = parts
            .iter()
            .map(|time| format!("{:.0}", us(*time)))
            .collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
}
