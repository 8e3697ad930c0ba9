//! Compiled and loaded code comes back when its runtime goes, and no file of the cache is
//! ever mapped. The counts are of the whole process, so this file has one test.

use std::path::Path;

use brolga_abi::DType;
use brolga_runtime::{CacheOutcome, Mode, Runtime, code_memory};

const TEXT: &str = "use brolga::prelude::*;
const WEIGHTS: [f64; 4] = [0.5, 1.5, 2.5, 3.5];
#[vectorize]
fn weighted(x: f64, k: i64) -> f64 { WEIGHTS[(k & 3) as usize] * x.exp() }
#[vectorize]
fn plain<T: Number>(x: T) -> T { x + x }
";

/// Compile-load-drop cycles, each with two compilations; the full measure is 100,000:
/// `BROLGA_TEST_CYCLES=50000 cargo test --release -p brolga-runtime --test code_memory`.
const CYCLES: usize = 150;
/// Load-drop cycles, each with two loads from the cache.
const LOADS: usize = 1_000;
/// What the process may grow by in all cycles, in pages.
const ROOM: usize = 2_000;

fn cycles() -> usize {
    match std::env::var("BROLGA_TEST_CYCLES") {
        Ok(text) => text.parse().expect("a number of cycles"),
        Err(_) => CYCLES,
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new("/proc/self").join(file)).expect("Linux has it")
}

/// The pages of this process: all that are mapped, and those in memory.
fn pages() -> [usize; 2] {
    let text = read("statm");
    let mut fields = text.split_whitespace().map(|field| field.parse().unwrap());
    [fields.next().unwrap(), fields.next().unwrap()]
}

/// Loads both kernels in a runtime of its own; both must come from where `from_cache` says.
fn load(runtime: &Runtime, from_cache: bool) {
    let module = runtime.load_str("kernels.rs", TEXT);
    let before = code_memory();
    let kernels: [(&str, &[DType]); 2] = [("weighted", &[]), ("plain", &[DType::F64])];
    let loaded = kernels.map(|(name, types)| {
        let function = module.function(name).expect("a function");
        let loaded = function.specialise(types).expect("code");
        let hit = loaded.origin().cache == CacheOutcome::Hit;
        assert_eq!(hit, from_cache, "{name}: {:?}", loaded.origin().cache);
        loaded
    });
    let bytes: usize = loaded.iter().map(|code| code.memory_len()).sum();
    let during = code_memory();
    assert_eq!(during.live_functions, before.live_functions + 2);
    assert_eq!(during.live_bytes, before.live_bytes + bytes as u64);
    assert!(during.peak_bytes >= during.live_bytes);
    // The code outlives its module, held by its last user.
    drop(module);
    assert_eq!(code_memory(), during);
    drop(loaded);
    assert_eq!(code_memory().live_functions, before.live_functions);
}

fn runtime(dir: Option<&Path>) -> Runtime {
    let builder = Runtime::builder().threads(1);
    let builder = match dir {
        Some(dir) => builder.cache_dir(dir).cache_mode(Mode::On),
        None => builder.cache_mode(Mode::Off),
    };
    builder.build().expect("a runtime")
}

/// Runs `cycle` many times and asserts that the process does not grow.
fn does_not_grow(cycles: usize, cycle: impl Fn()) {
    // Once over all that is allocated once.
    for _ in 0..20 {
        cycle();
    }
    let (maps, before, after) = (read("maps").lines().count(), code_memory(), pages());
    for _ in 0..cycles {
        cycle();
    }
    let maps_then = read("maps").lines().count();
    assert_eq!(code_memory(), before);
    assert!(maps_then <= maps + 8, "{maps} mappings became {maps_then}");
    for (start, end) in after.into_iter().zip(pages()) {
        assert!(end <= start + ROOM, "{start} pages became {end}");
    }
}

#[test]
fn code_is_freed_with_its_last_user_and_the_cache_is_never_mapped() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("cache");

    let first = runtime(Some(&dir));
    load(&first, false);
    let second = runtime(Some(&dir));
    let module = second.load_str("kernels.rs", TEXT);
    let function = module.function("weighted").expect("a function");
    let loaded = function.specialise(&[]).expect("code");
    assert_eq!(loaded.origin().cache, CacheOutcome::Hit);
    // While the code is there, no page of the process is of a file of the cache.
    let inside = dir.display().to_string();
    for line in read("maps").lines() {
        let of_cache = [".nbc", ".nbi", inside.as_str()]
            .into_iter()
            .any(|part| line.contains(part));
        assert!(!of_cache, "{line}");
    }
    // The code does not depend on the files.
    std::fs::remove_dir_all(&dir).expect("the folder is removed");
    assert_eq!(code_memory().live_functions, 1);
    drop((function, module, second, first));
    assert_eq!(code_memory().live_functions, 1, "held by its last user");
    drop(loaded);
    assert_eq!(code_memory().live_functions, 0);
    assert_eq!(code_memory().live_bytes, 0);

    let off = runtime(None);
    does_not_grow(cycles(), || load(&off, false));
    // Each with a runtime of its own, as a process that serves many has them.
    load(&runtime(Some(&dir)), false);
    does_not_grow(LOADS, || load(&runtime(Some(&dir)), true));
    assert_eq!(code_memory().live_functions, 0);
}
