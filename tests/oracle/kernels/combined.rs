//! Constructs in combination: evaluation order, shadowing in arms, labels through several
//! loops, narrow integers, generic helpers with several type parameters, recursion with tuples.

#![allow(unused_assignments)]

use brolga::prelude::*;

const LIMITS: (i8, u16) = (i8::MIN, 1 << 9);
const STEP: usize = 2 + 1;

#[vectorize]
pub fn order_of_operands(x: i32) -> (i32, i32, i32) {
    let mut n = x;
    let a = {
        n += 1;
        n
    } * 10
        + {
            n *= 2;
            n
        };
    let mut m = 3;
    m += {
        m = 10;
        1
    };
    let b = n + {
        n = 7;
        n
    };
    (a, m, b)
}

#[vectorize]
pub fn order_in_tuples(x: u8) -> (u8, u8, u8) {
    let mut n = x;
    (
        n,
        {
            n += 1;
            n
        },
        {
            n <<= 1;
            n ^ x
        },
    )
}

fn pair(a: i16, b: i16) -> i16 {
    a - 3 * b
}

#[vectorize]
pub fn order_of_arguments(x: i16) -> i16 {
    let mut n = x;
    pair(n, {
        n = 5;
        n
    }) + pair(
        {
            n += x;
            n
        },
        n,
    )
}

#[vectorize]
pub fn shadowing_in_arms(n: i32, x: f64) -> f64 {
    let y = x;
    let n = match (n, y > 0.0) {
        (0, x) => {
            if x {
                1.5
            } else {
                -1.5
            }
        }
        (n @ (1 | 2), true) => n as f64 * y,
        (n, _) if n < 0 => {
            let n = -(n as f64);
            let y = n - y;
            y / 2.0
        }
        (n @ 3..=100, b) => {
            let n = n % 7;
            if b { n as f64 } else { y }
        }
        (n, _) => n as f64 + x,
    };
    n + y
}

#[vectorize]
pub fn labels_through_three_loops(limit: u32) -> (u32, u32) {
    let limit = limit % 97;
    let mut steps = 0;
    let found = 'search: loop {
        for i in 0..10u32 {
            'row: for j in (0..10).rev() {
                let mut k = 0;
                while k < 5 {
                    steps += 1;
                    if i * 10 + j + k == limit {
                        break 'search i * 100 + j * 10 + k;
                    }
                    if (i + j + k) % 6 == 5 {
                        continue 'row;
                    }
                    if steps > 300 {
                        break 'row;
                    }
                    k += 1;
                }
            }
        }
        break 9999;
    };
    (found, steps)
}

#[vectorize]
pub fn labelled_block(x: f32) -> i8 {
    let class = 'decide: {
        if x != x {
            break 'decide -1;
        }
        for k in 0..4i8 {
            if x < k as f32 {
                break 'decide k;
            }
        }
        100
    };
    class - 1
}

#[vectorize]
pub fn loop_in_condition(n: u8) -> u32 {
    let mut count = 0u32;
    while {
        count += 3;
        loop {
            count += 1;
            if count % 2 == 0 {
                break count < n as u32;
            }
        }
    } {
        count += 1;
    }
    count
}

#[vectorize]
pub fn narrow_arithmetic(a: u8, b: i8, c: i16) -> (u8, i8, i16, u8, i8) {
    let d = (a.wrapping_mul(7) >> 3) + (b as u8 >> 1);
    let e = (b << 1) >> 2;
    let f = (c * 3 - b as i16) ^ (a as i16) << 5;
    (d, e, f >> 9, !a & 0x5A | d % 9, -b / 3 + b % 5)
}

#[vectorize]
pub fn narrow_comparisons(a: i8, b: i8) -> (bool, bool, i8, u8) {
    let s = a + b;
    let d = a as u8 - b as u8;
    (
        s < a,
        d > a as u8,
        if s >= b { s } else { d as i8 },
        (s as u8).max(d) >> 1,
    )
}

#[vectorize]
pub fn narrow_shifts(a: i8, b: u16, s: u8) -> (i8, u16, i8, u16, i64) {
    (
        a << s,
        b >> s,
        a >> (s as i64),
        b << (s as i8),
        (a as i64) << s >> 3,
    )
}

#[vectorize]
pub fn shift_by_negative(a: i64, s: i32) -> (i64, i64, u64) {
    (a << s, a >> s, a as u64 >> s)
}

