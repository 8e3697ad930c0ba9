use brolga::prelude::*;

#[vectorize]
pub fn leaky_relu<T: Float>(slope: T, x: T) -> T {
    if x < T::zero() { slope * x } else { x }
}
