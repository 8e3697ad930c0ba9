//! The operands of a call: what users hand over, and the common form in which the rest of
//! the package sees an array. Not ndarray's types, which are tied to these in `arrays`.
//!
//! Invariant: an [`Operand`] that is not mutable is only read.

use brolga_abi::{DType, RawView, RawViewMut};
use half::{bf16, f16};
use num_complex::Complex;

use crate::convert::half_from_f64;
use crate::element::{Element, Scalar};
use crate::promotion::{ArgumentType, WeakKind};

/// An untyped literal: it takes the type of what stands beside it (NEP 50).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum WeakScalar {
    /// `3`; every value of `i64` and `u64` can be written.
    Int(i128),
    /// `2.5`
    Float(f64),
    /// `2.5 + 1i`, as its parts.
    Complex(f64, f64),
}

impl WeakScalar {
    /// Which kind of literal this is.
    pub fn kind(self) -> WeakKind {
        match self {
            WeakScalar::Int(value) if value > i128::from(i64::MAX) => WeakKind::LargeInt,
            WeakScalar::Int(_) => WeakKind::Int,
            WeakScalar::Float(_) => WeakKind::Float,
            WeakScalar::Complex(..) => WeakKind::Complex,
        }
    }

    /// The literal as an element of `dtype`: `None` when an integer does not fit, for a
    /// float literal and an integer type, a complex literal and a real type, or any literal
    /// and `bool`.
    pub fn to_scalar(self, dtype: DType) -> Option<Scalar> {
        fn fit<T: Element + TryFrom<i128>>(value: i128) -> Option<Scalar> {
            T::try_from(value).ok().map(Scalar::new)
        }
        match self {
            WeakScalar::Int(value) => match dtype {
                DType::Bool => None,
                DType::I8 => fit::<i8>(value),
                DType::I16 => fit::<i16>(value),
                DType::I32 => fit::<i32>(value),
                DType::I64 => fit::<i64>(value),
                DType::U8 => fit::<u8>(value),
                DType::U16 => fit::<u16>(value),
                DType::U32 => fit::<u32>(value),
                DType::U64 => fit::<u64>(value),
                DType::F32 => Some(Scalar::new(value as f32)),
                DType::F64 => Some(Scalar::new(value as f64)),
                DType::F16 => Some(Scalar::new(f16::from_f32(value as f32))),
                DType::Bf16 => Some(Scalar::new(bf16::from_f32(value as f32))),
                DType::ComplexF32 => Some(Scalar::new(Complex::new(value as f32, 0.0))),
                DType::ComplexF64 => Some(Scalar::new(Complex::new(value as f64, 0.0))),
            },
            WeakScalar::Float(value) => match dtype {
                DType::F32 => Some(Scalar::new(value as f32)),
                DType::F64 => Some(Scalar::new(value)),
                DType::F16 => Some(Scalar::new(half_from_f64::<f16>(value))),
                DType::Bf16 => Some(Scalar::new(half_from_f64::<bf16>(value))),
                DType::ComplexF32 => Some(Scalar::new(Complex::new(value as f32, 0.0))),
                DType::ComplexF64 => Some(Scalar::new(Complex::new(value, 0.0))),
                _ => None,
            },
            WeakScalar::Complex(re, im) => match dtype {
                DType::ComplexF32 => Some(Scalar::new(Complex::new(re as f32, im as f32))),
                DType::ComplexF64 => Some(Scalar::new(Complex::new(re, im))),
                _ => None,
            },
        }
    }
}

impl std::fmt::Display for WeakScalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WeakScalar::Int(value) => write!(f, "{value}"),
            WeakScalar::Float(value) => write!(f, "{value:?}"),
            WeakScalar::Complex(re, im) => crate::element::write_complex(f, &re, &im),
        }
    }
}

/// One operand of a call.
///
/// The bytes of a `bool` view must be 0 or 1: who makes views of untrusted bytes has to
/// normalise them first. (Operands that are converted on the way take any nonzero byte
/// for true; those that go to the kernel as they are do not.)
#[derive(Debug)]
#[non_exhaustive]
pub enum Operand<'a> {
    /// An array that is only read.
    View(RawView<'a>),
    /// An array that a gufunc or `#[jit]` function changes in place.
    ViewMut(RawViewMut<'a>),
    /// A typed number; the same as a 0-d array.
    Scalar(Scalar),
    /// An untyped literal.
    Weak(WeakScalar),
}

impl<'a> From<RawView<'a>> for Operand<'a> {
    #[inline]
    fn from(view: RawView<'a>) -> Self {
        Operand::View(view)
    }
}

