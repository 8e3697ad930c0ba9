fn a(x: f64) -> f64 { x.map(async |y| y) }
fn good(x: f64) -> f64 { a(x) }
fn b(x: f64) -> f64 { x as char as f64 }
