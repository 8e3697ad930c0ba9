fn a(x: [f64; 3], y: &[f64], z: &mut [i32]) {}
fn b(x: i128, y: char, z: &str, v: Vec<f64>) -> Option<f64> {}
fn c(f: fn(f64) -> f64, g: impl Fn(f64), h: &dyn Float, p: *const f64) {}
fn d(x: ArrayView7<f64>, y: ArrayView1, z: ArrayView<f64, IxDyn>, w: ArrayViewD<f64>) {}
fn e(x: ArrayView1<'_, f64>, y: ndarray::ArrayViewMut<f64, Ix2>) {}
fn f(x: f64<i32>, y: T::Output, z: <T as Float>::Bits, a: Array1<f64>) {}
fn g(x: std::string::String) {}
