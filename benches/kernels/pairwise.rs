use brolga::prelude::*;

/// The distance of each point from each other; a point is a row.
#[jit]
pub fn pairwise(points: ArrayView2<f64>, mut distances: ArrayViewMut2<f64>) {
    let (n, axes) = points.dim();
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..axes {
                let d = points[[i, k]] - points[[j, k]];
                sum += d * d;
            }
            distances[[i, j]] = sum.sqrt();
        }
    }
}
