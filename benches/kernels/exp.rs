use brolga::prelude::*;

#[vectorize]
pub fn exp<T: Float>(x: T) -> T {
    x.exp()
}
