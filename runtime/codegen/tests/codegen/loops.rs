//! Counted loops: all orders, at the limits of their types, against Rust's ranges.

use brolga_abi::Status;
use brolga_lang::ir::*;

use crate::support::*;

/// Parameters: start, end, step, at most how many iterations. Result: a hash of the values
/// of the loop variable in their order, and their number.
fn range_program(ty: Scalar, order: Order, inclusive: bool, stepped: bool) -> Program {
    let (variable, hash, count) = (4, 5, 6);
    let u64_local = |number| local(number, Scalar::U64);
    let seen = expr(
        scalar(Scalar::U64),
        ExprKind::Cast(local(variable, ty).into()),
    );
    let mixed = binary(
        BinaryOp::Add,
        binary(BinaryOp::Mul, u64_local(hash), value(31_u64)),
        seen,
    );
    let mut range = counted(variable, local(0, ty), local(1, ty), vec![]);
    range.inclusive = inclusive;
    range.order = order;
    range.step = stepped.then(|| (local(2, Scalar::Usize), SiteId(7)));
    range.body = block(
        vec![
            assign(hash, mixed),
            assign(count, binary(BinaryOp::Add, u64_local(count), value(1_u64))),
            // The body's own change of the variable must not disturb the loop.
            assign(variable, expr(scalar(ty), ExprKind::Const(0))),
            when(
                binary(BinaryOp::Ge, u64_local(count), u64_local(3)),
                vec![Statement::Expr(never(ExprKind::Break(range.id, None)))],
            ),
        ],
        None,
    );
    let body = block(
        vec![
            assign(hash, value(0_u64)),
            assign(count, value(0_u64)),
            run_for(range),
        ],
        Some(binary(
            BinaryOp::Add,
            binary(BinaryOp::Mul, u64_local(hash), value(1001_u64)),
            u64_local(count),
        )),
    );
    let locals = [scalar(ty), scalar(Scalar::U64), scalar(Scalar::U64)];
    elementwise(
        &[ty, ty, Scalar::Usize, Scalar::U64],
        &locals,
        scalar(Scalar::U64),
        body,
    )
}

const LIMIT: u64 = 40;

fn digest(values: impl Iterator<Item = u64>) -> u64 {
    let (hash, count) = values
        .take(LIMIT as usize)
        .fold((0_u64, 0_u64), |(h, n), v| {
            (h.wrapping_mul(31).wrapping_add(v), n + 1)
        });
    hash.wrapping_mul(1001).wrapping_add(count)
}

macro_rules! range_tests {
    ($($test:ident $ty:ident),*) => {$(
        #[test]
        fn $test() {
            let (low, high) = ($ty::MIN, $ty::MAX);
            let bounds = [low, low + 1, low + 2, low + 7, 0, 1, 9, 10, high - 3, high - 1, high];
            let steps = [1_usize, 2, 3, 7, 100, 255, 256, 1 << 40, usize::MAX];
            // Values are 128 bits wide here, so that the model cannot overflow.
            let model = |a: $ty, b: $ty, step: usize, order: Order, inclusive: bool| {
                let first = a as i128;
                let last = if inclusive { b as i128 } else { b as i128 - 1 };
                let step = step as i128;
                let count = if last < first { 0 } else { (last - first) / step + 1 };
                let bits = |v: i128| v as i64 as u64;
                digest((0..count.min(LIMIT as i128)).map(move |k| bits(match order {
                    Order::Forward => first + k * step,
                    Order::ReverseThenStep => last - k * step,
                    Order::StepThenReverse => first + (count - 1 - k) * step,
                })))
            };
            for order in [Order::Forward, Order::ReverseThenStep, Order::StepThenReverse] {
                for inclusive in [false, true] {
                    for stepped in [false, true] {
                        let program = range_program($ty::SCALAR, order, inclusive, stepped);
                        let mut inputs = vec![Vec::new(), Vec::new(), Vec::new(), Vec::new()];
                        let mut results = Vec::new();
                        for a in bounds {
                            for b in bounds {
                                for step in steps {
                                    let step = if stepped { step } else { 1 };
                                    let row = [a.bits(), b.bits(), step.bits(), LIMIT];
                                    (0..4).for_each(|side| inputs[side].push(row[side]));
                                    results.push(model(a, b, step, order, inclusive));
                                }
                            }
                        }
                        let what = format!("{order:?} {inclusive} {stepped}");
                        check(&what, &program, &inputs, &results);
                    }
                }
            }
        }
    )*};
}
range_tests!(ranges_of_i8_are_rusts i8, ranges_of_u8_are_rusts u8, ranges_of_i32_are_rusts i32,
             ranges_of_u32_are_rusts u32, ranges_of_i64_are_rusts i64,
             ranges_of_u64_are_rusts u64, ranges_of_usize_are_rusts usize);

/// The model above against std itself, where the ranges are short.
#[test]
fn the_model_of_orders_is_stds() {
    for order in [
        Order::Forward,
        Order::ReverseThenStep,
        Order::StepThenReverse,
    ] {
        let program = range_program(Scalar::I8, order, false, true);
        let expected = |a: i8, b: i8, step: usize| -> u64 {
            let bits = |v: i8| v as i64 as u64;
            match order {
                Order::Forward => digest((a..b).step_by(step).map(bits)),
                Order::ReverseThenStep => digest((a..b).rev().step_by(step).map(bits)),
                Order::StepThenReverse => digest((a..b).step_by(step).rev().map(bits)),
            }
        };
        for (a, b, step) in [
            (-5, 9, 3),
            (-128, 127, 100),
            (3, 3, 1),
            (4, -4, 2),
            (0, 10, 2),
        ] {
            let inputs = [
                vec![i8::bits(a)],
                vec![i8::bits(b)],
                vec![step as u64],
                vec![LIMIT],
            ];
            check("std", &program, &inputs, &[expected(a, b, step)]);
        }
    }
}

#[test]
fn a_step_of_zero_fails_even_for_an_empty_range() {
    let program = range_program(Scalar::I32, Order::Forward, false, true);
    for (name, compiler) in compilers() {
        let mut operands = [
            Array::new(&[5_i32]),
            Array::new(&[0_i32]),
            Array::new(&[0_usize]),
            Array::new(&[LIMIT]),
            Array::new(&[0_u64]),
        ];
        let outcome = Loaded::new(compiler, &program).run(1, &mut operands);
        assert_eq!(outcome.status, Status::Panic, "{name}");
        assert_eq!(outcome.context.error.site, 7, "{name}");
    }
}
