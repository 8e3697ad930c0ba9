fn f(a: ArrayView2<f64>, b: &[f64], c: Vec<f64>, d: Array<f64, Ix2>, e: Array1) -> f64 {
    let g = a.slice(s![NewAxis, .., ..]);
    let h = a.slice(s![0;2, ..]);
    let i = a.slice(s![0 1]);
    let j = array![];
    let k = array![[[1.0]]];
    let [l, rest @ ..] = [1, 2, 3];
    let m = vec![0.0; 3];
    0.0
}
