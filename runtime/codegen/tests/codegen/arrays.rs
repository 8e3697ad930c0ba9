//! Arrays by value: made, copied, indexed, joined, handed to functions and loops.

use brolga_abi::{KernelContext, ReductionOp, Status};
use brolga_codegen::CodegenErrorKind;
use brolga_lang::ir::*;
use brolga_parallel::Pool;

use crate::support::*;

const F64: Scalar = Scalar::F64;
const USIZE: Scalar = Scalar::Usize;

fn f64s(length: u32) -> Type {
    array(scalar(F64), length)
}

fn n(value: usize) -> Expr {
    crate::support::value(value)
}

fn f(value: f64) -> Expr {
    crate::support::value(value)
}

/// A kernel `(x: f64, k: usize) -> f64`; locals from 2.
fn kernel(locals: &[Type], statements: Vec<Statement>, result: Expr) -> Program {
    elementwise(
        &[F64, USIZE],
        locals,
        scalar(F64),
        block(statements, Some(result)),
    )
}

fn x() -> Expr {
    local(0, F64)
}
fn k() -> Expr {
    local(1, USIZE)
}

fn expect(what: &str, program: &Program, cases: &[(f64, usize, f64)]) {
    let xs: Vec<u64> = cases.iter().map(|case| case.0.to_bits()).collect();
    let ks: Vec<u64> = cases.iter().map(|case| case.1 as u64).collect();
    let results: Vec<u64> = cases.iter().map(|case| case.2.to_bits()).collect();
    sound(program);
    check(what, program, &[xs, ks], &results);
}

#[test]
fn literals_are_indexed_and_bounds_are_checked() {
    let values = || list(vec![x(), f(2.0), f(3.0), f(4.0), f(5.0)]);
    let constants = || list((0..9).map(|k| f(f64::from(k) * 1.5)).collect());
    let sum = add(at(values(), k(), 3), at(constants(), add(k(), n(1)), 4));
    let program = kernel(&[], vec![], sum);
    expect(
        "literals",
        &program,
        &[(1.0, 0, 2.5), (7.0, 4, 12.5), (0.5, 2, 7.5)],
    );
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        for (index, site) in [(5_usize, 3), (usize::MAX, 3)] {
            let mut operands = [Array::new(&[1.0]), Array::new(&[index]), Array::new(&[0.0])];
            let outcome = loaded.run(1, &mut operands);
            assert_eq!(outcome.status, Status::Panic, "{name}");
            let error = outcome.context.error;
            assert_eq!(error.site, site);
            assert_eq!(error.payload, [index as u64, 5, 0, 0]);
        }
    }
}

#[test]
fn assigning_an_array_copies_it() {
    let ty = f64s(20);
    let (a, b) = (2, 3);
    let program = kernel(
        &[ty.clone(), ty.clone()],
        vec![
            assign(a, repeat(x(), 20)),
            assign(b, whole(a, &ty)),
            set(a, vec![step(k(), 1)], f(100.0)),
            set(
                b,
                vec![step(add(k(), n(1)), 1)],
                add(at(whole(a, &ty), k(), 1), f(1.0)),
            ),
        ],
        add(
            at(whole(b, &ty), k(), 1),
            at(whole(b, &ty), add(k(), n(1)), 1),
        ),
    );
    expect("copies", &program, &[(3.0, 0, 104.0), (4.0, 18, 105.0)]);
}

#[test]
fn a_local_defined_once_keeps_its_value_when_the_source_changes() {
    let ty = f64s(3);
    let (a, b) = (2, 3);
    let program = kernel(
        &[ty.clone(), ty.clone()],
        vec![
            assign(a, list(vec![x(), x(), x()])),
            assign(b, whole(a, &ty)),
            set(a, vec![step(n(1), 1)], f(0.0)),
        ],
        at(whole(b, &ty), n(1), 1),
    );
    expect("kept", &program, &[(3.0, 0, 3.0)]);
}

#[test]
fn a_tuple_of_arrays_is_swapped() {
    let pair = Type::Tuple(vec![f64s(5), f64s(5)]);
    let t = 2;
    let part = |number| member(whole(t, &pair), number);
    let program = kernel(
        std::slice::from_ref(&pair),
        vec![
            assign(t, tuple(vec![repeat(x(), 5), repeat(f(7.0), 5)])),
            assign(t, tuple(vec![part(1), part(0)])),
            set(t, vec![Step::Member(0), step(k(), 1)], f(1.0)),
        ],
        add(
            at(part(0), k(), 1),
            add(at(part(0), n(4), 1), at(part(1), k(), 1)),
        ),
    );
    expect("swap", &program, &[(3.0, 0, 11.0), (5.0, 4, 7.0)]);
}

