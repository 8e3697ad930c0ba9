use brolga::prelude::*;

/// The signature names the core dimensions; the last operand is the output.
#[guvectorize("(m,n),(n,p)->(m,p)")]
fn matmul<T: Number>(a: ArrayView2<T>, b: ArrayView2<T>, mut c: ArrayViewMut2<T>) {
    for i in 0..a.nrows() {
        for j in 0..b.ncols() {
            let mut sum = T::zero();
            for k in 0..a.ncols() {
                sum += a[[i, k]] * b[[k, j]];
            }
            c[[i, j]] = sum;
        }
    }
}

/// A `()` input may be a number, a `()` output is a view without axes.
#[guvectorize("(n),()->()")]
fn mean_above(x: ArrayView1<f64>, threshold: f64, mut mean: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    let mut count = 0;
    for &v in x.iter() {
        if v > threshold {
            sum += v;
            count += 1;
        }
    }
    mean[()] = if count > 0 { sum / count as f64 } else { f64::NAN };
}

/// A fixed dimension, and two outputs.
#[guvectorize("(3),(3)->(3),()")]
fn cross(
    a: ArrayView1<f64>,
    b: ArrayView1<f64>,
    mut product: ArrayViewMut1<f64>,
    mut dot: ArrayViewMut0<f64>,
) {
    for k in 0..3 {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        product[k] = a[i] * b[j] - a[j] * b[i];
    }
    dot[()] = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
