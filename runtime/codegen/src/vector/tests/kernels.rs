//! Elementwise kernels as IR built by hand, each with the same function in Rust.

use brolga_lang::ir::{
    BinaryOp, Block, Entry, Expr, ExprKind, Function, FunctionId, LazyOp, Local, LocalId, LoopId,
    Operand, Program, Scalar, Statement, Type, UnaryOp, Unhashed,
};

use BinaryOp::*;
use Scalar::{Bool, F32, F64, I32, I64, U32, U64, Usize};

/// A kernel with its meaning: the bits of the operands of one element to those of its
/// results, both as in `ExprKind::Const`.
pub(super) struct Kernel {
    pub(super) name: &'static str,
    pub(super) program: Program,
    pub(super) reference: fn(&[u64]) -> Vec<u64>,
}

pub(super) fn scalar(ty: Scalar) -> Type {
    Type::Scalar(ty)
}

pub(super) fn bits(ty: Scalar, bits: u64) -> Expr {
    Expr {
        ty: scalar(ty),
        kind: ExprKind::Const(bits),
    }
}

pub(super) fn f64(value: f64) -> Expr {
    bits(F64, value.to_bits())
}

pub(super) fn f32(value: f32) -> Expr {
    bits(F32, u64::from(value.to_bits()))
}

pub(super) fn local(k: u32, ty: Scalar) -> Expr {
    Expr {
        ty: scalar(ty),
        kind: ExprKind::Local(LocalId(k)),
    }
}

pub(super) fn unary(op: UnaryOp, x: Expr) -> Expr {
    Expr {
        ty: x.ty.clone(),
        kind: ExprKind::Unary(op, Box::new(x)),
    }
}

pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let ty = match op {
        Eq | Ne | Lt | Le | Gt | Ge => scalar(Bool),
        _ => a.ty.clone(),
    };
    Expr {
        ty,
        kind: ExprKind::Binary(op, Box::new(a), Box::new(b)),
    }
}

pub(super) fn cast(x: Expr, to: Scalar) -> Expr {
    Expr {
        ty: scalar(to),
        kind: ExprKind::Cast(Box::new(x)),
    }
}

pub(super) fn lazy(op: LazyOp, a: Expr, b: Expr) -> Expr {
    Expr {
        ty: scalar(Bool),
        kind: ExprKind::Lazy(op, Box::new(a), Box::new(b)),
    }
}

pub(super) fn value(value: Expr) -> Block {
    Block {
        statements: Vec::new(),
        value: Some(Box::new(value)),
    }
}

pub(super) fn run(statements: Vec<Statement>) -> Block {
    Block {
        statements,
        value: None,
    }
}

pub(super) fn set(k: u32, value: Expr) -> Statement {
    Statement::Assign {
        local: LocalId(k),
        path: Vec::new(),
        value,
    }
}

pub(super) fn either(condition: Expr, then: Block, otherwise: Block) -> Expr {
    let ty = match (&then.value, &otherwise.value) {
        (Some(then), _) if then.ty != Type::Never => then.ty.clone(),
        (_, Some(otherwise)) => otherwise.ty.clone(),
        _ => Type::UNIT,
    };
    Expr {
        ty,
        kind: ExprKind::If(Box::new(condition), then, otherwise),
    }
}

pub(super) fn never(kind: ExprKind) -> Expr {
    Expr {
        ty: Type::Never,
        kind,
    }
}

pub(super) fn leave(value: Expr) -> Expr {
    never(ExprKind::Return(Some(Box::new(value))))
}

pub(super) fn tuple(parts: Vec<Expr>) -> Expr {
    Expr {
        ty: Type::Tuple(parts.iter().map(|part| part.ty.clone()).collect()),
        kind: ExprKind::Tuple(parts),
    }
}

pub(super) fn member(tuple: Expr, k: u32) -> Expr {
    let Type::Tuple(parts) = &tuple.ty else {
        panic!("not a tuple")
    };
    Expr {
        ty: parts[k as usize].clone(),
        kind: ExprKind::Member(Box::new(tuple), k),
    }
}

