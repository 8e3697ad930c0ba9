//! Complex numbers: operators, parts, methods, in functions of `f64` parts and of generic ones.

use brolga::prelude::*;

#[vectorize]
pub fn product_parts(a: f64, b: f64, c: f64, d: f64) -> (f64, f64) {
    let z = Complex::new(a, b) * Complex::new(c, d);
    (z.re, z.im)
}

#[vectorize]
pub fn quotient_parts(a: f32, b: f32, c: f32, d: f32) -> (f32, f32) {
    let Complex { re, im } = Complex { re: a, im: b } / Complex { im: d, re: c };
    (re, im)
}

#[vectorize]
pub fn mixed(a: f64, b: f64, t: f64) -> (f64, f64) {
    let z = Complex64::new(a, b);
    let w = (z + t) * t - z / t + t * z - (t + z) + (t - z) + 2.0 * z;
    let v = t / z + z % Complex::new(2.0, t);
    (w.re - v.re, w.im * v.im)
}

#[vectorize]
pub fn compound(a: f64, b: f64) -> (f64, f64) {
    let mut z = Complex::new(a, b);
    z += Complex::i();
    z *= z;
    z -= 0.5;
    z /= Complex::new(1.5, -0.25);
    z *= 3.0;
    z.re += 1.0;
    z.im = -z.im;
    (z.re, z.im)
}

#[vectorize]
pub fn escape(re: f64, im: f64) -> u32 {
    let c = Complex::new(re, im);
    let mut z = Complex::new(0.0, 0.0);
    let mut steps = 0;
    while z.norm_sqr() <= 4.0 && steps < 50 {
        z = z * z + c;
        steps += 1;
    }
    steps
}

#[vectorize]
pub fn methods(a: f64, b: f64) -> (f64, f64, f64, f64) {
    let z = Complex::new(a, b);
    let w = z.exp() + z.sqrt() * z.sin() - z.tanh().conj();
    let v = z.powi(-3)
        + z.powu(5)
        + z.powf(0.75)
        + z.ln()
        + Complex::from_polar(a, b)
        + Complex::cis(b);
    (w.re, w.im, v.norm(), v.arg())
}

#[vectorize]
pub fn tests(a: f64, b: f64) -> (bool, bool, bool, bool) {
    let z = Complex::new(a, b);
    (z.is_nan(), z.is_finite(), z == z.conj(), z != -z)
}

fn polynomial<T: Number>(x: T) -> T {
    let mut sum = T::zero();
    for k in 1..4 {
        sum = sum * x + T::from_i32(k);
    }
    sum - T::one() / x
}

#[vectorize]
pub fn complex_polynomial(a: f64, b: f64) -> (f64, f64) {
    let z = polynomial(Complex::new(a, b));
    (z.re, z.im + polynomial(a))
}

fn moebius<T: Float>(z: Complex<T>, t: T) -> Complex<T> {
    let one = Complex::new(T::one(), T::zero());
    (z.scale(t) + one) / (z.conj() - t + Complex::i()) * z.inv() + z.powi(2)
}

#[vectorize]
pub fn generic_complex<T: Float>(a: T, b: T, t: T) -> (T, T) {
    let z = moebius(Complex::new(a, b), t);
    (z.re, z.im)
}

#[jit(parallel)]
pub fn root_sum(n: usize) -> f64 {
    let mut sum = Complex::new(0.0, 0.0);
    for k in prange(0..n) {
        sum += Complex::cis(k as f64);
    }
    sum.norm()
}
