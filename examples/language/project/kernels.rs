use brolga::prelude::*;

/// Stands in `geometry.rs`, or in `geometry/mod.rs`.
mod geometry;

use geometry::{Point, triangle};

/// The area of a triangle: `kernels.rs::area` on the command line.
#[vectorize]
fn area(ax: f64, ay: f64, bx: f64, by: f64, cx: f64, cy: f64) -> f64 {
    let origin = Point { x: ax, y: ay };
    triangle::area(origin.to(bx, by), origin.to(cx, cy))
}
