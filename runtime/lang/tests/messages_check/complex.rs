use brolga::prelude::*;

fn a(z: Complex<i32>) -> Complex<f64> {
    Complex::new(1, 2)
}

fn b<T: Number>(z: Complex<T>) -> T {
    z.re
}

fn c<T: Float>(z: Complex<T>, t: T) -> T {
    let w = t * z;
    z.norm() + z.exp().re + z.conj().im
}

fn d(z: Complex<f64>, x: f32) -> bool {
    let a = z * x;
    let b = z * 2;
    let c = z & z;
    let d = z + Complex::new(1.0_f32, 2.0);
    z < z
}

fn e(z: Complex<f64>) -> f64 {
    z.abs() + z.real() + z.mul_add(z, z).re + z.re() + z.powi(2.0).im
}

fn f(x: f64) -> Complex<f64> {
    let mut y = x;
    y *= Complex::i();
    let z = x as Complex<f64>;
    z as f64;
    Complex { re: 1.0, re: 2.0, x: 3.0 }
}

fn g(z: Complex<f64>) -> f64 {
    let Complex { re } = z;
    let Complex { re, imag: i } = z;
    z.re = 2.0;
    Complex::MAX.re + Complex::modulus(z)
}

fn h(z: Complex<f64>) -> f64 {
    2.0 - Complex::new(1.0, 0.0).im + largest(z, z).re
}

fn largest<T: Real>(x: T, y: T) -> T {
    if x < y { y } else { x }
}
