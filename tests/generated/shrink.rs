//! Makes a kernel smaller while it stays interesting. Invariant: what is tried is well
//! scoped and well typed.

use brolga_lang::ir::Scalar;

use super::compare::{Disagreement, compare_on, random_rows, rotating};
use super::grow::literal;
use super::node::{Kernel, Node, Sort, Ty};

/// How many candidates are tried together.
const TOGETHER: usize = 40;

/// A smaller kernel on which the two sides still disagree.
pub fn shrink(disagreement: Disagreement) -> Disagreement {
    let mut last = disagreement.clone();
    // The combination in which it was seen, since another may agree.
    let rotating = rotating();
    let combinations = move |kernel| match disagreement.combination {
        Some(number) => vec![number],
        None => rotating(kernel),
    };
    smallest(disagreement.kernel, &mut |candidates| {
        let renamed: Vec<Kernel> = candidates
            .iter()
            .enumerate()
            .map(|(number, kernel)| Kernel {
                name: format!("k{number}"),
                ..kernel.clone()
            })
            .collect();
        let first = first_wrong(&renamed, &combinations)?;
        let number = first.kernel.name[1..].parse().ok()?;
        last = first;
        Some(number)
    });
    last
}

/// The first kernel on which the sides differ. Steps can give what rustc refuses (two closures
/// that borrow one variable): what is beside it is tried by itself.
fn first_wrong(
    kernels: &[Kernel],
    combinations: &dyn Fn(usize) -> Vec<usize>,
) -> Option<Disagreement> {
    match compare_on(kernels, &random_rows(kernels, 200, 1), combinations) {
        Ok(outcome) => outcome.disagreements.into_iter().next(),
        Err(_) if kernels.len() < 2 => None,
        Err(_) => {
            let (left, right) = kernels.split_at(kernels.len() / 2);
            first_wrong(left, combinations).or_else(|| first_wrong(right, combinations))
        }
    }
}

/// The smallest kernel that is reached by steps to candidates that `interesting` picks.
pub fn smallest(
    mut kernel: Kernel,
    interesting: &mut dyn FnMut(&[Kernel]) -> Option<usize>,
) -> Kernel {
    loop {
        let mut candidates = candidates(&kernel);
        candidates.sort_by_key(Kernel::size);
        let next = candidates
            .chunks(TOGETHER)
            .find_map(|chunk| Some(chunk[interesting(chunk)?].clone()));
        match next {
            Some(smaller) => kernel = smaller,
            None => return kernel,
        }
    }
}

/// Kernels that are one step smaller: a part replaced by a part of itself of the same sort, or
/// by a literal.
fn candidates(kernel: &Kernel) -> Vec<Kernel> {
    let mut list = Vec::new();
    for number in 0..kernel.size() {
        let mut whole = kernel.body.clone();
        let Some(part) = whole.part_mut(&mut { number }) else {
            continue;
        };
        let mut replacements = Vec::new();
        part.each(&mut |inner| {
            if inner.sort == part.sort {
                replacements.push(inner.clone());
            }
        });
        match part.sort {
            Sort::Value(Ty::Scalar(ty)) if !part.kids.is_empty() => {
                for word in [0, 1] {
                    replacements.push(Node::new(part.sort.clone(), simple(ty, word), Vec::new()));
                }
            }
            Sort::Unit if !part.template.is_empty() => {
                replacements.push(Node::new(Sort::Unit, "", Vec::new()));
            }
            _ => {}
        }
        for replacement in replacements {
            let mut body = kernel.body.clone();
            if let Some(part) = body.part_mut(&mut { number }) {
                *part = replacement;
            }
            let smaller = Kernel {
                body,
                ..kernel.clone()
            };
            if smaller.size() < kernel.size() && smaller.well_scoped() {
                list.push(smaller);
            }
        }
    }
    list
}

fn simple(ty: Scalar, word: u64) -> String {
    match ty {
        Scalar::F32 => literal(ty, u64::from((word as f32).to_bits())),
        Scalar::F64 => literal(ty, (word as f64).to_bits()),
        _ => literal(ty, word),
    }
}
