//! All forms of literals.

use brolga::prelude::*;

#[vectorize]
pub fn integers(x: i64) -> (i64, u8, i16, u32, u64) {
    let sum = x
        ^ 0xff
        ^ 0o17
        ^ 0b1010_0101
        ^ 1_000_000
        ^ 0xDEAD_beef
        ^ 7i64
        ^ 1_0_i64
        ^ 0x7fff_ffff_ffff_ffff
        ^ 00012;
    (
        sum,
        255u8,
        -32_768_i16,
        0xffff_ffff,
        18_446_744_073_709_551_615,
    )
}

#[vectorize]
pub fn floats(x: f64) -> (f64, f64, f64, f64, f64, f64) {
    (
        x + 1.,
        x * 1e3 + 2.5E-3,
        x - 1_000.000_1 + 1e+2,
        x / 3f64 + 0.1_f64 + 12E0,
        x * 1.797_693_134_862_315_7e308,
        x + 4.9e-324 + 123456789012345678901234567890.0,
    )
}

#[vectorize]
pub fn floats_f32(x: f32) -> (f32, f32, f32, f32) {
    (
        x + 0.1,
        x * 1e10f32,
        x - 3.402_823_5e38,
        // Rounded once, from the decimal text to f32, not by way of f64.
        x + 1.000_000_059_604_644_8,
    )
}

#[vectorize]
pub fn bytes(x: u8) -> (u8, bool, u8, u8) {
    (
        x ^ b'a',
        x == b'\n' || x == b'\\' || x == b'\'' || x == b'"',
        b'\x7f' - b'\0',
        b'\xFF' ^ b'\t' ^ b'\r' ^ b' ',
    )
}

#[vectorize]
pub fn bools(x: bool) -> (bool, bool) {
    (x == true, x | false)
}

/// The least values are written with a minus sign before a literal that alone would not fit.
#[vectorize]
pub fn least_values(x: i64) -> (i8, i16, i32, i64) {
    let least: i64 = -9_223_372_036_854_775_808;
    (-128, -32768, -2147483648, least ^ x)
}

#[vectorize]
pub fn negative_zero(x: f64) -> (f64, f64, f64) {
    (-0.0, x * -0.0, -(0.0 + x))
}
