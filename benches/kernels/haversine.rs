use brolga::prelude::*;

/// The mean radius of the earth, in kilometres.
const RADIUS: f64 = 6371.0088;

/// The great-circle distance between two places, in kilometres; all angles in degrees.
#[vectorize]
pub fn haversine(latitude: f64, longitude: f64, to_latitude: f64, to_longitude: f64) -> f64 {
    let (a, b) = (latitude.to_radians(), to_latitude.to_radians());
    let s = (0.5 * (b - a)).sin();
    let t = (0.5 * (to_longitude - longitude).to_radians()).sin();
    let h = s * s + a.cos() * b.cos() * t * t;
    2.0 * RADIUS * h.min(1.0).sqrt().asin()
}
