use brolga::prelude::*;

fn wrong_argument(x: i32) -> f64 {
    half(x)
}

fn half(x: f64) -> f64 {
    x / 2
}

fn wrong_result(x: i64) -> i32 {
    x
}

fn final_semicolon(x: f64) -> f64 {
    x * 2.0;
}

fn mixed_operands(x: f64, y: f32) -> f64 {
    x + y
}

fn too_many(x: f64) -> f64 {
    half(x, x)
}

fn arms_differ(c: bool) -> f64 {
    let x = if c { 1.0 } else { 2 };
    x
}

fn no_else(x: i32) -> i32 {
    if x > 0 { 1 }
}

fn condition(x: i32) -> i32 {
    if x { 1 } else { 2 }
}

fn ambiguous() -> u64 {
    let x = 2.0;
    x.to_bits()
}

fn unknown_yet() -> f64 {
    let x;
    let y = x.sqrt();
    x = 1.0;
    y
}

fn tuple_member(t: (f64, f64)) -> f64 {
    t.2
}

fn not_a_reference(x: i32) -> i32 {
    *x
}

fn reference(x: &f64) -> f64 {
    x
}

fn return_nothing(x: i32) -> i32 {
    return;
}

fn missing_bound(x: &f64, y: f64) -> bool {
    x < y
}

fn undecided_receiver() -> f64 {
    let x = 1.0;
    x.sqrt()
}

fn doubling(a: f64) -> f64 {
    let b = (a, a, a, a, a, a, a, a, a, a);
    let c = (b, b, b, b, b, b, b, b, b, b);
    let d = (c, c, c, c, c, c, c, c, c, c);
    let e = (d, d, d, d, d, d, d, d, d, d);
    a
}

fn power(a: f64) -> f64 {
    a ^ 2
}