pub(super) fn function(params: &[Scalar], locals: &[Type], result: Type, body: Block) -> Function {
    Function {
        name: Unhashed("kernel".to_string()),
        params: (0..params.len() as u32).map(LocalId).collect(),
        locals: params
            .iter()
            .map(|&ty| scalar(ty))
            .chain(locals.iter().cloned())
            .map(|ty| Local {
                name: Unhashed(String::new()),
                ty,
            })
            .collect(),
        result,
        body,
        recursive: false,
    }
}

/// A program of `functions[0]`, which is over elements.
pub(super) fn over_elements(functions: Vec<Function>) -> Program {
    let kernel = &functions[0];
    let results = match &kernel.result {
        Type::Scalar(result) => vec![*result],
        Type::Tuple(parts) => parts
            .iter()
            .map(|part| match part {
                Type::Scalar(part) => *part,
                _ => panic!("a nested result"),
            })
            .collect(),
        Type::View(_) | Type::Never => panic!("not a result"),
    };
    Program {
        entry: Entry {
            params: kernel
                .params
                .iter()
                .map(|param| Operand {
                    ty: kernel.locals[param.0 as usize].ty.clone(),
                    core: Vec::new(),
                })
                .collect(),
            results,
            core_dims: 0,
            fixed_dims: Vec::new(),
            looped: true,
            parallel: false,
        },
        functions,
        fastmath: false,
        sites: Unhashed(Vec::new()),
    }
}

pub(super) fn program(params: &[Scalar], locals: &[Scalar], body: Block) -> Program {
    let locals: Vec<Type> = locals.iter().map(|&ty| scalar(ty)).collect();
    let result = body.value.as_ref().expect("a value").ty.clone();
    over_elements(vec![function(params, &locals, result, body)])
}

fn to_f64(bits: &[u64], k: usize) -> f64 {
    f64::from_bits(bits[k])
}

fn to_f32(bits: &[u64], k: usize) -> f32 {
    f32::from_bits(bits[k] as u32)
}

fn from_f64(value: f64) -> Vec<u64> {
    vec![value.to_bits()]
}

fn from_f32(value: f32) -> Vec<u64> {
    vec![u64::from(value.to_bits())]
}

pub(super) fn axpy() -> Program {
    let product = binary(Mul, local(0, F64), local(1, F64));
    program(&[F64; 3], &[], value(binary(Add, product, local(2, F64))))
}

const POLYNOMIAL: [f64; 9] = [0.5, -1.25, 3.0, 0.1, -0.7, 2.5, 1e-3, -4.0, 0.25];

pub(super) fn poly8() -> Program {
    let mut sum = f64(POLYNOMIAL[8]);
    for k in (0..8).rev() {
        sum = binary(Add, binary(Mul, sum, local(0, F64)), f64(POLYNOMIAL[k]));
    }
    program(&[F64], &[], value(sum))
}

pub(super) fn leaky() -> Program {
    let negative = binary(Lt, local(0, F64), f64(0.0));
    let scaled = binary(Mul, f64(0.1), local(0, F64));
    program(
        &[F64],
        &[],
        value(either(negative, value(scaled), value(local(0, F64)))),
    )
}

/// Every kernel that must have a vector loop.
pub(super) fn all() -> Vec<Kernel> {
    let mut kernels = floats();
    kernels.extend(integers());
    kernels.extend(masks());
    kernels.extend(paths());
    kernels
}

