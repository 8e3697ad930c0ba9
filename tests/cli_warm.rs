//! `brolga warm`, and CPUs on the command line, as a user meets them.

#![cfg(target_arch = "x86_64")]

mod common;

use std::process::Command;

use common::{Ran, Sandbox};

const KERNELS: &str = "use brolga::prelude::*;
#[vectorize]
fn plain(x: f64) -> f64 { x * 3.0 }
#[vectorize]
fn axpy<T: Float>(a: T, x: T, y: T) -> T { a.mul_add(x, y) }
#[vectorize]
fn shift<T: Integer>(x: T) -> T { x + x }
#[guvectorize(\"(n)->()\")]
fn total<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut sum = T::zero();
    for i in 0..a.len() { sum += a[i]; }
    out[()] = sum;
}
#[vectorize(cache = false)]
fn unkept(x: f64) -> f64 { x - 1.0 }
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.kernel("k.rs", KERNELS);
    sandbox
}

/// The outcomes in the JSON of a run, as `function<types> cpu outcome`.
fn outcomes(ran: &Ran) -> Vec<String> {
    let kernels = ran.json("kernels");
    let kernels = kernels.as_array().expect("a list");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_string();
    let one = |kernel: &serde_json::Value| {
        let types = kernel["types"].as_array().expect("a list");
        let types: Vec<String> = types.iter().map(text).collect();
        let (function, cpu) = (text(&kernel["function"]), text(&kernel["cpu"]));
        format!(
            "{function}<{}> {cpu} {}",
            types.join(","),
            text(&kernel["outcome"])
        )
    };
    kernels.iter().map(one).collect()
}

#[test]
fn the_cache_that_one_machine_fills_is_a_hit_at_the_first_call_of_another() {
    let sandbox = sandbox();
    let warm = [
        "warm",
        "k.rs",
        "--types",
        "f64,f64,f64",
        "--cpu",
        "x86-64-v3",
        "--cpu",
        "x86-64-v2",
    ];
    let ran = sandbox.brolga(&[&warm[..], &["--json"]].concat()).ok();
    assert_eq!(
        outcomes(&ran),
        [
            "shift<> - left_out",
            "total<> - left_out",
            "unkept<> - left_out",
            "plain<> x86-64-v3 compiled",
            "axpy<f64> x86-64-v3 compiled",
            "plain<> x86-64-v2 compiled",
            "axpy<f64> x86-64-v2 compiled",
        ]
    );
    assert_eq!(ran.json("compiled"), 4);
    assert_eq!(ran.json("left_out"), 3);
    // The first thing that another process does.
    for (cpu, cache) in [
        ("x86-64-v3", "hit"),
        ("x86-64-v2", "hit"),
        ("x86-64", "miss"),
    ] {
        for kernel in [&["k.rs::axpy", "2", "3", "4"][..], &["k.rs::plain", "2"]] {
            let args = [&["run"], kernel, &["--stats=json"]].concat();
            let ran = sandbox
                .brolga_with(&args, |command| command.env("BROLGA_CPU_NAME", cpu))
                .ok();
            assert_eq!(ran.json("cache"), cache, "{cpu} {kernel:?}");
            if cache == "hit" {
                assert_eq!(ran.json("parse_us"), 0.0, "nothing is parsed");
                assert_eq!(ran.json("compile_us"), 0.0);
            }
        }
    }
    let again = sandbox.brolga(&warm).ok();
    assert!(
        again
            .stdout
            .contains("0 compiled, 4 there already, 0 failed, 3 left out"),
        "{again:?}"
    );
}

#[test]
fn each_list_of_types_is_tried_on_the_kernels_that_it_fits() {
    let sandbox = sandbox();
    let ran = sandbox
        .brolga(&[
            "warm",
            "k.rs",
            "--cpu",
            "x86-64-v2",
            "--jobs",
            "2",
            "--json",
            "--types",
            "f64,f64,f64",
            "--types",
            "f32, f32, f32",
            "--types",
            "i64",
            "--types",
            "u8,u8",
            "--types",
            "f64,f64,f64,f64",
        ])
        .ok();
    let found = outcomes(&ran);
    for expected in [
        "plain<> x86-64-v2 compiled",
        "axpy<f64> x86-64-v2 compiled",
        "axpy<f32> x86-64-v2 compiled",
        "shift<i64> x86-64-v2 compiled",
        "total<u8> x86-64-v2 compiled",
        "unkept<> - left_out",
    ] {
        assert!(
            found.iter().any(|line| line == expected),
            "{expected} in {found:?}"
        );
    }
    assert_eq!(found.len(), 6, "{found:?}");
    assert_eq!(
        ran.json("unused_types"),
        serde_json::json!(["f64,f64,f64,f64"])
    );
}

#[test]
fn without_a_terminal_there_is_a_line_for_each_kernel() {
    let sandbox = sandbox();
    let ran = sandbox.brolga(&["warm", "k.rs", "--types", "i32"]).ok();
    assert_eq!(ran.stderr, "");
    for part in [
        "compiled   k.rs::plain  ",
        "compiled   k.rs::shift<i32>  ",
        "left out   k.rs::axpy  generic over T: Float; no list fits: give the types of its 3 parameters with --types",
        "left out   k.rs::unkept  its attribute keeps it out of the cache",
        "2 compiled, 0 there already, 0 failed, 3 left out",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} in {}", ran.stdout);
    }
}

