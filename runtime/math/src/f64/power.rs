//! Powers of `f64`.
//!
//! `x^y` is `e^(y ln |x|)` with a sign, the logarithm and its product with `y` in two parts. Where
//! the base and the result are positive and normal, tables shorten both ([`tabled`]). Elsewhere the
//! logarithm is `2 atanh(s)` with `s = (m - 1) / (m + 1)` in two parts (as in fdlibm's `e_pow.c`,
//! by K. C. Ng, but for the splitting, which fused multiply-add replaces): its relative error is
//! about `2^-65`, so that the power's is about `2^-55` before the last rounding.

use super::bits::polynomial;
use super::double::{Double, fast_two_sum, two_prod};
use super::exponential::exp_double;
use super::logarithm::{LN_2_REST, LN_2_SHORT, split_any};
use super::tabled;
use crate::lanes::Lanes;
use crate::shape::Binary;
use crate::tabled::TabledBinary;

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

/// `ln(2^k m)`, where `m` is from `sqrt(1/2)` to `sqrt(2)`; the
/// second part is at most some units in the last place of the first.
#[inline(always)]
fn ln_precise(k: f64, m: f64) -> Double {
    let f = m - 1.0;
    let sum = fast_two_sum(1.0, m);
    let reciprocal = 1.0 / sum.hi;
    // s = f / (m + 1) in two parts.
    let s = f * reciprocal;
    let s_lo = s.mul_add(-sum.lo, s.mul_add(-sum.hi, f)) * reciprocal;
    let twice = s + s;
    // z = s^2, then z (1/3 + z q(z)).
    let z = s * s;
    let z_lo = twice.mul_add(s_lo, s.mul_add(s, -z));
    let q = polynomial(z, z * z, &ATANH);
    let third = z.mul_add(q, THIRD);
    let third_lo = z_lo.mul_add(ATANH[0], z.mul_add(q, THIRD - third) + THIRD_LO);
    let t = two_prod(z, third);
    let t_lo = z.mul_add(third_lo, z_lo.mul_add(third, t.lo));
    // 2 s (1 + that).
    let v = two_prod(twice, t.hi);
    let twice_lo = s_lo + s_lo;
    let v_lo = twice.mul_add(t_lo, twice_lo.mul_add(t.hi, v.lo));
    let sum = fast_two_sum(twice, v.hi);
    let all = fast_two_sum(k * LN_2_SHORT, sum.hi);
    let low = k.mul_add(LN_2_REST, sum.lo + (twice_lo + v_lo));
    Double {
        hi: all.hi,
        lo: all.lo + low,
    }
}

/// `powf`. Error: 0.54 ulp at most for `|y ln x|` up to 20, and 1.14 ulp where it is near 700 and the
/// base near one, as measured by `scripts/ulp_f64.py`; never more than one number from the correctly
/// rounded one.
pub(crate) struct Powf;

impl TabledBinary<f64> for Powf {
    type Rest = PowfOfAny;

    #[inline(always)]
    fn formula<L: Lanes>(x: L, y: L) -> (L, L::Mask) {
        tabled::powf(x, y)
    }
}

/// `powf` of any numbers, without a table. Error: 0.70 ulp at most.
pub(crate) struct PowfOfAny;

impl Binary<f64> for PowfOfAny {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let size = x.abs();
        let (k, m) = split_any(size);
        let ln = ln_precise(k, m);
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
        let power = exp_double(product.hi, below);
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

/// `powi`: the repeated squaring of rustc's own `powi`, bit for bit.
pub(crate) struct Powi;

/// How many bits of an exponent the vector loop goes through, whether they are set or not.
const POWI_BITS: u32 = 6;

impl Binary<f64, i32> for Powi {
    #[inline(always)]
    fn fast(x: f64, n: i32) -> f64 {
        let bits = u64::from(n.unsigned_abs());
        let mut square = x;
        let mut result = 1.0;
        for bit in 0..POWI_BITS {
            let more = result * square;
            result = if bits & (1 << bit) != 0 { more } else { result };
            square *= square;
        }
        if n < 0 { 1.0 / result } else { result }
    }

    #[inline(always)]
    fn is_hard(_x: f64, n: i32) -> bool {
        n.unsigned_abs() >= 1 << POWI_BITS
    }

    #[inline(always)]
    fn hard(x: f64, n: i32) -> f64 {
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
