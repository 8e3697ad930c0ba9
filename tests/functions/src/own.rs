//! A float whose elementary functions are Brolga's, for code that is generic over
//! `num_traits::Float`. Everything else is the float's own.

use std::num::FpCategory;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use brolga_prelude::Float;
use num_traits::{FloatConst, Num, NumCast, One, ToPrimitive, Zero};

use crate::real::Elementary;

/// An `f32` or `f64`.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Own<R>(pub R);

macro_rules! operators {
    ($($operator:ident $method:ident $symbol:tt;)*) => {$(
        impl<R: Float> $operator for Own<R> {
            type Output = Own<R>;
            fn $method(self, other: Own<R>) -> Own<R> {
                Own(self.0 $symbol other.0)
            }
        }
    )*};
}

operators! {
    Add add +;
    Sub sub -;
    Mul mul *;
    Div div /;
    Rem rem %;
}

impl<R: Float> Neg for Own<R> {
    type Output = Own<R>;
    fn neg(self) -> Own<R> {
        Own(-self.0)
    }
}

impl<R: Float> Zero for Own<R> {
    fn zero() -> Own<R> {
        Own(R::zero())
    }
    fn is_zero(&self) -> bool {
        self.0 == R::zero()
    }
}

impl<R: Float> One for Own<R> {
    fn one() -> Own<R> {
        Own(R::one())
    }
}

impl<R: Float> Num for Own<R> {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;
    fn from_str_radix(text: &str, radix: u32) -> Result<Own<R>, Self::FromStrRadixErr> {
        f64::from_str_radix(text, radix).map(|x| Own(R::from_f64(x)))
    }
}

impl<R: Float> ToPrimitive for Own<R> {
    fn to_i64(&self) -> Option<i64> {
        self.0.to_f64().to_i64()
    }
    fn to_u64(&self) -> Option<u64> {
        self.0.to_f64().to_u64()
    }
    fn to_f64(&self) -> Option<f64> {
        Some(self.0.to_f64())
    }
}

/// Whether `R` is `f32`.
fn is_single<R: Float>() -> bool {
    size_of::<R>() == size_of::<f32>()
}

impl<R: Float> NumCast for Own<R> {
    fn from<T: ToPrimitive>(n: T) -> Option<Own<R>> {
        let value = if is_single::<R>() {
            n.to_f32()? as f64
        } else {
            n.to_f64()?
        };
        Some(Own(R::from_f64(value)))
    }
}

macro_rules! constants {
    ($($name:ident)*) => {
        impl<R: Float> FloatConst for Own<R> {
            $(fn $name() -> Own<R> {
                Own(R::from_f64(if is_single::<R>() {
                    std::f32::consts::$name as f64
                } else {
                    std::f64::consts::$name
                }))
            })*
        }
    };
}

constants! {
    E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4 FRAC_PI_6
    FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2
}

macro_rules! values {
    ($($name:ident $value:expr;)*) => {
        $(fn $name() -> Own<R> {
            Own($value)
        })*
    };
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(fn $name(self) -> bool {
            self.0.$name()
        })*
    };
}

macro_rules! methods {
    ($($name:ident $of:ident($($arg:ident),*);)*) => {
        $(fn $name(self $(, $arg: Own<R>)*) -> Own<R> {
            Own(self.0.$of($($arg.0),*))
        })*
    };
}

impl<R: Float> num_traits::Float for Own<R> {
    values! {
        nan R::NAN;
        infinity R::INFINITY;
        neg_infinity R::NEG_INFINITY;
        neg_zero -R::zero();
        min_value R::MIN;
        max_value R::MAX;
        min_positive_value R::MIN_POSITIVE;
        epsilon R::EPSILON;
    }
    tests! {
        is_nan is_infinite is_finite is_normal is_subnormal is_sign_positive is_sign_negative
    }
    methods! {
        floor floor();
        ceil ceil();
        round round();
        trunc trunc();
        fract fract();
        abs abs();
        signum signum();
        recip recip();
        to_degrees to_degrees();
        to_radians to_radians();
        mul_add mul_add(a, b);
        max max(other);
        min min(other);
        clamp clamp(low, high);
        copysign copysign(sign);
        sqrt sqrt();
        powf own_powf(exponent);
        exp own_exp();
        exp2 own_exp2();
        exp_m1 own_exp_m1();
        ln own_ln();
        ln_1p own_ln_1p();
        log own_log(base);
        log2 own_log2();
        log10 own_log10();
        cbrt own_cbrt();
        hypot own_hypot(other);
        sin own_sin();
        cos own_cos();
        tan own_tan();
        asin own_asin();
        acos own_acos();
        atan own_atan();
        atan2 own_atan2(x);
        sinh own_sinh();
        cosh own_cosh();
        tanh own_tanh();
        asinh own_asinh();
        acosh own_acosh();
        atanh own_atanh();
    }
    fn sin_cos(self) -> (Own<R>, Own<R>) {
        let (sin, cos) = self.0.own_sin_cos();
        (Own(sin), Own(cos))
    }
    fn powi(self, exponent: i32) -> Own<R> {
        Own(self.0.powi(exponent))
    }
    fn abs_sub(self, other: Own<R>) -> Own<R> {
        if self <= other {
            Own::zero()
        } else {
            self - other
        }
    }
    fn classify(self) -> FpCategory {
        if is_single::<R>() {
            (self.0.to_f64() as f32).classify()
        } else {
            self.0.to_f64().classify()
        }
    }
    fn integer_decode(self) -> (u64, i16, i8) {
        if is_single::<R>() {
            num_traits::Float::integer_decode(self.0.to_f64() as f32)
        } else {
            num_traits::Float::integer_decode(self.0.to_f64())
        }
    }
}
