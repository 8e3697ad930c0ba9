//! Iterator chains: sources, adapters, sums and loops, over empty and unequal views too, with
//! closures whose effects show in which order and how often they run.

use brolga::prelude::*;

#[guvectorize("(n)->()")]
pub fn sum_of_all(a: ArrayView1<f32>, mut out: ArrayViewMut0<f32>) {
    out[()] = a.iter().sum();
}

#[guvectorize("(n)->()")]
pub fn product_of_all(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = a.iter().copied().product::<f64>();
}

#[guvectorize("(n),(n)->()")]
pub fn dot_by_zip(a: ArrayView1<f64>, b: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = a.iter().zip(b.iter()).map(|(x, y)| x * y).sum();
}

#[guvectorize("(n),(m)->()")]
pub fn zip_of_unequal(a: ArrayView1<i32>, b: ArrayView1<i32>, mut out: ArrayViewMut0<i32>) {
    out[()] = std::iter::zip(a.iter(), &b).fold(0i32, |s, (x, y)| {
        s.wrapping_mul(31).wrapping_add(x.wrapping_sub(*y))
    });
}

#[guvectorize("(n)->(n)")]
pub fn add_numbers<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut1<T>) {
    let mut k = T::zero();
    for (o, &v) in out.iter_mut().zip(a.iter()) {
        *o = v + k;
        k = k + T::one();
    }
}

#[guvectorize("(n)->()")]
pub fn weighted(a: ArrayView1<i64>, mut out: ArrayViewMut0<i64>) {
    out[()] = a
        .iter()
        .enumerate()
        .rev()
        .skip(1)
        .step_by(2)
        .take(4)
        .fold(1, |s: i64, (i, v)| {
            s.wrapping_mul(3).wrapping_add(v ^ i as i64)
        });
}

#[guvectorize("(n)->(),()")]
pub fn filtered(a: ArrayView1<f64>, mut sum: ArrayViewMut0<f64>, mut count: ArrayViewMut0<u64>) {
    sum[()] = a.iter().filter(|&&x| x > 0.0).take(3).sum();
    count[()] = a
        .iter()
        .filter(|x| x.is_finite())
        .skip(1)
        .step_by(2)
        .count() as u64;
}

#[guvectorize("(n)->(3)")]
pub fn order_of_effects(a: ArrayView1<i32>, mut out: ArrayViewMut1<i32>) {
    let mut seen = 0i32;
    let mut kept = 0i32;
    let total: i32 = a
        .iter()
        .map(|&x| {
            seen = seen.wrapping_mul(5).wrapping_add(x);
            x
        })
        .filter(|x| x % 2 == 0)
        .take_while(|x| *x < 50)
        .inspect(|_| kept += 1)
        .take(2)
        .fold(0, |s, x| s.wrapping_add(x));
    out[0] = total;
    out[1] = seen;
    out[2] = kept;
}

#[guvectorize("(n)->(n),()")]
pub fn skipped_are_mapped(
    a: ArrayView1<i64>,
    mut out: ArrayViewMut1<i64>,
    mut calls: ArrayViewMut0<i64>,
) {
    let mut n = 0;
    for (o, v) in out
        .iter_mut()
        .zip(a.iter().map(|v| v ^ 3).skip(2).step_by(3))
    {
        *o = v;
    }
    let s: i64 = a
        .iter()
        .map(|v| {
            n += 1;
            v & 0xff
        })
        .skip(2)
        .step_by(3)
        .sum();
    calls[()] = n * 1000 + s;
}

#[guvectorize("(n),(m)->()")]
pub fn one_after_the_other(a: ArrayView1<u8>, b: ArrayView1<u8>, mut out: ArrayViewMut0<u64>) {
    let mut h = 14695981039346656037u64;
    for x in a.iter().skip_while(|x| **x < 10).chain(b.iter().rev()) {
        if *x == 77 {
            continue;
        }
        if *x == 255 {
            break;
        }
        h = (h ^ *x as u64).wrapping_mul(1099511628211);
    }
    out[()] = h;
}

