use brolga::prelude::*;

fn misspelt(x: f64) -> f64 {
    x.sqr()
}

fn option(x: i32) -> i32 {
    x.checked_add(1)
}

fn not_called(a: ArrayView1<f64>) -> usize {
    a.len
}

fn no_such_constant() -> f64 {
    f64::EPSILO
}

fn constant_of_another_module() -> f64 {
    f64::PI
}

fn no_such_function(x: f64) -> f64 {
    f64::maxx(x, x)
}

fn not_without_loss(x: i64) -> f64 {
    f64::from(x)
}

fn not_of_this_type(x: i32) -> i32 {
    x.sqrt()
}

fn wrong_count(x: f64) -> f64 {
    x.mul_add(2.0)
}

fn exponent(x: f64, n: u32) -> f64 {
    x.powi(n)
}

fn constants_without_use() -> f64 {
    f64::consts::PI
}