/// Kernels that need SSE4.1, AVX and FMA for a vector loop.
pub(super) fn for_modern_machines() -> Vec<Kernel> {
    let (x, y) = (|| local(0, F64), || local(1, F64));
    let fused = Expr {
        ty: scalar(F64),
        kind: ExprKind::Fma(Box::new(x()), Box::new(y()), Box::new(f64(-0.1))),
    };
    let results = [
        UnaryOp::Floor,
        UnaryOp::Ceil,
        UnaryOp::Trunc,
        UnaryOp::RoundTiesEven,
    ]
    .map(|op| unary(op, x()));
    vec![
        Kernel {
            name: "fused",
            program: program(&[F64, F64], &[], value(fused)),
            reference: |x| from_f64(to_f64(x, 0).mul_add(to_f64(x, 1), -0.1)),
        },
        Kernel {
            name: "rounded",
            program: program(&[F64], &[], value(tuple(results.to_vec()))),
            reference: |x| {
                let x = to_f64(x, 0);
                [x.floor(), x.ceil(), x.trunc(), x.round_ties_even()]
                    .map(f64::to_bits)
                    .to_vec()
            },
        },
    ]
}

fn floats() -> Vec<Kernel> {
    vec![
        Kernel {
            name: "axpy",
            program: axpy(),
            reference: |x| from_f64(to_f64(x, 0) * to_f64(x, 1) + to_f64(x, 2)),
        },
        Kernel {
            name: "poly8",
            program: poly8(),
            reference: |x| {
                let x = to_f64(x, 0);
                from_f64(
                    (0..8)
                        .rev()
                        .fold(POLYNOMIAL[8], |s, k| s * x + POLYNOMIAL[k]),
                )
            },
        },
        Kernel {
            name: "leaky",
            program: leaky(),
            reference: |x| {
                let x = to_f64(x, 0);
                from_f64(if x < 0.0 { 0.1 * x } else { x })
            },
        },
        Kernel {
            name: "relu by if",
            program: program(
                &[F32],
                &[],
                value(either(
                    binary(Lt, local(0, F32), f32(0.0)),
                    value(f32(0.0)),
                    value(local(0, F32)),
                )),
            ),
            reference: |x| {
                let x = to_f32(x, 0);
                from_f32(if x < 0.0 { 0.0 } else { x })
            },
        },
        Kernel {
            name: "clip",
            program: program(
                &[F32],
                &[],
                value(binary(Min, binary(Max, local(0, F32), f32(-1.5)), f32(2.0))),
            ),
            reference: |x| from_f32(to_f32(x, 0).max(-1.5).min(2.0)),
        },
        Kernel {
            name: "max with zero",
            program: program(&[F64], &[], value(binary(Max, local(0, F64), f64(0.0)))),
            reference: |x| {
                let x = to_f64(x, 0);
                // Of two zeros the first operand.
                from_f64(if x == 0.0 { x } else { x.max(0.0) })
            },
        },
        Kernel {
            name: "min and max of two",
            program: program(
                &[F64; 2],
                &[],
                value(tuple(vec![
                    binary(Min, local(0, F64), local(1, F64)),
                    binary(Max, local(0, F64), local(1, F64)),
                    binary(Min, f64(1.0), local(1, F64)),
                ])),
            ),
            reference: |x| {
                let (a, b) = (to_f64(x, 0), to_f64(x, 1));
                let first = a == b;
                vec![
                    if first { a } else { a.min(b) }.to_bits(),
                    if first { a } else { a.max(b) }.to_bits(),
                    1.0_f64.min(b).to_bits(),
                ]
            },
        },
        Kernel {
            name: "signs",
            program: program(
                &[F32; 2],
                &[],
                value(tuple(vec![
                    unary(UnaryOp::Abs, local(0, F32)),
                    unary(UnaryOp::Neg, local(0, F32)),
                    binary(Copysign, local(0, F32), local(1, F32)),
                ])),
            ),
            reference: |x| {
                let (a, b) = (to_f32(x, 0), to_f32(x, 1));
                [a.abs(), -a, a.copysign(b)]
                    .map(|value| u64::from(value.to_bits()))
                    .to_vec()
            },
        },
        Kernel {
            name: "roots and quotients",
            program: program(
                &[F64; 2],
                &[],
                value(binary(
                    Sub,
                    unary(UnaryOp::Sqrt, local(0, F64)),
                    binary(Div, local(0, F64), local(1, F64)),
                )),
            ),
            reference: |x| {
                let (a, b) = (to_f64(x, 0), to_f64(x, 1));
                from_f64(a.sqrt() - a / b)
            },
        },
        Kernel {
            name: "powi",
            program: program(
                &[F64],
                &[],
                value(tuple(vec![
                    binary(Powi, local(0, F64), bits(I32, 5)),
                    binary(Powi, local(0, F64), bits(I32, u64::from(-3_i32 as u32))),
                    binary(Powi, local(0, F64), bits(I32, 0)),
                ])),
            ),
            reference: |x| {
                let x = to_f64(x, 0);
                let square = x * x;
                vec![
                    (x * (square * square)).to_bits(),
                    (1.0 / (x * square)).to_bits(),
                    1.0_f64.to_bits(),
                ]
            },
        },
        Kernel {
            name: "bits of floats",
            program: program(
                &[F64],
                &[],
                value(Expr {
                    ty: scalar(F64),
                    kind: ExprKind::Unary(
                        UnaryOp::FromBits,
                        Box::new(binary(
                            Xor,
                            Expr {
                                ty: scalar(U64),
                                kind: ExprKind::Unary(UnaryOp::ToBits, Box::new(local(0, F64))),
                            },
                            bits(U64, 0x8000_0000_0000_0001),
                        )),
                    ),
                }),
            ),
            reference: |x| vec![x[0] ^ 0x8000_0000_0000_0001],
        },
    ]
}

