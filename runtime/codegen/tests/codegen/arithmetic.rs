//! Integer operations against Rust's own.

use brolga_abi::Status;
use brolga_lang::ir::*;

use crate::support::*;

/// Values at and around the limits of a type of `bits` bits, as bits.
pub fn edges(bits: u32) -> Vec<u64> {
    let mask = u64::MAX >> (64 - bits);
    let top = 1_u64 << (bits - 1);
    let mut values = vec![
        0,
        1,
        2,
        3,
        5,
        7,
        10,
        31,
        33,
        63,
        65,
        100,
        top,
        top - 1,
        top + 1,
    ];
    values.extend([top >> 1, mask / 3, mask / 3 * 2]);
    let negated: Vec<u64> = values.iter().map(|v| v.wrapping_neg()).collect();
    values.extend(negated);
    values.iter_mut().for_each(|v| *v &= mask);
    values.sort_unstable();
    values.dedup();
    values
}

fn check_binary<T: Bits, R: Bits>(op: BinaryOp, expected: impl Fn(T, T) -> R) {
    let scalar_type = T::SCALAR;
    let body = binary(op, local(0, scalar_type), local(1, scalar_type));
    let result = body.ty.clone();
    let program = elementwise(&[scalar_type; 2], &[], result, block(vec![], Some(body)));
    let values = edges(scalar_type.bits());
    let inputs = pairs(&values, &values);
    let results: Vec<u64> = (0..inputs[0].len())
        .map(|k| expected(T::of(inputs[0][k]), T::of(inputs[1][k])).bits())
        .collect();
    check(
        &format!("{op:?} of {}", scalar_type.name()),
        &program,
        &inputs,
        &results,
    );
}

fn check_unary<T: Bits, R: Bits>(op: UnaryOp, expected: impl Fn(T) -> R) {
    let body = unary(op, R::SCALAR, local(0, T::SCALAR));
    let program = elementwise(
        &[T::SCALAR],
        &[],
        scalar(R::SCALAR),
        block(vec![], Some(body)),
    );
    let inputs = edges(T::SCALAR.bits());
    let results: Vec<u64> = inputs.iter().map(|&v| expected(T::of(v)).bits()).collect();
    check(
        &format!("{op:?} of {}", T::SCALAR.name()),
        &program,
        &[inputs],
        &results,
    );
}

/// An operation whose right side has a type of its own.
fn check_mixed<T: Bits, U: Bits>(op: BinaryOp, right: &[u64], expected: impl Fn(T, U) -> T) {
    let body = expr(
        scalar(T::SCALAR),
        ExprKind::Binary(op, local(0, T::SCALAR).into(), local(1, U::SCALAR).into()),
    );
    let program = elementwise(
        &[T::SCALAR, U::SCALAR],
        &[],
        scalar(T::SCALAR),
        block(vec![], Some(body)),
    );
    let inputs = pairs(&edges(T::SCALAR.bits()), right);
    let results: Vec<u64> = (0..inputs[0].len())
        .map(|k| expected(T::of(inputs[0][k]), U::of(inputs[1][k])).bits())
        .collect();
    let what = format!("{op:?} of {} by {}", T::SCALAR.name(), U::SCALAR.name());
    check(&what, &program, &inputs, &results);
}

