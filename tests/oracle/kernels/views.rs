//! Views of 0 to 6 dimensions: indexing, `len`, `dim`, `nrows`, `ncols`, `iter`, and views
//! handed on to helpers.

use brolga::prelude::*;

#[guvectorize("()->()")]
pub fn zero_axes(a: ArrayView0<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] += a[()] * a.len() as f64;
}

#[guvectorize("(n)->()")]
pub fn iterate<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut s = T::zero();
    for &v in a.iter() {
        s += v;
    }
    for v in a.iter() {
        s = s * *v + T::one();
    }
    out[()] = s;
}

#[guvectorize("(m,n)->(),()")]
pub fn two_axes(a: ArrayView2<i64>, mut sum: ArrayViewMut0<i64>, mut sizes: ArrayViewMut0<i64>) {
    let mut s = 0;
    for &v in a.iter() {
        s = s * 31 + v;
    }
    let (m, n) = a.dim();
    sum[()] = s;
    sizes[()] = (a.nrows() * 100 + a.ncols() * 10 + a.len() + m * n) as i64;
}

#[guvectorize("(a,b,c)->(c,b,a)")]
pub fn three_axes(x: ArrayView3<u16>, mut y: ArrayViewMut3<u16>) {
    let (a, b, c) = x.dim();
    for i in 0..a {
        for j in 0..b {
            for k in 0..c {
                y[[k, j, i]] = x[[i, j, k]] + (i * 100 + j * 10 + k) as u16;
            }
        }
    }
}

#[guvectorize("(a,b,c,d)->(a,d)")]
pub fn four_axes(x: ArrayView4<f32>, mut y: ArrayViewMut2<f32>) {
    let (a, b, c, d) = x.dim();
    for i in 0..a {
        for l in 0..d {
            let mut s = 0.0;
            for j in 0..b {
                for k in 0..c {
                    s += x[[i, j, k, l]];
                }
            }
            y[[i, l]] = s;
        }
    }
}

#[guvectorize("(a,b,c,d,e)->(a,b,c,d,e)")]
pub fn five_axes(x: ArrayView5<i8>, mut y: ArrayViewMut5<i8>) {
    let dim = x.dim();
    for i in 0..dim.0 {
        for j in 0..dim.1 {
            for k in 0..dim.2 {
                for l in 0..dim.3 {
                    for m in (0..dim.4).rev() {
                        y[[i, j, k, l, m]] ^= x[[i, j, k, l, dim.4 - 1 - m]];
                    }
                }
            }
        }
    }
}

#[guvectorize("(2,b,2,d,2,f)->(2,b,2,d,2,f),()")]
pub fn six_axes(x: ArrayView6<f64>, mut y: ArrayViewMut6<f64>, mut count: ArrayViewMut0<u64>) {
    let (_, b, _, d, _, f) = x.dim();
    for j in 0..b {
        for l in 0..d {
            for n in 0..f {
                y[[0, j, 1, l, 0, n]] = x[[1, j, 0, l, 1, n]] * 2.0;
                y[[1, j, 1, l, 1, n]] -= x[[0, j, 0, l, 0, n]];
            }
        }
    }
    count[()] = x.len() as u64;
}

fn total(a: ArrayView1<f64>) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i];
    }
    s
}

fn trace<T: Number>(a: ArrayView2<T>) -> T {
    let n = a.nrows().min(a.ncols());
    let mut s = T::zero();
    for i in 0..n {
        s += a[[i, i]];
    }
    s
}

/// A view is a value that a helper may take.
#[jit]
pub fn hand_on(a: ArrayView1<f64>, b: ArrayView2<i32>) -> (f64, i32) {
    (total(a), trace(b))
}

#[jit]
pub fn of_native_sizes(a: ArrayView1<usize>, b: ArrayView1<isize>) -> (usize, isize) {
    let mut largest = 0;
    for &v in a.iter() {
        largest = largest.max(v);
    }
    let mut sum = 0;
    for &v in b.iter() {
        sum += v;
    }
    (largest, sum)
}

#[jit]
pub fn count_true(a: ArrayView2<bool>) -> u64 {
    let mut count = 0;
    for &flag in a.iter() {
        if flag {
            count += 1;
        }
    }
    count
}

/// An index in brackets of one, and a mutable view that is read.
#[jit]
pub fn increments(mut a: ArrayViewMut1<u8>) -> usize {
    for i in 0..a.len() {
        a[[i]] += 1;
        a[i] *= 3;
        a[i] <<= 1;
    }
    a.len()
}

#[jit]
pub fn fill(mut a: ArrayViewMut3<f32>, value: f32) {
    let (m, n, p) = a.dim();
    for i in 0..m {
        for j in 0..n {
            for k in 0..p {
                a[[i, j, k]] = value;
            }
        }
    }
}
