#[vectorize(fast_math)]
fn a(x: f64) -> f64 { x }
#[vectorize(parallel)]
fn b(x: f64) -> f64 { x }
#[vectorize(sse)]
fn c(x: f64) -> f64 { x }
#[vectorize = 1]
fn d(x: f64) -> f64 { x }
#[jit(target = "cpu")]
fn e(x: f64) -> f64 { x }
#[jit(checked)]
fn f(x: f64) -> f64 { x }
#[vectorize(cache)]
fn g(x: f64) -> f64 { x }
#[vectorize(fastmath, fastmath)]
fn h(x: f64) -> f64 { x }
