use brolga::prelude::*;

/// The same by rows.
#[guvectorize("(m,k),(k,n)->(m,n)")]
pub fn matmul_rows(a: ArrayView2<f64>, b: ArrayView2<f64>, mut c: ArrayViewMut2<f64>) {
    for (mut row, factors) in c.rows_mut().into_iter().zip(a.rows()) {
        row.fill(0.0);
        for (&x, from) in factors.iter().zip(b.rows()) {
            for (to, &y) in row.iter_mut().zip(from.iter()) {
                *to += x * y;
            }
        }
    }
}
