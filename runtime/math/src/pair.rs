//! Two functions of the same numbers in one loop, such as sine and cosine.
//!
//! A pair is nothing but its two formulas, so that each result has the bits of the function alone;
//! what they have in common (the reduction of the argument) the optimiser computes once.

use crate::shape::{BLOCK_OF_4, BLOCK_OF_8, Unary, unary};

/// A pair of functions of one number.
pub(crate) trait Pair<T> {
    /// Both formulas, without branches on `x`; anything where `is_hard(x)`.
    fn fast(x: T) -> (T, T);

    /// Whether `x` needs `hard` for one of the functions.
    fn is_hard(x: T) -> bool;

    /// Both functions for any `x`, branches and all.
    fn hard(x: T) -> (T, T);
}

/// The pair of `F` and `G`.
pub(crate) struct Both<F, G>(std::marker::PhantomData<(F, G)>);

impl<T: Copy, F: Unary<T>, G: Unary<T>> Pair<T> for Both<F, G> {
    #[inline(always)]
    fn fast(x: T) -> (T, T) {
        (F::fast(x), G::fast(x))
    }

    #[inline(always)]
    fn is_hard(x: T) -> bool {
        F::is_hard(x) | G::is_hard(x)
    }

    #[inline(always)]
    fn hard(x: T) -> (T, T) {
        (unary::<T, F>(x), unary::<T, G>(x))
    }
}

/// `(first[k], second[k]) = F(src[k])` for `k` below `n`.
///
/// # Safety
/// `first` and `second` are valid for writing and `src` for reading `n` elements. The destinations
/// do not overlap; each is at the address of the source or does not overlap it.
#[inline(always)]
pub(crate) unsafe fn pair_strip<T: Copy + Default, F: Pair<T>>(
    first: *mut T,
    second: *mut T,
    src: *const T,
    n: usize,
) {
    // SAFETY: as for this function.
    unsafe {
        if size_of::<T>() == 8 {
            pair_blocks::<T, F, BLOCK_OF_8>(first, second, src, n);
        } else {
            pair_blocks::<T, F, BLOCK_OF_4>(first, second, src, n);
        }
    }
}

/// # Safety
/// As [`pair_strip`].
#[inline(always)]
unsafe fn pair_blocks<T: Copy + Default, F: Pair<T>, const BLOCK: usize>(
    first: *mut T,
    second: *mut T,
    src: *const T,
    n: usize,
) {
    let mut k = 0;
    while k < n {
        let used = (n - k).min(BLOCK);
        let mut x = [T::default(); BLOCK];
        let mut y = [T::default(); BLOCK];
        let mut z = [T::default(); BLOCK];
        // SAFETY: the elements from `k` to `k + used` are inside, `used` is at most `BLOCK`, and
        // the arrays are this function's own.
        unsafe {
            if used == BLOCK {
                std::ptr::copy_nonoverlapping(src.add(k), x.as_mut_ptr(), BLOCK);
                pair_block::<T, F, BLOCK>(&x, &mut y, &mut z);
                std::ptr::copy_nonoverlapping(y.as_ptr(), first.add(k), BLOCK);
                std::ptr::copy_nonoverlapping(z.as_ptr(), second.add(k), BLOCK);
            } else {
                std::ptr::copy_nonoverlapping(src.add(k), x.as_mut_ptr(), used);
                pair_block::<T, F, BLOCK>(&x, &mut y, &mut z);
                std::ptr::copy_nonoverlapping(y.as_ptr(), first.add(k), used);
                std::ptr::copy_nonoverlapping(z.as_ptr(), second.add(k), used);
            }
        }
        k += used;
    }
}

#[inline(always)]
fn pair_block<T: Copy, F: Pair<T>, const BLOCK: usize>(
    x: &[T; BLOCK],
    first: &mut [T; BLOCK],
    second: &mut [T; BLOCK],
) {
    let mut hard = false;
    for ((y, z), &x) in first.iter_mut().zip(second.iter_mut()).zip(x) {
        (*y, *z) = F::fast(x);
        hard |= F::is_hard(x);
    }
    if hard {
        for ((y, z), &x) in first.iter_mut().zip(second.iter_mut()).zip(x) {
            (*y, *z) = if F::is_hard(x) { F::hard(x) } else { (*y, *z) };
        }
    }
}
