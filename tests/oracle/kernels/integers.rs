//! The methods of the integer types.

use brolga::prelude::*;

#[vectorize]
pub fn wrapping<T: Integer>(a: T, b: T) -> (T, T, T, T) {
    (
        a.wrapping_add(b),
        a.wrapping_sub(b),
        a.wrapping_mul(b),
        a.wrapping_neg(),
    )
}

#[vectorize]
pub fn wrapping_by_count<T: Integer>(a: T, n: u32) -> (T, T, T) {
    (a.wrapping_shl(n), a.wrapping_shr(n), a.wrapping_pow(n))
}

/// Fails on a divisor of 0 only.
#[vectorize]
pub fn wrapping_division<T: Integer>(a: T, b: T) -> (T, T) {
    (a.wrapping_div(b), a.wrapping_rem(b))
}

#[vectorize]
pub fn saturating<T: Integer>(a: T, b: T) -> (T, T, T) {
    (
        a.saturating_add(b),
        a.saturating_sub(b),
        a.saturating_mul(b),
    )
}

#[vectorize]
pub fn powers<T: Integer>(a: T, n: u32) -> (T, T) {
    (a.pow(n), a.saturating_pow(n))
}

#[vectorize]
pub fn overflowing<T: Integer>(a: T, b: T) -> (T, bool, T, bool, T, bool) {
    let (sum, carry) = a.overflowing_add(b);
    let (difference, borrow) = a.overflowing_sub(b);
    let product = a.overflowing_mul(b);
    (sum, carry, difference, borrow, product.0, product.1)
}

#[vectorize]
pub fn euclid<T: Integer>(a: T, b: T) -> (T, T) {
    (a.div_euclid(b), a.rem_euclid(b))
}

#[vectorize]
pub fn smaller_and_larger<T: Integer>(a: T, b: T) -> (T, T) {
    (a.min(b), a.max(b))
}

/// Fails if low > high.
#[vectorize]
pub fn clamp_integer<T: Integer>(a: T, low: T, high: T) -> T {
    a.clamp(low, high)
}

/// Fails on negative numbers.
#[vectorize]
pub fn square_root<T: Integer>(a: T) -> T {
    a.isqrt()
}

/// Fails unless the number is positive.
#[vectorize]
pub fn integer_logarithms<T: Integer>(a: T) -> (u32, u32) {
    (a.ilog2(), a.ilog10())
}

#[vectorize]
pub fn signed_i8(a: i8, b: i8) -> (i8, i8, u8, u8, bool, i8) {
    (
        a.abs(),
        a.signum(),
        a.unsigned_abs(),
        a.abs_diff(b),
        a.is_negative() || b.is_positive(),
        a.wrapping_abs(),
    )
}

#[vectorize]
pub fn signed_i16(a: i16, b: i16) -> (i16, i16, u16, u16, bool, i16) {
    (
        a.abs(),
        a.signum(),
        a.unsigned_abs(),
        a.abs_diff(b),
        a.is_negative() || b.is_positive(),
        a.wrapping_abs(),
    )
}

#[vectorize]
pub fn signed_i32(a: i32, b: i32) -> (i32, i32, u32, u32, bool, i32) {
    (
        a.abs(),
        a.signum(),
        a.unsigned_abs(),
        a.abs_diff(b),
        a.is_negative() || b.is_positive(),
        a.wrapping_abs(),
    )
}

#[vectorize]
pub fn signed_i64(a: i64, b: i64) -> (i64, i64, u64, u64, bool, i64) {
    (
        a.abs(),
        a.signum(),
        a.unsigned_abs(),
        a.abs_diff(b),
        a.is_negative() || b.is_positive(),
        a.wrapping_abs(),
    )
}

#[vectorize]
pub fn unsigned_u8(a: u8, b: u8) -> (u8, bool, u8, u8) {
    (
        a.abs_diff(b),
        a.is_power_of_two(),
        (a >> 1).next_power_of_two(),
        a.midpoint(b),
    )
}

#[vectorize]
pub fn unsigned_u16(a: u16, b: u16) -> (u16, bool, u16, u16) {
    (
        a.abs_diff(b),
        a.is_power_of_two(),
        (a >> 1).next_power_of_two(),
        a.midpoint(b),
    )
}

#[vectorize]
pub fn unsigned_u32(a: u32, b: u32) -> (u32, bool, u32, u32) {
    (
        a.abs_diff(b),
        a.is_power_of_two(),
        (a >> 1).next_power_of_two(),
        a.midpoint(b),
    )
}

#[vectorize]
pub fn unsigned_u64(a: u64, b: u64) -> (u64, bool, u64, u64) {
    (
        a.abs_diff(b),
        a.is_power_of_two(),
        (a >> 1).next_power_of_two(),
        a.midpoint(b),
    )
}

#[vectorize]
pub fn concrete_methods(a: i32, b: i32, c: u8) -> (i32, i32, i32, i32, u8) {
    (
        a.min(b).max(-100).clamp(-50, 50),
        a.wrapping_add(b).wrapping_mul(31),
        a.rem_euclid(17),
        a.pow(2),
        c.saturating_sub(200).wrapping_neg(),
    )
}

/// Fails on a divisor of 0.
#[vectorize]
pub fn ceiling_division(a: u32, b: u32) -> (u32, u32) {
    (a.div_ceil(b), (a >> 8).next_multiple_of(b))
}
