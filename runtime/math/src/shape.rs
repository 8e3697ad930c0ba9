//! What a formula looks like, and the loops that apply one to a strip.
//!
//! A strip function reads each block of elements before it writes it, so that the destination may
//! be one of the sources (the same address); any other overlap is not allowed.

/// A function of one number.
pub(crate) trait Unary<T> {
    /// The formula, without branches on `x`; anything where `is_hard(x)`.
    fn fast(x: T) -> T;

    /// Whether `x` needs `hard`. Rare numbers only: a block with one of them pays for it.
    #[inline(always)]
    fn is_hard(_x: T) -> bool {
        false
    }

    /// The function where `is_hard`, branches and all.
    #[inline(always)]
    fn hard(x: T) -> T {
        Self::fast(x)
    }
}

/// A function of two numbers; as [`Unary`].
pub(crate) trait Binary<T, U = T> {
    /// As [`Unary::fast`].
    fn fast(x: T, y: U) -> T;

    /// As [`Unary::is_hard`].
    #[inline(always)]
    fn is_hard(_x: T, _y: U) -> bool {
        false
    }

    /// As [`Unary::hard`].
    #[inline(always)]
    fn hard(x: T, y: U) -> T {
        Self::fast(x, y)
    }
}

/// How many elements of eight bytes are a block: two of the widest vectors. (A longer block stays
/// an inner loop with its elements on the stack. A loop of one vector is unrolled before it is
/// vectorised, and then often is not.)
pub(crate) const BLOCK_OF_8: usize = 16;
/// How many smaller elements are a block.
pub(crate) const BLOCK_OF_4: usize = 32;

/// `F` of one number.
#[inline(always)]
pub(crate) fn unary<T: Copy, F: Unary<T>>(x: T) -> T {
    if F::is_hard(x) {
        F::hard(x)
    } else {
        F::fast(x)
    }
}

/// `F` of two numbers.
#[inline(always)]
pub(crate) fn binary<T: Copy, U: Copy, F: Binary<T, U>>(x: T, y: U) -> T {
    if F::is_hard(x, y) {
        F::hard(x, y)
    } else {
        F::fast(x, y)
    }
}

/// `dst[k] = F(src[k])` for `k` below `n`.
///
/// # Safety
/// `dst` is valid for writing and `src` for reading `n` elements; they are the same address or do
/// not overlap.
#[inline(always)]
pub(crate) unsafe fn unary_strip<T: Copy + Default, F: Unary<T>>(
    dst: *mut T,
    src: *const T,
    n: usize,
) {
    // SAFETY: as for this function.
    unsafe {
        if size_of::<T>() == 8 {
            unary_blocks::<T, F, BLOCK_OF_8>(dst, src, n);
        } else {
            unary_blocks::<T, F, BLOCK_OF_4>(dst, src, n);
        }
    }
}

/// # Safety
/// As [`unary_strip`].
#[inline(always)]
unsafe fn unary_blocks<T: Copy + Default, F: Unary<T>, const BLOCK: usize>(
    dst: *mut T,
    src: *const T,
    n: usize,
) {
    let mut k = 0;
    while k + BLOCK <= n {
        // SAFETY: the elements from `k` to `k + BLOCK` are inside.
        unsafe {
            let x = src.add(k).cast::<[T; BLOCK]>().read_unaligned();
            let y = unary_block::<T, F, BLOCK>(&x);
            dst.add(k).cast::<[T; BLOCK]>().write_unaligned(y);
        }
        k += BLOCK;
    }
    if k < n {
        // SAFETY: the elements from `k` to `n` are inside, fewer than `BLOCK`. The block is filled
        // up with one of them, so that nothing is hard that is not there.
        unsafe {
            let mut x = [src.add(k).read_unaligned(); BLOCK];
            std::ptr::copy_nonoverlapping(src.add(k), x.as_mut_ptr(), n - k);
            let y = unary_block::<T, F, BLOCK>(&x);
            std::ptr::copy_nonoverlapping(y.as_ptr(), dst.add(k), n - k);
        }
    }
}

/// `F` of each element.
#[inline(always)]
pub(crate) fn unary_block<T: Copy + Default, F: Unary<T>, const BLOCK: usize>(
    x: &[T; BLOCK],
) -> [T; BLOCK] {
    let mut y = [T::default(); BLOCK];
    let mut hard = false;
    for (y, &x) in y.iter_mut().zip(x) {
        *y = F::fast(x);
        hard |= F::is_hard(x);
    }
    if hard {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = if F::is_hard(x) { F::hard(x) } else { *y };
        }
    }
    y
}

/// `dst[k] = F(a[k], b[k])` for `k` below `n`.
///
/// # Safety
/// As [`unary_strip`], for each of the sources.
#[inline(always)]
pub(crate) unsafe fn binary_strip<T: Copy + Default, U: Copy + Default, F: Binary<T, U>>(
    dst: *mut T,
    a: *const T,
    b: *const U,
    n: usize,
) {
    // SAFETY: as for this function.
    unsafe {
        if size_of::<T>() == 8 {
            binary_blocks::<T, U, F, BLOCK_OF_8>(dst, a, b, n);
        } else {
            binary_blocks::<T, U, F, BLOCK_OF_4>(dst, a, b, n);
        }
    }
}

/// # Safety
/// As [`binary_strip`].
#[inline(always)]
unsafe fn binary_blocks<T, U, F, const BLOCK: usize>(
    dst: *mut T,
    a: *const T,
    b: *const U,
    n: usize,
) where
    T: Copy + Default,
    U: Copy + Default,
    F: Binary<T, U>,
{
    let mut k = 0;
    while k + BLOCK <= n {
        // SAFETY: the elements from `k` to `k + BLOCK` are inside.
        unsafe {
            let x = a.add(k).cast::<[T; BLOCK]>().read_unaligned();
            let y = b.add(k).cast::<[U; BLOCK]>().read_unaligned();
            let z = binary_block::<T, U, F, BLOCK>(&x, &y);
            dst.add(k).cast::<[T; BLOCK]>().write_unaligned(z);
        }
        k += BLOCK;
    }
    if k < n {
        // SAFETY: as in `unary_blocks`.
        unsafe {
            let mut x = [a.add(k).read_unaligned(); BLOCK];
            let mut y = [b.add(k).read_unaligned(); BLOCK];
            std::ptr::copy_nonoverlapping(a.add(k), x.as_mut_ptr(), n - k);
            std::ptr::copy_nonoverlapping(b.add(k), y.as_mut_ptr(), n - k);
            let z = binary_block::<T, U, F, BLOCK>(&x, &y);
            std::ptr::copy_nonoverlapping(z.as_ptr(), dst.add(k), n - k);
        }
    }
}

/// `F` of each pair of elements.
#[inline(always)]
pub(crate) fn binary_block<
    T: Copy + Default,
    U: Copy + Default,
    F: Binary<T, U>,
    const BLOCK: usize,
>(
    x: &[T; BLOCK],
    y: &[U; BLOCK],
) -> [T; BLOCK] {
    let mut z = [T::default(); BLOCK];
    let mut hard = false;
    for ((z, &x), &y) in z.iter_mut().zip(x).zip(y) {
        *z = F::fast(x, y);
        hard |= F::is_hard(x, y);
    }
    if hard {
        for ((z, &x), &y) in z.iter_mut().zip(x).zip(y) {
            *z = if F::is_hard(x, y) { F::hard(x, y) } else { *z };
        }
    }
    z
}
