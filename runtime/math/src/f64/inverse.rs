//! Inverse trigonometric functions of `f64`.

use crate::shape::{Binary, Unary};

/// `asin`.
pub(crate) struct Asin;

impl Unary<f64> for Asin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.asin()
    }
}

/// `acos`.
pub(crate) struct Acos;

impl Unary<f64> for Acos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.acos()
    }
}

/// `atan`.
pub(crate) struct Atan;

impl Unary<f64> for Atan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.atan()
    }
}

/// `atan2`.
pub(crate) struct Atan2;

impl Binary<f64> for Atan2 {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        x.atan2(y)
    }
}
