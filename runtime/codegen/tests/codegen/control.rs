//! Conditions, loops without a count, jumps, tuples, calls.

use std::sync::atomic::AtomicU32;

use brolga_abi::{KernelContext, Status};
use brolga_lang::ir::*;

use crate::support::*;

fn i64_local(number: u32) -> Expr {
    local(number, Scalar::I64)
}

fn check_i64(what: &str, program: &Program, inputs: &[i64], expected: impl Fn(i64) -> i64) {
    let bits: Vec<u64> = inputs.iter().map(|v| v.bits()).collect();
    let results: Vec<u64> = inputs.iter().map(|&v| expected(v).bits()).collect();
    check(what, program, &[bits], &results);
}

/// `while n != 1 { n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 }; count += 1 }`.
fn collatz() -> Program {
    let divide = |op| ExprKind::Division {
        op,
        lhs: i64_local(0).into(),
        rhs: value(2_i64).into(),
        by_zero: SiteId(0),
        overflow: Some(SiteId(1)),
    };
    let division = |op| expr(scalar(Scalar::I64), divide(op));
    let next = expr(
        scalar(Scalar::I64),
        ExprKind::If(
            binary(BinaryOp::Eq, division(DivisionOp::Remainder), value(0_i64)).into(),
            block(vec![], Some(division(DivisionOp::Quotient))),
            block(
                vec![],
                Some(binary(
                    BinaryOp::Add,
                    binary(BinaryOp::Mul, value(3_i64), i64_local(0)),
                    value(1_i64),
                )),
            ),
        ),
    );
    let done = unary(
        UnaryOp::Not,
        Scalar::Bool,
        binary(BinaryOp::Ne, i64_local(0), value(1_i64)),
    );
    let id = LoopId(0);
    let body = vec![
        when(
            done,
            vec![Statement::Expr(never(ExprKind::Break(id, None)))],
        ),
        assign(0, next),
        assign(1, binary(BinaryOp::Add, i64_local(1), value(1_i64))),
    ];
    let spin = expr(Type::UNIT, ExprKind::Loop(id, block(body, None)));
    elementwise(
        &[Scalar::I64],
        &[scalar(Scalar::I64)],
        scalar(Scalar::I64),
        block(
            vec![assign(1, value(0_i64)), Statement::Expr(spin)],
            Some(i64_local(1)),
        ),
    )
}

#[test]
fn while_loops_run_until_their_condition_fails() {
    let expected = |mut n: i64| {
        let mut count = 0;
        while n != 1 {
            n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
            count += 1;
        }
        count
    };
    check_i64("collatz", &collatz(), &[1, 2, 3, 7, 27, 97, 871], expected);
}

#[test]
fn a_loop_without_end_ends_when_the_call_is_cancelled() {
    let flag = AtomicU32::new(1);
    for (name, compiler) in compilers() {
        // Collatz of 0 stays at 0 for ever.
        let mut operands = [Array::new(&[1_i64, 0]), Array::new(&[0_i64; 2])];
        let mut context = KernelContext::new(5, 0);
        context.cancel = flag.as_ptr();
        let outcome = Loaded::new(compiler, &collatz()).run_in(2, &mut operands, context);
        assert_eq!(outcome.status, Status::Cancelled, "{name}");
    }
}

#[test]
fn loops_give_their_break_value_and_continue_goes_on() {
    // loop { k += 1; if k % 3 != 0 { continue } if k > x { break k * 10 } }
    let id = LoopId(4);
    let remainder = expr(
        scalar(Scalar::I64),
        ExprKind::Division {
            op: DivisionOp::Remainder,
            lhs: i64_local(1).into(),
            rhs: value(3_i64).into(),
            by_zero: SiteId(0),
            overflow: Some(SiteId(0)),
        },
    );
    let body = vec![
        assign(1, binary(BinaryOp::Add, i64_local(1), value(1_i64))),
        when(
            binary(BinaryOp::Ne, remainder, value(0_i64)),
            vec![Statement::Expr(never(ExprKind::Continue(id)))],
        ),
        when(
            binary(BinaryOp::Gt, i64_local(1), i64_local(0)),
            vec![Statement::Expr(never(ExprKind::Break(
                id,
                Some(binary(BinaryOp::Mul, i64_local(1), value(10_i64)).into()),
            )))],
        ),
    ];
    let spin = expr(scalar(Scalar::I64), ExprKind::Loop(id, block(body, None)));
    let program = elementwise(
        &[Scalar::I64],
        &[scalar(Scalar::I64)],
        scalar(Scalar::I64),
        block(vec![assign(1, value(0_i64))], Some(spin)),
    );
    check_i64("loop", &program, &[0, 2, 3, 4, 29, 30], |x| {
        (x.max(0) / 3 + 1) * 30
    });
}

