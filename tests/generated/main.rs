//! Generated kernels: rustc and Brolga must agree on kernels that nobody wrote.
//!
//! - Every operation, cast and method by itself, on the edge values of its types.
//! - Random well-typed kernels for a bounded time: `BROLGA_GENERATED_SECONDS` (20 unless
//!   set), from the seed `BROLGA_GENERATED_SEED` (1 unless set). One hour of new kernels:
//!   `BROLGA_GENERATED_SECONDS=3600 BROLGA_GENERATED_SEED=$(date +%s) cargo test --test generated`.
//!
//! A disagreement is shrunk to a small kernel and printed. Invariant: a seed and a batch
//! number give the same kernels on every machine.

mod brolga_side;
mod compare;
mod grow;
mod methods;
mod node;
mod operations;
mod rustc_side;
mod shrink;

use std::time::{Duration, Instant};

use brolga_oracle::values::Random;

use compare::{Disagreement, Outcome, compare};
use node::Kernel;

/// How many kernels are compiled together.
const BATCH: usize = 48;
/// How much of what is generated Brolga may refuse: it refuses constant expressions that
/// overflow, as rustc's lints do.
const REFUSED_PER_THOUSAND: usize = 20;

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}: a number, not `{text}`")),
        Err(_) => default,
    }
}

fn report(disagreements: &[Disagreement]) -> String {
    let texts: Vec<String> = disagreements.iter().map(ToString::to_string).collect();
    texts.join("\n\n")
}

#[test]
fn every_operation_by_itself_agrees_with_rustc() {
    let operations = operations::all();
    let kernels: Vec<Kernel> = operations
        .iter()
        .enumerate()
        .map(|(number, operation)| operation.alone(number))
        .collect();
    let mut wrong = Vec::new();
    for batch in kernels.chunks(400) {
        let outcome = compare(batch, 700, 3);
        wrong.extend(outcome.disagreements);
        let refused = outcome.refused.iter();
        wrong.extend(refused.map(|(number, why)| Disagreement {
            kernel: batch[*number].clone(),
            why: format!("Brolga refuses it: {why}"),
        }));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} operations:\n{}",
        wrong.len(),
        kernels.len(),
        report(&wrong)
    );
}

#[test]
fn random_kernels_agree_with_rustc() {
    let seed = setting("BROLGA_GENERATED_SEED", 1);
    let limit = Duration::from_secs(setting("BROLGA_GENERATED_SECONDS", 20));
    let began = Instant::now();
    let (mut compared, mut refused, mut batch) = (0, Vec::new(), 0);
    while batch == 0 || began.elapsed() < limit {
        let kernels: Vec<Kernel> = (0..BATCH)
            .map(|number| {
                let mut random = Random::new(seed ^ (batch * BATCH + number) as u64);
                random.word();
                grow::kernel(number, &mut random)
            })
            .collect();
        let Outcome {
            disagreements,
            refused: skipped,
        } = compare(&kernels, 61, seed.wrapping_add(batch as u64));
        if let Some(first) = disagreements.into_iter().next() {
            let small = shrink::shrink(first);
            panic!("seed {seed}, batch {batch}:\n{small}");
        }
        compared += kernels.len();
        refused.extend(skipped.into_iter().map(|(_, why)| why));
        batch += 1;
    }
    println!(
        "{compared} random kernels, {} of them refused, seed {seed}, {:.0?}",
        refused.len(),
        began.elapsed()
    );
    assert!(
        refused.len() * 1000 <= compared * REFUSED_PER_THOUSAND,
        "{} of {compared} kernels are refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
}

#[test]
fn a_kernel_is_shrunk_to_what_matters() {
    let broken = |kernel: &Kernel| kernel.text().contains('/');
    let kernel = (0..)
        .map(|seed| grow::kernel(0, &mut Random::new(seed)))
        .find(|kernel| broken(kernel) && kernel.size() > 40)
        .expect("there is a division in some kernel");
    let size = kernel.size();
    let small = shrink::smallest(kernel, &mut |candidates| candidates.iter().position(broken));
    assert!(broken(&small), "{}", small.text());
    assert!(
        2 * small.size() < size,
        "{} nodes:\n{}",
        small.size(),
        small.text()
    );
}
