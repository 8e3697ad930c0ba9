use brolga::prelude::*;

/// The mean of the last `window` elements, at the start of fewer.
#[guvectorize("(n),()->(n)")]
pub fn moving_mean(x: ArrayView1<f64>, window: u64, mut out: ArrayViewMut1<f64>) {
    let window = window as usize;
    let mut sum = 0.0;
    let mut count = 0.0;
    for i in 0..x.len() {
        sum += x[i];
        if i >= window {
            sum -= x[i - window];
        } else {
            count += 1.0;
        }
        out[i] = sum / count;
    }
}
