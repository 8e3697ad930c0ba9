//! Cube root and the length of a vector of `f32`.

use super::wide::{horner, with_sign};
use crate::shape::{Binary, Unary};

/// `cbrt`, by Householder's iteration for `m^(-1/3)`. Error: 0.503 ulp, over all inputs.
pub(crate) struct Cbrt;

impl Unary<f32> for Cbrt {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
        const CBRT_2: f64 = 1.2599210498948732;
        const CBRT_4: f64 = 1.5874010519681996;
        // |x| = 2^(e - 1023) m = 2^(3 (third - 341)) 2^rest m; of zero `e` is 0.
        let bits = f64::from(x.abs()).to_bits();
        let e = bits >> 52;
        let third = (e * 21_846) >> 16;
        let rest = e - 3 * third;
        let m = f64::from_bits((bits & MANTISSA) | super::wide::ONE);
        // m^(-1/3), and a step of third order towards it.
        let w = horner!(m;
            1.5418864162811368, -0.8099589766189933, 0.31775616873862966, -0.049936684867267496);
        let h = (-m * w).mul_add(w * w, 1.0);
        let step = h * h.mul_add(2.0 / 9.0, 1.0 / 3.0);
        let w = w.mul_add(step, w);
        let power = f64::from_bits((third + (1023 - 341)) << 52);
        let factor = if rest == 1 { CBRT_2 } else { 1.0 };
        let factor = if rest == 2 { CBRT_4 } else { factor };
        let root = ((m * w) * w * (power * factor)) as f32;
        if x.is_nan() { x } else { with_sign(root, x) }
    }
}

/// `hypot`, in `f32` with the rounding errors of the sum of squares (after Dekker). Error: 0.527 ulp
/// for normal results, 0.764 ulp for subnormal ones (which are rounded twice), over 6.4 million
/// pairs.
pub(crate) struct Hypot;

impl Binary<f32> for Hypot {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        const EXPONENT: u32 = 0x7f80_0000;
        let (a, b) = (x.abs(), y.abs());
        let high = if a > b { a } else { b };
        let low = if a > b { b } else { a };
        // A power of two that brings `high` between 1/2 and 4, or (a subnormal number) above 2^-23.
        let lift = (253u32 << 23).wrapping_sub(high.to_bits() & EXPONENT);
        let lift = if (lift as i32) < 1 << 23 {
            1 << 23
        } else {
            lift
        };
        let drop = f32::from_bits((254 << 23) - lift);
        let lift = f32::from_bits(lift);
        let (high, low) = (high * lift, low * lift);
        // high^2 + low^2 = square + rest.
        let (high_square, low_square) = (high * high, low * low);
        let square = high_square + low_square;
        let rest = (high_square - square)
            + low_square
            + (high.mul_add(high, -high_square) + low.mul_add(low, -low_square));
        let root = square.sqrt();
        // Newton's step; of 1 / (2 root) a few bits are enough, from the bits of `root`.
        let error = (-root).mul_add(root, square) + rest;
        let inverse = f32::from_bits(0x7e73_11c7u32.wrapping_sub(root.to_bits()));
        let root = error.mul_add(inverse, root);
        let length = root * drop;
        if a == f32::INFINITY || b == f32::INFINITY {
            f32::INFINITY
        } else {
            length
        }
    }
}
