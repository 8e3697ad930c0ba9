#![allow(unused)]
#![vectorize]
#[inline] #[must_use] #[rustfmt::skip]
fn a() {}
#[cfg(test)]
fn b() {}
#[vectorise]
fn c() {}
#[target_feature(enable = "avx2")]
fn d() {}
#[jit]
#[vectorize]
fn e() {}
#[vectorize]
const F: f64 = 1.0;
fn g() {
    #[jit]
    fn h() {}
}
