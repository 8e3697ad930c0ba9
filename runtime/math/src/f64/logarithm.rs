//! Logarithms of `f64`.
//!
//! All of them split the argument into `m 2^k`, `m` from `sqrt(1/2)` to `sqrt(2)`, and take
//! `ln(1 + f) = f - f^2/2 + f^3 q(f)` with a minimax `q` (`scripts/minimax_f64.py`), `f = m - 1`
//! exactly and its square in two parts. There is no division: on vectors, a polynomial of twice the
//! length costs less. Nothing is looked up, but by `ln` of normal numbers ([`tabled`]).

use super::bits::{polynomial, split};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
use super::tabled;
use crate::lanes::Lanes;
use crate::shape::Unary;
use crate::tabled::TabledUnary;
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

/// `ln(1 + f)` for the `f` of a split number, in parts that do not overlap by more than some bits.
#[inline(always)]
fn ln_of_split(f: f64) -> Double {
    let square = two_prod(f, f);
    let line = fast_two_sum(f, -0.5 * square.hi);
    let cube = (f * square.hi) * polynomial(f, square.hi, &LN);
    Double {
        hi: line.hi,
        lo: line.lo + (-0.5f64).mul_add(square.lo, cube),
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
    let ln = ln_of_split(f.hi);
    // The derivative 1 / (1 + f) to its second power.
    let correction = f.lo * f.hi.mul_add(f.hi - 1.0, 1.0);
    let m = Double {
        hi: ln.hi,
        lo: ln.lo + correction,
    };
    with_exponent(k + extra, m)
}

/// A positive number as [`split`] has it, subnormal ones too.
#[inline(always)]
pub(crate) fn split_any(x: f64) -> (f64, f64) {
    let small = x < f64::MIN_POSITIVE;
    let (k, m) = split(x * if small { 2f64.powi(54) } else { 1.0 });
    (k - if small { 54.0 } else { 0.0 }, m)
}

/// Whether a number is anything but positive, normal and finite.
#[inline(always)]
pub(crate) fn is_odd(x: f64) -> bool {
    const LEAST: u64 = f64::MIN_POSITIVE.to_bits();
    x.to_bits().wrapping_sub(LEAST) >= f64::INFINITY.to_bits() - LEAST
}

/// The logarithm of `x`, which is `y` where `x` is positive and finite.
#[inline(always)]
fn with_ends(x: f64, y: f64) -> f64 {
    let y = if x < f64::INFINITY { y } else { x };
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x < 0.0 { f64::NAN } else { y }
}

/// A logarithm of `2^k m`, `m` as [`split`] has it.
trait Logarithm {
    fn of_split(k: f64, m: f64) -> f64;
}

/// Logarithms of positive normal numbers are their formula; the others have the same behind some
/// selections.
macro_rules! logarithm {
    ($name:ident) => {
        impl Unary<f64> for $name {
            #[inline(always)]
            fn fast(x: f64) -> f64 {
                let (k, m) = split(x);
                $name::of_split(k, m)
            }

            #[inline(always)]
            fn is_hard(x: f64) -> bool {
                is_odd(x)
            }

            #[inline(always)]
            fn hard(x: f64) -> f64 {
                let (k, m) = split_any(x);
                with_ends(x, $name::of_split(k, m))
            }
        }
    };
}

/// `ln`. Error: 0.54 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Ln;

impl TabledUnary<f64> for Ln {
    type Rest = LnOfAny;

    #[inline(always)]
    fn formula<L: Lanes>(x: L) -> (L, L::Mask) {
        tabled::ln(x)
    }
}

/// `ln` of any number, without a table. Error: 0.91 ulp at most.
pub(crate) struct LnOfAny;

impl Unary<f64> for LnOfAny {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (k, m) = split_any(x);
        let f = m - 1.0;
        let square = f * f;
        let line = fast_two_sum(k * LN_2_SHORT, f);
        let curve = f.mul_add(polynomial(f, square, &LN), -0.5);
        let y = line.hi + square.mul_add(curve, k.mul_add(LN_2_REST, line.lo));
        with_ends(x, y)
    }
}

/// `ln_1p`. Error: 0.72 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Ln1p;

impl Unary<f64> for Ln1p {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let y = ln_double(two_sum(1.0, x), 0.0);
        if x.abs() < 2f64.powi(-54) { x } else { y }
    }

    #[inline(always)]
    fn is_hard(x: f64) -> bool {
        !((x > -1.0) & (x < 2f64.powi(60)))
    }

    #[inline(always)]
    fn hard(x: f64) -> f64 {
        // Halved, so that every exponent has its inverse.
        let half = Double {
            hi: 0.5 * x,
            lo: 0.0,
        };
        let y = if x < f64::INFINITY {
            ln_double(half, 1.0)
        } else {
            x
        };
        let y = if x == -1.0 { f64::NEG_INFINITY } else { y };
        if x < -1.0 { f64::NAN } else { y }
    }
}

/// `log2`. Error: 0.80 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Log2;

impl Logarithm for Log2 {
    #[inline(always)]
    fn of_split(k: f64, m: f64) -> f64 {
        let ln = in_base(ln_of_split(m - 1.0), LOG2_E, LOG2_E_LO);
        let sum = fast_two_sum(k, ln.hi);
        sum.hi + (sum.lo + ln.lo)
    }
}

logarithm!(Log2);

/// `log10`. Error: 0.68 ulp at most, as measured by
/// `scripts/ulp_f64.py`; never more than one number from
/// the correctly rounded one.
pub(crate) struct Log10;

impl Logarithm for Log10 {
    #[inline(always)]
    fn of_split(k: f64, m: f64) -> f64 {
        let ln = in_base(ln_of_split(m - 1.0), LOG10_E, LOG10_E_LO);
        let sum = fast_two_sum(k * LOG10_2_SHORT, ln.hi);
        sum.hi + (sum.lo + k.mul_add(LOG10_2_REST, ln.lo))
    }
}

logarithm!(Log10);

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
