//! Code for several CPUs: the same results, side by side in one cache.

#![cfg(target_arch = "x86_64")]

use std::collections::BTreeMap;
use std::path::Path;

use brolga::cache::Cache;
use brolga::{
    CacheConfig, CacheOutcome, Kernels, Mode, Operand, Runtime, RuntimeErrorKind, TargetSpec,
};

const KERNELS: &str = "use brolga::prelude::*;
#[vectorize]
fn fused(a: f64, b: f64, c: f64) -> f64 { a.mul_add(b, c).floor() + a.sqrt() * b }
#[vectorize]
fn waves(a: f64, b: f64, c: f64) -> f64 { (a * b).sin() + (c - a).exp() * b.abs().ln() }
#[vectorize]
fn single(a: f32, b: f32, c: f32) -> f32 { a.mul_add(b, c).round() - a.powf(b) }
#[vectorize]
fn bits(a: i64, b: i64, c: i64) -> i64 {
    (a ^ b).leading_zeros() as i64 + b.count_ones() as i64 + (c >> (a & 63)) + c.trailing_zeros() as i64
}
#[jit]
fn total(xs: ArrayView1<f64>) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() { s += xs[i].mul_add(xs[i], 1.0); }
    s
}
";

const LEVELS: [&str; 4] = ["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"];

/// The levels whose code this machine can run.
fn levels() -> Vec<&'static str> {
    let host = TargetSpec::host();
    let runs = |name: &&str| {
        let target = TargetSpec::named(name, "").expect("a known level");
        let can = target.lacking_on(&host).is_nothing();
        if !can {
            println!("skipped: this machine does not run {name}");
        }
        can
    };
    LEVELS.into_iter().filter(runs).collect()
}

fn runtime(folder: &Path, cpu: &str) -> Runtime {
    Runtime::builder()
        .cache_dir(folder)
        .cache_mode(Mode::On)
        .cpu_name(cpu)
        .cpu_features("")
        .build()
        .expect("a runtime")
}

/// Numbers of many sizes and signs, the same each time.
fn numbers(seed: u64) -> Vec<f64> {
    let mut state = seed;
    (0..1003)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
            (unit - 0.5) * [1e-3, 1.0, 37.0, 1e5][(state >> 5) as usize % 4]
        })
        .collect()
}

/// The bytes of all results of all kernels, by kernel.
fn results(runtime: &Runtime) -> BTreeMap<&'static str, Vec<u8>> {
    let module = runtime.load_str("kernels", KERNELS);
    let [a, b, c] = [1, 2, 3].map(numbers);
    let [a32, b32, c32] = [&a, &b, &c].map(|x| x.iter().map(|&x| x as f32).collect::<Vec<_>>());
    let [ai, bi, ci] = [&a, &b, &c].map(|x| x.iter().map(|&x| x as i64).collect::<Vec<_>>());
    let f64s: [Operand<'_>; 3] = [a[..].into(), b[..].into(), c[..].into()];
    let f32s: [Operand<'_>; 3] = [a32[..].into(), b32[..].into(), c32[..].into()];
    let i64s: [Operand<'_>; 3] = [ai[..].into(), bi[..].into(), ci[..].into()];
    let mut all = BTreeMap::new();
    for (name, operands) in [
        ("fused", &f64s),
        ("waves", &f64s),
        ("single", &f32s),
        ("bits", &i64s),
    ] {
        let kernel = module.ufunc(name).expect("the kernel");
        let outputs = kernel.call(operands).expect("a call");
        let output = outputs.into_single().expect("one output");
        all.insert(name, output.as_bytes().to_vec());
    }
    let total = module.jit("total").expect("the kernel");
    let outputs = total.call(&mut [a[..].into()]).expect("a call");
    let output = outputs.into_single().expect("one output");
    all.insert("total", output.as_bytes().to_vec());
    all
}

#[test]
fn every_level_gives_the_same_bits() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = results(&runtime(folder.path(), "native"));
    for level in levels() {
        let runtime = runtime(folder.path(), level);
        let found = results(&runtime);
        for (name, bytes) in &expected {
            assert!(found[name] == *bytes, "{name} for {level}");
        }
        assert_eq!(runtime.counters().compiled, 5, "{level}");
    }
}

/// The name, the time of change and the content of every object in the cache.
fn objects(folder: &Path) -> BTreeMap<String, (std::time::SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for version in std::fs::read_dir(folder).expect("the cache") {
        let files = std::fs::read_dir(version.expect("an entry").path()).expect("a folder");
        for file in files {
            let path = file.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "nbc") {
                let modified = path.metadata().and_then(|m| m.modified()).expect("a time");
                let name = path.file_name().expect("a name").to_string_lossy();
                let bytes = std::fs::read(&path).expect("the object");
                found.insert(name.into_owned(), (modified, bytes));
            }
        }
    }
    found
}