impl<'a> From<RawViewMut<'a>> for Operand<'a> {
    #[inline]
    fn from(view: RawViewMut<'a>) -> Self {
        Operand::ViewMut(view)
    }
}

impl From<Scalar> for Operand<'_> {
    #[inline]
    fn from(scalar: Scalar) -> Self {
        Operand::Scalar(scalar)
    }
}

impl From<WeakScalar> for Operand<'_> {
    #[inline]
    fn from(literal: WeakScalar) -> Self {
        Operand::Weak(literal)
    }
}

impl Operand<'_> {
    /// What is known of the element type.
    #[inline]
    pub fn argument_type(&self) -> ArgumentType {
        match self {
            Operand::View(view) => ArgumentType::Strong(view.dtype()),
            Operand::ViewMut(view) => ArgumentType::Strong(view.dtype()),
            Operand::Scalar(scalar) => ArgumentType::Strong(scalar.dtype()),
            Operand::Weak(literal) => ArgumentType::Weak(literal.kind()),
        }
    }

    /// The lengths of the axes; none for numbers.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        match self {
            Operand::View(view) => view.shape(),
            Operand::ViewMut(view) => view.shape(),
            Operand::Scalar(_) | Operand::Weak(_) => &[],
        }
    }

    /// The array, unless this is an untyped literal.
    #[inline]
    pub(crate) fn array(&self) -> Option<ArrayRef<'_>> {
        match self {
            Operand::View(view) => Some(ArrayRef::of(view)),
            Operand::ViewMut(view) => Some(ArrayRef::of_mut(view)),
            Operand::Scalar(scalar) => Some(scalar.array()),
            Operand::Weak(_) => None,
        }
    }
}

/// The outputs that a caller gives.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// Every output; the caller does not look at what the call allocates, which is nothing.
    All(&'a [RawViewMut<'a>]),
    /// Those that are not `None`; the list may end early.
    Some(&'a [Option<RawViewMut<'a>>]),
}

impl<'a> Given<'a> {
    /// No output.
    pub const NONE: Given<'static> = Given::Some(&[]);

    /// The output with this number, from 0.
    #[inline]
    pub fn get(self, number: usize) -> Option<ArrayRef<'a>> {
        match self {
            Given::All(views) => views.get(number).map(ArrayRef::of_mut),
            Given::Some(views) => views.get(number)?.as_ref().map(ArrayRef::of_mut),
        }
    }

    /// All that are given, with their numbers.
    pub fn iter(self) -> impl Iterator<Item = (usize, ArrayRef<'a>)> {
        let count = match self {
            Given::All(views) => views.len(),
            Given::Some(views) => views.len(),
        };
        (0..count).filter_map(move |number| Some((number, self.get(number)?)))
    }
}

/// A strided array without a say on who may write it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArrayRef<'a> {
    pub ptr: *mut u8,
    pub dtype: DType,
    pub shape: &'a [usize],
    pub strides: &'a [isize],
}

impl<'a> ArrayRef<'a> {
    #[inline]
    pub fn of(view: &'a RawView<'_>) -> ArrayRef<'a> {
        ArrayRef {
            ptr: view.ptr().cast_mut(),
            dtype: view.dtype(),
            shape: view.shape(),
            strides: view.strides(),
        }
    }

    #[inline]
    pub fn of_mut(view: &'a RawViewMut<'_>) -> ArrayRef<'a> {
        ArrayRef {
            ptr: view.ptr(),
            dtype: view.dtype(),
            shape: view.shape(),
            strides: view.strides(),
        }
    }

    /// Whether there is exactly one element.
    #[inline]
    pub fn is_single(&self) -> bool {
        self.shape.iter().all(|&n| n == 1)
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// Whether the elements lie one after the other in C order.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        let mut expected = self.dtype.size() as isize;
        for (&n, &stride) in self.shape.iter().zip(self.strides).rev() {
            if n != 1 {
                if stride != expected {
                    return false;
                }
                expected = expected.wrapping_mul(n as isize);
            }
        }
        true
    }

    /// Whether every element's address is a multiple of its type's alignment.
    #[inline]
    pub fn is_aligned(&self) -> bool {
        let mask = self.dtype.align() - 1;
        let steps = self.shape.iter().zip(self.strides);
        let bits = steps
            .filter(|(n, _)| **n > 1)
            .fold(self.ptr.addr(), |bits, (_, &stride)| bits | stride as usize);
        bits & mask == 0
    }
}
