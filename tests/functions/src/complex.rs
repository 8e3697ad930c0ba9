//! The functions of complex numbers: num-complex's code over [`Own`] floats.

use brolga_prelude::{Complex, Float};

use crate::own::Own;

fn wrap<R>(z: Complex<R>) -> Complex<Own<R>> {
    Complex::new(Own(z.re), Own(z.im))
}

fn unwrap<R>(z: Complex<Own<R>>) -> Complex<R> {
    Complex::new(z.re.0, z.im.0)
}

macro_rules! functions {
    ($($own:ident $name:ident;)*) => {
        /// `own_exp` and so on: what the function without `own_` means in a kernel.
        #[allow(missing_docs)]
        pub trait ComplexElementary<R: Float>: Sized {
            $(fn $own(self) -> Self;)*
            fn own_norm(self) -> R;
            fn own_arg(self) -> R;
            fn own_to_polar(self) -> (R, R);
            fn own_from_polar(r: R, theta: R) -> Self;
            fn own_cis(phase: R) -> Self;
            fn own_powf(self, exponent: R) -> Self;
            fn own_log(self, base: R) -> Self;
            fn own_expf(self, base: R) -> Self;
            fn own_powc(self, exponent: Self) -> Self;
            fn own_fdiv(self, other: Self) -> Self;
        }

        impl<R: Float> ComplexElementary<R> for Complex<R> {
            $(fn $own(self) -> Self {
                unwrap(wrap(self).$name())
            })*
            fn own_norm(self) -> R {
                wrap(self).norm().0
            }
            fn own_arg(self) -> R {
                wrap(self).arg().0
            }
            fn own_to_polar(self) -> (R, R) {
                let (r, theta) = wrap(self).to_polar();
                (r.0, theta.0)
            }
            fn own_from_polar(r: R, theta: R) -> Self {
                unwrap(Complex::from_polar(Own(r), Own(theta)))
            }
            fn own_cis(phase: R) -> Self {
                unwrap(Complex::cis(Own(phase)))
            }
            fn own_powf(self, exponent: R) -> Self {
                unwrap(wrap(self).powf(Own(exponent)))
            }
            fn own_log(self, base: R) -> Self {
                unwrap(wrap(self).log(Own(base)))
            }
            fn own_expf(self, base: R) -> Self {
                unwrap(wrap(self).expf(Own(base)))
            }
            fn own_powc(self, exponent: Self) -> Self {
                unwrap(wrap(self).powc(wrap(exponent)))
            }
            fn own_fdiv(self, other: Self) -> Self {
                unwrap(wrap(self).fdiv(wrap(other)))
            }
        }
    };
}

functions! {
    own_acos acos;
    own_acosh acosh;
    own_asin asin;
    own_asinh asinh;
    own_atan atan;
    own_atanh atanh;
    own_cbrt cbrt;
    own_cos cos;
    own_cosh cosh;
    own_exp exp;
    own_exp2 exp2;
    own_finv finv;
    own_ln ln;
    own_log10 log10;
    own_log2 log2;
    own_sin sin;
    own_sinh sinh;
    own_sqrt sqrt;
    own_tan tan;
    own_tanh tanh;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_are_num_complexs() {
        let (z, w) = (Complex::new(0.625, -1.5), Complex::new(-0.25, 0.75));
        let near = |a: Complex<f64>, b: Complex<f64>| (a - b).l1_norm() <= 1e-13 * b.l1_norm();
        macro_rules! check {
            ($($own:ident $name:ident($($arg:expr),*);)*) => {
                $(assert!(near(z.$own($($arg),*), z.$name($($arg),*)), stringify!($own));)*
            };
        }
        check! {
            own_acos acos(); own_acosh acosh(); own_asin asin(); own_asinh asinh();
            own_atan atan(); own_atanh atanh(); own_cbrt cbrt(); own_cos cos(); own_cosh cosh();
            own_exp exp(); own_exp2 exp2(); own_finv finv(); own_ln ln(); own_log10 log10();
            own_log2 log2(); own_sin sin(); own_sinh sinh(); own_sqrt sqrt(); own_tan tan();
            own_tanh tanh(); own_powf powf(1.75); own_log log(1.75); own_expf expf(1.75);
            own_powc powc(w); own_fdiv fdiv(w);
        }
        let polar = |(r, theta): (f64, f64)| Complex::new(r, theta);
        assert!(near(polar(z.own_to_polar()), polar(z.to_polar())));
        assert!(near(z.own_norm().into(), z.norm().into()));
        assert!(near(z.own_arg().into(), z.arg().into()));
        assert!(near(Complex::own_cis(1.25), Complex::cis(1.25)));
        assert!(near(
            Complex::own_from_polar(2.0, 1.25),
            Complex::from_polar(2.0, 1.25)
        ));
    }
}
