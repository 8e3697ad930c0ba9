//! Comparisons, selects and bools in memory.

use brolga_lang::ir::{BinaryOp, Block, LazyOp, Program, Scalar, Type, UnaryOp};

use super::*;
use BinaryOp::*;
use Scalar::{Bool, F32, F64, I32, I64, U32, U64};

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

pub(super) fn all() -> Vec<Kernel> {
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
