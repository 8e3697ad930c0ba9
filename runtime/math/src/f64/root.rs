//! Cube root and the length of a vector of `f64`.

use super::bits::polynomial;
use super::double::fast_two_sum;
use crate::shape::{Binary, Unary};

/// `cbrt`. Error below 0.51 ulp.
///
/// An inverse cube root `y` from a third of the exponent (as in W. Kahan's cube root), two steps
/// of its series in `1 - x y^3`, and one exact step of Newton's on `x y^2`; no division.
pub(crate) struct Cbrt;

/// Relative error 2^-23.2.
const INVERSE: [f64; 5] = [
    0.9999999557900452,
    0.333329201012279,
    0.22226726029663796,
    0.17442264521049713,
    0.13940322415786932,
];

/// 2^-900 and 2^1000, where no step of [`cube_root`] overflows or loses bits.
const SMALL: f64 = 1.1830521861667747e-271;
const LARGE: f64 = 1.0715086071862673e301;

/// For `x` zero or from [`SMALL`] to [`LARGE`]; NaN gives NaN.
#[inline(always)]
fn cube_root(x: f64) -> f64 {
    // `x y^3` is within 0.115 of 1.
    let third = ((x.to_bits() >> 32) * 0x5555_5556) >> 32;
    let y = f64::from_bits(0x553f_0000_u64.wrapping_sub(third) << 32);
    let e = (-(x * y)).mul_add(y * y, 1.0);
    let y = y * polynomial(e, e * e, &INVERSE);
    let e = (-(x * y)).mul_add(y * y, 1.0);
    let y = y.mul_add(e * e.mul_add(2.0 / 9.0, 1.0 / 3.0), y);
    let square = y * y;
    let root = x * square;
    // x - root^3 from exact products.
    let r2 = root * root;
    let r2_lo = root.mul_add(root, -r2);
    let r3 = r2 * root;
    let r3_lo = r2.mul_add(root, -r3);
    let rest = (-r2_lo).mul_add(root, (x - r3) - r3_lo);
    (rest * (1.0 / 3.0)).mul_add(square, root)
}

impl Unary<f64> for Cbrt {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        cube_root(x.abs()).copysign(x)
    }

    #[inline(always)]
    fn is_hard(x: f64) -> bool {
        let x = x.abs();
        (x > LARGE) | ((x < SMALL) & (x > 0.0))
    }

    fn hard(x: f64) -> f64 {
        if x.is_infinite() {
            return x;
        }
        // 2^300 and 2^-300, whose cube roots are exact.
        let (scale, back) = if x.abs() < 1.0 {
            (2.037035976334486e90, 7.888609052210118e-31)
        } else {
            (4.909093465297727e-91, 1.2676506002282294e30)
        };
        (cube_root(x.abs() * scale) * back).copysign(x)
    }
}

/// `hypot`. Error below 0.51 ulp.
///
/// The root of the sum of squares, with the rounding of the sum and of the root restored by one
/// step of Newton's (C. F. Borges, "An improved algorithm for hypot(a, b)", 2019) whose divisor is
/// an approximation without a division.
pub(crate) struct Hypot;

/// 2^-450 and 2^510: between them the square of the larger number loses nothing, and a smaller
/// number whose square loses bits is of no importance.
const SHORT: f64 = 3.4395525670743494e-136;
const LONG: f64 = 3.3519519824856493e153;

/// For numbers from zero up, the larger one from [`SHORT`] to [`LONG`], or both zero.
#[inline(always)]
fn length(x: f64, y: f64) -> f64 {
    let swap = x < y;
    let a = if swap { y } else { x };
    let b = if swap { x } else { y };
    let a2 = a * a;
    let a2_lo = a.mul_add(a, -a2);
    let b2 = b * b;
    let b2_lo = b.mul_add(b, -b2);
    let sum = fast_two_sum(a2, b2);
    let root = sum.hi.sqrt();
    // Within 4 % of 1/root, enough for what the roundings lost.
    let inverse = f64::from_bits(0x5fe6_eb50_c7b5_37a9_u64.wrapping_sub(sum.hi.to_bits() >> 1));
    let lost = (-root).mul_add(root, sum.hi) + (sum.lo + (a2_lo + b2_lo));
    (0.5 * inverse).mul_add(lost, root)
}

impl Binary<f64> for Hypot {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        length(x.abs(), y.abs())
    }

    #[inline(always)]
    fn is_hard(x: f64, y: f64) -> bool {
        let (x, y) = (x.abs(), y.abs());
        let long = (x > LONG) | (y > LONG);
        long | ((x < SHORT) & (y < SHORT) & (x + y > 0.0))
    }

    fn hard(x: f64, y: f64) -> f64 {
        let (x, y) = (x.abs(), y.abs());
        if x.is_infinite() || y.is_infinite() {
            return f64::INFINITY;
        }
        // 2^-600 and 2^700.
        if x > LONG || y > LONG {
            length(x * 2.409919865102884e-181, y * 2.409919865102884e-181) * 4.149515568880993e180
        } else {
            length(x * 5.260135901548374e210, y * 5.260135901548374e210) * 1.90109156629516e-211
        }
    }
}
