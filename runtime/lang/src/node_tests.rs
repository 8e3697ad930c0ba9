//! Arrays, globals and views made from views, built by hand: what the verifier accepts and
//! refuses, how they are printed, and that every part of them counts in the fingerprint.

use crate::fingerprint::fingerprint;
use crate::ir::*;
use crate::testing::{F64, USIZE, binary, expr, local, program};
use crate::verify;

fn number(value: u64) -> Expr {
    expr(USIZE, ExprKind::Const(value))
}

fn array(element: Type, length: u32) -> Type {
    Type::Array(Box::new(element), length)
}

fn view(ndim: u8) -> Type {
    Type::View(ViewType {
        element: Element::Scalar(Scalar::F64),
        ndim,
        mutable: true,
    })
}

fn whole(number: u32, ty: &Type) -> Expr {
    expr(ty.clone(), ExprKind::Local(LocalId(number)))
}

fn list(parts: Vec<Expr>) -> Expr {
    expr(array(F64, parts.len() as u32), ExprKind::Array(parts))
}

fn repeat(value: Expr, length: u32) -> Expr {
    expr(
        array(value.ty.clone(), length),
        ExprKind::Repeat(value.into()),
    )
}

fn at(array: Expr, index: Expr) -> Expr {
    let kind = ExprKind::Index {
        array: array.into(),
        index: index.into(),
        site: SiteId(0),
    };
    expr(F64, kind)
}

fn allocate(dims: Vec<Expr>, fill: Expr) -> Expr {
    let kind = ExprKind::Allocate {
        fill: fill.into(),
        too_large: SiteId(0),
        no_memory: SiteId(0),
        dims,
    };
    expr(view(2), kind)
}

fn slice(of: Expr, ndim: u8, axes: Vec<AxisSlice>) -> Expr {
    let view_of = of.into();
    expr(
        view(ndim),
        ExprKind::Slice {
            view: view_of,
            axes,
        },
    )
}

fn range(start: u64, end: u64, step: Option<u64>) -> AxisSlice {
    AxisSlice::Range {
        start: number(start),
        end: number(end),
        step: step.map(|step| expr(Type::Scalar(Scalar::Isize), ExprKind::Const(step))),
        site: SiteId(0),
    }
}

fn row(index: u64) -> AxisSlice {
    AxisSlice::Index(number(index), SiteId(0))
}

fn permute(of: Expr, axes: Vec<u8>) -> Expr {
    expr(view(2), ExprKind::Permute(of.into(), axes))
}

fn reduce(op: ReduceOp, of: Expr) -> Expr {
    expr(F64, ExprKind::Reduce(op, of.into()))
}

fn dot(a: Expr, b: Expr) -> Expr {
    expr(F64, ExprKind::Dot(a.into(), b.into()))
}

/// An array, a view of one axis and one of two, a complex number and a tuple of an array.
const ARRAY: u32 = 5;
const VECTOR: u32 = 6;
const MATRIX: u32 = 7;
const COMPLEX: u32 = 8;
const NESTED: u32 = 9;

fn nested() -> Type {
    Type::Tuple(vec![USIZE, array(F64, 3)])
}

fn complex() -> Type {
    Type::Tuple(vec![F64, F64])
}

fn set(local: u32, path: Vec<Step>, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(local),
        path,
        value,
    }
}

fn run(value: Expr) -> Statement {
    Statement::Expr(value)
}

