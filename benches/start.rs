//! How long it takes from a text to a callable kernel, cold and warm, in process and as a
//! process: `cargo bench --bench start`. Prints a table; the parts are those that the
//! runtime itself reports.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brolga::{DType, Mode, Origin, Runtime};

const AXPY: &str = "#[vectorize] fn axpy(a: f64, x: f64, y: f64) -> f64 { a * x + y }";
const GENERIC: &str = "#[vectorize] fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }";

fn main() {
    println!("| what | median, us | best, us | parts of the median run, us |");
    println!("|---|---|---|---|");
    let folder = tempfile::tempdir().expect("a temporary folder");
    row("cold: text to callable, no cache", 200, || {
        let runtime = runtime(None);
        compiler_is_ready(&runtime);
        let start = Instant::now();
        let origin = specialise(&runtime, AXPY, &[]);
        (start.elapsed(), Some(origin))
    });
    row("cold, generic kernel at f64", 200, || {
        let runtime = runtime(None);
        compiler_is_ready(&runtime);
        let start = Instant::now();
        let origin = specialise(&runtime, GENERIC, &[DType::F64]);
        (start.elapsed(), Some(origin))
    });
    row("cold: first kernel of a runtime", 50, || {
        let runtime = runtime(None);
        let start = Instant::now();
        let origin = specialise(&runtime, AXPY, &[]);
        (start.elapsed(), Some(origin))
    });
    specialise(&runtime(Some(folder.path())), AXPY, &[]);
    row("warm: unchanged text to callable", 500, || {
        let runtime = runtime(Some(folder.path()));
        let start = Instant::now();
        let origin = specialise(&runtime, AXPY, &[]);
        let elapsed = start.elapsed();
        assert_eq!(runtime.counters().hits, 1, "the cache hits");
        (elapsed, Some(origin))
    });
    processes(folder.path());
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

fn specialise(runtime: &Runtime, text: &str, types: &[DType]) -> Origin {
    let function = runtime
        .load_str("start", text)
        .function("axpy")
        .expect("the kernel is there");
    function
        .specialise(types)
        .expect("the kernel compiles")
        .origin()
        .clone()
}

fn row(what: &str, rounds: usize, mut run: impl FnMut() -> (Duration, Option<Origin>)) {
    let mut runs: Vec<_> = (0..rounds).map(|_| run()).collect();
    runs.sort_by_key(|(time, _)| *time);
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let (median, origin) = &runs[rounds / 2];
    let parts = origin.as_ref().map_or_else(String::new, |origin| {
        format!(
            "parse and check {:.0}, codegen {:.0}, cache {:.0}, link {:.0}",
            us(origin.front_end),
            us(origin.codegen),
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