#[test]
fn elements_may_be_tuples_and_arrays() {
    let pair = Type::Tuple(vec![scalar(Scalar::U8), f64s(3)]);
    let ty = array(array(pair.clone(), 2), 4);
    let a = 2;
    let byte = |value: u8| crate::support::value(value);
    let cell = tuple(vec![byte(9), list(vec![f(1.0), f(2.0), x()])]);
    let inner = |index: Expr| at(at(whole(a, &ty), index, 1), n(1), 1);
    let program = kernel(
        std::slice::from_ref(&ty),
        vec![
            assign(a, repeat(repeat(cell, 2), 4)),
            set(
                a,
                vec![step(k(), 1), step(n(1), 1), Step::Member(1), step(n(2), 1)],
                f(50.0),
            ),
            set(a, vec![step(n(0), 1), step(n(0), 1)], inner(k())),
        ],
        add(
            at(member(at(at(whole(a, &ty), n(0), 1), n(0), 1), 1), n(2), 1),
            add(
                at(member(inner(n(3)), 1), n(2), 1),
                expr(scalar(F64), ExprKind::Cast(member(inner(k()), 0).into())),
            ),
        ),
    );
    expect("nested", &program, &[(3.0, 1, 62.0), (4.0, 3, 109.0)]);
}

#[test]
fn arrays_go_through_ifs_and_breaks() {
    let ty = f64s(6);
    let (a, b, i) = (2, 3, 4);
    let chosen = expr(
        ty.clone(),
        ExprKind::If(
            binary(BinaryOp::Gt, x(), f(0.0)).into(),
            block(vec![], Some(whole(a, &ty))),
            block(vec![], Some(repeat(f(-1.0), 6))),
        ),
    );
    let found = expr(
        ty.clone(),
        ExprKind::Loop(
            LoopId(7),
            block(
                vec![
                    assign(i, add(local(i, USIZE), n(1))),
                    set(
                        b,
                        vec![step(n(0), 1)],
                        add(at(whole(b, &ty), n(0), 1), f(1.0)),
                    ),
                    when(
                        binary(BinaryOp::Ge, local(i, USIZE), k()),
                        vec![Statement::Expr(never(ExprKind::Break(
                            LoopId(7),
                            Some(whole(b, &ty).into()),
                        )))],
                    ),
                ],
                None,
            ),
        ),
    );
    let c = 5;
    let program = kernel(
        &[ty.clone(), ty.clone(), scalar(USIZE), ty.clone()],
        vec![
            assign(a, repeat(x(), 6)),
            set(a, vec![step(n(5), 1)], f(10.0)),
            assign(b, chosen),
            set(a, vec![step(n(4), 1)], f(1000.0)),
            assign(i, n(0)),
            assign(c, found),
            assign(b, repeat(f(0.0), 6)),
        ],
        add(
            at(whole(c, &ty), n(0), 1),
            add(at(whole(c, &ty), n(4), 1), at(whole(c, &ty), n(5), 1)),
        ),
    );
    expect("joins", &program, &[(2.0, 3, 17.0), (-2.0, 2, -1.0)]);
}

/// `(a, x) -> (a with a[0] + x, x)`, small or, with padding, compiled on its own.
fn pass(recursive: bool) -> Program {
    let ty = f64s(4);
    let result = Type::Tuple(vec![ty.clone(), scalar(F64)]);
    let again = call(
        1,
        result.clone(),
        vec![whole(0, &ty), binary(BinaryOp::Sub, local(1, F64), f(1.0))],
    );
    let mut statements = vec![set(
        0,
        vec![step(n(0), 1)],
        add(at(whole(0, &ty), n(0), 1), local(1, F64)),
    )];
    if recursive {
        statements.push(when(
            binary(BinaryOp::Gt, local(1, F64), f(1.0)),
            vec![Statement::Expr(never(ExprKind::Return(Some(again.into()))))],
        ));
    }
    let mut callee = function(
        2,
        &[ty.clone(), scalar(F64)],
        result.clone(),
        block(statements, Some(tuple(vec![whole(0, &ty), local(1, F64)]))),
    );
    callee.recursive = recursive;
    let (a, r) = (2, 3);
    let body = block(
        vec![
            assign(a, list(vec![x(), f(1.0), f(2.0), f(3.0)])),
            assign(r, call(1, result.clone(), vec![whole(a, &ty), f(3.0)])),
            set(a, vec![step(n(1), 1)], f(100.0)),
        ],
        Some(add(
            add(
                at(member(whole(r, &result), 0), k(), 2),
                member(whole(r, &result), 1),
            ),
            at(whole(a, &ty), n(0), 1),
        )),
    );
    let entry = function(
        2,
        &[scalar(F64), scalar(USIZE), ty.clone(), result.clone()],
        scalar(F64),
        body,
    );
    program(vec![entry, callee], true)
}

