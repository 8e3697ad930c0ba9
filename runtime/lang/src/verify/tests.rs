use super::verify;
use crate::ir::*;
use crate::testing::{BOOL, F64, USIZE, binary, expr, local, program, scalar};

fn block(statements: Vec<Statement>, value: Option<Expr>) -> Block {
    Block {
        statements,
        value: value.map(Box::new),
    }
}

fn assign(local: u32, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(local),
        path: Vec::new(),
        value,
    }
}

fn never(kind: ExprKind) -> Expr {
    expr(Type::Never, kind)
}

fn truth() -> Expr {
    expr(BOOL, ExprKind::Const(1))
}

fn number(value: u64) -> Expr {
    expr(USIZE, ExprKind::Const(value))
}

/// `statements; value` as the kernel's body.
fn body(statements: Vec<Statement>, value: Expr) -> Program {
    let mut program = program(value);
    program.functions[0].body.statements = statements;
    program
}

fn counted(statements: Vec<Statement>, reductions: Option<Vec<Reduction>>) -> Statement {
    numbered(7, statements, reductions)
}

fn numbered(id: u32, statements: Vec<Statement>, reductions: Option<Vec<Reduction>>) -> Statement {
    Statement::Expr(expr(
        Type::UNIT,
        ExprKind::For(Box::new(For {
            id: LoopId(id),
            variable: LocalId(4),
            start: number(0),
            end: number(9),
            inclusive: false,
            step: None,
            order: Order::Forward,
            body: block(statements, None),
            parallel: reductions.map(|reductions| Parallel { reductions }),
        })),
    ))
}

fn sum() -> Vec<Reduction> {
    vec![Reduction {
        local: LocalId(3),
        op: brolga_abi::ReductionOp::Add,
    }]
}

fn add(target: u32, value: Expr) -> Statement {
    assign(target, binary(BinaryOp::Add, local(target), value))
}

#[test]
fn sound_programs_are_accepted() {
    let jump = never(ExprKind::Return(Some(Box::new(local(0)))));
    let either = |then: Block, otherwise: Block| {
        Statement::Expr(expr(
            Type::UNIT,
            ExprKind::If(Box::new(truth()), then, otherwise),
        ))
    };
    let programs = [
        program(local(0)),
        program(binary(BinaryOp::Powf, local(0), jump.clone())),
        body(
            vec![either(
                block(vec![assign(3, local(0))], None),
                block(vec![Statement::Expr(jump.clone())], None),
            )],
            local(3),
        ),
        body(
            vec![
                assign(3, local(0)),
                counted(vec![add(3, local(1))], Some(sum())),
            ],
            local(3),
        ),
        body(
            vec![
                assign(3, local(0)),
                counted(
                    vec![numbered(8, vec![add(3, local(1))], Some(sum()))],
                    Some(sum()),
                ),
            ],
            local(3),
        ),
        program(expr(
            F64,
            ExprKind::Loop(
                LoopId(0),
                block(
                    vec![assign(3, local(0))],
                    Some(never(ExprKind::Break(LoopId(0), Some(Box::new(local(3)))))),
                ),
            ),
        )),
        body(
            vec![Statement::Expr(expr(
                Type::UNIT,
                ExprKind::Loop(
                    LoopId(0),
                    block(
                        vec![assign(3, local(0))],
                        Some(never(ExprKind::Break(LoopId(0), None))),
                    ),
                ),
            ))],
            local(3),
        ),
    ];
    for (number, program) in programs.iter().enumerate() {
        assert_eq!(verify(program), Ok(()), "{number}\n{program}");
    }
}

