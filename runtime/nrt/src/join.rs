//! How two partial results of a reduction are joined, for every operation and type. Not
//! how a loop's own iterations are added up: that is compiled code.
//!
//! Invariant: joining with [`ReductionOp::neutral`] on either side gives the other operand
//! bit for bit, unless that is a NaN.

use brolga_abi::{DType, ReductionOp};

/// Joins two partial results, given and returned as their bits; bits above the type's
/// width are ignored, and 0 in the result.
pub(crate) type Join = fn(u64, u64) -> u64;

/// The operation with this code.
pub(crate) fn op_from_code(code: u32) -> Option<ReductionOp> {
    const ALL: [ReductionOp; 7] = [
        ReductionOp::Add,
        ReductionOp::Mul,
        ReductionOp::Min,
        ReductionOp::Max,
        ReductionOp::And,
        ReductionOp::Or,
        ReductionOp::Xor,
    ];
    ALL.into_iter().find(|op| *op as u32 == code)
}

/// How values of `dtype` are joined by `op`; `None` exactly where the operation has no
/// neutral element.
pub(crate) fn join(op: ReductionOp, dtype: DType) -> Option<Join> {
    match dtype {
        DType::Bool => bool_join(op),
        DType::I8 => Some(i8::join(op)),
        DType::I16 => Some(i16::join(op)),
        DType::I32 => Some(i32::join(op)),
        DType::I64 => Some(i64::join(op)),
        DType::U8 => Some(u8::join(op)),
        DType::U16 => Some(u16::join(op)),
        DType::U32 => Some(u32::join(op)),
        DType::U64 => Some(u64::join(op)),
        DType::F32 => f32::join(op),
        DType::F64 => f64::join(op),
        DType::F16 | DType::Bf16 | DType::ComplexF32 | DType::ComplexF64 => None,
    }
}

/// Joins two partial results of two parts each, given and returned as their bits.
pub(crate) type JoinParts = fn([u64; 2], [u64; 2]) -> [u64; 2];

/// How complex values of `dtype` are joined by `op`; `None` exactly where
/// [`ReductionOp::neutral_parts`] has none. The operations are num-complex's.
pub(crate) fn join_parts(op: ReductionOp, dtype: DType) -> Option<JoinParts> {
    macro_rules! complex {
        ($ty:ident, $bits:ident) => {{
            fn parts([re, im]: [u64; 2]) -> ($ty, $ty) {
                ($ty::from_bits(re as $bits), $ty::from_bits(im as $bits))
            }
            fn bits(re: $ty, im: $ty) -> [u64; 2] {
                [u64::from(re.to_bits()), u64::from(im.to_bits())]
            }
            match op {
                ReductionOp::Add => Some(
                    (|a, b| {
                        let ((ar, ai), (br, bi)) = (parts(a), parts(b));
                        bits(ar + br, ai + bi)
                    }) as JoinParts,
                ),
                ReductionOp::Mul => Some(
                    (|a, b| {
                        let ((ar, ai), (br, bi)) = (parts(a), parts(b));
                        bits(ar * br - ai * bi, ar * bi + ai * br)
                    }) as JoinParts,
                ),
                _ => None,
            }
        }};
    }
    match dtype {
        DType::ComplexF32 => complex!(f32, u32),
        DType::ComplexF64 => complex!(f64, u64),
        _ => None,
    }
}

fn bool_join(op: ReductionOp) -> Option<Join> {
    match op {
        ReductionOp::Add | ReductionOp::Mul => None,
        ReductionOp::Min | ReductionOp::And => Some(|a, b| a & b & 1),
        ReductionOp::Max | ReductionOp::Or => Some(|a, b| (a | b) & 1),
        ReductionOp::Xor => Some(|a, b| (a ^ b) & 1),
    }
}

trait Integer {
    fn join(op: ReductionOp) -> Join;
}

