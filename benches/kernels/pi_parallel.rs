use brolga::prelude::*;

/// Pi as the integral of 4 / (1 + x^2), in parts on the pool.
#[jit(parallel)]
pub fn pi_parallel(n: u64) -> f64 {
    let h = 1.0 / n as f64;
    let mut sum = 0.0;
    for i in prange(0..n) {
        let x = (i as f64 + 0.5) * h;
        sum += 4.0 / (1.0 + x * x);
    }
    sum * h
}
