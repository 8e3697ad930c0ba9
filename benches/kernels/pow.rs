use brolga::prelude::*;

#[vectorize]
pub fn pow<T: Float>(x: T, y: T) -> T {
    x.powf(y)
}
