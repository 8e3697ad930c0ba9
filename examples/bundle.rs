//! A program that brings its compiled kernels along.

use brolga::cache::{CacheConfig, Layer, LayerSource, Selection};
use brolga::{Kernels, Runtime};
use ndarray::array;

const TEXT: &str = "#[vectorize] fn double(x: f64) -> f64 { x + x }";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let bundle = folder.path().join("kernels.nbb");

    // Once, where the program is built (or `brolga warm`, then `brolga cache export`).
    let filler = Runtime::builder()
        .cache_dir(folder.path().join("filler"))
        .build()?;
    let double = filler.load_str("kernels", TEXT).ufunc("double")?;
    double.call(&[(&array![1.0]).into()])?;
    filler.cache().export(&bundle, &Selection::default())?;

    // In the program; with `include_bytes!("kernels.nbb")` it needs no file.
    let bytes: &'static [u8] = std::fs::read(&bundle)?.leak();
    let config = CacheConfig {
        dir: Some(folder.path().join("own")),
        layers: vec![Layer::new(LayerSource::Embedded(bytes))],
        ..CacheConfig::default()
    };
    let runtime = Runtime::builder().cache_config(config).build()?;
    let double = runtime.load_str("kernels", TEXT).ufunc("double")?;
    let y = double.call(&[(&array![1.5, -2.0]).into()])?;
    assert_eq!(y.into_array::<f64>()?, array![3.0, -4.0].into_dyn());
    assert_eq!(runtime.counters().compiled, 0);
    Ok(())
}
