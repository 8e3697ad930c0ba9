//! NumPy's promotion: which element type holds the values of several. Not the choice of a
//! kernel's specialisation, which is `dispatch`.
//!
//! Invariant: the result depends on the set of element types and kinds of literals alone,
//! neither on their order nor on any value.

use brolga_abi::DType;

use crate::casting::{Casting, can_cast};

/// The element types from narrow to wide, signed before unsigned: the order in which NumPy
/// lists the loops of its ufuncs, and in which a home for a type is looked for.
pub(crate) const WIDENING: [DType; 15] = [
    DType::Bool,
    DType::I8,
    DType::U8,
    DType::I16,
    DType::U16,
    DType::I32,
    DType::U32,
    DType::I64,
    DType::U64,
    DType::F16,
    DType::Bf16,
    DType::F32,
    DType::F64,
    DType::ComplexF32,
    DType::ComplexF64,
];

/// The kind of an untyped literal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum WeakKind {
    /// `3`: an integer up to `i64::MAX`.
    Int,
    /// `18446744073709551615`: an integer above `i64::MAX`.
    LargeInt,
    /// `2.5`
    Float,
    /// `2.5 + 1i`
    Complex,
}

impl WeakKind {
    /// The type of the literal where nothing else decides: `i64`, `u64`, `f64` or
    /// `Complex<f64>`.
    pub fn default_dtype(self) -> DType {
        match self {
            WeakKind::Int => DType::I64,
            WeakKind::LargeInt => DType::U64,
            WeakKind::Float => DType::F64,
            WeakKind::Complex => DType::ComplexF64,
        }
    }
}

/// What is known of an operand's element type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArgumentType {
    /// An array or a typed scalar.
    Strong(DType),
    /// An untyped literal, which takes the type of what stands beside it (NEP 50).
    Weak(WeakKind),
}

impl std::fmt::Display for ArgumentType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ArgumentType::Strong(dtype) => write!(f, "{dtype}"),
            ArgumentType::Weak(WeakKind::Int) => f.write_str("integer literal"),
            ArgumentType::Weak(WeakKind::LargeInt) => f.write_str("integer literal above i64::MAX"),
            ArgumentType::Weak(WeakKind::Float) => f.write_str("float literal"),
            ArgumentType::Weak(WeakKind::Complex) => f.write_str("complex literal"),
        }
    }
}

/// The smallest type to which both cast safely, as `numpy.promote_types`.
///
/// ```
/// use brolga_abi::DType;
/// use brolga_ufunc::promote;
///
/// assert_eq!(promote(DType::U8, DType::I8), DType::I16);
/// assert_eq!(promote(DType::I64, DType::U64), DType::F64);
/// ```
pub fn promote(a: DType, b: DType) -> DType {
    let holds = |to: DType| can_cast(a, to, Casting::Safe) && can_cast(b, to, Casting::Safe);
    // Every type casts safely to the last.
    WIDENING
        .into_iter()
        .find(|&to| holds(to))
        .unwrap_or(DType::ComplexF64)
}

/// The promotion of any number of operands, as `numpy.result_type`: the smallest type to
/// which all typed ones cast safely; an integer literal turns a `bool` into `i64` (or `u64`), a
/// float literal everything but floats and complex numbers into `f64`, and a complex literal
/// a real type into a complex one: `Complex<f64>`, for floats up to `f32` `Complex<f32>`.
/// `None` when there is no argument.
pub fn result_type(arguments: impl Iterator<Item = ArgumentType>) -> Option<DType> {
    let mut strong: u16 = 0;
    let mut weak_int = false;
    let mut weak_large = false;
    let mut weak_float = false;
    let mut weak_complex = false;
    for argument in arguments {
        match argument {
            ArgumentType::Strong(dtype) => strong |= 1 << dtype as u8,
            ArgumentType::Weak(WeakKind::Int) => weak_int = true,
            ArgumentType::Weak(WeakKind::LargeInt) => weak_large = true,
            ArgumentType::Weak(WeakKind::Float) => weak_float = true,
            ArgumentType::Weak(WeakKind::Complex) => weak_complex = true,
        }
    }
    let promoted = (strong != 0).then(|| {
        let holds = |to: &DType| {
            DType::ALL
                .into_iter()
                .filter(|&from| strong & (1 << from as u8) != 0)
                .all(|from| can_cast(from, *to, Casting::Safe))
        };
        WIDENING
            .into_iter()
            .find(holds)
            .unwrap_or(DType::ComplexF64)
    });
    match promoted {
        Some(dtype) if dtype.is_complex() => Some(dtype),
        Some(DType::F16 | DType::Bf16 | DType::F32) if weak_complex => Some(DType::ComplexF32),
        _ if weak_complex => Some(DType::ComplexF64),
        Some(dtype) if dtype.is_float() || dtype.is_half() => Some(dtype),
        _ if weak_float => Some(DType::F64),
        Some(DType::Bool) | None if weak_large => Some(DType::U64),
        Some(DType::Bool) | None if weak_int => Some(DType::I64),
        promoted => promoted,
    }
}
