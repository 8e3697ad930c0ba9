//! Trigonometric functions of radians of `f64`.

use crate::shape::Unary;

/// `sin`.
pub(crate) struct Sin;

impl Unary<f64> for Sin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.sin()
    }
}

/// `cos`.
pub(crate) struct Cos;

impl Unary<f64> for Cos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.cos()
    }
}

/// `tan`.
pub(crate) struct Tan;

impl Unary<f64> for Tan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.tan()
    }
}
