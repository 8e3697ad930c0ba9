//! Slices, permuted axes, views in joins, sums and dot products.

use brolga_abi::Status;
use brolga_lang::ir::*;

use crate::support::*;

const F64: Scalar = Scalar::F64;
const USIZE: Scalar = Scalar::Usize;

fn n(value: usize) -> Expr {
    crate::support::value(value)
}

fn view_local(number: u32, ndim: u8, mutable: bool) -> Expr {
    whole(number, &view(F64, ndim, mutable))
}

pub fn slice(of: Expr, axes: Vec<AxisSlice>) -> Expr {
    let Type::View(mut ty) = of.ty else {
        panic!("a view")
    };
    ty.ndim -= axes
        .iter()
        .filter(|axis| matches!(axis, AxisSlice::Index(..)))
        .count() as u8;
    let view = of.into();
    expr(Type::View(ty), ExprKind::Slice { view, axes })
}

fn range(start: Expr, end: Expr, step: Option<Expr>, site: u32) -> AxisSlice {
    AxisSlice::Range {
        start,
        end,
        step,
        site: SiteId(site),
    }
}

fn sum(of: Expr) -> Expr {
    expr(scalar(F64), ExprKind::Reduce(ReduceOp::Sum, of.into()))
}

/// `x[start..end; step]` of a vector, as its sum and its length; parameters from 1.
fn sliced() -> Program {
    let usizes = |number| local(number, USIZE);
    let step = local(3, Scalar::Isize);
    let part = slice(
        view_local(0, 1, false),
        vec![range(usizes(1), usizes(2), Some(step), 4)],
    );
    let result = Type::Tuple(vec![scalar(F64), scalar(USIZE)]);
    let v = 4;
    let body = block(
        vec![assign(v, part)],
        Some(tuple(vec![sum(view_local(v, 1, false)), dim(v, 0)])),
    );
    let locals = [
        view(F64, 1, false),
        scalar(USIZE),
        scalar(USIZE),
        scalar(Scalar::Isize),
        view(F64, 1, false),
    ];
    program(vec![function(4, &locals, result, body)], false)
}

#[test]
fn slices_take_what_rust_and_ndarray_take() {
    let x: Vec<f64> = (0..10).map(|k| f64::from(1 << k)).collect();
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &sliced());
        for start in 0..=11_usize {
            for end in 0..=11_usize {
                for step in [1_isize, 2, 3, 10, -1, -2, -4, 0, isize::MIN, isize::MAX] {
                    let mut operands = [
                        Array::new(&x).shaped(&[10]),
                        Array::new(&[start]),
                        Array::new(&[end]),
                        Array::new(&[step]),
                        Array::new(&[0.0]),
                        Array::new(&[0_usize]),
                    ];
                    let what = format!("{start}..{end}; {step} on {name}");
                    let outcome = loaded.run(1, &mut operands);
                    if start > end || end > 10 || step == 0 {
                        assert_eq!(outcome.status, Status::Panic, "{what}");
                        let error = outcome.context.error;
                        assert_eq!(error.site, 4);
                        assert_eq!(error.payload, [start as u64, end as u64, 0, 10]);
                        continue;
                    }
                    assert_eq!(outcome.status, Status::Ok, "{what}");
                    let mut taken: Vec<f64> = x[start..end].to_vec();
                    if step < 0 {
                        taken.reverse();
                    }
                    let taken: Vec<f64> = taken.into_iter().step_by(step.unsigned_abs()).collect();
                    let expected = taken.iter().fold(0.0, |sum, x| sum + x);
                    assert_eq!(operands[4].values::<f64>(), [expected], "{what}");
                    assert_eq!(operands[5].values::<usize>(), [taken.len()], "{what}");
                }
            }
        }
    }
}

#[test]
fn rows_columns_and_transposes() {
    // y[i] = a.t()[[.., i]] . b[i, ..] for a of 3x4 and b of 3x4.
    let (a, b, y, i, row) = (0, 1, 2, 3, 4);
    let index = || local(i, USIZE);
    let turned = expr(
        view(F64, 2, false),
        ExprKind::Permute(view_local(a, 2, false).into(), vec![1, 0]),
    );
    let column = slice(
        turned,
        vec![AxisSlice::All, AxisSlice::Index(index(), SiteId(1))],
    );
    let taken = slice(
        view_local(b, 2, false),
        vec![AxisSlice::Index(index(), SiteId(2)), AxisSlice::All],
    );
    let dot = expr(
        scalar(F64),
        ExprKind::Dot(column.into(), view_local(row, 1, false).into()),
    );
    let body = vec![assign(row, taken), store(y, vec![index()], 3, dot)];
    let locals = [
        view(F64, 2, false),
        view(F64, 2, false),
        view(F64, 1, true),
        scalar(USIZE),
        view(F64, 1, false),
    ];
    let body = block(vec![run_for(counted(i, n(0), dim(y, 0), body))], None);
    let program = program(vec![function(3, &locals, Type::UNIT, body)], false);
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        let values: Vec<f64> = (0..12).map(f64::from).collect();
        let mut operands = [
            Array::new(&values).shaped(&[3, 4]),
            Array::new(&values).shaped(&[3, 4]),
            Array::new(&[0.0; 3]).shaped(&[3]),
        ];
        assert_eq!(loaded.run(1, &mut operands).status, Status::Ok, "{name}");
        assert_eq!(operands[2].values::<f64>(), [14.0, 126.0, 366.0], "{name}");
        let mut operands = [
            Array::new(&values).shaped(&[3, 4]),
            Array::new(&values[..8]).shaped(&[2, 4]),
            Array::new(&[0.0; 3]).shaped(&[3]),
        ];
        let outcome = loaded.run(1, &mut operands);
        assert_eq!(outcome.status, Status::Panic, "{name}");
        assert_eq!(outcome.context.error.site, 2, "{name}");
        assert_eq!(outcome.context.error.payload, [2, 2, 0, 0], "{name}");
    }
}

