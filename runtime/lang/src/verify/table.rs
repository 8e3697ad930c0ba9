//! What each operation demands of its operands, and what it gives: the one table that the
//! verifier, the checker and codegen have to agree on.

use crate::ir::{BinaryOp, Scalar, UnaryOp};

/// A set of scalar types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Integers.
    Integer,
    /// `f32` and `f64`.
    Float,
    /// Signed integers and floats.
    Signed,
    /// Integers and floats.
    Number,
    /// Integers and bool.
    Bits,
    /// `u32` and `u64`.
    FloatBits,
    /// This one.
    Is(Scalar),
    /// All.
    Any,
}

impl Class {
    pub(super) fn admits(self, scalar: Scalar) -> bool {
        match self {
            Class::Integer => scalar.is_integer(),
            Class::Float => scalar.is_float(),
            Class::Signed => scalar.is_signed() || scalar.is_float(),
            Class::Number => scalar != Scalar::Bool,
            Class::Bits => scalar.is_integer() || scalar == Scalar::Bool,
            Class::FloatBits => matches!(scalar, Scalar::U32 | Scalar::U64),
            Class::Is(wanted) => scalar == wanted,
            Class::Any => true,
        }
    }
}

/// The type of a result, or of the second operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    /// The first operand's.
    Same,
    /// This one.
    Is(Scalar),
    /// Any integer.
    AnyInteger,
    /// The unsigned integer as wide as the float.
    Bits,
    /// The float as wide as the unsigned integer.
    FromBits,
}

impl Rule {
    pub(super) fn admits(self, first: Scalar, scalar: Scalar) -> bool {
        match self {
            Rule::Same => scalar == first,
            Rule::Is(wanted) => scalar == wanted,
            Rule::AnyInteger => scalar.is_integer(),
            Rule::Bits => matches!(
                (first, scalar),
                (Scalar::F32, Scalar::U32) | (Scalar::F64, Scalar::U64)
            ),
            Rule::FromBits => matches!(
                (first, scalar),
                (Scalar::U32, Scalar::F32) | (Scalar::U64, Scalar::F64)
            ),
        }
    }
}

/// The operand and the result.
pub(super) fn unary(op: UnaryOp) -> (Class, Rule) {
    match op {
        UnaryOp::Neg | UnaryOp::Abs => (Class::Signed, Rule::Same),
        UnaryOp::Not => (Class::Bits, Rule::Same),
        UnaryOp::ToBits => (Class::Float, Rule::Bits),
        UnaryOp::FromBits => (Class::FloatBits, Rule::FromBits),
        UnaryOp::CountOnes | UnaryOp::LeadingZeros | UnaryOp::TrailingZeros => {
            (Class::Integer, Rule::Is(Scalar::U32))
        }
        UnaryOp::SwapBytes | UnaryOp::ReverseBits => (Class::Integer, Rule::Same),
        UnaryOp::Sqrt
        | UnaryOp::Floor
        | UnaryOp::Ceil
        | UnaryOp::Trunc
        | UnaryOp::RoundTiesEven
        | UnaryOp::Exp
        | UnaryOp::Exp2
        | UnaryOp::ExpM1
        | UnaryOp::Ln
        | UnaryOp::Ln1p
        | UnaryOp::Log2
        | UnaryOp::Log10
        | UnaryOp::Sin
        | UnaryOp::Cos
        | UnaryOp::Tan
        | UnaryOp::Asin
        | UnaryOp::Acos
        | UnaryOp::Atan
        | UnaryOp::Sinh
        | UnaryOp::Cosh
        | UnaryOp::Tanh
        | UnaryOp::Asinh
        | UnaryOp::Acosh
        | UnaryOp::Atanh
        | UnaryOp::Cbrt
        | UnaryOp::Erf
        | UnaryOp::Erfc
        | UnaryOp::Gamma
        | UnaryOp::Lgamma => (Class::Float, Rule::Same),
        UnaryOp::F32FromF16 | UnaryOp::F32FromBf16 => {
            (Class::Is(Scalar::U16), Rule::Is(Scalar::F32))
        }
        UnaryOp::F16FromF32 | UnaryOp::Bf16FromF32 => {
            (Class::Is(Scalar::F32), Rule::Is(Scalar::U16))
        }
        UnaryOp::F16FromF64 | UnaryOp::Bf16FromF64 => {
            (Class::Is(Scalar::F64), Rule::Is(Scalar::U16))
        }
    }
}

/// The first operand, the second, and the result.
pub(super) fn binary(op: BinaryOp) -> (Class, Rule, Rule) {
    match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Min | BinaryOp::Max => {
            (Class::Number, Rule::Same, Rule::Same)
        }
        BinaryOp::Div
        | BinaryOp::Rem
        | BinaryOp::Copysign
        | BinaryOp::Atan2
        | BinaryOp::Hypot
        | BinaryOp::Powf => (Class::Float, Rule::Same, Rule::Same),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => (Class::Bits, Rule::Same, Rule::Same),
        BinaryOp::Shl | BinaryOp::Shr => (Class::Integer, Rule::AnyInteger, Rule::Same),
        BinaryOp::RotateLeft | BinaryOp::RotateRight | BinaryOp::Pow => {
            (Class::Integer, Rule::Is(Scalar::U32), Rule::Same)
        }
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            (Class::Any, Rule::Same, Rule::Is(Scalar::Bool))
        }
        BinaryOp::SaturatingAdd | BinaryOp::SaturatingSub | BinaryOp::MulHigh => {
            (Class::Integer, Rule::Same, Rule::Same)
        }
        BinaryOp::Powi => (Class::Float, Rule::Is(Scalar::I32), Rule::Same),
    }
}

/// Whether `from as to` exists.
pub(super) fn cast(from: Scalar, to: Scalar) -> bool {
    match (from, to) {
        (Scalar::Bool, to) => !to.is_float(),
        (_, Scalar::Bool) => false,
        _ => true,
    }
}
