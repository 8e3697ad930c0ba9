//! Cube root and the length of a vector of `f32`.

use crate::shape::{Binary, Unary};

/// `cbrt`.
pub(crate) struct Cbrt;

impl Unary<f32> for Cbrt {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.cbrt()
    }
}

/// `hypot`.
pub(crate) struct Hypot;

impl Binary<f32> for Hypot {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        x.hypot(y)
    }
}
