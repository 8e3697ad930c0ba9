//! The rules of casting: which conversions between element types a call may make. Not the
//! conversions themselves, which are in `convert`.
//!
//! Invariant: the table is NumPy's, for the element types that Brolga has; for `bf16` that
//! of ml_dtypes, which is the one of NumPy's `float16` but that it is not `float16`.

use brolga_abi::DType;

/// How much a conversion may lose, as NumPy's `casting=`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Casting {
    /// No conversion.
    No,
    /// Changes of byte order alone; the same as [`Casting::No`] here, where arrays are
    /// always in the machine's order.
    Equiv,
    /// Conversions that keep every value (`i64` and `u64` to `f64` count as such).
    Safe,
    /// Safe conversions and those within a kind, such as `f64` to `f32`; the kinds are
    /// bool, unsigned, signed, float and complex, and going up is allowed too.
    #[default]
    SameKind,
    /// Every conversion, with the meaning of Rust's `as`; to bool: whether it is not zero;
    /// from complex to real: the real part.
    Unsafe,
}

impl std::fmt::Display for Casting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Casting::No => "no",
            Casting::Equiv => "equiv",
            Casting::Safe => "safe",
            Casting::SameKind => "same_kind",
            Casting::Unsafe => "unsafe",
        })
    }
}

/// Whether `from` may be converted to `to`, as `numpy.can_cast`.
pub fn can_cast(from: DType, to: DType, casting: Casting) -> bool {
    match casting {
        Casting::No | Casting::Equiv => from == to,
        Casting::Safe => is_safe(from, to),
        Casting::SameKind => is_safe(from, to) || kind_rank(from) <= kind_rank(to),
        Casting::Unsafe => true,
    }
}

fn kind_rank(dtype: DType) -> u8 {
    match dtype {
        DType::Bool => 0,
        DType::U8 | DType::U16 | DType::U32 | DType::U64 => 1,
        DType::I8 | DType::I16 | DType::I32 | DType::I64 => 2,
        DType::F16 | DType::Bf16 | DType::F32 | DType::F64 => 3,
        DType::ComplexF32 | DType::ComplexF64 => 4,
    }
}

fn is_safe(from: DType, to: DType) -> bool {
    if from == to || from == DType::Bool {
        return true;
    }
    let wider = from.size() < to.size();
    if to.is_complex() {
        // Part by part; a real number is a complex one.
        from.part() == to.part() || is_safe(from.part(), to.part())
    } else if from.is_complex() {
        false
    } else if to.is_float() {
        // A float holds integers of half its width; NumPy lets 64-bit ones into f64 too.
        wider || (to == DType::F64 && from.is_integer())
    } else if to.is_half() {
        // Neither half holds the other. Both hold integers of 8 bits.
        wider && from.is_integer()
    } else if to.is_signed_integer() {
        from.is_integer() && wider
    } else if to.is_unsigned_integer() {
        from.is_unsigned_integer() && wider
    } else {
        false
    }
}
