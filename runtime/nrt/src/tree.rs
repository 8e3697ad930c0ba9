//! Sums, products and dot products of arrays by a fixed tree. Not the reductions of `prange`:
//! those are `brolga-parallel`'s.
//!
//! The tree over `n` terms depends on `n` alone:
//!
//! * terms are cut into blocks of 128, the last one shorter;
//! * a block has 8 lanes that begin with the neutral element; lane `k` takes its terms
//!   `k, k + 8, k + 16, ..` in order, and the lanes are joined as
//!   `((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7))`;
//! * blocks are joined in pairs like the digits of a binary counter: block `2k` with block
//!   `2k + 1`, then pairs with pairs, and what is left over from the last to the first.
//!
//! An array of several axes is reduced along its last axis first; the results are the terms
//! of the axis before it. Memory order and strides play no part.
//!
//! The neutral element of sums is -0.0, so that a sum of negative zeros is -0.0; the sum of no
//! terms is 0.0. The error of a sum grows with the logarithm of `n`.

use crate::table::{Definition, definition};

const LANES: usize = 8;
const BLOCK: usize = 128;

/// The symbols of this file.
pub(crate) static TREE: &[Definition] = &[
    definition!(nrt_dot_f32: fn(*const u8, u64, *const u8, u64, u64) -> f32),
    definition!(nrt_dot_f64: fn(*const u8, u64, *const u8, u64, u64) -> f64),
    definition!(nrt_product_f32: fn(*const u8, u64, *const u8) -> f32),
    definition!(nrt_product_f64: fn(*const u8, u64, *const u8) -> f64),
    definition!(nrt_sum_f32: fn(*const u8, u64, *const u8) -> f32),
    definition!(nrt_sum_f64: fn(*const u8, u64, *const u8) -> f64),
];

/// Joins the terms `term(0), .., term(n - 1)` by the tree.
#[inline(always)]
fn tree<T: Copy>(n: usize, neutral: T, term: impl Fn(usize) -> T, join: impl Fn(T, T) -> T) -> T {
    // One partial result for each digit of the number of blocks that are done.
    let mut waiting = [neutral; usize::BITS as usize];
    let blocks = n / BLOCK;
    for block in 0..blocks {
        let start = block * BLOCK;
        let mut lanes = [neutral; LANES];
        for row in 0..BLOCK / LANES {
            for (k, lane) in lanes.iter_mut().enumerate() {
                *lane = join(*lane, term(start + row * LANES + k));
            }
        }
        let mut value = fold(lanes, &join);
        let mut digit = 0;
        while block >> digit & 1 == 1 {
            value = join(waiting[digit], value);
            digit += 1;
        }
        waiting[digit] = value;
    }
    let start = blocks * BLOCK;
    let mut result = None;
    if start < n {
        let mut lanes = [neutral; LANES];
        for k in start..n {
            let lane = &mut lanes[(k - start) % LANES];
            *lane = join(*lane, term(k));
        }
        result = Some(fold(lanes, &join));
    }
    for digit in 0..usize::BITS as usize {
        if blocks >> digit & 1 == 1 {
            result = Some(match result {
                Some(right) => join(waiting[digit], right),
                None => waiting[digit],
            });
        }
    }
    result.unwrap_or(neutral)
}

#[inline(always)]
fn fold<T: Copy>(l: [T; LANES], join: &impl Fn(T, T) -> T) -> T {
    let even = join(join(l[0], l[4]), join(l[2], l[6]));
    let odd = join(join(l[1], l[5]), join(l[3], l[7]));
    join(even, odd)
}

