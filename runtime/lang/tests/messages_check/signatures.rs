use brolga::prelude::*;

#[vectorize]
fn over_arrays(a: ArrayView1<f64>) -> f64 {
    a[0]
}

#[vectorize]
fn gives_nothing(x: f64) {}

#[vectorize]
fn by_reference(x: &f64) -> f64 {
    *x
}

#[vectorize]
fn nested(x: f64) -> (f64, (f64, f64)) {
    (x, (x, x))
}

#[vectorize]
fn undecided<T: Float>(x: f64) -> f64 {
    x
}

#[vectorize(signatures = [(f32, f64), (f32), (i32, i32)])]
fn stated<T: Float>(x: T, y: T) -> T {
    x + y
}

#[guvectorize("(m),(m)->()")]
fn operands(a: ArrayView1<f64>, mut b: ArrayViewMut0<f64>) {
    b[()] = a[0];
}

#[guvectorize("(m,n)->(m)")]
fn dimensions(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>) {
    b[0] = a[0];
}

#[guvectorize("(m)->(m)")]
fn read_only_output(a: ArrayView1<f64>, b: ArrayView1<f64>) {}

#[guvectorize("(m)->(m)")]
fn with_a_result(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>) -> f64 {
    1.0
}
