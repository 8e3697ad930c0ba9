//! Arrays that a call allocates: its outputs and its private copies. Not views of memory
//! that others own.
//!
//! Invariant: an `ArrayBuffer` that leaves the package is wholly initialised, lies in C
//! order, and its memory has the layout of a `Vec` of its elements, so that it becomes an
//! ndarray array without copying. (That is also why it is aligned to the element and not
//! to 64 bytes: a `Vec` frees with its element's alignment. The allocator's 16 bytes keep
//! 128-bit vectors within cache lines.)

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use brolga_abi::{DType, RawView, RawViewMut};
use ndarray::{ArrayD, IxDyn};
use smallvec::SmallVec;

use crate::element::{Element, Scalar};
use crate::error::{Error, ErrorKind};
use crate::view::{ArrayRef, Operand};

/// An owned array in C order.
pub struct ArrayBuffer {
    data: NonNull<u8>,
    dtype: DType,
    /// The shape, then the strides in bytes; none is negative. One list keeps the buffer
    /// small, as it is moved several times on its way to the caller.
    axes: SmallVec<[usize; 8]>,
    /// The number of elements.
    len: usize,
}

// SAFETY: the buffer owns plain numbers.
unsafe impl Send for ArrayBuffer {}
// SAFETY: as above; `&ArrayBuffer` only reads.
unsafe impl Sync for ArrayBuffer {}

/// The number of elements, if they fit in memory.
pub(crate) fn checked_len(shape: &[usize], dtype: DType) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    let len = shape.iter().try_fold(1usize, |a, &n| a.checked_mul(n))?;
    let bytes = len.checked_mul(dtype.size())?;
    (bytes <= isize::MAX as usize).then_some(len)
}

impl ArrayBuffer {
    /// An array of zeros.
    ///
    /// # Errors
    /// When the memory cannot be had.
    pub fn zeros(dtype: DType, shape: &[usize]) -> Result<ArrayBuffer, Error> {
        // SAFETY: zeroed memory is initialised.
        unsafe { ArrayBuffer::allocate(dtype, shape, true) }
    }

    /// A 0-d array.
    ///
    /// # Errors
    /// When the memory cannot be had.
    pub fn from_scalar(scalar: Scalar) -> Result<ArrayBuffer, Error> {
        let buffer = ArrayBuffer::zeros(scalar.dtype(), &[])?;
        // SAFETY: the buffer has one element of the scalar's type, and so many bytes.
        unsafe {
            let size = scalar.dtype().size();
            std::ptr::copy_nonoverlapping(scalar.bytes().as_ptr(), buffer.data.as_ptr(), size);
        }
        Ok(buffer)
    }

