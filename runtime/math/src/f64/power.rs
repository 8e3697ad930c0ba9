//! Powers of `f64`.

use crate::shape::Binary;

/// `powf`.
pub(crate) struct Powf;

impl Binary<f64> for Powf {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        x.powf(y)
    }
}

/// `powi`.
pub(crate) struct Powi;

impl Binary<f64, i32> for Powi {
    #[inline(always)]
    fn fast(x: f64, n: i32) -> f64 {
        let mut square = x;
        let mut left = n.unsigned_abs();
        let mut result = 1.0;
        loop {
            if left & 1 == 1 {
                result *= square;
            }
            left >>= 1;
            if left == 0 {
                break;
            }
            square *= square;
        }
        if n < 0 { 1.0 / result } else { result }
    }
}