macro_rules! integer {
    ($($ty:ident as $bits:ident,)*) => {
        $(impl Integer for $ty {
            fn join(op: ReductionOp) -> Join {
                match op {
                    ReductionOp::Add => |a, b| u64::from((a as $bits).wrapping_add(b as $bits)),
                    ReductionOp::Mul => |a, b| u64::from((a as $bits).wrapping_mul(b as $bits)),
                    ReductionOp::Min => |a, b| u64::from((a as $ty).min(b as $ty) as $bits),
                    ReductionOp::Max => |a, b| u64::from((a as $ty).max(b as $ty) as $bits),
                    ReductionOp::And => |a, b| u64::from(a as $bits & b as $bits),
                    ReductionOp::Or => |a, b| u64::from(a as $bits | b as $bits),
                    ReductionOp::Xor => |a, b| u64::from(a as $bits ^ b as $bits),
                }
            }
        })*
    };
}

integer! {
    i8 as u8,
    i16 as u16,
    i32 as u32,
    i64 as u64,
    u8 as u8,
    u16 as u16,
    u32 as u32,
    u64 as u64,
}

trait Float {
    fn join(op: ReductionOp) -> Option<Join>;
}

macro_rules! float {
    ($($ty:ident as $bits:ident,)*) => {
        $(impl Float for $ty {
            fn join(op: ReductionOp) -> Option<Join> {
                fn lift(a: u64, b: u64, f: impl Fn($ty, $ty) -> $ty) -> u64 {
                    let (a, b) = ($ty::from_bits(a as $bits), $ty::from_bits(b as $bits));
                    u64::from(f(a, b).to_bits())
                }
                match op {
                    ReductionOp::Add => Some(|a, b| lift(a, b, |a, b| a + b)),
                    ReductionOp::Mul => Some(|a, b| lift(a, b, |a, b| a * b)),
                    // Spelled out, because std leaves open which of two zeros it returns,
                    // and compilers differ.
                    ReductionOp::Min => Some(|a, b| {
                        lift(a, b, |a, b| if b < a || a.is_nan() { b } else { a })
                    }),
                    ReductionOp::Max => Some(|a, b| {
                        lift(a, b, |a, b| if b > a || a.is_nan() { b } else { a })
                    }),
                    ReductionOp::And | ReductionOp::Or | ReductionOp::Xor => None,
                }
            }
        })*
    };
}

