//! Inverse trigonometric functions of `f64`.
//!
//! The arc tangent of `y/x` is `k pi/4 + atan(t)` with `|t| <= 1/2`: `t` is `y/x`, `(y-x)/(y+x)`
//! or `-x/y` as the angle is near no, one or two eighths of a turn (S. L. Moshier's reduction in
//! Cephes, with thresholds 1/2 and 2 so that `y-x` is exact), by one division and one step of
//! correction. The arc sine is a polynomial below 1/2, and from there on `pi/2 - 2 asin(s)`,
//! `s = sqrt((1-x)/2)` (W. J. Cody and W. Waite, "Software manual for the elementary functions",
//! 1980), with the rounding of the root restored. The polynomials are from
//! `scripts/f64_polynomials.py`.

use super::bits::polynomial;
use super::double::{Double, fast_two_sum};
use crate::shape::{Binary, Unary};

const PI_4: Double = Double {
    hi: std::f64::consts::FRAC_PI_4,
    lo: 3.061616997868383e-17,
};

const SIGN: u64 = 1 << 63;

#[inline(always)]
fn sign_of(x: f64) -> u64 {
    x.to_bits() & SIGN
}

#[inline(always)]
fn flip(x: f64, sign: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ sign)
}

/// Relative error 2^-53.9.
const ARCTANGENT: [f64; 13] = [
    -0.3333333333333333,
    0.19999999999999488,
    -0.14285714285599188,
    0.11111111100917376,
    -0.09090908620322523,
    0.07692294712540285,
    -0.06666435677235948,
    0.05879578429582425,
    -0.05240099507994713,
    0.04628024868570153,
    -0.03806653672057366,
    0.025006503566489507,
    -0.009215792047089858,
];

/// Relative error 2^-52.9.
const ARCSINE: [f64; 13] = [
    0.16666666666666669,
    0.07499999999998433,
    0.04464285714635543,
    0.030381944138531247,
    0.02237217294214989,
    0.017352392720869973,
    0.013971212973552933,
    0.011479177415184906,
    0.01032281435018578,
    0.005457506718640358,
    0.01740087944269402,
    -0.014851887071247204,
    0.028757851367421566,
];

/// The arc tangent of `above / (below + below_lo)`, at most 1/2 in size, as that quotient, rounded,
/// and a correction below a twelfth of it. `below` is from 2^-900 to 2^1001.
#[inline(always)]
fn small_angle(above: f64, below: f64, below_lo: f64) -> Double {
    let inverse = 1.0 / below;
    let t = above * inverse;
    let rest = (-t).mul_add(below_lo, (-t).mul_add(below, above));
    let z = t * t;
    Double {
        hi: t,
        lo: (t * z).mul_add(polynomial(z, z * z, &ARCTANGENT), rest * inverse),
    }
}

/// The angle of the point (`x`, `y`), both from zero up, mirrored at the vertical axis if `mirror`
/// is the sign bit. Each is zero or from 2^-900 to 2^1000, or the smaller one is of no importance;
/// NaN gives NaN.
#[inline(always)]
fn angle(y: f64, x: f64, mirror: u64) -> f64 {
    let low = y <= 0.5 * x;
    let high = y > 2.0 * x;
    let difference = y - x;
    let sum = y + x;
    let above = if high { -x } else { difference };
    let above = if low { y } else { above };
    let below = if high { y } else { sum };
    let below = if low { x } else { below };
    // Exact, since the difference is; the others are exact themselves.
    let below_lo = difference - (sum - 2.0 * x);
    let below_lo = if low | high { 0.0 } else { below_lo };
    let below = if below == 0.0 { 1.0 } else { below };
    let eighths = if high { 2.0 } else { 1.0 };
    let eighths = if low { 0.0 } else { eighths };
    let eighths = if mirror == 0 { eighths } else { 4.0 - eighths };
    let small = small_angle(flip(above, mirror), below, below_lo);
    // Three eighths are not exact.
    let base = eighths * PI_4.hi;
    let base_lo = eighths.mul_add(PI_4.lo, eighths.mul_add(PI_4.hi, -base));
    let sum = fast_two_sum(base, small.hi);
    sum.hi + (sum.lo + (base_lo + small.lo))
}

/// `asin`. Error below 0.60 ulp.
pub(crate) struct Asin;

/// What [`Asin`] and [`Acos`] have in common: `asin(x)` or, if `half`, `asin(sqrt((1-x)/2))`, as a
/// sum, for `x` from zero up.
#[inline(always)]
fn arc_sine(x: f64, half: bool) -> Double {
    let w = 0.5 - 0.5 * x;
    let root = w.sqrt();
    // Within 4 % of 1/root, enough for what the rounding of `root` lost.
    let inverse = f64::from_bits(0x5fe6_eb50_c7b5_37a9_u64.wrapping_sub(w.to_bits() >> 1));
    let lost = (-root).mul_add(root, w) * (0.5 * inverse);
    let z = if half { w } else { x * x };
    let s = if half { root } else { x };
    let lo = if half { lost } else { 0.0 };
    Double {
        hi: s,
        lo: (s * z).mul_add(polynomial(z, z * z, &ARCSINE), lo),
    }
}

