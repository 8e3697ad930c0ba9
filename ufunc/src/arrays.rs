//! ndarray's arrays as operands. Not a container of its own; nothing is copied.

use brolga_abi::{RawView, RawViewMut, Strides};
use ndarray::{ArrayBase, ArrayRef, Data, DataMut, Dimension};

use crate::element::Element;
use crate::view::Operand;

#[inline]
fn byte_strides<T>(strides: &[isize]) -> Strides {
    // ndarray keeps every array below `isize::MAX` bytes; only axes that are never stepped
    // along may have other strides.
    let size = size_of::<T>() as isize;
    let mut bytes = Strides::from_slice(strides);
    for stride in &mut bytes {
        *stride = stride.wrapping_mul(size);
    }
    bytes
}

/// An array to be read; `isize` and `usize` become `I64` and `U64`.
#[inline]
pub fn view<T: Element, D: Dimension>(array: &ArrayRef<T, D>) -> RawView<'_> {
    let strides = byte_strides::<T>(array.strides());
    // SAFETY: ndarray vouches for pointer, shape and strides, and the borrow for the rest.
    unsafe { RawView::new(array.as_ptr().cast(), T::DTYPE, array.shape(), &strides) }
}

/// An array to be written.
#[inline]
pub fn view_mut<T: Element, D: Dimension>(array: &mut ArrayRef<T, D>) -> RawViewMut<'_> {
    let strides = byte_strides::<T>(array.strides());
    let ptr = array.as_mut_ptr().cast();
    // SAFETY: ndarray vouches for pointer, shape and strides; the borrow is unique.
    unsafe { RawViewMut::new(ptr, T::DTYPE, array.shape(), &strides) }
}

impl<'a, T, S, D> From<&'a ArrayBase<S, D>> for Operand<'a>
where
    T: Element,
    S: Data<Elem = T>,
    D: Dimension,
{
    #[inline]
    fn from(array: &'a ArrayBase<S, D>) -> Self {
        Operand::View(view(array))
    }
}

impl<'a, T, S, D> From<&'a mut ArrayBase<S, D>> for Operand<'a>
where
    T: Element,
    S: DataMut<Elem = T>,
    D: Dimension,
{
    #[inline]
    fn from(array: &'a mut ArrayBase<S, D>) -> Self {
        Operand::ViewMut(view_mut(array))
    }
}

impl<'a, T: Element, D: Dimension> From<&'a ArrayRef<T, D>> for Operand<'a> {
    #[inline]
    fn from(array: &'a ArrayRef<T, D>) -> Self {
        Operand::View(view(array))
    }
}

impl<'a, T: Element> From<&'a [T]> for Operand<'a> {
    #[inline]
    fn from(elements: &'a [T]) -> Self {
        let step = size_of::<T>() as isize;
        // SAFETY: a slice is a 1-d array with its elements one after the other.
        Operand::View(unsafe {
            RawView::new(
                elements.as_ptr().cast(),
                T::DTYPE,
                &[elements.len()],
                &[step],
            )
        })
    }
}
