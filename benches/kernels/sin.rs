use brolga::prelude::*;

#[vectorize]
pub fn sin<T: Float>(x: T) -> T {
    x.sin()
}
