//! Exponentials of `f64`.

use crate::shape::Unary;

/// `exp`.
pub(crate) struct Exp;

impl Unary<f64> for Exp {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.exp()
    }
}

/// `exp2`.
pub(crate) struct Exp2;

impl Unary<f64> for Exp2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.exp2()
    }
}

/// `exp_m1`.
pub(crate) struct ExpM1;

impl Unary<f64> for ExpM1 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.exp_m1()
    }
}
