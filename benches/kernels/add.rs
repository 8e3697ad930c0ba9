use brolga::prelude::*;

#[vectorize]
pub fn add<T: Float>(x: T, y: T) -> T {
    x + y
}