#[test]
fn what_fails_is_rendered_once_and_the_rest_is_compiled() {
    let sandbox = sandbox();
    sandbox.kernel(
        "half.rs",
        "#[vectorize]\nfn good(x: f64) -> f64 { x + 1.0 }\n#[vectorize]\nfn bad(x: f64) -> f64 { x + 1 }\n",
    );
    sandbox.kernel("broken.rs", "#[vectorize]\nfn f(x: f64 -> f64 { x }\n");
    let args = [
        "warm",
        "half.rs",
        "broken.rs",
        "missing.rs",
        "k.rs",
        "--cpu",
        "x86-64-v2",
        "--cpu",
        "x86-64-v3",
    ];
    let ran = sandbox
        .brolga(&args)
        .fails(1, &["half.rs:4:", "E0277", "broken.rs:2:", "missing.rs"]);
    assert_eq!(ran.stderr.matches("E0277").count(), 1, "{}", ran.stderr);
    // `good` and `plain` for both; `bad` for both, and two files.
    assert!(
        ran.stdout.contains("4 compiled, 0 there already, 4 failed"),
        "{}",
        ran.stdout
    );
    let good = sandbox
        .brolga_with(
            &[
                "run",
                "half.rs::good",
                "1",
                "--cpu",
                "x86-64-v2",
                "--stats=json",
            ],
            |c| c,
        )
        .ok();
    assert_eq!(good.json("cache"), "hit");
}

#[test]
fn what_cannot_be_warmed_is_said() {
    let sandbox = sandbox();
    for (args, parts) in [
        (&["warm"][..], &["FILE"][..]),
        (
            &["warm", "k.rs", "--types", "f128"],
            &["f128", "there are", "f64"],
        ),
        (
            &["warm", "k.rs", "--cpu", "x86-64-v9"],
            &["--cpu", "x86-64-v9", "did you mean"],
        ),
        (
            &["warm", "k.rs", "--cpu-features", "-fmaa"],
            &["--cpu-features", "`fmaa`", "`fma`"],
        ),
        (&["warm", "k.rs", "--jobs", "0"], &["above 0"]),
        (
            &["run", "k.rs::plain", "1", "--cpu", "z80"],
            &["`z80`", "native"],
        ),
    ] {
        sandbox.brolga(args).fails(2, parts);
    }
    for mode in ["off", "readonly"] {
        sandbox
            .brolga_with(&["warm", "k.rs"], |c| c.env("BROLGA_CACHE", mode))
            .fails(1, &["nothing to warm", mode]);
    }
    for (variable, value) in [("BROLGA_CPU_NAME", "z80"), ("BROLGA_CPU_FEATURES", "+z80")] {
        sandbox
            .brolga_with(&["warm", "k.rs"], |c| c.env(variable, value))
            .fails(1, &[variable, "`z80`"]);
    }
    std::fs::write(sandbox.path("file"), "").expect("a file");
    sandbox
        .brolga(&["warm", "k.rs", "--cache-dir", "file"])
        .fails(1, &["could not be stored"]);
}

#[test]
fn inspect_shows_the_code_of_the_cpu_that_is_named() {
    let sandbox = sandbox();
    let asm = |more: &[&str]| {
        let args = [
            "inspect",
            "k.rs::axpy",
            "--types",
            "f64,f64,f64",
            "--emit",
            "asm",
        ];
        sandbox.brolga(&[&args[..], more].concat()).ok().stdout
    };
    assert!(asm(&["--cpu", "x86-64-v3"]).contains("vfmadd"));
    assert!(!asm(&["--cpu", "x86-64-v3", "--cpu-features", "-fma"]).contains("vfmadd"));
    assert!(!asm(&["--cpu", "x86-64-v2"]).contains("vfmadd"));
    assert!(asm(&["--cpu", "x86-64", "--cpu-features", "+fma"]).contains("vfmadd"));
}

/// On a machine that is emulated without AVX: code for it is compiled and stored, and a call is
/// refused in words; code that it can run runs.
#[test]
fn code_for_features_that_the_machine_lacks_is_refused_by_name() {
    let emulator = "qemu-x86_64";
    if Command::new(emulator).arg("--version").output().is_err() {
        println!("skipped: there is no {emulator}");
        return;
    }
    let sandbox = sandbox();
    let emulated = |args: &[&str]| {
        let mut command = Command::new(emulator);
        command
            .args(["-cpu", "Nehalem", env!("CARGO_BIN_EXE_brolga")])
            .args(args)
            .current_dir(sandbox.path(""))
            .env("BROLGA_CACHE_DIR", sandbox.path("cache"));
        Ran::of(command.output().expect("the emulator starts"))
    };
    let run = |cpu| ["run", "k.rs::plain", "2", "--cpu", cpu, "--stats=json"];
    emulated(&run("x86-64-v3")).fails(
        1,
        &[
            "x86-64-v3",
            "cannot run on this machine",
            "no avx, avx2, bmi1, bmi2, fma, lzcnt",
        ],
    );
    // It was compiled and stored all the same: this machine has it, if it can run it.
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        let ran = sandbox.brolga(&run("x86-64-v3")).ok();
        assert_eq!(ran.json("cache"), "hit");
    }
    // A hit is refused as well as a miss.
    emulated(&run("x86-64-v3")).fails(1, &["cannot run on this machine"]);
    let ran = emulated(&run("x86-64-v2")).ok();
    assert!(ran.stdout.starts_with("f64 [] 6.0"), "{ran:?}");
    emulated(&["warm", "k.rs", "--cpu", "x86-64-v4"]).ok();
    emulated(&[
        "inspect",
        "k.rs::plain",
        "--emit",
        "loops",
        "--cpu",
        "x86-64-v4",
    ])
    .ok();
}
