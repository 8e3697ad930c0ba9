//! Inverse trigonometric functions of `f32`.

use std::f64::consts::{FRAC_PI_2, PI};

use super::wide::{self, polynomial, with_sign};
use crate::shape::{Binary, Unary};

/// `asin s` for `s = sqrt(z)` up to 1/2.
#[inline(always)]
fn small_asin(s: f64, z: f64) -> f64 {
    s * polynomial!(z;
        0.9999999999849066, 0.16666667421644998, 0.07499938200213588, 0.04466203535236431,
        0.030092210270778068, 0.02471154374621571, 0.007223807017975, 0.03495159707324042)
}

/// Whether `|x| > 1/2`, and `asin |x|` if not, half of `acos |x|` if so.
#[inline(always)]
fn asin_or_half_acos(x: f32) -> (bool, f64) {
    let a = f64::from(x.abs());
    let large = x.abs() > 0.5;
    // The sine of half of the angle, squared.
    let half = 0.5 - 0.5 * a;
    let z = if large { half } else { a * a };
    let s = if large { wide::square_root(half) } else { a };
    (large, small_asin(s, z))
}

/// `asin`.
pub(crate) struct Asin;

impl Unary<f32> for Asin {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (large, p) = asin_or_half_acos(x);
        let angle = if large {
            (-2.0f64).mul_add(p, FRAC_PI_2)
        } else {
            p
        };
        with_sign(angle as f32, x)
    }
}

/// `acos`.
pub(crate) struct Acos;

impl Unary<f32> for Acos {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let (large, p) = asin_or_half_acos(x);
        let p = if large { p + p } else { FRAC_PI_2 - p };
        let angle = if x < 0.0 { PI - p } else { p };
        angle as f32
    }
}

/// `atan t` for `|t| <= 1`.
#[inline(always)]
fn small_atan(t: f64) -> f64 {
    t * polynomial!(t * t;
        0.9999999999412643, -0.3333333157143383, 0.19999912053391705, -0.14283980743113742,
        0.1109324092639696, -0.08980236953587381, 0.07245710889177542, -0.05427895287574844,
        0.03420940835858404, -0.016111523133819573, 0.00485086450669564, -0.0006847794539711599)
}

/// `atan`.
pub(crate) struct Atan;

impl Unary<f32> for Atan {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = x.abs();
        let large = a > 1.0;
        // From here on the result is pi / 2, and infinity has no reciprocal.
        let bound = if a > 1e30 { 1e30 } else { a };
        let inverse = wide::reciprocal(f64::from(bound));
        let p = small_atan(if large { inverse } else { f64::from(a) });
        with_sign((if large { FRAC_PI_2 - p } else { p }) as f32, x)
    }
}

/// `atan2`.
pub(crate) struct Atan2;

impl Binary<f32> for Atan2 {
    #[inline(always)]
    fn fast(y: f32, x: f32) -> f32 {
        let (a, b) = (y.abs(), x.abs());
        let steep = a > b;
        let low = if steep { b } else { a };
        let high = if steep { a } else { b };
        // Infinities: the quotient is 1 if both are, else 0 (and NaN stays).
        let infinite = high == f32::INFINITY;
        let limit = if low == f32::INFINITY { 1.0 } else { low * 0.0 };
        let low = if infinite { limit } else { low };
        let high = if infinite { 1.0 } else { high };
        // Both are zero (otherwise it is hard).
        let high = if high < f32::MIN_POSITIVE {
            f32::MIN_POSITIVE
        } else {
            high
        };
        let p = small_atan(f64::from(low) * wide::reciprocal(f64::from(high)));
        let p = if steep { FRAC_PI_2 - p } else { p };
        let angle = if x.is_sign_negative() { PI - p } else { p };
        with_sign(angle as f32, y)
    }

    #[inline(always)]
    fn is_hard(y: f32, x: f32) -> bool {
        let (a, b) = (y.abs(), x.abs());
        let high = if a > b { a } else { b };
        high < f32::MIN_POSITIVE && high > 0.0
    }

    #[inline(always)]
    fn hard(y: f32, x: f32) -> f32 {
        const UP: f32 = 16_777_216.0;
        Self::fast(y * UP, x * UP)
    }
}
