use brolga::prelude::*;

fn negated(x: u32) -> u32 {
    -x
}

fn negated_later() -> u32 {
    let x = -1;
    let y: u32 = x;
    y
}

fn inverted(x: f64) -> f64 {
    !x
}

fn bits_of_floats(x: f64) -> f64 {
    x & x
}

fn literal_of_the_wrong_kind(x: f64) -> f64 {
    2 * x
}

fn compares(x: f64, n: i32) -> bool {
    x == n
}

fn to_bool(x: i32) -> bool {
    x as bool
}

fn from_bool(x: bool) -> f64 {
    x as f64
}

fn too_large() -> u8 {
    256
}

fn too_small() -> i8 {
    -129
}

fn infinite() -> f32 {
    1e39
}

fn shifted(x: i32) -> i32 {
    x << 32
}

fn divided(x: i32) -> i32 {
    x / 0
}

fn no_place(x: i32) -> i32 {
    x + 1 = 3;
    x
}

fn certain_overflow() -> u8 {
    255 + 1
}

fn limit() -> i32 {
    i32::MIN - 1
}
