//! Elements at any step in bytes to contiguous ones, and back: what strips of strided operands
//! need around the strip functions. Nothing here looks at the elements' values.
//!
//! The elements need not be aligned. The step is of either sign, or 0: then all elements to pack
//! are the same one, and of those unpacked the last stays. The two sides do not overlap.

use crate::table::{Definition, definition};

/// The symbols of this file, sorted by name.
pub(crate) static PACK: &[Definition] = &[
    definition!(nrt_pack_16: fn(*mut u8, *const u8, u64, u64) -> ()),
    definition!(nrt_pack_32: fn(*mut u8, *const u8, u64, u64) -> ()),
    definition!(nrt_pack_64: fn(*mut u8, *const u8, u64, u64) -> ()),
    definition!(nrt_pack_8: fn(*mut u8, *const u8, u64, u64) -> ()),
    definition!(nrt_unpack_16: fn(*mut u8, u64, *const u8, u64) -> ()),
    definition!(nrt_unpack_32: fn(*mut u8, u64, *const u8, u64) -> ()),
    definition!(nrt_unpack_64: fn(*mut u8, u64, *const u8, u64) -> ()),
    definition!(nrt_unpack_8: fn(*mut u8, u64, *const u8, u64) -> ()),
];

/// How many elements a turn of the loops moves: enough that the loads do not wait for the stores.
const TURN: usize = 8;

/// # Safety
/// `src` is valid for reading an element at `k * step` bytes for each `k` below `n`, `dst` for
/// writing `n` elements, and they do not overlap.
#[inline(always)]
unsafe fn pack<T: Copy>(dst: *mut T, src: *const u8, step: isize, n: usize) {
    // SAFETY: the caller vouches for `n` elements on either side, and each place that is read or
    // written is that of an element `k < n`; no pointer is made to what lies beyond.
    unsafe {
        if step == size_of::<T>() as isize {
            src.copy_to_nonoverlapping(dst.cast(), n * size_of::<T>());
        } else if step == 0 {
            if n > 0 {
                let value = src.cast::<T>().read_unaligned();
                for k in 0..n {
                    dst.add(k).write_unaligned(value);
                }
            }
        } else {
            let load = |k: usize| src.offset(k as isize * step).cast::<T>().read_unaligned();
            let mut k = 0;
            while k + TURN <= n {
                let values: [T; TURN] = std::array::from_fn(|j| load(k + j));
                dst.add(k).cast::<[T; TURN]>().write_unaligned(values);
                k += TURN;
            }
            for k in k..n {
                dst.add(k).write_unaligned(load(k));
            }
        }
    }
}

/// # Safety
/// `dst` is valid for writing an element at `k * step` bytes for each `k` below `n`, `src` for
/// reading `n` elements, and they do not overlap.
#[inline(always)]
unsafe fn unpack<T: Copy>(dst: *mut u8, step: isize, src: *const T, n: usize) {
    // SAFETY: as in `pack`.
    unsafe {
        if step == size_of::<T>() as isize {
            src.cast::<u8>()
                .copy_to_nonoverlapping(dst, n * size_of::<T>());
        } else if step == 0 {
            if n > 0 {
                dst.cast::<T>()
                    .write_unaligned(src.add(n - 1).read_unaligned());
            }
        } else {
            let store = |k: usize, value: T| {
                dst.offset(k as isize * step)
                    .cast::<T>()
                    .write_unaligned(value);
            };
            let mut k = 0;
            while k + TURN <= n {
                let values = src.add(k).cast::<[T; TURN]>().read_unaligned();
                for (j, value) in values.into_iter().enumerate() {
                    store(k + j, value);
                }
                k += TURN;
            }
            for k in k..n {
                store(k, src.add(k).read_unaligned());
            }
        }
    }
}

