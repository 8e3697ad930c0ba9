//! [`Operand`]: an array of whichever element type, and [`Argument`]: how a kernel's
//! parameter takes one. Not strided: rustc's side always computes on arrays in C order, the
//! harness gives Brolga other layouts of the same values. Invariant: the element type of an
//! operand never changes.

use std::any::Any;

use brolga_abi::DType;
use half::{bf16, f16};
use ndarray::{ArrayD, ArrayView, ArrayViewMut, Dimension};
use num_complex::Complex;

use crate::case::{Access, Param};
use crate::scalar::{Scalar, Word};

/// What an operand needs of its array, whatever the element type.
pub trait AnyArray: Any {
    /// The element type.
    fn dtype(&self) -> DType;
    /// The length of each axis.
    fn shape(&self) -> &[usize];
    /// The elements in C order, as [`Scalar::to_word`] gives them.
    fn words(&self) -> Vec<Word>;
}

/// An owned array in C order; a scalar parameter takes one without axes.
pub struct Operand(Box<dyn AnyArray>);

impl Operand {
    pub(crate) fn new(array: Box<dyn AnyArray>) -> Operand {
        Operand(array)
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.0.dtype()
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        self.0.shape()
    }

    /// The elements in C order, one word each.
    pub fn words(&self) -> Vec<Word> {
        self.0.words()
    }

    fn array<T: Scalar>(&mut self) -> &mut ArrayD<T> {
        let found = self.dtype();
        let array: &mut dyn Any = &mut *self.0;
        array.downcast_mut().unwrap_or_else(|| {
            panic!(
                "an operand of {}, found one of {found}; operands come from Param::operand",
                T::DTYPE
            )
        })
    }
}

/// A type that a kernel's parameter may have.
pub trait Argument<'a>: Sized {
    /// What it is.
    fn param() -> Param;

    /// The parameter's value from the operand.
    ///
    /// # Panics
    /// If the operand has another element type or number of axes.
    fn take(operand: &'a mut Operand) -> Self;
}

fn param<T: Scalar>(ndim: Option<usize>, access: Access) -> Param {
    Param {
        dtype: T::DTYPE,
        ndim: ndim.expect("views in kernels have a fixed number of axes"),
        access,
        make: T::operand,
    }
}

const AXES: &str = "the operand has as many axes as the parameter";

impl<'a, T: Scalar, D: Dimension> Argument<'a> for ArrayView<'a, T, D> {
    fn param() -> Param {
        param::<T>(D::NDIM, Access::View)
    }
    fn take(operand: &'a mut Operand) -> Self {
        let array: &'a ArrayD<T> = operand.array();
        array.view().into_dimensionality().expect(AXES)
    }
}

impl<'a, T: Scalar, D: Dimension> Argument<'a> for ArrayViewMut<'a, T, D> {
    fn param() -> Param {
        param::<T>(D::NDIM, Access::ViewMut)
    }
    fn take(operand: &'a mut Operand) -> Self {
        let array: &'a mut ArrayD<T> = operand.array();
        array.view_mut().into_dimensionality().expect(AXES)
    }
}

macro_rules! scalars {
    ($($t:ident)*) => {$(
        impl<'a> Argument<'a> for $t {
            fn param() -> Param {
                param::<$t>(Some(0), Access::Scalar)
            }
            fn take(operand: &'a mut Operand) -> Self {
                *operand.array::<$t>().first().expect("a scalar operand has one element")
            }
        }
    )*};
}

scalars!(bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 f16 bf16 C32 C64);

type C32 = Complex<f32>;
type C64 = Complex<f64>;
