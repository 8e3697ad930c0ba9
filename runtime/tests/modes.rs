//! Every mode of the cache, by the environment and by the builder, with counted effects.

mod support;

use std::path::Path;
use std::process::Command;

use brolga_runtime::{ErrorKind, Limits, Mode, Runtime};
use support::{FUNCTIONS, KERNELS, make_all, runtime};

/// What one runtime did with the kernels: parsed, compiled, hits, misses, stores.
fn effects(runtime: &Runtime) -> [u64; 5] {
    make_all(&runtime.load_str("kernels", KERNELS));
    let counters = runtime.counters();
    [
        counters.parsed,
        counters.compiled,
        counters.hits,
        counters.misses,
        runtime.cache().stats().stores,
    ]
}

/// The same in a process of its own, where the environment alone says the mode.
fn effects_in_a_process(dir: &Path, mode: Mode) -> [u64; 5] {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child", "--nocapture", "--quiet"])
        .env("BROLGA_CACHE_DIR", dir)
        .env("BROLGA_CACHE", mode.name())
        .env("BROLGA_TEST_CHILD", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("effects "));
    let numbers: Vec<u64> = line
        .unwrap_or_else(|| panic!("{text}"))
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child() {
    if std::env::var_os("BROLGA_TEST_CHILD").is_some() {
        let numbers = effects(&Runtime::new().unwrap()).map(|number| number.to_string());
        println!("effects {}", numbers.join(" "));
    }
}

/// Every file with its bytes.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            files.push((path.display().to_string(), bytes));
        }
    }
    files.sort();
    files
}

#[test]
fn each_mode_does_what_it_says() {
    let n = FUNCTIONS.len() as u64;
    // In this order on one folder: the mode, what it does, and whether the files change.
    let steps = [
        (Mode::ReadOnly, [1, n, 0, n, 0], false),
        (Mode::Off, [1, n, 0, 0, 0], false),
        (Mode::On, [1, n, 0, n, n], true),
        (Mode::On, [0, 0, n, 0, 0], false),
        (Mode::ReadOnly, [0, 0, n, 0, 0], false),
        (Mode::Off, [1, n, 0, 0, 0], false),
        // Stores the same bytes anew.
        (Mode::Refresh, [1, n, 0, n, n], false),
        (Mode::On, [0, 0, n, 0, 0], false),
    ];
    let by_api = |dir: &Path, mode| effects(&runtime(dir, mode));
    type Way<'a> = &'a dyn Fn(&Path, Mode) -> [u64; 5];
    let ways: [Way<'_>; 2] = [&by_api, &effects_in_a_process];
    for (number, way) in ways.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("cache");
        for (place, (mode, expected, changes)) in steps.into_iter().enumerate() {
            let before = files(&dir);
            let at = format!("way {number}, step {place}, {mode}");
            assert_eq!(way(&dir, mode), expected, "{at}");
            assert_eq!(files(&dir) != before, changes, "{at}");
            assert_eq!(dir.exists(), place >= 2, "{at}");
        }
    }
}

#[test]
fn a_quota_makes_a_runtime_compile_again_and_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = Limits {
        bytes: Some(0),
        age: None,
    };
    for round in 0..3 {
        let runtime = Runtime::builder()
            .cache_dir(folder.path())
            .cache_mode(Mode::On)
            .cache_limits(nothing)
            .build()
            .unwrap();
        let n = FUNCTIONS.len() as u64;
        assert_eq!(effects(&runtime), [1, n, 0, n, n], "{round}");
        // The first store looks, and removes all that there is: itself and what the stores
        // after the first of the round before left.
        let stats = runtime.cache().stats();
        assert_eq!(stats.size_checks, 1);
        assert_eq!(stats.evicted, if round == 0 { 1 } else { n });
        assert!(stats.store_failures.is_empty());
    }
}

#[test]
fn a_mode_or_limit_that_is_not_known_is_an_error_that_names_the_accepted() {
    for (variable, value, expected) in [
        ("BROLGA_CACHE", "maybe", "on, off, readonly or refresh"),
        ("BROLGA_CACHE_MAX_BYTES", "much", "512M"),
        ("BROLGA_CACHE_MAX_AGE", "old", "90d"),
    ] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child_refused", "--nocapture"])
            .env(variable, value)
            .env("BROLGA_TEST_CHILD", "1")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.starts_with("refused "));
        let line = line.unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains(variable) && line.contains(expected), "{line}");
    }
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_refused() {
    if std::env::var_os("BROLGA_TEST_CHILD").is_some() {
        let error = Runtime::new().err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        println!("refused {error}");
    }
}