/// Reduces an array of any number of axes.
///
/// # Safety
/// `table` holds `ndim` lengths, then as many byte strides; with them `first` describes
/// elements that may be read, at addresses aligned for `T`.
#[inline(always)]
unsafe fn reduce<T: Copy>(
    first: *const u8,
    lengths: &[u64],
    strides: &[u64],
    neutral: T,
    join: impl Fn(T, T) -> T + Copy,
) -> T {
    let size = size_of::<T>() as u64;
    match (lengths, strides) {
        (&[n], &[stride]) if stride == size => {
            let contiguous = first.cast::<T>();
            // SAFETY: element `k` of the axis, which is below its length.
            tree(n as usize, neutral, |k| unsafe { *contiguous.add(k) }, join)
        }
        (&[n], &[stride]) => {
            let term = |k: usize| {
                let at = first.wrapping_add(k.wrapping_mul(stride as usize));
                // SAFETY: as above.
                unsafe { *at.cast::<T>() }
            };
            tree(n as usize, neutral, term, join)
        }
        (&[n, ..], &[stride, ..]) => {
            let mut position = first;
            let mut rows = |_| {
                let at = position;
                position = position.wrapping_add(stride as usize);
                // SAFETY: the rest of the axes at one index of this one.
                unsafe { reduce_rows(at, &lengths[1..], &strides[1..], neutral, join) }
            };
            // The terms are taken in order, each once.
            let rows = std::cell::RefCell::new(&mut rows);
            tree(n as usize, neutral, |k| (rows.borrow_mut())(k), join)
        }
        // SAFETY: a view without axes has one element.
        _ => unsafe { *first.cast::<T>() },
    }
}

/// Breaks the recursion of [`reduce`] for the inliner.
///
/// # Safety
/// As for [`reduce`].
#[inline(never)]
unsafe fn reduce_rows<T: Copy>(
    first: *const u8,
    lengths: &[u64],
    strides: &[u64],
    neutral: T,
    join: impl Fn(T, T) -> T + Copy,
) -> T {
    // SAFETY: promised by the caller.
    unsafe { reduce(first, lengths, strides, neutral, join) }
}

macro_rules! reductions {
    ($($ty:ident $sum:ident $product:ident $dot:ident)*) => {$(
        /// The sum of all elements of a view.
        ///
        /// # Safety
        /// `table` holds `ndim` lengths, then as many byte strides; with them `first`
        /// describes aligned elements that may be read.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $sum(first: *const u8, ndim: u64, table: *const u8) -> $ty {
            // SAFETY: promised by the caller.
            let table = unsafe { std::slice::from_raw_parts(table.cast::<u64>(), 2 * ndim as usize) };
            let (lengths, strides) = table.split_at(ndim as usize);
            if lengths.contains(&0) {
                return 0.0;
            }
            // SAFETY: as above.
            unsafe { reduce(first, lengths, strides, -0.0, |a: $ty, b| a + b) }
        }

        /// The product of all elements of a view.
        ///
        /// # Safety
        /// As for the sum.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $product(first: *const u8, ndim: u64, table: *const u8) -> $ty {
            // SAFETY: promised by the caller.
            let table = unsafe { std::slice::from_raw_parts(table.cast::<u64>(), 2 * ndim as usize) };
            let (lengths, strides) = table.split_at(ndim as usize);
            if lengths.contains(&0) {
                return 1.0;
            }
            // SAFETY: as above.
            unsafe { reduce(first, lengths, strides, 1.0, |a: $ty, b| a * b) }
        }

        /// The dot product of two rows of `n` elements.
        ///
        /// # Safety
        /// With their byte strides both describe `n` aligned elements that may be read.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $dot(
            a: *const u8,
            a_stride: u64,
            b: *const u8,
            b_stride: u64,
            n: u64,
        ) -> $ty {
            const SIZE: u64 = size_of::<$ty>() as u64;
            if n == 0 {
                return 0.0;
            }
            let join = |x: $ty, y| x + y;
            if (a_stride, b_stride) == (SIZE, SIZE) {
                let (a, b) = (a.cast::<$ty>(), b.cast::<$ty>());
                // SAFETY: `k` is below `n`.
                return tree(n as usize, -0.0, |k| unsafe { *a.add(k) * *b.add(k) }, join);
            }
            let at = |first: *const u8, stride: u64, k: usize| {
                let place = first.wrapping_add(k.wrapping_mul(stride as usize));
                // SAFETY: `k` is below `n`.
                unsafe { *place.cast::<$ty>() }
            };
            tree(n as usize, -0.0, |k| at(a, a_stride, k) * at(b, b_stride, k), join)
        }
    )*};
}

