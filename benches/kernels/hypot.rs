use brolga::prelude::*;

#[vectorize]
pub fn hypot<T: Float>(x: T, y: T) -> T {
    x.hypot(y)
}
