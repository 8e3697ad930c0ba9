//! Object bytes do not depend on the process, the folder or the threads: no address is baked in.

use std::path::Path;

use brolga::DType;

use crate::{answer, process, runtime, variable};

const TEXT: &str = r#"use brolga::prelude::*;
const TABLE: [f64; 5] = [0.5, -1.5, 2.25, 1e-3, 7.0];
static SLOPE: f64 = 0.25;
#[vectorize]
fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }
#[vectorize]
fn wave(x: f64) -> f64 { x.sin() * (-x * SLOPE).exp() + TABLE[2] }
#[vectorize]
fn divide(a: i64, b: i64) -> i64 { a / b }
#[guvectorize("(m,n),(n)->(m)")]
fn product(a: ArrayView2<f64>, x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.nrows() {
        let mut sum = 0.0;
        for j in 0..x.len() { sum += a[[i, j]] * x[j]; }
        out[i] = sum;
    }
}
fn fibonacci(n: u64) -> u64 { if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) } }
#[jit(parallel)]
fn recursive(n: u64) -> u64 {
    let mut sum = 0;
    for i in prange(0..n) { sum += fibonacci(i); }
    sum
}
"#;

const KERNELS: [(&str, &[DType]); 6] = [
    ("axpy", &[DType::F32]),
    ("axpy", &[DType::F64]),
    ("wave", &[]),
    ("divide", &[]),
    ("product", &[]),
    ("recursive", &[]),
];

/// Compiles every kernel, with the threads that are asked for at once.
pub fn child() {
    let folder = variable("FOLDER");
    let threads = variable("THREADS").parse().expect("a number");
    let runtime = runtime(&Path::new(&folder).join("cache"), threads);
    let module = runtime.load_file(Path::new(&folder).join("same.rs"));
    let module = module.expect("a module");
    for result in module.compile_all(&KERNELS) {
        result.expect("the kernel compiles");
    }
    assert_eq!(runtime.counters().compiled, KERNELS.len() as u64);
    answer("done");
}

/// The objects in the cache, without the folder of their names.
fn objects(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("cache")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".nbc") {
                found.push((name, std::fs::read(path).expect("an object")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_bytes_are_the_same_from_two_processes_folders_and_numbers_of_threads() {
    let mut made = Vec::new();
    // Two processes; folders with names of different lengths; one thread and four.
    for (name, threads) in [("a", "1"), ("a/longer/name", "1"), ("b", "4"), ("c", "4")] {
        let top = tempfile::tempdir().expect("a folder");
        let folder = top.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("same.rs"), TEXT).expect("a module");
        let text = folder.display().to_string();
        process("bytes", &[("FOLDER", &text), ("THREADS", threads)]);
        made.push(objects(&folder));
    }
    assert_eq!(made[0].len(), KERNELS.len());
    for other in &made[1..] {
        let names = |objects: &[(String, Vec<u8>)]| -> Vec<String> {
            objects.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(other), names(&made[0]));
        assert!(*other == made[0], "the bytes differ");
    }
}
