//! Cube root and the length of a vector of `f64`.

use crate::shape::{Binary, Unary};

/// `cbrt`.
pub(crate) struct Cbrt;

impl Unary<f64> for Cbrt {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.cbrt()
    }
}

/// `hypot`.
pub(crate) struct Hypot;

impl Binary<f64> for Hypot {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        x.hypot(y)
    }
}
