//! Bit operations, shifts by every type, and the methods that count and move bits.

use brolga::prelude::*;

#[vectorize]
pub fn bit_operators<T: Integer>(a: T, b: T) -> (T, T, T, T) {
    (a & b, a | b, a ^ b, !a)
}

/// The count of a shift is taken modulo the width.
#[vectorize]
pub fn shift<T: Integer>(a: T, n: u32) -> (T, T) {
    (a << n, a >> n)
}

/// A count may have any integer type, whatever the type that is shifted.
#[vectorize]
pub fn shift_by_any_type(a: i32, b: u8, c: i64, d: u64) -> (i32, u8, i64, u64) {
    (a << b, b >> c, c >> d, d << a)
}

#[vectorize]
pub fn count_bits<T: Integer>(a: T) -> (u32, u32, u32, u32, u32, u32) {
    (
        a.count_ones(),
        a.count_zeros(),
        a.leading_zeros(),
        a.leading_ones(),
        a.trailing_zeros(),
        a.trailing_ones(),
    )
}

#[vectorize]
pub fn move_bits<T: Integer>(a: T, n: u32) -> (T, T, T, T) {
    (
        a.rotate_left(n),
        a.rotate_right(n),
        a.swap_bytes(),
        a.reverse_bits(),
    )
}

#[vectorize]
pub fn concrete_bit_methods(a: u32, b: i64) -> (u32, u32, u32, i64, i64, u32) {
    (
        a.rotate_left(7),
        a.count_ones(),
        a.leading_zeros(),
        b.rotate_right(13),
        b.swap_bytes(),
        b.trailing_zeros(),
    )
}

#[vectorize]
pub fn gray_code(n: u64) -> (u64, u64) {
    let gray = n ^ (n >> 1);
    let mut back = gray;
    let mut shift = 32;
    while shift > 0 {
        back ^= back >> shift;
        shift >>= 1;
    }
    (gray, back)
}

#[vectorize]
pub fn xorshift(seed: u64) -> u64 {
    let mut x = seed | 1;
    for _ in 0..4 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

/// Counts one bits by clearing the lowest, again and again.
#[vectorize]
pub fn population(mut n: u16) -> u8 {
    let mut count = 0;
    while n != 0 {
        n &= n - 1;
        count += 1;
    }
    count
}

#[vectorize]
pub fn fnv1a(word: u32) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for k in 0..4 {
        hash ^= (word >> (8 * k)) & 0xff;
        hash = hash.wrapping_mul(0x0100_0193);
    }
    hash
}

#[vectorize]
pub fn bool_operators(a: bool, b: bool) -> (bool, bool, bool, bool, bool, bool) {
    let mut c = a;
    c &= b;
    c |= !a;
    c ^= b;
    (a & b, a | b, a ^ b, !a, a && !b || b && !a, c)
}

#[vectorize]
pub fn bool_order(a: bool, b: bool) -> (bool, bool, bool, bool) {
    (a == b, a != b, a < b, a >= b)
}
