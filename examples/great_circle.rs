use brolga::prelude::*;

/// The mean radius of the earth, in kilometres (IUGG's R1).
const RADIUS: f64 = 6371.0088;

/// The haversine of an angle in radians.
fn haversine(angle: f64) -> f64 {
    let s = (angle / 2.0).sin();
    s * s
}

/// The great-circle distance between two places, in kilometres; all angles in degrees.
#[vectorize]
fn great_circle(latitude: f64, longitude: f64, to_latitude: f64, to_longitude: f64) -> f64 {
    let (a, b) = (latitude.to_radians(), to_latitude.to_radians());
    let h = haversine(b - a)
        + a.cos() * b.cos() * haversine((to_longitude - longitude).to_radians());
    // Rounding can lift `h` above 1 for antipodes.
    2.0 * RADIUS * h.min(1.0).sqrt().asin()
}
