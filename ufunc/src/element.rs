//! The Rust types that array elements may have, and a single element of any of them. Not
//! untyped literals, which are `WeakScalar`.

use brolga_abi::DType;

use crate::view::ArrayRef;

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that elements of an array may have: `bool`, the integers up to 64 bits,
/// `f32` and `f64`.
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
}

// `isize` and `usize` stand for 64-bit elements.
const _: () = assert!(size_of::<usize>() == 8);

/// One number of any element type.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct Scalar {
    /// The element's bytes, then zeros.
    bytes: [u8; 8],
    dtype: DType,
}

impl Scalar {
    /// This value.
    pub fn new<T: Element>(value: T) -> Scalar {
        let mut bytes = [0; 8];
        // SAFETY: an element is plain bytes without padding, at most 8 of them.
        unsafe { bytes.as_mut_ptr().cast::<T>().write_unaligned(value) };
        Scalar {
            bytes,
            dtype: T::DTYPE,
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

    /// The value's bits, zero-extended.
    pub fn to_bits(&self) -> u64 {
        u64::from_ne_bytes(self.bytes)
    }

    /// The element's bytes in the machine's order, then zeros.
    pub(crate) fn bytes(&self) -> [u8; 8] {
        self.bytes
    }

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
        let b = self.bytes;
        let low = u64::from_le_bytes(b);
        match self.dtype {
            DType::Bool => write!(f, "{}", low != 0),
            DType::I8 => write!(f, "{}", low as i8),
            DType::I16 => write!(f, "{}", low as i16),
            DType::I32 => write!(f, "{}", low as i32),
            DType::I64 => write!(f, "{}", low as i64),
            DType::U8 | DType::U16 | DType::U32 | DType::U64 => write!(f, "{low}"),
            DType::F32 => write!(f, "{:?}", f32::from_bits(low as u32)),
            DType::F64 => write!(f, "{:?}", f64::from_bits(low)),
        }
    }
}