#[test]
fn lazy_operators_evaluate_the_right_side_only_when_needed() {
    // x != 0 && 100 / x > 10, and x == 0 || 100 / x > 10
    let quotient = expr(
        scalar(Scalar::I64),
        ExprKind::Division {
            op: DivisionOp::Quotient,
            lhs: value(100_i64).into(),
            rhs: i64_local(0).into(),
            by_zero: SiteId(0),
            overflow: Some(SiteId(0)),
        },
    );
    let large = binary(BinaryOp::Gt, quotient, value(10_i64));
    for (op, compare, zero) in [
        (LazyOp::And, BinaryOp::Ne, false),
        (LazyOp::Or, BinaryOp::Eq, true),
    ] {
        let left = binary(compare, i64_local(0), value(0_i64));
        let lazy = expr(
            scalar(Scalar::Bool),
            ExprKind::Lazy(op, left.into(), large.clone().into()),
        );
        let program = elementwise(
            &[Scalar::I64],
            &[],
            scalar(Scalar::Bool),
            block(vec![], Some(lazy)),
        );
        let inputs: Vec<i64> = vec![0, 1, 9, 10, 11, -3];
        let results: Vec<u64> = inputs
            .iter()
            .map(|&x| u64::from(if x == 0 { zero } else { 100 / x > 10 }))
            .collect();
        let bits = inputs.iter().map(|v| v.bits()).collect();
        check(&format!("{op:?}"), &program, &[bits], &results);
    }
}

#[test]
fn labelled_blocks_are_left_with_a_value_from_inside_loops() {
    // 'a: { for i in 0..10 { if i * i > x { break 'a i } } -1 }
    let label = LoopId(9);
    let square = binary(BinaryOp::Mul, i64_local(1), i64_local(1));
    let range = counted(
        1,
        value(0_i64),
        value(10_i64),
        vec![when(
            binary(BinaryOp::Gt, square, i64_local(0)),
            vec![Statement::Expr(never(ExprKind::Break(
                label,
                Some(i64_local(1).into()),
            )))],
        )],
    );
    let body = expr(
        scalar(Scalar::I64),
        ExprKind::Labelled(label, block(vec![run_for(range)], Some(value(-1_i64)))),
    );
    let program = elementwise(
        &[Scalar::I64],
        &[scalar(Scalar::I64)],
        scalar(Scalar::I64),
        block(vec![], Some(body)),
    );
    check_i64("labelled", &program, &[-1, 0, 3, 80, 81], |x| {
        (0..10).find(|i| i * i > x).unwrap_or(-1)
    });
}

/// f0(x) = f1(x).0 - f1(x).1 with f1 returning early for negative numbers, and a member
/// that is assigned alone.
#[test]
fn inlined_functions_return_early_and_tuples_have_assignable_members() {
    let pair = Type::Tuple(vec![scalar(Scalar::I64), scalar(Scalar::F64)]);
    let make = |a: Expr, b: Expr| expr(pair.clone(), ExprKind::Tuple(vec![a, b]));
    let callee = function(
        1,
        &[scalar(Scalar::I64), pair.clone()],
        pair.clone(),
        block(
            vec![
                when(
                    binary(BinaryOp::Lt, i64_local(0), value(0_i64)),
                    vec![Statement::Expr(never(ExprKind::Return(Some(
                        make(value(-7_i64), value(0.5)).into(),
                    ))))],
                ),
                assign(1, make(value(0_i64), value(2.5))),
                Statement::Assign {
                    local: LocalId(1),
                    path: vec![Step::Member(0)],
                    value: binary(BinaryOp::Mul, i64_local(0), value(3_i64)),
                },
            ],
            Some(expr(pair.clone(), ExprKind::Local(LocalId(1)))),
        ),
    );
    let member = |number, ty| {
        let whole = call(1, pair.clone(), vec![i64_local(0)]);
        expr(scalar(ty), ExprKind::Member(whole.into(), number))
    };
    let second = expr(
        scalar(Scalar::I64),
        ExprKind::Cast(binary(BinaryOp::Mul, member(1, Scalar::F64), value(2.0)).into()),
    );
    let caller = function(
        1,
        &[scalar(Scalar::I64)],
        scalar(Scalar::I64),
        block(
            vec![],
            Some(binary(BinaryOp::Sub, member(0, Scalar::I64), second)),
        ),
    );
    let mut program = program(vec![caller, callee], true);
    let expected = |x: i64| if x < 0 { -8 } else { 3 * x - 5 };
    check_i64("inlined", &program, &[-3, 0, 1, 50], expected);
    // The same as a function of its own.
    program.functions[1].recursive = true;
    check_i64("separate", &program, &[-3, 0, 1, 50], expected);
}

