//! Cube root and the length of a vector of `f64`.

use super::bits::polynomial;
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
/// step of Newton's (C. F. Borges, "An improved algorithm for hypot(a, b)", 2019). The root is by
/// two steps of the series of the inverse root: a division or `sqrt` takes longer than all of it.
pub(crate) struct Hypot;

/// Relative error 2^-25.3.
const ROOT: [f64; 5] = [
    0.9999999973948641,
    0.49999826742829073,
    0.3750049820704687,
    0.3139609368349885,
    0.2729344036104205,
];

/// The bits of 2^-450 and 2^510: between them the square of the larger number loses nothing, and
/// a smaller number whose square loses bits is of no importance.
const SHORT: i64 = (1023 - 450) << 52;
const LONG: i64 = (1023 + 510) << 52;

/// 2^-600 and 2^700.
const DOWN: f64 = 2.409919865102884e-181;
const UP: f64 = 5.260135901548374e210;

/// The larger of `|x|` and `|y|`, and the smaller one, as bits. NaN is the largest.
#[inline(always)]
fn sorted(x: f64, y: f64) -> (i64, i64) {
    let x = x.abs().to_bits() as i64;
    let y = y.abs().to_bits() as i64;
    (if x < y { y } else { x }, if x < y { x } else { y })
}

/// The length for `a` zero or of bits from [`SHORT`] to [`LONG`], and `b` from zero to `a`.
#[inline(always)]
fn length(a: f64, b: f64) -> f64 {
    let a2 = a * a;
    let a2_lo = a.mul_add(a, -a2);
    let sum = b.mul_add(b, a2);
    // Exact, since `a2` is at least half of the sum.
    let sum_lo = b.mul_add(b, a2 - sum) + a2_lo;
    // Within 3.5 % of one over the root.
    let y = f64::from_bits(0x5fe6_eb50_c7b5_37a9_u64.wrapping_sub(sum.to_bits() >> 1));
    let e = (-(sum * y)).mul_add(y, 1.0);
    let y = y * polynomial(e, e * e, &ROOT);
    let e = (-(sum * y)).mul_add(y, 1.0);
    let root = sum * y;
    let half = 0.5 * y;
    let root = (root * e).mul_add(e.mul_add(0.375, 0.5), root);
    let lost = (-root).mul_add(root, sum) + sum_lo;
    half.mul_add(lost, root)
}

impl Binary<f64> for Hypot {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let (a, b) = sorted(x, y);
        length(f64::from_bits(a as u64), f64::from_bits(b as u64))
    }

    #[inline(always)]
    fn is_hard(x: f64, y: f64) -> bool {
        let (a, _) = sorted(x, y);
        ((a < SHORT) | (a > LONG)) & (a != 0)
    }

    fn hard(x: f64, y: f64) -> f64 {
        if x.is_infinite() || y.is_infinite() {
            return f64::INFINITY;
        }
        let (a, b) = sorted(x, y);
        let scale = if a > LONG { DOWN } else { UP };
        let length = length(
            f64::from_bits(a as u64) * scale,
            f64::from_bits(b as u64) * scale,
        );
        length * (1.0 / scale)
    }
}
