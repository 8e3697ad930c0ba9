//! Functions that call themselves and each other.

use brolga::prelude::*;

#[vectorize]
pub fn fibonacci(n: u32) -> u64 {
    if n < 2 {
        n as u64
    } else {
        fibonacci(n - 1) + fibonacci(n - 2)
    }
}

#[vectorize]
pub fn factorial(n: u8) -> u64 {
    match n {
        0 => 1,
        _ => (n as u64).wrapping_mul(factorial(n - 1)),
    }
}

#[vectorize]
pub fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 {
        a.wrapping_abs()
    } else {
        gcd(b, a.wrapping_rem(b))
    }
}

#[vectorize]
pub fn ackermann(m: u32, n: u32) -> u32 {
    if m == 0 {
        n + 1
    } else if n == 0 {
        ackermann(m - 1, 1)
    } else {
        ackermann(m - 1, ackermann(m, n - 1))
    }
}

fn is_even(n: u32) -> bool {
    n == 0 || is_odd(n - 1)
}

fn is_odd(n: u32) -> bool {
    n != 0 && is_even(n - 1)
}

#[vectorize]
pub fn parity(n: u32) -> (bool, bool) {
    (is_even(n), is_odd(n))
}

/// Moves of the tower of Hanoi, and the sum of the pegs they go to.
fn hanoi(n: u32, from: u32, to: u32) -> (u32, u32) {
    if n == 0 {
        return (0, 0);
    }
    let via = 6 - from - to;
    let (before, first) = hanoi(n - 1, from, via);
    let (after, second) = hanoi(n - 1, via, to);
    (before + 1 + after, first + to + second)
}

#[vectorize]
pub fn hanoi_moves(n: u32) -> (u32, u32) {
    hanoi(n, 1, 3)
}

/// The area under 1 / (1 + x^2), by adaptive Simpson's rule.
fn simpson(a: f64, b: f64, depth: u32) -> f64 {
    let m = 0.5 * (a + b);
    let f = (b - a) / 6.0 * (area(a) + 4.0 * area(m) + area(b));
    if depth == 0 || b - a < 0.05 {
        f
    } else {
        simpson(a, m, depth - 1) + simpson(m, b, depth - 1)
    }
}

fn area(x: f64) -> f64 {
    1.0 / (1.0 + x * x)
}

#[vectorize]
pub fn integral(a: f64, b: f64) -> f64 {
    simpson(a, b, 6)
}
