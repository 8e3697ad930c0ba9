//! The error function and its complement of `f32`.

use crate::shape::Unary;

/// `erf`.
pub(crate) struct Erf;

impl Unary<f32> for Erf {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        libm::erff(x)
    }
}

/// `erfc`.
pub(crate) struct Erfc;

impl Unary<f32> for Erfc {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        libm::erfcf(x)
    }
}
