//! The arrays of the command line: owned, aligned, in C or Fortran order.

use brolga::{DType, RawView, RawViewMut, Scalar};

/// An array of one of the element types.
#[derive(Clone)]
pub struct Array {
    dtype: DType,
    shape: Vec<usize>,
    fortran: bool,
    /// The elements' bytes, in words for their alignment.
    words: Vec<u64>,
}

impl Array {
    /// As many axes as NumPy 1 allowed.
    pub const MAX_NDIM: usize = 32;

    /// An array of zeros; `None` when its size overflows or cannot be allocated.
    pub fn zeros(dtype: DType, shape: &[usize], fortran: bool) -> Option<Array> {
        // As in NumPy, the product must not overflow even when another axis is empty.
        let elements = shape
            .iter()
            .try_fold(1_usize, |n, &d| n.checked_mul(d.max(1)))?;
        let bytes = elements
            .checked_mul(dtype.size())
            .filter(|n| isize::try_from(*n).is_ok())?;
        let bytes = if shape.contains(&0) { 0 } else { bytes };
        let mut words = Vec::new();
        words.try_reserve_exact(bytes.div_ceil(8)).ok()?;
        words.resize(bytes.div_ceil(8), 0);
        Some(Array {
            dtype,
            shape: shape.to_vec(),
            fortran,
            words,
        })
    }

    /// A 0-d array with this value's bits.
    pub fn scalar(dtype: DType, bits: u128) -> Array {
        let mut words = vec![bits as u64];
        if dtype.size() > 8 {
            words.push((bits >> 64) as u64);
        }
        Array {
            dtype,
            shape: Vec::new(),
            fortran: false,
            words,
        }
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.dtype
    }
    /// The lengths of the axes, in elements.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }
    /// Whether the elements lie in Fortran order.
    pub fn is_fortran(&self) -> bool {
        self.fortran
    }
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }
    /// The size of all elements, in bytes.
    pub fn byte_len(&self) -> usize {
        self.len() * self.dtype.size()
    }

    /// The strides, in bytes.
    fn strides(&self) -> Vec<isize> {
        let mut strides = vec![0; self.shape.len()];
        let mut step = self.dtype.size();
        let mut set = |axis: usize| {
            strides[axis] = step as isize;
            // Wraps only beyond an axis of no elements, where no stride is used.
            step = step.wrapping_mul(self.shape[axis]);
        };
        if self.fortran {
            (0..self.shape.len()).for_each(&mut set);
        } else {
            (0..self.shape.len()).rev().for_each(&mut set);
        }
        strides
    }

    /// The elements' bytes, in memory order.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `words` holds at least `byte_len` bytes, and any byte is a valid `u8`.
        unsafe { std::slice::from_raw_parts(self.words.as_ptr().cast(), self.byte_len()) }
    }

    /// The elements' bytes, in memory order. Bools must be left 0 or 1.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and the words are borrowed uniquely.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.byte_len()) }
    }

    /// The array for a call that reads it.
    pub fn view(&self) -> RawView<'_> {
        // SAFETY: shape and strides reach exactly the `byte_len` bytes of `words`, which are
        // borrowed for the view's life; every element is initialised.
        unsafe {
            RawView::new(
                self.words.as_ptr().cast(),
                self.dtype,
                &self.shape,
                &self.strides(),
            )
        }
    }

    /// The array for a call that writes it.
    pub fn view_mut(&mut self) -> RawViewMut<'_> {
        let strides = self.strides();
        // SAFETY: as above, and the words are borrowed uniquely.
        unsafe {
            RawViewMut::new(
                self.words.as_mut_ptr().cast(),
                self.dtype,
                &self.shape,
                &strides,
            )
        }
    }

    /// The first elements, nested by axis: `[[1, 2], [3, 4]]`. At most six along each axis
    /// and 100 in all; `...` stands for the rest.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let mut left = 100;
        self.summarise(0, 0, &self.strides(), &mut left, &mut text);
        text
    }

    fn summarise(
        &self,
        axis: usize,
        offset: usize,
        strides: &[isize],
        left: &mut usize,
        text: &mut String,
    ) {
        let Some(&length) = self.shape.get(axis) else {
            *left = left.saturating_sub(1);
            return text.push_str(&self.element(offset));
        };
        text.push('[');
        // An axis of no elements further in leaves nothing to show.
        for k in 0..if self.is_empty() { 0 } else { length } {
            if k > 0 {
                text.push_str(", ");
            }
            if k == 6 || *left == 0 {
                text.push_str("...");
                break;
            }
            let offset = offset + k * strides[axis].unsigned_abs();
            self.summarise(axis + 1, offset, strides, left, text);
        }
        text.push(']');
    }

    fn element(&self, offset: usize) -> String {
        let bytes = &self.bytes()[offset..offset + self.dtype.size()];
        let mut bits = [0; 16];
        bits[..bytes.len()].copy_from_slice(bytes);
        Scalar::from_bits(self.dtype, u128::from_ne_bytes(bits)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_listed_in_c_order_whatever_the_memory_order() {
        let mut array = Array::zeros(DType::U8, &[2, 3], true).unwrap();
        array.bytes_mut().copy_from_slice(&[0, 3, 1, 4, 2, 5]);
        assert_eq!(array.summary(), "[[0, 1, 2], [3, 4, 5]]");
        assert_eq!(
            Array::scalar(DType::F64, u128::from(1.5_f64.to_bits())).summary(),
            "1.5"
        );
        assert_eq!(
            Array::zeros(DType::F32, &[2, 0], false).unwrap().summary(),
            "[]"
        );
        let long = Array::zeros(DType::I8, &[9], false).unwrap();
        assert_eq!(long.summary(), "[0, 0, 0, 0, 0, 0, ...]");
    }

    #[test]
    fn sizes_that_overflow_are_refused() {
        assert!(Array::zeros(DType::F64, &[usize::MAX / 4, 2, 0], false).is_none());
        assert!(Array::zeros(DType::F64, &[1 << 60], false).is_none());
        assert_eq!(
            Array::zeros(DType::F64, &[0, 5], true).unwrap().byte_len(),
            0
        );
    }
}
