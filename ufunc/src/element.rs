//! The Rust types that array elements may have, and a single element of any of them. Not
//! untyped literals, which are `WeakScalar`.

use brolga_abi::DType;
use half::{bf16, f16};
use num_complex::Complex;

use crate::view::ArrayRef;

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that elements of an array may have: `bool`, the integers up to 64 bits,
/// `f32` and `f64`, `half::f16` and `half::bf16`, and `num_complex::Complex` of `f32` and
/// `f64`.
pub trait Element: sealed::Sealed + Copy + Send + Sync + 'static {
    /// Its element type; `isize` and `usize` are `I64` and `U64`.
    const DTYPE: DType;
}

macro_rules! elements {
    ($($ty:ty: $dtype:ident,)*) => {$(
        impl sealed::Sealed for $ty {}
        impl Element for $ty {
            const DTYPE: DType = DType::$dtype;
        }
        impl From<$ty> for crate::Operand<'_> {
            #[inline]
            fn from(value: $ty) -> Self {
                crate::Operand::Scalar(Scalar::new(value))
            }
        }
    )*};
}

elements! {
    bool: Bool,
    i8: I8,
    i16: I16,
    i32: I32,
    i64: I64,
    isize: I64,
    u8: U8,
    u16: U16,
    u32: U32,
    u64: U64,
    usize: U64,
    f32: F32,
    f64: F64,
    f16: F16,
    bf16: Bf16,
    Complex<f32>: ComplexF32,
    Complex<f64>: ComplexF64,
}

// `isize` and `usize` stand for 64-bit elements.
const _: () = assert!(size_of::<usize>() == 8);

/// One number of any element type.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct Scalar {
    /// The element's bytes, then zeros.
    bytes: [u8; Scalar::SIZE],
    dtype: DType,
}

impl Scalar {
    /// The size of the largest element, in bytes.
    pub(crate) const SIZE: usize = 16;

    /// This value.
    #[inline]
    pub fn new<T: Element>(value: T) -> Scalar {
        let mut bytes = [0; Scalar::SIZE];
        // SAFETY: an element is plain bytes without padding, at most so many of them.
        unsafe { bytes.as_mut_ptr().cast::<T>().write_unaligned(value) };
        Scalar {
            bytes,
            dtype: T::DTYPE,
        }
    }

    /// The value of this type with these bits, as [`Scalar::to_bits`] gives them; bits above
    /// the type's width are ignored, and a bool is the lowest.
    pub fn from_bits(dtype: DType, bits: u128) -> Scalar {
        let bits = match dtype {
            DType::Bool => bits & 1,
            _ => bits & (u128::MAX >> (128 - 8 * dtype.size())),
        };
        Scalar {
            bytes: bits.to_ne_bytes(),
            dtype,
        }
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The value, or `None` if `T` has another element type.
    pub fn get<T: Element>(&self) -> Option<T> {
        // SAFETY: the bytes were written as a value of this element type.
        (T::DTYPE == self.dtype)
            .then(|| unsafe { self.bytes.as_ptr().cast::<T>().read_unaligned() })
    }

    /// The value's bits, zero-extended; the real part of a complex number stands lowest.
    pub fn to_bits(&self) -> u128 {
        u128::from_ne_bytes(self.bytes)
    }

    /// The element's bytes in the machine's order, then zeros.
    pub(crate) fn bytes(&self) -> [u8; Scalar::SIZE] {
        self.bytes
    }

    /// The element's bytes in the machine's order, as two words.
    #[inline]
    pub(crate) fn words(&self) -> [u64; 2] {
        let words = self.bytes.as_chunks::<8>().0;
        [words[0], words[1]].map(u64::from_ne_bytes)
    }

    #[inline]
    pub(crate) fn array(&self) -> ArrayRef<'_> {
        ArrayRef {
            ptr: self.bytes.as_ptr().cast_mut(),
            dtype: self.dtype,
            shape: &[],
            strides: &[],
        }
    }
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}{}", self.dtype)
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [low, high] = self.words();
        match self.dtype {
            DType::Bool => write!(f, "{}", low != 0),
            DType::I8 => write!(f, "{}", low as i8),
            DType::I16 => write!(f, "{}", low as i16),
            DType::I32 => write!(f, "{}", low as i32),
            DType::I64 => write!(f, "{}", low as i64),
            DType::U8 | DType::U16 | DType::U32 | DType::U64 => write!(f, "{low}"),
            DType::F32 => write!(f, "{:?}", f32::from_bits(low as u32)),
            DType::F64 => write!(f, "{:?}", f64::from_bits(low)),
            DType::F16 => {
                let value = f16::from_bits(low as u16);
                write_half(f, value.to_f64(), |text| f16::from_f64(text) == value)
            }
            DType::Bf16 => {
                let value = bf16::from_bits(low as u16);
                write_half(f, value.to_f64(), |text| bf16::from_f64(text) == value)
            }
            DType::ComplexF32 => {
                let [re, im] = [low as u32, (low >> 32) as u32].map(f32::from_bits);
                write_complex(f, &re, &im)
            }
            DType::ComplexF64 => write_complex(f, &f64::from_bits(low), &f64::from_bits(high)),
        }
    }
}

/// The shortest decimal that gives the same half.
fn write_half(
    f: &mut std::fmt::Formatter<'_>,
    value: f64,
    is_same: impl Fn(f64) -> bool,
) -> std::fmt::Result {
    let texts = (0..8).map(|digits| format!("{value:.digits$e}"));
    let shortest = texts
        .filter_map(|text| text.parse().ok())
        .find(|&text| is_same(text));
    write!(f, "{:?}", shortest.unwrap_or(value))
}

/// `1.0+2.0i`.
pub(crate) fn write_complex<T: std::fmt::Debug>(
    f: &mut std::fmt::Formatter<'_>,
    re: &T,
    im: &T,
) -> std::fmt::Result {
    let im = format!("{im:?}");
    let sign = if im.starts_with('-') { "" } else { "+" };
    write!(f, "{re:?}{sign}{im}i")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_they_are_written() {
        for (scalar, text) in [
            (Scalar::new(f16::from_f32(0.1)), "0.1"),
            (Scalar::new(f16::from_f32(65504.0)), "65500.0"),
            (Scalar::new(f16::NEG_INFINITY), "-inf"),
            (Scalar::new(f16::NAN), "NaN"),
            (Scalar::new(bf16::from_f32(3.25)), "3.25"),
            (Scalar::new(bf16::from_bits(1)), "9e-41"),
            (Scalar::new(Complex::new(1.5_f32, -2.0)), "1.5-2.0i"),
            (Scalar::new(Complex::new(-0.0_f64, f64::NAN)), "-0.0+NaNi"),
            (
                Scalar::new(Complex::new(f64::NEG_INFINITY, 1e300)),
                "-inf+1e300i",
            ),
        ] {
            assert_eq!(scalar.to_string(), text);
            assert_eq!(format!("{scalar:?}"), format!("{text}{}", scalar.dtype()));
        }
        let scalar = Scalar::new(Complex::new(1.5_f64, -2.0));
        assert_eq!(scalar.get(), Some(Complex::new(1.5, -2.0)));
        assert_eq!(scalar.get::<f64>(), None);
        assert_eq!(scalar.to_bits() as u64, 1.5_f64.to_bits());
        assert_eq!((scalar.to_bits() >> 64) as u64, (-2.0_f64).to_bits());
    }
}
