//! Formulas that look numbers up in tables, for as many `f64` at once as a register holds.
//!
//! The vectoriser makes gathers of lookups, which cost as much as a polynomial. A table of sixteen
//! numbers fits two registers of AVX-512, where a lookup is one instruction; so such formulas are
//! written for a type of lanes, of which each level of the CPU has its own. Every operation is that
//! of `f64` or of its bits, lane by lane, so that the bits are the same for all of them.

/// Numbers `f64` on which an operation works at once.
pub(crate) trait Lanes: Copy {
    /// How many.
    const COUNT: usize;
    /// A truth value for each.
    type Mask: Copy;

    /// `COUNT` numbers from `src`.
    ///
    /// # Safety
    /// They are valid for reading; the CPU has the level of these lanes.
    unsafe fn load(src: *const f64) -> Self;
    /// `COUNT` numbers from `src`, widened.
    ///
    /// # Safety
    /// As for [`load`](Self::load).
    unsafe fn load_f32(src: *const f32) -> Self;
    /// `COUNT` numbers to `dst`.
    ///
    /// # Safety
    /// They are valid for writing.
    unsafe fn store(self, dst: *mut f64);
    /// `COUNT` numbers to `dst`, rounded.
    ///
    /// # Safety
    /// They are valid for writing.
    unsafe fn store_f32(self, dst: *mut f32);
    /// The same number everywhere. (There are lanes already, hence the CPU has them.)
    fn all(self, x: f64) -> Self;
    /// The same bits everywhere.
    #[inline(always)]
    fn all_bits(self, bits: u64) -> Self {
        self.all(f64::from_bits(bits))
    }
    /// `self + other`.
    fn plus(self, other: Self) -> Self;
    /// `self - other`.
    fn minus(self, other: Self) -> Self;
    /// `self * other`.
    fn times(self, other: Self) -> Self;
    /// `self * by + plus` in one rounding.
    fn mul_add(self, by: Self, plus: Self) -> Self;
    /// `self * by - minus` in one rounding.
    fn mul_sub(self, by: Self, minus: Self) -> Self;
    /// The bits of both.
    fn and(self, other: Self) -> Self;
    /// The bits of either.
    fn or(self, other: Self) -> Self;
    /// The sum of the bits.
    fn plus_bits(self, other: Self) -> Self;
    /// The difference of the bits.
    fn minus_bits(self, other: Self) -> Self;
    /// The bits moved up by 48.
    fn up_48(self) -> Self;
    /// The bits moved down by 48, zeros before them.
    fn down_48(self) -> Self;
    /// The bits moved down by 52, zeros before them.
    fn down_52(self) -> Self;
    /// `table[k]`, where `k` is in the lowest four bits of `self`.
    fn lookup(self, table: &[f64; 16]) -> Self;
    /// Whether `low <= self < high` in every lane, and no lane is NaN.
    fn within(self, low: f64, high: f64) -> Self::Mask;
    /// Both.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// A bit for each lane, the first lane's lowest.
    fn bits(mask: Self::Mask) -> u32;
}

impl Lanes for f64 {
    const COUNT: usize = 1;
    type Mask = bool;

    #[inline(always)]
    unsafe fn load(src: *const f64) -> f64 {
        // SAFETY: as for this function.
        unsafe { src.read_unaligned() }
    }
    #[inline(always)]
    unsafe fn load_f32(src: *const f32) -> f64 {
        // SAFETY: as for this function.
        f64::from(unsafe { src.read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, dst: *mut f64) {
        // SAFETY: as for this function.
        unsafe { dst.write_unaligned(self) }
    }
    #[inline(always)]
    unsafe fn store_f32(self, dst: *mut f32) {
        // SAFETY: as for this function.
        unsafe { dst.write_unaligned(self as f32) }
    }
    #[inline(always)]
    fn all(self, x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn plus(self, other: f64) -> f64 {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: f64) -> f64 {
        self - other
    }
    #[inline(always)]
    fn times(self, other: f64) -> f64 {
        self * other
    }
    #[inline(always)]
    fn mul_add(self, by: f64, plus: f64) -> f64 {
        f64::mul_add(self, by, plus)
    }
    #[inline(always)]
    fn mul_sub(self, by: f64, minus: f64) -> f64 {
        f64::mul_add(self, by, -minus)
    }
    #[inline(always)]
    fn and(self, other: f64) -> f64 {
        f64::from_bits(self.to_bits() & other.to_bits())
    }
    #[inline(always)]
    fn or(self, other: f64) -> f64 {
        f64::from_bits(self.to_bits() | other.to_bits())
    }
    #[inline(always)]
    fn plus_bits(self, other: f64) -> f64 {
        f64::from_bits(self.to_bits().wrapping_add(other.to_bits()))
    }
    #[inline(always)]
    fn minus_bits(self, other: f64) -> f64 {
        f64::from_bits(self.to_bits().wrapping_sub(other.to_bits()))
    }
    #[inline(always)]
    fn up_48(self) -> f64 {
        f64::from_bits(self.to_bits() << 48)
    }
    #[inline(always)]
    fn down_48(self) -> f64 {
        f64::from_bits(self.to_bits() >> 48)
    }
    #[inline(always)]
    fn down_52(self) -> f64 {
        f64::from_bits(self.to_bits() >> 52)
    }
    #[inline(always)]
    fn lookup(self, table: &[f64; 16]) -> f64 {
        table[(self.to_bits() & 15) as usize]
    }
    #[inline(always)]
    fn within(self, low: f64, high: f64) -> bool {
        (self >= low) & (self < high)
    }
    #[inline(always)]
    fn both(a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn bits(mask: bool) -> u32 {
        u32::from(mask)
    }
}

/// `c[0] + c[1] x + c[2] x^2 + ...`, as two interleaved Horner chains of `x2 = x * x`.
#[inline(always)]
pub(crate) fn polynomial<L: Lanes, const N: usize>(x: L, x2: L, c: &[f64; N]) -> L {
    let mut older = x.all(c[N - 1]);
    let mut newer = x.all(c[N - 2]);
    let mut k = N - 2;
    while k > 0 {
        k -= 1;
        (older, newer) = (newer, older.mul_add(x2, x.all(c[k])));
    }
    older.mul_add(x, newer)
}

#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Lanes4, Lanes8};
