//! The list of all functions.

use crate::f32 as single;
use crate::f64 as double;
use crate::level::Level;
use crate::pair::{self, Both};
use crate::shape;
use crate::tabled;
use crate::version::versions;

/// The versions of one kind of function, in the order of [`Level::ALL`].
type Versions<F> = [F; 3];

/// What a function takes and gives, and its code. Pointers are to `n` elements; the destination may
/// be one of the sources, any other overlap is not allowed.
#[derive(Clone, Copy)]
pub enum Entry {
    /// `x -> f(x)`.
    Unary64(Versions<unsafe extern "C" fn(f64) -> f64>),
    /// `x -> f(x)`.
    Unary32(Versions<unsafe extern "C" fn(f32) -> f32>),
    /// `x, y -> f(x, y)`.
    Binary64(Versions<unsafe extern "C" fn(f64, f64) -> f64>),
    /// `x, y -> f(x, y)`.
    Binary32(Versions<unsafe extern "C" fn(f32, f32) -> f32>),
    /// `dst, src, n`.
    UnaryStrip64(Versions<unsafe extern "C" fn(*mut f64, *const f64, usize)>),
    /// `dst, src, n`.
    UnaryStrip32(Versions<unsafe extern "C" fn(*mut f32, *const f32, usize)>),
    /// `dst, x, y, n`.
    BinaryStrip64(Versions<unsafe extern "C" fn(*mut f64, *const f64, *const f64, usize)>),
    /// `dst, x, y, n`.
    BinaryStrip32(Versions<unsafe extern "C" fn(*mut f32, *const f32, *const f32, usize)>),
    /// `first destination, second destination, src, n`: two functions of the same numbers. The
    /// destinations do not overlap; one of them may be the source.
    PairStrip64(Versions<unsafe extern "C" fn(*mut f64, *mut f64, *const f64, usize)>),
    /// As [`Entry::PairStrip64`].
    PairStrip32(Versions<unsafe extern "C" fn(*mut f32, *mut f32, *const f32, usize)>),
    /// `dst, x, exponents, n`.
    PowiStrip64(Versions<unsafe extern "C" fn(*mut f64, *const f64, *const i32, usize)>),
    /// `dst, x, exponents, n`.
    PowiStrip32(Versions<unsafe extern "C" fn(*mut f32, *const f32, *const i32, usize)>),
}

impl Entry {
    /// The address of the code for `level`.
    pub fn address(&self, level: Level) -> *const u8 {
        let k = level as usize;
        match self {
            Entry::Unary64(f) => f[k] as *const u8,
            Entry::Unary32(f) => f[k] as *const u8,
            Entry::Binary64(f) => f[k] as *const u8,
            Entry::Binary32(f) => f[k] as *const u8,
            Entry::UnaryStrip64(f) => f[k] as *const u8,
            Entry::UnaryStrip32(f) => f[k] as *const u8,
            Entry::BinaryStrip64(f) => f[k] as *const u8,
            Entry::BinaryStrip32(f) => f[k] as *const u8,
            Entry::PairStrip64(f) => f[k] as *const u8,
            Entry::PairStrip32(f) => f[k] as *const u8,
            Entry::PowiStrip64(f) => f[k] as *const u8,
            Entry::PowiStrip32(f) => f[k] as *const u8,
        }
    }
}

/// A function with the name of its symbol.
#[derive(Clone, Copy)]
pub struct Definition {
    /// `nrt_exp_f64` for one number, `nrt_v_exp_f64` for a strip.
    pub name: &'static str,
    /// Its type and its code.
    pub entry: Entry,
}

/// The definition with this name.
pub fn definition(name: &str) -> Option<&'static Definition> {
    DEFINITIONS
        .binary_search_by(|definition| definition.name.cmp(name))
        .ok()
        .map(|k| &DEFINITIONS[k])
}

/// All functions, sorted by name.
pub fn definitions() -> &'static [Definition] {
    DEFINITIONS
}

macro_rules! scalar_unary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(x: $t) -> $t = shape::unary::<$t, $f>(x)))
    };
}
macro_rules! scalar_binary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(x: $t, y: $t) -> $t = shape::binary::<$t, $t, $f>(x, y)))
    };
}
macro_rules! strip_unary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(dst: *mut $t, src: *const $t, n: usize) =
            shape::unary_strip::<$t, $f>(dst, src, n)))
    };
}
macro_rules! strip_binary {
    ($kind:ident, $t:ty, $u:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(dst: *mut $t, x: *const $t, y: *const $u, n: usize) =
            shape::binary_strip::<$t, $u, $f>(dst, x, y, n)))
    };
}
macro_rules! strip_pair {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(first: *mut $t, second: *mut $t, src: *const $t, n: usize) =
            pair::pair_strip::<$t, $f>(first, second, src, n)))
    };
}

