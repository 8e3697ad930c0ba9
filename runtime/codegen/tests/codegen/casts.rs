//! `as` between all types, against Rust's own.

use brolga_codegen::CodegenErrorKind;
use brolga_lang::ir::*;

use crate::arithmetic::edges;
use crate::floats::{double_edges, single_edges};
use crate::support::*;

fn cast_program(from: Scalar, to: Scalar) -> Program {
    let body = expr(scalar(to), ExprKind::Cast(local(0, from).into()));
    elementwise(&[from], &[], scalar(to), block(vec![], Some(body)))
}

fn check_cast<T: Bits, U: Bits>(inputs: &[u64], expected: impl Fn(T) -> U) {
    let results: Vec<u64> = inputs.iter().map(|&v| expected(T::of(v)).bits()).collect();
    let what = format!("{} as {}", T::SCALAR.name(), U::SCALAR.name());
    let program = cast_program(T::SCALAR, U::SCALAR);
    check(&what, &program, &[inputs.to_vec()], &results);
}

/// The edges of every integer type and of the floats' precision, cut to `bits`.
fn integers(bits: u32) -> Vec<u64> {
    let mask = u64::MAX >> (64 - bits);
    let mut values = edges(bits);
    for shift in [7, 8, 15, 16, 23, 24, 25, 31, 32, 52, 53, 54, 62, 63] {
        let power = 1_u64 << shift;
        for value in [
            power - 1,
            power,
            power + 1,
            power + (power >> 24),
            power + (power >> 53),
        ] {
            values.extend([value & mask, value.wrapping_neg() & mask]);
        }
    }
    values.sort_unstable();
    values.dedup();
    values
}

macro_rules! from_integer {
    ($($test:ident $from:ident),*) => {$(
        #[test]
        fn $test() {
            let inputs = integers($from::SCALAR.bits());
            from_integer!(@each inputs, $from: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);
        }
    )*};
    (@each $inputs:ident, $from:ident: $($to:ident),*) => {
        $(check_cast::<$from, $to>(&$inputs, |a| a as $to);)*
    };
}
from_integer!(i8_as_anything_is_rusts i8, i16_as_anything_is_rusts i16,
              i32_as_anything_is_rusts i32, i64_as_anything_is_rusts i64,
              isize_as_anything_is_rusts isize, u8_as_anything_is_rusts u8,
              u16_as_anything_is_rusts u16, u32_as_anything_is_rusts u32,
              u64_as_anything_is_rusts u64, usize_as_anything_is_rusts usize);

macro_rules! from_float {
    ($($test:ident $from:ident $edges:ident),*) => {$(
        #[test]
        fn $test() {
            let mut inputs: Vec<u64> = $edges();
            for value in integers(64) {
                inputs.push((value as i64 as $from).bits());
                inputs.push((value as $from).bits());
                inputs.push((value as i64 as $from * 0.5).bits());
            }
            from_integer!(@each inputs, $from: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);
        }
    )*};
}
from_float!(f32_as_anything_is_rusts f32 single_edges, f64_as_anything_is_rusts f64 double_edges);

#[test]
fn bool_as_integers_is_rusts() {
    check_cast::<bool, bool>(&[0, 1], |a| a);
    check_cast::<bool, i8>(&[0, 1], |a| a as i8);
    check_cast::<bool, u32>(&[0, 1], |a| a as u32);
    check_cast::<bool, i64>(&[0, 1], |a| a as i64);
}

#[test]
fn casts_that_rust_does_not_have_are_malformed() {
    for (from, to) in [
        (Scalar::I32, Scalar::Bool),
        (Scalar::F64, Scalar::Bool),
        (Scalar::Bool, Scalar::F32),
    ] {
        let error = host().compile(&cast_program(from, to), "k").unwrap_err();
        assert_eq!(error.kind(), CodegenErrorKind::Malformed);
        assert!(error.to_string().contains("please report"), "{error}");
    }
}
