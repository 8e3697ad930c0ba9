//! `Ordering`: comparisons of numbers, its methods and patterns, and comparing closures.

use brolga::prelude::*;
use std::cmp::Ordering;

#[vectorize]
pub fn ordered<T: Integer>(a: T, b: T) -> i32 {
    match a.cmp(&b) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

#[vectorize]
pub fn partly_ordered<T: Real>(a: T, b: T) -> i32 {
    match a.partial_cmp(&b) {
        Some(Ordering::Less) => -1,
        Some(order) => order as i32,
        None => 2,
    }
}

#[vectorize]
pub fn totally_ordered(a: f64, b: f64) -> i32 {
    a.total_cmp(&b) as i32
}

#[vectorize]
pub fn totally_ordered_single(a: f32, b: f32) -> i32 {
    a.total_cmp(&b) as i32
}

#[vectorize]
pub fn signs_and_nans(bits: u64, b: f64) -> (i32, i32) {
    let a = f64::from_bits(bits);
    let nan = f64::NAN;
    let own = a.total_cmp(&-a).then(b.total_cmp(&0.0));
    (own as i32, b.total_cmp(&nan).reverse() as i32)
}

#[vectorize]
pub fn order_tests(a: i64, b: i64) -> (bool, bool, bool, bool, bool, bool) {
    let o = a.cmp(&b);
    let first = (o.is_lt(), o.is_le(), o.is_gt());
    (first.0, first.1, first.2, o.is_ge(), o.is_eq(), o.is_ne())
}

#[vectorize]
pub fn by_two_keys(a: i32, b: i32, x: f32, y: f32) -> i32 {
    let order = a.cmp(&b).reverse().then(x.total_cmp(&y));
    if order == std::cmp::Ordering::Equal {
        return 10;
    }
    order as i32
}

#[vectorize]
pub fn bools_ordered(a: i32, b: i32) -> (i32, bool) {
    let (p, q) = (a > 0, b > 0);
    (p.cmp(&q) as i32, p.partial_cmp(&q) == Some(Ordering::Equal))
}

#[vectorize]
pub fn unwrapped(a: f64, b: f64) -> i32 {
    a.partial_cmp(&b).unwrap() as i32
}

#[vectorize]
pub fn dropped(a: i32, b: i32) -> i32 {
    let mut n = 0;
    let mut next = || {
        n += a;
        n
    };
    _ = next();
    _ = next() / b;
    n
}

#[guvectorize("(n)->(),()")]
pub fn by_distance(
    a: ArrayView1<f64>,
    mut least: ArrayViewMut0<f64>,
    mut most: ArrayViewMut0<f64>,
) {
    let order = |x: f64, y: f64| x.abs().total_cmp(&y.abs()).then(y.total_cmp(&x));
    least[()] = match a.iter().min_by(|x, y| order(**x, **y)) {
        Some(x) => *x,
        None => -1.0,
    };
    most[()] = match a.iter().max_by(|x, y| order(**x, **y)) {
        Some(x) => *x,
        None => -1.0,
    };
}

#[guvectorize("(n)->(),()")]
pub fn by_last_digit(
    a: ArrayView1<i32>,
    mut least: ArrayViewMut0<i32>,
    mut most: ArrayViewMut0<i32>,
) {
    let least_one = a.iter().min_by(|x, y| {
        let (p, q) = (**x % 10, **y % 10);
        p.cmp(&q)
    });
    let most_one = a.iter().max_by(|x, y| {
        if **x % 10 < **y % 10 {
            Ordering::Less
        } else if **x % 10 == **y % 10 {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    });
    least[()] = *least_one.unwrap_or(&-1);
    most[()] = *most_one.unwrap_or(&-1);
}

/// Where a value stands in a sorted array, or would stand.
#[guvectorize("(n),()->()")]
pub fn search(a: ArrayView1<i64>, x: i64, mut found: ArrayViewMut0<i64>) {
    let (mut low, mut high) = (0, a.len());
    found[()] = -1;
    while low < high {
        let middle = low + (high - low) / 2;
        match a[middle].cmp(&x) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => {
                found[()] = middle as i64;
                break;
            }
        }
    }
}
