use brolga::prelude::*;

/// Complex numbers are num-complex's: `re`, `im`, operators, methods.
fn step(z: Complex<f64>, c: Complex<f64>) -> Complex<f64> {
    z * z + c
}

/// The steps until a point leaves the disc.
#[vectorize]
fn escape_time(re: f64, im: f64) -> u32 {
    let c = Complex::new(re, im);
    let mut z = c;
    let mut steps = 0;
    while z.norm_sqr() < 4.0 && steps < 255 {
        z = step(z, c);
        steps += 1;
    }
    steps
}

/// Generic over the parts: what num-complex has for every number.
fn ratio<T: Float>(a: Complex<T>, b: Complex<T>) -> Complex<T> {
    a * b.conj() / b.norm_sqr()
}

/// Generic over the number: a complex one is a `Number` too.
fn cube<T: Number>(x: T) -> T {
    x * x * x
}

#[vectorize]
fn gain(omega: f64, r: f64, c: f64) -> (f64, f64) {
    let impedance = 1.0 / (Complex::i() * omega * c);
    let h = cube(ratio(impedance, impedance + r));
    (h.norm(), h.arg())
}

/// 16-bit floats convert; arithmetic is that of `f32`.
#[vectorize]
fn through_half(x: f32, y: f32) -> f32 {
    let (a, b) = (f16::from_f32(x), bf16::from_f32(y));
    if a.is_nan() { f32::from(b) } else { a.to_f32() + b.to_f32() }
}

/// The elements of operands and results can be complex: NumPy's `complex64` and `complex128`.
#[vectorize]
fn mobius<T: Float>(z: Complex<T>, shift: T) -> Complex<T> {
    (z - shift) / (z + shift)
}

/// They can be halves too.
#[guvectorize("(n)->(n)")]
fn halved(a: ArrayView1<f16>, mut out: ArrayViewMut1<f16>) {
    for i in 0..a.len() {
        out[i] = f16::from_f32(a[i].to_f32() / 2.0);
    }
}
