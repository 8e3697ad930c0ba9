fn a(x: f64) -> f64 {
    x + 1.0
