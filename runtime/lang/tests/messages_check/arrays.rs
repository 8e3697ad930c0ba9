use brolga::prelude::*;

const N: usize = 3;
const SIGNED: i32 = 3;
const TABLE: [f64; N] = [1.0, 2.0, 4.0];
const SHORT: [f64; N] = [1.0, 2.0];
const BEYOND: f64 = TABLE[N];
const COMPARED: bool = TABLE == [1.0, 2.0, 4.0];

fn length_of_a_variable(n: usize) -> f64 {
    let a = [0.0; n];
    a[0]
}

fn length_of_another_type() -> [f64; SIGNED] {
    [0.0; 3]
}

fn length_below_zero() -> [f64; N - 4] {
    [0.0; 3]
}

fn length_by_a_call(x: [f64; f(2)]) -> f64 {
    x[0]
}

fn too_large() -> f64 {
    let a = [0.0; 100_000];
    a[1]
}

fn of_views(a: [ArrayView1<f64>; 2]) -> f64 {
    0.0
}

fn mixed() -> f64 {
    let a = [1.0, 2];
    a[0]
}

fn unknown_elements() -> usize {
    let a = [];
    a.len()
}

fn index_of_another_type(a: [f64; 3], i: i32) -> f64 {
    a[i]
}

fn index_as_of_a_view(a: [[f64; 3]; 3], i: usize) -> f64 {
    a[[i, i]]
}

fn out_of_bounds(a: [f64; 3]) -> f64 {
    a[3] + a[N]
}

fn part(a: [f64; 3]) -> f64 {
    let b = a[1..];
    0.0
}

fn immutable(a: [f64; 3]) -> f64 {
    a[0] = 1.0;
    a.swap(0, 1);
    a.fill(0.0);
    a[2]
}

fn behind_a_reference(a: &[f64; 3]) -> f64 {
    a.reverse();
    a[0]
}

fn methods(a: [f64; 3]) -> f64 {
    a.sort();
    a.summ();
    a.sum();
    a.swap(0);
    a.len
}

fn other_length(a: [f64; 3]) -> bool {
    a == [1.0, 2.0]
}

fn patterns(a: [i32; 3]) -> i32 {
    let [x, y] = a;
    let [p, q, r, s, ..] = a;
    match a {
        [1, ..] => 1,
        [.., 2, ..] => 2,
        [_, _, 3] => 3,
    }
}

fn pattern_of_a_number(x: i32) -> i32 {
    let [a, b] = x;
    a
}

fn slices(a: &[f64]) -> f64 {
    a[0]
}

fn vector(n: usize) -> f64 {
    let v = vec![0.0; n];
    v[0]
}

#[vectorize]
fn parameter(a: [f64; 3]) -> f64 {
    a[0]
}

#[vectorize]
fn result(x: f64) -> [f64; 2] {
    [x, x]
}

fn assigned_in_parallel(n: usize) -> f64 {
    let mut a = [0.0; 4];
    for i in prange(0..n) {
        a[i] = 1.0;
        a.swap(0, 1);
    }
    a[0]
}
