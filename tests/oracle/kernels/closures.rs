//! Closures: bound and called, with captures that are read, changed and copied, `return`
//! inside, closures that call closures, functions in their place.

use brolga::prelude::*;

#[vectorize]
pub fn called_twice(x: f64, y: f64) -> f64 {
    let square = |v| v * v;
    (square(x) + square(y)).sqrt() + square(square(0.5))
}

#[vectorize]
pub fn changes_what_it_captures(x: i32, y: i32) -> i32 {
    let mut count = 0;
    let mut step = |by: i32| {
        count += by;
        count * 2
    };
    let a = step(x);
    let b = step(y);
    a.wrapping_sub(b).wrapping_add(count)
}

#[vectorize]
pub fn moves_a_copy(x: i64) -> i64 {
    let mut k = x;
    let mut next = move || {
        k = k.wrapping_mul(3).wrapping_add(1);
        k
    };
    let a = next();
    let b = next();
    k = k.wrapping_add(7);
    a ^ b ^ k
}

#[vectorize]
pub fn returns_early(x: f32, y: f32) -> f32 {
    let safe = |a: f32, b: f32| -> f32 {
        if b == 0.0 {
            return f32::INFINITY;
        }
        let q = a / b;
        if q.is_nan() {
            return -1.0;
        }
        q
    };
    safe(x, y) - safe(y, x)
}

#[vectorize]
pub fn calls_another(x: f64, k: i32) -> f64 {
    let scale = |v: f64| v * k as f64;
    let shifted = |v: f64| scale(v) + 1.0;
    let pair = |(a, b): (f64, f64)| (scale(b), shifted(a));
    let (p, q) = pair((x, x + 1.0));
    p - q
}

fn half<T: Float>(x: T) -> T {
    x / T::from_i32(2)
}

#[guvectorize("(n)->()")]
pub fn functions_in_their_place<T: Float>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    out[()] = a
        .iter()
        .copied()
        .map(half)
        .map(T::abs)
        .fold(T::zero(), T::max);
}

#[guvectorize("(n),()->(n)")]
pub fn horner(c: ArrayView1<f64>, x: f64, mut out: ArrayViewMut1<f64>) {
    let at = |t: f64| c.iter().rev().fold(0.0, |acc, &k| acc * t + k);
    for i in 0..out.len() {
        out[i] = at(x + i as f64);
    }
}

#[guvectorize("(n)->(n)")]
pub fn panics_inside(a: ArrayView1<i32>, mut out: ArrayViewMut1<i32>) {
    let inverse = |d: i32| 1000 / d;
    for i in 0..a.len() {
        out[i] = inverse(a[i]);
    }
}

#[jit(parallel)]
pub fn in_a_parallel_loop(a: ArrayView1<i64>) -> i64 {
    let weight = |i: usize, v: i64| v.wrapping_mul(i as i64 % 7);
    let mut total = 0i64;
    for i in prange(0..a.len()) {
        let local = |d: i64| weight(i, a[i]).wrapping_add(d);
        total += local(1);
    }
    total
}
