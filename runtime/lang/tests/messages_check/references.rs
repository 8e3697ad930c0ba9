use brolga::prelude::*;

fn bump(x: &mut f64) -> f64 {
    *x += 1.0;
    *x
}

struct P {
    x: f64,
}

fn immutable(x: f64, p: P, r: &f64, q: &P) {
    bump(&mut x);
    bump(&mut p.x);
    bump(r);
    bump(&mut q.x);
    bump(x);
    bump(&x);
    bump(1.0);
    let m = &mut x;
}

fn chosen(c: bool, mut a: f64, mut b: f64) {
    let r = if c { &mut a } else { &mut b };
    *r = 1.0;
    let pair = (&mut a, 1.0);
    let s = &mut a;
    s = &mut b;
    let t = match c {
        true => &mut a,
        false => &mut b,
    };
}

fn returned(x: &mut f64) -> &mut f64 {
    x
}

fn inside(x: (&mut f64, f64)) {}

fn moved(mut x: f64) -> f64 {
    let r = &mut x;
    let q = r;
    *q += 1.0;
    *r
}

fn operators(mut x: f64) {
    let r = &mut x;
    r += 1.0;
    let _ = r + 1.0;
    r = 1.0;
}

fn elements(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>) {
    bump(&mut a[0]);
    bump(&mut b[0]);
    let r = &a[0];
    bump(r);
}

#[jit(parallel)]
fn parallel(n: usize) -> f64 {
    let mut total = 0.0;
    for i in prange(0..n) {
        bump(&mut total);
    }
    total
}

#[vectorize]
fn kernel(x: &mut f64) -> f64 {
    *x
}