#[vectorize]
pub fn casts_in_a_loop(x: f64) -> i64 {
    let mut v = x;
    let mut acc = 0i64;
    for k in 0..12u8 {
        let n = v as i16 as u8 as i8 as i64 + (v as u32 as f32) as i64;
        acc = acc * 31 + n;
        v = (v * 1.5 + k as f64) as f32 as f64;
    }
    acc
}

#[vectorize]
pub fn bool_casts(a: bool, x: i32) -> (u8, i64, i32) {
    let b = x % 2 == 0;
    (
        a as u8 + b as u8,
        (a ^ b) as i64 - 1,
        (a & b | !a) as i32 * x,
    )
}

#[vectorize]
pub fn least_i64(x: i64) -> (i64, i64, u64, i64, bool) {
    let m = i64::MIN;
    (
        x.wrapping_abs(),
        -(x + m) ^ m,
        x.unsigned_abs() + m.unsigned_abs(),
        (x / 2 - m / 2).signum() * (m >> 63),
        x == -9223372036854775808,
    )
}

#[vectorize]
pub fn nested_tuples(a: i32, b: f32) -> (i32, f32, bool) {
    let t = ((a, b), (b > 0.0, (a, a as u8)));
    let ((p, mut q), (r, inner)) = t;
    let mut u = (inner, (q, r));
    u.0.0 += p;
    u.1.0 *= 2.0;
    (u.0, u.1) = ((u.0.0 ^ 1, u.0.1 / 2), (u.1.0 - 1.0, !u.1.1));
    q += u.1.0;
    (u.0.0 + u.0.1 as i32 + (t.1.1).0, q, u.1.1 || r)
}

fn find(from: u32, limit: u32) -> (u32, bool) {
    for i in (from..limit).step_by(STEP) {
        let mut j = i;
        loop {
            if j % 11 == 7 {
                return (j, true);
            }
            if j % 2 == 0 {
                break;
            }
            j += 4;
            while j > 40 {
                if j % 5 == 0 {
                    return (i, false);
                }
                j -= 3;
            }
        }
    }
    (limit, false)
}

#[vectorize]
pub fn early_returns_in_helper_loops(a: u8, b: u8) -> (u32, u32) {
    let (x, f) = find(a as u32, b as u32);
    let (y, g) = find(b as u32 % 8, a as u32);
    (x + f as u32 * 1000, if g && !f { y } else { y / 2 })
}

fn bezout(a: i64, b: i64) -> (i64, i64, i64) {
    if b == 0 {
        (a, 1, 0)
    } else {
        let (g, x, y) = bezout(b, a % b);
        (g, y, x - a / b * y)
    }
}

#[vectorize]
pub fn recursion_with_tuples(a: u32, b: u32) -> (i64, i64, i64) {
    bezout(a as i64, b as i64)
}

fn is_even(n: u8) -> bool {
    n == 0 || is_odd(n - 1)
}

fn is_odd(n: u8) -> bool {
    n != 0 && is_even(n - 1)
}

#[vectorize]
pub fn mutual_recursion(n: u8) -> (bool, bool) {
    (is_even(n), is_odd(n))
}

fn select<C: Integer, T: Number, U: Real>(c: C, a: T, (b, d): (U, U)) -> (T, U) {
    if c > C::zero() {
        (a + a, b)
    } else {
        (a * a, if b < d { d } else { b })
    }
}

#[vectorize]
pub fn several_type_parameters(c: i8, a: f32, b: u64) -> (f32, u64, u64, f32) {
    let (p, q) = select(c, a, (b, 7));
    let (r, s) = select(b, b, (a, 0.5));
    (p, q, r, s)
}

#[vectorize]
pub fn generic_of_two<T: Integer, U: Float>(a: T, b: U) -> (T, U) {
    let mut n = a;
    let mut x = b;
    for _ in 0..3 {
        (n, x) = (
            n * (T::one() + T::one()) + T::one(),
            x / U::from_f64(3.0) - U::from_i32(2),
        );
    }
    if x > U::zero() && n != T::zero() {
        (n, -x)
    } else {
        (n >> 1, x.abs())
    }
}

#[vectorize]
pub fn limits(x: i16) -> (i8, u16, i16) {
    let (a, b) = LIMITS;
    (a, b, x.clamp(a as i16, b as i16))
}