fn check_division<T: Bits + PartialEq>(op: DivisionOp, expected: impl Fn(T, T) -> Option<T>) {
    let ty = T::SCALAR;
    let signed = ty.is_signed();
    let program = |divisor: Expr| {
        let body = expr(
            scalar(ty),
            ExprKind::Division {
                op,
                lhs: local(0, ty).into(),
                rhs: divisor.into(),
                by_zero: SiteId(3),
                overflow: signed.then_some(SiteId(4)),
            },
        );
        elementwise(&[ty, ty], &[], scalar(ty), block(vec![], Some(body)))
    };
    let values = edges(ty.bits());
    let all = pairs(&values, &values);
    let what = format!("{op:?} of {}", ty.name());
    let (good, bad): (Vec<usize>, Vec<usize>) =
        (0..all[0].len()).partition(|&k| expected(T::of(all[0][k]), T::of(all[1][k])).is_some());
    let row = |chosen: &[usize], side: usize| chosen.iter().map(|&k| all[side][k]).collect();
    let inputs: Vec<Vec<u64>> = vec![row(&good, 0), row(&good, 1)];
    let result = |a, b| expected(T::of(a), T::of(b)).unwrap().bits();
    let results: Vec<u64> = (0..good.len())
        .map(|k| result(inputs[0][k], inputs[1][k]))
        .collect();
    check(&what, &program(local(1, ty)), &inputs, &results);
    for &divisor in &values {
        let chosen: Vec<usize> = good
            .iter()
            .copied()
            .filter(|&k| all[1][k] == divisor)
            .collect();
        let inputs: Vec<Vec<u64>> = vec![row(&chosen, 0), row(&chosen, 1)];
        let results: Vec<u64> = inputs[0].iter().map(|&a| result(a, divisor)).collect();
        let constant = expr(scalar(ty), ExprKind::Const(divisor));
        check(
            &format!("{what} by {divisor:#x}"),
            &program(constant),
            &inputs,
            &results,
        );
    }
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program(local(1, ty)));
        for &k in &bad {
            let mut operands = [
                Array::from_bits(ty, &[1, 1, all[0][k]]),
                Array::from_bits(ty, &[1, 1, all[1][k]]),
                Array::from_bits(ty, &[9; 3]),
            ];
            let outcome = loaded.run(3, &mut operands);
            assert_eq!(outcome.status, Status::Panic, "{what} on {name}");
            assert_eq!(outcome.context.error.element, 2, "{what} on {name}");
            let site = if all[1][k] == 0 { 3 } else { 4 };
            assert_eq!(outcome.context.error.site, site, "{what} on {name}");
            assert_eq!(
                operands[2].get(1),
                result(1, 1),
                "{what}: stored before the failure"
            );
            assert_eq!(operands[2].get(2), 9, "{what}: the failing element is left");
        }
    }
}

macro_rules! integer_tests {
    ($($module:ident $ty:ident $wide:ident),*) => {$(
        mod $module {
            use super::*;

            #[test]
            fn binary_operations_are_rusts() {
                check_binary::<$ty, $ty>(BinaryOp::Add, |a, b| a.wrapping_add(b));
                check_binary::<$ty, $ty>(BinaryOp::Sub, |a, b| a.wrapping_sub(b));
                check_binary::<$ty, $ty>(BinaryOp::Mul, |a, b| a.wrapping_mul(b));
                check_binary::<$ty, $ty>(BinaryOp::And, |a, b| a & b);
                check_binary::<$ty, $ty>(BinaryOp::Or, |a, b| a | b);
                check_binary::<$ty, $ty>(BinaryOp::Xor, |a, b| a ^ b);
                check_binary::<$ty, $ty>(BinaryOp::Min, |a, b| a.min(b));
                check_binary::<$ty, $ty>(BinaryOp::Max, |a, b| a.max(b));
                check_binary::<$ty, $ty>(BinaryOp::SaturatingAdd, |a, b| a.saturating_add(b));
                check_binary::<$ty, $ty>(BinaryOp::SaturatingSub, |a, b| a.saturating_sub(b));
                check_binary::<$ty, $ty>(BinaryOp::MulHigh, |a, b| {
                    ((a as $wide).wrapping_mul(b as $wide) >> $ty::BITS) as $ty
                });
                check_binary::<$ty, $ty>(BinaryOp::Shl, |a, b| a.wrapping_shl(b as u32));
                check_binary::<$ty, $ty>(BinaryOp::Shr, |a, b| a.wrapping_shr(b as u32));
            }

            #[test]
            fn comparisons_are_rusts() {
                check_binary::<$ty, bool>(BinaryOp::Eq, |a, b| a == b);
                check_binary::<$ty, bool>(BinaryOp::Ne, |a, b| a != b);
                check_binary::<$ty, bool>(BinaryOp::Lt, |a, b| a < b);
                check_binary::<$ty, bool>(BinaryOp::Le, |a, b| a <= b);
                check_binary::<$ty, bool>(BinaryOp::Gt, |a, b| a > b);
                check_binary::<$ty, bool>(BinaryOp::Ge, |a, b| a >= b);
            }

            #[test]
            fn shifts_and_powers_take_other_types_on_the_right() {
                let counts = edges(8);
                check_mixed::<$ty, i8>(BinaryOp::Shl, &counts, |a, b| a.wrapping_shl(b as u32));
                check_mixed::<$ty, u8>(BinaryOp::Shr, &counts, |a, b| a.wrapping_shr(b as u32));
                let counts = edges(64);
                check_mixed::<$ty, i64>(BinaryOp::Shr, &counts, |a, b| a.wrapping_shr(b as u32));
                let counts = edges(32);
                check_mixed::<$ty, u32>(BinaryOp::Shl, &counts, |a, b| a.wrapping_shl(b));
                check_mixed::<$ty, u32>(BinaryOp::RotateLeft, &counts, |a, b| a.rotate_left(b));
                check_mixed::<$ty, u32>(BinaryOp::RotateRight, &counts, |a, b| a.rotate_right(b));
                check_mixed::<$ty, u32>(BinaryOp::Pow, &counts, |a, b| a.wrapping_pow(b));
            }

            #[test]
            fn unary_operations_are_rusts() {
                check_unary::<$ty, $ty>(UnaryOp::Not, |a| !a);
                check_unary::<$ty, u32>(UnaryOp::CountOnes, |a| a.count_ones());
                check_unary::<$ty, u32>(UnaryOp::LeadingZeros, |a| a.leading_zeros());
                check_unary::<$ty, u32>(UnaryOp::TrailingZeros, |a| a.trailing_zeros());
                check_unary::<$ty, $ty>(UnaryOp::SwapBytes, |a| a.swap_bytes());
                check_unary::<$ty, $ty>(UnaryOp::ReverseBits, |a| a.reverse_bits());
            }

            #[test]
            fn divisions_are_rusts_and_fail_where_it_panics() {
                check_division::<$ty>(DivisionOp::Quotient, |a, b| a.checked_div(b));
                check_division::<$ty>(DivisionOp::Remainder, |a, b| a.checked_rem(b));
            }
        }
    )*};
}
integer_tests!(with_i8 i8 i128, with_i16 i16 i128, with_i32 i32 i128, with_i64 i64 i128,
               with_isize isize i128, with_u8 u8 u128, with_u16 u16 u128, with_u32 u32 u128,
               with_u64 u64 u128, with_usize usize u128);

