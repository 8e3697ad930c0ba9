fn a(v: ArrayView1<f64>) -> f64 {
    let double = |x: f64| x * 2.0;
    v.iter().map(|x| x * 2.0).sum()
}
