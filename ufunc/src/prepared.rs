//! What a call would do, found without doing it.

use brolga_abi::{DType, Dims};

use crate::dispatch::{DTypes, Resolution};

/// The specialisation that a call takes and the outputs that it has. Preparing a call
/// compiles its kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prepared {
    /// The types of the type parameters.
    pub types: DTypes,
    /// The element type and the shape of each output.
    pub outputs: Vec<(DType, Dims)>,
}

impl Prepared {
    pub(crate) fn new(
        resolution: &Resolution,
        outputs: impl Iterator<Item = (DType, Dims)>,
    ) -> Prepared {
        Prepared {
            types: resolution.types.clone(),
            outputs: outputs.collect(),
        }
    }
}
