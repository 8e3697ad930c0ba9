//! The loops that apply a formula with tables to a strip; as in [`crate::shape`], but for
//! [`Lanes`].

use crate::lanes::Lanes;
use crate::shape::{Binary, Unary, binary, binary_block, unary, unary_block};

/// A number that lanes are loaded with.
pub(crate) trait Element: Copy + Default {
    /// The number, widened.
    fn wide(self) -> f64;
    /// The number of one lane, rounded.
    fn narrow(wide: f64) -> Self;
    /// Lanes of `L::COUNT` numbers.
    ///
    /// # Safety
    /// As [`Lanes::load`].
    unsafe fn load<L: Lanes>(src: *const Self) -> L;
    /// `L::COUNT` numbers.
    ///
    /// # Safety
    /// As [`Lanes::store`].
    unsafe fn store<L: Lanes>(lanes: L, dst: *mut Self);
}

impl Element for f64 {
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
    #[inline(always)]
    fn narrow(wide: f64) -> f64 {
        wide
    }
    #[inline(always)]
    unsafe fn load<L: Lanes>(src: *const f64) -> L {
        // SAFETY: as for this function.
        unsafe { L::load(src) }
    }
    #[inline(always)]
    unsafe fn store<L: Lanes>(lanes: L, dst: *mut f64) {
        // SAFETY: as for this function.
        unsafe { lanes.store(dst) }
    }
}

impl Element for f32 {
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn narrow(wide: f64) -> f32 {
        wide as f32
    }
    #[inline(always)]
    unsafe fn load<L: Lanes>(src: *const f32) -> L {
        // SAFETY: as for this function.
        unsafe { L::load_f32(src) }
    }
    #[inline(always)]
    unsafe fn store<L: Lanes>(lanes: L, dst: *mut f32) {
        // SAFETY: as for this function.
        unsafe { lanes.store_f32(dst) }
    }
}

/// A function of one number, whose formula looks numbers up.
pub(crate) trait TabledUnary<T: Element> {
    /// The function where the formula does not hold: any number.
    type Rest: Unary<T>;

    /// The formula, and whether it holds; it does not for a NaN.
    fn formula<L: Lanes>(x: L) -> (L, L::Mask);
}

/// A function of two numbers; as [`TabledUnary`].
pub(crate) trait TabledBinary<T: Element> {
    /// As [`TabledUnary::Rest`].
    type Rest: Binary<T>;

    /// As [`TabledUnary::formula`].
    fn formula<L: Lanes>(x: L, y: L) -> (L, L::Mask);
}

/// Elements of a block: two of the widest registers.
const BLOCK: usize = 16;

/// `F` of one number.
#[inline(always)]
pub(crate) fn tabled_unary<T: Element, F: TabledUnary<T>>(x: T) -> T {
    let (y, holds) = F::formula::<f64>(x.wide());
    if holds {
        T::narrow(y)
    } else {
        unary::<T, F::Rest>(x)
    }
}

/// `F` of two numbers.
#[inline(always)]
pub(crate) fn tabled_binary<T: Element, F: TabledBinary<T>>(x: T, y: T) -> T {
    let (z, holds) = F::formula::<f64>(x.wide(), y.wide());
    if holds {
        T::narrow(z)
    } else {
        binary::<T, T, F::Rest>(x, y)
    }
}

/// `dst[k] = F(src[k])` for `k` below `n`.
///
/// # Safety
/// As [`crate::shape::unary_strip`]; the CPU has the level of `L`.
#[inline(always)]
pub(crate) unsafe fn tabled_unary_strip<T: Element, F: TabledUnary<T>, L: Lanes>(
    dst: *mut T,
    src: *const T,
    n: usize,
) {
    let mut k = 0;
    while k < n {
        // The loop for nearly all blocks has nothing else in it, so that its constants stay in
        // registers.
        while k + BLOCK <= n {
            // SAFETY: the elements from `k` to `k + BLOCK` are inside.
            let block = unsafe { unary_lanes::<T, F, L>(src.add(k)) };
            if !block.holds() {
                break;
            }
            // SAFETY: as above.
            unsafe { block.store(dst.add(k)) };
            k += BLOCK;
        }
        let used = (n - k).min(BLOCK);
        // SAFETY: the elements from `k` to `k + used` are inside, and the arrays have `BLOCK`
        // elements. A block that is not full is filled up with one of its own, so that the formula
        // holds for what is not there if it holds for what is.
        unsafe {
            if used > 0 {
                let mut x = [src.add(k).read_unaligned(); BLOCK];
                std::ptr::copy_nonoverlapping(src.add(k), x.as_mut_ptr(), used);
                let block = unary_lanes::<T, F, L>(x.as_ptr());
                let y = if block.holds() {
                    block.elements()
                } else {
                    block.mixed(unary_block::<T, F::Rest, BLOCK>(&x))
                };
                std::ptr::copy_nonoverlapping(y.as_ptr(), dst.add(k), used);
            }
        }
        k += used;
    }
}

/// The results of a block's formula, and for which of its elements they hold. (Of the arrays, the
/// first `BLOCK / L::COUNT` count.)
struct Results<L: Lanes> {
    lanes: [L; BLOCK],
    masks: [L::Mask; BLOCK],
}

