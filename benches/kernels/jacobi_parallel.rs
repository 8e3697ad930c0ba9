use brolga::prelude::*;

/// One step of Jacobi's method for Laplace's equation, its rows on the pool.
#[jit(parallel)]
pub fn jacobi_parallel(old: ArrayView2<f64>, mut new: ArrayViewMut2<f64>) {
    let (rows, columns) = old.dim();
    for i in prange(1..rows - 1) {
        for j in 1..columns - 1 {
            new[[i, j]] =
                0.25 * (old[[i - 1, j]] + old[[i + 1, j]] + old[[i, j - 1]] + old[[i, j + 1]]);
        }
    }
}
