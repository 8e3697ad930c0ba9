//! Exponentials of `f64`.
//!
//! All of them split the argument into `k ln 2 + r`, `k` an integer and `|r| <= ln(2)/2`, by two
//! fused steps (W. J. Cody and W. Waite, 1980), and take `e^r = 1 + r + r^2 q(r)` with a minimax
//! `q` (`scripts/minimax_f64.py`), where `1 + r` is kept in two parts. Nothing is looked up, but by
//! `exp` where its result is normal ([`tabled`]).

use super::bits::{ROUNDER, polynomial, power_of_two, scale};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
use super::tabled;
use crate::lanes::Lanes;
use crate::shape::Unary;
use crate::tabled::TabledUnary;

const LN_2_HI: f64 = std::f64::consts::LN_2;
const LN_2_LO: f64 = 2.319_046_813_846_299_6e-17;
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

/// `(e^r - 1 - r - r^2 / 2) / r^3`.
const EXP_CUBE: [f64; 10] = [
    EXP[1], EXP[2], EXP[3], EXP[4], EXP[5], EXP[6], EXP[7], EXP[8], EXP[9], EXP[10],
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

/// The parts of `x + below`.
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

/// `e^(x + below)`, where `x` is any number and `below` as for [`reduce`], or anything where the
/// result is infinite or zero.
#[inline(always)]
pub(crate) fn exp_double(x: f64, below: f64) -> f64 {
    let none = x < NOTHING;
    let outside = none | (x > 710.0);
    let Reduced { k, r, r_lo } = reduce(
        bounded(x, NOTHING, 710.0),
        if outside { 0.0 } else { below },
    );
    let one = fast_two_sum(1.0, r);
    let y = scale(one.hi + (one.lo + exp_tail(r, r_lo)), k + ROUNDER);
    if none { 0.0 } else { y }
}

/// `x`, but zero below `low` and `high` above `high`; NaN stays. (Zero, because a product that
/// underflows costs a hundred others.)
#[inline(always)]
fn bounded(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { 0.0 } else { x }
}

/// Below this, `e^x` is zero.
const NOTHING: f64 = -745.2;

/// `exp`. Error: 0.62 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Exp;

impl TabledUnary<f64> for Exp {
    type Rest = ExpOfAny;

    #[inline(always)]
    fn formula<L: Lanes>(x: L) -> (L, L::Mask) {
        tabled::exp(x)
    }
}

/// `exp` of any number, without a table. Error: 0.75 ulp at most.
pub(crate) struct ExpOfAny;

impl Unary<f64> for ExpOfAny {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let within = bounded(x, NOTHING, 710.0);
        let shifted = within.mul_add(LOG2_E, ROUNDER);
        let k = shifted - ROUNDER;
        let r = k.mul_add(-LN_2_LO, k.mul_add(-LN_2_HI, within));
        let r2 = r * r;
        let one = fast_two_sum(1.0, r);
        let low = r2.mul_add(polynomial(r, r2, &EXP), one.lo);
        let y = scale(one.hi + low, shifted);
        if x < NOTHING { 0.0 } else { y }
    }
}

/// `exp2`. Error: 0.61 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Exp2;

impl Unary<f64> for Exp2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let within = bounded(x, -1075.5, 1025.0);
        let shifted = within + ROUNDER;
        let r = within - (shifted - ROUNDER);
        let r2 = r * r;
        let line = two_prod(r, LN_2_HI);
        let one = fast_two_sum(1.0, line.hi);
        let tail = r2.mul_add(polynomial(r, r2, &EXP2), r.mul_add(LN_2_LO, line.lo));
        let y = scale(one.hi + (one.lo + tail), shifted);
        if x < -1075.5 { 0.0 } else { y }
    }
}

/// `exp_m1`. Error: 0.61 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct ExpM1;

impl Unary<f64> for ExpM1 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let within = if x > 710.0 { 710.0 } else { x };
        let within = if within < -40.0 { -40.0 } else { within };
        let Reduced { k, r, r_lo } = reduce(within, 0.0);
        let square = two_prod(r, r);
        let cube = (r * square.hi) * polynomial(r, square.hi, &EXP_CUBE);
        let tail = 0.5f64.mul_add(square.lo, cube) + r_lo.mul_add(r, r_lo);
        // Half of the result, since 2^1024 is no number: (2^k - 1 + 2^k (r + r^2 / 2 + tail)) / 2.
        let half = power_of_two(k - 1.0);
        let constant = two_sum(half, -0.5);
        let line = fast_two_sum(constant.hi, half * r);
        let curve = fast_two_sum(line.hi, half * (0.5 * square.hi));
        let low = half.mul_add(tail, curve.lo + (line.lo + constant.lo));
        let y = 2.0 * (curve.hi + low);
        if x.abs() < 2f64.powi(-54) { x } else { y }
    }
}