/// `fib(n) = if n < 2 { n } else { fib(n - 1) + fib(n - 2) }`.
fn fibonacci() -> Program {
    let less = |k: i64| {
        let argument = binary(BinaryOp::Sub, i64_local(0), value(k));
        call(0, scalar(Scalar::I64), vec![argument])
    };
    let body = expr(
        scalar(Scalar::I64),
        ExprKind::If(
            binary(BinaryOp::Lt, i64_local(0), value(2_i64)).into(),
            block(vec![], Some(i64_local(0))),
            block(vec![], Some(binary(BinaryOp::Add, less(1), less(2)))),
        ),
    );
    let mut function = function(
        1,
        &[scalar(Scalar::I64)],
        scalar(Scalar::I64),
        block(vec![], Some(body)),
    );
    function.recursive = true;
    program(vec![function], true)
}

#[test]
fn recursion_works_and_stops_at_the_stack_limit() {
    check_i64("fibonacci", &fibonacci(), &[0, 1, 2, 10, 15], |n| {
        (0..n).fold((0, 1), |(a, b), _| (b, a + b)).0
    });
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &fibonacci());
        assert!(loaded.object.can_fail, "{name}");
        let mut operands = [Array::new(&[1_i64, 1_000_000_000]), Array::new(&[0_i64; 2])];
        let here = 0_u8;
        let limit = std::ptr::from_ref(&here).addr() - (64 << 10);
        let outcome = loaded.run_in(2, &mut operands, KernelContext::new(100, limit));
        assert_eq!(outcome.status, Status::StackOverflow, "{name}");
        assert_eq!(outcome.context.error.element, 101, "{name}");
        assert_eq!(operands[1].values::<i64>()[0], 1, "{name}");
    }
}

#[test]
fn code_after_a_jump_is_left_out() {
    // { return x; } and an `if` whose arms both return
    let early = |v: Expr| Statement::Expr(never(ExprKind::Return(Some(v.into()))));
    let both = never(ExprKind::If(
        binary(BinaryOp::Lt, i64_local(0), value(0_i64)).into(),
        block(vec![early(value(-1_i64))], None),
        block(vec![early(i64_local(0))], None),
    ));
    let program = elementwise(
        &[Scalar::I64],
        &[],
        scalar(Scalar::I64),
        block(
            vec![Statement::Expr(both), early(value(99_i64))],
            Some(value(98_i64)),
        ),
    );
    check_i64("both return", &program, &[-5, 0, 5], |x| x.max(-1));
}

/// `for i in 0..x.len() { s += get(x, i) }` with `fn get(x, i) { x[i] }`.
fn summed_by_calls() -> Program {
    let ty = Scalar::F64;
    let vector = view(ty, 1, false);
    let get = {
        let index = vec![local(1, Scalar::Usize)];
        let locals = [vector.clone(), scalar(Scalar::Usize)];
        let body = block(vec![], Some(load(0, ty, index, 3)));
        function(2, &locals, scalar(ty), body)
    };
    let (x, s, i) = (0, 1, 2);
    let whole = expr(vector.clone(), ExprKind::Local(LocalId(x)));
    let element = call(1, scalar(ty), vec![whole, local(i, Scalar::Usize)]);
    let range = counted(
        i,
        value(0_usize),
        dim(x, 0),
        vec![assign(s, binary(BinaryOp::Add, local(s, ty), element))],
    );
    let locals = [vector, scalar(ty), scalar(Scalar::Usize)];
    let body = block(
        vec![assign(s, value(0.0)), run_for(range)],
        Some(local(s, ty)),
    );
    program(vec![function(1, &locals, scalar(ty), body), get], true)
}

#[test]
fn views_are_passed_to_functions_and_bounds_are_known_inside() {
    let mut separate = summed_by_calls();
    separate.functions[1].recursive = true;
    for (name, compiler) in compilers() {
        for (program, can_fail) in [(&summed_by_calls(), false), (&separate, true)] {
            let loaded = Loaded::new(compiler, program);
            assert_eq!(loaded.object.can_fail, can_fail, "{name}");
            let x: Vec<f64> = (1..=12).map(f64::from).collect();
            let mut operands = [Array::new(&x).shaped(&[4]), Array::new(&[0.0; 3])];
            assert_eq!(loaded.run(3, &mut operands).status, Status::Ok, "{name}");
            assert_eq!(operands[1].values::<f64>(), [10.0, 26.0, 42.0], "{name}");
        }
    }
}

