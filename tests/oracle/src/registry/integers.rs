//! Cases of integer operators and methods, bits and casts.

use super::{each, for_integers, for_numbers, scalars};
use crate::case::{Case, case};
use crate::values::Domain::Between;

/// What a cast kernel returns: the value as each number type.
type AllTypes = (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);

type AllIntegers = (i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

pub fn add(cases: &mut Vec<Case>) {
    for_integers! { cases;
        arith::div_rem(T, T) -> (T, T);
        bits::bit_operators(T, T) -> (T, T, T, T);
        bits::shift(T, u32) -> (T, T);
        bits::count_bits(T) -> (u32, u32, u32, u32, u32, u32);
        bits::move_bits(T, u32) -> (T, T, T, T);
        constants::of_integer_parameters(T) -> (T, T, u32);
        generic::gcd_generic(T, T) -> T;
        generic::low_half(T) -> T;
        integers::wrapping(T, T) -> (T, T, T, T);
        integers::wrapping_by_count(T, u32) -> (T, T, T);
        integers::wrapping_division(T, T) -> (T, T);
        integers::saturating(T, T) -> (T, T, T);
        integers::powers(T, u32) -> (T, T);
        integers::overflowing(T, T) -> (T, bool, T, bool, T, bool);
        integers::euclid(T, T) -> (T, T);
        integers::smaller_and_larger(T, T) -> (T, T);
        integers::clamp_integer(T, T, T) -> T;
        integers::square_root(T) -> T;
        integers::integer_logarithms(T) -> (u32, u32);
    }
    for_numbers! { cases;
        arith::ring(T, T) -> (T, T, T);
        arith::compare(T, T) -> (bool, bool, bool, bool, bool, bool);
        arith::compound_number(T, T) -> T;
        casts::number_from_i32(i32, T) -> T;
        generic::square_of(T) -> T;
        generic::power_of(T, u8) -> T;
        generic::largest(T, T, T) -> T;
    }
    scalars! { cases;
        arith::compound_i32: fn(i32, i32) -> i32;
        arith::negate: fn(i8, i16, i32, i64) -> (i8, i16, i32, i64);
        arith::precedence: fn(u32, u32, u32) -> (u32, bool, i64);
        bits::shift_by_any_type: fn(i32, u8, i64, u64) -> (i32, u8, i64, u64);
        bits::concrete_bit_methods: fn(u32, i64) -> (u32, u32, u32, i64, i64, u32);
        bits::gray_code: fn(u64) -> (u64, u64);
        bits::xorshift: fn(u64) -> u64;
        bits::population: fn(u16) -> u8;
        bits::fnv1a: fn(u32) -> u32;
        bits::bool_operators: fn(bool, bool) -> (bool, bool, bool, bool, bool, bool);
        bits::bool_order: fn(bool, bool) -> (bool, bool, bool, bool);
        casts::from_bool: fn(bool) -> AllIntegers;
        casts::from_i8: fn(i8) -> AllTypes;
        casts::from_i16: fn(i16) -> AllTypes;
        casts::from_i32: fn(i32) -> AllTypes;
        casts::from_i64: fn(i64) -> AllTypes;
        casts::from_isize: fn(isize) -> AllTypes;
        casts::from_u8: fn(u8) -> AllTypes;
        casts::from_u16: fn(u16) -> AllTypes;
        casts::from_u32: fn(u32) -> AllTypes;
        casts::from_u64: fn(u64) -> AllTypes;
        casts::from_usize: fn(usize) -> AllTypes;
        casts::from_f32: fn(f32) -> AllTypes;
        casts::from_f64: fn(f64) -> AllTypes;
        casts::chained: fn(f64, i32) -> (u8, i64, f32);
        casts::quantize: fn(f32) -> u8;
        constants::of_integers: fn(i32) -> (i8, i16, i32, i64, u64, u32);
        integers::signed_i8: fn(i8, i8) -> (i8, i8, u8, u8, bool, i8);
        integers::signed_i16: fn(i16, i16) -> (i16, i16, u16, u16, bool, i16);
        integers::signed_i32: fn(i32, i32) -> (i32, i32, u32, u32, bool, i32);
        integers::signed_i64: fn(i64, i64) -> (i64, i64, u64, u64, bool, i64);
        integers::unsigned_u8: fn(u8, u8) -> (u8, bool, u8, u8);
        integers::unsigned_u16: fn(u16, u16) -> (u16, bool, u16, u16);
        integers::unsigned_u32: fn(u32, u32) -> (u32, bool, u32, u32);
        integers::unsigned_u64: fn(u64, u64) -> (u64, bool, u64, u64);
        integers::concrete_methods: fn(i32, i32, u8) -> (i32, i32, i32, i32, u8);
        integers::ceiling_division: fn(u32, u32) -> (u32, u32);
        numeric::collatz: fn(u64) -> u32;
        numeric::gcd: fn(u64, u64) -> u64;
        numeric::is_prime: fn(u32) -> bool;
        numeric::binomial: fn(u8, u8) -> u64;
        numeric::days_from_date: fn(i32, u8, u8) -> i64;
        numeric::luma: fn(u8, u8, u8) -> u8;
        numeric::power_mod: fn(u32, u32, u32) -> u32;
        recursion::fibonacci: fn(u32) -> u64, over(&[Between(0.0, 20.0)]);
        recursion::factorial: fn(u8) -> u64;
        recursion::gcd: fn(i64, i64) -> i64;
        recursion::ackermann: fn(u32, u32) -> u32,
            over(&[Between(0.0, 2.0), Between(0.0, 6.0)]);
        recursion::parity: fn(u32) -> (bool, bool), over(&[Between(0.0, 500.0)]);
        recursion::hanoi_moves: fn(u32) -> (u32, u32), over(&[Between(0.0, 10.0)]);
        attributes::add: fn(i64, i64) -> i64;
        attributes::bit_and: fn(i32, i32) -> i32;
        attributes::both: fn(bool, bool) -> bool;
        attributes::uncached: fn(u32) -> u32;
        generic::pick_by<i32, u8>: fn(u8, i32, i32) -> i32;
        generic::pick_by<f64, i64>: fn(i64, f64, f64) -> f64;
        generic::pick_by<u16, f32>: fn(f32, u16, u16) -> u16;
    }
}
