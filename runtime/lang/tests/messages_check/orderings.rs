use std::cmp::Ordering;
use std::cmp::Ordering::Lesser;

fn missing(x: f64, y: f64) -> f64 {
    match x.total_cmp(&y) {
        Ordering::Less => x,
        Ordering::Equal => y,
    }
}

fn floats(x: f64, y: f64) -> bool {
    x.cmp(&y) == Ordering::Less
}

fn references(x: f64, y: f64) -> bool {
    x.total_cmp(y).is_lt()
}

fn mutable(x: &mut i32, y: i32) -> bool {
    x.cmp(&y).is_lt()
}

fn literals() -> bool {
    1.0.total_cmp(&2.0).is_lt()
}

fn iterators(a: ArrayView1<f64>) -> bool {
    a.iter().min_by(|a, b| a < b).is_some()
}

fn full(x: f64) -> bool {
    x.total_cmp(&1.0) == std::cmp::Ordering::Lesser
}