    /// An array whose elements are zeros, or not initialised at all.
    ///
    /// # Safety
    /// Unless `zeroed`, every element must be written before the buffer is read or leaves
    /// the package.
    pub(crate) unsafe fn allocate(
        dtype: DType,
        shape: &[usize],
        zeroed: bool,
    ) -> Result<ArrayBuffer, Error> {
        let len = checked_len(shape, dtype).ok_or_else(|| {
            Error::new(
                ErrorKind::OutOfMemory,
                format!("an array of {dtype} with shape {shape:?} does not fit in memory"),
            )
        })?;
        let layout = layout(dtype, len);
        let data = if len == 0 {
            layout.dangling_ptr()
        } else {
            // SAFETY: the layout is not empty.
            let ptr = unsafe {
                if zeroed {
                    alloc_zeroed(layout)
                } else {
                    alloc(layout)
                }
            };
            NonNull::new(ptr).ok_or_else(|| Error::out_of_memory(layout.size()))?
        };
        let mut axes: SmallVec<[usize; 8]> = SmallVec::from_slice(shape);
        axes.extend_from_slice(shape);
        let mut step = dtype.size();
        for stride in axes[shape.len()..].iter_mut().rev() {
            let n = std::mem::replace(stride, step);
            step = step.wrapping_mul(n.max(1));
        }
        Ok(ArrayBuffer {
            data,
            dtype,
            axes,
            len,
        })
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The lengths of the axes, in elements.
    pub fn shape(&self) -> &[usize] {
        &self.axes[..self.axes.len() / 2]
    }

    /// The strides of the axes, in bytes.
    fn strides(&self) -> &[isize] {
        let strides = &self.axes[self.axes.len() / 2..];
        // SAFETY: `usize` and `isize` have the same layout.
        unsafe { std::slice::from_raw_parts(strides.as_ptr().cast(), strides.len()) }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The elements' bytes, in C order and the machine's byte order.
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the buffer owns as many initialised bytes.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.len * self.dtype.size()) }
    }

    /// The elements in C order, or `None` if `T` has another element type.
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        // SAFETY: the buffer owns `len` initialised, aligned elements of `T`'s type.
        (T::DTYPE == self.dtype)
            .then(|| unsafe { std::slice::from_raw_parts(self.data.as_ptr().cast(), self.len) })
    }

    /// The number in a 0-d array, `None` for any other.
    pub fn scalar<T: Element>(&self) -> Option<T> {
        match self.as_slice::<T>()? {
            [value] if self.shape().is_empty() => Some(*value),
            _ => None,
        }
    }

    /// The array, to be read.
    pub fn view(&self) -> RawView<'_> {
        // SAFETY: the buffer owns what its shape and strides reach, and is borrowed.
        unsafe { RawView::new(self.data.as_ptr(), self.dtype, self.shape(), self.strides()) }
    }

    /// The array, to be written.
    pub fn view_mut(&mut self) -> RawViewMut<'_> {
        // SAFETY: as in `view`, and the borrow is unique.
        unsafe { RawViewMut::new(self.data.as_ptr(), self.dtype, self.shape(), self.strides()) }
    }

    pub(crate) fn array(&self) -> ArrayRef<'_> {
        ArrayRef {
            ptr: self.data.as_ptr(),
            dtype: self.dtype,
            shape: self.shape(),
            strides: self.strides(),
        }
    }

    /// The same array in ndarray's hands; no element is copied.
    ///
    /// # Errors
    /// If the elements are not of type `T`.
    pub fn into_array<T: Element>(self) -> Result<ArrayD<T>, Error> {
        if T::DTYPE != self.dtype {
            return Err(Error::new(
                ErrorKind::DType,
                format!("the array has dtype {}, not {}", self.dtype, T::DTYPE),
            ));
        }
        let buffer = ManuallyDrop::new(self);
        // SAFETY: the memory was allocated with the layout of `len` elements of `T` (or
        // dangles, when that is empty), all are initialised, and `buffer` does not free it.
        let elements = unsafe {
            Vec::from_raw_parts(buffer.data.as_ptr().cast::<T>(), buffer.len, buffer.len)
        };
        let shape = IxDyn(buffer.shape());
        // SAFETY: `buffer` is not used again; its list may have spilled to the heap.
        drop(unsafe { std::ptr::read(&buffer.axes) });
        ArrayD::from_shape_vec(shape, elements).map_err(|error| {
            Error::new(
                ErrorKind::Dimensions,
                format!("ndarray refuses the shape: {error}"),
            )
        })
    }
}

/// The layout of a `Vec` with as many elements.
fn layout(dtype: DType, len: usize) -> Layout {
    // SAFETY: alignments are powers of two, and `checked_len` has bounded the size.
    unsafe { Layout::from_size_align_unchecked(len * dtype.size(), dtype.align()) }
}

impl Drop for ArrayBuffer {
    fn drop(&mut self) {
        if self.len != 0 {
            // SAFETY: allocated with this layout, and not freed before.
            unsafe { dealloc(self.data.as_ptr(), layout(self.dtype, self.len)) };
        }
    }
}

impl<'a> From<&'a ArrayBuffer> for Operand<'a> {
    fn from(buffer: &'a ArrayBuffer) -> Self {
        Operand::View(buffer.view())
    }
}

impl std::fmt::Debug for ArrayBuffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArrayBuffer")
            .field("dtype", &self.dtype)
            .field("shape", &self.shape())
            .finish_non_exhaustive()
    }
}
