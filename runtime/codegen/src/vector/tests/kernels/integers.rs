//! Arithmetic of integers.

use brolga_lang::ir::{BinaryOp, Block, Scalar, UnaryOp};

use super::*;
use BinaryOp::*;
use Scalar::{F32, F64, I32, I64, U32, U64, Usize};

pub(super) fn all() -> Vec<Kernel> {
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
