fn bare(f: impl Fn) {}
fn once(f: impl FnOnce(f64)) {}
struct Holder<F: Fn(f64)> { f: F }
fn given() -> impl Fn(f64) -> f64 { 1.0 }
