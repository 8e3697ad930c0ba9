//! Options: values, patterns, methods, `?`, and the checked methods that give them.

use brolga::prelude::*;

fn half_of(x: i32) -> Option<i32> {
    if x % 2 == 0 { Some(x / 2) } else { None }
}

fn halves(x: i32) -> Option<(i32, u32)> {
    let mut rest = half_of(x)?;
    let mut count = 1;
    while let Some(next) = half_of(rest) {
        rest = next;
        count += 1;
        if rest == 0 {
            return None;
        }
    }
    Some((rest, count))
}

#[vectorize]
pub fn odd_part(x: i32) -> (i32, u32) {
    match halves(x) {
        Some((rest, count)) if count > 1 => (rest, count),
        Some((rest, _)) => (-rest, 1),
        None => (x, 0),
    }
}

#[vectorize]
pub fn checked_sum(a: i8, b: i8) -> i8 {
    a.checked_add(b)
        .unwrap_or(if a < 0 { i8::MIN } else { i8::MAX })
}

#[vectorize]
pub fn checked_chain(a: i32, b: i32) -> i64 {
    let Some(product) = a.checked_mul(b) else {
        return a as i64 * b as i64;
    };
    if let Some(quotient) = product.checked_div(b)
        && quotient == a
        && let Some(sum) = quotient.checked_add(b)
    {
        sum as i64
    } else {
        -1
    }
}

#[vectorize]
pub fn unwraps(a: u8, b: u8) -> u8 {
    a.checked_sub(b).unwrap()
}

#[vectorize]
pub fn expects(a: u16, b: u16) -> u16 {
    a.checked_rem(b).expect("a divisor {} above zero")
}

#[vectorize]
pub fn combined(a: i16, b: i16) -> i16 {
    let x = a.checked_neg();
    let y = b.checked_abs();
    let both = match x.zip(y) {
        Some((p, q)) => p.wrapping_sub(q),
        None => 7,
    };
    let either = x.or(y).unwrap_or_default();
    let one = x.xor(None).and(y).unwrap_or(3);
    let nested = Some(x).flatten();
    both.wrapping_add(either)
        .wrapping_add(one)
        .wrapping_add(nested.unwrap_or(1))
}

#[vectorize]
pub fn ordered(a: i32, b: i32) -> (bool, bool, bool, bool) {
    let x = half_of(a);
    let y = half_of(b);
    (x == y, x < y, x >= y, x != None)
}

#[vectorize]
pub fn float_options(a: f64, b: f64) -> (bool, bool) {
    let x = if a.is_finite() { Some(a) } else { None };
    let y = if b < 10.0 { Some(b) } else { None };
    (x == y, x <= y)
}

#[vectorize]
pub fn matched(a: i32) -> bool {
    matches!(half_of(a), Some(n) if n > 3) | matches!(a, 1..=5 | -3)
}

#[vectorize]
pub fn exchanged(a: i32, b: i32) -> i32 {
    let mut slot = half_of(a);
    let first = slot.take();
    let second = slot.replace(b);
    let third = slot.take();
    first.unwrap_or(100) + second.unwrap_or(1000) + third.unwrap_or(0) + slot.is_none() as i32
}

fn first_above<T: Real>(a: ArrayView1<T>, limit: T) -> Option<T> {
    for &x in a.iter() {
        if x > limit {
            return Some(x);
        }
    }
    None
}

#[guvectorize("(n),()->()")]
pub fn first_or_limit<T: Real>(a: ArrayView1<T>, limit: T, mut out: ArrayViewMut0<T>) {
    out[()] = match first_above(a, limit) {
        Some(x) => x,
        None => limit,
    };
}

fn product<T: Integer>(a: T, b: T, c: T) -> Option<T> {
    a.checked_mul(b)?.checked_mul(c)
}

#[vectorize]
pub fn checked_product<T: Integer>(a: T, b: T, c: T) -> T {
    product(a, b, c).unwrap_or(T::MAX)
}

#[vectorize]
pub fn nested_patterns(a: i32, b: i32) -> i32 {
    match (half_of(a), half_of(b)) {
        (Some(0), Some(_)) => 1,
        (Some(n), Some(m)) if n == m => 2,
        (Some(n @ 1..=9), None) => n,
        (None, None) if b > m_or(b) => 3,
        (Some(_), _) => 4,
        (None, _) => 5,
    }
}

fn m_or(b: i32) -> i32 {
    b.checked_sub(1).unwrap_or(b)
}

#[vectorize]
pub fn mapped(a: i32, b: i32) -> i64 {
    let shift = b as i64;
    let x = half_of(a).map(|n| n as i64 + shift);
    let y = half_of(b).and_then(half_of).map_or(7, |n| n as i64 * 3);
    let z = half_of(a)
        .filter(|n| *n > 2)
        .map_or_else(|| shift - 1, |n| n as i64);
    x.unwrap_or_else(|| shift * 2) + y - z
}

#[vectorize]
pub fn asked(a: i32, b: i32) -> (bool, bool, i32) {
    let mut seen = 0;
    let kept = half_of(a).inspect(|n| seen += *n).or_else(|| half_of(b));
    (
        kept.is_some_and(|n| n % 3 == 0),
        half_of(b).is_none_or(|n| n < a),
        seen,
    )
}

#[vectorize]
pub fn tried(a: i32, b: i32) -> i32 {
    let both = |x: i32, y: i32| -> Option<i32> {
        let p = half_of(x)?;
        p.checked_mul(half_of(y)?)
    };
    both(a, b).unwrap_or(-1)
}
