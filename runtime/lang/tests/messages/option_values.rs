#[vectorize(target = "gpu")]
fn a(x: f64) -> f64 { x }
#[vectorize(target = parallel)]
fn b(x: f64) -> f64 { x }
#[vectorize(identity = "zero")]
fn c(x: f64, y: f64) -> f64 { x }
#[vectorize(identity = 1u8)]
fn d(x: f64, y: f64) -> f64 { x }
#[vectorize(cache = 0)]
fn e(x: f64) -> f64 { x }
#[vectorize(identity = 99999999999999999999)]
fn f(x: f64, y: f64) -> f64 { x }
#[vectorize(cache =)]
fn g(x: f64) -> f64 { x }
