//! Exponentials of `f32`.

use crate::shape::Unary;

/// `exp`.
pub(crate) struct Exp;

impl Unary<f32> for Exp {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.exp()
    }
}

/// `exp2`.
pub(crate) struct Exp2;

impl Unary<f32> for Exp2 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.exp2()
    }
}

/// `exp_m1`.
pub(crate) struct ExpM1;

impl Unary<f32> for ExpM1 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.exp_m1()
    }
}
