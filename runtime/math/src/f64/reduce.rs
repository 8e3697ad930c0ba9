//! Reduction of angles by quarter turns: `x = quadrant * pi/2 + (hi + lo)`, `|hi| <= pi/4` (and
//! the rounding of `2x/pi`).
//!
//! [`everyday`] is the subtraction of W. J. Cody and W. Waite in three parts of pi/2, with fused
//! multiply-add; [`huge`] is the method of M. Payne and R. Hanek, which multiplies only by those
//! bits of 2/pi that matter. Both leave a relative error below 2^-57 even where `x` is as near to
//! a multiple of pi/2 as an `f64` can be (about 2^-62).

use super::bits::ROUNDER;
use super::double::Double;

/// An angle within an eighth of a turn of `quadrant` quarter turns.
#[derive(Clone, Copy)]
pub(crate) struct Reduced {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
    /// Only the lowest two bits are the number of quarter turns.
    pub(crate) quadrant: u64,
}

/// Up to here [`everyday`] holds: less than 2^20 quarter turns.
pub(crate) const EVERYDAY: f64 = 1.6e6;

/// pi/2 in three parts; the second has 33 bits, so that its product with a number of quarter turns
/// is exact.
const TURN: [f64; 3] = [
    std::f64::consts::FRAC_PI_2,
    6.12323399538461e-17,
    3.5215598651832e-27,
];

/// For `x` from 0 to [`EVERYDAY`]. NaN and infinity give NaN.
#[inline(always)]
pub(crate) fn everyday(x: f64) -> Reduced {
    let rounded = x.mul_add(std::f64::consts::FRAC_2_PI, ROUNDER);
    let n = rounded - ROUNDER;
    // Exact: both are multiples of 2^-53 (if `n` is not zero), and the difference is below 1.
    let first = (-n).mul_add(TURN[0], x);
    // With an exact product, `hi + rest` is exact: either `first` is the larger one, or all are
    // multiples of 2^-86 below 2^-33 and `rest` is zero.
    let hi = (-n).mul_add(TURN[1], first);
    let rest = (-n).mul_add(TURN[1], first - hi);
    Reduced {
        hi,
        lo: (-n).mul_add(TURN[2], rest),
        quadrant: rounded.to_bits(),
    }
}

/// 64 zero bits, then the bits of 2/pi after the point.
const TWO_OVER_PI: [u64; 20] = [
    0,
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
];

/// For finite `x` from 2^19 up.
pub(crate) fn huge(x: f64) -> Reduced {
    let bits = x.to_bits();
    let mantissa = bits & ((1 << 52) - 1) | (1 << 52);
    // x = mantissa * 2^exponent, exponent from -33 to 971.
    let exponent = (bits >> 52) as i64 - 1075;
    // Bit `first` of the table is the highest whose product with the mantissa is no multiple of
    // four: from there 192 bits, the lowest of weight 2^-190 in units of the mantissa.
    let first = (exponent + 62) as usize;
    let (word, shift) = (first / 64, first % 64);
    let bits_at = |k: usize| -> u128 {
        let both = u128::from(TWO_OVER_PI[k]) << 64 | u128::from(TWO_OVER_PI[k + 1]);
        both << shift >> 64 & u128::from(u64::MAX)
    };
    let m = u128::from(mantissa);
    let low = m * bits_at(word + 2);
    let middle = m * bits_at(word + 1) + (low >> 64);
    let high = (m as u64)
        .wrapping_mul(bits_at(word) as u64)
        .wrapping_add((middle >> 64) as u64);
    // Quarter turns modulo four in the two highest bits, then 128 bits of the fraction, which
    // counts as negative from one half on.
    let whole = u128::from(high) << 64 | u128::from(middle as u64);
    let fraction = (whole << 2 | u128::from(low as u64 >> 62)) as i128;
    let quadrant = (high >> 62) + u64::from(fraction < 0);
    let magnitude = fraction.unsigned_abs();
    let zeros = magnitude.leading_zeros();
    let normal = magnitude.checked_shl(zeros).unwrap_or(0);
    let scale = f64::from_bits(u64::from(1023 - 53 - zeros) << 52);
    let sign = if fraction < 0 { -scale } else { scale };
    let turns = Double {
        hi: (normal >> 75) as f64 * sign,
        lo: (normal >> 22 & ((1 << 53) - 1)) as f64 * (sign * (f64::EPSILON / 2.0)),
    };
    let angle = turns.mul(Double {
        hi: std::f64::consts::FRAC_PI_2,
        lo: 6.123233995736766e-17,
    });
    Reduced {
        hi: angle.hi,
        lo: angle.lo,
        quadrant,
    }
}