macro_rules! scalar_tabled_unary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(x: $t) -> $t = tabled::tabled_unary::<$t, $f>(x)))
    };
}
macro_rules! scalar_tabled_binary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(x: $t, y: $t) -> $t =
            tabled::tabled_binary::<$t, $f>(x, y)))
    };
}
macro_rules! strip_tabled_unary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(dst: *mut $t, src: *const $t, n: usize) =
            tabled::tabled_unary_strip::<$t, $f, Wide>(dst, src, n)))
    };
}
macro_rules! strip_tabled_binary {
    ($kind:ident, $t:ty, $f:ty) => {
        Entry::$kind(versions!(unsafe fn(dst: *mut $t, x: *const $t, y: *const $t, n: usize) =
            tabled::tabled_binary_strip::<$t, $f, Wide>(dst, x, y, n)))
    };
}

static DEFINITIONS: &[Definition] = &[
    Definition {
        name: "nrt_acos_f32",
        entry: scalar_unary!(Unary32, f32, single::inverse::Acos),
    },
    Definition {
        name: "nrt_acos_f64",
        entry: scalar_unary!(Unary64, f64, double::inverse::Acos),
    },
    Definition {
        name: "nrt_acosh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Acosh),
    },
    Definition {
        name: "nrt_acosh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Acosh),
    },
    Definition {
        name: "nrt_asin_f32",
        entry: scalar_unary!(Unary32, f32, single::inverse::Asin),
    },
    Definition {
        name: "nrt_asin_f64",
        entry: scalar_unary!(Unary64, f64, double::inverse::Asin),
    },
    Definition {
        name: "nrt_asinh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Asinh),
    },
    Definition {
        name: "nrt_asinh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Asinh),
    },
    Definition {
        name: "nrt_atan2_f32",
        entry: scalar_binary!(Binary32, f32, single::inverse::Atan2),
    },
    Definition {
        name: "nrt_atan2_f64",
        entry: scalar_binary!(Binary64, f64, double::inverse::Atan2),
    },
    Definition {
        name: "nrt_atan_f32",
        entry: scalar_unary!(Unary32, f32, single::inverse::Atan),
    },
    Definition {
        name: "nrt_atan_f64",
        entry: scalar_unary!(Unary64, f64, double::inverse::Atan),
    },
    Definition {
        name: "nrt_atanh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Atanh),
    },
    Definition {
        name: "nrt_atanh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Atanh),
    },
    Definition {
        name: "nrt_cbrt_f32",
        entry: scalar_unary!(Unary32, f32, single::root::Cbrt),
    },
    Definition {
        name: "nrt_cbrt_f64",
        entry: scalar_unary!(Unary64, f64, double::root::Cbrt),
    },
    Definition {
        name: "nrt_cos_f32",
        entry: scalar_unary!(Unary32, f32, single::trigonometric::Cos),
    },
    Definition {
        name: "nrt_cos_f64",
        entry: scalar_unary!(Unary64, f64, double::trigonometric::Cos),
    },
    Definition {
        name: "nrt_cosh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Cosh),
    },
    Definition {
        name: "nrt_cosh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Cosh),
    },
    Definition {
        name: "nrt_erf_f32",
        entry: scalar_unary!(Unary32, f32, single::error::Erf),
    },
    Definition {
        name: "nrt_erf_f64",
        entry: scalar_unary!(Unary64, f64, double::error::Erf),
    },
    Definition {
        name: "nrt_erfc_f32",
        entry: scalar_unary!(Unary32, f32, single::error::Erfc),
    },
    Definition {
        name: "nrt_erfc_f64",
        entry: scalar_unary!(Unary64, f64, double::error::Erfc),
    },
    Definition {
        name: "nrt_exp2_f32",
        entry: scalar_unary!(Unary32, f32, single::exponential::Exp2),
    },
    Definition {
        name: "nrt_exp2_f64",
        entry: scalar_unary!(Unary64, f64, double::exponential::Exp2),
    },
    Definition {
        name: "nrt_exp_f32",
        entry: scalar_unary!(Unary32, f32, single::exponential::Exp),
    },
    Definition {
        name: "nrt_exp_f64",
        entry: scalar_tabled_unary!(Unary64, f64, double::exponential::Exp),
    },
    Definition {
        name: "nrt_exp_m1_f32",
        entry: scalar_unary!(Unary32, f32, single::exponential::ExpM1),
    },
    Definition {
        name: "nrt_exp_m1_f64",
        entry: scalar_unary!(Unary64, f64, double::exponential::ExpM1),
    },
    Definition {
        name: "nrt_hypot_f32",
        entry: scalar_binary!(Binary32, f32, single::root::Hypot),
    },
    Definition {
        name: "nrt_hypot_f64",
        entry: scalar_binary!(Binary64, f64, double::root::Hypot),
    },
    Definition {
        name: "nrt_ln_1p_f32",
        entry: scalar_unary!(Unary32, f32, single::logarithm::Ln1p),
    },
    Definition {
        name: "nrt_ln_1p_f64",
        entry: scalar_unary!(Unary64, f64, double::logarithm::Ln1p),
    },
    Definition {
        name: "nrt_ln_f32",
        entry: scalar_unary!(Unary32, f32, single::logarithm::Ln),
    },
    Definition {
        name: "nrt_ln_f64",
        entry: scalar_tabled_unary!(Unary64, f64, double::logarithm::Ln),
    },
    Definition {
        name: "nrt_log10_f32",
        entry: scalar_unary!(Unary32, f32, single::logarithm::Log10),
    },
    Definition {
        name: "nrt_log10_f64",
        entry: scalar_unary!(Unary64, f64, double::logarithm::Log10),
    },
    Definition {
        name: "nrt_log2_f32",
        entry: scalar_unary!(Unary32, f32, single::logarithm::Log2),
    },
    Definition {
        name: "nrt_log2_f64",
        entry: scalar_unary!(Unary64, f64, double::logarithm::Log2),
    },
    Definition {
        name: "nrt_powf_f32",
        entry: scalar_tabled_binary!(Binary32, f32, single::power::Powf),
    },
    Definition {
        name: "nrt_powf_f64",
        entry: scalar_tabled_binary!(Binary64, f64, double::power::Powf),
    },
    Definition {
        name: "nrt_sin_f32",
        entry: scalar_unary!(Unary32, f32, single::trigonometric::Sin),
    },
    Definition {
        name: "nrt_sin_f64",
        entry: scalar_unary!(Unary64, f64, double::trigonometric::Sin),
    },
    Definition {
        name: "nrt_sinh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Sinh),
    },
    Definition {
        name: "nrt_sinh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Sinh),
    },
    Definition {
        name: "nrt_tan_f32",
        entry: scalar_unary!(Unary32, f32, single::trigonometric::Tan),
    },
    Definition {
        name: "nrt_tan_f64",
        entry: scalar_unary!(Unary64, f64, double::trigonometric::Tan),
    },
    Definition {
        name: "nrt_tanh_f32",
        entry: scalar_unary!(Unary32, f32, single::hyperbolic::Tanh),
    },
    Definition {
        name: "nrt_tanh_f64",
        entry: scalar_unary!(Unary64, f64, double::hyperbolic::Tanh),
    },
    Definition {
        name: "nrt_v_acos_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::inverse::Acos),
    },
    Definition {
        name: "nrt_v_acos_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::inverse::Acos),
    },
    Definition {
        name: "nrt_v_acosh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Acosh),
    },
    Definition {
        name: "nrt_v_acosh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Acosh),
    },
    Definition {
        name: "nrt_v_asin_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::inverse::Asin),
    },
    Definition {
        name: "nrt_v_asin_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::inverse::Asin),
    },
    Definition {
        name: "nrt_v_asinh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Asinh),
    },
    Definition {
        name: "nrt_v_asinh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Asinh),
    },
    Definition {
        name: "nrt_v_atan2_f32",
        entry: strip_binary!(BinaryStrip32, f32, f32, single::inverse::Atan2),
    },
    Definition {
        name: "nrt_v_atan2_f64",
        entry: strip_binary!(BinaryStrip64, f64, f64, double::inverse::Atan2),
    },
    Definition {
        name: "nrt_v_atan_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::inverse::Atan),
    },
    Definition {
        name: "nrt_v_atan_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::inverse::Atan),
    },
    Definition {
        name: "nrt_v_atanh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Atanh),
    },
    Definition {
        name: "nrt_v_atanh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Atanh),
    },
    Definition {
        name: "nrt_v_cbrt_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::root::Cbrt),
    },
    Definition {
        name: "nrt_v_cbrt_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::root::Cbrt),
    },
    Definition {
        name: "nrt_v_cos_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::trigonometric::Cos),
    },
    Definition {
        name: "nrt_v_cos_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::trigonometric::Cos),
    },
    Definition {
        name: "nrt_v_cosh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Cosh),
    },
    Definition {
        name: "nrt_v_cosh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Cosh),
    },
    Definition {
        name: "nrt_v_erf_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::error::Erf),
    },
    Definition {
        name: "nrt_v_erf_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::error::Erf),
    },
    Definition {
        name: "nrt_v_erfc_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::error::Erfc),
    },
    Definition {
        name: "nrt_v_erfc_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::error::Erfc),
    },
    Definition {
        name: "nrt_v_exp2_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::exponential::Exp2),
    },
    Definition {
        name: "nrt_v_exp2_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::exponential::Exp2),
    },
    Definition {
        name: "nrt_v_exp_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::exponential::Exp),
    },
    Definition {
        name: "nrt_v_exp_f64",
        entry: strip_tabled_unary!(UnaryStrip64, f64, double::exponential::Exp),
    },
    Definition {
        name: "nrt_v_exp_m1_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::exponential::ExpM1),
    },
    Definition {
        name: "nrt_v_exp_m1_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::exponential::ExpM1),
    },
    Definition {
        name: "nrt_v_hypot_f32",
        entry: strip_binary!(BinaryStrip32, f32, f32, single::root::Hypot),
    },
    Definition {
        name: "nrt_v_hypot_f64",
        entry: strip_binary!(BinaryStrip64, f64, f64, double::root::Hypot),
    },
    Definition {
        name: "nrt_v_ln_1p_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::logarithm::Ln1p),
    },
    Definition {
        name: "nrt_v_ln_1p_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::logarithm::Ln1p),
    },
    Definition {
        name: "nrt_v_ln_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::logarithm::Ln),
    },
    Definition {
        name: "nrt_v_ln_f64",
        entry: strip_tabled_unary!(UnaryStrip64, f64, double::logarithm::Ln),
    },
    Definition {
        name: "nrt_v_log10_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::logarithm::Log10),
    },
    Definition {
        name: "nrt_v_log10_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::logarithm::Log10),
    },
    Definition {
        name: "nrt_v_log2_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::logarithm::Log2),
    },
    Definition {
        name: "nrt_v_log2_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::logarithm::Log2),
    },
    Definition {
        name: "nrt_v_powf_f32",
        entry: strip_tabled_binary!(BinaryStrip32, f32, single::power::Powf),
    },
    Definition {
        name: "nrt_v_powf_f64",
        entry: strip_tabled_binary!(BinaryStrip64, f64, double::power::Powf),
    },
    Definition {
        name: "nrt_v_powi_f32",
        entry: strip_binary!(PowiStrip32, f32, i32, single::power::Powi),
    },
    Definition {
        name: "nrt_v_powi_f64",
        entry: strip_binary!(PowiStrip64, f64, i32, double::power::Powi),
    },
    Definition {
        name: "nrt_v_sin_cos_f32",
        entry: strip_pair!(
            PairStrip32,
            f32,
            Both<single::trigonometric::Sin, single::trigonometric::Cos>
        ),
    },
    Definition {
        name: "nrt_v_sin_cos_f64",
        entry: strip_pair!(
            PairStrip64,
            f64,
            Both<double::trigonometric::Sin, double::trigonometric::Cos>
        ),
    },
    Definition {
        name: "nrt_v_sin_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::trigonometric::Sin),
    },
    Definition {
        name: "nrt_v_sin_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::trigonometric::Sin),
    },
    Definition {
        name: "nrt_v_sinh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Sinh),
    },
    Definition {
        name: "nrt_v_sinh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Sinh),
    },
    Definition {
        name: "nrt_v_tan_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::trigonometric::Tan),
    },
    Definition {
        name: "nrt_v_tan_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::trigonometric::Tan),
    },
    Definition {
        name: "nrt_v_tanh_f32",
        entry: strip_unary!(UnaryStrip32, f32, single::hyperbolic::Tanh),
    },
    Definition {
        name: "nrt_v_tanh_f64",
        entry: strip_unary!(UnaryStrip64, f64, double::hyperbolic::Tanh),
    },
];
