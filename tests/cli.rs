//! The command line, as a user meets it.

mod common;

use common::{Sandbox, repository};

const AXPY: &str = "use brolga::prelude::*;
/// a * x + y
#[vectorize]
fn axpy<T: Float>(a: T, x: T, y: T) -> T { a * x + y }
#[vectorize]
fn div_rem(a: i64, b: i64) -> (i64, i64) { (a / b, a % b) }
#[vectorize]
fn both(a: bool, b: bool) -> bool { a && b }
#[guvectorize(\"(n),()->(n)\")]
fn scale(x: ArrayView1<f64>, w: f64, mut y: ArrayViewMut1<f64>) {
    for i in 0..x.len() { y[i] = w * x[i]; }
}
#[jit]
fn bump(mut a: ArrayViewMut2<i32>, by: i32) -> i32 {
    let mut total = 0;
    for i in 0..a.nrows() { for j in 0..a.ncols() { a[[i, j]] += by; total += a[[i, j]]; } }
    total
}
#[jit(parallel)]
fn pi(n: usize) -> f64 {
    let h = 1.0 / n as f64;
    let mut s = 0.0;
    for i in prange(0..n) { let x = (i as f64 + 0.5) * h; s += 4.0 / (1.0 + x * x); }
    s * h
}
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.kernel("k.rs", AXPY);
    sandbox.f64s("x.npy", &[1.0, -2.0, f64::NAN, 4.0]);
    sandbox
}

#[test]
fn the_main_example_misses_once_and_then_hits() {
    let sandbox = Sandbox::new();
    let kernel = repository("examples/great_circle.rs") + "::great_circle";
    let latitude = repository("examples/data/latitude.npy");
    let longitude = repository("examples/data/longitude.npy");
    let args = [&kernel, &latitude, &longitude, "-33.8688", "151.2093"];
    let args: Vec<&str> = ["run"]
        .iter()
        .chain(&args)
        .copied()
        .chain(["--stats=json"])
        .collect();
    let cold = sandbox.brolga(&args).ok();
    assert!(cold.stdout.starts_with("f64 [10000]"), "{}", cold.stdout);
    assert_eq!(cold.json("cache"), "miss");
    assert_ne!(cold.json("compile_us"), 0.0);
    let warm = sandbox.brolga(&args).ok();
    assert_eq!(warm.json("cache"), "hit");
    assert_eq!(warm.json("compile_us"), 0.0);
    let result = |text: &str| text.lines().next().map(str::to_string);
    assert_eq!(result(&cold.stdout), result(&warm.stdout));
}

#[test]
fn a_run_of_a_wrong_kernel_shows_the_place() {
    let sandbox = Sandbox::new();
    let text = "#[vectorize]\nfn bad(x: f64) -> f64 {\n    x + 1\n}\n";
    sandbox.kernel("wrong.rs", text);
    let parts = [
        "error[E0277]",
        "--> wrong.rs:3:7",
        "write a float literal: `1.0`",
    ];
    sandbox
        .brolga(&["run", "wrong.rs::bad", "2.0"])
        .fails(1, &parts);
}

#[test]
fn stats_as_json_have_every_key() {
    let ran = sandbox()
        .brolga(&[
            "run",
            "k.rs::axpy",
            "2",
            "x.npy",
            "0.5",
            "--stats=json",
            "--repeat",
            "3",
        ])
        .ok();
    assert_eq!(ran.json("function"), "axpy");
    assert_eq!(ran.json("signature"), "axpy(f64, f64, f64) -> f64");
    assert_eq!(ran.json("target"), "cpu");
    assert_eq!(ran.json("threads"), 1);
    assert_eq!(ran.json("run_us").as_array().map(Vec::len), Some(3));
    for key in ["compile_us", "load_us", "parse_us"] {
        assert!(ran.json(key).is_number(), "{key}");
    }
}

