//! Globals: `static`s of a kernel file that the host binds. What a call sees of them, and what
//! is not compiled again.

use std::sync::atomic::{AtomicBool, Ordering};

use brolga::{
    Complex, GlobalValue, JitFunction, Kernels, Mode, Module, Operand, Runtime, RuntimeErrorKind,
    UFunc,
};
use ndarray::{ArrayD, array};

const TEXT: &str = r#"use brolga::prelude::*;
static SLOPE: f64 = 0.5;
static LIMIT: i32 = 7;
static PAIR: (u64, u64) = (1, 1);
static OTHER: u64 = 1;
fn scaled(x: f64) -> f64 { SLOPE * x }
#[vectorize]
fn line(x: f64) -> f64 { scaled(x) }
#[vectorize(target = "parallel")]
fn capped(x: i32) -> i32 { if x > LIMIT { LIMIT } else { x } }
#[jit(parallel)]
fn agree(n: u64) -> u64 {
    let mut wrong = 0;
    for _ in prange(0..n) { if PAIR.0 != OTHER || PAIR.1 != OTHER { wrong += 1; } }
    wrong
}
"#;

fn runtime(folder: &tempfile::TempDir) -> Runtime {
    let builder = Runtime::builder().cache_dir(folder.path().join("cache"));
    builder.cache_mode(Mode::On).build().expect("a runtime")
}

fn line(function: &UFunc) -> f64 {
    let y: ArrayD<f64> = function
        .call_array(&[(&array![1.0, 2.0]).into()])
        .expect("the call");
    assert_eq!(y[[1]], 2.0 * y[[0]]);
    y[[0]]
}

fn disagreements(function: &JitFunction) -> u64 {
    let mut operands: [Operand<'_>; 1] = [1000_u64.into()];
    let outputs = function.call(&mut operands).expect("the call");
    let total = outputs.get(0).expect("a result");
    total.scalar().expect("a number")
}

#[test]
fn a_new_value_is_seen_by_the_next_call_without_compiling() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime(&folder);
    let module = runtime.load_str("globals", TEXT);
    let function = module.ufunc("line").unwrap();
    assert_eq!(line(&function), 0.5);
    let compiled = runtime.counters().compiled;
    module.bind("SLOPE", 3.0).unwrap();
    assert_eq!(line(&function), 3.0);
    assert_eq!(module.global("SLOPE").unwrap().get(), Some(3.0));
    module.bind("SLOPE", -0.25).unwrap();
    assert_eq!(line(&function), -0.25);
    // Another handle, and another function object, have the same bindings.
    assert_eq!(line(&module.clone().ufunc("line").unwrap()), -0.25);
    assert_eq!(runtime.counters().compiled, compiled);
    assert_eq!(module.global("LIMIT").unwrap().get(), Some(7));

    let capped = module.ufunc("capped").unwrap();
    module.bind("LIMIT", -1).unwrap();
    let y: ArrayD<i32> = capped.call_array(&[(&array![3, -4]).into()]).unwrap();
    assert_eq!(y, array![-1, -4].into_dyn());
    // Another module of the same text has bindings of its own.
    let other = runtime.load_str("globals", TEXT);
    assert_eq!(line(&other.ufunc("line").unwrap()), 0.5);
}

#[test]
fn another_initialiser_is_a_hit_with_the_new_value() {
    let folder = tempfile::tempdir().unwrap();
    let first = runtime(&folder).load_str("globals", TEXT);
    assert_eq!(line(&first.ufunc("line").unwrap()), 0.5);

    // The same text: nothing is parsed, and binding compiles nothing.
    let warm = runtime(&folder);
    let module = warm.load_str("globals", TEXT);
    let function = module.ufunc("line").unwrap();
    assert_eq!(line(&function), 0.5);
    assert_eq!((warm.counters().parsed, warm.counters().hits), (0, 1));
    module.bind("SLOPE", 9.0).unwrap();
    assert_eq!(line(&function), 9.0);
    assert_eq!(warm.counters().compiled, 0);

    let text = TEXT.replace("f64 = 0.5", "f64 = 4.0");
    for parsed in [1, 0] {
        let edited = runtime(&folder);
        let module = edited.load_str("globals", &text);
        assert_eq!(line(&module.ufunc("line").unwrap()), 4.0);
        let counters = edited.counters();
        assert_eq!((counters.compiled, counters.parsed), (0, parsed));
    }
    // And the first text still has its own.
    let again = runtime(&folder).load_str("globals", TEXT);
    assert_eq!(line(&again.ufunc("line").unwrap()), 0.5);
}

#[test]
fn a_call_sees_the_values_of_one_moment() {
    let runtime = Runtime::builder()
        .cache_mode(Mode::Off)
        .threads(2)
        .build()
        .unwrap();
    let module: Module = runtime.load_str("globals", TEXT);
    let function = module.jit("agree").unwrap();
    assert_eq!(disagreements(&function), 0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut calls = 0;
                while !done.load(Ordering::Relaxed) || calls == 0 {
                    assert_eq!(disagreements(&function), 0);
                    calls += 1;
                }
            });
        }
        let known = module.globals().unwrap();
        let pair = &known.iter().find(|meta| meta.name == "PAIR").unwrap().ty;
        for k in 0..5000_u64 {
            let both = GlobalValue::from_words(pair.clone(), vec![k, k]).unwrap();
            module
                .bind_all([("PAIR", both), ("OTHER", k.into())])
                .unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    module.bind("OTHER", 1_u64).unwrap();
    assert_eq!(disagreements(&function), 1000);
}

#[test]
fn wrong_names_and_types_are_told_and_bind_nothing() {
    let runtime = Runtime::builder().cache_mode(Mode::Off).build().unwrap();
    let module = runtime.load_str("globals", TEXT);
    let unknown = module.bind("SLOP", 1.0).unwrap_err();
    assert_eq!(unknown.kind(), RuntimeErrorKind::UnknownGlobal);
    assert!(unknown.to_string().contains("`SLOPE`"), "{unknown}");
    for (value, found) in [
        (GlobalValue::from(1.0_f32), "f32"),
        ([1.0; 3].into(), "[f64; 3]"),
        (Complex::new(1.0, 0.0).into(), "Complex<f64>"),
    ] {
        let wrong = module
            .bind_all([("LIMIT", 3.into()), ("SLOPE", value)])
            .unwrap_err();
        assert_eq!(wrong.kind(), RuntimeErrorKind::GlobalType);
        assert_eq!(
            wrong.to_string(),
            format!("the global `SLOPE` has the type `f64`, the value has the type `{found}`")
        );
    }
    assert_eq!(module.global("LIMIT").unwrap().get(), Some(7));
    assert!(module.global("line").is_err());
}
