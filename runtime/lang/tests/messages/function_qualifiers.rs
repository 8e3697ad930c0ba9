async fn a() {}
unsafe fn b() {}
extern "C" fn c() {}
const fn fine() {}
fn d(&self) {}
fn e<const N: usize>() {}
fn f<T: Flaot, U: PartialOrd>(x: T, y: U) {}
fn g<T>(x: T) where T: Number, Vec<T>: Clone {}
fn h<T: Float, T: Float>() {}
