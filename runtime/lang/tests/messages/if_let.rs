fn a(x: Option<i32>) -> bool {
    let y = (let Some(1) = x);
    if (let Some(2) = x) { return true; }
    if let Some(3) = x || true { return true; }
    while !(let Some(4) = x) {}
    x.expect(5).is_some()
}
fn b(x: Complex) -> Complex32<f32> {
    matches!(x)
}