/// The matrix product over shared core dimensions, with an element loop around it.
#[test]
fn a_matrix_product_needs_no_checks_and_is_right() {
    let ty = Scalar::I32;
    let (a, b, c, i, j, k, s) = (0, 1, 2, 3, 4, 5, 6);
    let at = |number| local(number, Scalar::Usize);
    let product = binary(
        BinaryOp::Mul,
        load(a, ty, vec![at(i), at(k)], 0),
        load(b, ty, vec![at(k), at(j)], 0),
    );
    let add = vec![assign(s, binary(BinaryOp::Add, local(s, ty), product))];
    let inner = counted(k, value(0_usize), dim(a, 1), add);
    let column = vec![
        assign(s, value(0_i32)),
        run_for(inner),
        store(c, vec![at(i), at(j)], 0, local(s, ty)),
    ];
    let columns = run_for(counted(j, value(0_usize), dim(b, 1), column));
    let rows = run_for(counted(i, value(0_usize), dim(a, 0), vec![columns]));
    let locals = [
        view(ty, 2, false),
        view(ty, 2, false),
        view(ty, 2, true),
        scalar(Scalar::Usize),
        scalar(Scalar::Usize),
        scalar(Scalar::Usize),
        scalar(ty),
    ];
    let body = block(vec![rows], None);
    let mut program = program(vec![function(3, &locals, Type::UNIT, body)], true);
    program.entry.core_dims = 3;
    for (operand, core) in [(0, vec![0, 1]), (1, vec![1, 2]), (2, vec![0, 2])] {
        program.entry.params[operand].core = core;
    }
    let (m, n, p) = (3_usize, 4_usize, 2_usize);
    let a: Vec<i32> = (0..2 * m * n).map(|v| v as i32 - 5).collect();
    let b: Vec<i32> = (0..2 * n * p).map(|v| 3 * v as i32 - 7).collect();
    let mut expected = Vec::new();
    for element in 0..2 {
        for i in 0..m {
            for j in 0..p {
                let left = |k| a[(element * m + i) * n + k];
                let right = |k| b[(element * n + k) * p + j];
                expected.push((0..n).map(|k| left(k) * right(k)).sum::<i32>());
            }
        }
    }
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program);
        assert!(!loaded.object.can_fail, "{name}");
        let mut operands = [
            Array::new(&a).shaped(&[m, n]),
            Array::new(&b).shaped(&[n, p]),
            Array::new(&vec![0_i32; 2 * m * p]).shaped(&[m, p]),
        ];
        let outcome = loaded.run_with(&[2, m, n, p], &mut operands);
        assert_eq!(outcome, Status::Ok, "{name}");
        assert_eq!(operands[2].values::<i32>(), expected, "{name}");
    }
}

/// Steps and strides are bytes of any sign, or 0.
#[test]
fn operands_lie_at_any_step() {
    let ty = Scalar::I16;
    let index = vec![local(1, Scalar::Usize)];
    let locals = [view(ty, 1, false), scalar(Scalar::Usize), scalar(ty)];
    let sum = binary(BinaryOp::Add, load(0, ty, index, 0), local(2, ty));
    let body = block(vec![], Some(sum));
    let program = program(vec![function(3, &locals, scalar(ty), body)], true);
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program);
        let mut x: Vec<i16> = (0..24).collect();
        let mut index = [0_usize, 1, 2];
        let mut offset = [1000_i16];
        let mut result = [0_i16; 6];
        // Rows of `x` from the last one up, each backwards in steps of two; every other
        // element of the result, from its end.
        let args = [
            (&raw mut x[23]).cast::<u8>(),
            (&raw mut index[0]).cast(),
            (&raw mut offset[0]).cast(),
            (&raw mut result[5]).cast(),
        ];
        let mut context = KernelContext::new(0, 0);
        let status = loaded.enter_at(&args, &[3, 4], &[-16, 8, 0, -4, -4], &mut context);
        assert_eq!(status, Status::Ok, "{name}");
        // x[23], x[23 - 8 - 2], x[23 - 16 - 4]
        assert_eq!(result, [0, 1003, 0, 1013, 0, 1023], "{name}");
    }
}
