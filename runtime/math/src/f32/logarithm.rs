//! Logarithms of `f32`.
//!
//! `x = 2^k (1 + f)`, and the logarithm of `1 + f` is `f` in its unit and a polynomial times `f^2`.

use super::wide::{self, horner, with_sign};
use crate::shape::Unary;

/// `k` and `f` with `x = 2^k (1 + f)`, `1 + f` between the square roots of 1/2 and 2.
#[inline(always)]
fn parts(x: f32) -> (f32, f32) {
    const ROOT_HALF: u32 = 0x3f35_04f3;
    let tiny = x < f32::MIN_POSITIVE;
    let normal = if tiny { x * 8_388_608.0 } else { x };
    let lowered = if tiny { -23.0 } else { 0.0 };
    let bits = normal.to_bits().wrapping_sub(ROOT_HALF);
    let k = (bits as i32 >> 23) as f32 + lowered;
    let m = f32::from_bits((bits & 0x007f_ffff) + ROOT_HALF);
    (k, m - 1.0)
}

/// `result` if `x` is positive and finite, otherwise the logarithm of such an `x`.
#[inline(always)]
fn unless_special(x: f32, result: f32) -> f32 {
    let special = if x < 0.0 { f32::NAN } else { x };
    let special = if x == 0.0 { f32::NEG_INFINITY } else { special };
    if x.to_bits().wrapping_sub(1) < 0x7f7f_ffff {
        result
    } else {
        special
    }
}

/// `ln`, in `f32`. Error: 0.876 ulp, over all inputs.
pub(crate) struct Ln;

impl Unary<f32> for Ln {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        const LN_2: (f32, f32) = (std::f32::consts::LN_2, -1.904_654_2e-9);
        let (k, f) = parts(x);
        let q = horner!(f;
            -0.49999988, 0.33333325, -0.25001562, 0.20001619, -0.1660927, 0.14192136,
            -0.1325526, 0.12833089, -0.07491065);
        let t = (f * f).mul_add(q, k * LN_2.1);
        unless_special(x, k.mul_add(LN_2.0, f + t))
    }
}

/// `ln_1p`. Error: 0.511 ulp, over all inputs.
pub(crate) struct Ln1p;

impl Unary<f32> for Ln1p {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let result = with_sign(wide::ln_1p(f64::from(x)) as f32, x);
        let special = if x < -1.0 { f32::NAN } else { x };
        let special = if x == -1.0 {
            f32::NEG_INFINITY
        } else {
            special
        };
        if x > -1.0 && x < f32::INFINITY {
            result
        } else {
            special
        }
    }
}

/// `log2`, in `f32`. Error: 0.986 ulp, over all inputs.
pub(crate) struct Log2;

impl Unary<f32> for Log2 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        const LOG2_E: (f32, f32) = (std::f32::consts::LOG2_E, 1.925_963e-8);
        let (k, f) = parts(x);
        let q = horner!(f;
            -0.72134733, 0.4808982, -0.36069855, 0.28857172, -0.239575, 0.20447342,
            -0.19125806, 0.18721163, -0.11094729);
        let t = (f * f).mul_add(q, f * LOG2_E.1);
        unless_special(x, k + f.mul_add(LOG2_E.0, t))
    }
}

/// `log10`, in `f32`. Error: 0.917 ulp, over all inputs.
pub(crate) struct Log10;

impl Unary<f32> for Log10 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        const LOG10_E: (f32, f32) = (std::f32::consts::LOG10_E, -1.010_305e-8);
        const LOG10_2: (f32, f32) = (std::f32::consts::LOG10_2, -1.432_098_9e-8);
        let (k, f) = parts(x);
        let q = horner!(f;
            -0.21714719, 0.14476478, -0.10858072, 0.08686972, -0.07212925, 0.06153104,
            -0.05747309, 0.05647207, -0.03377253);
        let t = k.mul_add(LOG10_2.1, (f * f).mul_add(q, f * LOG10_E.1));
        unless_special(x, k.mul_add(LOG10_2.0, f.mul_add(LOG10_E.0, t)))
    }
}
