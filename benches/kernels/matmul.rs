use brolga::prelude::*;

/// By indices, in the order that walks along rows.
#[guvectorize("(m,k),(k,n)->(m,n)")]
pub fn matmul(a: ArrayView2<f64>, b: ArrayView2<f64>, mut c: ArrayViewMut2<f64>) {
    for i in 0..a.nrows() {
        for j in 0..b.ncols() {
            c[[i, j]] = 0.0;
        }
        for k in 0..a.ncols() {
            let x = a[[i, k]];
            for j in 0..b.ncols() {
                c[[i, j]] += x * b[[k, j]];
            }
        }
    }
}
