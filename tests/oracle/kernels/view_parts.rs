//! Parts of views and their methods: rows, columns, slices with negative numbers and steps,
//! other orders of the axes, halves, and what reads or writes all elements.

use brolga::prelude::*;

fn norm1(v: ArrayView1<i64>) -> i64 {
    let mut s = 0;
    for i in 0..v.len() {
        s += v[i].wrapping_abs();
    }
    s
}

fn scale(mut v: ArrayViewMut1<i64>, by: i64) {
    for i in 0..v.len() {
        v[i] *= by;
    }
}

#[guvectorize("(m,n)->(m),(n)")]
pub fn rows_and_columns(
    a: ArrayView2<i64>,
    mut rows: ArrayViewMut1<i64>,
    mut columns: ArrayViewMut1<i64>,
) {
    for i in 0..a.nrows() {
        let r = a.row(i);
        rows[i] = norm1(r) + r.sum();
    }
    for j in 0..a.ncols() {
        columns[j] = norm1(a.column(j)) - a.column(j).product();
    }
}

#[guvectorize("(m,n),()->(m,n)")]
pub fn scaled_rows(a: ArrayView2<i64>, k: i64, mut out: ArrayViewMut2<i64>) {
    out.assign(&a);
    for i in 0..out.nrows() {
        scale(out.row_mut(i), k);
    }
    for j in 0..out.ncols() {
        let mut c = out.column_mut(j);
        c[0] += 1;
        scale(c.view_mut(), 3);
        c.index_axis_mut(Axis(0), 0)[()] -= 1;
    }
}

#[jit]
pub fn sliced(a: ArrayView1<i32>, i: isize, j: isize) -> (i32, u64) {
    let part = a.slice(s![i..j]);
    (part.sum(), part.len() as u64)
}

#[jit]
pub fn sliced_by_steps(a: ArrayView1<i32>, i: i32, k: isize) -> (i32, u64, i32) {
    let part = a.slice(s![i..;k]);
    let mut s = 0;
    for j in 0..part.len() {
        s = s * 10 + part[j];
    }
    let back = a.slice(s![..;-1]);
    let mut t = 0;
    for j in 0..back.len() {
        t = t * 10 + back[j];
    }
    (s, part.len() as u64, t)
}

#[jit]
pub fn sliced_inclusively(a: ArrayView1<i32>, i: usize, j: i32) -> (i32, i32) {
    let x = a.slice(s![i..=i + 1]);
    let y = a.slice(s![..=j]);
    (x.sum(), y.sum())
}

#[jit]
pub fn sliced_in_two_axes(a: ArrayView2<f64>, i: i32) -> (f64, f64, u64) {
    let inner = a.slice(s![1..-1, ..;2]);
    let line = a.slice(s![i, ..]);
    let other = a.slice(s![.., -1_isize]);
    let mut s = 0.0;
    for i in 0..inner.nrows() {
        for j in 0..inner.ncols() {
            s += inner[[i, j]];
        }
    }
    let one = a.slice(s![0, -1]);
    (s + one[()], line[0] - other[1], inner.len() as u64)
}

#[guvectorize("(m,n)->(m,n)")]
pub fn border(a: ArrayView2<i16>, mut out: ArrayViewMut2<i16>) {
    out.assign(&a);
    out.slice_mut(s![0, ..]).fill(1);
    out.slice_mut(s![-1, ..]).fill(2);
    out.slice_mut(s![.., ..;2]).column_mut(0).fill(3);
    let mut reversed = out.slice_mut(s![..;-1, ..;-1]);
    reversed[[0, 0]] = 9;
}

#[guvectorize("(m,n)->(n,m)")]
pub fn orders(a: ArrayView2<u16>, mut out: ArrayViewMut2<u16>) {
    let (m, n) = a.dim();
    let t = a.t();
    let r = a.reversed_axes();
    let mut w = a;
    w.swap_axes(0, 1);
    let mut back = out.view_mut().reversed_axes();
    for i in 0..m {
        for j in 0..n {
            back[[i, j]] = t[[j, i]] + r[[j, i]] * 3 + w[[j, i]] * 5;
        }
    }
}

#[jit]
pub fn halves(mut a: ArrayViewMut1<f32>, at: usize) -> (u64, f32) {
    let n = {
        let (mut left, right) = a.view_mut().split_at(Axis(0), at);
        for i in 0..left.len().min(right.len()) {
            left[i] += right[i];
        }
        left.len() * 10 + right.len()
    };
    let (low, high) = a.view().split_at(Axis(0), n / 20);
    (n as u64, low.len() as f32 - high.len() as f32)
}

#[jit]
pub fn wrapping_sums(a: ArrayView2<i8>, b: ArrayView1<u8>) -> (i8, i8, u8, u8, u8) {
    (a.sum(), a.product(), b.sum(), b.product(), b.dot(&b))
}

/// The tree of Brolga's sum is not ndarray's, so the terms are whole numbers.
#[jit]
pub fn whole_sums(a: ArrayView2<i16>, b: ArrayView1<i8>) -> (f64, f32, f64) {
    let mut x = Array2::<f64>::zeros(a.dim());
    for i in 0..a.nrows() {
        for j in 0..a.ncols() {
            x[[i, j]] = a[[i, j]] as f64;
        }
    }
    let mut y = Array1::<f32>::zeros(b.len());
    for i in 0..b.len() {
        y[i] = b[i] as f32;
    }
    (
        x.sum() + x.t().sum(),
        y.dot(&y),
        x.slice(s![.., ..;2]).sum(),
    )
}

#[jit]
pub fn unequal_lengths(a: ArrayView1<i32>, b: ArrayView1<i32>) -> i32 {
    a.dot(&b)
}

#[guvectorize("(n),(m)->(n)")]
pub fn assigned(a: ArrayView1<i32>, b: ArrayView1<i32>, mut out: ArrayViewMut1<i32>) {
    out.assign(&b);
    out.scaled_add(2, &a);
}

#[jit]
pub fn swapped(mut a: ArrayViewMut2<u8>, i: usize, j: usize) -> u8 {
    a.swap([0, i], [j, 0]);
    let mut b = a.row_mut(0);
    b.swap(0, i);
    b[0]
}

#[jit]
pub fn row_beyond_the_end(a: ArrayView2<f64>, i: usize) -> f64 {
    a.row(i)[0] + a.index_axis(Axis(1), i)[0]
}

#[guvectorize("(n)->(n)")]
pub fn smoothed<T: Float>(a: ArrayView1<T>, mut out: ArrayViewMut1<T>) {
    let n = a.len();
    out.assign(&a);
    if n > 2 {
        let left = a.slice(s![..-2]);
        let right = a.slice(s![2..]);
        let mut inner = out.slice_mut(s![1..-1]);
        for i in 0..inner.len() {
            inner[i] = (left[i] + inner[i] + right[i]) / T::from_i32(3);
        }
    }
}
