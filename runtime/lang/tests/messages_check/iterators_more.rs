use brolga::prelude::*;

fn sources(mut a: [f64; 3], o: Option<f64>, v: ArrayView1<f64>, mut w: ArrayViewMut1<f64>) {
    let it = v.iter();
    for i in ..3 {}
    for i in prange(0..9).step_by(2).step_by(3) {}
    std::iter::once().count();
    for x in a.iter_mut() {}
    for x in o {}
    let own = Array1::<f64>::zeros(3);
    for x in own {}
    w.iter_mut().map(|x| &mut *x).count();
    w.iter_mut().last();
    let many = [0.0; 1000];
    let [first, ..] = many;
}
