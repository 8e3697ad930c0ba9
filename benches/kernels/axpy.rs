use brolga::prelude::*;

#[vectorize]
pub fn axpy<T: Float>(a: T, x: T, y: T) -> T {
    a * x + y
}
