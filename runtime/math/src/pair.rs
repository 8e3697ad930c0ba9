//! Two functions of the same numbers in one loop, such as sine and cosine.
//!
//! A pair is nothing but its two formulas, so that each result has the bits of the function alone;
//! what they have in common (the reduction of the argument) the optimiser computes once.

use crate::shape::{BLOCK, Unary, unary};

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
    let mut k = 0;
    while k + BLOCK <= n {
        // SAFETY: the elements from `k` to `k + BLOCK` are inside.
        unsafe {
            let x = src.add(k).cast::<[T; BLOCK]>().read_unaligned();
            let (y, z) = pair_block::<T, F>(&x, BLOCK);
            first.add(k).cast::<[T; BLOCK]>().write_unaligned(y);
            second.add(k).cast::<[T; BLOCK]>().write_unaligned(z);
        }
        k += BLOCK;
    }
    if k < n {
        let mut x = [T::default(); BLOCK];
        // SAFETY: the elements from `k` to `n` are inside, fewer than `BLOCK`.
        unsafe {
            std::ptr::copy_nonoverlapping(src.add(k), x.as_mut_ptr(), n - k);
            let (y, z) = pair_block::<T, F>(&x, n - k);
            std::ptr::copy_nonoverlapping(y.as_ptr(), first.add(k), n - k);
            std::ptr::copy_nonoverlapping(z.as_ptr(), second.add(k), n - k);
        }
    }
}

#[inline(always)]
fn pair_block<T: Copy + Default, F: Pair<T>>(
    x: &[T; BLOCK],
    used: usize,
) -> ([T; BLOCK], [T; BLOCK]) {
    let mut y = [T::default(); BLOCK];
    let mut z = [T::default(); BLOCK];
    let mut hard = false;
    for ((y, z), &x) in y.iter_mut().zip(&mut z).zip(x) {
        (*y, *z) = F::fast(x);
        hard |= F::is_hard(x);
    }
    if hard {
        for ((y, z), &x) in y.iter_mut().zip(&mut z).zip(x).take(used) {
            if F::is_hard(x) {
                (*y, *z) = F::hard(x);
            }
        }
    }
    (y, z)
}
