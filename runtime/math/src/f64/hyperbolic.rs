//! Hyperbolic functions and their inverses of `f64`.

use crate::shape::Unary;

/// `sinh`.
pub(crate) struct Sinh;

impl Unary<f64> for Sinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.sinh()
    }
}

/// `cosh`.
pub(crate) struct Cosh;

impl Unary<f64> for Cosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.cosh()
    }
}

/// `tanh`.
pub(crate) struct Tanh;

impl Unary<f64> for Tanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.tanh()
    }
}

/// `asinh`.
pub(crate) struct Asinh;

impl Unary<f64> for Asinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.asinh()
    }
}

/// `acosh`.
pub(crate) struct Acosh;

impl Unary<f64> for Acosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.acosh()
    }
}

/// `atanh`.
pub(crate) struct Atanh;

impl Unary<f64> for Atanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        x.atanh()
    }
}
