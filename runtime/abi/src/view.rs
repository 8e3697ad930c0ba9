//! Raw strided views: a pointer, an element type, a shape in elements and strides in bytes.
//! They own nothing and check nothing beyond their construction.

use std::marker::PhantomData;

use smallvec::SmallVec;

use crate::DType;

/// The lengths of an array's axes, in elements.
pub type Dims = SmallVec<[usize; 6]>;
/// The distance from one element to the next along each axis, in bytes; may be 0 or
/// negative.
pub type Strides = SmallVec<[isize; 6]>;

/// A borrowed array that is only read.
#[derive(Clone, Debug)]
pub struct RawView<'a> {
    ptr: *const u8,
    dtype: DType,
    shape: Dims,
    strides: Strides,
    life: PhantomData<&'a [u8]>,
}

/// A borrowed array that may be written.
#[derive(Debug)]
pub struct RawViewMut<'a> {
    ptr: *mut u8,
    dtype: DType,
    shape: Dims,
    strides: Strides,
    life: PhantomData<&'a mut [u8]>,
}

// SAFETY: a `RawView` stands for a shared borrow of plain numbers, which any thread may read.
unsafe impl Send for RawView<'_> {}
// SAFETY: as above.
unsafe impl Sync for RawView<'_> {}
// SAFETY: a `RawViewMut` stands for a unique borrow of plain numbers.
unsafe impl Send for RawViewMut<'_> {}
// SAFETY: a shared reference to it only exposes what a `RawView` does.
unsafe impl Sync for RawViewMut<'_> {}

impl<'a> RawView<'a> {
    /// A view of the elements reached from `ptr` through `shape` and `strides`.
    ///
    /// # Safety
    /// Every element that `shape` and `strides` (in bytes) reach must lie in one
    /// allocation, hold a valid value of `dtype`, and stay unchanged for `'a`. The pointer
    /// need not be aligned.
    ///
    /// # Panics
    /// If `shape` and `strides` differ in length.
    #[inline]
    pub unsafe fn new(ptr: *const u8, dtype: DType, shape: &[usize], strides: &[isize]) -> Self {
        assert_eq!(shape.len(), strides.len(), "one stride for each axis");
        RawView {
            ptr,
            dtype,
            shape: Dims::from_slice(shape),
            strides: Strides::from_slice(strides),
            life: PhantomData,
        }
    }

    /// The address of the element with all indices 0.
    #[inline]
    pub fn ptr(&self) -> *const u8 {
        self.ptr
    }
    /// The type of the elements.
    #[inline]
    pub fn dtype(&self) -> DType {
        self.dtype
    }
    /// The lengths of the axes, in elements.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }
    /// The strides of the axes, in bytes.
    #[inline]
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }
    /// The number of axes.
    #[inline]
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }
    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
    /// Whether there is no element.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }
}

impl<'a> RawViewMut<'a> {
    /// A writable view of the elements reached from `ptr` through `shape` and `strides`.
    ///
    /// # Safety
    /// As for [`RawView::new`], and nothing else may read or write these elements for `'a`
    /// except views that the caller hands to the same call. The elements may be
    /// uninitialised only where the receiving function says that it overwrites them all.
    ///
    /// # Panics
    /// If `shape` and `strides` differ in length.
    #[inline]
    pub unsafe fn new(ptr: *mut u8, dtype: DType, shape: &[usize], strides: &[isize]) -> Self {
        assert_eq!(shape.len(), strides.len(), "one stride for each axis");
        RawViewMut {
            ptr,
            dtype,
            shape: Dims::from_slice(shape),
            strides: Strides::from_slice(strides),
            life: PhantomData,
        }
    }

    /// The address of the element with all indices 0.
    #[inline]
    pub fn ptr(&self) -> *mut u8 {
        self.ptr
    }
    /// The type of the elements.
    #[inline]
    pub fn dtype(&self) -> DType {
        self.dtype
    }
    /// The lengths of the axes, in elements.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }
    /// The strides of the axes, in bytes.
    #[inline]
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }
    /// The number of axes.
    #[inline]
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }
    /// The same elements, only to be read while the result lives.
    #[inline]
    pub fn as_view(&self) -> RawView<'_> {
        RawView {
            ptr: self.ptr,
            dtype: self.dtype,
            shape: self.shape.clone(),
            strides: self.strides.clone(),
            life: PhantomData,
        }
    }
}
