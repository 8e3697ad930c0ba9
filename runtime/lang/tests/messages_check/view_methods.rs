use brolga::prelude::*;

fn row_of_a_vector(a: ArrayView1<f64>) -> f64 {
    a.row(0)[0]
}

fn wrong_index(a: ArrayView2<f64>, i: i32) -> f64 {
    a.row(i)[0]
}

fn written_through(a: ArrayView2<f64>) {
    a.row(0)[1] = 1.0;
    a.row_mut(0)[1] = 1.0;
    a.fill(0.0);
}

fn not_mut(c: ArrayViewMut2<f64>) {
    c.row_mut(0)[1] = 1.0;
    c.fill(0.0);
    c.slice_mut(s![0, ..]).fill(1.0);
    c.row(0).fill(1.0);
}

fn behind_a_reference(c: &ArrayViewMut2<f64>) {
    c.row_mut(0).fill(1.0);
}

fn axes(a: ArrayView2<f64>, k: usize) -> f64 {
    let b = a.index_axis(Axis(2), 0);
    let c = a.index_axis(0, 0);
    let d = a.index_axis(Axis(k), 0);
    0.0
}

fn slices(a: ArrayView2<f64>, i: u64) -> f64 {
    let b = a.slice(s![.., 0, 0]);
    let c = a.slice(s![i, ..]);
    let d = a.slice(s![0..i as usize, 1.0..]);
    let e = a.slice(0..1);
    let f = s![0];
    0.0
}

fn index_of_unknown_type(a: ArrayView2<f64>) -> f64 {
    let line = a.slice(s![0, ..]);
    line[0] + a.slice(s![.., -1])[1]
}

fn others(a: ArrayView2<f64>, b: ArrayView1<f64>, c: ArrayView1<f32>) -> f64 {
    let x = b.dot(b);
    let y = b.dot(&c);
    let z = a.dot(&a);
    let w = b.dot(&a);
    0.0
}

fn not_supported(a: ArrayView2<f64>, i: ArrayView1<i32>) -> f64 {
    let b = a.diag();
    let c = a.into_shape_with_order((1, 1));
    let d = a.mapv(1.0);
    let e = i.mean();
    let f = a.roww(0);
    let g = a.row();
    0.0
}

fn generic<T: Number>(a: ArrayView1<T>) -> T {
    a.sum() + a.dot(&a)
}

fn swapped(a: ArrayView2<f64>) -> f64 {
    a.swap_axes(0, 1);
    a.t().swap_axes(0, 1);
    0.0
}

fn halves(c: ArrayViewMut1<f64>) -> f64 {
    let (mut a, mut b) = c.split_at(Axis(0), 2);
    a.swap(0, 1);
    b[0] = 1.0;
    c[0]
}

fn part_of_a_reference(c: &mut ArrayViewMut1<f64>) -> f64 {
    let (a, b) = c.split_at(Axis(0), 2);
    0.0
}
