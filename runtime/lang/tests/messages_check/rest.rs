const VIEW: ArrayView1<f64> = 1.0;
const RETURNS: i32 = return 1;
const LONG: i32 = { let mut i = 0; while i < 100000000 { i += 1; } i };
fn arrays_and_lets(x: f64, mut v: ArrayViewMut1<f64>, w: ArrayView2<f64>) {
    let (a, b);
    for (p, q) in v.iter_mut() {}
    let m = &mut x;
    let d = (if x > 0.0 { w } else { w }).dim();
    for i in (0..3).rev().rev() {}
    let i2 = (0usize, 0usize);
    let e = w[i2];
    let n = x.0;
    let mut t = true;
    t += false;
    'a: { continue 'a; }
}
fn arrays() { let q = [1.0, 2.0]; }
