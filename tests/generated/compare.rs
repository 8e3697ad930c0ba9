//! Both sides of a batch of kernels, on the same rows.

use brolga_oracle::values::{Domain, Random, edge_values};

use super::brolga_side;
use super::combinations::{Combination, Rotation, Runtimes};
use super::node::Kernel;
use super::rustc_side;

/// A kernel on which the two sides differ.
#[derive(Clone, Debug)]
pub struct Disagreement {
    pub kernel: Kernel,
    pub why: String,
    /// The number of the combination that gives it; `None` if any does.
    pub combination: Option<usize>,
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#[vectorize]\n{}{}", self.kernel.text(), self.why)
    }
}

/// What the comparison of a batch gives.
pub struct Outcome {
    pub disagreements: Vec<Disagreement>,
    /// The kernels that Brolga refuses, with its reason.
    pub refused: Vec<(usize, String)>,
}

/// Rows of random arguments for each kernel.
pub fn random_rows(kernels: &[Kernel], rows: usize, seed: u64) -> Vec<Vec<Vec<u64>>> {
    let mut random = Random::new(seed);
    kernels
        .iter()
        .map(|kernel| (0..rows).map(|_| row(kernel, &mut random)).collect())
        .collect()
}

/// Compares kernels on `rows` rows each.
pub fn compare(kernels: &[Kernel], rows: usize, seed: u64) -> Outcome {
    let rows = random_rows(kernels, rows, seed);
    compare_on(kernels, &rows, &rotating())
        .unwrap_or_else(|e| panic!("rustc refuses a generated kernel:\n{e}"))
}

/// The combinations of this run for the kernel of a number.
pub fn rotating() -> impl Fn(usize) -> Vec<usize> {
    let rotation = Rotation::of_this_run();
    move |kernel| rotation.of_kernel(kernel)
}

/// Compares kernels on their rows under the combinations of each. What rustc refuses is an error.
pub fn compare_on(
    kernels: &[Kernel],
    rows: &[Vec<Vec<u64>>],
    combinations: &dyn Fn(usize) -> Vec<usize>,
) -> Result<Outcome, String> {
    let expected = rustc_side::run(kernels, rows)?;
    let runtimes = Runtimes::default();
    let mut outcome = Outcome {
        disagreements: Vec::new(),
        refused: Vec::new(),
    };
    for (number, kernel) in kernels.iter().enumerate() {
        for setting in combinations(number) {
            let (combination, runtime) = (Combination::new(setting), runtimes.of(setting));
            let module = brolga_side::module(runtime, kernels, number);
            let ufunc = match brolga_side::ufunc(&module, kernel) {
                Ok(ufunc) => ufunc,
                Err(why) => {
                    outcome.refused.push((number, why));
                    break;
                }
            };
            let checked = brolga_side::check(
                (combination, runtime),
                &ufunc,
                kernel,
                &rows[number],
                &expected[number],
            );
            if let Err(why) = checked {
                outcome.disagreements.push(Disagreement {
                    kernel: kernel.clone(),
                    why: format!("{combination} (combination {setting}): {why}"),
                    combination: Some(setting),
                });
                break;
            }
        }
    }
    Ok(outcome)
}

/// Arguments: edges as often as random values.
fn row(kernel: &Kernel, random: &mut Random) -> Vec<u64> {
    kernel
        .params
        .iter()
        .map(|param| {
            let dtype = param.scalar().dtype();
            let edges = edge_values(dtype);
            let word = match random.below(2) {
                0 => edges[random.below(edges.len())],
                _ => random.value(dtype, Domain::Any),
            };
            word as u64
        })
        .collect()
}
