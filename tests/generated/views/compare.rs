//! Both sides of a batch of kernels over views, on the same operands.

use brolga_oracle::values::Random;

use super::super::combinations::{Combination, Runtimes};
use super::super::compare::rotating;
use super::inputs::{Call, Layout, calls};
use super::kernel::{Kind, ViewKernel};
use super::{brolga, rustc};

/// A kernel on which the two sides differ.
#[derive(Clone, Debug)]
pub struct Disagreement {
    pub kernel: ViewKernel,
    /// Its place in the batch.
    pub number: usize,
    pub why: String,
    /// The number of the combination that gives it.
    pub combination: usize,
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.kernel.text(), self.why)
    }
}

/// What the comparison of a batch gives.
#[derive(Default)]
pub struct Outcome {
    pub disagreements: Vec<Disagreement>,
    /// The kernels that Brolga refuses, with its reason.
    pub refused: Vec<(usize, String)>,
    /// How many pairs of kernel and combination were compared, on how many calls, how many of
    /// which panic.
    pub runs: usize,
    pub calls: usize,
    pub panics: usize,
}

/// Compares kernels under the combinations of this run. Where rustc refuses one (the generator knows
/// little of borrows) the others are compared without it.
pub fn compare(kernels: &[ViewKernel], seed: u64) -> Outcome {
    match compare_under(kernels, seed, &rotating()) {
        Ok(outcome) => outcome,
        Err(why) if kernels.len() < 2 => Outcome {
            refused: vec![(0, format!("rustc: {why}"))],
            ..Outcome::default()
        },
        Err(_) => {
            let (left, right) = kernels.split_at(kernels.len() / 2);
            let (mut all, second) = (compare(left, seed), compare(right, seed));
            all.disagreements.extend(second.disagreements);
            let refused = second.refused.into_iter();
            all.refused
                .extend(refused.map(|(number, why)| (left.len() + number, why)));
            all.runs += second.runs;
            all.calls += second.calls;
            all.panics += second.panics;
            all
        }
    }
}

/// Compares kernels under the combinations of each. What rustc refuses is an error.
pub fn compare_under(
    kernels: &[ViewKernel],
    seed: u64,
    combinations: &dyn Fn(usize) -> Vec<usize>,
) -> Result<Outcome, String> {
    let mut random = Random::new(seed);
    let calls: Vec<Vec<Call>> = kernels.iter().map(|k| calls(k, &mut random)).collect();
    let expected = rustc::run(kernels, &calls)?;
    let runtimes = Runtimes::default();
    let mut outcome = Outcome::default();
    for (number, kernel) in kernels.iter().enumerate() {
        for setting in combinations(number) {
            let under = (Combination::new(setting), runtimes.of(setting));
            let module = brolga::module(under.1, kernels, number);
            let function = match brolga::function(&module, kernel) {
                Ok(function) => function,
                Err(why) => {
                    outcome.refused.push((number, why));
                    break;
                }
            };
            outcome.runs += 1;
            outcome.calls += calls[number].len();
            let panics = expected[number].iter().filter(|g| g.results.is_err());
            outcome.panics += panics.count();
            let checked = check(
                under,
                &function,
                kernel,
                &calls[number],
                &expected[number],
                &mut random,
            );
            if let Err(why) = checked {
                if let Some((_, why)) = why.split_once(brolga::REFUSED) {
                    outcome.refused.push((number, why.to_string()));
                    break;
                }
                outcome.disagreements.push(Disagreement {
                    kernel: kernel.clone(),
                    number,
                    why: format!("{} (combination {setting}): {why}", under.0),
                    combination: setting,
                });
                break;
            }
        }
    }
    Ok(outcome)
}

/// All calls of a kernel, each tight and in other layouts, and those of a gufunc together.
fn check(
    under: (Combination, &::brolga::Runtime),
    function: &brolga::Function,
    kernel: &ViewKernel,
    calls: &[Call],
    expected: &[rustc::Given],
    random: &mut Random,
) -> Result<(), String> {
    let tight = vec![Layout::Tight; kernel.axes.len()];
    for (calls, expected) in calls.chunks(2).zip(expected.chunks(2)) {
        let other: Vec<Layout> = tight.iter().map(|_| Layout::random(random)).collect();
        for layouts in [&tight, &other] {
            for (call, expected) in calls.iter().zip(expected) {
                brolga::check(under, function, kernel, call, layouts, expected)
                    .map_err(|why| format!("shapes {:?}, {layouts:?}: {why}", call.shapes))?;
            }
            let fine = expected.iter().all(|given| given.results.is_ok());
            if fine && kernel.kind == Kind::Guvectorize {
                brolga::check_together(under, function, kernel, calls, layouts, expected)
                    .map_err(|why| format!("shapes {:?}, {layouts:?}: {why}", calls[0].shapes))?;
            }
        }
    }
    Ok(())
}
