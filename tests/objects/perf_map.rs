//! The map for `perf`: `/tmp/perf-<pid>.map`, in processes of its own.

use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use brolga::{DType, Runtime};

use crate::{answer, process, variable};

const TEXT: &str = "use brolga::prelude::*;
#[vectorize]
fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }
";

fn map_of(process: u32) -> PathBuf {
    PathBuf::from(format!("/tmp/perf-{process}.map"))
}

/// Links one kernel after another; what stands at the map's path before is set by the parent.
pub fn child() {
    let path = map_of(std::process::id());
    let target = variable("TARGET");
    match variable("BEFORE").as_str() {
        "link" => symlink(&target, &path).expect("a link"),
        _ => assert!(!path.exists(), "{}", path.display()),
    }
    let runtime = Runtime::builder()
        .cache_dir(variable("CACHE"))
        .build()
        .expect("a runtime");
    let module = runtime.load_str("kernels", TEXT);
    let function = module.function("axpy").expect("a function");
    let made = [DType::F64, DType::F32].map(|dtype| {
        let made = function.specialise(&[dtype]).expect("it compiles");
        answer(format_args!(
            "entry {:x}",
            made.entry().expect("an entry").function as usize
        ));
        made
    });
    answer(format_args!(
        "failures {}",
        runtime.counters().perf_map_failures
    ));
    answer(format_args!("memory {}", made[0].memory_len()));
    answer(format_args!("map {}", path.display()));
}

/// What the child answers, and what stands at its map's path then, which is removed.
fn run(folder: &Path, asked: &str, before: &str) -> (Vec<String>, PathBuf) {
    let path = |name: &str| folder.join(name).display().to_string();
    let answers = process(
        "perf",
        &[
            ("BROLGA_PERF_MAP", asked),
            ("BEFORE", before),
            ("CACHE", &path("cache")),
            ("TARGET", &path("target")),
        ],
    );
    let map = answers.last().and_then(|line| line.strip_prefix("map "));
    let map = PathBuf::from(map.expect("the map's path"));
    (answers, map)
}

#[test]
fn the_map_names_every_function_for_its_user_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    // Compiled, then from the cache.
    for _ in 0..2 {
        let (answers, map) = run(folder.path(), "1", "");
        let text = std::fs::read_to_string(&map).expect("a map");
        let mode = std::fs::metadata(&map).expect("a map").mode();
        std::fs::remove_file(&map).expect("the map goes");
        assert_eq!(mode & 0o7777, 0o600);
        assert!(answers.contains(&"failures 0".to_string()), "{answers:?}");
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        for (number, dtype) in ["f64", "f32"].iter().enumerate() {
            let name = format!("brolga::kernels::axpy<{dtype}>");
            let entry = answers[number].strip_prefix("entry ").expect("an address");
            let own: Vec<_> = lines.iter().filter(|l| l[2].starts_with(&name)).collect();
            assert!(
                own.iter().any(|l| l[0] == entry && l[2] == name),
                "{entry} {text}"
            );
            // The vector loop is a function of its own.
            assert!(own.len() > 1, "{text}");
            for line in own {
                let size = u64::from_str_radix(line[1], 16).expect("a size");
                assert!(size > 0 && size < 1 << 20, "{text}");
            }
        }
    }
}

#[test]
fn a_link_in_place_of_the_map_is_not_followed_and_calls_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target");
    std::fs::write(&target, "mine\n").expect("a file");
    let (answers, map) = run(folder.path(), "1", "link");
    assert!(std::fs::symlink_metadata(&map).expect("it").is_symlink());
    std::fs::remove_file(&map).expect("the link goes");
    assert_eq!(std::fs::read_to_string(&target).expect("text"), "mine\n");
    assert!(answers.contains(&"failures 2".to_string()), "{answers:?}");
}

#[test]
fn nobody_asked_and_there_is_no_map() {
    let folder = tempfile::tempdir().expect("a folder");
    for asked in ["", "0"] {
        let (answers, map) = run(folder.path(), asked, "");
        assert!(!map.exists());
        assert!(answers.contains(&"failures 0".to_string()), "{answers:?}");
    }
}
