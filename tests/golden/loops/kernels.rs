use brolga::prelude::*;

/// A formula: vectors straight through the operands.
#[vectorize]
fn axpy(a: f64, x: f64, y: f64) -> f64 {
    a * x + y
}

/// Calls of strip functions: stages over strips.
#[vectorize]
fn logistic<T: Float>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

/// A loop that each lane leaves at its own time.
#[vectorize]
fn collatz(n: i64) -> i64 {
    let mut n = n;
    let mut steps = 0;
    while n > 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}

/// A function without a vector form.
#[vectorize]
fn recursive(n: i64) -> i64 {
    if n < 2 { n } else { recursive(n - 1) + recursive(n - 2) }
}

/// Core dimensions, and an inner loop that takes in floats in their order.
#[guvectorize("(n),(n)->()")]
fn weighted(x: ArrayView1<f64>, w: ArrayView1<f64>, mut total: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * w[i];
    }
    total[()] = sum;
}

/// Two loops, one inside the other; what is indirect keeps its check.
#[jit]
fn gather(table: ArrayView1<f64>, index: ArrayView2<i64>, mut out: ArrayViewMut2<f64>) {
    for row in 0..index.shape()[0] {
        for column in 0..index.shape()[1] {
            out[[row, column]] = table[index[[row, column]] as usize];
        }
    }
}

/// Checks of slices and of divisions, and a loop that counts down.
#[jit]
fn backwards(x: ArrayView1<i64>, d: i64, mut out: ArrayViewMut1<i64>) {
    let part = x.slice(s![1..5]);
    for i in (0..4).rev() {
        out[i] = part[i] / d;
    }
}

/// Iterations spread over threads.
#[jit(parallel)]
fn total(x: ArrayView1<f64>) -> f64 {
    let mut sum = 0.0;
    for i in prange(0..x.len()) {
        sum += x[i] * x[i];
    }
    sum
}
