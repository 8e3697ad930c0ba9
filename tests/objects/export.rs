//! The same object for an ordinary linker: a C program of exported kernels and the static build
//! of brolga-nrt gives the bits that the kernels give from Rust.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use brolga::{DType, Kernels, Mode, Runtime, RuntimeErrorKind};
use ndarray::{Array1, Array3, ArrayD};

const TEXT: &str = r#"use brolga::prelude::*;
static SLOPE: f64 = 0.25;
static TABLE: [f64; 3] = [1.0, 2.5, -3.0];
#[vectorize]
fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }
#[vectorize]
fn wave(x: f64) -> f64 { x.sin() * (-x * SLOPE).exp() + x.abs().powf(TABLE[1]).ln_1p() }
#[guvectorize("(m,n),(n)->(m)")]
fn product(a: ArrayView2<f64>, x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.nrows() {
        let mut sum = 0.0;
        for j in 0..x.len() { sum += a[[i, j]] * x[j]; }
        out[i] = sum;
    }
}
#[vectorize]
fn divide(a: i64, b: i64) -> i64 { a / b }
"#;

const KERNELS: [(&str, &[DType]); 4] = [
    ("axpy", &[DType::F64]),
    ("wave", &[]),
    ("product", &[]),
    ("divide", &[]),
];

const N: usize = 1003;

/// The same numbers as in the C program.
fn fill(count: usize, seed: usize) -> Vec<f64> {
    let number = |i: usize| ((i * 37 + seed) % 101) as f64 / 8.0 - 6.0;
    (0..count).map(number).collect()
}

/// What the C program prints.
fn expected(runtime: &Runtime) -> String {
    let module = runtime.load_str("c", TEXT);
    let mut lines = String::new();
    let mut print = |what: &str, values: &ArrayD<f64>| {
        for (i, value) in values.iter().enumerate() {
            let _ = writeln!(lines, "{what} {i} {:016x}", value.to_bits());
        }
    };
    let (x, y) = (Array1::from(fill(N, 1)), Array1::from(fill(N, 2)));
    let axpy = module.ufunc("axpy").expect("a ufunc");
    let out = axpy.call_array(&[1.5.into(), (&x).into(), (&y).into()]);
    print("axpy", &out.expect("a result"));
    let x: Array1<f64> = fill(2 * N, 3).into_iter().step_by(2).collect();
    let wave = module.ufunc("wave").expect("a ufunc");
    print("wave", &wave.call_array(&[(&x).into()]).expect("a result"));
    let a = Array3::from_shape_vec((3, 5, 7), fill(105, 4)).expect("an array");
    let x = Array1::from(fill(7, 5));
    let product = module.gufunc("product").expect("a gufunc");
    let out = product.call(&mut [(&a).into(), (&x).into()]);
    let out: ArrayD<f64> = out.expect("a result").into_array().expect("one of f64");
    print("product", &out);
    let line = TEXT.lines().position(|line| line.contains("a / b"));
    let line = line.expect("the division") + 1;
    let _ = writeln!(
        lines,
        "panic 1017: attempt to divide by zero: c:{line}:36 in divide"
    );
    for i in 0..17_i64 {
        let _ = writeln!(lines, "divide {i} {}", 100 * i / (17 - i));
    }
    lines + "right\n"
}

/// The static build of brolga-nrt, made once.
fn static_nrt() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("static-nrt");
        let built = Command::new(env!("CARGO"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args([
                "rustc",
                "--package",
                "brolga-nrt",
                "--crate-type",
                "staticlib",
            ])
            .args(["--locked", "--offline", "--target-dir"])
            .arg(&target)
            .output()
            .expect("cargo starts");
        let told = String::from_utf8_lossy(&built.stderr).into_owned();
        assert!(built.status.success(), "{told}");
        target.join("debug/libbrolga_nrt.a")
    })
}

