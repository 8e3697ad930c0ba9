//! Types that nothing states at the `let`: found by unification, later uses included.

use brolga::prelude::*;

/// The type of `sum` comes from its later use.
#[vectorize]
pub fn from_later_use(x: u8) -> u8 {
    let mut sum = 0;
    let step = 3;
    for _ in 0..5 {
        sum += step;
    }
    sum + x
}

/// Nothing decides: i32, so the product wraps at 32 bits.
#[vectorize]
pub fn falls_back_to_i32(flag: bool) -> i64 {
    let mut k = 1;
    for _ in 0..40 {
        k = k * 3 + 1;
    }
    if flag { k as i64 } else { (k / 7) as i64 }
}

/// Nothing decides: f64.
#[vectorize]
pub fn falls_back_to_f64(x: f32) -> f32 {
    let third = 1.0 / 3.0;
    let sum = third + 0.1;
    sum as f32 + x
}

/// An index makes it usize.
#[guvectorize("(n)->()")]
pub fn from_an_index(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut k = 0;
    let mut sum = 0.0;
    while k < a.len() {
        sum += a[k];
        k += 2;
    }
    out[()] = sum;
}

fn takes_i16(x: i16) -> i16 {
    x ^ 0x0f0f
}

#[vectorize]
pub fn from_a_call(x: i16) -> (i16, i16) {
    let a = 5;
    let b = a;
    let c = takes_i16(b);
    (a * 1000 * x, c)
}

#[vectorize]
pub fn from_a_return(x: i64) -> i64 {
    let big = 5_000_000_000;
    let y = if x > 0 { big } else { 0 };
    y
}

/// The elements of a tuple unify one by one.
#[vectorize]
pub fn through_tuples(x: f32, n: u16) -> (f32, u16) {
    let mut pair = (0.1, 1);
    for _ in 0..3 {
        pair = (pair.0 * 3.0, pair.1 << 5);
    }
    let (scale, shift) = pair;
    (scale * x, shift ^ n)
}

/// The count of a shift does not decide the type that is shifted.
#[vectorize]
pub fn through_shifts(n: u8) -> (u64, i32) {
    let one = 1;
    let word: u64 = one << (n % 64);
    let other = 1 << (n % 32);
    (word, other)
}

#[vectorize]
pub fn through_match(n: u32) -> i8 {
    let code = match n % 4 {
        0 => 1,
        1 => -1,
        2 => 100,
        _ => 0,
    };
    let result: i8 = code;
    result
}

#[vectorize]
pub fn through_loop_value(n: u32) -> u64 {
    let mut k = 1;
    let found = loop {
        k *= 5;
        if k > n as u64 {
            break k;
        }
    };
    found
}

/// `as _` takes the type that is expected.
#[vectorize]
pub fn cast_to_the_expected(x: f64, n: i32) -> f32 {
    let y: f32 = x as _;
    y + n as f32
}

/// A variable without a type gets that of its first assignment.
#[vectorize]
pub fn from_an_assignment(x: u32) -> u32 {
    let y;
    if x % 2 == 0 {
        y = x / 2;
    } else {
        y = 7;
    }
    y
}

#[vectorize]
pub fn method_on_a_known_type(x: f64) -> f64 {
    let y = 2.0 * x;
    let z = (y + 1.0).abs();
    z.sqrt().min(1e3)
}
