//! Mutable references: parameters, places of all kinds, early returns, aliases.

use brolga::prelude::*;

fn swap(a: &mut f64, b: &mut f64) {
    let old = *a;
    *a = *b;
    *b = old;
}

fn sort(a: &mut f64, b: &mut f64) -> bool {
    if *a <= *b {
        return false;
    }
    swap(a, b);
    true
}

#[vectorize]
pub fn sort_by_references(mut a: f64, mut b: f64, mut c: f64) -> (f64, f64, f64, u8) {
    let mut swaps = 0;
    if sort(&mut a, &mut b) {
        swaps += 1;
    }
    swaps += sort(&mut b, &mut c) as u8;
    swaps += sort(&mut a, &mut b) as u8;
    (a, b, c, swaps)
}

#[guvectorize("(n)->(n)")]
pub fn bubble(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let n = x.len();
    for i in 0..n {
        out[i] = x[i];
    }
    for end in (1..n).rev() {
        for i in 0..end {
            let (mut low, mut high) = (out[i], out[i + 1]);
            sort(&mut low, &mut high);
            (out[i], out[i + 1]) = (low, high);
        }
    }
}

fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn bump(x: &mut i32, by: i32) -> i32 {
    *x = x.wrapping_add(by);
    *x
}

#[vectorize]
pub fn xorshift(seed: u64) -> (u64, u64) {
    let mut state = seed | 1;
    let mut sum = 0_u64;
    for _ in 0..5 {
        sum = sum.wrapping_add(next(&mut state));
    }
    (sum, state)
}

#[vectorize]
pub fn members(a: i32, b: i32) -> (i32, i32, i32) {
    let mut pair = (a, (b, 7));
    let x = bump(&mut pair.0, 1) ^ bump(&mut pair.1.0, pair.0);
    let r = &mut pair.1;
    r.1 -= 2;
    let q = &mut r.0;
    *q = q.wrapping_mul(3);
    bump(q, 5);
    (x, pair.1.0, pair.0 ^ pair.1.1)
}

/// The index is evaluated once.
#[guvectorize("(n)->(n)")]
pub fn elements(x: ArrayView1<i32>, mut out: ArrayViewMut1<i32>) {
    for i in 0..x.len() {
        out[i] = x[i];
    }
    let mut i = 0;
    while i < x.len() {
        bump(
            &mut out[{
                i += 1;
                i - 1
            }],
            x[0],
        );
    }
    for v in out.iter_mut() {
        bump(v, 1);
    }
    if x.len() > 1 {
        let last = &mut out[x.len() - 1];
        *last ^= 255;
        let seen = bump(last, 2);
        out[0] = seen;
    }
}

/// Fails outside of the view, before the function runs.
#[guvectorize("(n),()->(n)")]
pub fn beyond(x: ArrayView1<i32>, at: u8, mut out: ArrayViewMut1<i32>) {
    for i in 0..x.len() {
        out[i] = x[i];
    }
    bump(&mut out[at as usize], 1);
}

struct Counter {
    count: u32,
    sum: f64,
}

impl Counter {
    fn add(&mut self, x: f64) -> bool {
        if x.is_nan() {
            return false;
        }
        self.count += 1;
        self.sum += x;
        true
    }
}

#[vectorize]
pub fn counters(x: f64, y: f64) -> (u32, f64, bool) {
    let mut two = (Counter { count: 0, sum: 0.0 }, Counter { count: 1, sum: x });
    let first = two.0.add(x) & two.0.add(y);
    let other = &mut two.1;
    other.add(y);
    other.count += 10;
    (two.0.count + two.1.count, two.0.sum - two.1.sum, first)
}

fn generic<T: Number>(place: &mut T, with: T) -> T {
    let old = *place;
    *place = *place * with + T::one();
    old
}

#[vectorize]
pub fn generic_place<T: Number>(x: T, y: T) -> (T, T) {
    let mut z = x;
    let old = generic(&mut z, y);
    generic(&mut z, old);
    (old, z)
}

fn collatz(n: &mut u64, steps: &mut u32) {
    if *n <= 1 || *steps > 200 {
        return;
    }
    *n = if *n % 2 == 0 {
        *n / 2
    } else {
        n.wrapping_mul(3).wrapping_add(1)
    };
    *steps += 1;
    collatz(n, steps);
}

#[vectorize]
pub fn recursive(n: u16) -> (u32, u64) {
    let (mut m, mut steps) = (n as u64, 0);
    collatz(&mut m, &mut steps);
    (steps, m)
}

#[vectorize]
pub fn standard(a: u32, b: u32) -> (u32, u32, u32) {
    let (mut x, mut y) = (a, b);
    std::mem::swap(&mut x, &mut y);
    let old = std::mem::replace(&mut x, y ^ 1);
    let all = (std::mem::take(&mut y), old);
    (x, y, all.0.wrapping_sub(all.1))
}

fn early(x: &mut f64, limit: f64) -> f64 {
    let mut n = 0.0;
    loop {
        *x *= 2.0;
        n += 1.0;
        if *x > limit {
            return n;
        }
        if n > 20.0 {
            *x = -1.0;
            break;
        }
    }
    n + 0.5
}

#[vectorize]
pub fn out_of_loops(x: f64, limit: f64) -> (f64, f64) {
    let mut y = x;
    let n = early(&mut y, limit);
    (n, y)
}
