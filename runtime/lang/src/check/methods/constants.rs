//! The constants of the number types: `f64::MAX`, `i32::BITS`, `std::f64::consts::PI`.

use brolga_abi::Bound;

use crate::check::lower::build;
use crate::check::ty::{Bounds, Ty};
use crate::ir::{Expr, Scalar};

const INTEGER: &[&str] = &["MIN", "MAX", "BITS"];
const FLOAT: &[&str] = &[
    "MIN",
    "MAX",
    "EPSILON",
    "INFINITY",
    "NEG_INFINITY",
    "NAN",
    "MIN_POSITIVE",
    "MANTISSA_DIGITS",
    "DIGITS",
    "RADIX",
    "MAX_EXP",
    "MIN_EXP",
    "MAX_10_EXP",
    "MIN_10_EXP",
];

/// The names that a type has.
pub(crate) fn names(scalar: Scalar) -> &'static [&'static str] {
    if scalar.is_float() {
        FLOAT
    } else if scalar.is_integer() {
        INTEGER
    } else {
        &[]
    }
}

/// The names that a type parameter has.
pub(crate) fn generic_names(bounds: Bounds) -> Vec<&'static str> {
    let mut names = Vec::new();
    if bounds.has(Bound::Real) {
        names.extend(["MIN", "MAX"]);
    }
    if bounds.has(Bound::Integer) {
        names.push("BITS");
    }
    if bounds.has(Bound::Float) {
        names.extend(["NAN", "INFINITY", "NEG_INFINITY", "EPSILON", "MIN_POSITIVE"]);
    }
    names
}

/// The type of a constant of `own`.
pub(crate) fn ty(own: &Ty, name: &str) -> Ty {
    match name {
        "BITS" | "MANTISSA_DIGITS" | "DIGITS" | "RADIX" => Ty::U32,
        "MAX_EXP" | "MIN_EXP" | "MAX_10_EXP" | "MIN_10_EXP" => Ty::Scalar(Scalar::I32),
        _ => own.clone(),
    }
}

/// The value of a constant of a type.
pub(crate) fn value(scalar: Scalar, name: &str) -> Option<Expr> {
    let u32_ = |v: u32| Some(build::int(Scalar::U32, i128::from(v)));
    let i32_ = |v: i32| Some(build::int(Scalar::I32, i128::from(v)));
    if scalar.is_integer() {
        let (min, max) = build::range(scalar);
        return match name {
            "MIN" => Some(build::int(scalar, min)),
            "MAX" => Some(build::int(scalar, max)),
            "BITS" => u32_(scalar.bits()),
            _ => None,
        };
    }
    let single = scalar == Scalar::F32;
    if !single && scalar != Scalar::F64 {
        return None;
    }
    let pick = |a: f32, b: f64| {
        Some(build::bits(
            scalar,
            if single {
                u64::from(a.to_bits())
            } else {
                b.to_bits()
            },
        ))
    };
    match name {
        "MIN" => pick(f32::MIN, f64::MIN),
        "MAX" => pick(f32::MAX, f64::MAX),
        "EPSILON" => pick(f32::EPSILON, f64::EPSILON),
        "INFINITY" => pick(f32::INFINITY, f64::INFINITY),
        "NEG_INFINITY" => pick(f32::NEG_INFINITY, f64::NEG_INFINITY),
        "NAN" => pick(f32::NAN, f64::NAN),
        "MIN_POSITIVE" => pick(f32::MIN_POSITIVE, f64::MIN_POSITIVE),
        "MANTISSA_DIGITS" => u32_(if single { 24 } else { 53 }),
        "DIGITS" => u32_(if single { f32::DIGITS } else { f64::DIGITS }),
        "RADIX" => u32_(2),
        "MAX_EXP" => i32_(if single { f32::MAX_EXP } else { f64::MAX_EXP }),
        "MIN_EXP" => i32_(if single { f32::MIN_EXP } else { f64::MIN_EXP }),
        "MAX_10_EXP" => i32_(if single {
            f32::MAX_10_EXP
        } else {
            f64::MAX_10_EXP
        }),
        "MIN_10_EXP" => i32_(if single {
            f32::MIN_10_EXP
        } else {
            f64::MIN_10_EXP
        }),
        _ => mathematical(scalar, name),
    }
}

macro_rules! mathematical {
    ($($name:ident)*) => {
        /// The names of `std::f64::consts`, each also a field of [`value`].
        pub(crate) const MATHEMATICAL: &[&str] = &[$(stringify!($name)),*];

        fn mathematical(scalar: Scalar, name: &str) -> Option<Expr> {
            let (a, b) = match name {
                $(stringify!($name) => (std::f32::consts::$name, std::f64::consts::$name),)*
                _ => return None,
            };
            Some(build::bits(
                scalar,
                if scalar == Scalar::F32 { u64::from(a.to_bits()) } else { b.to_bits() },
            ))
        }
    };
}

mathematical! {
    E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4
    FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_2 LOG10_E LOG2_10 LOG2_E PI SQRT_2 TAU
}