reductions! {
    f32 nrt_sum_f32 nrt_product_f32 nrt_dot_f32
    f64 nrt_sum_f64 nrt_product_f64 nrt_dot_f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(first: *const f64, table: &[i64]) -> f64 {
        // SAFETY: the tables of these tests describe arrays that live.
        unsafe { nrt_sum_f64(first.cast(), table.len() as u64 / 2, table.as_ptr().cast()) }
    }

    fn numbers(n: usize) -> Vec<f64> {
        let mut state = 0x9e37_79b9_u64;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
                (state >> 33) as f64 / 1e6 - 1000.0
            })
            .collect()
    }

    #[test]
    fn strides_and_direction_of_memory_do_not_show() {
        for n in [1, 2, 7, 8, 9, 127, 128, 129, 1000, 1024, 5000] {
            let x = numbers(n);
            let plain = sum(x.as_ptr(), &[n as i64, 8]);
            let spread: Vec<f64> = x.iter().flat_map(|&x| [x, f64::NAN, f64::NAN]).collect();
            let reversed: Vec<f64> = x.iter().rev().copied().collect();
            let last = &reversed[n - 1];
            assert_eq!(
                plain.to_bits(),
                sum(spread.as_ptr(), &[n as i64, 24]).to_bits()
            );
            assert_eq!(plain.to_bits(), sum(last, &[n as i64, -8]).to_bits());
            // SAFETY: both rows have `n` elements.
            let dots = unsafe {
                let (x, s, l) = (
                    x.as_ptr().cast(),
                    spread.as_ptr().cast(),
                    std::ptr::from_ref(last).cast(),
                );
                [
                    nrt_dot_f64(x, 8, x, 8, n as u64),
                    nrt_dot_f64(s, 24, l, (-8_i64) as u64, n as u64),
                ]
            };
            assert_eq!(dots[0].to_bits(), dots[1].to_bits());
        }
    }

    #[test]
    fn axes_are_reduced_last_first_whatever_their_order_in_memory() {
        let (rows, columns) = (37, 301);
        let x = numbers(rows * columns);
        let mut turned = vec![0.0; x.len()];
        let mut partial = Vec::new();
        for i in 0..rows {
            for j in 0..columns {
                turned[j * rows + i] = x[i * columns + j];
            }
            partial.push(sum(&x[i * columns], &[columns as i64, 8]));
        }
        let expected = sum(partial.as_ptr(), &[rows as i64, 8]);
        let shape = [rows as i64, columns as i64];
        let found = sum(x.as_ptr(), &[shape[0], shape[1], 8 * shape[1], 8]);
        let other = sum(turned.as_ptr(), &[shape[0], shape[1], 8, 8 * shape[0]]);
        assert_eq!(expected.to_bits(), found.to_bits());
        assert_eq!(expected.to_bits(), other.to_bits());
    }

    #[test]
    fn errors_grow_like_those_of_a_pairwise_sum() {
        let x = vec![0.1_f32; 1_000_000];
        let table = [x.len() as i64, 4];
        // SAFETY: the table describes `x`.
        let found = unsafe { nrt_sum_f32(x.as_ptr().cast(), 1, table.as_ptr().cast()) };
        let exact = 1e6 * f64::from(0.1_f32);
        assert!((f64::from(found) - exact).abs() / exact < 1e-6, "{found}");
    }

    #[test]
    fn of_nothing_and_of_zeros() {
        let none: [f64; 0] = [];
        assert_eq!(sum(none.as_ptr(), &[0, 8]).to_bits(), 0.0_f64.to_bits());
        assert_eq!(
            sum(none.as_ptr(), &[3, 0, 8, 8]).to_bits(),
            0.0_f64.to_bits()
        );
        assert_eq!(
            sum([-0.0; 9].as_ptr(), &[9, 8]).to_bits(),
            (-0.0_f64).to_bits()
        );
        assert_eq!(sum([5.0].as_ptr(), &[]), 5.0);
        let x = [2.0_f64, 3.0, 4.0];
        // SAFETY: the tables describe `x` and nothing.
        unsafe {
            let product = |table: &[i64]| {
                nrt_product_f64(
                    x.as_ptr().cast(),
                    table.len() as u64 / 2,
                    table.as_ptr().cast(),
                )
            };
            assert_eq!(product(&[3, 8]), 24.0);
            assert_eq!(product(&[0, 8]), 1.0);
            assert_eq!(
                nrt_dot_f32(x.as_ptr().cast(), 4, x.as_ptr().cast(), 4, 0),
                0.0
            );
        }
    }
}
