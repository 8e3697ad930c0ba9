use brolga::prelude::*;

fn gap(x: i32) -> i32 {
    match x {
        0..=5 => 1,
        7.. => 2,
    }
}

fn pairs(x: bool, y: bool) -> i32 {
    match (x, y) {
        (true, _) => 1,
        (_, true) => 2,
    }
}

fn guarded(x: u8) -> i32 {
    match x {
        0..=127 => 1,
        n if n > 127 => 2,
    }
}

fn not_always() -> i32 {
    let 3 = 3;
    1
}

fn alternatives(x: i32) -> i32 {
    match x {
        n | 3 => 1,
    }
}

fn empty_range(x: u8) -> i32 {
    match x {
        5..=3 => 1,
        _ => 2,
    }
}

fn bound_twice(t: (i32, i32)) -> i32 {
    let (a, a) = t;
    a
}

fn too_many(t: (i32, i32)) -> i32 {
    let (a, b, c) = t;
    a
}

fn wrong_literal(x: i32) -> i32 {
    match x {
        1.0 => 1,
        _ => 2,
    }
}

fn value_of_a_loop(x: i32) -> i32 {
    while x > 0 {
        break 3;
    }
    1
}

fn outside() {
    break;
}

fn constant_of_a_parameter<T: Integer>(x: T) -> i32 {
    match x {
        T::MAX => 1,
        _ => 2,
    }
}
