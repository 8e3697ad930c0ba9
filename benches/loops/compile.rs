//! How long one specialisation of each case takes, from its text to something that can be called,
//! without a cache.

use std::collections::BTreeSet;
use std::time::Duration;

use brolga::{DType, Origin, Runtime};

use crate::case::Case;
use crate::clock::{Elapsed, Moment};
use crate::measure::text;

const RUNS: usize = 40;
const LIMIT: Duration = Duration::from_millis(1);

/// What one compilation took.
struct Run {
    time: Elapsed,
    /// Until the function is known by its name: parsing.
    parse: Duration,
    origin: Origin,
}

/// Prints a row for each kernel of the cases.
pub fn run(runtime: &Runtime, cases: &[Case]) {
    println!(
        "\nFrom the text of one kernel to a callable specialisation, no cache, {RUNS} runs:\n"
    );
    println!(
        "| kernel | best, us | median, us | of a CPU at best, us | parts of the median run, us | under 1 ms |"
    );
    println!("|---|---|---|---|---|---|");
    let rows = cases.iter().flat_map(|case| &case.rows);
    let kernels: BTreeSet<&str> = rows.map(|row| row.kernel).collect();
    let (mut best, mut median) = (0, 0);
    for &kernel in &kernels {
        let runs = compile(runtime, kernel);
        print(kernel, &runs);
        best += usize::from(runs[0].time.wall <= LIMIT);
        median += usize::from(runs[RUNS / 2].time.wall <= LIMIT);
    }
    let all = kernels.len();
    println!("\nUnder 1 ms at best: {best} of {all}; in the median: {median} of {all}.");
}

/// Compiles a kernel again and again, each time from its text; the shortest run stands first.
fn compile(runtime: &Runtime, kernel: &str) -> Vec<Run> {
    let text = text(kernel);
    let mut runs: Vec<Run> = (0..RUNS)
        .map(|_| {
            let start = Moment::now();
            let module = runtime.load_str(kernel, &text);
            let function = module.function(kernel).expect("the kernel is there");
            let parse = start.elapsed().wall;
            let generic = !function.meta().type_params.is_empty();
            let types: &[DType] = if generic { &[DType::F64] } else { &[] };
            let made = function.specialise(types).expect("the kernel compiles");
            Run {
                time: start.elapsed(),
                parse,
                origin: made.origin().clone(),
            }
        })
        .collect();
    runs.sort_by_key(|run| run.time.wall);
    runs
}

fn print(kernel: &str, runs: &[Run]) {
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let word = |time: Duration| if time <= LIMIT { "PASS" } else { "MISS" };
    let (best, median) = (runs[0].time.wall, &runs[RUNS / 2]);
    let cpu = runs
        .iter()
        .map(|run| run.time.cpu)
        .min()
        .unwrap_or_default();
    let origin = &median.origin;
    println!(
        "| {kernel} | {:.0} | {:.0} | {:.0} | parse {:.0}, check {:.0}, codegen {:.0}, link {:.0} | best {}, median {} |",
        us(best),
        us(median.time.wall),
        us(cpu),
        us(median.parse),
        us(origin.check),
        us(origin.codegen.total()),
        us(origin.link),
        word(best),
        word(median.time.wall),
    );
}
