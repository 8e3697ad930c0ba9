//! A kernel from a string, over an array.

use brolga::{Kernels, Runtime};
use ndarray::{ArrayD, array};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::new()?;
    let kernels = runtime.load_str(
        "relu",
        "#[vectorize]
         fn leaky_relu<T: Float>(slope: T, x: T) -> T {
             if x < T::zero() { slope * x } else { x }
         }",
    );
    let leaky_relu = kernels.ufunc("leaky_relu")?;
    let x = array![[-1.0_f32, 0.5], [2.0, -3.0]];
    let y: ArrayD<f32> = leaky_relu
        .call(&[0.1_f32.into(), (&x).into()])?
        .into_array()?;
    assert_eq!(y, array![[-0.1, 0.5], [2.0, -0.3]].into_dyn());
    Ok(())
}
