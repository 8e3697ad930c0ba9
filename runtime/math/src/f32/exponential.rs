//! Exponentials of `f32`.
//!
//! `x = n ln 2 + r` with two parts of `ln 2` (after Cody and Waite), a polynomial of `r`, and a
//! product with `2^n`.

use super::wide::{self, horner, with_sign};
use crate::shape::Unary;

/// `x + ROUND` has the nearest integer to `x` in its low bits, for `|x|` below 2^22.
const ROUND: f32 = 12_582_912.0;

/// `p 2^n` for the low bits `n`, `p` about 1: in two steps, since the range of `2^n` is twice that
/// of the exponents of `f32`. The first product is exact, the second may round or overflow.
#[inline(always)]
fn scaled(p: f32, n: u32) -> f32 {
    const ONE: u32 = 0x3f80_0000;
    // Half of `n`, whose bits above the 8th are not part of it.
    let first = (n << 22) & 0xff80_0000;
    let second = (n << 23).wrapping_sub(first);
    p * f32::from_bits(first.wrapping_add(ONE)) * f32::from_bits(second.wrapping_add(ONE))
}

/// `exp`, in `f32`. Error: 0.877 ulp, over all inputs.
pub(crate) struct Exp;

impl Unary<f32> for Exp {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        // The first has 15 bits, so that its product with an exponent is exact.
        const LN_2: (f32, f32) = (0.693_145_75, 1.428_606_8e-6);
        let x = if x > 89.0 { 89.0 } else { x };
        let x = if x < -104.0 { -104.0 } else { x };
        let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
        let n = shifted - ROUND;
        let first = n.mul_add(-LN_2.0, x);
        let r = n.mul_add(-LN_2.1, first);
        let r_lo = n.mul_add(-LN_2.1, first - r);
        let q = horner!(r;
            0.49999994, 0.16666517, 0.041668102, 0.008369196, 0.0013839032);
        let p = 1.0 + ((r * r).mul_add(q, r_lo) + r);
        scaled(p, shifted.to_bits())
    }
}

/// `exp2`, in `f32`. Error: 0.894 ulp, over all inputs.
pub(crate) struct Exp2;

impl Unary<f32> for Exp2 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let x = if x > 129.0 { 129.0 } else { x };
        let x = if x < -151.0 { -151.0 } else { x };
        let shifted = x + ROUND;
        let r = x - (shifted - ROUND);
        let p = horner!(r;
            1.0, 0.69314724, 0.24022655, 0.055502724, 0.009617068, 0.0013417872, 0.00015824883);
        scaled(p, shifted.to_bits())
    }
}

/// `exp_m1`. Error: 0.505 ulp, over all inputs.
pub(crate) struct ExpM1;

impl Unary<f32> for ExpM1 {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let bound = if x > 89.0 { 89.0 } else { x };
        let bound = if bound < -30.0 { -30.0 } else { bound };
        with_sign(wide::exp_m1(f64::from(bound)) as f32, x)
    }
}
