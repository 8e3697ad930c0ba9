use brolga::prelude::*;

fn order<T: Number>(a: T) -> bool {
    a < a
}

fn minus<T: Number>(a: T) -> T {
    -a
}

fn literal<T: Float>(a: T) -> T {
    a * 2.0
}

fn method<T: Real>(a: T) -> T {
    a.sqrt()
}

fn cast<T: Float>(a: T) -> f64 {
    a as f64
}

fn weaker<T: Number>(a: T) -> T {
    literal(a)
}

fn wrong_type(a: i32) -> i32 {
    literal(a)
}

fn nothing_decides() {
    let x = zero();
}

fn zero<T: Number>() -> T {
    T::zero()
}

fn mixed<T: Float>(a: T, b: T) -> T {
    a + b
}

fn different(a: f64, b: f32) -> f64 {
    mixed(a, b)
}

fn shifted<T: Integer>(a: T) -> T {
    a << a
}

fn counts<T: Number>(a: T) -> T {
    counts::<T, T>(a)
}
