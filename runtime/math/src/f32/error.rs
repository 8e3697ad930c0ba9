//! The error function and its complement of `f32`.

use super::wide::{self, polynomial, with_sign};
use crate::shape::Unary;

/// `erf`.
pub(crate) struct Erf;

impl Unary<f32> for Erf {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = if x.abs() > 4.0 { 4.0 } else { x.abs() };
        let a = f64::from(a);
        let small = a * polynomial!(a * a;
            1.1283791670580314, -0.3761263843469225, 0.11283781974653903, -0.026865400068716367,
            0.005220945493362751, -0.0008482829554659059, 0.00011256952065382326,
            -9.641525759187139e-06);
        // -log2 of erfc.
        let tail = polynomial!(a;
            -0.00027190131243366326, 1.6296399115550966, 0.9135381610057824, 0.15642001829622268,
            -0.036370826993942486, 0.006066941326388078, -0.0006369099335680168,
            3.1302997283983076e-05);
        let large = 1.0 - wide::exp2(-tail);
        with_sign((if a < 1.0 { small } else { large }) as f32, x)
    }
}

/// `erfc`.
pub(crate) struct Erfc;

impl Unary<f32> for Erfc {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        let a = if x.abs() > 10.1 { 10.1 } else { x.abs() };
        let a = f64::from(a);
        // (a - 2) / (a + 2), of which erfc(a) e^(a^2) is a smooth function.
        let t = (-4.0f64).mul_add(wide::reciprocal(a + 2.0), 1.0);
        let p = polynomial!(t;
            0.25539567632426424, -0.4271858476639684, 0.24165819264006874, -0.07897856789896313,
            0.003732924670881569, 0.00699727594169911, -0.0008474186665329703,
            -0.000980875498545077, 4.4860862801378975e-05, 0.00017123522675353977,
            2.3892742652128393e-05, -2.3513632228984792e-05, -8.422174747250973e-06);
        let tail = p * wide::exp2(-(a * a) * std::f64::consts::LOG2_E);
        (if x < 0.0 { 2.0 - tail } else { tail }) as f32
    }
}
