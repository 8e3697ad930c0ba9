//! The compiler's text of num-complex's methods, compiled by rustc, gives num-complex's bits
//! for every operand that is special or ordinary.

use brolga_prelude::*;

// Kernel language, where every form stands on purpose.
#[allow(clippy::all)]
mod library {
    mod brolga {
        pub mod prelude {
            pub use brolga_prelude::*;
        }
    }
    include!("../../lang/src/library/complex.rs");

    pub fn values() -> Vec<f64> {
        let specials = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -2.0,
            3.25,
            1e-3,
            -7.5e10,
            1e200,
            1e-310,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            std::f64::consts::PI,
            -std::f64::consts::E,
        ];
        specials.to_vec()
    }

    pub trait Same {
        fn bits(self) -> Vec<u64>;
    }

    macro_rules! same {
        ($($t:ident)*) => {$(
            impl Same for $t {
                fn bits(self) -> Vec<u64> {
                    // One NaN is as good as another.
                    vec![if self.is_nan() { 1 } else { u64::from(self.to_bits()) }]
                }
            }
            impl Same for Complex<$t> {
                fn bits(self) -> Vec<u64> {
                    [self.re.bits(), self.im.bits()].concat()
                }
            }
            impl Same for ($t, $t) {
                fn bits(self) -> Vec<u64> {
                    [self.0.bits(), self.1.bits()].concat()
                }
            }
        )*};
    }
    same!(f32 f64);
    impl Same for bool {
        fn bits(self) -> Vec<u64> {
            vec![u64::from(self)]
        }
    }

    macro_rules! check {
        ($z:ident; $($name:ident($($arg:expr),*);)*) => {$(
            assert_eq!(
                Same::bits($name($z $(, $arg)*)),
                Same::bits($z.$name($($arg),*)),
                concat!(stringify!($name), " of {:?}"),
                $z
            );
        )*};
    }

    macro_rules! all {
        ($test:ident: $t:ident) => {
            #[test]
            fn $test() {
                for re in values() {
                    for im in values() {
                        let (re, im) = (re as $t, im as $t);
                        let z = Complex::new(re, im);
                        check! { z;
                            norm(); arg(); l1_norm(); norm_sqr(); to_polar(); conj(); inv(); finv();
                            exp(); exp2(); ln(); log2(); log10(); sqrt(); cbrt();
                            sin(); cos(); tan(); asin(); acos(); atan();
                            sinh(); cosh(); tanh(); asinh(); acosh(); atanh();
                            is_nan(); is_infinite(); is_finite(); is_normal();
                            powu(0); powu(1); powu(2); powu(6); powu(13); powi(-3); powi(i32::MIN);
                            powf(0.0); powf(-0.5); powf(re); log(2.0); log(im); expf(2.5);
                            scale(3.5); unscale(im); fdiv(Complex::new(im, 2.0));
                            powc(Complex::new(im, 0.5)); powc(Complex::new(0.0, 0.0));
                        }
                        assert_eq!(
                            from_polar(re, im).bits(),
                            Complex::from_polar(re, im).bits()
                        );
                        assert_eq!(cis(im).bits(), Complex::cis(im).bits());
                    }
                }
                assert_eq!(i::<$t>(), Complex::<$t>::i());
            }
        };
    }
    all!(doubles_agree: f64);
    all!(singles_agree: f32);
}

fn generic<T: Float>(z: Complex<T>, t: T) -> Complex<T> {
    let mut w = (z + z * t - t) / (z / t + Complex::new(T::one(), T::zero()));
    w += z;
    w *= t;
    w -= Complex::from(t);
    w /= z;
    -w.conj() * w.inv().powi(3) + w.scale(t).unscale(w.norm_sqr()) + Complex::i()
}

fn horner<T: Number>(x: T) -> T {
    let mut sum = T::zero();
    for k in 0..4 {
        sum = sum * x + T::from_i32(k) + T::one();
    }
    sum
}

#[test]
fn generic_functions_take_complex_numbers() {
    assert!(!generic(Complex::new(1.0, 2.0), 3.0).is_nan());
    assert_eq!(horner(Complex64::new(2.0, 0.0)).re, horner(2.0));
    assert_eq!(horner(3_u8), 3 * (3 * (3 + 2) + 3) + 4);
    assert_eq!(f64::zero() + f64::one(), 1.0);
    assert_eq!(f16::from_f32(0.5).to_f64(), 0.5);
}
