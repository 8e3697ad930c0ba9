use brolga::prelude::*;

#[vectorize]
pub fn ln<T: Float>(x: T) -> T {
    x.ln()
}
