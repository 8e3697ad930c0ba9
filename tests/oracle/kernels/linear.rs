//! gufuncs over vectors and matrices.

use brolga::prelude::*;

#[guvectorize("(m,n),(n,p)->(m,p)")]
pub fn matmul<T: Number>(a: ArrayView2<T>, b: ArrayView2<T>, mut c: ArrayViewMut2<T>) {
    for i in 0..a.nrows() {
        for j in 0..b.ncols() {
            let mut s = T::zero();
            for k in 0..a.ncols() {
                s += a[[i, k]] * b[[k, j]];
            }
            c[[i, j]] = s;
        }
    }
}

/// The same product, rows of `b` in the inner loop.
#[guvectorize("(m,n),(n,p)->(m,p)")]
pub fn matmul_rows(a: ArrayView2<f64>, b: ArrayView2<f64>, mut c: ArrayViewMut2<f64>) {
    let (m, n) = a.dim();
    let p = b.ncols();
    for i in 0..m {
        for j in 0..p {
            c[[i, j]] = 0.0;
        }
        for k in 0..n {
            let factor = a[[i, k]];
            for j in 0..p {
                c[[i, j]] += factor * b[[k, j]];
            }
        }
    }
}

#[guvectorize("(m,n),(n)->(m)")]
pub fn matvec(a: ArrayView2<f32>, x: ArrayView1<f32>, mut y: ArrayViewMut1<f32>) {
    for i in 0..a.nrows() {
        let mut s = 0.0;
        for j in 0..a.ncols() {
            s += a[[i, j]] * x[j];
        }
        y[i] = s;
    }
}

#[guvectorize("(n),(n)->()")]
pub fn dot<T: Number>(a: ArrayView1<T>, b: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut s = T::zero();
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    out[()] = s;
}

#[guvectorize("(m),(n)->(m,n)")]
pub fn outer(a: ArrayView1<i32>, b: ArrayView1<i32>, mut out: ArrayViewMut2<i32>) {
    for i in 0..a.len() {
        for j in 0..b.len() {
            out[[i, j]] = a[i] * b[j];
        }
    }
}

#[guvectorize("(m,n)->(n,m)")]
pub fn transpose<T: Number>(a: ArrayView2<T>, mut out: ArrayViewMut2<T>) {
    for i in 0..a.nrows() {
        for j in 0..a.ncols() {
            out[[j, i]] = a[[i, j]];
        }
    }
}

/// A fixed dimension.
#[guvectorize("(3),(3)->(3)")]
pub fn cross(a: ArrayView1<f64>, b: ArrayView1<f64>, mut c: ArrayViewMut1<f64>) {
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

/// Distances of all points of `a` to all of `b`.
#[guvectorize("(m,d),(n,d)->(m,n)")]
pub fn pairwise_distance(a: ArrayView2<f64>, b: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    for i in 0..a.nrows() {
        for j in 0..b.nrows() {
            let mut s = 0.0;
            for k in 0..a.ncols() {
                let d = a[[i, k]] - b[[j, k]];
                s += d * d;
            }
            out[[i, j]] = s.sqrt();
        }
    }
}

/// A scalar parameter for a `()` input.
#[guvectorize("(n),()->(n)")]
pub fn scale(a: ArrayView1<f64>, w: f64, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() {
        out[i] = w * a[i];
    }
}

/// The same input as a view without axes.
#[guvectorize("(n),()->(n)")]
pub fn scale_by_view(a: ArrayView1<f64>, w: ArrayView0<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() {
        out[i] = w[()] * a[i];
    }
}

/// Coefficients from the highest power down, at scalars `x`.
#[guvectorize("(n),()->()")]
pub fn evaluate(coefficients: ArrayView1<f64>, x: f64, mut out: ArrayViewMut0<f64>) {
    let mut p = 0.0;
    for &c in coefficients.iter() {
        p = p * x + c;
    }
    out[()] = p;
}

/// Solves a lower triangular system by substitution.
#[guvectorize("(n,n),(n)->(n)")]
pub fn solve_lower(l: ArrayView2<f64>, b: ArrayView1<f64>, mut x: ArrayViewMut1<f64>) {
    for i in 0..b.len() {
        let mut s = b[i];
        for j in 0..i {
            s -= l[[i, j]] * x[j];
        }
        x[i] = s / l[[i, i]];
    }
}

/// Two outputs of different types.
#[guvectorize("(n)->(),()")]
pub fn argmax(a: ArrayView1<f32>, mut best: ArrayViewMut0<f32>, mut at: ArrayViewMut0<i64>) {
    best[()] = f32::NEG_INFINITY;
    at[()] = -1;
    for i in 0..a.len() {
        if a[i] > best[()] {
            best[()] = a[i];
            at[()] = i as i64;
        }
    }
}