#[test]
fn arrays_go_into_functions_and_come_out() {
    // The callee's own copy changes, the caller's does not.
    expect("inlined", &pass(false), &[(10.0, 0, 26.0), (10.0, 1, 14.0)]);
    expect(
        "recursive",
        &pass(true),
        &[(10.0, 0, 27.0), (10.0, 3, 14.0)],
    );
}

#[test]
fn an_identity_function_does_not_hand_on_the_callers_memory() {
    let ty = f64s(3);
    let identity = function(
        1,
        std::slice::from_ref(&ty),
        ty.clone(),
        block(vec![], Some(whole(0, &ty))),
    );
    let (a, b) = (2, 3);
    let entry = function(
        2,
        &[scalar(F64), scalar(USIZE), ty.clone(), ty.clone()],
        scalar(F64),
        block(
            vec![
                assign(a, repeat(x(), 3)),
                assign(b, call(1, ty.clone(), vec![whole(a, &ty)])),
                set(a, vec![step(n(0), 1)], f(99.0)),
            ],
            Some(at(whole(b, &ty), n(0), 1)),
        ),
    );
    expect(
        "identity",
        &program(vec![entry, identity], true),
        &[(4.0, 0, 4.0)],
    );
}

#[test]
fn an_array_is_carried_around_a_loop() {
    // Insertion of squares: a[i % 8] += i.
    let ty = f64s(8);
    let (a, i) = (2, 3);
    let index = || binary(BinaryOp::And, local(i, USIZE), n(7));
    let float = expr(scalar(F64), ExprKind::Cast(local(i, USIZE).into()));
    let body = vec![set(
        a,
        vec![step(index(), 1)],
        add(at(whole(a, &ty), index(), 1), float),
    )];
    let program = kernel(
        &[ty.clone(), scalar(USIZE)],
        vec![
            assign(a, repeat(x(), 8)),
            run_for(counted(i, n(0), n(20), body)),
        ],
        at(whole(a, &ty), k(), 1),
    );
    expect(
        "carried",
        &program,
        &[(0.5, 0, 24.5), (0.0, 3, 33.0), (0.0, 7, 22.0)],
    );
}

#[test]
fn a_loop_over_the_length_needs_no_check() {
    let ty = f64s(8);
    let (a, s, i) = (2, 3, 4);
    let body = vec![assign(
        s,
        add(local(s, F64), at(whole(a, &ty), local(i, USIZE), 1)),
    )];
    let program = kernel(
        &[ty.clone(), scalar(F64), scalar(USIZE)],
        vec![
            assign(a, list((0..8).map(|_| x()).collect())),
            assign(s, f(0.0)),
            run_for(counted(i, n(0), n(8), body)),
        ],
        local(s, F64),
    );
    expect("sum", &program, &[(0.5, 0, 4.0)]);
    let object = host().compile(&program, "k").unwrap();
    assert!(
        !object.report.iter().any(|line| line.contains("1 kept")),
        "{:?}",
        object.report
    );
    assert!(
        object
            .report
            .contains(&"bounds checks: 0 kept, 1 not needed".to_owned())
    );
}

#[test]
fn constant_tables_are_data_and_cost_nothing_to_make() {
    let table = list((0..256).map(|k| f(f64::from(k) * 0.25)).collect());
    let ty = table.ty.clone();
    let t = 2;
    let program = kernel(
        std::slice::from_ref(&ty),
        vec![assign(t, table)],
        at(whole(t, &ty), k(), 1),
    );
    expect(
        "table",
        &program,
        &[(0.0, 0, 0.0), (0.0, 255, 63.75), (0.0, 4, 1.0)],
    );
    let asm = host().asm(&program, "k").unwrap();
    assert!(asm.lines().count() < 120, "{asm}");
}

#[test]
fn prange_bodies_read_arrays_of_their_caller() {
    let ty = f64s(16);
    let pair = Type::Tuple(vec![scalar(USIZE), ty.clone()]);
    let (a, t, s, i, b) = (2, 3, 4, 5, 6);
    let index = || binary(BinaryOp::And, local(i, USIZE), n(15));
    let element = add(
        at(whole(a, &ty), index(), 1),
        at(member(whole(t, &pair), 1), index(), 1),
    );
    let mut range = counted(
        i,
        n(0),
        n(100_000),
        vec![
            assign(b, repeat(f(0.0), 16)),
            set(b, vec![step(index(), 1)], element),
            assign(s, add(local(s, F64), at(whole(b, &ty), index(), 1))),
        ],
    );
    range.parallel = Some(Parallel {
        reductions: vec![Reduction {
            local: LocalId(s),
            op: ReductionOp::Add,
        }],
    });
    let mut program = kernel(
        &[
            ty.clone(),
            pair.clone(),
            scalar(F64),
            scalar(USIZE),
            ty.clone(),
        ],
        vec![
            assign(a, repeat(x(), 16)),
            set(a, vec![step(k(), 1)], f(3.0)),
            assign(t, tuple(vec![k(), repeat(f(1.0), 16)])),
            assign(s, f(0.0)),
            run_for(range),
        ],
        local(s, F64),
    );
    program.entry.parallel = true;
    let expected = 100_000.0 * 3.0 + 100_000.0 / 16.0;
    expect("serial", &program, &[(2.0, 5, expected)]);
    let pool = Pool::builder().threads(3).build().unwrap();
    let mut context = KernelContext::new(0, 0);
    context.pool = std::ptr::from_ref(&pool).cast();
    let mut operands = [
        Array::new(&[2.0]),
        Array::new(&[5_usize]),
        Array::new(&[0.0]),
    ];
    let loaded = linked(host(), &program);
    assert_eq!(loaded.run_in(1, &mut operands, context).status, Status::Ok);
    assert_eq!(operands[2].values::<f64>(), [expected]);
}

