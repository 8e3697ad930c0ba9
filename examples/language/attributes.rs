use brolga::prelude::*;

/// The operands decide which types are computed with: the first of the list to which all can
/// be cast safely. Integers are computed as `f64` here.
#[vectorize(signatures = [(f32, f32), (f64, f64)])]
fn log_add_exp<T: Float>(a: T, b: T) -> T {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    high + (low - high).exp().ln_1p()
}

/// What a reduction over this function would begin with, and that it may regroup.
#[vectorize(identity = 1, associative)]
fn multiply(a: i64, b: i64) -> i64 {
    a * b
}

/// A multiplication and an addition may be rounded once; the loop runs on the pool.
#[vectorize(fastmath, target = "parallel")]
fn polynomial(x: f64) -> f64 {
    (0.5 * x + 1.0) * x + 1.0
}

/// Never stored on disk.
#[vectorize(cache = false)]
fn step(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { 1.0 }
}
