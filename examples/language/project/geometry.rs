use brolga::prelude::*;

/// Stands in `geometry/triangle.rs`.
pub mod triangle;

#[derive(Clone, Copy)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// The way from this point to another.
    pub fn to(self, x: f64, y: f64) -> Point {
        Point {
            x: x - self.x,
            y: y - self.y,
        }
    }
}

/// The distance from the origin: `kernels.rs::geometry::distance`.
#[vectorize]
pub fn distance(x: f64, y: f64) -> f64 {
    let Point { x, y } = Point { x: 0.0, y: 0.0 }.to(x, y);
    x.hypot(y)
}
