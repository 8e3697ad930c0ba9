//! Every kind of kernel, on the calling thread and on a pool, from Rust and from the command
//! line: the second process finds what the first compiled, also when the call is its very first
//! action.

mod common;

use std::path::Path;
use std::process::Command;

use brolga::{Kernels, Mode, Runtime};
use common::Sandbox;
use ndarray::array;

const KINDS: &str = "use brolga::prelude::*;
#[vectorize]
fn plus(x: f64) -> f64 { x + 1.0 }
#[vectorize(target = \"parallel\")]
fn plus_parallel(x: f64) -> f64 { x + 1.0 }
#[guvectorize(\"(n)->()\")]
fn total<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut sum = T::zero();
    for i in 0..a.len() { sum += a[i]; }
    out[()] = sum;
}
#[guvectorize(\"(n)->(n)\", target = \"parallel\")]
fn reversed(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() { out[i] = a[a.len() - 1 - i]; }
}
#[jit]
fn first(a: ArrayView1<f64>) -> f64 { a[0] }
#[jit(parallel)]
fn squares(a: ArrayView1<f64>) -> f64 {
    let mut sum = 0.0;
    for i in prange(0..a.len()) { sum += a[i] * a[i]; }
    sum
}
";

/// The kernels of [`KINDS`] and what they give for 1, 2, 3.
const RESULTS: [(&str, &[f64]); 6] = [
    ("plus", &[2.0, 3.0, 4.0]),
    ("plus_parallel", &[2.0, 3.0, 4.0]),
    ("total", &[6.0]),
    ("reversed", &[3.0, 2.0, 1.0]),
    ("first", &[1.0]),
    ("squares", &[14.0]),
];

const CHILD_FOLDER: &str = "BROLGA_TEST_FOLDER";
const CHILD_KERNEL: &str = "BROLGA_TEST_KERNEL";
/// What a child exits with that compiled, and one that did not.
const COMPILED: i32 = 87;
const FOUND: i32 = 86;

#[test]
#[ignore = "run by another test in a process of its own"]
fn child_first_call() {
    let (Some(folder), Ok(kernel)) = (std::env::var_os(CHILD_FOLDER), std::env::var(CHILD_KERNEL))
    else {
        return;
    };
    let builder = Runtime::builder().cache_dir(Path::new(&folder).join("cache"));
    let runtime = builder.cache_mode(Mode::On).build().expect("a runtime");
    let module = runtime.load_str("kinds", KINDS);
    let values = array![1.0, 2.0, 3.0];
    let outputs = match kernel.as_str() {
        "plus" | "plus_parallel" => module
            .ufunc(&kernel)
            .expect("exists")
            .call(&[(&values).into()]),
        "total" | "reversed" => module
            .gufunc(&kernel)
            .expect("exists")
            .call(&mut [(&values).into()]),
        _ => module
            .jit(&kernel)
            .expect("exists")
            .call(&mut [(&values).into()]),
    };
    let found: ndarray::ArrayD<f64> = outputs.expect("runs").into_array().expect("one output");
    let expected = RESULTS
        .iter()
        .find(|(name, _)| *name == kernel)
        .expect("listed")
        .1;
    assert_eq!(found.into_iter().collect::<Vec<f64>>(), expected);
    let counters = runtime.counters();
    std::process::exit(match (counters.compiled, counters.parsed, counters.hits) {
        (1, 1, 0) => COMPILED,
        (0, 0, 1) => FOUND,
        _ => panic!("{counters:?}"),
    });
}

#[test]
fn from_rust_the_first_action_of_a_second_process_is_a_hit_for_every_kind() {
    let sandbox = Sandbox::new();
    for (kernel, _) in RESULTS {
        for expected in [COMPILED, FOUND, FOUND] {
            let status = Command::new(std::env::current_exe().expect("the test has a path"))
                .args(["--ignored", "--exact", "child_first_call", "--quiet"])
                .env(CHILD_FOLDER, sandbox.path(""))
                .env(CHILD_KERNEL, kernel)
                .stdout(std::process::Stdio::null())
                .status()
                .expect("the test program starts");
            assert_eq!(status.code(), Some(expected), "{kernel}");
        }
    }
}

#[test]
fn from_the_command_line_the_second_process_is_a_hit_for_every_kind() {
    let sandbox = Sandbox::new();
    sandbox.kernel("kinds.rs", KINDS);
    sandbox.f64s("x.npy", &[1.0, 2.0, 3.0]);
    for (kernel, expected) in RESULTS {
        let name = format!("kinds.rs::{kernel}");
        // The pool is chosen by the call; the code is the same.
        let mut expected_cache = "miss";
        for target in ["cpu", "parallel"] {
            for _ in 0..2 {
                let mut args = vec!["run", &name, "x.npy", "-o", "out.npy", "--stats=json"];
                if !["first", "squares"].contains(&kernel) {
                    args.extend(["--target", target]);
                }
                let ran = sandbox.brolga(&args).ok();
                assert_eq!(ran.json("cache"), expected_cache, "{kernel}, {target}");
                assert_eq!(sandbox.read_f64s("out.npy"), expected, "{kernel}, {target}");
                expected_cache = "hit";
            }
        }
    }
}

#[test]
fn a_variable_that_changes_code_is_a_miss_on_the_command_line() {
    let sandbox = Sandbox::new();
    sandbox.kernel("k.rs", "#[vectorize]\nfn f(x: f64) -> f64 { x + 1.0 }\n");
    let run =
        |variable: Option<(&str, &str)>| {
            let ran = sandbox.brolga_with(&["run", "k.rs::f", "1.0", "--stats=json"], |command| {
                match variable {
                    Some((name, value)) => command.env(name, value),
                    None => command,
                }
            });
            let ran = ran.ok();
            assert!(ran.stdout.starts_with("f64 [] 2.0"), "{ran:?}");
            ran.json("cache")
        };
    assert_eq!(run(None), "miss");
    let verify = if cfg!(debug_assertions) { "0" } else { "1" };
    for variable in [
        ("BROLGA_VERIFY", verify),
        ("BROLGA_OPT", "none"),
        ("BROLGA_VECTORISE", "0"),
        ("BROLGA_ALIAS_ANALYSIS", "0"),
    ] {
        assert_eq!(run(Some(variable)), "miss", "{variable:?}");
        assert_eq!(run(Some(variable)), "hit", "{variable:?}");
        assert_eq!(run(None), "hit", "{variable:?}");
    }
}
