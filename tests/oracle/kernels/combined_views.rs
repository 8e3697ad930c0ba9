//! Views and parallel loops in combination: in-place operands, scalars of a signature, many
//! axes, elements of every kind, nested parallel loops, several reductions at once.

use brolga::prelude::*;

#[guvectorize("(n),(),()->(n),()")]
pub fn in_place_and_scalars(
    mut a: ArrayViewMut1<f64>,
    k: i32,
    w: ArrayView0<f64>,
    mut out: ArrayViewMut1<f64>,
    mut last: ArrayViewMut0<f64>,
) {
    let n = a.len();
    last[()] = w[()] - k as f64;
    for i in 0..n {
        out[i] = a[i] * k as f64;
        a[i] -= w[()];
        last[()] = a[n - 1 - i];
    }
}

#[guvectorize("(m,n),(n)->(m)")]
pub fn rows_and_empty(a: ArrayView2<i16>, b: ArrayView1<i16>, mut out: ArrayViewMut1<i16>) {
    for i in 0..out.len() {
        let mut best = i16::MIN;
        for j in 0..b.len() {
            if a[[i, j]] < b[j] {
                continue;
            }
            best = best.max(a[[i, j]] ^ b[j]);
        }
        out[i] = best;
    }
}

#[guvectorize("(a,b,2,3,e,2)->(2,a)")]
pub fn six_axes_in_one_loop(x: ArrayView6<i8>, mut y: ArrayViewMut2<i8>) {
    let (a, b, c, d, e, f) = x.dim();
    for at in 0..a * b * c * d * e * f {
        let (i, r) = (at % a, at / a);
        let (j, r) = (r % b, r / b);
        let (k, r) = (r % c, r / c);
        let (l, r) = (r % d, r / d);
        let (m, n) = (r % e, r / e);
        y[[n, i]] = y[[n, i]] * 3 + x[[i, j, k, l, m, n]];
    }
}

#[guvectorize("(a,b,2,d,3)->()")]
pub fn five_axes_iterated(x: ArrayView5<u64>, mut y: ArrayViewMut0<u64>) {
    let mut count = 0;
    for &v in x.iter() {
        count += 1;
        if v == 0 {
            break;
        }
        y[()] = y[()] * 31 + v;
    }
    y[()] += count;
}

#[guvectorize("(n)->(n),()")]
pub fn running_parity(
    a: ArrayView1<bool>,
    mut out: ArrayViewMut1<bool>,
    mut all: ArrayViewMut0<bool>,
) {
    let mut parity = false;
    all[()] = true;
    for i in 0..a.len() {
        parity ^= a[i];
        out[i] = parity;
        all[()] &= a[i] | !parity;
    }
}

fn total<T: Number>(a: ArrayView1<T>, from: usize) -> T {
    let mut s = T::zero();
    for i in from..a.len() {
        s += a[i];
    }
    s
}

#[jit]
pub fn views_to_generic_helpers(
    a: ArrayView1<usize>,
    b: ArrayView1<isize>,
    c: ArrayView1<u8>,
) -> (usize, isize, u8) {
    (total(a, 0), total(b, 1), total(c, 2) ^ total(c, 0))
}

fn halve(mut a: ArrayViewMut2<i32>, row: usize) -> i32 {
    let mut removed = 0;
    for j in 0..a.ncols() {
        let old = a[[row, j]];
        a[[row, j]] /= 2;
        removed += old - a[[row, j]];
    }
    removed
}

#[jit]
pub fn index_order(mut a: ArrayViewMut1<i32>) -> i32 {
    let mut i = 0;
    let mut sum = 0;
    while i + 2 < a.len() {
        a[{
            i += 1;
            i
        }] += a[i] - 1;
        sum += a[i + 1] - a[i - 1];
    }
    sum
}

#[jit]
pub fn last_row_halved(a: ArrayViewMut2<i32>) -> i32 {
    let n = a.nrows();
    if n == 0 { -1 } else { halve(a, n - 1) }
}

