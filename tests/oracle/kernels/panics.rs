//! Functions that fail on some inputs: which inputs, and with which message.

use brolga::prelude::*;

#[vectorize]
pub fn divide(a: i32, b: i32) -> i32 {
    a / b
}

#[vectorize]
pub fn remainder(a: i64, b: i64) -> i64 {
    a % b
}

#[vectorize]
pub fn divide_unsigned(a: u8, b: u8) -> (u8, u8) {
    (a / b, a % b)
}

#[vectorize]
pub fn divide_assign(a: i16, b: i16) -> i16 {
    let mut x = a;
    x /= b;
    x %= b;
    x
}

/// Only the branch that is taken may fail.
#[vectorize]
pub fn guarded_division(a: i32, b: i32) -> i32 {
    if b == 0 { -1 } else { a / b }
}

#[vectorize]
pub fn asserted(x: f64) -> f64 {
    assert!(x >= 0.0);
    x.sqrt()
}

#[vectorize]
pub fn asserted_with_message(x: i32) -> i32 {
    assert!(x % 3 != 0, "x must not be a multiple of three");
    x / 3
}

#[vectorize]
pub fn panics_on_negative(x: i64) -> i64 {
    if x < 0 {
        panic!("negative");
    }
    x * 2
}

#[vectorize]
pub fn panics_in_a_match(n: u8) -> u8 {
    match n % 5 {
        0 => 10,
        1 => panic!("one"),
        2 => unreachable!(),
        3 => unreachable!("three"),
        other => other,
    }
}

/// A panic has any type.
#[vectorize]
pub fn panic_as_a_value(x: u32) -> u32 {
    let y = if x < 1000 {
        x
    } else {
        panic!("too large: the limit is 1000")
    };
    y + 1
}

fn checked_root(x: f32) -> f32 {
    if x < 0.0 {
        panic!("root of a negative number");
    }
    x.sqrt()
}

/// The failure is in a callee.
#[vectorize]
pub fn fails_in_a_callee(x: f32, y: f32) -> f32 {
    checked_root(x) + checked_root(y)
}

/// It fails in the third round or not at all.
#[vectorize]
pub fn fails_in_a_loop(n: i32) -> i32 {
    let mut sum = 0;
    for i in 0..5 {
        sum += 100 / (n - i);
    }
    sum
}

#[vectorize]
pub fn clamp_order(x: f64, low: f64, high: f64) -> f64 {
    x.clamp(low, high)
}

#[vectorize]
pub fn step_of_zero(n: u8) -> u32 {
    let mut sum = 0;
    for i in (0..50).step_by((n % 8) as usize) {
        sum += i;
    }
    sum
}

#[vectorize]
pub fn euclid_failures(a: i8, b: i8) -> (i8, i8) {
    (a.div_euclid(b), a.rem_euclid(b))
}

/// The first failure in the order of evaluation counts.
#[vectorize]
pub fn two_failures(a: i32, b: i32) -> i32 {
    let x = 10 / a;
    let y = 10 % b;
    x + y
}

/// Fails where the index is outside of the axis.
#[jit]
pub fn index_of(a: ArrayView1<i32>, k: usize) -> i32 {
    a[k]
}

#[jit]
pub fn index_of_two(a: ArrayView2<f64>, i: usize, j: usize) -> f64 {
    a[[i, j]]
}

/// Reads past the end by one.
#[guvectorize("(n)->(n)")]
pub fn difference_past_the_end(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() {
        out[i] = a[i + 1] - a[i];
    }
}

/// `usize` arithmetic wraps, and the index that comes of it is refused.
#[jit]
pub fn index_before_the_start(a: ArrayView1<f32>) -> f32 {
    a[a.len() - 1]
}

#[jit]
pub fn assert_equal_lengths(a: ArrayView1<f64>, b: ArrayView1<f64>) -> usize {
    assert!(a.len() == b.len(), "lengths differ");
    a.len()
}
