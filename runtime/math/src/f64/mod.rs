//! The functions of `f64`: one file for each family. See [`crate`] for what all of them hold.

pub(crate) mod bits;
pub(crate) mod double;
pub(crate) mod error;
pub(crate) mod exponential;
pub(crate) mod hyperbolic;
pub(crate) mod inverse;
pub(crate) mod logarithm;
pub(crate) mod power;
pub(crate) mod reduce;
pub(crate) mod root;
pub(crate) mod tabled;
pub(crate) mod tables;
pub(crate) mod trigonometric;