#[jit(parallel)]
pub fn all_integer_reductions(a: ArrayView1<u32>) -> (u32, u32, u32, u32, u32, u32) {
    let mut sum = 1;
    let mut product = 1;
    let mut and = !0;
    let mut or = 0;
    let mut xor = 5;
    let mut less = 0u32;
    for i in prange(0..a.len()) {
        let v = a[i];
        sum += v;
        product *= v | 1;
        and &= v;
        or |= v >> 3;
        xor ^= v.rotate_left(i as u32);
        less -= v;
    }
    (sum, product, and, or, xor, less)
}

#[jit(parallel)]
pub fn narrow_reductions(a: ArrayView1<i8>) -> (i8, i8, i8, i8) {
    let (mut low, mut high) = (i8::MAX, i8::MIN);
    let mut sum = 0i8;
    let mut product = 1i8;
    for i in prange(0..a.len()).rev() {
        low = low.min(a[i]);
        high = high.max(a[i]);
        if a[i] > 0 {
            sum += a[i];
        } else if i % 2 == 0 {
            sum -= 1;
            product *= a[i] | 1;
        }
    }
    (low, high, sum, product)
}

#[jit(parallel)]
pub fn bool_reductions(a: ArrayView1<bool>) -> (bool, bool, bool) {
    let (mut all, mut any, mut odd) = (true, false, false);
    for i in prange(0..a.len()) {
        all &= a[i];
        any |= a[i];
        odd ^= a[i];
    }
    (all, any, odd)
}

#[jit(parallel)]
pub fn float_extremes(a: ArrayView1<f32>, start: f32) -> (f32, f32, u64) {
    let (mut low, mut high) = (start, start);
    let mut count = 0;
    for i in prange(0..a.len()).step_by(2) {
        if a[i].is_nan() {
            continue;
        }
        low = low.min(a[i]);
        high = high.max(a[i] / 2.0);
        count += 1;
    }
    (low, high, count)
}

#[jit(parallel)]
pub fn nested_parallel(n: u16) -> (u64, i64) {
    let mut sum = 0u64;
    let mut least = i64::MAX;
    for i in prange(0..n) {
        let mut inner = 0u64;
        for j in prange(0..i).rev().step_by(3) {
            inner += (i ^ j) as u64;
        }
        sum += inner;
        for j in (i..i + 3).rev() {
            least = least.min((inner as i64 - j as i64 * 40) ^ 5);
        }
    }
    (sum, least)
}

fn column_sum(a: ArrayView2<i64>, j: usize) -> i64 {
    let mut s = 0;
    for i in prange(0..a.nrows()) {
        s += a[[i, j]];
    }
    s
}

#[guvectorize("(m,n)->(n),()", target = "parallel")]
pub fn parallel_loops_in_helpers(
    a: ArrayView2<i64>,
    mut columns: ArrayViewMut1<i64>,
    mut all: ArrayViewMut0<i64>,
) {
    let mut s = 0;
    for j in prange(0..a.ncols()) {
        let c = column_sum(a, j);
        columns[j] = c;
        s ^= c;
    }
    all[()] = s;
}

#[jit(parallel)]
pub fn returns_and_breaks_inside(a: ArrayView1<i32>, limit: i32) -> i64 {
    let mut sum = 0i64;
    for i in prange(0..a.len()) {
        let mut v = a[i];
        let steps = loop {
            if v <= limit {
                break 1i64;
            }
            v /= 2;
            if v == 0 {
                break -1;
            }
        };
        sum += steps * v as i64;
    }
    sum
}

#[jit(parallel)]
pub fn signed_ranges(from: i8, to: i8) -> (i32, i32) {
    let mut s = 0;
    for i in prange(from..=to) {
        s += i as i32;
    }
    let mut t = 0;
    for i in prange(from..to).step_by(7).rev() {
        t ^= i as i32 * 1000;
    }
    (s, t)
}