/// Compiles and links with the system's C compiler.
fn cc(arguments: impl FnOnce(&mut Command)) {
    let mut command = Command::new("cc");
    command.args(["-Wall", "-Wextra", "-Werror", "-O1"]);
    arguments(&mut command);
    let output = command.output().expect("a C compiler");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {told}");
}

/// What a program in C must be linked with beside the kernels.
fn libraries(command: &mut Command) {
    command.arg(static_nrt());
    command.args([
        "-lgcc_s",
        "-lutil",
        "-lrt",
        "-lpthread",
        "-lm",
        "-ldl",
        "-lc",
    ]);
}

#[test]
fn a_c_program_of_exported_kernels_gives_the_bits_that_rust_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("cache");
    let runtime = crate::runtime(&cache, 1);
    let module = runtime.load_str("c", TEXT);
    let mut objects = Vec::new();
    for (name, types) in KERNELS {
        let function = module.function(name).expect("a function");
        let exported = function.export(types).expect("an object");
        let (object, header) = exported.write_to(folder.path()).expect("two files");
        objects.push(object);
        if Command::new("c++").arg("--version").output().is_ok() {
            cc(|command| {
                command
                    .args(["-x", "c++", "-std=c++11", "-fsyntax-only"])
                    .arg(header);
            });
        }
    }
    let program = folder.path().join("program");
    cc(|command| {
        command.args(["-std=c11", "-o"]).arg(&program);
        command.arg("-I").arg(folder.path());
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/kernels.c"));
        command.args(&objects);
        libraries(command);
    });
    let output = Command::new(&program).output().expect("the program starts");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected = expected(&runtime);
    let differ = printed.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert_eq!(differ, None, "printed and expected");
    assert_eq!(printed.lines().count(), expected.lines().count());
    assert!(output.status.success());
}

#[test]
fn the_object_is_the_one_that_the_cache_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let export = || {
        let runtime = crate::runtime(folder.path(), 1);
        let function = runtime.load_str("c", TEXT).function("wave");
        let made = function.expect("a function").export(&[]);
        (made.expect("an object"), runtime.counters())
    };
    // Nothing is stored for an export.
    for _ in 0..2 {
        assert_eq!(export().1.compiled, 1);
    }
    let (compiled, _) = export();
    let runtime = crate::runtime(folder.path(), 1);
    let function = runtime.load_str("c", TEXT).function("wave");
    function.expect("a function").specialise(&[]).expect("code");
    let (cached, counters) = export();
    assert_eq!((counters.compiled, counters.parsed), (0, 0));
    assert!(cached == compiled, "the exports differ");
}

#[test]
fn the_static_nrt_defines_every_symbol() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::new();
    for symbol in brolga_abi::SYMBOLS {
        let _ = writeln!(text, "void {}(void);", symbol.name);
    }
    text += "typedef void function(void);\nfunction *const all[] = {\n";
    for symbol in brolga_abi::SYMBOLS {
        let _ = writeln!(text, "    {},", symbol.name);
    }
    text += "};\nint main(void) { return all[0] == 0; }\n";
    let source = folder.path().join("all.c");
    std::fs::write(&source, text).expect("a file");
    let program = folder.path().join("all");
    cc(|command| {
        command.arg("-o").arg(&program).arg(&source);
        libraries(command);
    });
    let status = Command::new(&program).status().expect("it starts");
    assert!(status.success());
}

#[test]
fn what_cannot_be_written_is_told_by_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let builder = Runtime::builder().cache_mode(Mode::Off);
    let runtime = builder.build().expect("a runtime");
    let function = runtime.load_str("c", TEXT).function("divide");
    let exported = function.expect("a function").export(&[]);
    let error = exported.expect("an object").write_to(&file);
    let error = error.expect_err("a file is no folder");
    assert_eq!(error.kind(), RuntimeErrorKind::Write);
    assert!(error.to_string().contains(&file.display().to_string()));
}
