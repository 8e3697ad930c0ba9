//! Which kernels of a file are compiled, and for which types.

use std::collections::BTreeSet;

use brolga::{ArgumentType, DType, FunctionMeta, resolve};

use crate::args::TypeList;
use crate::inspect;

/// What to do with one kernel of a file.
pub enum Step {
    /// Compile it for these types of its type parameters.
    Compile { function: String, types: Vec<DType> },
    /// Leave it, and say why.
    Leave { function: String, why: String },
}

/// The steps of a file's kernels, in its order. Type lists that fit a kernel are added to
/// `used`, by their numbers.
pub fn steps(
    kernels: &[FunctionMeta],
    lists: &[TypeList],
    used: &mut BTreeSet<usize>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for meta in kernels {
        let function = meta.name.clone();
        let leave = |why: String| Step::Leave {
            function: meta.name.clone(),
            why,
        };
        if meta.type_params.is_empty() {
            let types = Vec::new();
            steps.push(match meta.options.cache {
                true => Step::Compile { function, types },
                false => leave("its attribute keeps it out of the cache".to_string()),
            });
            continue;
        }
        let mut wanted: Vec<Vec<DType>> = Vec::new();
        for (number, list) in lists.iter().enumerate() {
            if let Some(types) = fitted(meta, list) {
                used.insert(number);
                if !wanted.contains(&types) {
                    wanted.push(types);
                }
            }
        }
        if wanted.is_empty() {
            let params = meta.params.len();
            let bounds = inspect::bounds(meta);
            let given = if lists.is_empty() {
                "give"
            } else {
                "no list fits: give"
            };
            steps.push(leave(format!(
                "generic over {bounds}; {given} the types of its {params} parameters with --types"
            )));
        } else if !meta.options.cache {
            steps.push(leave("its attribute keeps it out of the cache".to_string()));
        } else {
            steps.extend(wanted.into_iter().map(|types| Step::Compile {
                function: function.clone(),
                types,
            }));
        }
    }
    steps
}

/// The types of the type parameters that a call with operands of these types has.
fn fitted(meta: &FunctionMeta, list: &TypeList) -> Option<Vec<DType>> {
    let arguments: Vec<_> = list
        .0
        .iter()
        .map(|&dtype| Some(ArgumentType::Strong(dtype)))
        .collect();
    let resolution = resolve(meta, &arguments).ok()?;
    Some(resolution.types.to_vec())
}
