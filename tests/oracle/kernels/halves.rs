//! 16-bit floats: conversions, bits, tests, constants, comparisons.

use brolga::prelude::*;

#[vectorize]
pub fn f16_bits(x: f32) -> u16 {
    f16::from_f32(x).to_bits()
}

#[vectorize]
pub fn f16_bits_of_double(x: f64) -> (u16, u16) {
    (f16::from_f64(x).to_bits(), bf16::from_f64(x).to_bits())
}

#[vectorize]
pub fn bf16_bits(x: f32) -> u16 {
    bf16::from_f32(x).to_bits()
}

#[vectorize]
pub fn widened(bits: u16) -> (f32, f64, f32, f64) {
    let (h, b) = (f16::from_bits(bits), bf16::from_bits(bits));
    (h.to_f32(), f64::from(h), f32::from(b), b.to_f64())
}

#[vectorize]
pub fn kinds(bits: u16) -> (bool, bool, bool, bool) {
    let (h, b) = (f16::from_bits(bits), bf16::from_bits(bits));
    (
        h.is_nan() | b.is_finite(),
        h.is_infinite() | b.is_normal(),
        h.is_normal() & h.is_sign_negative(),
        b.is_nan() | h.is_sign_positive(),
    )
}

#[vectorize]
pub fn compared(a: u16, b: u16) -> (bool, bool, bool, bool) {
    let (x, y) = (f16::from_bits(a), f16::from_bits(b));
    let (p, q) = (bf16::from_bits(a), bf16::from_bits(b));
    (x == y, x < y, p != q, p >= q)
}

#[vectorize]
pub fn rounded_sum(a: f32, b: f32) -> f32 {
    let x = f16::from_f32(a);
    let y = f16::from_f32(b);
    f16::from_f32(x.to_f32() + y.to_f32()).to_f32() + f16::MAX.to_f32() - f32::from(bf16::EPSILON)
}
