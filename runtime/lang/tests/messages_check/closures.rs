fn scale(x: f64, k: f64) -> f64 {
    x * k
}

#[jit]
fn closures(a: ArrayView1<f64>, mut o: ArrayViewMut1<f64>, x: f64) -> f64 {
    let double = |y| y * 2.0;
    double(x, 1.0);
    double(1);
    let mut s = 0.0;
    let add = |y: f64| s += y;
    add(x);
    let unknown = |y| 1.0;
    for i in 0..3 {
        let stop = || {
            if x > 1.0 {
                break;
            }
        };
        stop();
    }
    let typed = |y: f64| -> f64 { return 1; };
    let twice = |a: f64, a: f64| a;
    a.iter().map(|p, q| p).sum::<f64>();
    a.iter().map(|p: f64| p).sum::<f64>();
    a.iter().map(scale).sum::<f64>();
    a.iter().map(f64::abs).sum::<f64>();
    a.iter().map(x).sum::<f64>();
    let fixed = 1.0;
    a.iter().for_each(|y| fixed += y);
    let mut later = move || o[0] = x;
    later();
    o[1] = 1.0;
    s
}
