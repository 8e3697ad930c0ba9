use brolga::prelude::*;

/// The signal weighted by a window that moves along it; the signal is longer than the result by the
/// window's length minus 1.
#[jit]
pub fn conv1d(signal: ArrayView1<f64>, weights: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..out.len() {
        let mut sum = 0.0;
        for k in 0..weights.len() {
            sum += weights[k] * signal[i + k];
        }
        out[i] = sum;
    }
}
