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
