//! The elementary functions of floats, as `brolga-math` computes them.

use std::sync::LazyLock;

use brolga_math::{Entry, Level};
use brolga_prelude::Float;

type Unary<T> = unsafe extern "C" fn(T) -> T;
type Binary<T> = unsafe extern "C" fn(T, T) -> T;

/// The version for this CPU of the scalar function of this name.
macro_rules! version {
    ($kind:ident, $name:literal, $suffix:literal) => {
        LazyLock::new(|| {
            let name = concat!("nrt_", $name, $suffix);
            match brolga_math::definition(name).map(|definition| definition.entry) {
                Some(Entry::$kind(versions)) => versions[Level::of_this_cpu() as usize],
                _ => panic!("brolga-math has no scalar function {name}"),
            }
        })
    };
}

macro_rules! unary {
    ($x:expr, $name:literal) => {{
        static SINGLE: LazyLock<Unary<f32>> = version!(Unary32, $name, "_f32");
        static DOUBLE: LazyLock<Unary<f64>> = version!(Unary64, $name, "_f64");
        let x = $x.to_f64();
        // An `f32` goes through `f64` and back as it is.
        // SAFETY: the versions are for this CPU, and take any number.
        Self::from_f64(unsafe {
            if size_of::<Self>() == size_of::<f32>() {
                f64::from(SINGLE(x as f32))
            } else {
                DOUBLE(x)
            }
        })
    }};
}

macro_rules! binary {
    ($x:expr, $y:expr, $name:literal) => {{
        static SINGLE: LazyLock<Binary<f32>> = version!(Binary32, $name, "_f32");
        static DOUBLE: LazyLock<Binary<f64>> = version!(Binary64, $name, "_f64");
        let (x, y) = ($x.to_f64(), $y.to_f64());
        // SAFETY: as in `unary`.
        Self::from_f64(unsafe {
            if size_of::<Self>() == size_of::<f32>() {
                f64::from(SINGLE(x as f32, y as f32))
            } else {
                DOUBLE(x, y)
            }
        })
    }};
}

/// Functions of one number.
macro_rules! elementary {
    ($($method:ident $name:literal;)*) => {
        /// `own_exp` and so on: what the method without `own_` means in a kernel.
        #[allow(missing_docs)]
        pub trait Elementary: Float {
            $(fn $method(self) -> Self {
                unary!(self, $name)
            })*

            fn own_atan2(self, x: Self) -> Self {
                binary!(self, x, "atan2")
            }

            fn own_hypot(self, other: Self) -> Self {
                binary!(self, other, "hypot")
            }

            fn own_powf(self, exponent: Self) -> Self {
                binary!(self, exponent, "powf")
            }

            fn own_log(self, base: Self) -> Self {
                self.own_ln() / base.own_ln()
            }

            fn own_sin_cos(self) -> (Self, Self) {
                (self.own_sin(), self.own_cos())
            }

            fn own_sqrt(self) -> Self {
                self.sqrt()
            }
        }
    };
}

elementary! {
    own_acos "acos";
    own_acosh "acosh";
    own_asin "asin";
    own_asinh "asinh";
    own_atan "atan";
    own_atanh "atanh";
    own_cbrt "cbrt";
    own_cos "cos";
    own_cosh "cosh";
    own_erf "erf";
    own_erfc "erfc";
    own_exp "exp";
    own_exp2 "exp2";
    own_exp_m1 "exp_m1";
    own_ln "ln";
    own_ln_1p "ln_1p";
    own_log10 "log10";
    own_log2 "log2";
    own_sin "sin";
    own_sinh "sinh";
    own_tan "tan";
    own_tanh "tanh";
}

impl<T: Float> Elementary for T {}

/// The error function.
pub fn erf<T: Float>(x: T) -> T {
    x.own_erf()
}

/// The complementary error function.
pub fn erfc<T: Float>(x: T) -> T {
    x.own_erfc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_the_function_of_its_name() {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs();
        macro_rules! check {
            ($($own:ident $std:ident($($arg:expr),*);)*) => {$(
                let (single, double) = (0.625_f32, 0.625_f64);
                assert!(near(double.$own($($arg),*), double.$std($($arg),*)), stringify!($own));
                let own = f64::from(single.$own($($arg as f32),*));
                assert!(near(own, double.$std($($arg),*)), stringify!($own));
            )*};
        }
        check! {
            own_acos acos(); own_asin asin(); own_asinh asinh(); own_atan atan();
            own_atanh atanh(); own_cbrt cbrt(); own_cos cos(); own_cosh cosh(); own_exp exp();
            own_exp2 exp2(); own_exp_m1 exp_m1(); own_ln ln(); own_ln_1p ln_1p();
            own_log10 log10(); own_log2 log2(); own_sin sin(); own_sinh sinh(); own_tan tan();
            own_tanh tanh(); own_sqrt sqrt(); own_atan2 atan2(2.5); own_hypot hypot(2.5);
            own_powf powf(2.5); own_log log(2.5);
        }
        assert!(near(1.5_f64.own_acosh(), 1.5_f64.acosh()));
        assert!(near(1.5_f32.own_acosh().into(), 1.5_f64.acosh()));
        let (sin, cos) = 0.625.own_sin_cos();
        assert!(near(sin, 0.625_f64.sin()) && near(cos, 0.625_f64.cos()));
        assert!(near(erf(0.625), 0.623_240_882_188_418));
        assert!(near(erfc(0.625_f32).into(), 0.376_759_117_811_582));
    }
}