#[test]
fn frames_have_a_limit_and_stacks_too() {
    let big = |length: u32| {
        let ty = f64s(length);
        kernel(
            std::slice::from_ref(&ty),
            vec![
                assign(2, repeat(x(), length)),
                set(2, vec![step(k(), 1)], f(1.0)),
            ],
            at(whole(2, &ty), n(0), 1),
        )
    };
    let error = host().compile(&big(40_000), "k").unwrap_err();
    assert_eq!(error.kind(), CodegenErrorKind::TooLarge);
    let text = error.to_string();
    assert!(text.contains("function `f` needs 320000 bytes"), "{text}");
    let large = big(20_000);
    expect("large", &large, &[(2.0, 0, 1.0), (2.0, 7, 2.0)]);
    // 100 KiB left of the stack, 160000 bytes needed.
    let here = std::hint::black_box(&raw const text).addr();
    let mut operands = [
        Array::new(&[2.0]),
        Array::new(&[5_usize]),
        Array::new(&[0.0]),
    ];
    let loaded = linked(host(), &large);
    let context = KernelContext::new(0, here - (100 << 10));
    let outcome = loaded.run_in(1, &mut operands, context);
    assert_eq!(outcome.status, Status::StackOverflow);
    let context = KernelContext::new(0, here - (1 << 20));
    assert_eq!(loaded.run_in(1, &mut operands, context).status, Status::Ok);
}

#[test]
fn odd_sizes_are_copied_whole() {
    for length in [0_u32, 1, 2, 3, 5, 7, 15, 17, 31, 33, 63, 129, 1000] {
        for (what, fill) in [("zero", 0_u8), ("other", 0xa5)] {
            let ty = array(scalar(Scalar::U8), length);
            let (a, b, s, i) = (2, 3, 4, 5);
            let byte = |value: u8| crate::support::value(value);
            let wide = expr(
                scalar(USIZE),
                ExprKind::Cast(at(whole(b, &ty), local(i, USIZE), 1).into()),
            );
            let sum = vec![assign(s, add(local(s, USIZE), wide))];
            let mut statements = vec![
                assign(a, repeat(byte(fill), length)),
                assign(b, whole(a, &ty)),
                assign(a, repeat(byte(1), length)),
                assign(s, n(0)),
                run_for(counted(i, n(0), n(length as usize), sum)),
            ];
            if length > 0 {
                let last = n(length as usize - 1);
                statements.insert(3, set(b, vec![step(last, 1)], byte(7)));
            }
            let program = kernel(
                &[ty.clone(), ty.clone(), scalar(USIZE), scalar(USIZE)],
                statements,
                expr(scalar(F64), ExprKind::Cast(local(s, USIZE).into())),
            );
            let expected = match length {
                0 => 0.0,
                _ => f64::from(length - 1) * f64::from(fill) + 7.0,
            };
            expect(&format!("{what} {length}"), &program, &[(0.0, 0, expected)]);
        }
    }
}

#[test]
fn an_array_that_is_left_while_it_is_made_is_not_changed() {
    // a = [9.0, break 'l, ..]
    let ty = f64s(5);
    let a = 2;
    let leave = never(ExprKind::Break(LoopId(3), None));
    let mut parts = vec![f(9.0), leave];
    parts.extend((0..3).map(|_| f(9.0)));
    let made = expr(ty.clone(), ExprKind::Array(parts));
    let program = kernel(
        std::slice::from_ref(&ty),
        vec![
            assign(a, repeat(x(), 5)),
            Statement::Expr(expr(
                Type::UNIT,
                ExprKind::Labelled(LoopId(3), block(vec![assign(a, made)], None)),
            )),
        ],
        at(whole(a, &ty), n(0), 1),
    );
    expect("left", &program, &[(4.0, 0, 4.0)]);
}
