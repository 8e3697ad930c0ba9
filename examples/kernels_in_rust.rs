//! Kernels inside a program.

use brolga::{Kernels, Runtime};
use ndarray::{Array1, ArrayD};

/// rustc compiles this module as it stands; Brolga reads the same text at run time.
#[brolga::kernels]
mod activation {
    use brolga::prelude::*;

    /// x * sigmoid(x)
    #[vectorize(target = "parallel")]
    pub fn swish<T: Float>(x: T) -> T {
        x / (T::one() + (-x).exp())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::new()?;
    let swish = runtime.load_kernels(activation::SOURCE).ufunc("swish")?;
    let x = Array1::linspace(-8.0_f32, 8.0, 1000);
    let y: ArrayD<f32> = swish.call(&[(&x).into()])?.into_array()?;
    for (&x, &y) in x.iter().zip(&y) {
        assert!((y - activation::swish(x)).abs() <= 1e-6);
    }
    Ok(())
}
