//! The elementary functions of `brolga-math` as symbols: for one number (`nrt_exp_f64`) and for
//! a strip (`nrt_v_exp_f64`). Not the formulas, and not their versions for each level of the CPU:
//! those are the package's.
//!
//! Code that is linked in this process gets the address of the version for this CPU. The functions
//! with the symbols' names, which a static linker finds, choose at each call, and give the same
//! bits.

use brolga_math::{Entry, Level};

use crate::table::Definition;

/// The code for this CPU of the function `$name`, whose entry is of the kind `$kind`.
macro_rules! version {
    ($name:ident, $kind:ident) => {
        match brolga_math::definition(stringify!($name)).map(|definition| definition.entry) {
            Some(Entry::$kind(versions)) => versions[Level::of_this_cpu() as usize],
            // Of each name the kind stands below, and a test reads all of them.
            _ => unreachable!(concat!(stringify!($name), " is not ", stringify!($kind))),
        }
    };
}

/// A function that calls the version for this CPU, of an entry's kind.
macro_rules! dispatcher {
    ($name:ident: Unary32) => { dispatcher!($name, Unary32, (x: f32) -> f32); };
    ($name:ident: Unary64) => { dispatcher!($name, Unary64, (x: f64) -> f64); };
    ($name:ident: Binary32) => { dispatcher!($name, Binary32, (x: f32, y: f32) -> f32); };
    ($name:ident: Binary64) => { dispatcher!($name, Binary64, (x: f64, y: f64) -> f64); };
    ($name:ident: UnaryStrip32) => {
        dispatcher!($name, UnaryStrip32, (dst: *mut f32, src: *const f32, n: usize) -> ());
    };
    ($name:ident: UnaryStrip64) => {
        dispatcher!($name, UnaryStrip64, (dst: *mut f64, src: *const f64, n: usize) -> ());
    };
    ($name:ident: BinaryStrip32) => {
        dispatcher!(
            $name, BinaryStrip32, (dst: *mut f32, x: *const f32, y: *const f32, n: usize) -> ()
        );
    };
    ($name:ident: BinaryStrip64) => {
        dispatcher!(
            $name, BinaryStrip64, (dst: *mut f64, x: *const f64, y: *const f64, n: usize) -> ()
        );
    };
    ($name:ident: PowiStrip32) => {
        dispatcher!(
            $name, PowiStrip32, (dst: *mut f32, x: *const f32, k: *const i32, n: usize) -> ()
        );
    };
    ($name:ident: PowiStrip64) => {
        dispatcher!(
            $name, PowiStrip64, (dst: *mut f64, x: *const f64, k: *const i32, n: usize) -> ()
        );
    };
    ($name:ident, $kind:ident, ($($arg:ident: $ty:ty),*) -> $result:ty) => {
        /// The function of this name in `brolga-math`, for this CPU.
        ///
        /// # Safety
        /// Of a strip: `dst` is valid for writing and the sources are for reading `n` elements;
        /// each source is at `dst` or does not overlap it.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> $result {
            static VERSION: std::sync::OnceLock<unsafe extern "C" fn($($ty),*) -> $result> =
                std::sync::OnceLock::new();
            let version = VERSION.get_or_init(|| version!($name, $kind));
            // SAFETY: the CPU has the version's level; the caller vouches for the pointers.
            unsafe { version($($arg),*) }
        }
    };
}

/// The types of an entry's kind, as a function that a [`Definition`] derives them from.
macro_rules! function {
    (Unary32) => { unsafe extern "C" fn(f32) -> f32 };
    (Unary64) => { unsafe extern "C" fn(f64) -> f64 };
    (Binary32) => { unsafe extern "C" fn(f32, f32) -> f32 };
    (Binary64) => { unsafe extern "C" fn(f64, f64) -> f64 };
    (UnaryStrip32) => { unsafe extern "C" fn(*mut f32, *const f32, usize) };
    (UnaryStrip64) => { unsafe extern "C" fn(*mut f64, *const f64, usize) };
    (BinaryStrip32) => { unsafe extern "C" fn(*mut f32, *const f32, *const f32, usize) };
    (BinaryStrip64) => { unsafe extern "C" fn(*mut f64, *const f64, *const f64, usize) };
    (PowiStrip32) => { unsafe extern "C" fn(*mut f32, *const f32, *const i32, usize) };
    (PowiStrip64) => { unsafe extern "C" fn(*mut f64, *const f64, *const i32, usize) };
}

