//! [`Integer`]: what all integer types share. Not here: what only the signed or only the
//! unsigned types have (`abs`, `is_power_of_two`). Invariant: every method exists under the
//! same name and with the same signature as an inherent method of each integer type, which
//! therefore wins on concrete types; `min`, `max` and `clamp` come from `Ord`.

use std::ops::{
    BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Not, Shl, ShlAssign, Shr,
    ShrAssign,
};

use crate::Real;

/// Every integer type: `i8` to `i64`, `isize`, `u8` to `u64`, `usize`.
///
/// | Member | Meaning |
/// |---|---|
/// | all of [`Real`] | |
/// | `Eq`, `Ord`: `a.min(b)`, `a.max(b)`, `a.clamp(low, high)` | `clamp` panics if `low > high` |
/// | `&` `\|` `^` `!` `&=` `\|=` `^=` | bit operations |
/// | `<<` `>>` `<<=` `>>=` | by a `u32`, and by no other type; the count is taken modulo `T::BITS` in a release build; `>>` of a signed type keeps the sign |
/// | `T::BITS` | the width in bits, a `u32` |
/// | `count_ones`, `count_zeros`, `leading_zeros`, `leading_ones`, `trailing_zeros`, `trailing_ones` | `(self) -> u32` |
/// | `rotate_left`, `rotate_right` | `(self, u32) -> T` |
/// | `swap_bytes`, `reverse_bits`, `isqrt` | `(self) -> T` |
/// | `ilog2`, `ilog10` | `(self) -> u32` |
/// | `pow`, `wrapping_pow`, `saturating_pow` | `(self, u32) -> T` |
/// | `div_euclid`, `rem_euclid` | `(self, T) -> T` |
/// | `wrapping_add`, `wrapping_sub`, `wrapping_mul`, `wrapping_div`, `wrapping_rem` | `(self, T) -> T` |
/// | `wrapping_neg` | `(self) -> T` |
/// | `wrapping_shl`, `wrapping_shr` | `(self, u32) -> T` |
/// | `saturating_add`, `saturating_sub`, `saturating_mul` | `(self, T) -> T` |
/// | `overflowing_add`, `overflowing_sub`, `overflowing_mul` | `(self, T) -> (T, bool)` |
/// | `checked_add`, `checked_sub`, `checked_mul`, `checked_div`, `checked_rem` | `(self, T) -> Option<T>` |
/// | `checked_neg` | `(self) -> Option<T>` |
/// | `checked_shl`, `checked_shr`, `checked_pow` | `(self, u32) -> Option<T>` |
pub trait Integer:
    Real
    + Eq
    + Ord
    + Not<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + BitAndAssign
    + BitOrAssign
    + BitXorAssign
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
    + ShlAssign<u32>
    + ShrAssign<u32>
{
    /// The width in bits.
    const BITS: u32;

    /// The number of bits that are 1.
    #[must_use]
    fn count_ones(self) -> u32;

    /// The number of bits that are 0.
    #[must_use]
    fn count_zeros(self) -> u32;

    /// The number of zero bits above the highest one.
    #[must_use]
    fn leading_zeros(self) -> u32;

    /// The number of one bits above the highest zero.
    #[must_use]
    fn leading_ones(self) -> u32;

    /// The number of zero bits below the lowest one.
    #[must_use]
    fn trailing_zeros(self) -> u32;

    /// The number of one bits below the lowest zero.
    #[must_use]
    fn trailing_ones(self) -> u32;

    /// Rotates the bits to the left by `n` modulo `BITS`.
    #[must_use]
    fn rotate_left(self, n: u32) -> Self;

    /// Rotates the bits to the right by `n` modulo `BITS`.
    #[must_use]
    fn rotate_right(self, n: u32) -> Self;

    /// Reverses the order of the bytes.
    #[must_use]
    fn swap_bytes(self) -> Self;

    /// Reverses the order of the bits.
    #[must_use]
    fn reverse_bits(self) -> Self;

    /// `self` to the power; wraps in a release build.
    #[must_use]
    fn pow(self, exponent: u32) -> Self;

    /// The square root, rounded down.
    ///
    /// # Panics
    /// If `self` is negative.
    #[must_use]
    fn isqrt(self) -> Self;

    /// The logarithm to base 2, rounded down.
    ///
    /// # Panics
    /// If `self` is not positive.
    #[must_use]
    fn ilog2(self) -> u32;

    /// The logarithm to base 10, rounded down.
    ///
    /// # Panics
    /// If `self` is not positive.
    #[must_use]
    fn ilog10(self) -> u32;

    /// The quotient whose remainder is not negative.
    ///
    /// # Panics
    /// If `divisor` is 0, or on `MIN / -1`.
    #[must_use]
    fn div_euclid(self, divisor: Self) -> Self;

    /// The remainder that is not negative.
    ///
    /// # Panics
    /// If `divisor` is 0, or on `MIN % -1`.
    #[must_use]
    fn rem_euclid(self, divisor: Self) -> Self;

    /// The sum modulo 2 to the `BITS`.
    #[must_use]
    fn wrapping_add(self, other: Self) -> Self;

    /// The difference modulo 2 to the `BITS`.
    #[must_use]
    fn wrapping_sub(self, other: Self) -> Self;

    /// The product modulo 2 to the `BITS`.
    #[must_use]
    fn wrapping_mul(self, other: Self) -> Self;

    /// The quotient; `MIN / -1` gives `MIN`.
    ///
    /// # Panics
    /// If `other` is 0.
    #[must_use]
    fn wrapping_div(self, other: Self) -> Self;

    /// The remainder; `MIN % -1` gives 0.
    ///
    /// # Panics
    /// If `other` is 0.
    #[must_use]
    fn wrapping_rem(self, other: Self) -> Self;

    /// The negative modulo 2 to the `BITS`.
    #[must_use]
    fn wrapping_neg(self) -> Self;

    /// `self << (n % BITS)`.
    #[must_use]
    fn wrapping_shl(self, n: u32) -> Self;

    /// `self >> (n % BITS)`.
    #[must_use]
    fn wrapping_shr(self, n: u32) -> Self;

    /// The power modulo 2 to the `BITS`.
    #[must_use]
    fn wrapping_pow(self, exponent: u32) -> Self;

    /// The sum, held within `MIN` and `MAX`.
    #[must_use]
    fn saturating_add(self, other: Self) -> Self;

    /// The difference, held within `MIN` and `MAX`.
    #[must_use]
    fn saturating_sub(self, other: Self) -> Self;

    /// The product, held within `MIN` and `MAX`.
    #[must_use]
    fn saturating_mul(self, other: Self) -> Self;

    /// The power, held within `MIN` and `MAX`.
    #[must_use]
    fn saturating_pow(self, exponent: u32) -> Self;

    /// The wrapped sum, and whether it wrapped.
    #[must_use]
    fn overflowing_add(self, other: Self) -> (Self, bool);

    /// The wrapped difference, and whether it wrapped.
    #[must_use]
    fn overflowing_sub(self, other: Self) -> (Self, bool);

    /// The wrapped product, and whether it wrapped.
    #[must_use]
    fn overflowing_mul(self, other: Self) -> (Self, bool);

    /// The sum, or `None` where it does not fit.
    #[must_use]
    fn checked_add(self, other: Self) -> Option<Self>;

    /// The difference, or `None` where it does not fit.
    #[must_use]
    fn checked_sub(self, other: Self) -> Option<Self>;

    /// The product, or `None` where it does not fit.
    #[must_use]
    fn checked_mul(self, other: Self) -> Option<Self>;

    /// The quotient, or `None` on 0 and `MIN / -1`.
    #[must_use]
    fn checked_div(self, other: Self) -> Option<Self>;

    /// The remainder, or `None` on 0 and `MIN % -1`.
    #[must_use]
    fn checked_rem(self, other: Self) -> Option<Self>;

    /// The negative, or `None` where it does not fit.
    #[must_use]
    fn checked_neg(self) -> Option<Self>;

    /// `self << n`, or `None` where `n >= BITS`.
    #[must_use]
    fn checked_shl(self, n: u32) -> Option<Self>;

    /// `self >> n`, or `None` where `n >= BITS`.
    #[must_use]
    fn checked_shr(self, n: u32) -> Option<Self>;

    /// The power, or `None` where it does not fit.
    #[must_use]
    fn checked_pow(self, exponent: u32) -> Option<Self>;
}

