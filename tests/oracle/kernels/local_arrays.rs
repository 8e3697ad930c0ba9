//! Local arrays: made, filled, copied, moved, swapped, returned by helpers, and too large.

use brolga::prelude::*;

fn squares(n: usize) -> Array1<i64> {
    let mut a = Array1::zeros(n);
    for i in 0..n {
        a[i] = (i * i) as i64;
    }
    a
}

fn total(a: ArrayView1<i64>) -> i64 {
    let mut s = 0;
    for i in 0..a.len() {
        s += a[i];
    }
    s
}

fn add_one(mut a: ArrayViewMut1<i64>) {
    for i in 0..a.len() {
        a[i] += 1;
    }
}

#[jit]
pub fn sum_of_squares(n: usize) -> (i64, u64) {
    let mut a = squares(n);
    add_one(a.view_mut());
    let b = a.clone();
    a.fill(0);
    (total(b.view()) * 3 + total(a.view()), b.len() as u64)
}

#[vectorize]
pub fn primes_below(n: u16) -> u32 {
    let n = n as usize;
    let mut composite = Array1::from_elem(n, false);
    let mut count = 0;
    for i in 2..n {
        if !composite[i] {
            count += 1;
            let mut j = i * i;
            while j < n {
                composite[j] = true;
                j += i;
            }
        }
    }
    count
}

/// The edit distance by two rows that are swapped.
#[guvectorize("(n),(m)->()")]
pub fn edit_distance(a: ArrayView1<u8>, b: ArrayView1<u8>, mut out: ArrayViewMut0<u64>) {
    let mut last = Array1::<u64>::zeros(b.len() + 1);
    let mut next = Array1::<u64>::zeros(b.len() + 1);
    for j in 0..=b.len() {
        last[j] = j as u64;
    }
    for i in 0..a.len() {
        next[0] = i as u64 + 1;
        for j in 0..b.len() {
            let changed = last[j] + u64::from(a[i] != b[j]);
            next[j + 1] = changed.min(last[j + 1] + 1).min(next[j] + 1);
        }
        std::mem::swap(&mut last, &mut next);
    }
    out[()] = last[b.len()];
}

#[guvectorize("(n,n)->(n,n)")]
pub fn squared<T: Number>(a: ArrayView2<T>, mut out: ArrayViewMut2<T>) {
    let n = a.nrows();
    let mut product = Array2::from_elem((n, n), T::zero());
    for i in 0..n {
        for j in 0..n {
            for k in 0..n {
                product[[i, j]] += a[[i, k]] * a[[k, j]];
            }
        }
    }
    out.assign(&product);
}

#[guvectorize("(n,m)->(m,n)")]
pub fn transposed_copy(a: ArrayView2<f32>, mut out: ArrayViewMut2<f32>) {
    let copy = a.t().to_owned();
    let again = copy.view().to_owned();
    out.assign(&again);
}

#[jit]
pub fn shapes(m: usize, n: usize) -> (u64, f64, i32, bool) {
    let a = Array2::<f64>::ones([m, n]);
    let b = Array3::<i32>::zeros((n, 2, m));
    let dim = a.dim();
    let c = Array2::from_elem(dim, true);
    let d = Array0::from_elem((), 5);
    let mut sum = 0.0;
    for i in 0..m {
        for j in 0..n {
            sum += a[[i, j]];
        }
    }
    let all = c.len() == 0 || c[[m - 1, n - 1]];
    ((b.len() + c.ncols()) as u64, sum, d[()], all)
}

#[jit]
pub fn literals(x: f64, k: usize) -> (f64, i32) {
    let mut a = arr1(&[x, 2.0, x * x]);
    let b = array![[1, 2, 3], [4, 5, 6]];
    a[k] += 1.0;
    (a[0] - a[1] + a[2], b[[k, 2]] + b[(1, 0)])
}

/// Each turn of the loop has an array of its own.
#[jit]
pub fn one_for_each_turn(n: usize) -> u64 {
    let mut s = 0;
    for i in 0..n {
        let mut a = Array1::<u64>::zeros(i + 1);
        a[i] += i as u64;
        let b = a;
        s += b[i] + b[0];
    }
    s
}

fn depth(n: u32) -> u64 {
    let mut a = Array1::<u64>::zeros(3);
    a[0] = n as u64;
    if n > 0 {
        a[1] = depth(n - 1);
    }
    a[0] + a[1] + a[2]
}

#[vectorize]
pub fn in_a_recursion(n: u8) -> u64 {
    depth(n as u32)
}

#[jit]
pub fn replaced(n: usize, fresh: bool) -> f64 {
    let mut a = Array1::from_elem(n, 1.5);
    if fresh {
        a = Array1::zeros(n + 2);
        a[1] = 4.0;
    }
    let mut s = a.len() as f64;
    for i in 0..a.len() {
        s += a[i];
    }
    s
}

#[jit]
pub fn too_large(n: usize) -> u8 {
    let n = n | 1 << 40;
    let a = Array3::<u8>::zeros((n, n, n));
    a[[0, 0, 0]]
}

#[jit]
pub fn beyond_the_end(n: usize, i: usize) -> i32 {
    let mut a = Array1::<i32>::ones(n);
    a[i] = 3;
    a[i / 2]
}
