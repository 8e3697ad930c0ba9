//! Kernels whose compiled objects the corpus of the linker's mutation test holds.

use brolga::prelude::*;
#[vectorize]
fn wave(x: f64) -> f64 { if x < 0.0 { -x.sin() } else { x.exp() * 0.5 } }
#[vectorize]
fn divide(a: i64, b: i64) -> i64 { a / b }
#[guvectorize("(n)->()")]
fn total(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    for i in 0..a.len() { sum += a[i]; }
    out[()] = sum;
}
#[jit(parallel)]
fn squares(n: u64) -> u64 {
    let mut sum = 0;
    for i in prange(0..n) { sum += i * i; }
    sum
}
