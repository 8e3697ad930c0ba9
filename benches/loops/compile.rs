//! How long one specialisation of each case takes, from its text to something that can be called,
//! without a cache.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use brolga::{DType, Origin, Runtime};

use crate::case::Case;
use crate::measure::text;

const RUNS: usize = 40;
const LIMIT: Duration = Duration::from_millis(1);

/// Prints a row for each kernel of the cases; `false` if one takes longer than it may.
pub fn run(runtime: &Runtime, cases: &[Case]) {
    println!(
        "\nFrom the text of one kernel to a callable specialisation, no cache, {RUNS} runs:\n"
    );
    println!("| kernel | best, us | median, us | parts of the median run, us | under 1 ms |");
    println!("|---|---|---|---|---|");
    let kernels: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| &case.rows)
        .map(|row| row.kernel)
        .collect();
    let mut over = (0, 0);
    for &kernel in &kernels {
        let (best, median) = one(runtime, kernel, &mut over);
        debug_assert!(best <= median);
    }
    println!(
        "\nBest under 1 ms: {} of {}; median under 1 ms: {} of {}.",
        kernels.len() - over.0,
        kernels.len(),
        kernels.len() - over.1,
        kernels.len(),
    );
}

fn one(runtime: &Runtime, kernel: &str, over: &mut (usize, usize)) -> (Duration, Duration) {
    let text = text(kernel);
    let mut runs: Vec<(Duration, Origin)> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let module = runtime.load_str(kernel, &text);
            let function = module.function(kernel).expect("the kernel is there");
            let types: &[DType] = if function.meta().type_params.is_empty() {
                &[]
            } else {
                &[DType::F64]
            };
            let made = function.specialise(types).expect("the kernel compiles");
            (start.elapsed(), made.origin().clone())
        })
        .collect();
    runs.sort_by_key(|(time, _)| *time);
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let best = runs[0].0;
    let (median, origin) = &runs[RUNS / 2];
    over.0 += usize::from(best > LIMIT);
    over.1 += usize::from(*median > LIMIT);
    let word = |time: Duration| if time <= LIMIT { "PASS" } else { "MISS" };
    println!(
        "| {kernel} | {:.0} | {:.0} | parse and check {:.0}, codegen {:.0}, link {:.0} | best {}, median {} |",
        us(best),
        us(*median),
        us(origin.front_end),
        us(origin.codegen),
        us(origin.link),
        word(best),
        word(*median),
    );
    (best, *median)
}
