//! Trigonometric functions of radians of `f32`.

use super::wide::{self, ROUND, polynomial};
use crate::shape::Unary;

/// From here on the reduction is [`reduce_large`].
const LARGE: f32 = 1_099_511_627_776.0;

/// `n` and `r` with `x = n pi / 2 + r`, `|r| <= pi / 4` (and a little more), for `|x| < LARGE`. The
/// integer is in the low bits of the first.
///
/// The first difference is exact: its terms are multiples of 2^-52, and it is below 1. So the
/// error of `r` is 2^-54 of the second product, less than 2^-67; no `f32` is as near to a multiple
/// of pi / 2 as 2^-31.
#[inline(always)]
fn reduce(x: f32) -> (u64, f64) {
    const PI_2: (f64, f64) = (std::f64::consts::FRAC_PI_2, 6.123233995736766e-17);
    let x = f64::from(x);
    let shifted = x.mul_add(std::f64::consts::FRAC_2_PI, ROUND);
    let n = shifted - ROUND;
    let r = n.mul_add(-PI_2.1, n.mul_add(-PI_2.0, x));
    (shifted.to_bits(), r)
}

/// As [`reduce`], for `|x| >= LARGE`: the quotient by pi / 2 in integers (after Payne and Hanek).
fn reduce_large(x: f32) -> (u64, f64) {
    // The first 256 bits of 2 / pi after the point.
    const HIGH: u128 = 0xa2f9_836e_4e44_1529_fc27_57d1_f534_ddc0;
    const LOW: u128 = 0xdb62_9599_3c43_9041_fe51_63ab_debb_c561;
    let bits = x.to_bits();
    let mantissa = (bits & 0x007f_ffff) | 0x0080_0000;
    // |x| = mantissa 2^e, and `e` is between 17 and 104. Bits of 2 / pi whose product with 2^e is a
    // multiple of 4 change nothing.
    let e = ((bits >> 23) & 0xff) - 150;
    let offset = e - 2;
    let window = (HIGH << offset) | (LOW >> (128 - offset));
    // |x| / (pi / 2) modulo 4, in units of 2^-126.
    let quotient = window.wrapping_mul(u128::from(mantissa));
    let fraction = (quotient << 2) as i128;
    let n = (quotient >> 126) as u64 + u64::from(fraction < 0);
    let unit = f64::from_bits(wide::ONE - (128 << 52));
    let r = fraction as f64 * unit * std::f64::consts::FRAC_PI_2;
    if x < 0.0 {
        (n.wrapping_neg(), -r)
    } else {
        (n, r)
    }
}

/// The sine of `n pi / 2 + r`.
#[inline(always)]
fn sine(n: u64, r: f64) -> f32 {
    let z = r * r;
    let sin = r * polynomial!(z;
        0.9999999999953918, -0.16666666630073693, 0.008333328654445357, -0.00019839167667721827,
        2.717054640284526e-06);
    let cos = polynomial!(z;
        0.9999999999431985, -0.4999999956704984, 0.04166661281478711, -0.001388651689717036,
        2.437157327338983e-05);
    let magnitude = if n & 1 == 1 { cos } else { sin };
    f64::from_bits(magnitude.to_bits() ^ ((n & 2) << 62)) as f32
}

/// The tangent of `n pi / 2 + r`.
#[inline(always)]
fn tangent(n: u64, r: f64) -> f32 {
    let tan = r * polynomial!(r * r;
        1.0000000000864622, 0.3333333108213597, 0.1333342927272216, 0.05395261457657711,
        0.02199609250803735, 0.008294902789868896, 0.005058863573568744, -0.0006592595243102247,
        0.0020661495252477734);
    let cotangent = wide::reciprocal(-tan);
    (if n & 1 == 1 { cotangent } else { tan }) as f32
}

/// `sin`. Error: 0.501 ulp, over all inputs.
pub(crate) struct Sin;

impl Unary<f32> for Sin {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (n, r) = reduce(x);
        sine(n, r)
    }

    #[inline(always)]
    fn is_hard(x: f32) -> bool {
        x.abs() >= LARGE
    }

    #[inline(always)]
    fn hard(x: f32) -> f32 {
        let (n, r) = reduce_large(x);
        if x.is_finite() { sine(n, r) } else { f32::NAN }
    }
}

/// `cos`. Error: 0.501 ulp, over all inputs.
pub(crate) struct Cos;

impl Unary<f32> for Cos {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (n, r) = reduce(x);
        sine(n.wrapping_add(1), r)
    }

    #[inline(always)]
    fn is_hard(x: f32) -> bool {
        x.abs() >= LARGE
    }

    #[inline(always)]
    fn hard(x: f32) -> f32 {
        let (n, r) = reduce_large(x);
        if x.is_finite() {
            sine(n.wrapping_add(1), r)
        } else {
            f32::NAN
        }
    }
}

/// `tan`. Error: 0.502 ulp, over all inputs.
pub(crate) struct Tan;

impl Unary<f32> for Tan {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (n, r) = reduce(x);
        tangent(n, r)
    }

    #[inline(always)]
    fn is_hard(x: f32) -> bool {
        x.abs() >= LARGE
    }

    #[inline(always)]
    fn hard(x: f32) -> f32 {
        let (n, r) = reduce_large(x);
        if x.is_finite() {
            tangent(n, r)
        } else {
            f32::NAN
        }
    }
}
