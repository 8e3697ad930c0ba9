//! The methods of the float types whose results are exact: both sides must agree bit for bit.

use brolga::prelude::*;

#[vectorize]
pub fn rounding<T: Float>(x: T) -> (T, T, T, T, T, T) {
    (
        x.floor(),
        x.ceil(),
        x.round(),
        x.round_ties_even(),
        x.trunc(),
        x.fract(),
    )
}

#[vectorize]
pub fn rounding_f64(x: f64) -> (f64, f64, f64, f64) {
    (x.floor(), x.ceil(), x.round(), x.trunc())
}

#[vectorize]
pub fn signs<T: Float>(x: T, y: T) -> (T, T, T, bool, bool) {
    (
        x.abs(),
        x.signum(),
        x.copysign(y),
        x.is_sign_positive(),
        y.is_sign_negative(),
    )
}

#[vectorize]
pub fn classify<T: Float>(x: T) -> (bool, bool, bool, bool, bool) {
    (
        x.is_nan(),
        x.is_infinite(),
        x.is_finite(),
        x.is_normal(),
        x.is_subnormal(),
    )
}

#[vectorize]
pub fn classify_f32(x: f32) -> u8 {
    if x.is_nan() {
        0
    } else if x.is_infinite() {
        1
    } else if x == 0.0 {
        2
    } else if x.is_normal() {
        3
    } else {
        4
    }
}

/// The other operand when one is NaN; either zero for +0 and -0.
#[vectorize]
pub fn smaller_and_larger<T: Float>(x: T, y: T) -> (T, T) {
    (x.min(y), x.max(y))
}

#[vectorize]
pub fn smallest_f64(x: f64, y: f64, z: f64) -> f64 {
    x.min(y).min(z)
}

/// Fails unless low <= high.
#[vectorize]
pub fn clamp_float<T: Float>(x: T, low: T, high: T) -> T {
    x.clamp(low, high)
}

#[vectorize]
pub fn clamp_constant(x: f64) -> f64 {
    x.clamp(-1.0, 1.0)
}

#[vectorize]
pub fn euclid_float<T: Float>(x: T, y: T) -> (T, T) {
    (x.div_euclid(y), x.rem_euclid(y))
}

#[vectorize]
pub fn fused<T: Float>(x: T, y: T, z: T) -> T {
    x.mul_add(y, z)
}

#[vectorize]
pub fn fused_polynomial(x: f64) -> f64 {
    let mut p = 0.125;
    p = x.mul_add(p, -0.5);
    p = p.mul_add(x, 2.0);
    p.mul_add(x, 1.0)
}

#[vectorize]
pub fn roots<T: Float>(x: T) -> (T, T) {
    (x.sqrt(), x.recip())
}

#[vectorize]
pub fn integer_power<T: Float>(x: T, n: i32) -> T {
    x.powi(n)
}

#[vectorize]
pub fn constant_powers(x: f64) -> (f64, f64, f64, f64, f64) {
    (x.powi(0), x.powi(2), x.powi(3), x.powi(-1), x.powi(7))
}

#[vectorize]
pub fn angles<T: Float>(x: T) -> (T, T) {
    (x.to_degrees(), x.to_radians())
}

#[vectorize]
pub fn neighbours<T: Float>(x: T, y: T) -> (T, T, T) {
    (x.next_up(), x.next_down(), x.midpoint(y))
}

/// Bits of a value as it was given, so that a NaN keeps its payload.
#[vectorize]
pub fn bits_f64(x: f64) -> (u64, f64) {
    let bits = x.to_bits();
    (bits, f64::from_bits(bits ^ 1))
}

#[vectorize]
pub fn bits_f32(x: f32) -> (u32, f32) {
    let bits = x.to_bits();
    (bits.rotate_left(1), f32::from_bits(bits & 0x7fff_ffff))
}

/// The order of operations is that of the text: no contraction, no reassociation.
#[vectorize]
pub fn order_is_kept(a: f32, b: f32, c: f32, d: f32) -> (f32, f32, f32) {
    (a * b + c * d, a + b + c + d, a - (b - c) - d)
}

/// NaN makes every comparison false but `!=`.
#[vectorize]
pub fn comparisons_with_nan(x: f64, y: f64) -> u8 {
    let mut bits = 0;
    if x < y {
        bits |= 1;
    }
    if !(x >= y) {
        bits |= 2;
    }
    if x == y {
        bits |= 4;
    }
    if x != y {
        bits |= 8;
    }
    if x <= y || x > y {
        bits |= 16;
    }
    bits
}
