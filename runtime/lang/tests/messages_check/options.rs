use brolga::prelude::*;

fn a(x: Option<i32>) -> i32 {
    match x {
        Some(1..) => 1,
        None => 2,
    }
}

fn b(x: Option<(bool, u8)>) -> bool {
    match x {
        Some((true, _)) => true,
        Some((false, 0..=9)) => false,
        None => false,
    }
}

fn c(x: Option<i32>) -> i32 {
    let Some(y) = x;
    let Some(z) = x else { 3 };
    x + y + z
}

fn d(x: Option<f64>) -> f64 {
    x?
}

fn e(x: f64) -> Option<f64> {
    x?;
    Some(x, 1.0)
}

fn f(x: Option<f64>) -> Option<f32> {
    if x < Some(1) {
        return x;
    }
    x.map(|y| y + 1)
}

fn g(x: Option<f64>) -> f64 {
    let n = None;
    x.copied();
    x.flatten();
    x.unwarp();
    x.ok_or(3);
    x.insert(2.0);
    x.unwrap_or(3) + x.unwrap_or()
}

fn h<T: Number>(x: Option<T>) -> T {
    x.unwrap_or_default()
}

fn i(x: Option<i32>) -> i32 {
    match x {
        Some(a, b) => a,
        Some(None) => 2,
        Some => 3,
        _ => 4,
    }
}

fn j(x: Option<i32>) -> i32 {
    if let Some(y) = x {
        x.take();
    }
    y
}

fn k(x: Option<ArrayView1<f64>>) -> bool {
    x.is_some() && x as bool
}

#[vectorize]
fn l(x: Option<f64>) -> Option<f64> {
    x
}
