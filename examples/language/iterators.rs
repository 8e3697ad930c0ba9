use brolga::prelude::*;

/// The distance of two points, over as many coordinates as both have.
#[guvectorize("(n),(n)->()")]
fn distance(a: ArrayView1<f64>, b: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let square = |v: f64| v * v;
    out[()] = a
        .iter()
        .zip(b.iter())
        .map(|(x, y)| square(x - y))
        .sum::<f64>()
        .sqrt();
}

/// A running mean: the closure changes the variables that it captures.
#[guvectorize("(n)->(n)")]
fn running_mean(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let (mut sum, mut count) = (0.0, 0.0);
    let mut next = |x: f64| {
        sum += x;
        count += 1.0;
        sum / count
    };
    for (o, &x) in out.iter_mut().zip(a.iter()) {
        *o = next(x);
    }
}

/// The sum of each row's positive elements.
#[guvectorize("(m,n)->(m)")]
fn positive(a: ArrayView2<f64>, mut out: ArrayViewMut1<f64>) {
    for (o, row) in out.iter_mut().zip(a.rows()) {
        *o = row.iter().filter(|&&x| x > 0.0).sum();
    }
}

/// The greatest absolute value; floats have no total order, so the fold says which.
#[guvectorize("(n)->()")]
fn largest(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = a.iter().copied().map(f64::abs).fold(0.0, f64::max);
}
