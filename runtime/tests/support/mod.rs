//! What the tests share: kernels of every kind, and runtimes on a folder.
#![allow(dead_code)] // Each test file uses a part.

#[path = "../../../cache/tests/support/events.rs"]
pub mod events;

use std::path::Path;

use brolga_abi::DType;
use brolga_runtime::{Mode, Module, Runtime};

/// A kernel of every kind.
pub const KERNELS: &str = r#"use brolga::prelude::*;

#[vectorize]
fn add<T: Number>(x: T, y: T) -> T {
    x + y
}

#[vectorize(target = "parallel")]
fn scale(x: f64) -> f64 {
    3.0 * x
}

#[guvectorize("(n)->()")]
fn total(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i];
    }
    out[()] = sum;
}

#[guvectorize("(n)->()", target = "parallel")]
fn largest(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut most = a[0];
    for i in 1..a.len() {
        most = most.max(a[i]);
    }
    out[()] = most;
}

#[jit]
fn dot(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    sum
}

#[jit(parallel)]
fn pi(n: usize) -> f64 {
    let h = 1.0 / n as f64;
    let mut sum = 0.0;
    for i in prange(0..n) {
        let x = (i as f64 + 0.5) * h;
        sum += 4.0 / (1.0 + x * x);
    }
    sum * h
}
"#;

/// Every function, with types to specialise it to, and whether it may use threads.
pub const FUNCTIONS: [(&str, &[DType], bool); 6] = [
    ("add", &[DType::F64], false),
    ("scale", &[], true),
    ("total", &[], false),
    ("largest", &[], true),
    ("dot", &[], false),
    ("pi", &[], true),
];

pub fn runtime(dir: &Path, mode: Mode) -> Runtime {
    let builder = Runtime::builder().cache_dir(dir).cache_mode(mode);
    builder.build().unwrap()
}

/// Specialises every function.
pub fn make_all(module: &Module) {
    for (name, types, _) in FUNCTIONS {
        let function = module.function(name).unwrap();
        function.specialise(types).unwrap();
    }
}
