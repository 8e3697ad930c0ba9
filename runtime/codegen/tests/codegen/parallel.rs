//! `prange`: outlined bodies, captured values, reductions, failures.

use std::ptr::from_ref;

use brolga_abi::{KernelContext, ReductionOp, Status};
use brolga_lang::ir::*;
use brolga_parallel::Pool;

use crate::support::*;

/// A counted loop as a `prange` with these reductions.
fn prange(mut range: For, reductions: &[(u32, ReductionOp)]) -> Statement {
    range.parallel = Some(Parallel {
        reductions: reductions
            .iter()
            .map(|&(local, op)| Reduction {
                local: LocalId(local),
                op,
            })
            .collect(),
    });
    run_for(range)
}

/// Runs `test` without a pool and on pools of one to three threads.
fn on_pools(mut test: impl FnMut(KernelContext, &str)) {
    test(KernelContext::new(0, 0), "no pool");
    for threads in 1..=3 {
        let pool = Pool::builder().threads(threads).build().unwrap();
        let mut context = KernelContext::new(0, 0);
        context.pool = from_ref(&pool).cast();
        test(context, &format!("{threads} threads"));
    }
}

/// `for i in prange(0..n) { s += x[i] * scale; low = min(low, x[i]); any |= x[i] < 0 }`
/// with `s` from 100.
fn sums() -> Program {
    let (x, scale, s, low, any, i) = (0, 1, 2, 3, 4, 5);
    let f64_local = |number| local(number, Scalar::F64);
    let element = || load(x, Scalar::F64, vec![local(i, Scalar::Usize)], 0);
    let scaled = binary(BinaryOp::Mul, element(), f64_local(scale));
    let negative = binary(BinaryOp::Lt, element(), value(0.0));
    let range = counted(
        i,
        value(0_usize),
        dim(x, 0),
        vec![
            assign(s, binary(BinaryOp::Add, f64_local(s), scaled)),
            assign(low, binary(BinaryOp::Min, f64_local(low), element())),
            assign(
                any,
                binary(BinaryOp::Or, local(any, Scalar::Bool), negative),
            ),
        ],
    );
    let locals = [
        view(Scalar::F64, 1, false),
        scalar(Scalar::F64),
        scalar(Scalar::F64),
        scalar(Scalar::F64),
        scalar(Scalar::Bool),
        scalar(Scalar::Usize),
    ];
    let result = Type::Tuple(vec![
        scalar(Scalar::F64),
        scalar(Scalar::F64),
        scalar(Scalar::Bool),
    ]);
    let body = block(
        vec![
            assign(s, value(100.0)),
            assign(low, value(1e9)),
            assign(any, value(false)),
            prange(
                range,
                &[
                    (s, ReductionOp::Add),
                    (low, ReductionOp::Min),
                    (any, ReductionOp::Or),
                ],
            ),
        ],
        Some(expr(
            result.clone(),
            ExprKind::Tuple(vec![f64_local(s), f64_local(low), local(any, Scalar::Bool)]),
        )),
    );
    program(vec![function(2, &locals, result, body)], false)
}

#[test]
fn reductions_have_the_same_bits_on_every_pool() {
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &sums());
        assert_eq!(loaded.object.imports, ["nrt_parallel_for"], "{name}");
        // The loop ends at the length of `x`.
        assert!(!loaded.object.can_fail, "{name}");
        for n in [0_usize, 1, 5, 1000, 30_000] {
            let x: Vec<f64> = (0..n).map(|k| (k as f64 * 0.37).sin()).collect();
            let mut first = None;
            on_pools(|context, pool| {
                let mut x = x.clone();
                x.resize(n.max(1), 0.0);
                let mut operands = [
                    Array::new(&x).shaped(&[n]),
                    Array::new(&[3.0]),
                    Array::new(&[0.0]),
                    Array::new(&[0.0]),
                    Array::new(&[false]),
                ];
                let outcome = loaded.run_in(1, &mut operands, context);
                assert_eq!(outcome.status, Status::Ok, "{name}, {pool}");
                let found = [2, 3, 4].map(|k| operands[k].get(0));
                assert_eq!(*first.get_or_insert(found), found, "{name}, {pool}, {n}");
            });
            let [sum, low, any] = first.unwrap();
            let exact: f64 = 100.0 + x.iter().map(|v| v * 3.0).sum::<f64>();
            assert!((f64::of(sum) - exact).abs() < 1e-9, "{name}, {n}");
            let smallest = x.iter().copied().fold(1e9, f64::min);
            assert_eq!(f64::of(low), smallest, "{name}, {n}");
            assert_eq!(any == 1, x.iter().any(|v| *v < 0.0), "{name}, {n}");
        }
    }
}