#[vectorize]
pub fn assignments_are_units(n: i32) -> i32 {
    let mut m = n;
    let () = m ^= 3;
    let mut k = 0;
    let () = if n > 0 {
        k = 1
    };
    match m & 3 {
        0 => k += 5,
        1 => (),
        2 => {
            let m = k;
            k -= m - n
        }
        _ => return k * 2,
    }
    m + k
}

#[vectorize]
pub fn lazy_operators(a: i32, b: i32) -> (i32, bool) {
    let mut calls = 0;
    let r = (a > 0 && {
        calls += 1;
        b > 0
    }) || {
        calls += 10;
        b < -5 && 100 / b < a
    };
    (calls, r & (calls < 20) ^ (a == b))
}

#[vectorize]
pub fn ranges_at_the_limits(a: i8, b: u8) -> (i32, i32, i32) {
    let mut s = 0;
    for k in (a..=i8::MAX).rev().step_by(100) {
        s = s * 3 + k as i32;
    }
    let mut t = 0;
    for k in (b..=u8::MAX).step_by(77) {
        t = t * 3 + k as i32;
    }
    let mut u = 0;
    for k in (i8::MIN..a).step_by(60).rev() {
        u = u * 3 + k as i32;
    }
    (s, t, u)
}

#[vectorize]
pub fn ranges_of_64_bits(a: i64) -> (i64, u64) {
    let mut s = 0i64;
    for k in (a..i64::MAX).step_by(0x2000_0000_0000_0000) {
        s = s.rotate_left(7) ^ k;
    }
    let mut t = 0u64;
    for k in (a as u64..=u64::MAX).rev().step_by(0x1fff_ffff_ffff_ffff) {
        t = t.rotate_left(7) ^ k;
    }
    (s, t)
}

#[vectorize]
pub fn loop_variable_is_a_copy(n: u8) -> u32 {
    let mut total = 0u32;
    for mut k in 0..n % 16 {
        k *= 3;
        let n = k;
        for k in k..n + 2 {
            total += k as u32 * 2 + n as u32;
        }
        total ^= k as u32;
    }
    total
}

#[vectorize]
pub fn match_on_narrow(n: i8, m: u64) -> i32 {
    let a = match n {
        i8::MIN..=-100 => 1,
        -99..0 => 2,
        0 => 3,
        1.. => 4,
    };
    let b = match m {
        0 | 5 | 10..=20 => 1,
        0x8000_0000_0000_0000.. => 2,
        9 => 3,
        x if x & 1 == 1 => 4,
        _ => 5,
    };
    match ((a, b), n > 3) {
        ((1 | 4, x), true) | ((x, 2), false) => x * 10,
        ((x, y), z) => x * 100 + y * 10 + z as i32,
    }
}

#[vectorize]
pub fn match_nested(a: u8, b: u8, c: bool) -> u16 {
    match a {
        0..=9 => match (b, c) {
            (0, true) => 1,
            (_, false) if a > b => return 2 + a as u16,
            (b, _) => b as u16 + 300,
        },
        10..=99 => {
            let mut k = a;
            loop {
                k -= 1;
                match k % b.max(1) {
                    0 => break k as u16,
                    1 if c => break 500,
                    _ => continue,
                }
            }
        }
        _ => a as u16 * b as u16,
    }
}

#[vectorize]
pub fn negated_and_chained(x: f64, n: i32) -> (f64, i32, bool) {
    (-x.abs() - -x, !-n - -!n, !(x < 1.0) != !(n >= 0))
}

#[vectorize]
pub fn method_chains(x: f32) -> (f32, i32, u32) {
    let y = (x.abs().sqrt() + 1.0)
        .min(50.0)
        .max(-x)
        .floor()
        .mul_add(2.0, 0.5);
    let bits = x.to_bits().rotate_left(5).swap_bytes().reverse_bits();
    (
        y,
        (bits as i32).rem_euclid(17).pow(2),
        f32::from_bits(bits).to_bits().count_ones(),
    )
}

#[vectorize]
pub fn if_without_else_diverges(n: i32) -> i32 {
    let x = if n > 10 { return 1 } else { n };
    let y: i32 = loop {
        if x < -5 {
            return -1;
        }
        break x + 1;
    };
    let z = match y {
        0 => return 0,
        3 => panic!("three"),
        y => y,
    };
    z * 2
}
