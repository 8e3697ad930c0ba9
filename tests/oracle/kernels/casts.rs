//! `as` from every type to every other: integers wrap or extend, floats saturate, NaN gives 0.

use brolga::prelude::*;

#[vectorize]
pub fn from_i8(x: i8) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_i16(x: i16) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_i32(x: i32) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_i64(x: i64) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_isize(x: isize) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_u8(x: u8) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_u16(x: u16) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_u32(x: u32) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_u64(x: u64) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_usize(x: usize) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_f32(x: f32) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

#[vectorize]
pub fn from_f64(x: f64) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize, x as f32, x as f64,
    )
}

/// `bool` goes to integers only.
#[vectorize]
pub fn from_bool(x: bool) -> (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize) {
    (
        x as i8, x as i16, x as i32, x as i64, x as isize, x as u8, x as u16, x as u32, x as u64,
        x as usize,
    )
}

/// A cast binds tighter than any binary operator, and casts chain.
#[vectorize]
pub fn chained(x: f64, n: i32) -> (u8, i64, f32) {
    (
        x as i32 as u8,
        n as u32 as i64 + n as i64,
        n as i8 as f32 * 0.5 + x as f32,
    )
}

/// Saturation at both ends of a narrow type.
#[vectorize]
pub fn quantize(x: f32) -> u8 {
    (x * 255.0 + 0.5) as u8
}

#[vectorize]
pub fn generic_conversions<T: Float>(x: T, n: i32) -> (f64, T, T) {
    (x.to_f64(), T::from_f64(0.1) + x, T::from_i32(n))
}

#[vectorize]
pub fn number_from_i32<T: Number>(n: i32, more: T) -> T {
    T::from_i32(n) + T::one() - T::zero() + more
}
