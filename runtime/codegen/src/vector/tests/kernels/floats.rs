//! Arithmetic of floats.

use brolga_lang::ir::{BinaryOp, Block, Expr, ExprKind, Program, Scalar, UnaryOp};

use super::*;
use BinaryOp::*;
use Scalar::{F32, F64, I32, U64};

pub(crate) fn axpy() -> Program {
    let product = binary(Mul, local(0, F64), local(1, F64));
    program(&[F64; 3], &[], value(binary(Add, product, local(2, F64))))
}

const POLYNOMIAL: [f64; 9] = [0.5, -1.25, 3.0, 0.1, -0.7, 2.5, 1e-3, -4.0, 0.25];

pub(crate) fn poly8() -> Program {
    let mut sum = f64(POLYNOMIAL[8]);
    for k in (0..8).rev() {
        sum = binary(Add, binary(Mul, sum, local(0, F64)), f64(POLYNOMIAL[k]));
    }
    program(&[F64], &[], value(sum))
}

pub(crate) fn leaky() -> Program {
    let negative = binary(Lt, local(0, F64), f64(0.0));
    let scaled = binary(Mul, f64(0.1), local(0, F64));
    program(
        &[F64],
        &[],
        value(either(negative, value(scaled), value(local(0, F64)))),
    )
}

/// Kernels that need SSE4.1, AVX and FMA for a vector loop.
pub(crate) fn for_modern_machines() -> Vec<Kernel> {
    let (x, y) = (|| local(0, F64), || local(1, F64));
    let product = || binary(Mul, x(), y());
    // { z = y + 1; z } - x * z
    let ordered = binary(
        Sub,
        Expr {
            ty: scalar(F64),
            kind: ExprKind::Block(Block {
                statements: vec![set(2, binary(Add, y(), f64(1.0)))],
                value: Some(Box::new(local(2, F64))),
            }),
        },
        binary(Mul, x(), local(2, F64)),
    );
    let mut contracted = program(
        &[F64, F64],
        &[F64],
        value(tuple(vec![
            ordered,
            binary(Add, product(), f64(0.3)),
            binary(Sub, product(), x()),
            binary(Sub, y(), product()),
            binary(Add, product(), product()),
        ])),
    );
    contracted.fastmath = true;
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
            name: "contracted",
            program: contracted,
            reference: |x| {
                let (x, y) = (to_f64(x, 0), to_f64(x, 1));
                [
                    (-x).mul_add(y + 1.0, y + 1.0),
                    x.mul_add(y, 0.3),
                    x.mul_add(y, -x),
                    (-x).mul_add(y, y),
                    x.mul_add(y, x * y),
                ]
                .map(f64::to_bits)
                .to_vec()
            },
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

pub(super) fn all() -> Vec<Kernel> {
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
            reference: |x| {
                let above = to_f32(x, 0).max(-1.5);
                from_f32(above.min(2.0))
            },
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
