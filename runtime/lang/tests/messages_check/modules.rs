mod shapes {
    fn hidden(x: f64) -> f64 { x }
    pub fn area(x: f64) -> f64 { x }
    mod inner { pub fn deep(x: f64) -> f64 { x } }
    pub use self::hidden as shown;
}
mod other {
    pub fn area(x: f64) -> f64 { x }
}
use shapes::aria;
use nowhere::thing;
use super::thing as other_thing;
use shapes::area as twice;
fn twice() {}
use shapes::*;
use other::*;
mod std {}
mod missing;

#[vectorize]
fn kernel(x: f64) -> f64 {
    let a = shapes::hidden(x);
    let b = shapes::inner::deep(x);
    let c = shapes::arae(x);
    let d = shaps::area(x);
    let e = area(x);
    let f = shapes + x;
    let g = crate::shapes;
    a
}
