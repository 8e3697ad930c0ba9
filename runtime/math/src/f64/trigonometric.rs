//! Trigonometric functions of radians of `f64`.
//!
//! The angle is reduced by quarter turns ([`super::reduce`]) to `r = hi + lo`, `|r| <= pi/4`; there
//! the sine is `r + r^3 S(r^2)` and the cosine `1 - r^2/2 + r^4 C(r^2)`, with the first terms and
//! `lo` taken apart so that their rounding does not count (W. J. Cody and W. Waite, "Software
//! manual for the elementary functions", 1980; K. C. Ng's compensation by `lo`). The polynomials
//! are from `scripts/f64_polynomials.py`.

use super::bits::polynomial;
use super::double::{Double, fast_two_sum, two_prod};
use super::reduce::{EVERYDAY, Reduced, everyday, huge};
use crate::shape::Unary;

/// Relative error 2^-52.2.
const SINE: [f64; 6] = [
    -0.16666666666666666,
    0.008333333333330936,
    -0.00019841269836740532,
    2.7557316093198404e-06,
    -2.5051129896450185e-08,
    1.5917988979397435e-10,
];

/// Relative error 2^-54.0.
const COSINE: [f64; 6] = [
    0.041666666666666664,
    -0.0013888888888887389,
    2.48015872987544e-05,
    -2.755731726587808e-07,
    2.087614504941318e-09,
    -1.138254464534925e-11,
];

/// Relative error 2^-56.0.
const FIFTH: [f64; 6] = [
    0.008333333333333333,
    -0.00019841269841268958,
    2.7557319222318445e-06,
    -2.5052107232936746e-08,
    1.605868368328571e-10,
    -7.595260169253886e-13,
];

/// A sixth in two parts.
const SIXTH: Double = Double {
    hi: 1.0 / 6.0,
    lo: 9.251_858_538_542_97e-18,
};

const SIGN: u64 = 1 << 63;

/// The sine of `r` as its leading term and a correction below a fifth of it.
#[inline(always)]
fn sine(r: Reduced) -> Double {
    let z = r.hi * r.hi;
    let lo = r.lo.mul_add(-0.5 * z, r.lo);
    Double {
        hi: r.hi,
        lo: (r.hi * z).mul_add(polynomial(z, z * z, &SINE), lo),
    }
}

/// The cosine of `r` as its leading terms, rounded, and a correction below a thirtieth of them.
#[inline(always)]
fn cosine(r: Reduced) -> Double {
    let z = r.hi * r.hi;
    let half = 0.5 * z;
    let first = fast_two_sum(1.0, -half);
    let lo = r.lo.mul_add(-r.hi, first.lo);
    Double {
        hi: first.hi,
        lo: (z * z).mul_add(polynomial(z, z * z, &COSINE), lo),
    }
}

/// The sine and the cosine of `r`, each in two parts to about `2^-58` of it: the square and the
/// cube of `r` in two parts too.
#[inline(always)]
fn sine_and_cosine(r: Reduced) -> (Double, Double) {
    let z = two_prod(r.hi, r.hi);
    let cube = two_prod(r.hi, z.hi);
    let third = two_prod(-SIXTH.hi, cube.hi);
    let cube_lo = r.hi.mul_add(z.lo, cube.lo);
    let third_lo = (-SIXTH.hi).mul_add(cube_lo, (-SIXTH.lo).mul_add(cube.hi, third.lo));
    let fifth = (cube.hi * z.hi) * polynomial(z.hi, z.hi * z.hi, &FIFTH);
    let lo = r.lo.mul_add(-0.5 * z.hi, r.lo);
    let line = fast_two_sum(r.hi, third.hi);
    let sine = fast_two_sum(line.hi, line.lo + (fifth + (third_lo + lo)));
    let cosine = cosine(r);
    let cosine = fast_two_sum(cosine.hi, (-0.5f64).mul_add(z.lo, cosine.lo));
    (sine, cosine)
}

/// The sine of the angle `r`, with its sign changed by the highest bit of `sign`.
#[inline(always)]
fn sine_of(r: Reduced, sign: u64) -> f64 {
    let sine = sine(r).value();
    let cosine = cosine(r).value();
    let value = if r.quadrant & 1 == 0 { sine } else { cosine };
    let turned = r.quadrant << 62;
    f64::from_bits(value.to_bits() ^ (turned ^ sign) & SIGN)
}

/// The angle one quarter turn further.
#[inline(always)]
fn next_quadrant(r: Reduced) -> Reduced {
    Reduced {
        quadrant: r.quadrant.wrapping_add(1),
        ..r
    }
}

/// The tangent of the angle `r`, with its sign changed by the highest bit of `sign`: a quotient of
/// sine and cosine, both to more than 53 bits, by one division and one step of correction.
#[inline(always)]
fn tangent_of(r: Reduced, sign: u64) -> f64 {
    let (sine, cosine) = sine_and_cosine(r);
    let even = r.quadrant & 1 == 0;
    let above = Double {
        hi: if even { sine.hi } else { cosine.hi },
        lo: if even { sine.lo } else { cosine.lo },
    };
    let below = Double {
        hi: if even { cosine.hi } else { sine.hi },
        lo: if even { cosine.lo } else { sine.lo },
    };
    let inverse = 1.0 / below.hi;
    let quotient = above.hi * inverse;
    let rest = (-quotient).mul_add(below.hi, above.hi);
    let rest = rest + (-quotient).mul_add(below.lo, above.lo);
    let value = rest.mul_add(inverse, quotient);
    let turned = r.quadrant << 63;
    f64::from_bits(value.to_bits() ^ (turned ^ sign) & SIGN)
}

/// The reduction of `|x|` where it is finite and above [`EVERYDAY`].
#[inline(always)]
fn reduced_huge(x: f64) -> Option<Reduced> {
    x.is_finite().then(|| huge(x.abs()))
}

/// `sin`. Measured error at most 0.82 ulp.
pub(crate) struct Sin;

impl Unary<f64> for Sin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        sine_of(everyday(x.abs()), x.to_bits())
    }

    #[inline(always)]
    fn is_hard(x: f64) -> bool {
        x.abs() > EVERYDAY
    }

    #[inline(always)]
    fn hard(x: f64) -> f64 {
        reduced_huge(x).map_or(f64::NAN, |r| sine_of(r, x.to_bits()))
    }
}

/// `cos`. Measured error at most 0.81 ulp.
pub(crate) struct Cos;

impl Unary<f64> for Cos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        sine_of(next_quadrant(everyday(x.abs())), 0)
    }

    #[inline(always)]
    fn is_hard(x: f64) -> bool {
        x.abs() > EVERYDAY
    }

    #[inline(always)]
    fn hard(x: f64) -> f64 {
        reduced_huge(x).map_or(f64::NAN, |r| sine_of(next_quadrant(r), 0))
    }
}

/// `tan`. Measured error at most 0.57 ulp.
pub(crate) struct Tan;

impl Unary<f64> for Tan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        tangent_of(everyday(x.abs()), x.to_bits())
    }

    #[inline(always)]
    fn is_hard(x: f64) -> bool {
        x.abs() > EVERYDAY
    }

    #[inline(always)]
    fn hard(x: f64) -> f64 {
        reduced_huge(x).map_or(f64::NAN, |r| tangent_of(r, x.to_bits()))
    }
}
