use brolga::prelude::*;

fn immutable_parameter(x: i32) -> i32 {
    x = 3;
    x
}

fn immutable_variable() -> i32 {
    let x = 1;
    x += 1;
    x
}

fn perhaps_without_value(c: bool) -> i32 {
    let x;
    if c {
        x = 1;
    }
    x
}

fn never_a_value() -> i32 {
    let x: i32;
    x + 1
}

fn twice(n: i32) -> i32 {
    let x;
    for i in 0..n {
        x = i;
    }
    0
}

fn member(x: i32) -> i32 {
    let t = (x, 2);
    t.0 = 3;
    t.1
}

fn read_only(a: ArrayView1<f64>) {
    a[0] = 1.0;
}

fn not_declared_mutable(a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}

fn behind_a_reference(a: &ArrayViewMut1<f64>) {
    a[0] = 1.0;
}

fn given_away(a: ArrayViewMut1<f64>) {
    fill(a);
    fill(a);
}

fn fill(mut a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}

fn borrows(a: ArrayViewMut1<f64>) {
    first(&mut a);
}

fn first(a: &mut ArrayViewMut1<f64>) {
    a[0] = 1.0;
}
