use brolga::prelude::*;

fn a(x: f16, y: f16) -> f16 {
    let z = x + y;
    let w = -x;
    x * 2.0
}

fn b(x: bf16) -> f32 {
    let y = x as f32;
    let z = 1.0 as f16;
    x.sqrt() + f32::from(x, 1)
}

fn c(x: f16, y: bf16) -> bool {
    x == y || (x, 1) < (x, 2) || x == 1.0
}

fn d(x: f64) -> f16 {
    let y = f16::from_f32(x);
    let z = f16::PI;
    f16::from_f46(x)
}

fn e(x: ArrayView1<f16>, y: ArrayView1<bf16>) -> f16 {
    let p = y.product();
    let d = x.dot(&x);
    let mut own = y.to_owned();
    own.scaled_add(bf16::ONE, &y);
    x.sum()
}
