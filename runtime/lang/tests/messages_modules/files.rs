mod helpers;
mod gone;
mod both;
use helpers::norm;
#[vectorize]
fn kernel(x: f64) -> f64 { norm(x) + helpers::inner::hidden(x) }
fn norm() {}
//# helpers.rs
pub mod inner;

pub fn norm(x: f64) -> f64 {
    x + 1
}
//# helpers/inner.rs
fn hidden(x: f64) -> f64 { x }
fn broken( { }
pub fn other() -> f64 { missing }
//# both.rs
//# both/mod.rs
