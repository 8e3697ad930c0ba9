//! Logarithms of `f64`.
//!
//! All of them split the argument into `m 2^k`, `m` from `sqrt(1/2)` to `sqrt(2)`, and take
//! `ln(1 + f) = f - f^2/2 + f^3 q(f)` with a minimax `q` (`scripts/minimax_f64.py`), `f = m - 1`
//! exactly and its square in two parts. There is no division and no table: on vectors, a
//! polynomial of twice the length costs less.

use super::bits::{polynomial, split};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
use crate::shape::Unary;
use std::f64::consts::{LOG2_E, LOG10_E};

/// `ln 2` in 40 bits, so that its product with an exponent is exact, and the rest.
pub(crate) const LN_2_SHORT: f64 = 0.693_147_180_560_117_7;
pub(crate) const LN_2_REST: f64 = -1.723_944_452_561_483_5e-13;
/// `log10 2`, as `ln 2` above.
const LOG10_2_SHORT: f64 = 0.301_029_995_664_066_5;
const LOG10_2_REST: f64 = -8.532_344_317_057_107e-14;
const LOG2_E_LO: f64 = 2.035_527_374_093_103_3e-17;
const LOG10_E_LO: f64 = 1.098_319_650_216_765e-17;

/// `(ln(1 + f) - f + f^2/2) / f^3`, to `2^-56` after its weight `f^2`.
const LN: [f64; 19] = [
    0.333_333_333_333_333_1,
    -0.249_999_999_999_918_4,
    0.200_000_000_000_112_8,
    -0.166_666_666_690_992_45,
    0.142_857_142_859_791_65,
    -0.124_999_997_457_164_3,
    0.111_111_108_554_561_42,
    -0.100_000_130_239_703_18,
    0.090_909_316_821_457_2,
    -0.083_329_662_907_884_18,
    0.076_914_166_974_567_39,
    -0.071_486_462_290_377_8,
    0.066_854_061_277_596_4,
    -0.062_039_612_172_838_27,
    0.056_672_688_740_582_546,
    -0.056_403_950_313_017_544,
    0.064_836_721_665_381_92,
    -0.060_639_568_924_395_294,
    0.027_019_314_442_285_96,
];

/// `ln(1 + f + f_lo)` for `f` of a split number, where `f_lo` is below the last place of `1 + f`.
/// The parts do not overlap by more than some bits.
#[inline(always)]
fn ln_of_split(f: f64, f_lo: f64) -> Double {
    let square = two_prod(f, f);
    let line = fast_two_sum(f, -0.5 * square.hi);
    let cube = (f * square.hi) * polynomial(f, square.hi, &LN);
    // The derivative 1 / (1 + f) to its second power.
    let corrected = f_lo.mul_add(f.mul_add(f - 1.0, 1.0), cube);
    Double {
        hi: line.hi,
        lo: line.lo + (-0.5f64).mul_add(square.lo, corrected),
    }
}

/// `ln(2^k) + m`, rounded.
#[inline(always)]
fn with_exponent(k: f64, m: Double) -> f64 {
    let sum = fast_two_sum(k * LN_2_SHORT, m.hi);
    sum.hi + (sum.lo + k.mul_add(LN_2_REST, m.lo))
}

/// `ln(2^extra u)` for a positive `u`, whose first part is normal and below `2^1023`.
#[inline(always)]
pub(crate) fn ln_double(u: Double, extra: f64) -> f64 {
    let (k, m) = split(u.hi);
    let down = f64::from_bits(
        m.to_bits()
            .wrapping_sub(u.hi.to_bits())
            .wrapping_add(0x3ff0_0000_0000_0000),
    );
    let f = fast_two_sum(m - 1.0, u.lo * down);
    with_exponent(k + extra, ln_of_split(f.hi, f.lo))
}

/// A positive number as [`split`] has it, subnormal ones too.
#[inline(always)]
pub(crate) fn split_any(x: f64) -> (f64, f64) {
    let small = x < f64::MIN_POSITIVE;
    let (k, m) = split(if small { x * 2f64.powi(54) } else { x });
    (if small { k - 54.0 } else { k }, m)
}

/// The logarithm of `x`, which is `y` where `x` is positive and finite.
#[inline(always)]
fn with_ends(x: f64, y: f64) -> f64 {
    let y = if x < f64::INFINITY { y } else { x };
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x < 0.0 { f64::NAN } else { y }
}

/// `ln`.
pub(crate) struct Ln;

impl Unary<f64> for Ln {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (k, m) = split_any(x);
        with_ends(x, with_exponent(k, ln_of_split(m - 1.0, 0.0)))
    }
}

/// `ln_1p`.
pub(crate) struct Ln1p;

impl Unary<f64> for Ln1p {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let large = x > 2f64.powi(60);
        let sum = two_sum(1.0, x);
        let u = Double {
            hi: if large { 0.5 * x } else { sum.hi },
            lo: if large { 0.0 } else { sum.lo },
        };
        let y = ln_double(u, if large { 1.0 } else { 0.0 });
        let y = if x.abs() < 2f64.powi(-54) { x } else { y };
        let y = if x < f64::INFINITY { y } else { x };
        let y = if x == -1.0 { f64::NEG_INFINITY } else { y };
        if x < -1.0 { f64::NAN } else { y }
    }
}

/// `log2`.
pub(crate) struct Log2;

impl Unary<f64> for Log2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (k, m) = split_any(x);
        let ln = in_base(ln_of_split(m - 1.0, 0.0), LOG2_E, LOG2_E_LO);
        let sum = fast_two_sum(k, ln.hi);
        with_ends(x, sum.hi + (sum.lo + ln.lo))
    }
}

/// `log10`.
pub(crate) struct Log10;

impl Unary<f64> for Log10 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (k, m) = split_any(x);
        let ln = in_base(ln_of_split(m - 1.0, 0.0), LOG10_E, LOG10_E_LO);
        let sum = fast_two_sum(k * LOG10_2_SHORT, ln.hi);
        with_ends(x, sum.hi + (sum.lo + k.mul_add(LOG10_2_REST, ln.lo)))
    }
}

/// `ln * (factor + factor_lo)`.
#[inline(always)]
fn in_base(ln: Double, factor: f64, factor_lo: f64) -> Double {
    let ln = fast_two_sum(ln.hi, ln.lo);
    let product = two_prod(ln.hi, factor);
    Double {
        hi: product.hi,
        lo: ln.lo.mul_add(factor, ln.hi.mul_add(factor_lo, product.lo)),
    }
}
