//! Warm starts by whole processes: this program again, as a child that loads a module and makes
//! functions callable, one after the other, and tells its times.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use brolga::{DType, Mode, Runtime};

/// Says to a child what to load: the cache's folder, the module's file, the functions' count.
const CHILD: &str = "BROLGA_BENCH_CHILD";

/// The most that a function may take from the index to a callable, after the first, in us.
const HOLD_FUNCTION: f64 = 50.0;
/// How much longer a load may take with 1,000 overloads in the index than with one.
const HOLD_OVERLOADS: f64 = 2.0;

const MANY: usize = 1000;

/// What a child measures, in us. The parts are means over all functions after the first, or of
/// the only one.
const MEASURED: [&str; 12] = [
    "load the text",
    "first function",
    "each after it",
    "index",
    "open",
    "read",
    "digest",
    "decode",
    "link",
    "protect",
    "the rest",
    "process",
];
const EACH: usize = 2;
const FIRST: usize = 1;
const PROCESS: usize = 11;

type Times = [f64; MEASURED.len()];

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// In a child: does what it is for, and returns true.
pub fn child() -> bool {
    let Ok(asked) = std::env::var(CHILD) else {
        return false;
    };
    let words: Vec<&str> = asked.split('\n').collect();
    let [cache, file, count] = words[..] else {
        panic!("{CHILD}: {asked}");
    };
    let count: usize = count.parse().expect("a count");
    let builder = Runtime::builder().cache_dir(cache).cache_mode(Mode::On);
    let runtime = builder.threads(1).build().expect("a runtime");
    let start = Instant::now();
    let module = runtime.load_file(file).expect("a module");
    let load = us(start.elapsed());
    // `count` of 0 asks for one overload of the generic function.
    let types: &[DType] = if count == 0 { &[DType::F64; 3] } else { &[] };
    let mut kept = Vec::with_capacity(count);
    let mut each = Vec::with_capacity(count);
    let mut parts = Vec::with_capacity(count);
    for k in 0..count.max(1) {
        let name = format!("k{k:04}");
        let start = Instant::now();
        let function = module.function(&name).expect("a function");
        let index = start.elapsed();
        let made = function.specialise(types).expect("it compiles");
        let total = start.elapsed();
        let origin = made.origin();
        let known = [
            index,
            origin.load.open,
            origin.load.read,
            origin.load.digest,
            origin.load.decode,
            origin.link.saturating_sub(origin.protect),
            origin.protect,
        ]
        .map(us);
        each.push(us(total));
        parts.push(known);
        kept.push(made);
    }
    let after = if each.len() > 1 { 1.. } else { 0.. };
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let values: Vec<f64> = values.collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let every = mean(&mut each[after.clone()].iter().copied());
    let parts: Vec<f64> = (0..parts[0].len())
        .map(|part| mean(&mut parts[after.clone()].iter().map(|known| known[part])))
        .collect();
    let rest = every - parts.iter().sum::<f64>();
    let mut line = format!("{load} {} {every}", each[0]);
    for part in parts.iter().chain([&rest]) {
        let _ = write!(line, " {part}");
    }
    println!("{line}");
    true
}

/// A child's times; the last is that of the whole process.
fn run(cache: &Path, file: &Path, count: usize) -> Times {
    let start = Instant::now();
    let output = Command::new(std::env::current_exe().expect("this program"))
        .env(
            CHILD,
            format!("{}\n{}\n{count}", cache.display(), file.display()),
        )
        .output()
        .expect("the process starts");
    let process = us(start.elapsed());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut times = [process; MEASURED.len()];
    let told = text
        .split_whitespace()
        .map(|word| word.parse().expect(word));
    let told: Vec<f64> = told.collect();
    times[..PROCESS].copy_from_slice(&told);
    times
}

/// The run in the middle, by the time of a function after the first.
fn median(runs: usize, mut run: impl FnMut() -> Times) -> Times {
    let mut all: Vec<Times> = (0..runs).map(|_| run()).collect();
    all.sort_by(|a, b| a[EACH].total_cmp(&b[EACH]));
    all[runs / 2]
}

