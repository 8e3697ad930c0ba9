const VIEW: ArrayView1<f64> = 1.0;
const RETURNS: i32 = return 1;
const LONG: i32 = { let mut i = 0; while i < 100000000 { i += 1; } i };
fn arrays_and_lets(x: f64, mut v: ArrayViewMut1<f64>, w: ArrayView2<f64>) {
    let (a, b);
    for (p, q) in v.iter_mut() {}
    let m = &mut x;
    let d = (if x > 0.0 { w } else { w }).dim();
    for i in (0..3).rev().rev() {}
    v[(0..2)] = 1.0;
    let n = x.0;
    let mut t = true;
    t += false;
    'a: { continue 'a; }
}
fn patterns(x: i32, t: (i32, i32, i32)) -> i32 {
    match x { .. => 1 }
    match t { (.., 1, ..) => 1, _ => 2 };
    match true { true..=false => 1, _ => 2 };
    match x { 5..5 => 1, -f64::NAN => 2, _ => 3 };
    match x { n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n => 1 }
}
