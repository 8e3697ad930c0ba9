//! Inverse trigonometric functions of `f32`.
//!
//! Beyond 1/2, `acos x` is twice the `asin` of `sqrt((1 - x) / 2)`; beyond 1, `atan x` is
//! `pi / 2 - atan(1 / x)`.

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

/// `asin`. Error: 0.501 ulp, over all inputs.
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

/// `acos`. Error: 0.501 ulp, over all inputs.
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
        0.999999999628349, -0.33333323935260606, 0.19999604627430995, -0.14279159498253702,
        0.11054500317857302, -0.08798768700072329, 0.06716099871363738, -0.04435738515853225,
        0.022274257451290077, -0.007199335630653731, 0.0010911005682352943)
}

/// `atan`. Error: 0.507 ulp, over all inputs.
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

/// `atan2`. Error: 0.507 ulp, over 4.8 million pairs. NaN, infinities and two subnormal numbers are
/// hard.
pub(crate) struct Atan2;

impl Binary<f32> for Atan2 {
    #[inline(always)]
    fn fast(y: f32, x: f32) -> f32 {
        let (a, b) = (y.abs(), x.abs());
        let steep = a > b;
        let low = if steep { b } else { a };
        let high = if steep { a } else { b };
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

    /// Whether one is infinite or NaN, or the larger one is subnormal.
    #[inline(always)]
    fn is_hard(y: f32, x: f32) -> bool {
        let (a, b) = (y.abs(), x.abs());
        let high = if a > b { a } else { b };
        let tame = (f32::MIN_POSITIVE..f32::INFINITY).contains(&high) || high == 0.0;
        !tame
    }

    #[inline(always)]
    fn hard(y: f32, x: f32) -> f32 {
        const UP: f32 = 16_777_216.0;
        if y.is_nan() || x.is_nan() {
            return f32::NAN;
        }
        if y.is_infinite() || x.is_infinite() {
            // As good as the directions of these.
            let part = |x: f32| if x.is_infinite() { 1.0f32 } else { 0.0 }.copysign(x);
            return Self::fast(part(y), part(x));
        }
        Self::fast(y * UP, x * UP)
    }
}