#[test]
fn one_index_holds_several_cpus_and_none_writes_on_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let specialise = |cpu: &str| {
        let runtime = runtime(folder.path(), cpu);
        let module = runtime.load_str("kernels", KERNELS);
        let function = module.function("fused").expect("the kernel");
        function
            .specialise(&[])
            .expect("code")
            .origin()
            .cache
            .clone()
    };
    let miss = |outcome: CacheOutcome| matches!(outcome, CacheOutcome::Miss(_));
    assert!(miss(specialise("native")));
    let mut before = objects(folder.path());
    assert_eq!(before.len(), 1);
    // Also for CPUs that this machine may not be able to run.
    for (number, cpu) in ["x86-64-v2", "x86-64-v3", "x86-64-v4"]
        .into_iter()
        .enumerate()
    {
        assert!(miss(specialise(cpu)), "{cpu}: only an exact match counts");
        let after = objects(folder.path());
        assert_eq!(after.len(), number + 2, "{cpu}");
        for (name, object) in &before {
            assert!(after[name] == *object, "{cpu} wrote on {name}");
        }
        before = after;
    }
    for cpu in ["native", "x86-64-v2", "x86-64-v3", "x86-64-v4"] {
        assert_eq!(specialise(cpu), CacheOutcome::Hit, "{cpu}");
    }
    assert!(objects(folder.path()) == before);

    let config = CacheConfig {
        dir: Some(folder.path().to_path_buf()),
        ..CacheConfig::default()
    };
    let listed = Cache::open(config).list().expect("a list");
    assert_eq!(listed.len(), 1, "one index");
    let cpus = listed[0].overloads.iter().map(|o| o.target.cpu.clone());
    let mut expected = vec![
        TargetSpec::host().cpu,
        "x86-64-v2".to_string(),
        "x86-64-v3".to_string(),
        "x86-64-v4".to_string(),
    ];
    expected.sort();
    assert_eq!(cpus.collect::<Vec<_>>(), expected);
}

#[test]
fn a_feature_more_or_less_is_another_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let specialise = |changes: &str| {
        let builder = Runtime::builder().cache_dir(folder.path());
        let builder = builder.cache_mode(Mode::On).cpu_name("x86-64-v2");
        let runtime = builder.cpu_features(changes).build().expect("a runtime");
        let module = runtime.load_str("kernels", KERNELS);
        let function = module.function("bits").expect("the kernel");
        let made = function.specialise(&[]).expect("code");
        (made.origin().cache.name(), runtime.target().cpu.clone())
    };
    let name = |text: &str| text.to_string();
    assert_eq!(specialise(""), ("miss", name("x86-64-v2")));
    assert_eq!(specialise("+lzcnt"), ("miss", name("x86-64-v2+lzcnt")));
    assert_eq!(specialise("-popcnt"), ("miss", name("x86-64-v2-popcnt")));
    assert_eq!(specialise("+lzcnt"), ("hit", name("x86-64-v2+lzcnt")));
    assert_eq!(specialise("+sse3"), ("hit", name("x86-64-v2")));
}

#[test]
fn a_name_that_is_not_known_is_an_error_of_the_configuration() {
    for (name, changes, near) in [
        ("x86-64-v5", "", "x86-64-v"),
        ("native", "+avx512x", "avx512"),
    ] {
        let builder = Runtime::builder().cpu_name(name).cpu_features(changes);
        let error = builder.build().err().expect("a refusal");
        assert_eq!(error.kind(), RuntimeErrorKind::Configuration);
        assert!(error.to_string().contains(near), "{error}");
    }
}