float! {
    f32 as u32,
    f64 as u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPS: std::ops::Range<u32> = 0..7;

    fn values(dtype: DType) -> Vec<u64> {
        let ones = u64::MAX >> (64 - 8 * dtype.size());
        match dtype {
            DType::Bool => vec![0, 1],
            DType::F32 => [
                0.0,
                -0.0,
                1.5,
                -3.0,
                f32::MIN_POSITIVE / 4.0,
                f32::MAX,
                f32::INFINITY,
            ]
            .map(|x| u64::from(x.to_bits()))
            .to_vec(),
            DType::F64 => [
                0.0,
                -0.0,
                1.5,
                -3.0,
                f64::MIN_POSITIVE / 4.0,
                f64::MAX,
                f64::NEG_INFINITY,
            ]
            .map(f64::to_bits)
            .to_vec(),
            _ => vec![0, 1, 2, 7, ones, ones - 1, ones >> 1, (ones >> 1) + 1],
        }
    }

    #[test]
    fn the_neutral_element_gives_the_other_operand_bit_for_bit() {
        let mut pairs = 0;
        for op in OPS.map(|code| op_from_code(code).unwrap()) {
            for dtype in DType::ALL {
                let neutral = op.neutral(dtype);
                let join = join(op, dtype);
                assert_eq!(neutral.is_some(), join.is_some(), "{op:?} {dtype}");
                let (Some(neutral), Some(join)) = (neutral, join) else {
                    continue;
                };
                pairs += 1;
                for x in values(dtype) {
                    assert_eq!(join(neutral, x), x, "{op:?} {dtype} {x:#x}");
                    assert_eq!(join(x, neutral), x, "{op:?} {dtype} {x:#x}");
                }
            }
        }
        assert_eq!(pairs, 7 * 11 - 2 - 6);
        assert_eq!(op_from_code(7), None);
    }

    #[test]
    fn complex_numbers_are_added_and_multiplied() {
        for op in OPS.map(|code| op_from_code(code).unwrap()) {
            for dtype in DType::ALL {
                let (neutral, join) = (op.neutral_parts(dtype), join_parts(op, dtype));
                assert_eq!(neutral.is_some(), join.is_some(), "{op:?} {dtype}");
                let (Some(neutral), Some(join)) = (neutral, join) else {
                    continue;
                };
                let one = ReductionOp::Mul.neutral(dtype.part()).unwrap();
                let x = [one, one];
                assert_eq!(join(neutral, x), x, "{op:?} {dtype}");
                assert_eq!(join(x, neutral), x, "{op:?} {dtype}");
            }
        }
        let bits = |re: f64, im: f64| [re.to_bits(), im.to_bits()];
        let mul = join_parts(ReductionOp::Mul, DType::ComplexF64).unwrap();
        assert_eq!(mul(bits(1.0, 2.0), bits(3.0, -4.0)), bits(11.0, 2.0));
        let add = join_parts(ReductionOp::Add, DType::ComplexF32).unwrap();
        let bits = |re: f32, im: f32| [u64::from(re.to_bits()), u64::from(im.to_bits())];
        assert_eq!(add(bits(1.0, 2.0), bits(3.0, -4.0)), bits(4.0, -2.0));
    }

    #[test]
    fn joins_mean_what_the_operators_mean() {
        let minus = |x: i64, bytes: u32| (-x) as u64 & (u64::MAX >> (64 - 8 * bytes));
        let f = |x: f64| x.to_bits();
        let g = |x: f32| u64::from(x.to_bits());
        for (op, dtype, a, b, result) in [
            (ReductionOp::Add, DType::U8, 200, 100, 44),
            (ReductionOp::Add, DType::I16, 0x7fff, 1, 0x8000),
            (ReductionOp::Mul, DType::I32, minus(3, 4), 5, minus(15, 4)),
            (ReductionOp::Mul, DType::U64, 1 << 63, 2, 0),
            (ReductionOp::Min, DType::I8, minus(1, 1), 1, minus(1, 1)),
            (ReductionOp::Min, DType::U8, minus(1, 1), 1, 1),
            (ReductionOp::Max, DType::I64, minus(1, 8), 1, 1),
            (ReductionOp::Max, DType::U32, minus(1, 4), 1, minus(1, 4)),
            (ReductionOp::And, DType::U16, 0xff0f, 0x10f0, 0x1000),
            (ReductionOp::Or, DType::I8, 0x80, 1, 0x81),
            (ReductionOp::Xor, DType::I64, 6, 3, 5),
            (ReductionOp::And, DType::Bool, 1, 0, 0),
            (ReductionOp::Xor, DType::Bool, 1, 1, 0),
            (ReductionOp::Min, DType::Bool, 1, 0, 0),
            (ReductionOp::Max, DType::Bool, 1, 0, 1),
            (ReductionOp::Add, DType::F64, f(0.1), f(0.2), f(0.1 + 0.2)),
            (ReductionOp::Mul, DType::F32, g(0.1), g(3.0), g(0.1 * 3.0)),
            (ReductionOp::Min, DType::F64, f(2.0), f(-1.0), f(-1.0)),
            (ReductionOp::Max, DType::F32, g(2.0), g(-1.0), g(2.0)),
            (ReductionOp::Min, DType::F64, f(0.0), f(-0.0), f(0.0)),
            (ReductionOp::Max, DType::F64, f(-0.0), f(0.0), f(-0.0)),
            // Bits above the width count for nothing.
            (ReductionOp::Add, DType::U8, 0xaa01, 0xbb02, 3),
        ] {
            let join = join(op, dtype).unwrap();
            assert_eq!(join(a, b), result, "{op:?} {dtype} {a:#x} {b:#x}");
        }
        let min = join(ReductionOp::Min, DType::F64).unwrap();
        assert!(f64::from_bits(min(f(f64::NAN), f(f64::NAN))).is_nan());
    }
}
