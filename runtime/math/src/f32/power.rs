//! Powers of `f32`.

use super::wide::{self, polynomial};
use crate::f64::tabled;
use crate::lanes::Lanes;
use crate::shape::Binary;
use crate::tabled::TabledBinary;

/// From here on exponents are for [`PowfOfAny::hard`](Binary::hard).
const LARGE: f32 = 4_194_304.0;

/// `powf`. Error: 0.534 ulp, over 7.2 million pairs.
pub(crate) struct Powf;

impl TabledBinary<f32> for Powf {
    type Rest = PowfOfAny;

    #[inline(always)]
    fn formula<L: Lanes>(x: L, y: L) -> (L, L::Mask) {
        tabled::powf_single(x, y)
    }
}

/// `powf` of any numbers: 2 to the power of `y log2 x`, computed in `f64` without a table. NaN,
/// infinities and exponents that are [`LARGE`] are hard.
pub(crate) struct PowfOfAny;

impl Binary<f32> for PowfOfAny {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        // `y + ROUND` has the nearest integer to `y` in its low bits, for `|y|` below 2^22.
        const ROUND: f32 = 12_582_912.0;
        let shifted = y + ROUND;
        let integer = shifted - ROUND == y;
        let odd = shifted.to_bits() << 31;
        let sign = if integer { x.to_bits() & odd } else { 0 };
        let power = magnitude(x.abs(), y);
        let signed = f32::from_bits(power.to_bits() | sign);
        if x < 0.0 && !integer {
            f32::NAN
        } else {
            signed
        }
    }

    #[inline(always)]
    fn is_hard(x: f32, y: f32) -> bool {
        let tame = x.abs() < f32::INFINITY && y.abs() < LARGE;
        !tame
    }

    #[inline(always)]
    fn hard(x: f32, y: f32) -> f32 {
        if x == 1.0 || y == 0.0 {
            return 1.0;
        }
        if x.is_nan() || y.is_nan() {
            return f32::NAN;
        }
        let a = x.abs();
        let power = if x.is_infinite() {
            if y > 0.0 { f32::INFINITY } else { 0.0 }
        } else if y.is_infinite() {
            if a == 1.0 {
                1.0
            } else if (a > 1.0) == (y > 0.0) {
                f32::INFINITY
            } else {
                0.0
            }
        } else {
            magnitude(a, y)
        };
        // From 2^23 on all numbers are integers, and from 2^24 on they are even.
        let integer = y.is_infinite() || y.trunc() == y;
        let odd = integer && y.abs() < 16_777_216.0 && (y as i32) & 1 == 1;
        if x.is_sign_negative() && odd {
            -power
        } else if x < 0.0 && x.is_finite() && !integer {
            f32::NAN
        } else {
            power
        }
    }
}

/// `a^y` for finite `a >= 0` and finite `y`.
#[inline(always)]
fn magnitude(a: f32, y: f32) -> f32 {
    let x = f64::from(a);
    let (k, number) = wide::exponent(x);
    let f = f64::from_bits(x.to_bits().wrapping_sub(k)) - 1.0;
    // ln(1 + f) = 2 atanh(f / (2 + f)).
    let s = f * wide::reciprocal(2.0 + f);
    let p = polynomial!(s * s;
        2.8853900817900815, 0.9617966733480409, 0.5770835836931257, 0.4116727996335023,
        0.3407285417035436);
    let log = s.mul_add(p, number);
    // Not infinity: its product with zero must be zero.
    let log = if a == 0.0 { -1e300 } else { log };
    let power = f64::from(y) * log;
    let power = if power > 200.0 { 200.0 } else { power };
    let power = if power < -200.0 { -200.0 } else { power };
    wide::exp2(power) as f32
}

/// `powi`.
pub(crate) struct Powi;

impl Binary<f32, i32> for Powi {
    #[inline(always)]
    fn fast(x: f32, n: i32) -> f32 {
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