impl Unary<f64> for Asin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let magnitude = x.abs();
        let half = magnitude > 0.5;
        let s = arc_sine(magnitude, half);
        let turned = fast_two_sum(2.0 * PI_4.hi, -2.0 * s.hi);
        let far = turned.hi + (turned.lo + (-2.0f64).mul_add(s.lo, 2.0 * PI_4.lo));
        let value = if half { far } else { s.value() };
        flip(value, sign_of(x))
    }
}

/// `acos`. Error below 0.60 ulp.
pub(crate) struct Acos;

impl Unary<f64> for Acos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let magnitude = x.abs();
        let half = magnitude > 0.5;
        let s = arc_sine(magnitude, half);
        // `pi/2 - asin(x)` in the middle, `2 asin(s)` on the right, `pi - 2 asin(s)` on the left.
        let factor = flip(if half { 2.0 } else { -1.0 }, sign_of(x));
        let far = if x < 0.0 { 2.0 } else { 0.0 };
        let quarters = if half { far } else { 1.0 };
        let base = quarters * (2.0 * PI_4.hi);
        let base_lo = quarters * (2.0 * PI_4.lo);
        let sum = fast_two_sum(base, factor * s.hi);
        sum.hi + (sum.lo + factor.mul_add(s.lo, base_lo))
    }
}

/// `atan`. Error below 0.60 ulp.
pub(crate) struct Atan;

impl Unary<f64> for Atan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let magnitude = x.abs();
        // From here on the result is pi/2, rounded.
        let limit = 1e30;
        let y = if magnitude > limit { limit } else { magnitude };
        // As in `angle`, with constants where it has `x`.
        let low = y <= 0.5;
        let high = y > 2.0;
        let difference = y - 1.0;
        let sum = y + 1.0;
        let above = if high { -1.0 } else { difference };
        let above = if low { y } else { above };
        let below = if high { y } else { sum };
        let below = if low { 1.0 } else { below };
        let below_lo = difference - (sum - 2.0);
        let below_lo = if low | high { 0.0 } else { below_lo };
        let base = if high { 2.0 * PI_4.hi } else { PI_4.hi };
        let base = if low { 0.0 } else { base };
        let small = small_angle(above, below, below_lo);
        let sum = fast_two_sum(base, small.hi);
        let rest = base.mul_add(PI_4.lo / PI_4.hi, small.lo);
        flip(sum.hi + (sum.lo + rest), sign_of(x))
    }
}

/// `atan2(y, x)`. Error below 0.60 ulp.
pub(crate) struct Atan2;

/// 2^1000.
const HUGE: f64 = 1.0715086071862673e301;

/// 2^-900.
const TINY: f64 = 1.1830521861667747e-271;

/// 2^-100.
const DOWN: f64 = 7.888609052210118e-31;

/// 2^600.
const UP: f64 = 4.149515568880993e180;

impl Binary<f64> for Atan2 {
    #[inline(always)]
    fn fast(y: f64, x: f64) -> f64 {
        flip(angle(y.abs(), x.abs(), sign_of(x)), sign_of(y))
    }

    #[inline(always)]
    fn is_hard(y: f64, x: f64) -> bool {
        let (y, x) = (y.abs(), x.abs());
        (y > HUGE) | (x > HUGE) | ((y < TINY) & (y > 0.0)) | ((x < TINY) & (x > 0.0))
    }

    fn hard(y: f64, x: f64) -> f64 {
        let (magnitude_y, magnitude_x) = (y.abs(), x.abs());
        let (infinite_y, infinite_x) = (y.is_infinite(), x.is_infinite());
        let (scaled_y, scaled_x) = if y.is_nan() || x.is_nan() {
            (f64::NAN, f64::NAN)
        } else if infinite_y || infinite_x {
            (f64::from(infinite_y), f64::from(infinite_x))
        } else {
            // Both by the same power of two. The smaller one may become subnormal, or stay it,
            // only where it leaves no trace in the result.
            let larger = magnitude_y.max(magnitude_x);
            let scale = if larger > HUGE {
                DOWN
            } else if larger < 1.0 / DOWN {
                UP
            } else {
                1.0
            };
            (magnitude_y * scale, magnitude_x * scale)
        };
        flip(angle(scaled_y, scaled_x, sign_of(x)), sign_of(y))
    }
}
