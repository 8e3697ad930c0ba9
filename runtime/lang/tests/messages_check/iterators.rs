#[jit]
fn iterators(a: ArrayView1<f64>, m: ArrayView2<f64>, n: ArrayView3<i32>, mut o: ArrayViewMut1<f64>) -> f64 {
    let unknown = a.iter().sum();
    let wrong: f32 = a.iter().sum();
    a.iter().max();
    a.iter().copied().min_by_key(|x| x * 2.0);
    a.iter().filter(|x| **x > 0.0).enumerate().rev().count();
    m.iter().rev().count();
    m.rows().map(|r| r[0]).sum::<f64>();
    (0..3).copied().count();
    a.iter().chain(n.iter()).count();
    prange(0..3).map(|i| a[i]).sum::<f64>();
    a.iter().cycle().count();
    a.iter().flat_map(|x| m.iter()).count();
    a.iter().zip(a.iter().filter(|x| **x > 0.0)).count();
    let lazy = a.iter().map(|x| x * 2.0);
    a.iter().collect();
    a.iter().next();
    for t in o.iter_mut().enumerate() {
        *t.1 = 1.0;
    }
    for x in a.iter_mut().rev() {
        *x = 1.0;
    }
    n.rows().into_iter().count();
    n.axis_iter(Axis(3)).count();
    n.lanes(Axis(0)).into_iter().count();
    a.iter().min_by(|x, y| x > y);
    a.iter().take(1.5).count();
    o.iter_mut().map(|x| x).count();
    (..3).map(|x| x + 1).count();
    for x in (1.0) {}
    a.iter().sum::<f64>(1)
}
