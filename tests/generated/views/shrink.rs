//! Makes a kernel over views smaller while the two sides differ on it.

use super::super::node::Kernel;
use super::super::shrink::smallest;
use super::compare::{Disagreement, compare_under};
use super::kernel::ViewKernel;

/// A smaller kernel on which the two sides still disagree.
pub fn shrink(disagreement: Disagreement, seed: u64) -> Disagreement {
    let mut last = disagreement.clone();
    let whole = disagreement.kernel.clone();
    let combination = disagreement.combination;
    smallest(disagreement.kernel.kernel, &mut |candidates| {
        let renamed = |(number, kernel): (usize, &Kernel)| {
            whole.with(Kernel {
                name: format!("k{number}"),
                ..kernel.clone()
            })
        };
        let kernels: Vec<ViewKernel> = candidates.iter().enumerate().map(renamed).collect();
        let (number, first) = first_wrong(&kernels, 0, seed, combination)?;
        last = first;
        Some(number)
    });
    last
}

/// The first kernel on which the sides differ. Steps can give what rustc refuses: what is beside
/// it is tried by itself.
fn first_wrong(
    kernels: &[ViewKernel],
    before: usize,
    seed: u64,
    combination: usize,
) -> Option<(usize, Disagreement)> {
    match compare_under(kernels, seed, &|_| vec![combination]) {
        Ok(outcome) => {
            let first = outcome.disagreements.into_iter().next()?;
            Some((before + first.number, first))
        }
        Err(_) if kernels.len() < 2 => None,
        Err(_) => {
            let (left, right) = kernels.split_at(kernels.len() / 2);
            first_wrong(left, before, seed, combination)
                .or_else(|| first_wrong(right, before + left.len(), seed, combination))
        }
    }
}
