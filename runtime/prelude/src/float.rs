//! [`Float`]: what `f32` and `f64` share. Not here: what depends on the width (`to_bits`,
//! `total_cmp`) and what std lacks, see [`crate::erf`]. Invariant: every method exists under
//! the same name and with the same signature as an inherent method of both types, which
//! therefore wins on concrete types.

use std::ops::Neg;

use crate::Real;
use crate::special::Special;

/// `f32` and `f64`.
///
/// | Member | Meaning |
/// |---|---|
/// | all of [`Real`] | |
/// | unary `-` | flips the sign bit |
/// | `T::from_f64(f64) -> T` | `value as T` |
/// | `to_f64(self) -> f64` | `self as f64` |
/// | `T::NAN`, `T::INFINITY`, `T::NEG_INFINITY`, `T::EPSILON`, `T::MIN_POSITIVE` | as on the type itself |
/// | `floor`, `ceil`, `round`, `round_ties_even`, `trunc`, `fract` | `(self) -> T` |
/// | `abs`, `signum`, `recip`, `to_degrees`, `to_radians`, `next_up`, `next_down` | `(self) -> T` |
/// | `copysign`, `div_euclid`, `rem_euclid`, `min`, `max`, `midpoint`, `hypot`, `powf`, `atan2`, `log` | `(self, T) -> T` |
/// | `mul_add`, `clamp` | `(self, T, T) -> T` |
/// | `powi` | `(self, i32) -> T` |
/// | `is_nan`, `is_infinite`, `is_finite`, `is_normal`, `is_subnormal`, `is_sign_positive`, `is_sign_negative` | `(self) -> bool` |
/// | `sqrt`, `cbrt`, `exp`, `exp2`, `exp_m1`, `ln`, `ln_1p`, `log2`, `log10` | `(self) -> T` |
/// | `sin`, `cos`, `tan`, `asin`, `acos`, `atan`, `sinh`, `cosh`, `tanh`, `asinh`, `acosh`, `atanh` | `(self) -> T` |
/// | `sin_cos` | `(self) -> (T, T)` |
/// | [`erf`](crate::erf), [`erfc`](crate::erfc), [`gamma`](crate::gamma), [`lgamma`](crate::lgamma) | functions of this package: `erf(x)` |
pub trait Float: Real + Neg<Output = Self> + Special {
    /// A NaN; its sign and payload are not stated.
    const NAN: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// Negative infinity.
    const NEG_INFINITY: Self;
    /// The distance from 1 to the next larger value.
    const EPSILON: Self;
    /// The smallest positive normal value.
    const MIN_POSITIVE: Self;

    /// `value as Self`: rounded to nearest.
    fn from_f64(value: f64) -> Self;

    /// `self as f64`: exact.
    #[must_use]
    fn to_f64(self) -> f64;

    /// The largest integral value not above `self`.
    #[must_use]
    fn floor(self) -> Self;

    /// The smallest integral value not below `self`.
    #[must_use]
    fn ceil(self) -> Self;

    /// The nearest integral value, halves away from 0.
    #[must_use]
    fn round(self) -> Self;

    /// The nearest integral value, halves to the even one.
    #[must_use]
    fn round_ties_even(self) -> Self;

    /// The integral part.
    #[must_use]
    fn trunc(self) -> Self;

    /// `self - self.trunc()`.
    #[must_use]
    fn fract(self) -> Self;

    /// The magnitude: clears the sign bit.
    #[must_use]
    fn abs(self) -> Self;

    /// 1 with the sign of `self`, also of zeros; NaN of NaN.
    #[must_use]
    fn signum(self) -> Self;

    /// The magnitude of `self` with the sign of `sign`.
    #[must_use]
    fn copysign(self, sign: Self) -> Self;

    /// `1 / self`.
    #[must_use]
    fn recip(self) -> Self;

    /// Radians to degrees.
    #[must_use]
    fn to_degrees(self) -> Self;

    /// Degrees to radians.
    #[must_use]
    fn to_radians(self) -> Self;

    /// `self * factor + addend`, rounded once.
    #[must_use]
    fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// The integral quotient whose remainder is not negative.
    #[must_use]
    fn div_euclid(self, divisor: Self) -> Self;

    /// The remainder that is not negative.
    #[must_use]
    fn rem_euclid(self, divisor: Self) -> Self;

    /// The smaller; the other operand when one is NaN. Which zero it gives for +0 and -0 is not stated.
    #[must_use]
    fn min(self, other: Self) -> Self;

    /// The larger; the other operand when one is NaN. Which zero it gives for +0 and -0 is not stated.
    #[must_use]
    fn max(self, other: Self) -> Self;

    /// `self` held within `low` and `high`; NaN stays.
    ///
    /// # Panics
    /// If `low > high` or either is NaN.
    #[must_use]
    fn clamp(self, low: Self, high: Self) -> Self;

    /// The middle of the two, without overflow.
    #[must_use]
    fn midpoint(self, other: Self) -> Self;

    /// The least value above `self`.
    #[must_use]
    fn next_up(self) -> Self;

    /// The greatest value below `self`.
    #[must_use]
    fn next_down(self) -> Self;

    /// Whether it is NaN.
    #[must_use]
    fn is_nan(self) -> bool;

    /// Whether it is an infinity.
    #[must_use]
    fn is_infinite(self) -> bool;

    /// Whether it is neither NaN nor an infinity.
    #[must_use]
    fn is_finite(self) -> bool;

