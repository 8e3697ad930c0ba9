//! Element types of arrays. Not the types of the kernel language: `isize` and `usize` are
//! `I64` and `U64` in memory.

use serde::{Deserialize, Serialize};

/// The type of an array's elements, in the machine's byte order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum DType {
    /// One byte, 0 or 1.
    Bool = 0,
    /// Signed, 8 bits.
    I8 = 1,
    /// Signed, 16 bits.
    I16 = 2,
    /// Signed, 32 bits.
    I32 = 3,
    /// Signed, 64 bits.
    I64 = 4,
    /// Unsigned, 8 bits.
    U8 = 5,
    /// Unsigned, 16 bits.
    U16 = 6,
    /// Unsigned, 32 bits.
    U32 = 7,
    /// Unsigned, 64 bits.
    U64 = 8,
    /// IEEE 754 binary32.
    F32 = 9,
    /// IEEE 754 binary64.
    F64 = 10,
    /// IEEE 754 binary16.
    F16 = 11,
    /// bfloat16: the upper half of a binary32.
    Bf16 = 12,
    /// Two binary32, the real part first.
    ComplexF32 = 13,
    /// Two binary64, the real part first.
    ComplexF64 = 14,
}

impl DType {
    /// Every element type, in the order of [`DType::from_code`].
    pub const ALL: [DType; 15] = [
        DType::Bool,
        DType::I8,
        DType::I16,
        DType::I32,
        DType::I64,
        DType::U8,
        DType::U16,
        DType::U32,
        DType::U64,
        DType::F32,
        DType::F64,
        DType::F16,
        DType::Bf16,
        DType::ComplexF32,
        DType::ComplexF64,
    ];

    /// The size of one element, in bytes.
    pub const fn size(self) -> usize {
        match self {
            DType::Bool | DType::I8 | DType::U8 => 1,
            DType::I16 | DType::U16 | DType::F16 | DType::Bf16 => 2,
            DType::I32 | DType::U32 | DType::F32 => 4,
            DType::I64 | DType::U64 | DType::F64 | DType::ComplexF32 => 8,
            DType::ComplexF64 => 16,
        }
    }

    /// The alignment of one element, in bytes: its size, or that of a part of a complex
    /// number.
    pub const fn align(self) -> usize {
        self.part().size()
    }

    /// The type of the parts of a complex number; of any other type the type itself.
    pub const fn part(self) -> DType {
        match self {
            DType::ComplexF32 => DType::F32,
            DType::ComplexF64 => DType::F64,
            other => other,
        }
    }

    /// The complex type with parts of this one, for `F32` and `F64`.
    pub const fn complex(self) -> Option<DType> {
        match self {
            DType::F32 => Some(DType::ComplexF32),
            DType::F64 => Some(DType::ComplexF64),
            _ => None,
        }
    }

    /// The name in Rust source and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::I8 => "i8",
            DType::I16 => "i16",
            DType::I32 => "i32",
            DType::I64 => "i64",
            DType::U8 => "u8",
            DType::U16 => "u16",
            DType::U32 => "u32",
            DType::U64 => "u64",
            DType::F32 => "f32",
            DType::F64 => "f64",
            DType::F16 => "f16",
            DType::Bf16 => "bf16",
            DType::ComplexF32 => "Complex<f32>",
            DType::ComplexF64 => "Complex<f64>",
        }
    }

    /// The type with this Rust name; `isize` and `usize` give `I64` and `U64`. `Complex32`
    /// and `Complex64` are num-complex's names, which count the bits of one part: NumPy's
    /// `complex64` is `Complex32`.
    pub fn from_name(name: &str) -> Option<DType> {
        match name {
            "isize" => Some(DType::I64),
            "usize" => Some(DType::U64),
            "Complex32" => Some(DType::ComplexF32),
            "Complex64" => Some(DType::ComplexF64),
            _ => DType::ALL.into_iter().find(|d| d.name() == name),
        }
    }

    /// The type with this discriminant.
    pub fn from_code(code: u8) -> Option<DType> {
        DType::ALL.get(usize::from(code)).copied()
    }

    /// Whether this is `F32` or `F64`.
    pub const fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F64)
    }

    /// Whether this is one of the two complex types.
    pub const fn is_complex(self) -> bool {
        matches!(self, DType::ComplexF32 | DType::ComplexF64)
    }

    /// Whether this is `F16` or `Bf16`, in which values are kept and not computed.
    pub const fn is_half(self) -> bool {
        matches!(self, DType::F16 | DType::Bf16)
    }

    /// Whether this is a signed integer type.
    pub const fn is_signed_integer(self) -> bool {
        matches!(self, DType::I8 | DType::I16 | DType::I32 | DType::I64)
    }

    /// Whether this is an unsigned integer type (`Bool` is not).
    pub const fn is_unsigned_integer(self) -> bool {
        matches!(self, DType::U8 | DType::U16 | DType::U32 | DType::U64)
    }

    /// Whether this is an integer type (`Bool` is not).
    pub const fn is_integer(self) -> bool {
        self.is_signed_integer() || self.is_unsigned_integer()
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_layouts_agree() {
        for (code, dtype) in DType::ALL.into_iter().enumerate() {
            assert_eq!(dtype as usize, code);
            assert_eq!(DType::from_code(code as u8), Some(dtype));
            assert_eq!(DType::from_name(dtype.name()), Some(dtype));
            assert_eq!(dtype.size() % dtype.align(), 0);
            assert_eq!(
                dtype.part().complex().is_some(),
                dtype.is_complex() || dtype.is_float()
            );
        }
        assert_eq!(DType::from_code(15), None);
        assert_eq!(DType::from_name("Complex64"), Some(DType::ComplexF64));
        assert_eq!(DType::ComplexF64.align(), 8);
        assert_eq!(DType::ComplexF32.size(), 8);
    }
}
