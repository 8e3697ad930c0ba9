//! [`Number`] and [`Real`]: what all number types share. Not here: what only integers or
//! only floats have. Invariant: no member has a receiver, so that none can compete with a
//! method of std.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Rem, RemAssign, Sub, SubAssign};

use num_complex::Complex;
use num_traits::Num;

/// Keeps the traits to the types that the compiler knows.
pub trait Sealed {}

/// Every numeric type: `i8` to `i64`, `isize`, `u8` to `u64`, `usize`, `f32`, `f64`, and the
/// complex numbers of the last two. `bool` is none.
///
/// | Member | Meaning |
/// |---|---|
/// | copies, `Debug`, `==`, `!=` | as on the type itself |
/// | `+` `-` `*` `/` `%` | on two values of the type; integers wrap in a release build, division panics as usual |
/// | `+=` `-=` `*=` `/=` `%=` | the same |
/// | `T::zero()`, `T::one()` | 0 and 1 |
/// | `T::from_i32(i32) -> T` | `value as T` |
///
/// There is no unary minus (unsigned types have none) and no order (complex types have none).
///
/// `zero` and `one` are those of num-traits' `Num`, which is a bound of this trait so that
/// num-complex's operators are there for `Complex<T>` in generic functions. What else `Num` has
/// (`is_zero`, `from_str_radix`) is not part of the kernel language.
pub trait Number:
    Sealed
    + Copy
    + Debug
    + PartialEq
    + Num
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
    /// `value as Self`: wraps in narrower and unsigned integers, rounds to nearest in `f32`;
    /// a complex number with this real part.
    fn from_i32(value: i32) -> Self;
}

/// Every ordered numeric type: all that are [`Number`] but the complex ones.
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

macro_rules! complex {
    ($($t:ident)*) => {$(
        impl Sealed for Complex<$t> {}

        impl Number for Complex<$t> {
            #[inline]
            fn from_i32(value: i32) -> Complex<$t> {
                Complex::new(value as $t, 0.0)
            }
        }
    )*};
}

complex!(f32 f64);
