use brolga::prelude::*;

fn signed_index(a: ArrayView1<f64>, i: i32) -> f64 {
    a[i]
}

fn too_few(a: ArrayView2<f64>) -> f64 {
    a[0]
}

fn number(x: f64) -> f64 {
    x[0]
}

fn misspelt(a: ArrayView1<f64>) -> usize {
    a.lenn()
}

fn rows_of_a_vector(a: ArrayView1<f64>) -> usize {
    a.nrows()
}

fn shape(a: ArrayView2<f64>) -> usize {
    let s = a.shape();
    1
}

fn no_such_axis(a: ArrayView2<f64>) -> usize {
    a.shape()[2]
}

fn adapter(a: ArrayView1<f64>) -> f64 {
    a.iter().sum()
}

fn reversed(a: ArrayView1<f64>) -> f64 {
    let mut s = 0.0;
    for &x in a.iter().rev() {
        s += x;
    }
    s
}

fn float_range(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0.0..x {
        s += i;
    }
    s
}

fn endless() {
    for i in 0.. {}
}

fn not_iterable(x: f64) {
    for i in x {}
}

fn escaped(mut a: ArrayViewMut1<f64>) {
    for x in a.iter_mut() {
        let y = x;
    }
}

fn range_as_a_value() {
    let r = 0..3;
}
