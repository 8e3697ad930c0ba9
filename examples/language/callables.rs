use brolga::prelude::*;

/// A closure as a parameter: the function is compiled anew for each closure, in place.
fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64, steps: usize) -> f64 {
    let h = (to - from) / steps as f64;
    let mut sum = 0.0;
    for k in 0..steps {
        let x = from + k as f64 * h;
        sum += f(x) + 4.0 * f(x + 0.5 * h) + f(x + h);
    }
    sum * h / 6.0
}

/// The same with a type parameter; the closure may change what it captures.
fn newton<F>(mut f: F, start: f64) -> f64
where
    F: FnMut(f64) -> (f64, f64),
{
    let mut x = start;
    for _ in 0..20 {
        let (value, slope) = f(x);
        x -= value / slope;
    }
    x
}

/// The integral of a parabola from 0 to 1.
#[vectorize]
fn parabola_area(a: f64, b: f64) -> f64 {
    simpson(|x| a * x * x + b, 0.0, 1.0, 16)
}

/// A cube root, and how often the function was asked.
#[vectorize]
fn cube_root(y: f64) -> (f64, u32) {
    let mut calls = 0;
    let root = newton(
        |x| {
            calls += 1;
            (x * x * x - y, 3.0 * x * x)
        },
        1.0,
    );
    (root, calls)
}

/// Arrays whose elements a closure gives.
#[vectorize]
fn weighted(x: f64) -> f64 {
    let weights = Array1::from_shape_fn(4, |i| 1.0 / (i + 1) as f64);
    let powers: [f64; 4] = std::array::from_fn(|i| x.powi(i as i32));
    let halves = powers.map(|p| 0.5 * p);
    (0..4).map(|i| weights[i] * halves[i]).sum()
}
