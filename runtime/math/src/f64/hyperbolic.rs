//! Hyperbolic functions and their inverses of `f64`.
//!
//! `sinh` and `cosh` take `|x| = k ln 2 + r` and combine the polynomials of `sinh r` and `cosh r`
//! with `2^k` and `2^-k`, the largest terms in two parts; `tanh` divides two-part values of
//! `e^(2x) - 1`. The inverses are logarithms of a two-part argument. The steps are this crate's;
//! coefficients: `scripts/minimax_f64.py`.

use super::bits::{polynomial, power_of_two};
use super::double::{Double, fast_two_sum, two_prod, two_sum};
use super::exponential::{Reduced, exp_tail, reduce};
use super::logarithm::ln_double;
use crate::shape::Unary;

/// `(cosh r - 1) / r^2` of `r^2`.
const COSH: [f64; 6] = [
    0.5,
    0.041_666_666_666_666_69,
    0.001_388_888_888_887_276_3,
    2.480_158_734_920_380_8e-5,
    2.755_725_227_129_235e-7,
    2.092_154_764_486_800_7e-9,
];

/// `(sinh r - r) / r^3` of `r^2`.
const SINH: [f64; 6] = [
    0.166_666_666_666_666_66,
    0.008_333_333_333_333_335,
    0.000_198_412_698_412_590_94,
    2.755_731_925_572_441_6e-6,
    2.505_206_375_751_678_3e-8,
    1.608_890_068_355_039e-10,
];

/// Where `sinh`, `tanh`, `asinh` and `atanh` are `x` within an eighth of an ulp.
const TINY: f64 = 1.0 / 268_435_456.0;

/// What `sinh` and `cosh` of a positive number are made of.
struct Parts {
    r: f64,
    /// `cosh r - 1` and `sinh r - r`.
    cosh_tail: f64,
    sinh_tail: f64,
    /// `(2^k - 2^-k) / 4` and `(2^k + 2^-k) / 4`.
    difference: Double,
    sum: Double,
}

#[inline(always)]
fn parts(size: f64) -> Parts {
    // Half of the cosh of this overflows when doubled, but not itself.
    let size = if size > 710.5 { 710.5 } else { size };
    let Reduced { k, r, r_lo } = reduce(size, 0.0);
    let r2 = r * r;
    let r4 = r2 * r2;
    let up = power_of_two(k - 2.0);
    // From there on, 2^-k is nothing beside 2^k.
    let down = power_of_two(-2.0 - if k > 100.0 { 100.0 } else { k });
    Parts {
        r,
        cosh_tail: r2.mul_add(polynomial(r2, r4, &COSH), r * r_lo),
        sinh_tail: (r2 * r).mul_add(polynomial(r2, r4, &SINH), r_lo),
        difference: fast_two_sum(up, -down),
        sum: fast_two_sum(up, down),
    }
}

/// `2 (a cosh r + b sinh r)`, where `a` is zero or at least as large as `b r`.
#[inline(always)]
fn combine(a: Double, b: Double, of: &Parts) -> f64 {
    let line = two_prod(b.hi, of.r);
    let main = fast_two_sum(a.hi, line.hi);
    let low = b.lo.mul_add(of.r, a.lo) + line.lo;
    let tails = a.hi.mul_add(of.cosh_tail, b.hi * of.sinh_tail);
    2.0 * (main.hi + (main.lo + (low + tails)))
}

/// `sinh`.
pub(crate) struct Sinh;

impl Unary<f64> for Sinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let of = parts(x.abs());
        let y = combine(of.difference, of.sum, &of).copysign(x);
        if x.abs() < TINY { x } else { y }
    }
}

/// `cosh`.
pub(crate) struct Cosh;

impl Unary<f64> for Cosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let of = parts(x.abs());
        combine(of.sum, of.difference, &of)
    }
}

/// `tanh`.
pub(crate) struct Tanh;

impl Unary<f64> for Tanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let size = x.abs();
        // From 22 on, 1 within a hundredth of an ulp.
        let size = if size > 22.0 { 22.0 } else { size };
        // e^(2 |x|) - 1 in two parts.
        let Reduced { k, r, r_lo } = reduce(size + size, 0.0);
        let power = power_of_two(k);
        let constant = fast_two_sum(power, -1.0);
        let line = fast_two_sum(constant.hi, power * r);
        let low = power.mul_add(exp_tail(r, r_lo), line.lo + constant.lo);
        let above = fast_two_sum(line.hi, low);
        // That over itself plus 2.
        let below = two_sum(above.hi, 2.0);
        let reciprocal = 1.0 / below.hi;
        let quotient = above.hi * reciprocal;
        let rest = quotient.mul_add(-below.hi, above.hi)
            + quotient.mul_add(-(below.lo + above.lo), above.lo);
        let y = rest.mul_add(reciprocal, quotient).copysign(x);
        if x.abs() < TINY { x } else { y }
    }
}

/// `size + sqrt(square)` in two parts, for a positive `square`.
#[inline(always)]
fn plus_root(size: f64, square: Double) -> Double {
    let root = square.hi.sqrt();
    let rest = root.mul_add(-root, square.hi) + square.lo;
    let sum = two_sum(root, size);
    fast_two_sum(sum.hi, (rest * (0.5 / root)) + sum.lo)
}

/// `ln(sum)`, but `ln(2 size)` for a `size` whose square is useless.
#[inline(always)]
fn ln_of_sum(size: f64, sum: Double) -> f64 {
    let large = size > 2f64.powi(60);
    let u = Double {
        hi: if large { 0.5 * size } else { sum.hi },
        lo: if large { 0.0 } else { sum.lo },
    };
    ln_double(u, if large { 2.0 } else { 0.0 })
}

/// `asinh`.
pub(crate) struct Asinh;

impl Unary<f64> for Asinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // ln(|x| + sqrt(x^2 + 1)).
        let size = x.abs();
        let square = two_prod(size, size);
        let one = two_sum(square.hi, 1.0);
        let under = fast_two_sum(one.hi, one.lo + square.lo);
        let y = ln_of_sum(size, plus_root(size, under)).copysign(x);
        let y = if size < TINY { x } else { y };
        if size < f64::INFINITY { y } else { x }
    }
}

/// `acosh`.
pub(crate) struct Acosh;

impl Unary<f64> for Acosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // ln(x + sqrt(x^2 - 1)).
        let square = two_prod(x, x);
        let one = two_sum(square.hi, -1.0);
        let under = fast_two_sum(one.hi, one.lo + square.lo);
        let y = ln_of_sum(x, plus_root(x, under));
        let y = if x == 1.0 { 0.0 } else { y };
        let y = if x < f64::INFINITY { y } else { x };
        if x < 1.0 { f64::NAN } else { y }
    }
}

/// `atanh`.
pub(crate) struct Atanh;

impl Unary<f64> for Atanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // ln((1 + |x|) / (1 - |x|)) / 2, the quotient in two parts.
        let size = x.abs();
        let above = fast_two_sum(1.0, size);
        let below = fast_two_sum(1.0, -size);
        let reciprocal = 1.0 / below.hi;
        let quotient = above.hi * reciprocal;
        let rest = quotient.mul_add(-below.hi, above.hi) + quotient.mul_add(-below.lo, above.lo);
        let u = fast_two_sum(quotient, rest * reciprocal);
        let y = (0.5 * ln_double(u, 0.0)).copysign(x);
        let y = if size < TINY { x } else { y };
        let y = if size == 1.0 {
            f64::INFINITY.copysign(x)
        } else {
            y
        };
        if size > 1.0 { f64::NAN } else { y }
    }
}
