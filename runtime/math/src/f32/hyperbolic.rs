//! Hyperbolic functions and their inverses of `f32`.
//!
//! `sinh` and `cosh` by those of the sum `n ln 2 + r`, `tanh` by `e^2x - 1`, the inverses by
//! `ln(1 + t)`.

use super::wide::{self, polynomial, with_sign};
use crate::shape::Unary;

/// Above this bound of `|x|` the square root of `x^2 + 1` is `|x|`; its own square is below the
/// largest `f32`.
const LARGE: f64 = 4_294_967_296.0;

/// `sinh r`, `cosh r`, `2^n / 2` and `2^-n / 2` for `x = n ln 2 + r`: the halves that `sinh x` and
/// `cosh x` are made of.
#[inline(always)]
fn halves(x: f32) -> (f64, f64, f64, f64) {
    const HALF: u64 = 0x3fe0_0000_0000_0000;
    let x = if x > 91.0 { 91.0 } else { x };
    let x = if x < -91.0 { -91.0 } else { x };
    let (n, r) = wide::reduce_by_ln2(f64::from(x));
    let z = r * r;
    let p = polynomial!(z; 0.16666666754507323, 0.008333288969063959, 0.00019904950304984513);
    let q = polynomial!(z; 0.5000000079098628, 0.04166626720415486, 0.0013946220797164794);
    let up = f64::from_bits(HALF.wrapping_add(n << 52));
    let down = f64::from_bits(HALF.wrapping_sub(n << 52));
    ((r * z).mul_add(p, r), z.mul_add(q, 1.0), up, down)
}

/// `sinh`. Error: 0.502 ulp, over all inputs.
pub(crate) struct Sinh;

impl Unary<f32> for Sinh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (sinh, cosh, up, down) = halves(x);
        with_sign(sinh.mul_add(up + down, cosh * (up - down)) as f32, x)
    }
}

/// `cosh`. Error: 0.501 ulp, over all inputs.
pub(crate) struct Cosh;

impl Unary<f32> for Cosh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (sinh, cosh, up, down) = halves(x);
        cosh.mul_add(up + down, sinh * (up - down)) as f32
    }
}

/// `tanh`. Error: 0.504 ulp, over all inputs.
pub(crate) struct Tanh;

impl Unary<f32> for Tanh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let bound = if x > 10.0 { 10.0 } else { x };
        let bound = if bound < -10.0 { -10.0 } else { bound };
        let e = wide::exp_m1(2.0 * f64::from(bound));
        with_sign((e * wide::reciprocal(e + 2.0)) as f32, x)
    }
}

/// `asinh`. Error: 0.513 ulp, over all inputs.
pub(crate) struct Asinh;

impl Unary<f32> for Asinh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = f64::from(x.abs());
        let bound = if a > LARGE { LARGE } else { a };
        let square = bound * bound;
        // sqrt(a^2 + 1) - 1.
        let more = wide::square_root(square + 1.0) - 1.0;
        let more = if a < 0.001 { 0.5 * square } else { more };
        let more = if a > LARGE { a } else { more };
        let result = wide::ln_1p(a + more) as f32;
        with_sign(
            if x.abs() < f32::INFINITY {
                result
            } else {
                x.abs()
            },
            x,
        )
    }
}

/// `acosh`. Error: 0.511 ulp, over all inputs.
pub(crate) struct Acosh;

impl Unary<f32> for Acosh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let wide = f64::from(x);
        let bound = if wide > LARGE { LARGE } else { wide };
        // sqrt(x^2 - 1), whose square is exact while it is small.
        let root = wide::square_root((bound - 1.0) * (bound + 1.0));
        let root = if wide > LARGE { wide } else { root };
        let result = wide::ln_1p((wide - 1.0) + root) as f32;
        let special = if x < 1.0 { f32::NAN } else { x };
        if (1.0..f32::INFINITY).contains(&x) {
            result
        } else {
            special
        }
    }
}

/// `atanh`. Error: 0.511 ulp, over all inputs.
pub(crate) struct Atanh;

impl Unary<f32> for Atanh {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = f64::from(x.abs());
        // (1 + a) / (1 - a) - 1.
        let t = (a + a) * wide::reciprocal(1.0 - a);
        let result = (0.5 * wide::ln_1p(t)) as f32;
        let special = if x.abs() == 1.0 {
            f32::INFINITY
        } else {
            f32::NAN
        };
        with_sign(if x.abs() < 1.0 { result } else { special }, x)
    }
}
