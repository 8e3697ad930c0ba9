use brolga::prelude::*;

/// `if` is an expression; shadowing and early returns are as in Rust.
#[vectorize]
fn soft_clip(x: f32) -> f32 {
    if x.is_nan() {
        return 0.0;
    }
    let x = x / 2.0;
    if x < -1.0 { -1.0 } else if x > 1.0 { 1.0 } else { 1.5 * x - 0.5 * x * x * x }
}

/// `while`, `loop` with a value, labels.
#[vectorize]
fn collatz_steps(n: u64) -> u32 {
    let mut n = n;
    let mut steps = 0;
    while n > 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}

#[vectorize]
fn first_square_above(limit: u32) -> u32 {
    let mut root = 0;
    loop {
        if root * root > limit {
            break root * root;
        }
        root += 1;
    }
}

/// `for` over ranges of any integer type, forwards, backwards, in steps.
#[vectorize]
fn alternating(n: i64) -> i64 {
    let mut sum = 0;
    for k in (0..=n).rev().step_by(2) {
        sum += k;
    }
    for k in (0..n).step_by(3) {
        sum -= k;
    }
    sum
}

/// `match` on integers, ranges, tuples and bools, with guards and bindings.
#[vectorize]
fn grade(points: u8, bonus: bool) -> u8 {
    match (points, bonus) {
        (0, _) => b'F',
        (1..=49, true) | (50..=79, false) => b'C',
        (p @ 50..=100, _) if p < 90 => b'B',
        (90..=100, _) => b'A',
        _ => b'?',
    }
}
