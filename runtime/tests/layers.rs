//! Kernels out of a layer: nothing is parsed or compiled, and nothing is written.

mod support;

use std::path::Path;

use brolga_abi::DType;
use brolga_cache::{CacheConfig, CacheKey, Layer, LayerSource, Selection};
use brolga_runtime::{CacheOutcome, Mode, Runtime};
use support::{FUNCTIONS, KERNELS, make_all};

fn over(dir: &Path, key: Option<CacheKey>, layers: Vec<Layer>) -> Runtime {
    let config = CacheConfig {
        dir: Some(dir.to_path_buf()),
        key,
        layers,
        ..CacheConfig::default()
    };
    let builder = Runtime::builder().cache_config(config);
    builder.cache_mode(Mode::On).build().unwrap()
}

#[test]
fn a_process_with_an_empty_folder_starts_warm_from_each_kind_of_layer() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = |name: &str| temporary.path().join(name);
    let key = Some(CacheKey::new([7; 32]));
    let n = FUNCTIONS.len() as u64;

    let filler = over(&dir("shared"), key.clone(), vec![]);
    make_all(&filler.load_str("kernels", KERNELS));
    assert_eq!(filler.counters().compiled, n);
    let bundle = dir("kernels.nbb");
    let exported = filler.cache().export(&bundle, &Selection::default());
    assert_eq!(exported.unwrap().objects, n);

    let embedded: &'static [u8] = std::fs::read(&bundle).unwrap().leak();
    for source in [
        LayerSource::Folder(dir("shared")),
        LayerSource::Bundle(bundle.clone()),
        LayerSource::Embedded(embedded),
    ] {
        let layer = |key: Option<CacheKey>| Layer {
            source: source.clone(),
            key,
        };
        let own = dir("own");
        let runtime = over(&own, None, vec![layer(key.clone())]);
        let module = runtime.load_str("kernels", KERNELS);
        make_all(&module);
        let counters = runtime.counters();
        let effects = (counters.parsed, counters.compiled, counters.hits);
        assert_eq!(effects, (0, 0, n), "{source:?}");
        assert_eq!(runtime.cache().stats().layers[0].text_hits, n);
        assert!(!own.exists());

        // The same text with a comment: parsed, not compiled, and learned in the folder.
        let reformatted = format!("// A comment.\n{KERNELS}");
        let add = runtime.load_str("kernels", &reformatted);
        let add = add.function("add").unwrap().specialise(&[DType::F64]);
        assert_eq!(add.unwrap().origin().cache, CacheOutcome::Hit);
        assert_eq!(runtime.counters().compiled, 0);
        let alone = over(&own, None, vec![]);
        let add = alone.load_str("kernels", &reformatted);
        let add = add.function("add").unwrap().specialise(&[DType::F64]);
        assert_eq!(add.unwrap().origin().cache, CacheOutcome::Hit);
        assert_eq!((alone.counters().parsed, alone.counters().compiled), (0, 0));
        std::fs::remove_dir_all(&own).unwrap();

        // With another key everything is compiled.
        let other = Some(CacheKey::new([8; 32]));
        let runtime = over(&own, None, vec![layer(other)]);
        make_all(&runtime.load_str("kernels", KERNELS));
        assert_eq!(runtime.counters().compiled, n);
        std::fs::remove_dir_all(&own).unwrap();
    }
}
