use brolga::prelude::*;

/// The weights of a smoothing filter. Lengths are constants.
const TAPS: usize = 3;
const WEIGHTS: [f64; TAPS] = [0.25, 0.5, 0.25];

/// A fixed array is a value, like a tuple: it is copied, returned, compared and taken apart.
fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The area of a triangle with one corner at the origin and one on the first axis.
#[vectorize]
fn triangle(x: f64, y: f64, z: f64) -> f64 {
    let [a, b, c] = cross([1.0, 0.0, 0.0], [x, y, z]);
    0.5 * (a * a + b * b + c * c).sqrt()
}

/// Smooths every row. `row` and `slice` are views of a part, nothing is copied.
#[guvectorize("(m,n)->(m,n)")]
fn smooth(image: ArrayView2<f64>, mut out: ArrayViewMut2<f64>) {
    out.assign(&image);
    if image.ncols() < TAPS {
        return;
    }
    for i in 0..image.nrows() {
        let from = image.row(i);
        let mut to = out.slice_mut(s![i, 1..-1]);
        for j in 0..to.len() {
            to[j] = 0.0;
            for k in 0..TAPS {
                to[j] += WEIGHTS[k] * from[j + k];
            }
        }
    }
}

/// How many primes are below `n`. A local array has a length that is known at run time.
#[vectorize]
fn primes_below(n: u32) -> u32 {
    let n = n as usize;
    let mut composite = Array1::from_elem(n, false);
    let mut count = 0;
    for i in 2..n {
        if !composite[i] {
            count += 1;
            let mut multiple = i * i;
            while multiple < n {
                composite[multiple] = true;
                multiple += i;
            }
        }
    }
    count
}

/// The edit distance of two sequences, with two rows that change places.
#[guvectorize("(n),(m)->()")]
fn edit_distance(a: ArrayView1<u8>, b: ArrayView1<u8>, mut distance: ArrayViewMut0<u64>) {
    let mut last = Array1::<u64>::zeros(b.len() + 1);
    let mut next = Array1::<u64>::zeros(b.len() + 1);
    for j in 0..=b.len() {
        last[j] = j as u64;
    }
    for i in 0..a.len() {
        next[0] = i as u64 + 1;
        for j in 0..b.len() {
            let changed = last[j] + u64::from(a[i] != b[j]);
            next[j + 1] = changed.min(last[j + 1] + 1).min(next[j] + 1);
        }
        std::mem::swap(&mut last, &mut next);
    }
    distance[()] = last[b.len()];
}