#[test]
fn the_variable_of_a_loop_that_begins_below_0_is_checked() {
    // for i in start..x.len() as i64 { s += x[i as usize]; }
    let (x, i, s) = (0, 1, 2);
    let kept = |start: i64| {
        let index = expr(scalar(USIZE), ExprKind::Cast(local(i, Scalar::I64).into()));
        let end = expr(scalar(Scalar::I64), ExprKind::Cast(dim(x, 0).into()));
        let body = vec![assign(s, add(local(s, F64), load(x, F64, vec![index], 2)))];
        let locals = [view(F64, 1, false), scalar(Scalar::I64), scalar(F64)];
        let body = block(
            vec![
                assign(s, value(0.0)),
                run_for(counted(i, value(start), end, body)),
            ],
            Some(local(s, F64)),
        );
        let program = program(vec![function(1, &locals, scalar(F64), body)], false);
        host().compile(&program, "k").unwrap().can_fail
    };
    assert!(kept(-1));
    assert!(!kept(0));
}

#[test]
fn the_variable_of_a_loop_over_a_slice_needs_no_check() {
    let (x, v, i, s) = (0, 1, 2, 3);
    let half = slice(
        view_local(x, 1, false),
        vec![range(n(0), dim(x, 0), None, 1)],
    );
    let body = vec![assign(
        s,
        add(local(s, F64), load(v, F64, vec![local(i, USIZE)], 2)),
    )];
    let locals = [
        view(F64, 1, false),
        view(F64, 1, false),
        scalar(USIZE),
        scalar(F64),
    ];
    let body = block(
        vec![
            assign(v, half),
            assign(s, value(0.0)),
            run_for(counted(i, n(0), dim(v, 0), body)),
        ],
        Some(local(s, F64)),
    );
    let program = program(vec![function(1, &locals, scalar(F64), body)], false);
    let object = host().compile(&program, "k").unwrap();
    assert!(
        object
            .report
            .contains(&"bounds checks: 0 kept, 2 not needed".to_owned())
    );
    assert!(!object.can_fail);
}

#[test]
fn a_view_that_changes_is_written_through() {
    // let mut v = a; if x > 0 { v = b }; v[0] = x
    let (a, b, x, v) = (0, 1, 2, 3);
    let locals = [
        view(F64, 1, true),
        view(F64, 1, true),
        scalar(F64),
        view(F64, 1, true),
    ];
    let body = block(
        vec![
            assign(v, view_local(a, 1, true)),
            when(
                binary(BinaryOp::Gt, local(x, F64), value(0.0)),
                vec![assign(
                    v,
                    slice(view_local(b, 1, true), vec![range(n(1), n(3), None, 1)]),
                )],
            ),
            store(v, vec![n(0)], 2, local(x, F64)),
        ],
        Some(sum(view_local(v, 1, true))),
    );
    let program = program(vec![function(3, &locals, scalar(F64), body)], false);
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        for (x, first, second, result) in [
            (5.0, [1.0; 3], [2.0, 5.0, 2.0], 7.0),
            (-5.0, [-5.0, 1.0, 1.0], [2.0; 3], -3.0),
        ] {
            let mut operands = [
                Array::new(&[1.0; 3]).shaped(&[3]),
                Array::new(&[2.0; 3]).shaped(&[3]),
                Array::new(&[x]),
                Array::new(&[0.0]),
            ];
            assert_eq!(loaded.run(1, &mut operands).status, Status::Ok, "{name}");
            assert_eq!(operands[0].values::<f64>(), first, "{name}");
            assert_eq!(operands[1].values::<f64>(), second, "{name}");
            assert_eq!(operands[3].values::<f64>(), [result], "{name}");
        }
    }
}

#[test]
fn products_and_views_without_axes() {
    let product = expr(
        scalar(F64),
        ExprKind::Reduce(ReduceOp::Product, view_local(0, 2, false).into()),
    );
    let one = slice(
        view_local(0, 2, false),
        vec![
            AxisSlice::Index(n(1), SiteId(0)),
            AxisSlice::Index(n(0), SiteId(0)),
        ],
    );
    let body = block(vec![], Some(add(product, sum(one))));
    let program = program(
        vec![function(1, &[view(F64, 2, false)], scalar(F64), body)],
        false,
    );
    for (name, compiler) in compilers() {
        let loaded = linked(compiler, &program);
        let mut operands = [
            Array::new(&[1.0, 2.0, 3.0, 4.0]).shaped(&[2, 2]),
            Array::new(&[0.0]),
        ];
        assert_eq!(loaded.run(1, &mut operands).status, Status::Ok, "{name}");
        assert_eq!(operands[1].values::<f64>(), [27.0], "{name}");
    }
}
