//! Inverse trigonometric functions of `f32`.

use crate::shape::{Binary, Unary};

/// `asin`.
pub(crate) struct Asin;

impl Unary<f32> for Asin {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.asin()
    }
}

/// `acos`.
pub(crate) struct Acos;

impl Unary<f32> for Acos {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.acos()
    }
}

/// `atan`.
pub(crate) struct Atan;

impl Unary<f32> for Atan {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.atan()
    }
}

/// `atan2`.
pub(crate) struct Atan2;

impl Binary<f32> for Atan2 {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        x.atan2(y)
    }
}
