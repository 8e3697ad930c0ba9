use brolga::prelude::*;

#[vectorize]
pub fn logistic<T: Float>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}