/// A kernel with locals of every kind, set before these statements.
fn with(statements: Vec<Statement>) -> Program {
    let mut program = program(local(0));
    let function = &mut program.functions[0];
    function.locals.truncate(5);
    while function.locals.len() < 5 {
        let mut last = function.locals[0].clone();
        last.ty = USIZE;
        function.locals.push(last);
    }
    for ty in [array(F64, 3), view(1), view(2), complex(), nested()] {
        function.locals.push(Local {
            name: Unhashed("l".to_owned()),
            ty,
        });
    }
    let zero = || expr(F64, ExprKind::Const(0));
    let mut all = vec![
        set(ARRAY, vec![], repeat(zero(), 3)),
        set(MATRIX, vec![], allocate(vec![number(4), number(5)], zero())),
        set(
            VECTOR,
            vec![],
            slice(whole(MATRIX, &view(2)), 1, vec![row(0), AxisSlice::All]),
        ),
        set(
            COMPLEX,
            vec![],
            expr(complex(), ExprKind::Tuple(vec![zero(), zero()])),
        ),
        set(
            NESTED,
            vec![],
            expr(
                nested(),
                ExprKind::Tuple(vec![number(0), repeat(zero(), 3)]),
            ),
        ),
    ];
    all.extend(statements);
    function.body.statements = all;
    let global = |name: &str, ty, scalars| Global {
        name: name.to_owned(),
        ty,
        default: Unhashed(vec![0; scalars]),
    };
    program.globals = vec![global("gain", F64, 1), global("table", array(F64, 3), 3)];
    program
}

fn vector() -> Expr {
    whole(VECTOR, &view(1))
}
fn matrix() -> Expr {
    whole(MATRIX, &view(2))
}
fn three() -> Expr {
    whole(ARRAY, &array(F64, 3))
}
fn part(of: u32, ty: &Type, number: u32) -> Expr {
    let Type::Tuple(parts) = ty else {
        panic!("a tuple")
    };
    let part = parts[number as usize].clone();
    expr(part, ExprKind::Member(whole(of, ty).into(), number))
}
fn global(number: u32, ty: Type) -> Expr {
    expr(ty, ExprKind::Global(GlobalId(number)))
}

/// Expressions that differ in one thing each, with their text.
fn sound() -> Vec<(Expr, &'static str)> {
    vec![
        (list(vec![local(0), local(1)]), "[x_0, y_1]"),
        (list(vec![local(1), local(0)]), "[y_1, x_0]"),
        (repeat(local(0), 4), "[x_0; 4]"),
        (repeat(local(0), 5), "[x_0; 5]"),
        (at(three(), number(1)), "l_5[1usize] @0"),
        (at(three(), number(2)), "l_5[2usize] @0"),
        (global(0, F64), "global gain_0"),
        (global(1, array(F64, 3)), "global table_1"),
        (
            allocate(vec![number(2), number(3)], local(0)),
            "allocate(2usize, 3usize; x_0) @0 @0",
        ),
        (
            allocate(vec![number(3), number(2)], local(0)),
            "allocate(3usize, 2usize; x_0) @0 @0",
        ),
        (
            slice(matrix(), 1, vec![row(1), AxisSlice::All]),
            "l_7.slice(1usize @0, ..)",
        ),
        (
            slice(matrix(), 1, vec![AxisSlice::All, row(1)]),
            "l_7.slice(.., 1usize @0)",
        ),
        (
            slice(vector(), 1, vec![range(1, 3, None)]),
            "l_6.slice(1usize..3usize @0)",
        ),
        (
            slice(vector(), 1, vec![range(1, 3, Some(2))]),
            "l_6.slice(1usize..3usize;2isize @0)",
        ),
        (permute(matrix(), vec![1, 0]), "l_7.permute([1, 0])"),
        (permute(matrix(), vec![0, 1]), "l_7.permute([0, 1])"),
        (reduce(ReduceOp::Sum, matrix()), "l_7.sum()"),
        (reduce(ReduceOp::Product, matrix()), "l_7.product()"),
        (reduce(ReduceOp::Sum, vector()), "l_6.sum()"),
        (dot(vector(), vector()), "l_6.dot(l_6)"),
        (
            expr(
                Type::Scalar(Scalar::U16),
                ExprKind::Unary(UnaryOp::F16FromF64, local(0).into()),
            ),
            "f16_from_f64(x_0)",
        ),
        (
            expr(
                Type::Scalar(Scalar::U16),
                ExprKind::Unary(UnaryOp::Bf16FromF64, local(0).into()),
            ),
            "bf16_from_f64(x_0)",
        ),
    ]
}