impl<L: Lanes> Results<L> {
    /// How many lanes are a block.
    const COUNT: usize = {
        assert!(BLOCK.is_multiple_of(L::COUNT));
        BLOCK / L::COUNT
    };

    /// Whether the formula holds for every element.
    #[inline(always)]
    fn holds(&self) -> bool {
        let mut all = self.masks[0];
        for k in 1..Self::COUNT {
            all = L::both(all, self.masks[k]);
        }
        L::bits(all) == (1 << L::COUNT) - 1
    }

    /// Stores all of them.
    ///
    /// # Safety
    /// `dst` is valid for writing `BLOCK` elements.
    #[inline(always)]
    unsafe fn store<T: Element>(&self, dst: *mut T) {
        for k in 0..Self::COUNT {
            // SAFETY: as for this function.
            unsafe { T::store(self.lanes[k], dst.add(k * L::COUNT)) };
        }
    }

    /// The results, one for each element.
    #[inline(always)]
    fn elements<T: Element>(&self) -> [T; BLOCK] {
        let mut y = [T::default(); BLOCK];
        // SAFETY: the array has `BLOCK` elements.
        unsafe { self.store(y.as_mut_ptr()) };
        y
    }

    /// The results where they hold, and those of `rest` elsewhere.
    #[inline(always)]
    fn mixed<T: Element>(&self, rest: [T; BLOCK]) -> [T; BLOCK] {
        let mut y = self.elements();
        let mut bits = 0;
        for k in 0..Self::COUNT {
            bits |= L::bits(self.masks[k]) << (k * L::COUNT);
        }
        for k in 0..BLOCK {
            y[k] = if bits & (1 << k) != 0 { y[k] } else { rest[k] };
        }
        y
    }
}

/// `F` of a block.
///
/// # Safety
/// As [`tabled_unary_strip`], for `BLOCK` elements of `src`.
#[inline(always)]
unsafe fn unary_lanes<T: Element, F: TabledUnary<T>, L: Lanes>(src: *const T) -> Results<L> {
    // SAFETY: as for this function.
    let first = F::formula(unsafe { T::load::<L>(src) });
    let (mut lanes, mut masks) = ([first.0; BLOCK], [first.1; BLOCK]);
    for k in 1..Results::<L>::COUNT {
        // SAFETY: as for this function.
        let x = unsafe { T::load::<L>(src.add(k * L::COUNT)) };
        (lanes[k], masks[k]) = F::formula(x);
    }
    Results { lanes, masks }
}

/// `dst[k] = F(a[k], b[k])` for `k` below `n`.
///
/// # Safety
/// As [`tabled_unary_strip`], for each of the sources.
#[inline(always)]
pub(crate) unsafe fn tabled_binary_strip<T: Element, F: TabledBinary<T>, L: Lanes>(
    dst: *mut T,
    a: *const T,
    b: *const T,
    n: usize,
) {
    let mut k = 0;
    while k < n {
        while k + BLOCK <= n {
            // SAFETY: the elements from `k` to `k + BLOCK` are inside.
            let block = unsafe { binary_lanes::<T, F, L>(a.add(k), b.add(k)) };
            if !block.holds() {
                break;
            }
            // SAFETY: as above.
            unsafe { block.store(dst.add(k)) };
            k += BLOCK;
        }
        let used = (n - k).min(BLOCK);
        // SAFETY: as in `tabled_unary_strip`.
        unsafe {
            if used > 0 {
                let mut x = [a.add(k).read_unaligned(); BLOCK];
                let mut y = [b.add(k).read_unaligned(); BLOCK];
                std::ptr::copy_nonoverlapping(a.add(k), x.as_mut_ptr(), used);
                std::ptr::copy_nonoverlapping(b.add(k), y.as_mut_ptr(), used);
                let block = binary_lanes::<T, F, L>(x.as_ptr(), y.as_ptr());
                let z = if block.holds() {
                    block.elements()
                } else {
                    block.mixed(binary_block::<T, T, F::Rest, BLOCK>(&x, &y))
                };
                std::ptr::copy_nonoverlapping(z.as_ptr(), dst.add(k), used);
            }
        }
        k += used;
    }
}

/// `F` of a block.
///
/// # Safety
/// As [`tabled_binary_strip`], for `BLOCK` elements of the sources.
#[inline(always)]
unsafe fn binary_lanes<T: Element, F: TabledBinary<T>, L: Lanes>(
    a: *const T,
    b: *const T,
) -> Results<L> {
    // SAFETY: as for this function.
    let first = unsafe { F::formula(T::load::<L>(a), T::load::<L>(b)) };
    let (mut lanes, mut masks) = ([first.0; BLOCK], [first.1; BLOCK]);
    for k in 1..Results::<L>::COUNT {
        let at = k * L::COUNT;
        // SAFETY: as for this function.
        let (x, y) = unsafe { (T::load::<L>(a.add(at)), T::load::<L>(b.add(at))) };
        (lanes[k], masks[k]) = F::formula(x, y);
    }
    Results { lanes, masks }
}
