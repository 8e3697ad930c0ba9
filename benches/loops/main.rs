//! Nanoseconds per element beside rustc's native code, and beside NumPy and Numba where they are
//! installed, in one run: `cargo bench --bench loops`. Prints tables in Markdown.
//!
//! `cargo bench --bench loops -- softmax pi` runs the cases of which the names contain one of the
//! words; the word `compile` stands for the table of compile times. `--keep` keeps the library of the
//! native peers and says where it is, `--no-python` leaves the peers in Python out.

#[path = "../common/clock.rs"]
mod clock;
#[path = "../common/machine.rs"]
mod machine;

mod case;
mod compile;
mod data;
mod kernels;
mod measure;
mod native;
mod python;

use brolga::{Mode, Runtime};

use measure::{Bench, Tally};

fn main() {
    let (flags, words): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|f| f == flag);
    let wanted =
        |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let mut cases = case::all();
    cases.retain(|case| wanted(case.name));

    machine::print();
    println!("- native peers: rustc -C opt-level=3 -C target-cpu=native");
    let mut bench = Bench {
        runtimes: [1, 2].map(|threads| {
            let runtime = Runtime::builder().cache_mode(Mode::Off).threads(threads);
            runtime.build().expect("a runtime")
        }),
        peers: native::Peers::compile(has("--keep")),
        python: if has("--no-python") || cases.is_empty() {
            println!("- Python peers: not asked for");
            None
        } else {
            python::Python::start()
        },
    };
    println!();
    if !cases.is_empty() {
        let mut tally = Tally::default();
        measure::print_head();
        for case in &cases {
            measure::run(&mut bench, case, &mut tally);
        }
        println!(
            "\nHeld: {}; missed: {}; not measured: {}.",
            tally.passed,
            tally.missed.len(),
            tally.unknown
        );
        for miss in &tally.missed {
            println!("- MISS {miss}");
        }
    }
    // As a whole word: `compile` contains `pi`.
    if words.is_empty() || words.iter().any(|word| word == "compile") {
        compile::run(&bench.runtimes[0], &case::all());
    }
}