/// `for i in prange(range) { y[index(i)] = i }` for a range of `i16`.
fn writes(order: Order, inclusive: bool, step: usize) -> Program {
    let (y, start, end, i) = (0, 1, 2, 3);
    let index = expr(
        scalar(Scalar::Usize),
        ExprKind::Cast(binary(BinaryOp::Add, local(i, Scalar::I16), value(10_i16)).into()),
    );
    let mut range = counted(
        i,
        local(start, Scalar::I16),
        local(end, Scalar::I16),
        vec![store(y, vec![index], 4, local(i, Scalar::I16))],
    );
    range.order = order;
    range.inclusive = inclusive;
    range.step = Some((value(step), SiteId(0)));
    let locals = [
        view(Scalar::I16, 1, true),
        scalar(Scalar::I16),
        scalar(Scalar::I16),
        scalar(Scalar::I16),
    ];
    let body = block(vec![prange(range, &[])], None);
    program(vec![function(3, &locals, Type::UNIT, body)], false)
}

#[test]
fn every_order_and_step_visits_the_values_of_the_range() {
    for order in [
        Order::Forward,
        Order::ReverseThenStep,
        Order::StepThenReverse,
    ] {
        for inclusive in [false, true] {
            for step in [1_usize, 2, 7] {
                let loaded = Loaded::new(host(), &writes(order, inclusive, step));
                for (start, end) in [(-10_i16, 25_i16), (3, 3), (9, 2), (-4, 29)] {
                    let last = if inclusive { end } else { end - 1 };
                    let mut expected = vec![-99_i16; 40];
                    let mut visited: Vec<i16> = match order {
                        Order::ReverseThenStep => (start..=last).rev().step_by(step).collect(),
                        _ => (start..=last).step_by(step).collect(),
                    };
                    visited.sort_unstable();
                    for v in visited {
                        expected[(v + 10) as usize] = v;
                    }
                    on_pools(|context, pool| {
                        let mut operands = [
                            Array::new(&[-99_i16; 40]).shaped(&[40]),
                            Array::new(&[start]),
                            Array::new(&[end]),
                        ];
                        let outcome = loaded.run_in(1, &mut operands, context);
                        assert_eq!(outcome.status, Status::Ok);
                        let what = format!("{order:?} {inclusive} {step} {start} {end} {pool}");
                        assert_eq!(operands[0].values::<i16>(), expected, "{what}");
                    });
                }
            }
        }
    }
}

#[test]
fn a_failing_body_reports_the_lowest_value_of_the_variable() {
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &writes(Order::Forward, false, 1));
        on_pools(|context, pool| {
            let mut operands = [
                Array::new(&[0_i16; 20]).shaped(&[20]),
                Array::new(&[-3_i16]),
                Array::new(&[2000_i16]),
            ];
            let outcome = loaded.run_in(1, &mut operands, context);
            assert_eq!(outcome.status, Status::Panic, "{name}, {pool}");
            let error = outcome.context.error;
            assert_eq!((error.site, error.element), (4, 10), "{name}, {pool}");
            assert_eq!(error.payload, [20, 20, 0, 0], "{name}, {pool}");
        });
        let mut operands = [
            Array::new(&[0_i16; 20]).shaped(&[20]),
            Array::new(&[-13_i16]),
            Array::new(&[0_i16]),
        ];
        let outcome = loaded.run(1, &mut operands);
        let error = outcome.context.error;
        assert_eq!(error.element as i64, -13, "{name}: sign-extended");
    }
}

/// `for i in prange(0..n) { for j in prange(0..m) { s += i * m + j } }`.
#[test]
fn nested_loops_join_their_reductions_through_both() {
    let (n, m, s, i, j) = (0, 1, 2, 3, 4);
    let u64_local = |number| local(number, Scalar::U64);
    let product = binary(BinaryOp::Mul, u64_local(i), u64_local(m));
    let term = binary(BinaryOp::Add, product, u64_local(j));
    let inner = prange(
        counted(
            j,
            value(0_u64),
            u64_local(m),
            vec![assign(s, binary(BinaryOp::Add, u64_local(s), term))],
        ),
        &[(s, ReductionOp::Add)],
    );
    let outer = prange(
        counted(i, value(0_u64), u64_local(n), vec![inner]),
        &[(s, ReductionOp::Add)],
    );
    let locals = vec![scalar(Scalar::U64); 5];
    let body = block(vec![assign(s, value(5_u64)), outer], Some(u64_local(s)));
    let program = program(vec![function(2, &locals, scalar(Scalar::U64), body)], false);
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program);
        on_pools(|context, pool| {
            let mut operands = [
                Array::new(&[30_u64]),
                Array::new(&[40_u64]),
                Array::new(&[0_u64]),
            ];
            let outcome = loaded.run_in(1, &mut operands, context);
            assert_eq!(outcome.status, Status::Ok, "{name}, {pool}");
            let expected = 5 + (0..1200).sum::<u64>();
            assert_eq!(operands[2].get(0), expected, "{name}, {pool}");
        });
    }
}
