//! How close Brolga's result must come to rustc's: [`Agreement`]. Invariant: every exception
//! from equality of bits is one that the kernel language states.

use brolga_abi::DType;

use half::{bf16, f16};

use crate::scalar::{Scalar, Word};

/// What counts as the same result.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Agreement {
    /// The same bits, except that any NaN equals any NaN.
    Bits,
    /// As `Bits`, and +0 equals -0: for kernels whose results come from `min` or `max`, which
    /// do not say which zero they give.
    BitsButForTheSignOfZero,
    /// For `fastmath` and reductions of floats over `prange`, whose operations rustc orders
    /// otherwise: NaN with NaN, an infinity with the same one, and finite values
    /// whose distance is at most `absolute + relative * magnitude`. Integers and bools as with
    /// `Bits`.
    Within {
        /// Relative to the larger magnitude of the two; for `f32`, 2^29 times as much.
        relative: f64,
        /// Independent of the magnitude; for `f32`, 2^29 times as much.
        absolute: f64,
    },
}

/// `f32` has 29 bits of precision less than `f64`.
const F32_SCALE: f64 = 536_870_912.0;

impl Agreement {
    /// Whether the two results, as words of this type, count as the same.
    pub fn holds(self, dtype: DType, left: Word, right: Word) -> bool {
        if compare_bits(dtype, left, right) {
            return true;
        }
        if dtype.is_complex() {
            let pairs = parts(dtype, left).into_iter().zip(parts(dtype, right));
            return pairs
                .into_iter()
                .all(|(left, right)| self.holds(dtype.part(), left, right));
        }
        if !dtype.is_float() && !dtype.is_half() {
            return false;
        }
        let (a, b) = (to_f64(dtype, left), to_f64(dtype, right));
        match self {
            Agreement::Bits => false,
            Agreement::BitsButForTheSignOfZero => a == 0.0 && b == 0.0,
            Agreement::Within { relative, absolute } => {
                let scale = if dtype == DType::F32 { F32_SCALE } else { 1.0 };
                let bound = scale * (absolute + relative * a.abs().max(b.abs()));
                a.is_finite() && b.is_finite() && (a - b).abs() <= bound
            }
        }
    }
}

/// The words of the parts of a complex number.
pub(crate) fn parts(dtype: DType, word: Word) -> [Word; 2] {
    let bits = 8 * dtype.part().size();
    [word & (Word::MAX >> (128 - bits)), word >> bits]
}

/// Whether two words of this type are the same value: equal bits, or two NaNs; of complex
/// numbers part by part.
pub fn compare_bits(dtype: DType, left: Word, right: Word) -> bool {
    if dtype.is_complex() {
        let pairs = parts(dtype, left).into_iter().zip(parts(dtype, right));
        return pairs
            .into_iter()
            .all(|(left, right)| compare_bits(dtype.part(), left, right));
    }
    left == right
        || (dtype.is_float() || dtype.is_half())
            && to_f64(dtype, left).is_nan()
            && to_f64(dtype, right).is_nan()
}

fn to_f64(dtype: DType, word: Word) -> f64 {
    match dtype {
        DType::F32 => f64::from(f32::from_word(word)),
        DType::F16 => f16::from_word(word).to_f64(),
        DType::Bf16 => bf16::from_word(word).to_f64(),
        _ => f64::from_word(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_nan_is_any_nan_and_zeros_differ() {
        let quiet = f64::NAN.to_word();
        let (z, w) = (quiet << 64 | 5, (quiet | 1) << 64 | 5);
        assert!(compare_bits(DType::ComplexF64, z, w));
        assert!(!compare_bits(DType::ComplexF64, z, w | 2));
        assert!(compare_bits(DType::F16, 0x7e00, 0xfe01));
        assert!(!compare_bits(DType::Bf16, 0x7f80, 0xff80));
        assert!(Agreement::BitsButForTheSignOfZero.holds(DType::ComplexF32, 1 << 31, 1 << 63));
        assert!(compare_bits(DType::F64, quiet, quiet | 1 << 63 | 1));
        assert!(!compare_bits(DType::U64, quiet, quiet | 1));
        assert!(!compare_bits(DType::F32, 0, 0x8000_0000));
        assert!(Agreement::BitsButForTheSignOfZero.holds(DType::F32, 0, 0x8000_0000));
        assert!(!Agreement::BitsButForTheSignOfZero.holds(DType::U32, 0, 0x8000_0000));
    }

    #[test]
    fn a_tolerance_scales_with_the_type_and_admits_no_wrong_infinity() {
        let near = Agreement::Within {
            relative: 1e-15,
            absolute: 0.0,
        };
        let bits = |x: f64| x.to_word();
        assert!(near.holds(DType::F64, bits(1e10), bits(1e10 + 2e-6)));
        assert!(!near.holds(DType::F64, bits(1e10), bits(1e10 + 2e-5)));
        assert!(near.holds(DType::F32, 1.0_f32.to_word(), 1.000_000_1_f32.to_word()));
        assert!(!near.holds(DType::F64, bits(f64::MAX), bits(f64::INFINITY)));
        assert!(!near.holds(DType::F64, bits(f64::NAN), bits(0.0)));
    }
}
