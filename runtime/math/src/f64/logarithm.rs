//! Logarithms of `f64`.

use crate::shape::Unary;

/// `ln`.
pub(crate) struct Ln;

impl Unary<f64> for Ln {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.ln()
    }
}

/// `ln_1p`.
pub(crate) struct Ln1p;

impl Unary<f64> for Ln1p {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.ln_1p()
    }
}

/// `log2`.
pub(crate) struct Log2;

impl Unary<f64> for Log2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.log2()
    }
}

/// `log10`.
pub(crate) struct Log10;

impl Unary<f64> for Log10 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.log10()
    }
}