/// Defines the dispatchers, and the table of the versions for this CPU, sorted by name.
macro_rules! elementary {
    ($($name:ident: $kind:ident;)*) => {
        $(dispatcher!($name: $kind);)*

        /// Every function of `brolga-math`, sorted by name; the address is that of the version
        /// for this CPU.
        pub(crate) static ELEMENTARY: &[Definition] = &[$(Definition {
            name: stringify!($name),
            params: <function!($kind) as crate::table::Signature>::PARAMS,
            result: <function!($kind) as crate::table::Signature>::RESULT,
            address: || {
                let version: function!($kind) = version!($name, $kind);
                version as *const u8
            },
        }),*];

        #[cfg(test)]
        static DISPATCHERS: &[(&str, fn() -> *const u8)] = &[$(
            (stringify!($name), || $name as function!($kind) as *const u8)
        ),*];
    };
}

elementary! {
    nrt_acos_f32: Unary32;
    nrt_acos_f64: Unary64;
    nrt_acosh_f32: Unary32;
    nrt_acosh_f64: Unary64;
    nrt_asin_f32: Unary32;
    nrt_asin_f64: Unary64;
    nrt_asinh_f32: Unary32;
    nrt_asinh_f64: Unary64;
    nrt_atan2_f32: Binary32;
    nrt_atan2_f64: Binary64;
    nrt_atan_f32: Unary32;
    nrt_atan_f64: Unary64;
    nrt_atanh_f32: Unary32;
    nrt_atanh_f64: Unary64;
    nrt_cbrt_f32: Unary32;
    nrt_cbrt_f64: Unary64;
    nrt_cos_f32: Unary32;
    nrt_cos_f64: Unary64;
    nrt_cosh_f32: Unary32;
    nrt_cosh_f64: Unary64;
    nrt_erf_f32: Unary32;
    nrt_erf_f64: Unary64;
    nrt_erfc_f32: Unary32;
    nrt_erfc_f64: Unary64;
    nrt_exp2_f32: Unary32;
    nrt_exp2_f64: Unary64;
    nrt_exp_f32: Unary32;
    nrt_exp_f64: Unary64;
    nrt_exp_m1_f32: Unary32;
    nrt_exp_m1_f64: Unary64;
    nrt_hypot_f32: Binary32;
    nrt_hypot_f64: Binary64;
    nrt_ln_1p_f32: Unary32;
    nrt_ln_1p_f64: Unary64;
    nrt_ln_f32: Unary32;
    nrt_ln_f64: Unary64;
    nrt_log10_f32: Unary32;
    nrt_log10_f64: Unary64;
    nrt_log2_f32: Unary32;
    nrt_log2_f64: Unary64;
    nrt_powf_f32: Binary32;
    nrt_powf_f64: Binary64;
    nrt_sin_f32: Unary32;
    nrt_sin_f64: Unary64;
    nrt_sinh_f32: Unary32;
    nrt_sinh_f64: Unary64;
    nrt_tan_f32: Unary32;
    nrt_tan_f64: Unary64;
    nrt_tanh_f32: Unary32;
    nrt_tanh_f64: Unary64;
    nrt_v_acos_f32: UnaryStrip32;
    nrt_v_acos_f64: UnaryStrip64;
    nrt_v_acosh_f32: UnaryStrip32;
    nrt_v_acosh_f64: UnaryStrip64;
    nrt_v_asin_f32: UnaryStrip32;
    nrt_v_asin_f64: UnaryStrip64;
    nrt_v_asinh_f32: UnaryStrip32;
    nrt_v_asinh_f64: UnaryStrip64;
    nrt_v_atan2_f32: BinaryStrip32;
    nrt_v_atan2_f64: BinaryStrip64;
    nrt_v_atan_f32: UnaryStrip32;
    nrt_v_atan_f64: UnaryStrip64;
    nrt_v_atanh_f32: UnaryStrip32;
    nrt_v_atanh_f64: UnaryStrip64;
    nrt_v_cbrt_f32: UnaryStrip32;
    nrt_v_cbrt_f64: UnaryStrip64;
    nrt_v_cos_f32: UnaryStrip32;
    nrt_v_cos_f64: UnaryStrip64;
    nrt_v_cosh_f32: UnaryStrip32;
    nrt_v_cosh_f64: UnaryStrip64;
    nrt_v_erf_f32: UnaryStrip32;
    nrt_v_erf_f64: UnaryStrip64;
    nrt_v_erfc_f32: UnaryStrip32;
    nrt_v_erfc_f64: UnaryStrip64;
    nrt_v_exp2_f32: UnaryStrip32;
    nrt_v_exp2_f64: UnaryStrip64;
    nrt_v_exp_f32: UnaryStrip32;
    nrt_v_exp_f64: UnaryStrip64;
    nrt_v_exp_m1_f32: UnaryStrip32;
    nrt_v_exp_m1_f64: UnaryStrip64;
    nrt_v_hypot_f32: BinaryStrip32;
    nrt_v_hypot_f64: BinaryStrip64;
    nrt_v_ln_1p_f32: UnaryStrip32;
    nrt_v_ln_1p_f64: UnaryStrip64;
    nrt_v_ln_f32: UnaryStrip32;
    nrt_v_ln_f64: UnaryStrip64;
    nrt_v_log10_f32: UnaryStrip32;
    nrt_v_log10_f64: UnaryStrip64;
    nrt_v_log2_f32: UnaryStrip32;
    nrt_v_log2_f64: UnaryStrip64;
    nrt_v_powf_f32: BinaryStrip32;
    nrt_v_powf_f64: BinaryStrip64;
    nrt_v_powi_f32: PowiStrip32;
    nrt_v_powi_f64: PowiStrip64;
    nrt_v_sin_f32: UnaryStrip32;
    nrt_v_sin_f64: UnaryStrip64;
    nrt_v_sinh_f32: UnaryStrip32;
    nrt_v_sinh_f64: UnaryStrip64;
    nrt_v_tan_f32: UnaryStrip32;
    nrt_v_tan_f64: UnaryStrip64;
    nrt_v_tanh_f32: UnaryStrip32;
    nrt_v_tanh_f64: UnaryStrip64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_package() {
        let here: Vec<&str> = ELEMENTARY.iter().map(|d| d.name).collect();
        let there: Vec<&str> = brolga_math::definitions().iter().map(|d| d.name).collect();
        assert_eq!(here, there);
        for definition in ELEMENTARY {
            let of_package = brolga_math::definition(definition.name).expect(definition.name);
            let expected = of_package.entry.address(Level::of_this_cpu());
            assert_eq!((definition.address)(), expected, "{}", definition.name);
        }
    }

    #[test]
    fn a_symbol_gives_the_bits_of_the_version() {
        for &(name, dispatcher) in DISPATCHERS {
            let entry = brolga_math::definition(name).expect(name).entry;
            let version = entry.address(Level::of_this_cpu());
            // SAFETY: both are functions of the entry's kind, on buffers as long as they say.
            let bits = |code: *const u8| unsafe {
                use std::mem::transmute;
                let (x32, y32, k) = ([0.625_f32, 1.5, 0.25], [1.25_f32, 0.5, 3.0], [2, -3, 0]);
                let (x64, y64) = (x32.map(f64::from), y32.map(f64::from));
                let (mut d32, mut d64, n) = ([0.0_f32; 3], [0.0_f64; 3], 3);
                macro_rules! call {
                    ($ty:ty, $($arg:expr),*) => {
                        transmute::<*const u8, $ty>(code)($($arg),*)
                    };
                }
                match entry {
                    Entry::Unary32(_) => d32[0] = call!(function!(Unary32), x32[0]),
                    Entry::Unary64(_) => d64[0] = call!(function!(Unary64), x64[0]),
                    Entry::Binary32(_) => d32[0] = call!(function!(Binary32), x32[0], y32[0]),
                    Entry::Binary64(_) => d64[0] = call!(function!(Binary64), x64[0], y64[0]),
                    Entry::UnaryStrip32(_) => {
                        call!(function!(UnaryStrip32), d32.as_mut_ptr(), x32.as_ptr(), n);
                    }
                    Entry::UnaryStrip64(_) => {
                        call!(function!(UnaryStrip64), d64.as_mut_ptr(), x64.as_ptr(), n);
                    }
                    Entry::BinaryStrip32(_) => {
                        let (x, y) = (x32.as_ptr(), y32.as_ptr());
                        call!(function!(BinaryStrip32), d32.as_mut_ptr(), x, y, n);
                    }
                    Entry::BinaryStrip64(_) => {
                        let (x, y) = (x64.as_ptr(), y64.as_ptr());
                        call!(function!(BinaryStrip64), d64.as_mut_ptr(), x, y, n);
                    }
                    Entry::PowiStrip32(_) => {
                        let (x, k) = (x32.as_ptr(), k.as_ptr());
                        call!(function!(PowiStrip32), d32.as_mut_ptr(), x, k, n);
                    }
                    Entry::PowiStrip64(_) => {
                        let (x, k) = (x64.as_ptr(), k.as_ptr());
                        call!(function!(PowiStrip64), d64.as_mut_ptr(), x, k, n);
                    }
                }
                (d32.map(f32::to_bits), d64.map(f64::to_bits))
            };
            assert_eq!(bits(dispatcher()), bits(version), "{name}");
            assert_ne!(bits(version), bits_of_nothing(), "{name}");
        }
    }

    /// What a function that writes nothing would leave.
    fn bits_of_nothing() -> ([u32; 3], [u64; 3]) {
        ([0; 3], [0; 3])
    }
}
