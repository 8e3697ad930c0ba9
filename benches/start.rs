//! How long it takes from a text to a callable kernel, cold and warm, in process and as a
//! process, and where the time of a cold start goes: `cargo bench --bench start`. Prints tables; the
//! parts are those that the runtime itself reports, and differences between its switches.

#[path = "common/clock.rs"]
mod clock;
#[path = "common/machine.rs"]
mod machine;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brolga::{DType, Mode, Opt, Origin, Runtime, Switches};

const AXPY: &str = "#[vectorize] fn axpy(a: f64, x: f64, y: f64) -> f64 { a * x + y }";
const GENERIC: &str = "#[vectorize] fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }";

fn main() {
    machine::print();
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

/// The kernels of which the cold start is taken apart: the smallest, a formula, loops with checks.
const TAKEN_APART: [(&str, &[DType]); 4] = [
    ("axpy", &[DType::F64]),
    ("black_scholes", &[]),
    ("jacobi", &[]),
    ("nbody", &[]),
];

/// The shortest times of the parts of a compilation.
struct Parts {
    parse: Duration,
    check: Duration,
    codegen: Duration,
    /// As `codegen`, without the vector loop.
    scalar: Duration,
    /// As `scalar`, unoptimised.
    unoptimised: Duration,
    link: Duration,
    /// From the text to the callable, all in one.
    total: Duration,
}

/// Prints where the time of a cold start goes. The runtime times code generation as a whole, so the
/// vector loop and the optimiser show as differences between switches.
fn parts() {
    println!("\nWhere a cold start goes, us, best of 60 runs each, in turn:\n");
    println!(
        "| kernel | parse | check, specialise | codegen: entry, unoptimised | its optimiser | vector loop \
         | link | text to callable |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let with = |opt, vectorise| {
        let switches = Switches {
            opt,
            vectorise,
            ..Switches::default()
        };
        let builder = Runtime::builder().cache_mode(Mode::Off).threads(1);
        builder.switches(switches).build().expect("a runtime")
    };
    let runtimes = [
        with(Opt::Speed, true),
        with(Opt::Speed, false),
        with(Opt::None, false),
    ];
    runtimes.iter().for_each(compiler_is_ready);
    for (name, types) in TAKEN_APART {
        let path = format!("{}/benches/kernels/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let parts = take_apart(&runtimes, name, &text, types);
        let us = |time: Duration| time.as_secs_f64() * 1e6;
        println!(
            "| {name} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |",
            us(parts.parse),
            us(parts.check),
            us(parts.unoptimised),
            us(parts.scalar) - us(parts.unoptimised),
            us(parts.codegen) - us(parts.scalar),
            us(parts.link),
            us(parts.total),
        );
    }
}

/// Compiles a kernel under each runtime in turn, and its front end by itself.
fn take_apart(runtimes: &[Runtime; 3], name: &str, text: &str, types: &[DType]) -> Parts {
    let mut parts = Parts {
        parse: Duration::MAX,
        check: Duration::MAX,
        codegen: Duration::MAX,
        scalar: Duration::MAX,
        unoptimised: Duration::MAX,
        link: Duration::MAX,
        total: Duration::MAX,
    };
    for _ in 0..60 {
        let start = Instant::now();
        let module = brolga_lang::Module::parse(name, text).expect("the text is valid");
        parts.parse = parts.parse.min(start.elapsed());
        let start = Instant::now();
        std::hint::black_box(module.specialise(name, types).expect("the kernel is valid"));
        parts.check = parts.check.min(start.elapsed());
        let made = |runtime: &Runtime| {
            let function = runtime.load_str(name, text).function(name);
            let function = function.expect("the kernel is there");
            function
                .specialise(types)
                .expect("the kernel compiles")
                .origin()
                .clone()
        };
        let start = Instant::now();
        let origin = made(&runtimes[0]);
        parts.total = parts.total.min(start.elapsed());
        parts.codegen = parts.codegen.min(origin.codegen);
        parts.link = parts.link.min(origin.link);
        parts.scalar = parts.scalar.min(made(&runtimes[1]).codegen);
        parts.unoptimised = parts.unoptimised.min(made(&runtimes[2]).codegen);
    }
    parts
}