macro_rules! signed_tests {
    ($($test:ident $ty:ident),*) => {$(
        #[test]
        fn $test() {
            check_unary::<$ty, $ty>(UnaryOp::Neg, |a| a.wrapping_neg());
            check_unary::<$ty, $ty>(UnaryOp::Abs, |a| a.wrapping_abs());
        }
    )*};
}
signed_tests!(neg_and_abs_wrap_for_i8 i8, neg_and_abs_wrap_for_i16 i16,
              neg_and_abs_wrap_for_i32 i32, neg_and_abs_wrap_for_i64 i64);

#[test]
fn powers_with_constant_exponents_are_unrolled_to_the_same() {
    for exponent in [0_u32, 1, 2, 3, 5, 8, 13, 31, 64, 1000] {
        let body = expr(
            scalar(Scalar::I32),
            ExprKind::Binary(
                BinaryOp::Pow,
                local(0, Scalar::I32).into(),
                value(exponent).into(),
            ),
        );
        let program = elementwise(
            &[Scalar::I32],
            &[],
            scalar(Scalar::I32),
            block(vec![], Some(body)),
        );
        let inputs = edges(32);
        let results: Vec<u64> = inputs
            .iter()
            .map(|&a| i32::of(a).wrapping_pow(exponent).bits())
            .collect();
        check(&format!("x^{exponent}"), &program, &[inputs], &results);
    }
}

#[test]
fn bools_have_their_operations() {
    let inputs = pairs(&[0, 1], &[0, 1]);
    for (op, expected) in [
        (BinaryOp::And, [0, 0, 0, 1]),
        (BinaryOp::Or, [0, 1, 1, 1]),
        (BinaryOp::Xor, [0, 1, 1, 0]),
        (BinaryOp::Eq, [1, 0, 0, 1]),
        (BinaryOp::Lt, [0, 1, 0, 0]),
        (BinaryOp::Ge, [1, 0, 1, 1]),
    ] {
        let body = binary(op, local(0, Scalar::Bool), local(1, Scalar::Bool));
        let result = scalar(Scalar::Bool);
        let program = elementwise(&[Scalar::Bool; 2], &[], result, block(vec![], Some(body)));
        check(&format!("{op:?} of bool"), &program, &inputs, &expected);
    }
    let body = unary(UnaryOp::Not, Scalar::Bool, local(0, Scalar::Bool));
    let result = scalar(Scalar::Bool);
    let program = elementwise(&[Scalar::Bool], &[], result, block(vec![], Some(body)));
    check("not", &program, &[vec![0, 1]], &[1, 0]);
}
