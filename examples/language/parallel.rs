use brolga::prelude::*;

/// The loop of a ufunc can run on the pool.
#[vectorize(target = "parallel")]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `prange` runs its iterations on the pool. Reductions have the same bits at any number of
/// threads.
#[jit(parallel)]
fn pi(n: usize) -> f64 {
    let h = 1.0 / n as f64;
    let mut sum = 0.0;
    for i in prange(0..n) {
        let x = (i as f64 + 0.5) * h;
        sum += 4.0 / (1.0 + x * x);
    }
    sum * h
}

/// Each iteration writes elements of its own.
#[jit(parallel)]
fn jacobi_step(old: ArrayView2<f64>, mut new: ArrayViewMut2<f64>) -> f64 {
    let (rows, columns) = old.dim();
    let mut change = 0.0_f64;
    for i in prange(1..rows - 1) {
        for j in 1..columns - 1 {
            let value =
                0.25 * (old[[i - 1, j]] + old[[i + 1, j]] + old[[i, j - 1]] + old[[i, j + 1]]);
            change = change.max((value - old[[i, j]]).abs());
            new[[i, j]] = value;
        }
    }
    change
}
