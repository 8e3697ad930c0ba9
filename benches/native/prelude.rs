//! The part of Brolga's prelude that the elementwise kernels use: the bound `Float`, whose methods
//! are std's.

use std::ops::{Add, Div, Mul, Neg, Sub};

pub trait Float:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn zero() -> Self;
    fn one() -> Self;
    fn from_f64(x: f64) -> Self;
    fn max(self, other: Self) -> Self;
    fn min(self, other: Self) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn sin(self) -> Self;
    fn powf(self, exponent: Self) -> Self;
    fn hypot(self, other: Self) -> Self;
}

macro_rules! float {
    ($($float:ty)*) => {$(
        impl Float for $float {
            #[inline(always)]
            fn zero() -> Self {
                0.0
            }
            #[inline(always)]
            fn one() -> Self {
                1.0
            }
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as $float
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <$float>::max(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                <$float>::min(self, other)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                <$float>::exp(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                <$float>::ln(self)
            }
            #[inline(always)]
            fn sin(self) -> Self {
                <$float>::sin(self)
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                <$float>::powf(self, exponent)
            }
            #[inline(always)]
            fn hypot(self, other: Self) -> Self {
                <$float>::hypot(self, other)
            }
        }
    )*};
}

float! { f32 f64 }
