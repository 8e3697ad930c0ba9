//! Hyperbolic functions and their inverses of `f32`.

use crate::shape::Unary;

/// `sinh`.
pub(crate) struct Sinh;

impl Unary<f32> for Sinh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.sinh()
    }
}

/// `cosh`.
pub(crate) struct Cosh;

impl Unary<f32> for Cosh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.cosh()
    }
}

/// `tanh`.
pub(crate) struct Tanh;

impl Unary<f32> for Tanh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.tanh()
    }
}

/// `asinh`.
pub(crate) struct Asinh;

impl Unary<f32> for Asinh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.asinh()
    }
}

/// `acosh`.
pub(crate) struct Acosh;

impl Unary<f32> for Acosh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.acosh()
    }
}

/// `atanh`.
pub(crate) struct Atanh;

impl Unary<f32> for Atanh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        x.atanh()
    }
}
