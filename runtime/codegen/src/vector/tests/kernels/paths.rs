//! Branches, early exits, calls and tuples.

use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, FunctionId, LocalId, LoopId, Scalar, Statement, Step, Type,
};

use super::*;
use BinaryOp::*;
use Scalar::{F64, I32};

pub(super) fn all() -> Vec<Kernel> {
    let x = || local(0, F64);
    let y = || local(1, F64);
    let below = |limit: f64| binary(Lt, x(), f64(limit));
    vec![
        Kernel {
            name: "nested if with assignments",
            program: program(
                &[F64, F64],
                &[F64],
                Block {
                    statements: vec![
                        set(2, x()),
                        Statement::Expr(either(
                            below(1.0),
                            run(vec![
                                set(2, binary(Mul, local(2, F64), f64(2.0))),
                                Statement::Expr(either(
                                    binary(Gt, y(), f64(0.0)),
                                    run(vec![set(2, binary(Add, local(2, F64), y()))]),
                                    run(Vec::new()),
                                )),
                            ]),
                            run(vec![set(2, binary(Sub, local(2, F64), y()))]),
                        )),
                    ],
                    value: Some(Box::new(local(2, F64))),
                },
            ),
            reference: |x| {
                let (x, y) = (to_f64(x, 0), to_f64(x, 1));
                let mut z = x;
                if x < 1.0 {
                    z *= 2.0;
                    if y > 0.0 {
                        z += y;
                    }
                } else {
                    z -= y;
                }
                from_f64(z)
            },
        },
        Kernel {
            name: "early returns",
            program: program(
                &[F64, F64],
                &[],
                Block {
                    statements: vec![
                        Statement::Expr(either(
                            below(-1.0),
                            Block {
                                statements: vec![Statement::Expr(either(
                                    binary(Gt, y(), f64(0.0)),
                                    value(leave(f64(1.0))),
                                    run(Vec::new()),
                                ))],
                                value: Some(Box::new(leave(y()))),
                            },
                            run(Vec::new()),
                        )),
                        Statement::Expr(either(below(1.0), value(leave(x())), run(Vec::new()))),
                    ],
                    value: Some(Box::new(binary(Add, x(), y()))),
                },
            ),
            reference: |x| {
                let (x, y) = (to_f64(x, 0), to_f64(x, 1));
                from_f64(if x < -1.0 {
                    if y > 0.0 { 1.0 } else { y }
                } else if x < 1.0 {
                    x
                } else {
                    x + y
                })
            },
        },
        Kernel {
            name: "breaks and returns from labelled blocks",
            // 'outer: { 'inner: { if x < 0 { if y < 0 { break 'outer 1 } break 'inner }
            // if y < 0 { return 2 } z = 3 } if x < -1 { return 4 }
            // if y < 1 { break 'outer z } 5 } + z
            program: program(
                &[F64, F64],
                &[F64],
                Block {
                    statements: vec![set(2, f64(0.0))],
                    value: Some(Box::new(binary(
                        Add,
                        Expr {
                            ty: scalar(F64),
                            kind: ExprKind::Labelled(LoopId(0), outer_block()),
                        },
                        local(2, F64),
                    ))),
                },
            ),
            reference: |x| {
                let (x, y) = (to_f64(x, 0), to_f64(x, 1));
                let mut z = 0.0;
                let outer = 'outer: {
                    'inner: {
                        if x < 0.0 {
                            if y < 0.0 {
                                break 'outer 1.0;
                            }
                            break 'inner;
                        }
                        if y < 0.0 {
                            return from_f64(2.0);
                        }
                        z = 3.0;
                    }
                    if x < -1.0 {
                        return from_f64(4.0);
                    }
                    if y < 1.0 {
                        break 'outer z;
                    }
                    5.0
                };
                from_f64(outer + z)
            },
        },
        Kernel {
            name: "calls and tuples",
            program: over_elements(vec![
                function(
                    &[F64, F64],
                    &[Type::Tuple(vec![scalar(F64), scalar(F64)])],
                    scalar(F64),
                    Block {
                        statements: vec![
                            Statement::Assign {
                                local: LocalId(2),
                                path: Vec::new(),
                                value: Expr {
                                    ty: Type::Tuple(vec![scalar(F64), scalar(F64)]),
                                    kind: ExprKind::Call(FunctionId(1), vec![x(), y()]),
                                },
                            },
                            Statement::Assign {
                                local: LocalId(2),
                                path: vec![Step::Member(1)],
                                value: f64(7.0),
                            },
                        ],
                        value: Some(Box::new(binary(
                            Sub,
                            member(pair(2), 0),
                            binary(Mul, member(pair(2), 1), x()),
                        ))),
                    },
                ),
                function(
                    &[F64, F64],
                    &[],
                    Type::Tuple(vec![scalar(F64), scalar(F64)]),
                    Block {
                        statements: vec![Statement::Expr(either(
                            below(0.0),
                            value(leave(tuple(vec![y(), f64(1.0)]))),
                            run(Vec::new()),
                        ))],
                        value: Some(Box::new(tuple(vec![x(), y()]))),
                    },
                ),
            ]),
            reference: |x| {
                let (x, y) = (to_f64(x, 0), to_f64(x, 1));
                from_f64(if x < 0.0 { y } else { x } - 7.0 * x)
            },
        },
        Kernel {
            name: "an exponent that is no lane",
            // let mut n = 2; if x < 0 { n = 3 }  -- dead, of another width, and harmless
            program: program(
                &[F64],
                &[I32],
                Block {
                    statements: vec![
                        set(1, bits(I32, 2)),
                        Statement::Expr(either(
                            below(0.0),
                            run(vec![set(1, bits(I32, 3))]),
                            run(Vec::new()),
                        )),
                        set(1, bits(I32, 2)),
                    ],
                    value: Some(Box::new(binary(Powi, x(), local(1, I32)))),
                },
            ),
            reference: |x| from_f64(to_f64(x, 0) * to_f64(x, 0)),
        },
        Kernel {
            name: "a constant and an operand unused",
            program: program(&[F64, F64], &[], value(tuple(vec![f64(2.5), y()]))),
            reference: |x| vec![2.5_f64.to_bits(), x[1]],
        },
    ]
}

fn pair(k: u32) -> Expr {
    Expr {
        ty: Type::Tuple(vec![scalar(F64), scalar(F64)]),
        kind: ExprKind::Local(LocalId(k)),
    }
}

fn outer_block() -> Block {
    let x_below = |limit: f64| binary(Lt, local(0, F64), f64(limit));
    let y_below = |limit: f64| binary(Lt, local(1, F64), f64(limit));
    let break_outer = |with: Expr| never(ExprKind::Break(LoopId(0), Some(Box::new(with))));
    let when =
        |condition: Expr, then: Block| Statement::Expr(either(condition, then, run(Vec::new())));
    let inner = run(vec![
        when(
            x_below(0.0),
            Block {
                statements: vec![when(y_below(0.0), value(break_outer(f64(1.0))))],
                value: Some(Box::new(never(ExprKind::Break(LoopId(1), None)))),
            },
        ),
        when(y_below(0.0), value(leave(f64(2.0)))),
        set(2, f64(3.0)),
    ]);
    Block {
        statements: vec![
            Statement::Expr(Expr {
                ty: Type::UNIT,
                kind: ExprKind::Labelled(LoopId(1), inner),
            }),
            when(x_below(-1.0), value(leave(f64(4.0)))),
            when(y_below(1.0), value(break_outer(local(2, F64)))),
        ],
        value: Some(Box::new(f64(5.0))),
    }
}
