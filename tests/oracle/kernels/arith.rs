//! Operators, compound assignment and comparison, on every number type.

use brolga::prelude::*;

const SLOPE: f64 = 0.1;

/// Leaky rectifier.
#[vectorize]
pub fn leaky_relu(x: f64) -> f64 {
    if x < 0.0 { SLOPE * x } else { x }
}

#[vectorize]
pub fn axpy<T: Float>(a: T, x: T, y: T) -> T {
    a * x + y
}

/// Two outputs; fails on a divisor of 0 and on MIN / -1.
#[vectorize]
pub fn div_rem<T: Integer>(a: T, b: T) -> (T, T) {
    (a / b, a % b)
}

#[vectorize]
pub fn ring<T: Number>(a: T, b: T) -> (T, T, T) {
    (a + b, a - b, a * b)
}

#[vectorize]
pub fn float_operators<T: Float>(a: T, b: T) -> (T, T, T) {
    (a / b, a % b, -a)
}

#[vectorize]
pub fn compare<T: Real>(a: T, b: T) -> (bool, bool, bool, bool, bool, bool) {
    (a == b, a != b, a < b, a <= b, a > b, a >= b)
}

#[vectorize]
pub fn compound_number<T: Number>(a: T, b: T) -> T {
    let mut x = a;
    x += b;
    x *= a;
    x -= b;
    x
}

#[vectorize]
pub fn compound_i32(a: i32, b: i32) -> i32 {
    let mut x = a;
    x += b;
    x -= 3;
    x *= 7;
    x /= 5;
    x %= 1000;
    x &= 0xff;
    x |= b;
    x ^= a;
    x <<= 3;
    x >>= 1;
    x
}

#[vectorize]
pub fn compound_f32(a: f32, b: f32) -> f32 {
    let mut x = a;
    x += b;
    x -= 0.5;
    x *= a;
    x /= 3.0;
    x %= 100.0;
    x
}

#[vectorize]
pub fn negate(a: i8, b: i16, c: i32, d: i64) -> (i8, i16, i32, i64) {
    (-a, -b, -c, -d)
}

#[vectorize]
pub fn clip(x: f64, low: f64, high: f64) -> f64 {
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}

/// Rust's precedence: `*` over `+` over `<<` over `&` over `^` over `|` over `==` over `&&`.
#[vectorize]
pub fn precedence(a: u32, b: u32, c: u32) -> (u32, bool, i64) {
    let bits = a | b ^ c & a + b * 2 << 1;
    let truth = a == b && b < c || a != c;
    let signed = -(a as i64) * 3 - b as i64 % 7;
    (bits, truth, signed)
}
