//! The error function and its complement of `f32`.
//!
//! `erf` is an odd polynomial below 1, and above it 1 less a power of 2 whose exponent is a
//! polynomial. `erfc` is `e^(-x^2)` times a polynomial of `(x - 2) / (x + 2)` (after Shepherd and
//! Laframboise, Math. Comp. 36, 1981).

use super::wide::{self, polynomial, with_sign};
use crate::shape::Unary;

/// `erf`. Error: 0.506 ulp, over all inputs.
pub(crate) struct Erf;

impl Unary<f32> for Erf {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = if x.abs() > 4.0 { 4.0 } else { x.abs() };
        let a = f64::from(a);
        let small = a * polynomial!(a * a;
            1.1283791670580314, -0.3761263843469225, 0.11283781974653903, -0.026865400068716367,
            0.005220945493362751, -0.0008482829554659059, 0.00011256952065382326,
            -9.641525759187139e-06);
        // -log2 of erfc.
        let tail = polynomial!(a;
            -0.00027190131243366326, 1.6296399115550966, 0.9135381610057824, 0.15642001829622268,
            -0.036370826993942486, 0.006066941326388078, -0.0006369099335680168,
            3.1302997283983076e-05);
        let large = 1.0 - wide::exp2(-tail);
        with_sign((if a < 1.0 { small } else { large }) as f32, x)
    }
}

/// `erfc`. Error: 0.559 ulp, over all inputs.
pub(crate) struct Erfc;

impl Unary<f32> for Erfc {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = if x.abs() > 10.1 { 10.1 } else { x.abs() };
        let a = f64::from(a);
        // (a - 2) / (a + 2), of which erfc(a) e^(a^2) is a smooth function.
        let t = (-4.0f64).mul_add(wide::reciprocal(a + 2.0), 1.0);
        let p = polynomial!(t;
            0.255395676553189, -0.42718585302283407, 0.24165817570382817, -0.07897836222321082,
            0.0037331417784829484, 0.006995152689366205, -0.0008487272873831794,
            -0.0009719434369571834, 4.9787620377943417e-05, 0.00015451070476315984,
            1.3612681773412783e-05, -1.1839335149192488e-05);
        let tail = p * wide::exp2(-(a * a) * std::f64::consts::LOG2_E);
        (if x < 0.0 { 2.0 - tail } else { tail }) as f32
    }
}