fn integers() -> Vec<Kernel> {
    vec![
        Kernel {
            name: "mix u32",
            program: {
                let x = || local(1, U32);
                program(
                    &[U32],
                    &[U32],
                    Block {
                        statements: vec![
                            set(
                                1,
                                binary(
                                    Xor,
                                    local(0, U32),
                                    binary(Shr, local(0, U32), bits(I64, 16)),
                                ),
                            ),
                            set(1, binary(Mul, x(), bits(U32, 0x7feb_352d))),
                            set(1, binary(Add, x(), binary(RotateLeft, x(), bits(U32, 13)))),
                            set(1, binary(Sub, x(), binary(RotateRight, x(), bits(U32, 40)))),
                            set(1, binary(Or, x(), binary(Shl, x(), bits(U32, 37)))),
                            set(1, binary(Pow, x(), bits(U32, 3))),
                        ],
                        value: Some(Box::new(binary(
                            And,
                            x(),
                            unary(UnaryOp::Not, local(0, U32)),
                        ))),
                    },
                )
            },
            reference: |x| {
                let a = x[0] as u32;
                let mut x = a ^ (a >> 16);
                x = x.wrapping_mul(0x7feb_352d);
                x = x.wrapping_add(x.rotate_left(13));
                x = x.wrapping_sub(x.rotate_right(8));
                x |= x << 5;
                x = x.wrapping_mul(x).wrapping_mul(x);
                vec![u64::from(x & !a)]
            },
        },
        Kernel {
            name: "mix i64",
            program: {
                let (a, b) = (|| local(0, I64), || local(1, I64));
                program(
                    &[I64; 2],
                    &[],
                    value(tuple(vec![
                        binary(Mul, a(), b()),
                        binary(Shr, a(), bits(U32, 3)),
                        binary(Shr, a(), bits(U32, 32)),
                        binary(Shr, a(), bits(U32, 45)),
                        unary(UnaryOp::Abs, a()),
                        unary(UnaryOp::Neg, a()),
                        binary(Min, a(), b()),
                        binary(Max, a(), b()),
                        cast(cast(a(), U64), F64),
                        cast(a(), F64),
                    ])),
                )
            },
            reference: |x| {
                let (a, b) = (x[0] as i64, x[1] as i64);
                [
                    a.wrapping_mul(b),
                    a >> 3,
                    a >> 32,
                    a >> 45,
                    a.wrapping_abs(),
                    a.wrapping_neg(),
                    a.min(b),
                    a.max(b),
                ]
                .map(|value| value as u64)
                .into_iter()
                .chain([(a as u64 as f64).to_bits(), (a as f64).to_bits()])
                .collect()
            },
        },
        Kernel {
            name: "mix i32",
            program: {
                let (a, b) = (|| local(0, I32), || local(1, I32));
                program(
                    &[I32; 2],
                    &[],
                    value(tuple(vec![
                        binary(Mul, a(), b()),
                        binary(Shr, a(), bits(U32, 3)),
                        unary(UnaryOp::Abs, a()),
                        binary(Min, a(), b()),
                        binary(Max, a(), b()),
                        binary(SaturatingAdd, a(), b()),
                        binary(SaturatingSub, a(), b()),
                        cast(cast(a(), U32), F32),
                        cast(a(), F32),
                    ])),
                )
            },
            reference: |x| {
                let (a, b) = (x[0] as i32, x[1] as i32);
                [
                    a.wrapping_mul(b),
                    a >> 3,
                    a.wrapping_abs(),
                    a.min(b),
                    a.max(b),
                    a.saturating_add(b),
                    a.saturating_sub(b),
                    (a as u32 as f32).to_bits() as i32,
                    (a as f32).to_bits() as i32,
                ]
                .map(|value| u64::from(value as u32))
                .to_vec()
            },
        },
        Kernel {
            name: "unsigned extremes",
            program: {
                let (a, b) = (|| local(0, U64), || local(1, U64));
                program(
                    &[U64; 2],
                    &[],
                    value(tuple(vec![
                        binary(Min, a(), b()),
                        binary(Max, a(), b()),
                        binary(SaturatingAdd, a(), b()),
                        binary(SaturatingSub, a(), b()),
                        cast(a(), Usize),
                    ])),
                )
            },
            reference: |x| {
                let (a, b) = (x[0], x[1]);
                vec![
                    a.min(b),
                    a.max(b),
                    a.saturating_add(b),
                    a.saturating_sub(b),
                    a,
                ]
            },
        },
        Kernel {
            name: "unsigned extremes u32",
            program: {
                let (a, b) = (|| local(0, U32), || local(1, U32));
                program(
                    &[U32; 2],
                    &[],
                    value(tuple(vec![binary(Min, a(), b()), binary(Max, a(), b())])),
                )
            },
            reference: |x| vec![x[0].min(x[1]), x[0].max(x[1])],
        },
        Kernel {
            name: "f32 to integers",
            program: program(
                &[F32],
                &[],
                value(tuple(vec![
                    cast(local(0, F32), I32),
                    cast(local(0, F32), U32),
                ])),
            ),
            reference: |x| {
                let x = to_f32(x, 0);
                vec![u64::from(x as i32 as u32), u64::from(x as u32)]
            },
        },
    ]
}

