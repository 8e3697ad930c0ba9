//! Tuples: as values, parameters of helpers, patterns, nested, assigned by member.

use brolga::prelude::*;

fn order(a: f64, b: f64) -> (f64, f64) {
    if b < a { (b, a) } else { (a, b) }
}

fn complex_square(z: (f64, f64)) -> (f64, f64) {
    let (re, im) = z;
    (re * re - im * im, 2.0 * re * im)
}

#[vectorize]
pub fn sort_three(a: f64, b: f64, c: f64) -> (f64, f64, f64) {
    let (a, b) = order(a, b);
    let (b, c) = order(b, c);
    let (a, b) = order(a, b);
    (a, b, c)
}

#[vectorize]
pub fn square_twice(re: f64, im: f64) -> (f64, f64) {
    complex_square(complex_square((re, im)))
}

#[vectorize]
pub fn members(a: i32, b: i64) -> (i64, i32) {
    let mut pair = (a, b);
    pair.0 ^= 1;
    pair.1 += pair.0 as i64;
    let nested = (pair, (true, pair.1));
    let ((first, _), (flag, second)) = nested;
    if flag && nested.1.0 {
        (second, first)
    } else {
        (0, 0)
    }
}

#[vectorize]
pub fn swap_assign(a: u32, b: u32) -> (u32, u32) {
    let (mut x, mut y) = (a, b);
    (x, y) = (y, x.wrapping_add(y));
    (y, x) = (y ^ x, y);
    (x, y)
}

#[vectorize]
pub fn fibonacci_pair(n: u8) -> u64 {
    let mut pair = (0_u64, 1_u64);
    for _ in 0..n {
        pair = (pair.1, pair.0.wrapping_add(pair.1));
    }
    pair.0
}

#[vectorize]
pub fn tuple_of_branches(x: f32) -> (f32, bool, u8) {
    let result = if x.is_nan() {
        (0.0, false, 0)
    } else if x < 0.0 {
        (-x, true, 1)
    } else {
        (x, true, 2)
    };
    result
}

/// A unit is a tuple too.
fn nothing() {}

#[vectorize]
pub fn units(x: i32) -> i32 {
    let unit = nothing();
    let () = unit;
    let one = (x,);
    one.0
}