#[test]
fn unsound_programs_are_refused_with_the_reason() {
    let u8_255 = |bits| expr(Type::Scalar(Scalar::U8), ExprKind::Const(bits));
    let store = |mutable: bool| {
        let mut program = body(
            vec![Statement::Store {
                view: LocalId(2),
                index: vec![number(0)],
                site: SiteId(if mutable { 9 } else { 0 }),
                value: local(0),
            }],
            local(0),
        );
        let view = Type::View(ViewType {
            element: Element::Scalar(Scalar::F64),
            ndim: 1,
            mutable,
        });
        program.functions[0].locals[2].ty = view.clone();
        program.entry.params[2].ty = view;
        program
    };
    let edited = |edit: fn(&mut Program)| {
        let mut program = program(local(0));
        edit(&mut program);
        program
    };
    let cases = [
        (
            program(local(3)),
            "local 3 is read before it is initialised",
        ),
        (program(local(99)), "local 99 is not declared"),
        (program(u8_255(255)), "expected f64, found u8"),
        (
            body(vec![assign(0, u8_255(1))], local(0)),
            "u8 is assigned to local 0 of type f64",
        ),
        (
            body(vec![Statement::Expr(u8_255(256))], local(0)),
            "the constant 0x100 is too wide for u8",
        ),
        (
            program(binary(BinaryOp::And, local(0), local(1))),
            "And of Some(F64) and Some(F64) with result f64",
        ),
        (
            program(binary(BinaryOp::Powi, local(0), local(1))),
            "Powi of Some(F64) and Some(F64) with result f64",
        ),
        (
            program(expr(F64, ExprKind::Cast(Box::new(truth())))),
            "no cast from bool to f64",
        ),
        (
            program(expr(
                F64,
                ExprKind::Unary(UnaryOp::CountOnes, Box::new(local(0))),
            )),
            "wrong type f64 of Unary",
        ),
        (
            program(expr(F64, ExprKind::Member(Box::new(local(0)), 0))),
            "wrong type f64 of Member",
        ),
        (store(true), "there is no panic site 9"),
        (store(false), "a store through the immutable view 2"),
        (
            program(expr(
                F64,
                ExprKind::Load {
                    view: LocalId(2),
                    index: Vec::new(),
                    site: SiteId(0),
                },
            )),
            "0 indices for 1 axes",
        ),
        (
            body(vec![counted(vec![assign(3, local(0))], None)], local(3)),
            "local 3 is read before it is initialised",
        ),
        (
            body(
                vec![
                    assign(3, local(0)),
                    counted(vec![assign(3, local(1))], Some(Vec::new())),
                ],
                local(3),
            ),
            "the body of a prange assigns the outer local 3",
        ),
        (
            body(
                vec![
                    assign(3, local(0)),
                    counted(vec![add(3, local(3))], Some(sum())),
                ],
                local(3),
            ),
            "reduction variable 3 is read inside its loop",
        ),
        (
            body(
                vec![
                    assign(3, local(0)),
                    counted(
                        vec![numbered(
                            8,
                            Vec::new(),
                            Some(vec![Reduction {
                                local: LocalId(3),
                                op: brolga_abi::ReductionOp::Max,
                            }]),
                        )],
                        Some(sum()),
                    ),
                ],
                local(3),
            ),
            "variable 3 is reduced in two ways",
        ),
        (
            body(
                vec![
                    assign(3, local(0)),
                    counted(vec![assign(3, local(1))], Some(sum())),
                ],
                local(3),
            ),
            "reduction variable 3 is assigned",
        ),
        (
            body(
                vec![counted(
                    vec![Statement::Expr(never(ExprKind::Break(LoopId(7), None)))],
                    Some(Vec::new()),
                )],
                local(0),
            ),
            "`break` out of a prange",
        ),
        (
            body(
                vec![counted(
                    vec![Statement::Expr(never(ExprKind::Return(Some(Box::new(
                        local(0),
                    )))))],
                    Some(Vec::new()),
                )],
                local(0),
            ),
            "`return` inside a prange",
        ),
        (
            body(vec![counted(vec![], None), counted(vec![], None)], local(0)),
            "two loops have the number 7",
        ),
        (
            program(never(ExprKind::Continue(LoopId(1)))),
            "no loop 1 is around a jump to it",
        ),
        (
            program(expr(F64, ExprKind::Loop(LoopId(0), block(vec![], None)))),
            "a loop without `break` has the type f64",
        ),
        (
            program(expr(F64, ExprKind::Return(Some(Box::new(local(0)))))),
            "a jump or panic has the type f64",
        ),
        (
            program(expr(F64, ExprKind::Call(FunctionId(3), vec![]))),
            "there is no function 3",
        ),
        (
            program(expr(F64, ExprKind::Call(FunctionId(0), vec![local(0)]))),
            "1 arguments for 3 parameters of function 0",
        ),
        (
            edited(|p| p.functions[0].recursive = true),
            "function 0 is marked as recursive: true, but it is: false",
        ),
        (
            edited(|p| p.functions.push(p.functions[0].clone())),
            "function 1 is never called",
        ),
        (
            edited(|p| p.functions.clear()),
            "entry: there is no function",
        ),
        (
            edited(|p| p.entry.core_dims = 0),
            "operand 2 names an unknown core dimension",
        ),
        (
            edited(|p| p.entry.results.clear()),
            "the results [] of a function that gives f64",
        ),
        (
            edited(|p| p.functions[0].body.value = None),
            "a block without a value where f64 is expected",
        ),
        (
            edited(|p| p.functions[0].locals[3].ty = Type::Never),
            "local 3 has the type !",
        ),
        (
            edited(|p| p.functions[0].params.swap(0, 1)),
            "parameter 0 is local 1",
        ),
    ];
    for (program, reason) in cases {
        let found = verify(&program).expect_err(reason);
        assert!(found.contains(reason), "{reason}: {found}");
    }
}

#[test]
fn a_constant_of_every_type_may_be_as_wide_as_the_type() {
    for scalar_type in Scalar::ALL {
        let ones = match scalar_type {
            Scalar::Bool => 1,
            other => u64::MAX >> (64 - other.bits()),
        };
        let constant = expr(Type::Scalar(scalar_type), ExprKind::Const(ones));
        let program = body(vec![Statement::Expr(constant)], scalar(0));
        assert_eq!(verify(&program), Ok(()), "{scalar_type}");
    }
}