macro_rules! symbols {
    ($($pack:ident $unpack:ident $ty:ty;)*) => {$(
        /// Elements at `src`, `step` bytes apart, to `dst`, one after the other.
        ///
        /// # Safety
        /// `src` is valid for reading an element at `k * step` bytes for each `k` below `n`, `dst`
        /// for writing `n` elements, and they do not overlap. `step` is signed.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $pack(dst: *mut u8, src: *const u8, step: u64, n: u64) {
            // SAFETY: the caller vouches for it.
            unsafe { pack::<$ty>(dst.cast(), src, step as isize, n as usize) }
        }

        /// Elements at `src`, one after the other, to `dst`, `step` bytes apart.
        ///
        /// # Safety
        /// `dst` is valid for writing an element at `k * step` bytes for each `k` below `n`, `src`
        /// for reading `n` elements, and they do not overlap. `step` is signed.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $unpack(dst: *mut u8, step: u64, src: *const u8, n: u64) {
            // SAFETY: the caller vouches for it.
            unsafe { unpack::<$ty>(dst, step as isize, src.cast(), n as usize) }
        }
    )*};
}

symbols! {
    nrt_pack_8 nrt_unpack_8 u8;
    nrt_pack_16 nrt_unpack_16 u16;
    nrt_pack_32 nrt_unpack_32 u32;
    nrt_pack_64 nrt_unpack_64 u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pack = unsafe extern "C" fn(*mut u8, *const u8, u64, u64);
    type Unpack = unsafe extern "C" fn(*mut u8, u64, *const u8, u64);

    const WIDTHS: [(usize, Pack, Unpack); 4] = [
        (1, nrt_pack_8, nrt_unpack_8),
        (2, nrt_pack_16, nrt_unpack_16),
        (4, nrt_pack_32, nrt_unpack_32),
        (8, nrt_pack_64, nrt_unpack_64),
    ];

    /// Where element `k` of `n` lies in a buffer that holds all of them and 3 bytes before.
    fn place(k: usize, n: usize, step: isize) -> usize {
        let first = if step < 0 {
            (n - 1) as isize * -step
        } else {
            0
        };
        3 + (first + k as isize * step) as usize
    }

    fn steps(size: usize) -> Vec<isize> {
        let size = size as isize;
        vec![0, size, -size, 3 * size, -2 * size, size + 1, -5 * size - 3]
    }

    #[test]
    fn every_width_step_and_count_moves_exactly_its_elements() {
        for (size, pack, unpack) in WIDTHS {
            for step in steps(size) {
                for n in 0..70 {
                    let length = 6 + size + n * step.unsigned_abs();
                    let spread: Vec<u8> = (0..length).map(|k| (k * 7 + 1) as u8).collect();
                    let at = |k| place(k, n.max(1), step);
                    let mut dense = vec![0xee; n * size + 1];
                    // SAFETY: the elements lie inside of the buffers, which differ.
                    unsafe {
                        pack(
                            dense.as_mut_ptr(),
                            spread.as_ptr().add(at(0)),
                            step as u64,
                            n as u64,
                        );
                    }
                    let expected: Vec<u8> = (0..n)
                        .flat_map(|k| spread[at(k)..at(k) + size].to_vec())
                        .chain([0xee])
                        .collect();
                    assert_eq!(dense, expected, "{size} bytes, step {step}, {n} elements");

                    let source: Vec<u8> = (0..n * size).map(|k| (k * 11 + 5) as u8).collect();
                    let (mut back, mut expected) = (spread.clone(), spread);
                    // SAFETY: as above.
                    unsafe {
                        let dst = back.as_mut_ptr().add(at(0));
                        unpack(dst, step as u64, source.as_ptr(), n as u64);
                    }
                    for k in 0..n {
                        expected[at(k)..at(k) + size].copy_from_slice(&source[k * size..][..size]);
                    }
                    assert_eq!(back, expected, "{size} bytes, step {step}, {n} elements");
                }
            }
        }
    }
}
