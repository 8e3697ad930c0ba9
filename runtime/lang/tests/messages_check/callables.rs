
fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 { f(x) }
fn lent(f: &impl Fn(f64) -> f64, x: f64) -> f64 { f(x) }
fn pointer(f: fn(f64) -> f64, x: f64) -> f64 { f(x) }
#[vectorize]
fn kernel(f: impl Fn(f64) -> f64) -> f64 { f(1.0) }
fn copied(f: impl Fn(f64) -> f64, x: &mut f64) { *x = f(1.0) }
fn forever(f: impl Fn(f64) -> f64, x: f64) -> f64 { forever(|a| f(a), x) }

fn wrong(x: f64) {
    let mut s = 0.0;
    apply(|a| { s += a; s }, x);
    apply(|a, b| a, x);
    apply(x, x);
    lent(|a| a, x);
    pointer(|a| a + x, x);
    let g: impl Fn(f64) -> f64 = |a| a;
    let a = std::array::from_fn(|i| i);
    [1.0].map(apply);
}
