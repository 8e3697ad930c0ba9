fn a(v: ArrayView1<f64>) -> f64 {
    let wait = async |x: f64| x * 2.0;
    let any = for<'a> |x: &'a f64| *x * 2.0;
    v.iter().map(|x| x * 2.0).sum()
}
