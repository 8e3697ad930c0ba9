//! Trigonometric functions of radians of `f32`.

use crate::shape::Unary;

/// `sin`.
pub(crate) struct Sin;

impl Unary<f32> for Sin {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.sin()
    }
}

/// `cos`.
pub(crate) struct Cos;

impl Unary<f32> for Cos {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.cos()
    }
}

/// `tan`.
pub(crate) struct Tan;

impl Unary<f32> for Tan {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.tan()
    }
}
