//! The error function and its complement of `f64`.
//!
//! From 1 on, `erfc(x) = exp(-x^2) F(t) / (1 + 2x)` with `t = (x - 3.75) / (x + 3.75)` (M. M.
//! Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in
//! 0 <= x < oo", 1981), each factor to more than 53 bits; the complement takes it from zero on.
//! Below 1, `erf(x) = x (2/sqrt(pi) + x^2 N(x^2))`. The polynomials are from
//! `scripts/f64_polynomials.py`.

use super::bits::{ROUNDER, polynomial};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
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

/// Relative error 2^-53.0. with [`FAR`].
const FAR_HEAD: f64 = 1.2375126308378277;

/// The coefficients after [`FAR_HEAD`].
const FAR: [f64; 21] = [
    -0.14024059858554663,
    0.003585415485439576,
    0.08227673849010006,
    -0.10880393014045761,
    0.09230432116225044,
    -0.05869339861557158,
    0.028362277383047398,
    -0.009746579295257933,
    0.0017556262284450098,
    0.0002937121574245422,
    -0.00029015641208476314,
    5.165421548248807e-05,
    2.23931981882943e-05,
    -1.1454173186951395e-05,
    -9.950701048660069e-07,
    1.7612484630167294e-06,
    -2.5767825896065014e-08,
    -2.5877777061012165e-07,
    -2.4939883909341244e-09,
    3.0765786106553526e-08,
    5.575698000886232e-09,
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

const CENTRE: f64 = 3.75;

const TWO_OVER_ROOT_PI: Double = Double {
    hi: std::f64::consts::FRAC_2_SQRT_PI,
    lo: 1.533545961316588e-17,
};

const LN_2: Double = Double {
    hi: std::f64::consts::LN_2,
    lo: 2.3190468138462996e-17,
};

/// From here on the complement is zero.
const END: f64 = 28.0;

/// `2^shift exp(-x^2)` for `x` from zero to [`END`], as a sum that holds all but the scale, and the
/// scale, which is a normal number: `shift` is [`SHIFT`].
#[inline(always)]
fn scaled_gauss(x: f64) -> (Double, f64) {
    let square = two_prod(x, x);
    let rounded = square.hi.mul_add(-std::f64::consts::LOG2_E, ROUNDER);
    let n = rounded - ROUNDER;
    // Exact: both are multiples of 2^-54 (if `n` is not zero), and the difference is below 1/2.
    let first = (-n).mul_add(LN_2.hi, -square.hi);
    let r = fast_two_sum(first, (-n).mul_add(LN_2.lo, -square.lo));
    let tail = (r.hi * r.hi).mul_add(polynomial(r.hi, r.hi * r.hi, &EXPONENTIAL), r.lo);
    let power = fast_two_sum(r.hi, tail);
    let sum = fast_two_sum(1.0, power.hi);
    let scale = f64::from_bits(rounded.to_bits().wrapping_add(1023 + SHIFT) << 52);
    (
        Double {
            hi: sum.hi,
            lo: sum.lo + power.lo,
        },
        scale,
    )
}

/// Keeps the scale of [`scaled_gauss`] normal.
const SHIFT: u64 = 128;

/// 2^-128.
const UNSHIFT: f64 = 2.938735877055719e-39;

/// `erfc` from zero up.
#[inline(always)]
fn complement(x: f64) -> f64 {
    let x = if x > END { END } else { x };
    let t = (x - CENTRE) / (x + CENTRE);
    let far = fast_two_sum(FAR_HEAD, t * polynomial(t, t * t, &FAR));
    let (gauss, scale) = scaled_gauss(x);
    let above = two_prod(gauss.hi, far.hi);
    let above_lo = gauss.hi.mul_add(far.lo, gauss.lo.mul_add(far.hi, above.lo));
    let below = two_sum(1.0, 2.0 * x);
    let inverse = 1.0 / below.hi;
    let quotient = above.hi * inverse;
    let rest = (-quotient).mul_add(below.hi, above.hi);
    let rest = rest + (-quotient).mul_add(below.lo, above_lo);
    rest.mul_add(inverse, quotient) * scale * UNSHIFT
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
        let far = 1.0 - complement(magnitude);
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
