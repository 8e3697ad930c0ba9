use super::Point;

/// The area between two ways from one corner.
pub fn area(a: Point, b: Point) -> f64 {
    0.5 * (a.x * b.y - a.y * b.x).abs()
}