#[test]
fn outputs_go_to_the_files_in_order() {
    let sandbox = sandbox();
    sandbox.npy(
        "a.npy",
        "<i8",
        false,
        &[2],
        &[7_i64, -7].map(i64::to_le_bytes).concat(),
    );
    let ran = sandbox
        .brolga(&[
            "run",
            "k.rs::div_rem",
            "a.npy",
            "2",
            "-o",
            "q.npy",
            "-o",
            "r.npy",
        ])
        .ok();
    assert_eq!(ran.stdout, "i64 [2] [3, -3]\ni64 [2] [1, -1]\n");
    assert_eq!(
        sandbox.read_npy("q.npy").1,
        [3_i64, -3].map(i64::to_le_bytes).concat()
    );
    assert_eq!(
        sandbox.read_npy("r.npy").1,
        [1_i64, -1].map(i64::to_le_bytes).concat()
    );
    sandbox
        .brolga(&[
            "run",
            "k.rs::div_rem",
            "1",
            "2",
            "-o",
            "a",
            "-o",
            "b",
            "-o",
            "c",
        ])
        .fails(2, &["3 output files", "2 outputs"]);
}

#[test]
fn scalars_are_written_as_0_d_arrays() {
    let sandbox = sandbox();
    let ran = sandbox
        .brolga(&["run", "k.rs::axpy", "2", "3", "0.5", "-o", "s.npy"])
        .ok();
    assert_eq!(ran.stdout, "f64 [] 6.5\n");
    assert!(sandbox.read_npy("s.npy").0.contains("'shape': ()"));
    assert_eq!(sandbox.read_f64s("s.npy"), [6.5]);
}