#[guvectorize("(m,n),(n,k)->()")]
pub fn views_by_position(a: ArrayView2<i32>, b: ArrayView2<i32>, mut out: ArrayViewMut0<i64>) {
    let mut h = 7i64;
    for (i, (x, y)) in a.iter().zip(b.iter()).enumerate() {
        h = h
            .wrapping_mul(31)
            .wrapping_add((*x as i64).wrapping_sub(2 * *y as i64))
            .wrapping_add(i as i64);
    }
    out[()] = h;
}

#[guvectorize("(m,n)->(m)")]
pub fn sums_of_rows(a: ArrayView2<f64>, mut out: ArrayViewMut1<f64>) {
    for (o, row) in out.iter_mut().zip(a.rows()) {
        *o = row.iter().map(|x| x * x).sum::<f64>().sqrt();
    }
}

#[guvectorize("(m,n)->()")]
pub fn with_indices(a: ArrayView2<f32>, mut out: ArrayViewMut0<f32>) {
    let mut s = 0.0;
    for ((i, j), x) in a.indexed_iter() {
        s += x * (i as f32 - j as f32);
    }
    out[()] = s;
}

#[guvectorize("(n)->()")]
pub fn over_windows(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = a
        .windows(3)
        .into_iter()
        .map(|w| w[0] - 2.0 * w[1] + w[2])
        .fold(0.0, |m, d| if d.abs() > m { d.abs() } else { m });
}

#[guvectorize("(m,n)->(n)")]
pub fn columns_and_labels(a: ArrayView2<i16>, mut out: ArrayViewMut1<i16>) {
    'columns: for (j, column) in a.columns().into_iter().enumerate() {
        out[j] = 0;
        for x in column.iter().filter(|x| **x != 0) {
            if *x < 0 {
                out[j] = -1;
                continue 'columns;
            }
            if *x > 30000 {
                break 'columns;
            }
            out[j] = out[j].wrapping_add(*x);
        }
    }
}

#[vectorize]
pub fn ranges(n: u8, k: i8) -> i64 {
    let a: u64 = (0..=n).map(|i| i as u64 * i as u64).sum();
    let b: i64 = (-k..k)
        .rev()
        .step_by(3)
        .map(i64::from)
        .fold(1, |s, i| s * 7 % 1009 + i);
    let c = (0..n).chain(n..=u8::MAX).filter(|i| i % 3 == 0).count();
    a as i64 + b + c as i64
}

#[vectorize]
pub fn endless_starts(x: i32) -> i32 {
    (x..)
        .zip((0..5).rev())
        .map(|(a, b)| a ^ b)
        .fold(0, |s: i32, v| s.wrapping_add(v))
}

#[guvectorize("(n),(n)->()")]
pub fn decided_early(a: ArrayView1<f64>, b: ArrayView1<f64>, mut out: ArrayViewMut0<bool>) {
    let mut looked = 0;
    let all = a.iter().zip(b.iter()).all(|(x, y)| {
        looked += 1;
        x <= y
    });
    out[()] = all && looked > 0 || a.iter().any(|x| x.is_nan());
}

#[guvectorize("(n)->()")]
pub fn divides_lazily(a: ArrayView1<i32>, mut out: ArrayViewMut0<i32>) {
    out[()] = a
        .iter()
        .take_while(|&&x| x != 3)
        .map(|x| 100 / x)
        .fold(0, i32::wrapping_add);
}

#[jit(parallel)]
pub fn chains_in_a_parallel_loop(a: ArrayView1<i64>) -> i64 {
    let mut total = 0i64;
    for i in prange(0..a.len()) {
        total += a
            .iter()
            .take(i % 5)
            .fold(0, |s: i64, x| s.wrapping_mul(3).wrapping_add(*x));
    }
    total
}

#[guvectorize("(n),(m)->()")]
pub fn parts_that_end_early(a: ArrayView1<i32>, b: ArrayView1<i32>, mut out: ArrayViewMut0<i32>) {
    let mut h = 0i32;
    for x in a
        .iter()
        .filter(|x| **x > 0)
        .take(2)
        .chain(b.iter().take_while(|x| **x != 0))
        .chain(a.iter().take(1))
    {
        if *x == 7 {
            break;
        }
        h = h.wrapping_mul(31).wrapping_add(*x);
    }
    out[()] = h;
}
