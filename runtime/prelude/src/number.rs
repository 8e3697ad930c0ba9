//! [`Number`] and [`Real`]: what all number types share. Not here: what only integers or
//! only floats have. Invariant: no member has a receiver, so that none can compete with a
//! method of std.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Rem, RemAssign, Sub, SubAssign};

/// Keeps the traits to the types that the compiler knows.
pub trait Sealed {}

/// Every numeric type: `i8` to `i64`, `isize`, `u8` to `u64`, `usize`, `f32`, `f64`.
/// `bool` is none.
///
/// | Member | Meaning |
/// |---|---|
/// | copies, `Debug`, `==`, `!=` | as on the type itself |
/// | `+` `-` `*` `/` `%` | on two values of the type; integers wrap in a release build, division panics as usual |
/// | `+=` `-=` `*=` `/=` `%=` | the same |
/// | `T::zero()`, `T::one()` | 0 and 1 |
/// | `T::from_i32(i32) -> T` | `value as T` |
///
/// There is no unary minus (unsigned types have none) and no order (complex types will have none).
pub trait Number:
    Sealed
    + Copy
    + Debug
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
{
    /// 0 of this type; for floats the positive zero.
    fn zero() -> Self;
    /// 1 of this type.
    fn one() -> Self;
    /// `value as Self`: wraps in narrower and unsigned integers, rounds to nearest in `f32`.
    fn from_i32(value: i32) -> Self;
}

/// Every ordered numeric type: all that are [`Number`] today.
///
/// | Member | Meaning |
/// |---|---|
/// | all of [`Number`] | |
/// | `<` `<=` `>` `>=` | as on the type itself; false when an operand is NaN |
/// | `T::MIN`, `T::MAX` | the smallest and largest value of the type; for floats the finite ones |
pub trait Real: Number + PartialOrd {
    /// The smallest value; for floats the smallest finite one.
    const MIN: Self;
    /// The largest value; for floats the largest finite one.
    const MAX: Self;
}

macro_rules! implement {
    ($($t:ident)*) => {$(
        impl Sealed for $t {}

        impl Number for $t {
            #[inline]
            fn zero() -> $t {
                0 as $t
            }
            #[inline]
            fn one() -> $t {
                1 as $t
            }
            #[inline]
            fn from_i32(value: i32) -> $t {
                value as $t
            }
        }

        impl Real for $t {
            const MIN: $t = $t::MIN;
            const MAX: $t = $t::MAX;
        }
    )*};
}

implement!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64);
