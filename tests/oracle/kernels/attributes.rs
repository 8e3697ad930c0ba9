//! The three attributes with their options.

use brolga::prelude::*;

#[vectorize(signatures = [(f32, f32), (f64, f64)])]
pub fn signatures<T: Float>(a: T, b: T) -> T {
    a * a + b
}

#[vectorize(identity = 0, associative)]
pub fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[vectorize(identity = 1.0, associative)]
pub fn multiply(a: f64, b: f64) -> f64 {
    a * b
}

#[vectorize(identity = -1)]
pub fn bit_and(a: i32, b: i32) -> i32 {
    a & b
}

#[vectorize(identity = true)]
pub fn both(a: bool, b: bool) -> bool {
    a && b
}

#[vectorize(target = "parallel")]
pub fn parallel_cube(x: f64) -> f64 {
    x * x * x
}

#[vectorize(target = "cpu", cache = false)]
pub fn uncached(x: u32) -> u32 {
    x.wrapping_mul(2_654_435_761)
}

/// May be regrouped and contracted.
#[vectorize(fastmath)]
pub fn fast_sum(a: f64, b: f64, c: f64) -> f64 {
    a * b + c + a
}

#[guvectorize("(n)->()", target = "parallel", cache = true)]
pub fn parallel_norm(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut s = 0.0;
    for &v in a.iter() {
        s += v * v;
    }
    out[()] = s.sqrt();
}

#[guvectorize("(n),(n)->()", fastmath)]
pub fn fast_dot(a: ArrayView1<f32>, b: ArrayView1<f32>, mut out: ArrayViewMut0<f32>) {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    out[()] = s;
}

#[jit(cache = false)]
pub fn uncached_sum(a: ArrayView1<i32>) -> i64 {
    let mut s = 0;
    for &v in a.iter() {
        s += v as i64;
    }
    s
}

#[jit(parallel, fastmath)]
pub fn parallel_mean(a: ArrayView1<f64>) -> f64 {
    let mut s = 0.0;
    for i in prange(0..a.len()) {
        s += a[i];
    }
    s / a.len() as f64
}

/// All-scalar signatures are ufuncs too.
#[guvectorize("(),()->()")]
pub fn scalar_signature(a: f64, b: f64, mut out: ArrayViewMut0<f64>) {
    out[()] = a - b;
}
