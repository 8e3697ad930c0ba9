//! Constants: those of the number types, those of std, and the file's own.

use brolga::prelude::*;

const HALF: f64 = 0.5;
const SCALE: f64 = HALF * 8.0 + 1.0;
const LIMIT: usize = 3 + 4 * 2;
const MASK: u32 = !0 >> 4;
const NARROW: u8 = 300_u32 as u8 + 1;
const FLAG: bool = LIMIT > 10 && !false;
const SMALLEST: i64 = i64::MIN;
const INVERSE: f32 = 1.0 / 3.0;
const PAIR: (i32, f64) = (-7, 2.5);

#[vectorize]
pub fn own(x: f64, n: u32) -> (f64, u32, u8, bool, i64) {
    let steps = LIMIT as u32;
    (
        x * SCALE + HALF,
        (n & MASK) % steps,
        NARROW,
        FLAG,
        SMALLEST + n as i64,
    )
}

#[vectorize]
pub fn own_more(x: f32) -> (f32, i32, f64) {
    const INNER: i32 = 2;
    (x * INVERSE, PAIR.0 * INNER, PAIR.1)
}

#[vectorize]
pub fn of_floats(x: f64, y: f32) -> (bool, bool, f64, f64, f32, f32) {
    (
        x == f64::INFINITY || x == f64::NEG_INFINITY,
        y > f32::MAX || y < f32::MIN,
        if x.is_nan() { f64::NAN } else { f64::EPSILON },
        f64::MAX - x,
        y * f32::MIN_POSITIVE,
        y + f32::EPSILON,
    )
}

#[vectorize]
pub fn of_integers(x: i32) -> (i8, i16, i32, i64, u64, u32) {
    (
        i8::MAX,
        i16::MIN,
        i32::MAX ^ x,
        i64::MAX,
        u64::MAX - u32::MAX as u64 - u16::MAX as u64,
        i32::BITS + u64::BITS + u8::MAX as u32,
    )
}

#[vectorize]
pub fn of_parameters<T: Float>(x: T) -> (bool, T, T, T) {
    (
        x > T::MAX || x < T::MIN,
        x + T::EPSILON,
        T::INFINITY,
        T::NEG_INFINITY.max(T::MIN_POSITIVE),
    )
}

#[vectorize]
pub fn of_integer_parameters<T: Integer>(x: T) -> (T, T, u32) {
    (T::MAX ^ x, T::MIN ^ x, T::BITS)
}

#[vectorize]
pub fn of_std(x: f64, y: f32) -> (f64, f64, f32) {
    (
        x * std::f64::consts::PI,
        x + std::f64::consts::LN_2,
        y * std::f32::consts::E,
    )
}
