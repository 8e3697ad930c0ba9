use brolga::prelude::*;

#[guvectorize("(n)->(n)")]
pub fn softmax(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (o, &v) in out.iter_mut().zip(x.iter()) {
        *o = (v - max).exp();
    }
    let scale = 1.0 / out.sum();
    for o in out.iter_mut() {
        *o *= scale;
    }
}
