//! The error function and its complement of `f64`.

use crate::shape::Unary;

/// `erf`.
pub(crate) struct Erf;

impl Unary<f64> for Erf {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        libm::erf(x)
    }
}

/// `erfc`.
pub(crate) struct Erfc;

impl Unary<f64> for Erfc {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        libm::erfc(x)
    }
}
