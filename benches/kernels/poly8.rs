use brolga::prelude::*;

/// The beginning of the series of `exp`, by Horner's rule.
#[vectorize]
pub fn poly8<T: Float>(x: T) -> T {
    let mut p = T::from_f64(2.48e-5);
    p = p * x + T::from_f64(1.98e-4);
    p = p * x + T::from_f64(1.39e-3);
    p = p * x + T::from_f64(8.33e-3);
    p = p * x + T::from_f64(4.17e-2);
    p = p * x + T::from_f64(1.67e-1);
    p = p * x + T::from_f64(0.5);
    p = p * x + T::one();
    p * x + T::one()
}
