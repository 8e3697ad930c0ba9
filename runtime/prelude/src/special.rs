//! Special functions that std lacks, as functions and not as methods: std has unstable
//! methods of these names. The values are those of the crate libm: `gamma` and `lgamma` of compiled
//! kernels have the same bits; `erf` and `erfc` of compiled kernels are Brolga's own, within the
//! bounds that docs/language.md states.

use crate::Float;

/// How a float type reaches libm. Outside of this package it is only a bound.
pub trait Special: Sized {
    #[doc(hidden)]
    fn special_erf(x: Self) -> Self;
    #[doc(hidden)]
    fn special_erfc(x: Self) -> Self;
    #[doc(hidden)]
    fn special_gamma(x: Self) -> Self;
    #[doc(hidden)]
    fn special_lgamma(x: Self) -> Self;
}

macro_rules! implement {
    ($t:ident: $erf:ident, $erfc:ident, $gamma:ident, $lgamma:ident) => {
        impl Special for $t {
            #[inline]
            fn special_erf(x: $t) -> $t {
                libm::$erf(x)
            }
            #[inline]
            fn special_erfc(x: $t) -> $t {
                libm::$erfc(x)
            }
            #[inline]
            fn special_gamma(x: $t) -> $t {
                libm::$gamma(x)
            }
            #[inline]
            fn special_lgamma(x: $t) -> $t {
                libm::$lgamma(x)
            }
        }
    };
}

implement!(f32: erff, erfcf, tgammaf, lgammaf);
implement!(f64: erf, erfc, tgamma, lgamma);

/// The error function.
///
/// ```
/// assert_eq!(brolga_prelude::erf(0.0_f32), 0.0);
/// assert_eq!(brolga_prelude::erf(f64::INFINITY), 1.0);
/// ```
#[inline]
#[must_use]
pub fn erf<T: Float>(x: T) -> T {
    T::special_erf(x)
}

/// The complementary error function, `1 - erf(x)`, precise where that is small.
#[inline]
#[must_use]
pub fn erfc<T: Float>(x: T) -> T {
    T::special_erfc(x)
}

/// The gamma function: `(n - 1)!` at a positive integer `n`; NaN at negative integers.
///
/// ```
/// assert_eq!(brolga_prelude::gamma(5.0), 24.0);
/// ```
#[inline]
#[must_use]
pub fn gamma<T: Float>(x: T) -> T {
    T::special_gamma(x)
}

/// The natural logarithm of the magnitude of [`gamma`].
#[inline]
#[must_use]
pub fn lgamma<T: Float>(x: T) -> T {
    T::special_lgamma(x)
}