#[test]
fn sound_nodes_are_accepted_printed_and_told_apart() {
    let mut prints = vec![fingerprint(&with(vec![]))];
    for (e, text) in sound() {
        let program = with(vec![run(e)]);
        assert_eq!(verify(&program), Ok(()), "{text}");
        let printed = program.to_string();
        assert!(
            printed.contains(&format!("\n    {text};\n")),
            "{text}\n{printed}"
        );
        assert_eq!(printed, program.clone().to_string());
        prints.push(fingerprint(&program));
    }
    let count = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), count, "two programs have one fingerprint");
}

#[test]
fn assignments_go_through_members_and_elements() {
    let index = |k| Step::Index(number(k), SiteId(0));
    let program = with(vec![
        set(NESTED, vec![Step::Member(1), index(2)], local(0)),
        set(ARRAY, vec![index(1)], local(0)),
    ]);
    assert_eq!(verify(&program), Ok(()));
    let printed = program.to_string();
    assert!(printed.contains("l_9.1[2usize]@0 = x_0;"), "{printed}");
    assert!(
        printed.contains("global gain_0: f64\nglobal table_1: [f64; 3]\n"),
        "{printed}"
    );
    let other = with(vec![
        set(NESTED, vec![Step::Member(1), index(1)], local(0)),
        set(ARRAY, vec![index(1)], local(0)),
    ]);
    assert_ne!(fingerprint(&program), fingerprint(&other));
}

#[test]
fn globals_count_but_not_their_defaults() {
    let base = with(vec![]);
    let mut other = base.clone();
    other.globals[0].default = Unhashed(vec![7]);
    assert_eq!(fingerprint(&base), fingerprint(&other));
    other.globals[0].name = "loss".to_owned();
    assert_ne!(fingerprint(&base), fingerprint(&other));
}

#[test]
fn every_broken_rule_is_found() {
    let index = |k| Step::Index(number(k), SiteId(0));
    let wrong_type = |e: Expr, ty: Type| with(vec![run(expr(ty, e.kind))]);
    let edited = |edit: fn(&mut Program)| {
        let mut program = with(vec![]);
        edit(&mut program);
        program
    };
    let bad_site = |e: Expr| {
        let mut program = with(vec![run(e)]);
        program.sites.0.clear();
        program.functions[0].body.statements.drain(..5);
        program
    };
    let cases = [
        (
            wrong_type(list(vec![local(0)]), array(F64, 2)),
            "1 elements in [f64; 2]",
        ),
        (
            wrong_type(list(vec![local(0)]), array(USIZE, 1)),
            "expected usize, found f64",
        ),
        (wrong_type(list(vec![]), F64), "wrong type f64"),
        (wrong_type(repeat(local(0), 2), F64), "wrong type f64"),
        (
            wrong_type(repeat(local(0), 2), array(USIZE, 2)),
            "expected usize, found f64",
        ),
        (
            wrong_type(at(three(), number(0)), USIZE),
            "wrong type usize",
        ),
        (with(vec![run(at(local(0), number(0)))]), "wrong type f64"),
        (
            with(vec![run(at(three(), local(0)))]),
            "expected usize, found f64",
        ),
        (with(vec![run(global(2, F64))]), "there is no global 2"),
        (with(vec![run(global(1, F64))]), "wrong type f64"),
        (
            with(vec![run(allocate(vec![number(1)], local(0)))]),
            "wrong type",
        ),
        (
            with(vec![run(allocate(vec![number(1), local(0)], local(0)))]),
            "expected usize, found f64",
        ),
        (
            with(vec![run(allocate(vec![number(1), number(1)], number(0)))]),
            "expected f64, found usize",
        ),
        (
            with(vec![run(slice(matrix(), 1, vec![row(0)]))]),
            "a slice of 2 axes by 1",
        ),
        (
            with(vec![run(slice(matrix(), 2, vec![row(0), AxisSlice::All]))]),
            "wrong type",
        ),
        (
            with(vec![run(slice(local(0), 0, vec![]))]),
            "expected a view, found f64",
        ),
        (
            with(vec![run(permute(matrix(), vec![0, 0]))]),
            "[0, 0] is no order of 2 axes",
        ),
        (
            with(vec![run(permute(matrix(), vec![0]))]),
            "[0] is no order of 2 axes",
        ),
        (with(vec![run(permute(vector(), vec![0]))]), "wrong type"),
        (
            wrong_type(reduce(ReduceOp::Sum, matrix()), USIZE),
            "wrong type usize",
        ),
        (with(vec![run(dot(matrix(), vector()))]), "wrong type f64"),
        (
            with(vec![set(ARRAY, vec![Step::Member(0)], local(0))]),
            "[f64; 3] has no part Member(0)",
        ),
        (
            with(vec![set(NESTED, vec![index(0)], local(0))]),
            "has no part Index",
        ),
        (
            with(vec![set(
                ARRAY,
                vec![Step::Index(local(0), SiteId(0))],
                local(0),
            )]),
            "expected usize, found f64",
        ),
        (
            with(vec![set(ARRAY, vec![index(0)], number(0))]),
            "usize is assigned to local 5 of type f64",
        ),
        (
            edited(|p| p.globals[1].default.0.truncate(2)),
            "global 1 of 3 scalars has a default of 2",
        ),
        (
            edited(|p| p.globals[1].name = "gain".to_owned()),
            "global 1 has the name of another",
        ),
        (
            edited(|p| p.globals[0].ty = view(1)),
            "global 0 has the type ArrayViewMut1<f64>",
        ),
        (
            edited(|p| p.functions[0].locals[3].ty = array(view(1), 2)),
            "local 3 has the type [ArrayViewMut1<f64>; 2]",
        ),
        (
            edited(|p| p.entry.results = vec![Element::Complex(Scalar::F64)]),
            "the results [Complex(F64)] of a function that gives f64",
        ),
        (
            bad_site(allocate(vec![number(1), number(1)], local(0))),
            "there is no panic site 0",
        ),
    ];
    for (program, reason) in cases {
        let found = verify(&program).expect_err(reason);
        assert!(found.contains(reason), "{reason}: {found}");
    }
}

