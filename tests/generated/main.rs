//! Generated kernels: rustc and Brolga must agree on kernels that nobody wrote.
//!
//! - Every operation, cast and method by itself, on the edge values of its types; the tables of
//!   the checker are read, so that a new method needs an operation here.
//! - All 16-bit floats, and the ties between them.
//! - Random well-typed kernels for a bounded time: `BROLGA_GENERATED_SECONDS` (10 unless
//!   set), from the seed `BROLGA_GENERATED_SEED` (1 unless set). One hour of new kernels:
//!   `BROLGA_GENERATED_SECONDS=3600 BROLGA_GENERATED_SEED=$(date +%s) cargo test --test generated random_kernels`.
//! - Random gufuncs and jit functions over views, in the same way (`views`).
//!
//! Brolga's side runs under a rotating part of the combinations of compiler settings, machines and
//! loops, as tests/oracle.rs does, and under all of them with `BROLGA_ORACLE_ROTATION=all`
//! (`tests/common/combinations.rs`). rustc's side calls Brolga's elementary functions
//! (`tests/functions` says how and why).
//!
//! A disagreement is shrunk to a small kernel and printed. Invariant: a seed and a batch
//! number give the same kernels on every machine.

mod brolga_side;
#[path = "../common/combinations.rs"]
mod combinations;
mod compare;
mod grow;
mod methods;
mod node;
mod operations;
mod regressions;
mod rustc_side;
mod shrink;
mod views;

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
    let batches: Vec<&[Kernel]> = kernels.chunks(400).collect();
    // rustc takes most of the time, so two batches at a time.
    for pair in batches.chunks(2) {
        let outcomes: Vec<(&[Kernel], Outcome)> = std::thread::scope(|scope| {
            let started: Vec<_> = pair
                .iter()
                .map(|batch| scope.spawn(move || (*batch, compare(batch, 500, 3))))
                .collect();
            started
                .into_iter()
                .map(|thread| thread.join().expect("the comparison does not panic"))
                .collect()
        });
        for (batch, outcome) in outcomes {
            wrong.extend(outcome.disagreements);
            let refused = outcome.refused.iter();
            wrong.extend(refused.map(|(number, why)| Disagreement {
                kernel: batch[*number].clone(),
                why: format!("Brolga refuses it: {why}"),
                combination: None,
            }));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} operations:\n{}",
        wrong.len(),
        kernels.len(),
        report(&wrong)
    );
}

/// Values of a 16-bit float, those half way between neighbours, and what is next to these.
fn near_ties(widen: fn(u16) -> f64, word: fn(f64) -> u64, step: u64) -> Vec<Vec<u64>> {
    let mut rows = Vec::new();
    for bits in (0..=u16::MAX).step_by(11) {
        let (own, next) = (widen(bits), widen(bits.wrapping_add(1)));
        for value in [own, (own + next) / 2.0] {
            let tie = word(value);
            rows.extend([tie, tie.wrapping_add(step), tie.wrapping_sub(step)].map(|w| vec![w]));
        }
    }
    rows
}

#[test]
fn sixteen_bit_floats_convert_as_in_rustc() {
    use brolga::prelude::{bf16, f16};
    let all: Vec<Vec<u64>> = (0..=u64::from(u16::MAX)).map(|bits| vec![bits]).collect();
    let (mut kernels, mut rows) = (Vec::new(), Vec::new());
    for (name, widen) in [
        (
            "f16",
            (|bits| f16::from_bits(bits).to_f64()) as fn(u16) -> f64,
        ),
        ("bf16", |bits| bf16::from_bits(bits).to_f64()),
    ] {
        let mine = |o: &&operations::Operation| {
            o.args.len() == 1 && o.template.contains(&format!(" {name}::from_"))
                || o.args.len() == 1 && o.template.starts_with(&format!("{name}::"))
                || o.args.len() == 1 && o.template.contains(&format!("({name}::"))
        };
        for operation in operations::all().iter().filter(mine) {
            rows.push(match operation.args[0] {
                brolga_lang::ir::Scalar::F32 => {
                    near_ties(widen, |x| u64::from((x as f32).to_bits()), 1)
                }
                brolga_lang::ir::Scalar::F64 => near_ties(widen, f64::to_bits, 1),
                _ => all.clone(),
            });
            kernels.push(operation.alone(kernels.len()));
        }
    }
    assert!(kernels.len() > 20, "{}", kernels.len());
    let outcome = compare::compare_on(&kernels, &rows, &compare::rotating())
        .expect("rustc takes the operations");
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert!(
        outcome.disagreements.is_empty(),
        "{}",
        report(&outcome.disagreements)
    );
}

#[test]
fn random_kernels_agree_with_rustc() {
    let seed = setting("BROLGA_GENERATED_SEED", 1);
    let limit = Duration::from_secs(setting("BROLGA_GENERATED_SECONDS", 10));
    let began = Instant::now();
    let (mut compared, mut refused, mut batch) = (0, Vec::new(), 0);
    while batch == 0 || began.elapsed() < limit {
        let kernels: Vec<Kernel> = (0..BATCH)
            .map(|number| {
                let mut random = Random::new(
                    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (batch * BATCH + number) as u64,
                );
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
fn every_construct_is_in_some_kernel() {
    let texts: Vec<String> = (0..400)
        .map(|seed| grow::kernel(0, &mut Random::new(seed)).text())
        .collect();
    let all = texts.join("\n");
    let constructs = "struct S|enum E|if let Some(|while let Some(|) else {|)?|&mut |&mut self|\
        std::mem::swap|.fold(|.sum::<|.product::<|.min()|.max()|.any(|.all(|.count()|.find(|.last()|\
        .nth(|.map(|.filter(|.take_while(|.skip_while(|.rev()|.skip(|.take(|.step_by(|.chain(|.zip(|\
        .enumerate()|.into_iter()|.iter().copied()|Array1::<|.len()|.and_then(|.xor(|.checked_add(|\
        None::<|Some(|::A|impl S|let mut c|continue 'l|break 'l|return |match |for |loop {|while ";
    let missing: Vec<&str> = constructs
        .split('|')
        .filter(|construct| !all.contains(construct))
        .collect();
    assert!(missing.is_empty(), "in no kernel: {missing:?}");
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
