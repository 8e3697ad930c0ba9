use brolga::prelude::*;

fn unknown_elements(n: usize) -> usize {
    let a = Array1::zeros(n);
    a.len()
}

fn of_tuples(n: usize) -> usize {
    let a = Array1::from_elem(n, (1.0, 2.0));
    a.len()
}

fn zeros_of_a_parameter<T: Number>(n: usize, x: T) -> T {
    let mut a = Array1::<T>::zeros(n);
    a[0] = x;
    a.sum()
}

fn zeros_of_bool(n: usize) -> bool {
    Array1::<bool>::zeros(n)[0]
}

fn constructors(n: usize) -> f64 {
    let a: Array1<f64> = Array1::from_vec(n);
    let b = Array2::<f64>::from_shape_fn((n, n), n);
    let c = Array::<f64, _>::zeros(n);
    let d = Array1::<f64>::empty(n);
    0.0
}

fn shapes(m: usize, n: i32) -> f64 {
    let a = Array2::<f64>::zeros(m);
    let b = Array2::<f64>::zeros((m, m, m));
    let c = Array1::<f64>::zeros(n);
    let d = Array1::<f64>::zeros();
    0.0
}

fn immutable(n: usize) -> f64 {
    let a = Array1::<f64>::zeros(n);
    a[0] = 1.0;
    a.fill(2.0);
    a.view_mut()[0] = 1.0;
    a[0]
}

fn moved(n: usize) -> f64 {
    let a = Array1::<f64>::zeros(n);
    let b = a;
    a[0] + b[0]
}

fn taken(a: Array1<f64>) -> f64 {
    a[0]
}

fn moved_into_a_call(n: usize) -> f64 {
    let a = Array1::zeros(n);
    taken(a) + taken(a)
}

fn view_of(a: ArrayView1<f64>) -> f64 {
    a[0]
}

fn not_a_view(n: usize) -> f64 {
    let a = Array1::<f64>::zeros(n);
    view_of(a)
}

fn swapped(n: usize) -> f64 {
    let a = Array1::<f64>::zeros(n);
    let mut b = Array1::<f32>::zeros(n);
    std::mem::swap(&mut a, &mut b);
    std::mem::swap(a, &mut b);
    0.0
}

fn literals(x: f64) -> f64 {
    let a = arr1([x, x]);
    let c = arr2(&[x, x]);
    0.0
}

#[jit]
fn result(n: usize) -> Array1<f64> {
    Array1::zeros(n)
}

#[jit]
fn parameter(a: Array1<f64>) -> f64 {
    a[0]
}
