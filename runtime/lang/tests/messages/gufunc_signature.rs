#[guvectorize]
fn a(x: ArrayView1<f64>) {}
#[guvectorize(m)]
fn b(x: ArrayView1<f64>) {}
#[guvectorize("(m,)->()")]
fn c(x: ArrayView1<f64>) {}
#[guvectorize("(m)")]
fn d(x: ArrayView1<f64>) {}
#[guvectorize("(m)->()" fastmath)]
fn e(x: ArrayView1<f64>) {}