#[test]
fn literals_take_the_type_that_numpy_would_give_them() {
    let sandbox = sandbox();
    let shows = |args: &[&str], expected: &str| {
        let args: Vec<&str> = ["run", "k.rs::axpy"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        assert_eq!(sandbox.brolga(&args).ok().stdout.trim_end(), expected);
    };
    shows(&["1.5f32", "2", "3"], "f32 [] 6.0");
    shows(&["1.5f32", "2f64", "3"], "f64 [] 6.0");
    shows(&["1", "2", "3"], "f64 [] 5.0");
    shows(&["-1", "inf", "-3i64"], "f64 [] -inf");
}

#[test]
fn mutable_operands_are_outputs_and_their_files_stay_as_they_were() {
    let sandbox = sandbox();
    let data = [1, 2, 3, 4_i32].map(i32::to_le_bytes).concat();
    sandbox.npy("m.npy", "<i4", true, &[2, 2], &data);
    let before = std::fs::read(sandbox.path("m.npy")).unwrap();
    let ran = sandbox
        .brolga(&[
            "run",
            "k.rs::bump",
            "m.npy",
            "10",
            "--repeat",
            "3",
            "-o",
            "t.npy",
            "-o",
            "n.npy",
        ])
        .ok();
    assert_eq!(ran.stdout, "i32 [] 50\ni32 [2, 2] [[11, 13], [12, 14]]\n");
    assert_eq!(std::fs::read(sandbox.path("m.npy")).unwrap(), before);
    assert_eq!(
        sandbox.read_npy("n.npy").1,
        [11, 12, 13, 14_i32].map(i32::to_le_bytes).concat()
    );
}

#[test]
fn files_of_every_order_and_byte_order_are_read() {
    let sandbox = sandbox();
    sandbox.npy(
        "big.npy",
        ">f8",
        true,
        &[2, 2],
        &[1.0, 3.0, 2.0, 4.0_f64].map(f64::to_be_bytes).concat(),
    );
    let ran = sandbox
        .brolga(&["run", "k.rs::axpy", "1", "big.npy", "0"])
        .ok();
    assert_eq!(ran.stdout, "f64 [2, 2] [[1.0, 2.0], [3.0, 4.0]]\n");
    sandbox.npy("bool.npy", "|b1", false, &[3], &[0, 1, 255]);
    let ran = sandbox
        .brolga(&["run", "k.rs::both", "bool.npy", "true"])
        .ok();
    assert_eq!(ran.stdout, "bool [3] [false, true, true]\n");
    sandbox.npy("empty.npy", "<f8", false, &[0, 3], &[]);
    let ran = sandbox
        .brolga(&["run", "k.rs::axpy", "1", "empty.npy", "0"])
        .ok();
    assert_eq!(ran.stdout, "f64 [0, 3] []\n");
}

#[test]
fn threads_do_not_change_the_result() {
    let sandbox = sandbox();
    let run = |threads: &str| {
        let args = [
            "run",
            "k.rs::pi",
            "100000",
            "--threads",
            threads,
            "--stats=json",
        ];
        let ran = sandbox.brolga(&args).ok();
        assert_eq!(ran.json("threads").to_string(), threads);
        ran.stdout.lines().next().unwrap_or_default().to_string()
    };
    assert!(run("1").starts_with("f64 [] 3.14159265"));
    assert_eq!(run("1"), run("2"));
    assert_eq!(run("1"), run("7"));
    let parallel = [
        "run",
        "k.rs::axpy",
        "2",
        "x.npy",
        "1",
        "--target",
        "parallel",
        "--stats=json",
    ];
    let ran = sandbox.brolga(&parallel).ok();
    assert_eq!(ran.json("target"), "parallel");
}

#[test]
fn gufuncs_broadcast_their_loop_dimensions() {
    let sandbox = sandbox();
    sandbox.f64s("w.npy", &[1.0, 10.0]);
    let ran = sandbox
        .brolga(&["run", "k.rs::scale", "x.npy", "w.npy"])
        .ok();
    assert_eq!(
        ran.stdout,
        "f64 [2, 4] [[1.0, -2.0, NaN, 4.0], [10.0, -20.0, NaN, 40.0]]\n"
    );
}

#[test]
fn kernel_panics_name_kernel_place_and_element() {
    let sandbox = sandbox();
    let zeros = [1_i64, 1, 0, 0].map(i64::to_le_bytes).concat();
    sandbox.npy("z.npy", "<i8", false, &[2, 2], &zeros);
    for target in ["cpu", "parallel"] {
        sandbox
            .brolga(&["run", "k.rs::div_rem", "7", "z.npy", "--target", target])
            .fails(
                1,
                &["div_rem", "k.rs:6", "attempt to divide by zero", "[1, 0]"],
            );
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let sandbox = sandbox();
    sandbox.brolga(&["run"]).fails(2, &["FILE::FUNCTION"]);
    sandbox.brolga(&["run", "k.rs", "1"]).fails(2, &["k.rs"]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2", "abc"])
        .fails(2, &["abc", "neither a number"]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2", "3", "--frobnicate"])
        .fails(2, &["--frobnicate"]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2", "3", "--threads", "0"])
        .fails(2, &["above 0"]);
    sandbox.brolga(&["frobnicate"]).fails(2, &["frobnicate"]);
    sandbox
        .brolga(&["inspect", "k.rs::axpy", "--emit", "poetry"])
        .fails(2, &["poetry"]);
}

#[test]
fn data_that_does_not_fit_exits_with_1_and_says_why() {
    let sandbox = sandbox();
    sandbox.f64s("three.npy", &[1.0, 2.0, 3.0]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "x.npy", "three.npy"])
        .fails(1, &["broadcast", "[4]", "[3]", "operand 2", "operand 3"]);
    sandbox
        .brolga(&["run", "k.rs::div_rem", "x.npy", "1"])
        .fails(1, &["f64", "i64", "div_rem"]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2"])
        .fails(2, &["3 operands", "2"]);
    sandbox
        .brolga(&["run", "k.rs::apxy", "1", "2", "3"])
        .fails(1, &["apxy", "axpy"]);
    sandbox
        .brolga(&["run", "missing.rs::f", "1"])
        .fails(1, &["missing.rs"]);
    sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2", "missing.npy"])
        .fails(1, &["missing.npy"]);
}

#[test]
fn hostile_npy_files_are_refused() {
    let sandbox = sandbox();
    let run = |name: &str| sandbox.brolga(&["run", "k.rs::axpy", "1", name, "0"]);
    std::fs::write(sandbox.path("text.npy"), "hello").unwrap();
    run("text.npy").fails(1, &["text.npy", "too short"]);
    std::fs::write(sandbox.path("magic.npy"), "hello world, this is no array").unwrap();
    run("magic.npy").fails(1, &["not an .npy file"]);
    sandbox.npy("short.npy", "<f8", false, &[1000, 1000], &[0; 16]);
    run("short.npy").fails(1, &["needs 8000000 bytes", "has 16"]);
    sandbox.npy("huge.npy", "<f8", false, &[1 << 62, 1 << 62], &[]);
    run("huge.npy").fails(1, &["does not fit in memory"]);
    sandbox.npy("object.npy", "|O", false, &[1], &[0; 8]);
    run("object.npy").fails(1, &["`|O` is not supported"]);
    let mut v2 = b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec();
    v2.extend([b' '; 100]);
    std::fs::write(sandbox.path("v2.npy"), v2).unwrap();
    run("v2.npy").fails(1, &["header has 4294967295 bytes"]);
    std::fs::write(sandbox.path("v9.npy"), b"\x93NUMPY\x09\x00\x10\x00").unwrap();
    run("v9.npy").fails(1, &["version 9.0"]);
}

#[test]
fn run_shows_a_kernels_errors_as_check_does() {
    let sandbox = Sandbox::new();
    sandbox.kernel(
        "wrong.rs",
        "use brolga::prelude::*;\n#[vectorize]\nfn f(x: f64) -> f64 { let s = 0.0; s += x; s }\n",
    );
    let checked = sandbox.brolga(&["check", "wrong.rs"]);
    assert!(checked.stderr.starts_with("error[E0384]"), "{checked:?}");
    let ran = sandbox.brolga(&["run", "wrong.rs::f", "1.0"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr, checked.stderr);
}

#[test]
fn only_regular_files_are_read() {
    let sandbox = sandbox();
    let made = std::process::Command::new("mkfifo")
        .args([sandbox.path("pipe.npy"), sandbox.path("pipe.rs")])
        .status();
    assert!(made.expect("mkfifo starts").success());
    for name in ["zero.npy", "zero.rs"] {
        std::os::unix::fs::symlink("/dev/zero", sandbox.path(name)).expect("a link");
    }
    for operand in ["pipe.npy", "zero.npy"] {
        let why = format!("cannot read {operand}: it is not a regular file");
        sandbox
            .brolga(&["run", "k.rs::axpy", "2", operand, "1"])
            .fails(1, &[&why]);
    }
    for file in ["pipe.rs", "zero.rs", "."] {
        let why = format!("cannot read kernel file {file}: it is not a regular file");
        sandbox.brolga(&["check", file]).fails(1, &[&why]);
    }
}

#[test]
fn a_kernel_file_beyond_the_limit_is_not_read() {
    let sandbox = sandbox();
    let file = std::fs::File::create(sandbox.path("huge.rs")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    sandbox.brolga(&["check", "huge.rs"]).fails(
        1,
        &["it has 1099511627776 bytes, at most 4194304 are accepted"],
    );
}

#[test]
fn check_reports_every_error_with_its_place() {
    let sandbox = sandbox();
    let ran = sandbox.brolga(&["check", "k.rs"]).ok();
    assert!(
        ran.stdout.contains("axpy, div_rem, both, scale, bump, pi"),
        "{}",
        ran.stdout
    );
    sandbox.kernel(
        "bad.rs",
        "use brolga::prelude::*;
#[vectorize]
fn one(x: f64) -> f64 { x + 1 }
#[vectorize]
fn two(x: f64) -> f64 { y }
",
    );
    sandbox
        .brolga(&["check", "bad.rs"])
        .fails(1, &["error[E", "bad.rs:3:", "bad.rs:5:25", "`y`", "^"]);
    sandbox.kernel("syntax.rs", "fn f( { }");
    sandbox
        .brolga(&["check", "syntax.rs"])
        .fails(1, &["syntax.rs:1:"]);
    sandbox
        .brolga(&["run", "syntax.rs::f", "1"])
        .fails(1, &["syntax.rs:1:"]);
}

#[test]
fn any_bytes_as_a_kernel_are_an_error_and_not_a_crash() {
    let sandbox = sandbox();
    let deep = format!("fn f() {{ {} }}", "(".repeat(100_000));
    let texts: [&[u8]; 6] = [
        b"",
        b"\xff\xfe\x00",
        b"\x00\x00",
        b"fn",
        deep.as_bytes(),
        b"#[vectorize] fn f(x: f64) -> f64 { loop {} ",
    ];
    for text in texts {
        std::fs::write(sandbox.path("bytes.rs"), text).unwrap();
        sandbox
            .brolga(&["run", "bytes.rs::f", "1"])
            .fails(1, &["error"]);
    }
}

#[test]
fn inspect_shows_each_stage() {
    let sandbox = sandbox();
    let show = |emit: &str| {
        sandbox
            .brolga(&[
                "inspect",
                "k.rs::axpy",
                "--types",
                "f64,f64,f64",
                "--emit",
                emit,
            ])
            .ok()
            .stdout
    };
    assert!(show("ir").contains("axpy"), "{}", show("ir"));
    let clif = show("clif");
    assert!(
        clif.contains("fmul") && clif.contains("vector loop"),
        "{clif}"
    );
    assert!(show("asm").contains("mulpd"), "{}", show("asm"));
    sandbox
        .brolga(&["inspect", "k.rs::axpy"])
        .fails(1, &["--types", "T: Float"]);
    sandbox
        .brolga(&["inspect", "k.rs::axpy", "--types", "i32,i32,i32"])
        .ok();
    sandbox.brolga(&["inspect", "k.rs::div_rem"]).ok();
    sandbox
        .brolga(&["inspect", "k.rs::axpy", "--types", "f64,f128"])
        .fails(2, &["f128"]);
}

#[test]
fn inspect_writes_the_object_and_its_header() {
    let sandbox = sandbox();
    let object = ["inspect", "k.rs::div_rem", "--emit", "object"];
    sandbox.brolga(&object).fails(2, &["--output"]);
    let told = sandbox
        .brolga(&[&object[..], &["-o", "made"]].concat())
        .ok();
    let names = "made/brolga_k_div_rem.o\nmade/brolga_k_div_rem.h\n";
    assert_eq!(told.stdout, names);
    sandbox
        .brolga(&[&object[..], &["-o", "k.rs"]].concat())
        .fails(1, &["cannot write k.rs"]);
}

#[test]
fn the_cache_is_listed_counted_and_cleared() {
    let sandbox = sandbox();
    assert!(
        sandbox
            .brolga(&["cache", "list"])
            .ok()
            .stdout
            .contains("empty")
    );
    sandbox.brolga(&["run", "k.rs::axpy", "1", "2", "3"]).ok();
    sandbox
        .brolga(&["run", "k.rs::axpy", "1f32", "2", "3"])
        .ok();
    let list = sandbox.brolga(&["cache", "list"]).ok().stdout;
    assert!(
        list.contains("k::axpy<f32>") && list.contains("f32") && list.contains("f64"),
        "{list}"
    );
    let stats = sandbox.brolga(&["cache", "stats"]).ok().stdout;
    assert!(
        stats.contains("functions  1") && stats.contains("kernels    2"),
        "{stats}"
    );
    let cleared = sandbox.brolga(&["cache", "clear"]).ok().stdout;
    assert!(cleared.contains("3 files"), "{cleared}");
    assert!(
        sandbox
            .brolga(&["cache", "list"])
            .ok()
            .stdout
            .contains("empty")
    );
    let again = sandbox
        .brolga(&["run", "k.rs::axpy", "1", "2", "3", "--stats=json"])
        .ok();
    assert_eq!(again.json("cache"), "miss");
}

#[test]
fn a_cache_that_cannot_be_used_costs_no_result() {
    let sandbox = sandbox();
    let args = ["run", "k.rs::axpy", "1", "2", "3", "--stats=json"];
    let off = sandbox.brolga(&[&args[..], &["--no-cache"]].concat()).ok();
    assert_eq!(off.json("cache"), "off");
    assert!(!sandbox.path("cache").exists());
    std::fs::write(sandbox.path("file"), "not a folder").unwrap();
    let ran = sandbox
        .brolga(&[&args[..], &["--cache-dir", "file"]].concat())
        .ok();
    assert_eq!(ran.json("cache"), "miss");
    assert!(ran.stdout.starts_with("f64 [] 5.0"));
    let ran = sandbox.brolga_with(&args, |c| c.env("BROLGA_CACHE", "sideways"));
    ran.fails(1, &["BROLGA_CACHE", "sideways"]);
    let readonly = sandbox
        .brolga_with(&args, |c| c.env("BROLGA_CACHE", "readonly"))
        .ok();
    assert_eq!(readonly.json("cache"), "miss");
    assert!(!sandbox.path("cache").exists());
}

#[test]
fn a_folder_that_is_not_trusted_is_told_once() {
    let sandbox = sandbox();
    std::fs::write(sandbox.path("file"), "").expect("a file");
    let ran = sandbox
        .brolga(&[
            "run",
            "k.rs::axpy",
            "2.0",
            "3.0",
            "1.0",
            "--cache-dir",
            "file",
        ])
        .ok();
    assert_eq!(ran.stderr.matches("is not a folder").count(), 1, "{ran:?}");
}

#[test]
fn a_comment_keeps_the_entry_and_a_constant_does_not() {
    let sandbox = Sandbox::new();
    let run = |text: &str| {
        sandbox.kernel("s.rs", text);
        let ran = sandbox
            .brolga(&["run", "s.rs::f", "1.0", "--stats=json"])
            .ok();
        (
            ran.json("cache"),
            ran.stdout.lines().next().unwrap_or_default().to_string(),
        )
    };
    let source = |constant: &str, comment: &str| {
        format!(
            "{comment}const K: f64 = {constant};\n#[vectorize] fn f(x: f64) -> f64 {{ x + K }}\n"
        )
    };
    assert_eq!(
        run(&source("2.0", "")),
        ("miss".into(), "f64 [] 3.0".into())
    );
    assert_eq!(run(&source("2.0", "")), ("hit".into(), "f64 [] 3.0".into()));
    assert_eq!(
        run(&source("2.0", "// new\n\n")),
        ("hit".into(), "f64 [] 3.0".into())
    );
    assert_eq!(
        run(&source("5.0", "")),
        ("miss".into(), "f64 [] 6.0".into())
    );
    assert_eq!(run(&source("2.0", "")), ("hit".into(), "f64 [] 3.0".into()));
}

#[test]
fn a_variable_with_a_wrong_value_is_named_with_the_accepted_values() {
    let sandbox = sandbox();
    for (name, accepted) in [
        ("BROLGA_CACHE", "on, off, readonly or refresh"),
        ("BROLGA_OPT", "none or speed"),
        ("BROLGA_VERIFY", "1 or 0"),
        ("BROLGA_VECTORISE", "1 or 0"),
        ("BROLGA_ALIAS_ANALYSIS", "1 or 0"),
    ] {
        sandbox
            .brolga_with(&["run", "k.rs::axpy", "2", "3", "4"], |command| {
                command.env(name, "maybe")
            })
            .fails(1, &[name, "`maybe`", accepted]);
    }
}
