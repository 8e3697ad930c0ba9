//! The error function and its complement of `f64`.
//!
//! The complement is `exp(-x^2) F(t) / (1 + x)` with `t = (x - 4) / (x + 4)`, after M. M. Shepherd
//! and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < oo"
//! (1981); the factor `1 + x` keeps `F` flat at zero, where `t` is rounded most. Each of its
//! parts has more than 53 bits. The error function below 1 is `x (2/sqrt(pi) + x^2 N(x^2))`, from
//! there on one minus a complement that needs fewer bits: `exp(-x^2) M(u) / (x + 3)`, where `u`
//! is linear in `1 / (x + 3)`. The polynomials are from `scripts/f64_polynomials.py`.

use super::bits::{ROUNDER, polynomial};
use super::double::{Double, fast_two_sum, two_prod};
use crate::shape::Unary;

/// Relative error 2^-53.7.
const NEAR: [f64; 13] = [
    -0.37612638903183754,
    0.11283791670955125,
    -0.026866170645131082,
    0.005223977625438469,
    -0.0008548327023024696,
    0.0001205533295270044,
    -1.4925649082364785e-05,
    1.6462076794793434e-06,
    -1.6365085592632062e-07,
    1.4796618901290416e-08,
    -1.219035624032117e-09,
    8.800680090460203e-11,
    -4.374621450325064e-12,
];

/// Relative error 2^-53.6.
const MIDDLE: [f64; 16] = [
    1.1519074596928367,
    0.4118820962100305,
    0.11683673753802074,
    0.025474072799978032,
    0.003933868783798848,
    0.00032354378790109227,
    -1.608776475267465e-05,
    -7.246255012285937e-06,
    -2.8199389473825003e-07,
    1.3353032032709014e-07,
    1.1449481840693569e-08,
    -2.942735833696472e-09,
    -2.9728506949500295e-10,
    8.098927716409088e-11,
    5.830884699677111e-12,
    -2.279742613773115e-12,
];

const MIDDLE_A: f64 = 14.4;
const MIDDLE_B: f64 = -2.6;

const FAR_HEAD: Double = Double {
    hi: 0.6849972881253069,
    lo: 3.4886868792897296e-17,
};

/// The coefficients after [`FAR_HEAD`]. Relative error 2^-53.5.
const FAR: [f64; 22] = [
    -0.19934458280036726,
    0.11704966551044281,
    -0.04808038122128687,
    0.003962055681275961,
    0.015312509678562545,
    -0.017515654646387206,
    0.012161784765025056,
    -0.006068735218295367,
    0.002116421476015058,
    -0.00038976752425770795,
    -6.013619031440007e-05,
    6.403306217118873e-05,
    -1.3153091829461945e-05,
    -4.139963918411541e-06,
    2.6543591988481794e-06,
    8.251428088721546e-09,
    -3.6921231524032886e-07,
    4.458457727645127e-08,
    4.991923176783944e-08,
    -5.479923237600554e-09,
    -5.949981905185031e-09,
    -6.504822038530307e-10,
];

/// Relative error 2^-51.9.
const EXPONENTIAL: [f64; 10] = [
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662404,
    0.008333333333330055,
    0.0013888888917258759,
    0.00019841269863088255,
    2.4801521225986432e-05,
    2.7557268406190795e-06,
    2.7620121717381933e-07,
    2.51004110820149e-08,
];

const TWO_OVER_ROOT_PI: Double = Double {
    hi: std::f64::consts::FRAC_2_SQRT_PI,
    lo: 1.533545961316588e-17,
};

const LN_2: Double = Double {
    hi: std::f64::consts::LN_2,
    lo: 2.3190468138462996e-17,
};

/// `exp(-x^2) - 1` as a sum, but for a factor of a power of two, for `x` from zero to [`END`]; and
/// the number whose low bits are that power.
#[inline(always)]
fn gauss(x: f64) -> (Double, f64) {
    let square = two_prod(x, x);
    let power = square.hi.mul_add(-std::f64::consts::LOG2_E, ROUNDER);
    let n = power - ROUNDER;
    // Exact: both are multiples of 2^-54 (if `n` is not zero), and the difference is below 1/2.
    let first = (-n).mul_add(LN_2.hi, -square.hi);
    let r = fast_two_sum(first, (-n).mul_add(LN_2.lo, -square.lo));
    let r2 = r.hi * r.hi;
    let tail = r2.mul_add(polynomial(r.hi, r2, &EXPONENTIAL), r.lo);
    (Double { hi: r.hi, lo: tail }, power)
}

/// From here on the complement is zero.
const END: f64 = 28.0;

/// The exponent of the factor that keeps the power of two of [`gauss`] normal up to [`END`].
const SHIFT: u64 = 128;

/// 2^-128.
const UNSHIFT: f64 = 2.938735877055719e-39;

/// `erfc` from zero up.
#[inline(always)]
fn complement(x: f64) -> f64 {
    let x = if x > END { END } else { x };
    let t = (x - 4.0) / (x + 4.0);
    let far = fast_two_sum(FAR_HEAD.hi, t * polynomial(t, t * t, &FAR));
    let far_lo = far.lo + FAR_HEAD.lo;
    let (gauss, power) = gauss(x);
    let gauss = fast_two_sum(gauss.hi, gauss.lo);
    let one = fast_two_sum(1.0, gauss.hi);
    let one_lo = one.lo + gauss.lo;
    let above = two_prod(one.hi, far.hi);
    let above_lo = one.hi.mul_add(far_lo, one_lo.mul_add(far.hi, above.lo));
    let below = 1.0 + x;
    // Exact: what is lost of the smaller one.
    let below_lo = if x < 1.0 {
        x - (below - 1.0)
    } else {
        1.0 - (below - x)
    };
    let inverse = 1.0 / below;
    let quotient = above.hi * inverse;
    let rest = (-quotient).mul_add(below, above.hi);
    let rest = rest + (-quotient).mul_add(below_lo, above_lo);
    let scale = f64::from_bits(power.to_bits().wrapping_add(1023 + SHIFT) << 52);
    rest.mul_add(inverse, quotient) * scale * UNSHIFT
}

/// From here on `erf` is one, rounded.
const ONE: f64 = 6.0;

/// `erf` from 1 up.
#[inline(always)]
fn far_error(x: f64) -> f64 {
    let x = if x > ONE { ONE } else { x };
    let inverse = 1.0 / (x + 3.0);
    let u = inverse.mul_add(MIDDLE_A, MIDDLE_B);
    let middle = polynomial(u, u * u, &MIDDLE) * inverse;
    let (gauss, power) = gauss(x);
    let scale = f64::from_bits(power.to_bits().wrapping_add(1023) << 52);
    let gauss = (1.0 + (gauss.hi + gauss.lo)) * scale;
    (-gauss).mul_add(middle, 1.0)
}

/// `erf`. Error below 1 ulp.
pub(crate) struct Erf;

impl Unary<f64> for Erf {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let magnitude = x.abs();
        let z = magnitude * magnitude;
        let tail = z.mul_add(polynomial(z, z * z, &NEAR), TWO_OVER_ROOT_PI.lo);
        let near = magnitude.mul_add(TWO_OVER_ROOT_PI.hi, magnitude * tail);
        let far = far_error(magnitude);
        let value = if magnitude < 1.0 { near } else { far };
        value.copysign(x)
    }
}

/// `erfc`. Error below 1 ulp.
pub(crate) struct Erfc;

impl Unary<f64> for Erfc {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let right = complement(x.abs());
        if x < 0.0 { 2.0 - right } else { right }
    }
}