/// Every comparison of two operands of this type, as bools.
fn comparisons(ty: Scalar) -> Program {
    program(
        &[ty; 2],
        &[],
        value(tuple(
            [Eq, Ne, Lt, Le, Gt, Ge]
                .map(|op| binary(op, local(0, ty), local(1, ty)))
                .to_vec(),
        )),
    )
}

/// The same as numbers, by a select.
fn chosen(ty: Scalar) -> Program {
    program(
        &[ty; 2],
        &[],
        value(tuple(
            [Eq, Ne, Lt, Le, Gt, Ge]
                .map(|op| {
                    either(
                        binary(op, local(0, ty), local(1, ty)),
                        value(local(0, ty)),
                        value(local(1, ty)),
                    )
                })
                .to_vec(),
        )),
    )
}

fn truths<T: PartialOrd>(a: T, b: T) -> [bool; 6] {
    [a == b, a != b, a < b, a <= b, a > b, a >= b]
}

fn as_bits(truths: [bool; 6]) -> Vec<u64> {
    truths.map(u64::from).to_vec()
}

fn pick(truths: [bool; 6], x: &[u64]) -> Vec<u64> {
    truths.map(|truth| if truth { x[0] } else { x[1] }).to_vec()
}

fn masks() -> Vec<Kernel> {
    let mut kernels = Vec::new();
    macro_rules! compared {
        ($($ty:ident, $truths:expr;)*) => {
            $(
                kernels.push(Kernel {
                    name: concat!("comparisons ", stringify!($ty)),
                    program: comparisons($ty),
                    reference: |x| as_bits($truths(x)),
                });
                kernels.push(Kernel {
                    name: concat!("selects ", stringify!($ty)),
                    program: chosen($ty),
                    reference: |x| pick($truths(x), x),
                });
            )*
        };
    }
    compared! {
        F64, |x: &[u64]| truths(to_f64(x, 0), to_f64(x, 1));
        F32, |x: &[u64]| truths(to_f32(x, 0), to_f32(x, 1));
        I64, |x: &[u64]| truths(x[0] as i64, x[1] as i64);
        U64, |x: &[u64]| truths(x[0], x[1]);
        I32, |x: &[u64]| truths(x[0] as i32, x[1] as i32);
        U32, |x: &[u64]| truths(x[0], x[1]);
    }
    kernels.push(Kernel {
        name: "comparisons of bools",
        program: comparisons(Bool),
        reference: |x| as_bits(truths(x[0] != 0, x[1] != 0)),
    });
    kernels.push(Kernel {
        name: "bools alone",
        program: program(
            &[Bool; 3],
            &[],
            value(either(
                local(0, Bool),
                value(binary(Xor, local(1, Bool), local(2, Bool))),
                value(unary(UnaryOp::Not, local(2, Bool))),
            )),
        ),
        reference: |x| vec![if x[0] != 0 { x[1] ^ x[2] } else { x[2] ^ 1 }],
    });
    for (name, ty, reference) in [
        (
            "bool operand with f64",
            F64,
            (|x| {
                let chosen = if x[0] != 0 { x[1] } else { x[2] };
                let positive = f64::from_bits(chosen) > 0.0;
                vec![
                    chosen,
                    u64::from(positive),
                    u64::from(positive & (x[0] != 0)),
                ]
            }) as fn(&[u64]) -> Vec<u64>,
        ),
        ("bool operand with f32", F32, |x| {
            let chosen = if x[0] != 0 { x[1] } else { x[2] };
            let positive = f32::from_bits(chosen as u32) > 0.0;
            vec![
                chosen,
                u64::from(positive),
                u64::from(positive & (x[0] != 0)),
            ]
        }),
    ] {
        let zero = bits(ty, 0);
        kernels.push(Kernel {
            name,
            program: over_elements(vec![function(
                &[Bool, ty, ty],
                &[scalar(ty), scalar(Bool)],
                Type::Tuple(vec![scalar(ty), scalar(Bool), scalar(Bool)]),
                Block {
                    statements: vec![
                        set(
                            3,
                            either(local(0, Bool), value(local(1, ty)), value(local(2, ty))),
                        ),
                        set(4, binary(Gt, local(3, ty), zero)),
                    ],
                    value: Some(Box::new(tuple(vec![
                        local(3, ty),
                        local(4, Bool),
                        binary(And, local(4, Bool), local(0, Bool)),
                    ]))),
                },
            )]),
            reference,
        });
    }
    kernels.push(Kernel {
        name: "count of truths",
        program: program(
            &[I64; 2],
            &[],
            value(binary(
                Add,
                cast(binary(Lt, local(0, I64), local(1, I64)), I64),
                cast(
                    lazy(
                        LazyOp::Or,
                        binary(Eq, local(0, I64), bits(I64, 0)),
                        lazy(
                            LazyOp::And,
                            binary(Gt, local(1, I64), bits(I64, 0)),
                            binary(Ne, local(0, I64), bits(I64, 1)),
                        ),
                    ),
                    I64,
                ),
            )),
        ),
        reference: |x| {
            let (a, b) = (x[0] as i64, x[1] as i64);
            vec![u64::from(a < b) + u64::from(a == 0 || (b > 0 && a != 1))]
        },
    });
    kernels
}

fn paths() -> Vec<Kernel> {
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
                                path: vec![1],
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