/// `for i in prange(0..9) { value of c }` with `c` reduced.
fn reduced(op: brolga_abi::ReductionOp, statements: Vec<Statement>) -> Program {
    let range = For {
        id: LoopId(1),
        variable: LocalId(4),
        start: number(0),
        end: number(9),
        inclusive: false,
        step: None,
        order: Order::Forward,
        body: Block {
            statements,
            value: None,
        },
        parallel: Some(Parallel {
            reductions: vec![Reduction {
                local: LocalId(COMPLEX),
                op,
            }],
        }),
    };
    with(vec![run(expr(Type::UNIT, ExprKind::For(range.into())))])
}

#[test]
fn complex_reductions_read_their_variable_in_its_update_only() {
    use brolga_abi::ReductionOp;
    let updated = || {
        let parts = (0..2)
            .map(|k| binary(BinaryOp::Add, part(COMPLEX, &complex(), k), local(0)))
            .collect();
        expr(complex(), ExprKind::Tuple(parts))
    };
    let update = || set(COMPLEX, vec![], updated());
    assert_eq!(verify(&reduced(ReductionOp::Add, vec![update()])), Ok(()));
    assert_eq!(verify(&reduced(ReductionOp::Mul, vec![update()])), Ok(()));
    for (program, reason) in [
        (
            reduced(ReductionOp::Add, vec![run(updated())]),
            "reduction variable 8 is read inside its loop",
        ),
        (
            reduced(
                ReductionOp::Add,
                vec![set(COMPLEX, vec![Step::Member(0)], local(0))],
            ),
            "a part of reduction variable 8 is assigned",
        ),
        (
            reduced(ReductionOp::Min, vec![update()]),
            "a reduction by Min of (f64, f64)",
        ),
    ] {
        let found = verify(&program).expect_err(reason);
        assert!(found.contains(reason), "{reason}: {found}");
    }
}
