//! The functions of `f32`: one file for each family. See [`crate`] for what all of them hold.
//!
//! Exponentials and logarithms of the whole range and `hypot` compute in `f32`, everything else in
//! `f64` with one rounding at the end (`wide`). The coefficients of all polynomials are those of
//! `scripts/minimax_f32.py`.
//!
//! Errors are the largest that `tests/f32_sweep.rs` and `tests/f32_binary.rs` saw; no result is
//! more than one step away from the correctly rounded one.

pub(crate) mod error;
pub(crate) mod exponential;
pub(crate) mod hyperbolic;
pub(crate) mod inverse;
pub(crate) mod logarithm;
pub(crate) mod power;
pub(crate) mod root;
pub(crate) mod trigonometric;
mod wide;
