fn a(x) -> f64 { x }
