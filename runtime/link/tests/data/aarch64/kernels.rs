// The kernels of the objects in this folder; see runtime/codegen/examples/aarch64_objects.rs
// for the command that makes them.

use brolga::prelude::*;

/// No import, no constant.
#[vectorize]
fn axpy(a: f64, x: f64, y: f64) -> f64 {
    a * x + y
}

/// Two imports.
#[vectorize]
fn wave(x: f64) -> f64 {
    x.sin() + (0.5 * x).exp()
}

/// A loop with calls.
#[guvectorize("(n)->()")]
fn energy(x: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    for &v in x.iter() {
        sum += (-v * v).exp() * 0.125;
    }
    out[()] = sum;
}

/// A table of constants.
const WEIGHTS: [f64; 8] = [0.5, -1.25, 2.0, 3.75, -4.5, 5.125, 6.0, -7.625];

#[vectorize]
fn filtered(x: f64, k: i64) -> f64 {
    WEIGHTS[(k & 7) as usize] * x
}

/// A panic that can be reached: an index out of bounds.
#[guvectorize("(n),()->()")]
fn picked(x: ArrayView1<f64>, k: i64, mut out: ArrayViewMut0<f64>) {
    out[()] = x[k as usize];
}

/// An outlined loop with two reductions.
#[guvectorize("(n),(n)->(),()")]
fn inner(x: ArrayView1<f64>, y: ArrayView1<f64>, mut dot: ArrayViewMut0<f64>, mut top: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    let mut most = -1e300;
    for i in prange(0..x.len()) {
        sum += x[i] * y[i];
        most = most.max(x[i]);
    }
    dot[()] = sum;
    top[()] = most;
}

/// Calls inside of the object: a function that calls itself.
fn collatz(n: i64, depth: i64) -> i64 {
    if n <= 1 {
        depth
    } else if n % 2 == 0 {
        collatz(n / 2, depth + 1)
    } else {
        collatz(3 * n + 1, depth + 1)
    }
}

#[vectorize]
fn steps(n: i64) -> i64 {
    collatz(n, 0)
}
