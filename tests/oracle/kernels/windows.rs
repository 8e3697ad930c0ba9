//! gufuncs over sequences and grids: sums, windows, stencils, sorting.

use brolga::prelude::*;

#[guvectorize("(n)->(n)")]
pub fn cumulative_sum<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut1<T>) {
    let mut s = T::zero();
    for i in 0..a.len() {
        s += a[i];
        out[i] = s;
    }
}

#[guvectorize("(n),()->(n)")]
pub fn moving_mean(a: ArrayView1<f64>, window: i64, mut out: ArrayViewMut1<f64>) {
    let w = window as usize;
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i];
        if i >= w {
            s -= a[i - w];
        }
        out[i] = s / (if i + 1 < w { i + 1 } else { w }) as f64;
    }
}

/// Convolution, as long as the first operand; what lies outside is 0.
#[guvectorize("(n),(k)->(n)")]
pub fn convolve(a: ArrayView1<f32>, kernel: ArrayView1<f32>, mut out: ArrayViewMut1<f32>) {
    let half = kernel.len() / 2;
    for i in 0..a.len() {
        let mut s = 0.0;
        for k in 0..kernel.len() {
            let at = i + half;
            if at >= k && at - k < a.len() {
                s += a[at - k] * kernel[k];
            }
        }
        out[i] = s;
    }
}

#[guvectorize("(n)->(n)")]
pub fn softmax(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let mut largest = f64::NEG_INFINITY;
    for &v in a.iter() {
        if v > largest {
            largest = v;
        }
    }
    let mut sum = 0.0;
    for i in 0..a.len() {
        let e = (a[i] - largest).exp();
        out[i] = e;
        sum += e;
    }
    for i in 0..a.len() {
        out[i] /= sum;
    }
}

/// A step of Jacobi's method; the border stays.
#[guvectorize("(m,n)->(m,n)")]
pub fn jacobi_step(a: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    let (m, n) = a.dim();
    for i in 0..m {
        for j in 0..n {
            out[[i, j]] = if i == 0 || j == 0 || i + 1 == m || j + 1 == n {
                a[[i, j]]
            } else {
                0.25 * (a[[i - 1, j]] + a[[i + 1, j]] + a[[i, j - 1]] + a[[i, j + 1]])
            };
        }
    }
}

/// The operand is read and written.
#[guvectorize("(n)->")]
pub fn reverse_in_place<T: Number>(mut a: ArrayViewMut1<T>) {
    let n = a.len();
    for i in 0..n / 2 {
        let t = a[i];
        a[i] = a[n - 1 - i];
        a[n - 1 - i] = t;
    }
}

#[guvectorize("(n)->")]
pub fn insertion_sort(mut a: ArrayViewMut1<i32>) {
    for i in 1..a.len() {
        let v = a[i];
        let mut j = i;
        while j > 0 && a[j - 1] > v {
            a[j] = a[j - 1];
            j -= 1;
        }
        a[j] = v;
    }
}

/// Counts per class; the classes are taken modulo their number.
#[guvectorize("(n),(k)->(k)")]
pub fn count_classes(a: ArrayView1<u8>, start: ArrayView1<u32>, mut out: ArrayViewMut1<u32>) {
    for k in 0..start.len() {
        out[k] = start[k];
    }
    for &v in a.iter() {
        out[v as usize % start.len()] += 1;
    }
}

/// Where the mask is true, else the old value of the output.
#[guvectorize("(n),(n)->(n)")]
pub fn masked_copy(a: ArrayView1<i16>, mask: ArrayView1<bool>, mut out: ArrayViewMut1<i16>) {
    for i in 0..a.len() {
        if mask[i] {
            out[i] = a[i];
        }
    }
}

/// A step of n bodies under gravity: accelerations from positions and masses.
#[guvectorize("(n,3),(n)->(n,3)")]
pub fn gravity(x: ArrayView2<f64>, mass: ArrayView1<f64>, mut acc: ArrayViewMut2<f64>) {
    for i in 0..mass.len() {
        let (mut ax, mut ay, mut az) = (0.0, 0.0, 0.0);
        for j in 0..mass.len() {
            let dx = x[[j, 0]] - x[[i, 0]];
            let dy = x[[j, 1]] - x[[i, 1]];
            let dz = x[[j, 2]] - x[[i, 2]];
            let r2 = dx * dx + dy * dy + dz * dz + 1e-9;
            let w = mass[j] / (r2 * r2.sqrt());
            ax += w * dx;
            ay += w * dy;
            az += w * dz;
        }
        acc[[i, 0]] = ax;
        acc[[i, 1]] = ay;
        acc[[i, 2]] = az;
    }
}

/// Trapezoidal rule over unequal steps.
#[guvectorize("(n),(n)->()")]
pub fn trapezoid(x: ArrayView1<f64>, y: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut s = 0.0;
    for i in 1..x.len() {
        s += 0.5 * (x[i] - x[i - 1]) * (y[i] + y[i - 1]);
    }
    out[()] = s;
}

/// The position of the first element not below `v` in a sorted sequence.
#[guvectorize("(n),()->()")]
pub fn lower_bound(a: ArrayView1<i64>, v: i64, mut out: ArrayViewMut0<u64>) {
    let (mut low, mut high) = (0, a.len());
    while low < high {
        let m = (low + high) / 2;
        if a[m] < v {
            low = m + 1;
        } else {
            high = m;
        }
    }
    out[()] = low as u64;
}
