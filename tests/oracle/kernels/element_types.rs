//! Complex numbers and 16-bit floats as elements of operands: elementwise, over views, in
//! local arrays, in structs and tuples that are compared, and in parallel loops.

use brolga::prelude::*;

#[vectorize]
pub fn complex_elements(z: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    z * w.conj() + z / (w + 1.0) - Complex::i()
}

#[vectorize]
pub fn complex_and_plain(z: Complex<f32>, t: f32) -> (Complex<f32>, f32, bool) {
    (z * t - z.inv(), z.norm_sqr() + t, z == z.conj())
}

#[vectorize]
pub fn half_elements(x: f16, y: bf16) -> (f16, bf16, bool) {
    let sum = x.to_f32() + y.to_f32();
    (f16::from_f32(sum), bf16::from_f32(sum), x.to_f32() < sum)
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Halves {
    pair: (f16, bf16),
    kind: u8,
}

/// Zeros are equal and NaN is not, whatever the bits.
#[vectorize]
pub fn compared_in_structs(a: f16, b: f16, c: bf16, k: u8) -> (bool, bool, bool, bool, bool) {
    let x = Halves {
        pair: (a, c),
        kind: k,
    };
    let y = Halves {
        pair: (b, c),
        kind: 7,
    };
    let some = Some(a) == Some(b);
    (x == y, x < y, x >= y, [a, b] == [b, a], some)
}

#[derive(Clone, Copy, PartialEq)]
struct Wave {
    amplitude: Complex<f64>,
    shift: f64,
}

#[vectorize]
pub fn compared_waves(z: Complex<f64>, w: Complex<f64>, s: f64) -> (bool, bool, bool) {
    let a = Wave {
        amplitude: z,
        shift: s,
    };
    let b = Wave { amplitude: w, ..a };
    (a == b, a != b, Some(z) == Some(w))
}

#[vectorize]
pub fn from_bools(a: bool, b: bool) -> (f64, f32, u8) {
    (
        f64::from(a) - f64::from(b),
        f32::from(a) * 2.0,
        u8::from(b) + u8::from(a),
    )
}

#[guvectorize("(n),(n)->(n)")]
pub fn complex_products(
    a: ArrayView1<Complex<f32>>,
    b: ArrayView1<Complex<f32>>,
    mut out: ArrayViewMut1<Complex<f32>>,
) {
    for ((o, x), y) in out.iter_mut().zip(a.iter()).zip(b.iter()) {
        *o = x * y + x.conj();
    }
}

#[guvectorize("(m,n),(n)->(m)")]
pub fn complex_matrix_vector(
    a: ArrayView2<Complex<f64>>,
    x: ArrayView1<Complex<f64>>,
    mut out: ArrayViewMut1<Complex<f64>>,
) {
    for i in 0..a.nrows() {
        let mut s = Complex::new(0.0, 0.0);
        for j in 0..a.ncols() {
            s += a[[i, j]] * x[j];
        }
        out[i] = s;
    }
}

#[jit]
pub fn reversed_in_place(mut z: ArrayViewMut1<Complex<f64>>) {
    let n = z.len();
    for i in 0..n / 2 {
        z.swap(i, n - 1 - i);
    }
    for v in z.iter_mut() {
        *v = v.conj() * 2.0;
        v.re += 1.0;
    }
}

#[guvectorize("(n)->(n)")]
pub fn complex_copies(a: ArrayView1<Complex<f64>>, mut out: ArrayViewMut1<Complex<f64>>) {
    let mut copy = Array1::from_elem(a.len(), Complex::new(1.0, -0.0));
    let back = a.slice(s![..;-1]);
    copy.assign(&back);
    let last = copy.clone();
    copy.fill(Complex::i());
    for i in 0..a.len() {
        out[i] = last[i] + copy[i];
    }
}

#[guvectorize("(n)->(n),(n)")]
pub fn half_copies(a: ArrayView1<f16>, mut out: ArrayViewMut1<bf16>, mut back: ArrayViewMut1<f16>) {
    let copy = a.to_owned();
    back.assign(&copy.slice(s![..;-1]));
    for i in 0..a.len() {
        out[i] = bf16::from_f64(f64::from(copy[i]) * 3.0);
    }
}

#[guvectorize("(n)->()")]
pub fn greatest_half(a: ArrayView1<bf16>, mut out: ArrayViewMut0<bf16>) {
    let mut best = bf16::NEG_INFINITY;
    for x in a.iter() {
        if *x > best {
            best = *x;
        }
    }
    out[()] = best;
}

/// Sums of small whole numbers are exact in any order.
#[jit(parallel)]
pub fn complex_sum_in_parallel(n: usize, start: Complex<f64>) -> Complex<f64> {
    let mut sum = start;
    for k in prange(0..n) {
        sum += Complex::new((k % 7) as f64, -((k % 5) as f64));
    }
    sum
}

#[jit(parallel)]
pub fn complex_product_in_parallel(n: usize) -> (Complex<f32>, f32) {
    let mut product = Complex::new(1.0_f32, 0.0);
    let mut count = 0.0_f32;
    for k in prange(0..n) {
        product *= if k % 3 == 0 {
            Complex::i()
        } else {
            Complex::new(-1.0, 0.0)
        };
        count += 1.0;
    }
    (product, count)
}

#[jit(parallel)]
pub fn complex_rows_in_parallel(a: ArrayView2<Complex<f64>>, mut out: ArrayViewMut1<Complex<f64>>) {
    for i in prange(0..a.nrows()) {
        let row = a.row(i);
        let mut s = Complex::new(0.0, 0.0);
        for z in row.iter() {
            s += z * z;
        }
        out[i] = s;
    }
}