    /// Whether it is neither 0, subnormal, infinite nor NaN.
    #[must_use]
    fn is_normal(self) -> bool;

    /// Whether it is subnormal.
    #[must_use]
    fn is_subnormal(self) -> bool;

    /// Whether the sign bit is 0.
    #[must_use]
    fn is_sign_positive(self) -> bool;

    /// Whether the sign bit is 1.
    #[must_use]
    fn is_sign_negative(self) -> bool;

    /// The square root, correctly rounded.
    #[must_use]
    fn sqrt(self) -> Self;

    /// The cube root.
    #[must_use]
    fn cbrt(self) -> Self;

    /// The square root of the sum of squares, without overflow.
    #[must_use]
    fn hypot(self, other: Self) -> Self;

    /// The power, by repeated squaring.
    #[must_use]
    fn powi(self, exponent: i32) -> Self;

    /// The power.
    #[must_use]
    fn powf(self, exponent: Self) -> Self;

    /// e to the power `self`.
    #[must_use]
    fn exp(self) -> Self;

    /// 2 to the power `self`.
    #[must_use]
    fn exp2(self) -> Self;

    /// `exp(self) - 1`, precise near 0.
    #[must_use]
    fn exp_m1(self) -> Self;

    /// The natural logarithm.
    #[must_use]
    fn ln(self) -> Self;

    /// `ln(1 + self)`, precise near 0.
    #[must_use]
    fn ln_1p(self) -> Self;

    /// `self.ln() / base.ln()`.
    #[must_use]
    fn log(self, base: Self) -> Self;

    /// The logarithm to base 2.
    #[must_use]
    fn log2(self) -> Self;

    /// The logarithm to base 10.
    #[must_use]
    fn log10(self) -> Self;

    /// The sine.
    #[must_use]
    fn sin(self) -> Self;

    /// The cosine.
    #[must_use]
    fn cos(self) -> Self;

    /// The tangent.
    #[must_use]
    fn tan(self) -> Self;

    /// The sine and the cosine.
    #[must_use]
    fn sin_cos(self) -> (Self, Self);

    /// The inverse sine.
    #[must_use]
    fn asin(self) -> Self;

    /// The inverse cosine.
    #[must_use]
    fn acos(self) -> Self;

    /// The inverse tangent.
    #[must_use]
    fn atan(self) -> Self;

    /// The angle of the point (`x`, `self`).
    #[must_use]
    fn atan2(self, x: Self) -> Self;

    /// The hyperbolic sine.
    #[must_use]
    fn sinh(self) -> Self;

    /// The hyperbolic cosine.
    #[must_use]
    fn cosh(self) -> Self;

    /// The hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self;

    /// The inverse hyperbolic sine.
    #[must_use]
    fn asinh(self) -> Self;

    /// The inverse hyperbolic cosine.
    #[must_use]
    fn acosh(self) -> Self;

    /// The inverse hyperbolic tangent.
    #[must_use]
    fn atanh(self) -> Self;
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
        impl Float for $t {
            const NAN: $t = $t::NAN;
            const INFINITY: $t = $t::INFINITY;
            const NEG_INFINITY: $t = $t::NEG_INFINITY;
            const EPSILON: $t = $t::EPSILON;
            const MIN_POSITIVE: $t = $t::MIN_POSITIVE;

            #[inline]
            fn from_f64(value: f64) -> $t {
                value as $t
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            forward! {
                $t:
                fn floor() -> Self;
                fn ceil() -> Self;
                fn round() -> Self;
                fn round_ties_even() -> Self;
                fn trunc() -> Self;
                fn fract() -> Self;
                fn abs() -> Self;
                fn signum() -> Self;
                fn copysign(sign: Self) -> Self;
                fn recip() -> Self;
                fn to_degrees() -> Self;
                fn to_radians() -> Self;
                fn mul_add(factor: Self, addend: Self) -> Self;
                fn div_euclid(divisor: Self) -> Self;
                fn rem_euclid(divisor: Self) -> Self;
                fn min(other: Self) -> Self;
                fn max(other: Self) -> Self;
                fn clamp(low: Self, high: Self) -> Self;
                fn midpoint(other: Self) -> Self;
                fn next_up() -> Self;
                fn next_down() -> Self;
                fn is_nan() -> bool;
                fn is_infinite() -> bool;
                fn is_finite() -> bool;
                fn is_normal() -> bool;
                fn is_subnormal() -> bool;
                fn is_sign_positive() -> bool;
                fn is_sign_negative() -> bool;
                fn sqrt() -> Self;
                fn cbrt() -> Self;
                fn hypot(other: Self) -> Self;
                fn powi(exponent: i32) -> Self;
                fn powf(exponent: Self) -> Self;
                fn exp() -> Self;
                fn exp2() -> Self;
                fn exp_m1() -> Self;
                fn ln() -> Self;
                fn ln_1p() -> Self;
                fn log(base: Self) -> Self;
                fn log2() -> Self;
                fn log10() -> Self;
                fn sin() -> Self;
                fn cos() -> Self;
                fn tan() -> Self;
                fn sin_cos() -> (Self, Self);
                fn asin() -> Self;
                fn acos() -> Self;
                fn atan() -> Self;
                fn atan2(x: Self) -> Self;
                fn sinh() -> Self;
                fn cosh() -> Self;
                fn tanh() -> Self;
                fn asinh() -> Self;
                fn acosh() -> Self;
                fn atanh() -> Self;
            }
        }
    )*};
}

implement!(f32 f64);
