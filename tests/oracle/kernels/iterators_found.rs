//! Iterator chains that give an `Option`: searches, the least and the greatest, with ties, NaN
//! and nothing at all.

use brolga::prelude::*;

#[guvectorize("(n)->(4)")]
pub fn positions(a: ArrayView1<f64>, mut out: ArrayViewMut1<i64>) {
    let number = |p: Option<usize>| match p {
        Some(i) => i as i64,
        None => -1,
    };
    out[0] = number(a.iter().position(|&x| x < 0.0));
    out[1] = number(a.iter().rposition(|&x| x < 0.0));
    out[2] = number(
        a.iter()
            .enumerate()
            .max_by(|p, q| p.1.total_cmp(q.1))
            .map(|(i, _)| i),
    );
    out[3] = number(
        a.iter()
            .enumerate()
            .min_by(|p, q| p.1.total_cmp(q.1))
            .map(|(i, _)| i),
    );
}

#[guvectorize("(n)->(4)")]
pub fn least_and_greatest(a: ArrayView1<i32>, mut out: ArrayViewMut1<i32>) {
    out[0] = a.iter().copied().min().unwrap_or(7);
    out[1] = *a.iter().max().unwrap_or(&8);
    out[2] = a
        .iter()
        .copied()
        .min_by_key(|x| x.wrapping_abs() % 10)
        .unwrap_or(9);
    out[3] = a
        .iter()
        .copied()
        .max_by_key(|x| x.wrapping_abs() % 10)
        .unwrap_or(10);
}

#[guvectorize("(n)->()")]
pub fn partial_order(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = a
        .iter()
        .copied()
        .max_by(|x, y| x.partial_cmp(y).unwrap())
        .unwrap_or(0.0);
}

#[guvectorize("(n),()->(5)")]
pub fn found(a: ArrayView1<i64>, k: i64, mut out: ArrayViewMut1<i64>) {
    out[0] = a.iter().copied().find(|x| *x > k).unwrap_or(-1);
    out[1] = a
        .iter()
        .copied()
        .reduce(|x, y| x.wrapping_mul(3) ^ y)
        .unwrap_or(-2);
    out[2] = a.iter().copied().last().unwrap_or(-3);
    out[3] = a.iter().copied().nth(2).unwrap_or(-4);
    out[4] = a
        .iter()
        .find_map(|&x| if x > k { Some(x - k) } else { None })
        .unwrap_or(-5);
}

#[guvectorize("(n)->()")]
pub fn mapped_while(a: ArrayView1<i32>, mut out: ArrayViewMut0<i32>) {
    out[()] = a
        .iter()
        .map_while(|x| x.checked_mul(2))
        .filter_map(|x| x.checked_add(3))
        .fold(0, i32::wrapping_add);
}

#[vectorize]
pub fn successive(x: u32) -> u32 {
    std::iter::successors(Some(x), |&v| if v > 1 { Some(v / 3) } else { None })
        .fold(0, |s: u32, v| s.wrapping_mul(17).wrapping_add(v))
}
