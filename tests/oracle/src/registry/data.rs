//! Cases of options, complex numbers and 16-bit floats, in kernels of plain numbers.

use brolga_prelude::*;

use super::{each, for_floats, for_integers, scalars};
use crate::case::{Case, case, gcase, jcase};
use crate::values::Domain::Between;

pub fn add(cases: &mut Vec<Case>) {
    scalars! { cases;
        options::odd_part: fn(i32) -> (i32, u32);
        options::checked_sum: fn(i8, i8) -> i8;
        options::checked_chain: fn(i32, i32) -> i64;
        options::unwraps: fn(u8, u8) -> u8;
        options::expects: fn(u16, u16) -> u16;
        options::combined: fn(i16, i16) -> i16;
        options::ordered: fn(i32, i32) -> (bool, bool, bool, bool);
        options::float_options: fn(f64, f64) -> (bool, bool);
        options::matched: fn(i32) -> bool;
        options::exchanged: fn(i32, i32) -> i32;
        options::nested_patterns: fn(i32, i32) -> i32;
        options::mapped: fn(i32, i32) -> i64;
        options::asked: fn(i32, i32) -> (bool, bool, i32);
        options::tried: fn(i32, i32) -> i32;
        complexes::product_parts: fn(f64, f64, f64, f64) -> (f64, f64);
        complexes::quotient_parts: fn(f32, f32, f32, f32) -> (f32, f32);
        complexes::mixed: fn(f64, f64, f64) -> (f64, f64);
        complexes::compound: fn(f64, f64) -> (f64, f64);
        complexes::escape: fn(f64, f64) -> u32;
        complexes::methods: fn(f64, f64) -> (f64, f64, f64, f64);
        complexes::tests: fn(f64, f64) -> (bool, bool, bool, bool);
        complexes::complex_polynomial: fn(f64, f64) -> (f64, f64);
        halves::f16_bits: fn(f32) -> u16;
        halves::f16_bits_of_double: fn(f64) -> (u16, u16);
        halves::bf16_bits: fn(f32) -> u16;
        halves::widened: fn(u16) -> (f32, f64, f32, f64);
        halves::kinds: fn(u16) -> (bool, bool, bool, bool);
        halves::compared: fn(u16, u16) -> (bool, bool, bool, bool);
        halves::rounded_sum: fn(f32, f32) -> f32;
    }
    for_floats! { cases;
        complexes::generic_complex(T, T, T) -> (T, T);
    }
    for_integers! { cases;
        options::checked_product(T, T, T) -> T;
    }
    cases.push(
        jcase!(complexes::root_sum: "()->", fn(usize) -> f64)
            .over(&[Between(0.0, 5000.0)])
            // A tree where rustc adds in order.
            .within(1e-11, 1e-11),
    );
    cases.push(
        gcase!(options::first_or_limit<f64>: "(n),()->()", (ArrayView1<f64>, f64, ArrayViewMut0<f64>)),
    );
    cases.push(
        gcase!(options::first_or_limit<u8>: "(n),()->()", (ArrayView1<u8>, u8, ArrayViewMut0<u8>)),
    );
}
