//! Powers of `f32`.

use super::wide::{self, ROUND, polynomial};
use crate::shape::Binary;

/// `powf`.
pub(crate) struct Powf;

impl Binary<f32> for Powf {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        let a = x.abs();
        let p = f64::from(y) * log2(a);
        let one = y == 0.0 || x == 1.0 || (a == 1.0 && y.abs() == f32::INFINITY);
        let p = if one { 0.0 } else { p };
        let p = if p > 200.0 { 200.0 } else { p };
        let p = if p < -200.0 { -200.0 } else { p };
        let power = wide::exp2(p) as f32;
        // Integers from 2^24 on are even.
        let exponent = if y.abs() > 16_777_216.0 {
            16_777_216.0
        } else {
            y.abs()
        };
        let exponent = f64::from(exponent);
        let shifted = exponent + ROUND;
        let integer = shifted - ROUND == exponent;
        let odd = (shifted.to_bits() as u32) << 31;
        let sign = if integer { x.to_bits() & odd } else { 0 };
        let signed = f32::from_bits(power.to_bits() | sign);
        if x < 0.0 && a < f32::INFINITY && !integer {
            f32::NAN
        } else {
            signed
        }
    }
}

/// `log2 a` with an error of 2^-37 of it for `a >= 0`.
#[inline(always)]
fn log2(a: f32) -> f64 {
    let x = f64::from(a);
    let (k, number) = wide::exponent(x);
    let f = f64::from_bits(x.to_bits().wrapping_sub(k)) - 1.0;
    // ln(1 + f) = 2 atanh(f / (2 + f)).
    let s = f * wide::reciprocal(2.0 + f);
    let z = s * s;
    let p = polynomial!(z;
        2.8853900817900815, 0.9617966733480409, 0.5770835836931257, 0.4116727996335023,
        0.3407285417035436);
    let log = s.mul_add(p, number);
    let log = if a < f32::INFINITY { log } else { x };
    if a == 0.0 { f64::NEG_INFINITY } else { log }
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
