//! Loops along a signal.

use crate::buffer::export;

export! {
    conv1d = convolve: (&[f64], &[f64], &mut [f64]);
    moving_mean = moving: (&[f64], u64, &mut [f64]);
}

#[inline(never)]
fn convolve(signal: &[f64], weights: &[f64], out: &mut [f64]) {
    for (out, window) in out.iter_mut().zip(signal.windows(weights.len())) {
        let mut sum = 0.0;
        for (w, x) in weights.iter().zip(window) {
            sum += w * x;
        }
        *out = sum;
    }
}

#[inline(never)]
fn moving(x: &[f64], window: u64, out: &mut [f64]) {
    let window = (window as usize).min(x.len());
    let mut sum = 0.0;
    let mut count = 0.0;
    for (out, x) in out.iter_mut().zip(&x[..window]) {
        sum += x;
        count += 1.0;
        *out = sum / count;
    }
    for ((out, x), gone) in out[window..].iter_mut().zip(&x[window..]).zip(x) {
        sum += x;
        sum -= gone;
        *out = sum / count;
    }
}
