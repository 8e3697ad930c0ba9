//! `prange`: reductions and independent iterations.

use brolga::prelude::*;

/// The quadrature of 4 / (1 + x^2).
#[jit(parallel)]
pub fn pi(n: usize) -> f64 {
    let h = 1.0 / n as f64;
    let mut s = 0.0;
    for i in prange(0..n) {
        let x = (i as f64 + 0.5) * h;
        s += 4.0 / (1.0 + x * x);
    }
    s * h
}

/// Integer sums and products do not depend on the order.
#[jit(parallel)]
pub fn integer_reductions(n: u32) -> (u64, u64) {
    let mut sum = 7_u64;
    let mut product = 3_u64;
    for i in prange(1..=n) {
        sum += i as u64 * i as u64;
        product *= 2 * i as u64 + 1;
    }
    (sum, product)
}

#[jit(parallel)]
pub fn extremes(a: ArrayView1<f64>) -> (f64, f64) {
    let mut least = f64::INFINITY;
    let mut most = f64::NEG_INFINITY;
    for i in prange(0..a.len()) {
        least = least.min(a[i]);
        most = most.max(a[i]);
    }
    (least, most)
}

#[jit(parallel)]
pub fn integer_extremes(a: ArrayView1<i32>) -> (i32, i32) {
    let mut least = i32::MAX;
    let mut most = i32::MIN;
    for i in prange(0..a.len()) {
        least = least.min(a[i]);
        most = most.max(a[i]);
    }
    (least, most)
}

/// A reduction under `if`.
#[jit(parallel)]
pub fn sum_of_positive(a: ArrayView1<i64>) -> i64 {
    let mut sum = 0;
    for i in prange(0..a.len()) {
        if a[i] > 0 {
            sum += a[i];
        }
    }
    sum
}

#[jit(parallel)]
pub fn float_sum(a: ArrayView1<f32>) -> f32 {
    let mut sum = 0.0;
    for i in prange(0..a.len()) {
        sum += a[i];
    }
    sum
}

/// No reduction: every iteration writes its own element.
#[jit(parallel)]
pub fn squares(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in prange(0..a.len()) {
        out[i] = a[i] * a[i];
    }
}

#[jit(parallel)]
pub fn row_sums(a: ArrayView2<i32>, mut out: ArrayViewMut1<i32>) {
    for i in prange(0..a.nrows()) {
        let mut sum = 0;
        for j in 0..a.ncols() {
            sum += a[[i, j]];
        }
        out[i] = sum;
    }
}

#[jit(parallel)]
pub fn steps_and_reverse(n: u64) -> (u64, i64) {
    let mut sum = 0;
    for i in prange(0..n).step_by(3) {
        sum += i ^ 5;
    }
    let mut other = 0;
    for i in prange(-10..n as i64).rev() {
        other += i * i;
    }
    (sum, other)
}

/// Without `parallel`, `prange` is a range.
#[jit]
pub fn serial(n: u16) -> u32 {
    let mut sum = 0;
    for i in prange(0..n) {
        sum += i as u32;
    }
    sum
}

/// Fails at the element that is 0.
#[jit(parallel)]
pub fn fails_in_an_iteration(a: ArrayView1<i32>) -> i32 {
    let mut sum = 0;
    for i in prange(0..a.len()) {
        sum += 1000 / a[i];
    }
    sum
}