fn row(what: &str, times: &Times) {
    let cells: Vec<String> = times.iter().map(|time| format!("{time:.1}")).collect();
    println!("| {what} | {} |", cells.join(" | "));
}

fn module(functions: usize) -> String {
    let mut text = String::from("use brolga::prelude::*;\n");
    for k in 0..functions {
        let _ = write!(
            text,
            "#[vectorize]\nfn k{k:04}(x: f64) -> f64 {{ (x + {k}.0) * 0.5 }}\n"
        );
    }
    text
}

fn passes(holds: bool) -> &'static str {
    if holds { "PASS" } else { "MISS" }
}

/// Prints the table, and whether its limits hold.
pub fn table() {
    println!(
        "\nStarts of processes, us; the run with the median time of a function after the first:\n"
    );
    println!("| what | {} |", MEASURED.join(" | "));
    println!("|---|{}", "---|".repeat(MEASURED.len()));
    let top = tempfile::tempdir().expect("a folder");
    let mut each = 0.0;
    for functions in [1, MANY] {
        let file = top.path().join(format!("many{functions}.rs"));
        std::fs::write(&file, module(functions)).expect("a module");
        let mut number = 0;
        let runs = if functions == 1 { 20 } else { 3 };
        let cold = median(runs, || {
            number += 1;
            run(&cache(top.path(), functions, number), &file, functions)
        });
        row(&format!("cold, {functions} functions"), &cold);
        let warm = cache(top.path(), functions, 1);
        let warm = median(30, || run(&warm, &file, functions));
        row(&format!("warm, {functions} functions"), &warm);
        each = warm[EACH];
    }
    println!(
        "\nWarm, a function after the first: {each:.1} us; to hold {HOLD_FUNCTION} {}",
        passes(each <= HOLD_FUNCTION)
    );
    overloads(top.path());
}

fn cache(top: &Path, functions: usize, number: usize) -> std::path::PathBuf {
    top.join(format!("cache-{functions}-{number}"))
}

/// One overload from an index of one and from an index of 1,000.
fn overloads(top: &Path) {
    let file = top.join("overloads.rs");
    let text = "use brolga::prelude::*;\n#[vectorize]\n\
                fn k0000<T: Number, U: Number, V: Number>(x: T, _y: U, _z: V) -> T { x + x }\n";
    std::fs::write(&file, text).expect("a module");
    let numbers: Vec<DType> = DType::ALL
        .into_iter()
        .filter(|dtype| brolga::Bound::Number.admits(*dtype))
        .collect();
    let full = top.join("cache-full");
    let builder = Runtime::builder().cache_dir(&full).cache_mode(Mode::On);
    let runtime = builder.build().expect("a runtime");
    let function = runtime
        .load_file(&file)
        .expect("a module")
        .function("k0000");
    let function = function.expect("a function");
    function.specialise(&[DType::F64; 3]).expect("it compiles");
    for number in 0..MANY {
        let digit = |power: u32| numbers[number / numbers.len().pow(power) % numbers.len()];
        let types = [digit(0), digit(1), digit(2)];
        function.specialise(&types).expect("it compiles");
    }
    let lone = top.join("cache-lone");
    run(&lone, &file, 0);
    // Turn by turn, so that what else the machine does touches both alike.
    let mut runs: Vec<[Times; 2]> = Vec::new();
    for _ in 0..30 {
        runs.push([run(&lone, &file, 0), run(&full, &file, 0)]);
    }
    let middle = |which: usize| {
        let mut own: Vec<Times> = runs.iter().map(|both| both[which]).collect();
        own.sort_by(|a, b| a[FIRST].total_cmp(&b[FIRST]));
        own[own.len() / 2]
    };
    let (one, many) = (middle(0), middle(1));
    println!();
    println!("| what | {} |", MEASURED.join(" | "));
    println!("|---|{}", "---|".repeat(MEASURED.len()));
    row("warm, an index of 1 overload", &one);
    row(&format!("warm, an index of {MANY} overloads"), &many);
    let ratio = many[FIRST] / one[FIRST];
    println!(
        "\nWith {MANY} overloads a load takes {ratio:.2} times as long as with 1; to hold \
         {HOLD_OVERLOADS} {}",
        passes(ratio < HOLD_OVERLOADS)
    );
}
