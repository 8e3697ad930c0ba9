use brolga::prelude::*;

#[vectorize]
pub fn clip<T: Float>(x: T, low: T, high: T) -> T {
    x.max(low).min(high)
}