/// Each listed member, as the inherent method of the same name, which comes before the
/// trait's.
macro_rules! forward {
    ($t:ident: $(fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {$(
        #[inline]
        fn $name(self $(, $arg: $ty)*) -> $ret {
            $t::$name(self $(, $arg)*)
        }
    )*};
}

macro_rules! implement {
    ($($t:ident)*) => {$(
        impl Integer for $t {
            const BITS: u32 = $t::BITS;

            forward! {
                $t:
                fn count_ones() -> u32;
                fn count_zeros() -> u32;
                fn leading_zeros() -> u32;
                fn leading_ones() -> u32;
                fn trailing_zeros() -> u32;
                fn trailing_ones() -> u32;
                fn rotate_left(n: u32) -> Self;
                fn rotate_right(n: u32) -> Self;
                fn swap_bytes() -> Self;
                fn reverse_bits() -> Self;
                fn pow(exponent: u32) -> Self;
                fn isqrt() -> Self;
                fn ilog2() -> u32;
                fn ilog10() -> u32;
                fn div_euclid(divisor: Self) -> Self;
                fn rem_euclid(divisor: Self) -> Self;
                fn wrapping_add(other: Self) -> Self;
                fn wrapping_sub(other: Self) -> Self;
                fn wrapping_mul(other: Self) -> Self;
                fn wrapping_div(other: Self) -> Self;
                fn wrapping_rem(other: Self) -> Self;
                fn wrapping_neg() -> Self;
                fn wrapping_shl(n: u32) -> Self;
                fn wrapping_shr(n: u32) -> Self;
                fn wrapping_pow(exponent: u32) -> Self;
                fn saturating_add(other: Self) -> Self;
                fn saturating_sub(other: Self) -> Self;
                fn saturating_mul(other: Self) -> Self;
                fn saturating_pow(exponent: u32) -> Self;
                fn overflowing_add(other: Self) -> (Self, bool);
                fn overflowing_sub(other: Self) -> (Self, bool);
                fn overflowing_mul(other: Self) -> (Self, bool);
                fn checked_add(other: Self) -> Option<Self>;
                fn checked_sub(other: Self) -> Option<Self>;
                fn checked_mul(other: Self) -> Option<Self>;
                fn checked_div(other: Self) -> Option<Self>;
                fn checked_rem(other: Self) -> Option<Self>;
                fn checked_neg() -> Option<Self>;
                fn checked_shl(n: u32) -> Option<Self>;
                fn checked_shr(n: u32) -> Option<Self>;
                fn checked_pow(exponent: u32) -> Option<Self>;
            }
        }
    )*};
}

implement!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
