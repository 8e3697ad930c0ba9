//! Powers of `f64`.
//!
//! `x^y` is `e^(y ln |x|)` with a sign, the logarithm and its product with `y` in two parts. The
//! logarithm is `2 atanh(s)` with `s = (m - 1) / (m + 1)` in two parts (as in fdlibm's `e_pow.c`,
//! by K. C. Ng, but for the splitting, which fused multiply-add replaces): its relative error is
//! about `2^-65`, so that the power's is about `2^-55` before the last rounding.

use super::bits::polynomial;
use super::double::{Double, fast_two_sum, two_prod};
use super::exponential::exp_double;
use super::logarithm::{LN_2_REST, LN_2_SHORT, split_any};
use crate::shape::Binary;

const THIRD: f64 = 1.0 / 3.0;
const THIRD_LO: f64 = 1.850_371_707_708_594e-17;

/// `(atanh(s) / s - 1 - z/3) / z^2` of `z = s^2`, to `2^-66` after its weight `z^2`
/// (`scripts/minimax_f64.py`).
const ATANH: [f64; 9] = [
    0.2,
    0.142_857_142_857_142_74,
    0.111_111_111_111_187_57,
    0.090_909_090_887_308_27,
    0.076_923_080_137_053_87,
    0.066_666_393_507_078_19,
    0.058_837_417_465_949_33,
    0.052_215_358_745_602_874,
    0.054_348_794_712_364_08,
];

/// `ln x` of a positive finite `x`.
#[inline(always)]
fn ln_precise(x: f64) -> Double {
    let (k, m) = split_any(x);
    let f = m - 1.0;
    let sum = fast_two_sum(1.0, m);
    let reciprocal = 1.0 / sum.hi;
    // 2 s = 2 f / (m + 1) in two parts.
    let double_f = f + f;
    let s = double_f * reciprocal;
    let rest = s.mul_add(-sum.lo, s.mul_add(-sum.hi, double_f));
    let s_lo = rest * reciprocal;
    // z = s^2.
    let half = 0.5 * s;
    let z = half * half;
    let z_lo = s.mul_add(0.5 * s_lo, half.mul_add(half, -z));
    // z (1/3 + z q(z)).
    let above = z * polynomial(z, z * z, &ATANH);
    let third = fast_two_sum(THIRD, above);
    let third_lo = z_lo.mul_add(0.2, third.lo + THIRD_LO);
    let t = two_prod(z, third.hi);
    let t_lo = z.mul_add(third_lo, z_lo.mul_add(third.hi, t.lo));
    // 2 s (1 + that).
    let v = two_prod(s, t.hi);
    let v_lo = s.mul_add(t_lo, s_lo.mul_add(t.hi, v.lo));
    let sum = fast_two_sum(s, v.hi);
    let sum_lo = sum.lo + (s_lo + v_lo);
    let all = fast_two_sum(k * LN_2_SHORT, sum.hi);
    fast_two_sum(all.hi, all.lo + k.mul_add(LN_2_REST, sum_lo))
}

/// `powf`.
pub(crate) struct Powf;

impl Binary<f64> for Powf {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let size = x.abs();
        let ln = ln_precise(size);
        let ln_hi = if size == 0.0 {
            f64::NEG_INFINITY
        } else {
            ln.hi
        };
        let ln_hi = if size < f64::INFINITY { ln_hi } else { size };
        // An infinite exponent of 1 is no exception.
        let bounded = if y > 2f64.powi(200) {
            2f64.powi(200)
        } else {
            y
        };
        let bounded = if bounded < -2f64.powi(200) {
            -2f64.powi(200)
        } else {
            bounded
        };
        let product = two_prod(bounded, ln_hi);
        let below = bounded.mul_add(ln.lo, product.lo);
        let high = product.hi > 710.0;
        let low = product.hi < -746.0;
        let exponent = if high { 710.0 } else { product.hi };
        let exponent = if low { -746.0 } else { exponent };
        let below = if high | low { 0.0 } else { below };
        let power = exp_double(exponent, below);
        // The sign of the base stays under odd exponents.
        let integer = y.floor() == y;
        let half = 0.5 * y;
        let odd = integer & (half.floor() != half);
        let sign = x.to_bits() & (1 << 63);
        let signed = f64::from_bits(power.to_bits() | if odd { sign } else { 0 });
        let outside = (x < 0.0) & (x > f64::NEG_INFINITY) & !integer;
        let result = if outside { f64::NAN } else { signed };
        if (y == 0.0) | (x == 1.0) { 1.0 } else { result }
    }
}

/// `powi`.
pub(crate) struct Powi;

impl Binary<f64, i32> for Powi {
    #[inline(always)]
    fn fast(x: f64, n: i32) -> f64 {
        let mut square = x;
        let mut left = n.unsigned_abs();
        let mut result = 1.0;
        loop {
            if left & 1 == 1 {
                result *= square;
            }
            left >>= 1;
            if left == 0 {
                break;
            }
            square *= square;
        }
        if n < 0 { 1.0 / result } else { result }
    }
}
