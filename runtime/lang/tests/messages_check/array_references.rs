fn another(a: &mut Array1<f64>) {
    *a = Array1::zeros(3);
}

fn exchanged(a: &mut Array1<f64>, b: &mut Array1<f64>) {
    std::mem::swap(a, b);
}
