use brolga::prelude::*;
use std::f64::consts::PI;

/// Constants have a type and are computed at compile time.
const FULL_TURN: f64 = 2.0 * PI;

/// A plain function: called by kernels, not by the host.
fn wrap(angle: f64) -> f64 {
    angle.rem_euclid(FULL_TURN)
}

/// Generic over the number type; the bound says what `T` can do.
fn blend<T: Float>(a: T, b: T, weight: T) -> T {
    a + (b - a) * weight
}

/// Recursion is allowed; recursion without end is an error of the call.
fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The blend of two angles, in radians.
#[vectorize]
fn blend_angles(a: f64, b: f64, weight: f64) -> f64 {
    blend(wrap(a), wrap(b), weight)
}

/// A tuple is several outputs.
#[vectorize]
fn reduce_fraction(numerator: u64, denominator: u64) -> (u64, u64) {
    let divisor = gcd(numerator, denominator);
    (numerator / divisor, denominator / divisor)
}
