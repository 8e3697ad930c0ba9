//! Random gufuncs and jit functions over views: loops, indices, reductions and carried values, on
//! arrays of many lengths and layouts. rustc and Brolga must give the same results and write the
//! same elements; where one panics the other must, in the same line, with the same elements
//! written before it.
//!
//! For a bounded time: `BROLGA_GENERATED_SECONDS` (10 unless set), from the seed
//! `BROLGA_GENERATED_SEED` (1 unless set). A quarter of an hour of new kernels:
//! `BROLGA_GENERATED_SECONDS=900 BROLGA_GENERATED_SEED=$(date +%s) cargo test -p brolga --test
//! generated gufuncs`, and `jit` in place of `gufuncs`. All lengths and layouts of a kernel run
//! under each of its combinations.

mod brolga;
mod compare;
mod grow;
mod index;
mod inputs;
mod iterate;
mod kernel;
mod rustc;
mod shrink;
mod store;

use std::time::{Duration, Instant};

use brolga_oracle::values::Random;

use super::{REFUSED_PER_THOUSAND, setting};
use compare::{Outcome, compare};
use kernel::{Kind, ViewKernel};

/// How many kernels are compiled together.
const BATCH: usize = 32;

/// The kernels of a batch.
fn batch(kind: Kind, seed: u64, batch: usize) -> Vec<ViewKernel> {
    (0..BATCH)
        .map(|number| {
            let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut random = Random::new(mixed ^ (batch * BATCH + number) as u64);
            random.word();
            grow::kernel(kind, number, &mut random)
        })
        .collect()
}

/// Random kernels of a kind for the time that is set.
fn agree(kind: Kind) {
    let seed = setting("BROLGA_GENERATED_SEED", 1);
    let limit = Duration::from_secs(setting("BROLGA_GENERATED_SECONDS", 10));
    let began = Instant::now();
    let (mut compared, mut refused, mut number) = (0, Vec::new(), 0);
    let (mut runs, mut calls, mut panics) = (0, 0, 0);
    while number == 0 || began.elapsed() < limit {
        let kernels = batch(kind, seed, number);
        let outcome: Outcome = compare(&kernels, seed.wrapping_add(number as u64));
        let texts: Vec<String> = outcome
            .disagreements
            .iter()
            .map(ToString::to_string)
            .collect();
        if let Some(first) = outcome.disagreements.into_iter().next() {
            let all = texts.join("\n\n");
            println!(
                "seed {seed}, batch {number}, {} kernels:\n{all}",
                texts.len()
            );
            let small = shrink::shrink(first, seed.wrapping_add(number as u64));
            panic!("seed {seed}, batch {number}, the first shrunk:\n{small}");
        }
        compared += kernels.len();
        runs += outcome.runs;
        calls += outcome.calls;
        panics += outcome.panics;
        let skipped = outcome.refused.into_iter();
        refused.extend(skipped.map(|(at, why)| format!("{why}\n{}", kernels[at].text())));
        number += 1;
    }
    println!(
        "{compared} random kernels, {} of them refused, {runs} compiled under a combination, \
         {calls} calls, {panics} of them panics, seed {seed}, {:.0?}",
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
fn random_gufuncs_over_views_agree_with_rustc() {
    agree(Kind::Guvectorize);
}

#[test]
fn random_jit_functions_over_views_agree_with_rustc() {
    agree(Kind::Jit);
}

#[test]
fn every_loop_and_index_is_in_some_kernel() {
    let kernels = [Kind::Guvectorize, Kind::Jit]
        .into_iter()
        .flat_map(|kind| (0..6).flat_map(move |number| batch(kind, 1, number)));
    let texts: Vec<String> = kernels.map(|kernel| kernel.text()).collect();
    let all = texts.join("\n");
    let constructs = "in 0..|in 1..|.saturating_sub(|.rev()|.step_by(|while |.iter().enumerate()|\
        .zip(|.rows()|.iter().fold(|.iter().sum::<|.row(|.slice(s![|.slice_mut(s![|break '|\
        continue '|.len() - 1 - | % |.min(|return|ArrayViewMut0|ArrayViewMut1|ArrayViewMut2|\
        ArrayView2|.nrows()|.ncols()|.column(|.iter_mut()|.swap(|.fill(|.assign(|Array1::<|.dot(";
    let missing: Vec<&str> = constructs
        .split('|')
        .filter(|construct| !all.contains(construct))
        .collect();
    assert!(missing.is_empty(), "in no kernel: {missing:?}");
}
