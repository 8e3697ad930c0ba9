//! The methods of the float types that are not exact, and the special functions.

use brolga::prelude::*;

#[vectorize]
pub fn exponentials<T: Float>(x: T) -> (T, T, T) {
    (x.exp(), x.exp2(), x.exp_m1())
}

#[vectorize]
pub fn logarithms<T: Float>(x: T) -> (T, T, T, T) {
    (x.ln(), x.log2(), x.log10(), x.ln_1p())
}

#[vectorize]
pub fn logarithm_to_base<T: Float>(x: T, base: T) -> T {
    x.log(base)
}

#[vectorize]
pub fn trigonometry<T: Float>(x: T) -> (T, T, T) {
    (x.sin(), x.cos(), x.tan())
}

#[vectorize]
pub fn sine_and_cosine(x: f64) -> (f64, f64) {
    let (sine, cosine) = x.sin_cos();
    (sine, cosine)
}

#[vectorize]
pub fn inverse_trigonometry<T: Float>(x: T) -> (T, T, T) {
    (x.asin(), x.acos(), x.atan())
}

#[vectorize]
pub fn hyperbolic<T: Float>(x: T) -> (T, T, T) {
    (x.sinh(), x.cosh(), x.tanh())
}

#[vectorize]
pub fn inverse_hyperbolic<T: Float>(x: T) -> (T, T, T) {
    (x.asinh(), x.acosh(), x.atanh())
}

#[vectorize]
pub fn planar<T: Float>(y: T, x: T) -> (T, T) {
    (y.atan2(x), y.hypot(x))
}

#[vectorize]
pub fn powers<T: Float>(x: T, y: T) -> (T, T) {
    (x.powf(y), x.cbrt())
}

#[vectorize]
pub fn error_functions<T: Float>(x: T) -> (T, T) {
    (erf(x), erfc(x))
}

#[vectorize]
pub fn error_functions_f64(x: f64) -> f64 {
    erf(x) * 0.5 + erfc(-x)
}

#[vectorize]
pub fn gamma_functions<T: Float>(x: T) -> (T, T) {
    (gamma(x), lgamma(x))
}

/// A call in one branch only.
#[vectorize]
pub fn guarded_logarithm(x: f64) -> f64 {
    if x > 0.0 { x.ln() } else { -1.0 }
}

#[vectorize]
pub fn softplus(x: f32) -> f32 {
    if x > 20.0 { x } else { x.exp().ln_1p() }
}

/// Calls that need each other's results, and results that are needed later.
#[vectorize]
pub fn chain(x: f64) -> f64 {
    let s = x.sin();
    let e = s.exp();
    let l = (e + 1.0).ln();
    s + e * l - l.tanh()
}

/// A call in each round of a loop.
#[vectorize]
pub fn cosine_fixed_point(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..20 {
        y = y.cos();
    }
    y
}

/// A call in a loop of which each element needs another count.
#[vectorize]
pub fn rounds_of_square_root(x: f64, n: u8) -> f64 {
    let mut y = 1.0 + x.abs();
    let mut k = n % 6;
    while k > 0 {
        y = (y + 1.0).ln() + y.sqrt();
        k -= 1;
    }
    y
}

#[vectorize]
pub fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x / 2.0_f32.sqrt()))
}

#[vectorize]
pub fn methods_of_f32(x: f32, y: f32) -> (f32, f32, f32, f32, f32, f32) {
    (
        x.exp(),
        y.ln(),
        x.sin(),
        y.powf(0.75),
        x.atan2(y),
        y.log10(),
    )
}

#[vectorize]
pub fn methods_of_f64(x: f64, y: f64) -> (f64, f64, f64, f64, f64, f64) {
    (
        x.exp2(),
        y.log2(),
        x.cos(),
        y.powf(-1.5),
        x.hypot(y),
        x.cbrt(),
    )
}
