use brolga::prelude::*;

fn Some(x: f64) -> f64 {
    x
}
