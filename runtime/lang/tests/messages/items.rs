use brolga::prelude::*;
struct Point { x: f64 }
enum Kind { A, B }
trait Area { fn area(&self) -> f64; }
impl Point { fn f(&self) {} }
type Number64 = f64;
static mut COUNT: i32 = 0;
extern crate core;
extern "C" { fn abs(x: i32) -> i32; }
macro_rules! twice { ($e:expr) => { $e * 2 } }
mod inner;
mod outer { fn g() {} }
union Bits { f: f32, i: u32 }
#[vectorize]
fn good(x: f64) -> f64 { x }
