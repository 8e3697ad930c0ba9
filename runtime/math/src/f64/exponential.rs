//! Exponentials of `f64`.
//!
//! All of them split the argument into `k ln 2 + r`, `k` an integer and `|r| <= ln(2)/2`, by two
//! fused steps (W. J. Cody and W. Waite, 1980), and take `e^r = 1 + r + r^2 q(r)` with a minimax
//! `q` (`scripts/minimax_f64.py`), where `1 + r` is kept in two parts. Nothing is looked up: the
//! formulas are for vectors.

use super::bits::{ROUNDER, polynomial, power_of_two, scale};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
use crate::shape::Unary;

pub(crate) const LN_2_HI: f64 = 0.693_147_180_559_945_3;
pub(crate) const LN_2_LO: f64 = 2.319_046_813_846_299_6e-17;
const LOG2_E: f64 = std::f64::consts::LOG2_E;

/// `(e^r - 1 - r) / r^2`, to `2^-61` after its weight `r^2`.
const EXP: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_82,
    0.041_666_666_666_666_71,
    0.008_333_333_333_318_085,
    0.001_388_888_888_886_116_2,
    0.000_198_412_698_942_608_95,
    2.480_158_736_981_147_2e-5,
    2.755_723_665_791_887_6e-6,
    2.755_723_599_917_785_5e-7,
    2.511_149_289_949_010_2e-8,
    2.092_627_175_213_271e-9,
];

/// `(2^r - 1 - r ln 2) / r^2`, to `2^-58` after its weight `r^2`.
const EXP2: [f64; 11] = [
    0.240_226_506_959_100_72,
    0.055_504_108_664_821_63,
    0.009_618_129_107_628_489,
    0.001_333_355_814_640_298_8,
    0.000_154_035_303_933_494_92,
    1.525_273_384_585_409_5e-5,
    1.321_548_682_742_867_3e-6,
    1.017_805_507_341_025e-7,
    7.054_890_019_780_045_6e-9,
    4.456_141_531_029_142e-10,
    2.573_969_281_612_591_2e-11,
];

/// `x + below = k ln 2 + r + r_lo` for `|x|` up to 2000 and a `below` far under its last place.
#[derive(Clone, Copy)]
pub(crate) struct Reduced {
    pub(crate) k: f64,
    pub(crate) r: f64,
    pub(crate) r_lo: f64,
}

#[inline(always)]
pub(crate) fn reduce(x: f64, below: f64) -> Reduced {
    let k = x.mul_add(LOG2_E, ROUNDER) - ROUNDER;
    // Exact: a multiple of 2^-54 below 1/2.
    let hi = k.mul_add(-LN_2_HI, x);
    let rest = k.mul_add(-LN_2_LO, below);
    let Double { hi: r, lo: r_lo } = fast_two_sum(hi, rest);
    Reduced { k, r, r_lo }
}

/// `e^(r + r_lo) - 1 - r` for a reduced argument.
#[inline(always)]
pub(crate) fn exp_tail(r: f64, r_lo: f64) -> f64 {
    let r2 = r * r;
    r2.mul_add(polynomial(r, r2, &EXP), r_lo.mul_add(r, r_lo))
}

/// `e^(x + below)`, where `x` is -746 to 710 (or NaN) and `below` as for [`reduce`].
#[inline(always)]
pub(crate) fn exp_double(x: f64, below: f64) -> f64 {
    let Reduced { k, r, r_lo } = reduce(x, below);
    let one = fast_two_sum(1.0, r);
    scale(one.hi + (one.lo + exp_tail(r, r_lo)), k)
}

/// `x`, but `low` and `high` where it is below and above them; NaN stays.
#[inline(always)]
pub(crate) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `exp`.
pub(crate) struct Exp;

impl Unary<f64> for Exp {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        exp_double(clamp(x, -746.0, 710.0), 0.0)
    }
}

/// `exp2`.
pub(crate) struct Exp2;

impl Unary<f64> for Exp2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let x = clamp(x, -1076.0, 1025.0);
        let k = (x + ROUNDER) - ROUNDER;
        let r = x - k;
        let r2 = r * r;
        let line = two_prod(r, LN_2_HI);
        let one = fast_two_sum(1.0, line.hi);
        let tail = r2.mul_add(polynomial(r, r2, &EXP2), r.mul_add(LN_2_LO, line.lo));
        scale(one.hi + (one.lo + tail), k)
    }
}

/// `exp_m1`.
pub(crate) struct ExpM1;

impl Unary<f64> for ExpM1 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let Reduced { k, r, r_lo } = reduce(clamp(x, -40.0, 710.0), 0.0);
        let tail = exp_tail(r, r_lo);
        // Half of the result, since 2^1024 is no number.
        let half = power_of_two(k - 1.0);
        let constant = two_sum(half, -0.5);
        let line = fast_two_sum(constant.hi, half * r);
        let y = 2.0 * (line.hi + half.mul_add(tail, line.lo + constant.lo));
        if x.abs() < 2f64.powi(-54) { x } else { y }
    }
}
