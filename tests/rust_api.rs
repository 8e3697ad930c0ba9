//! The facade from Rust: what is loaded from the cache and what is compiled, by whom and how
//! often, and how failures are told. What kernels mean is tested elsewhere.

use std::sync::{Arc, Barrier};

use brolga::{
    CallOptions, Counters, DType, ErrorKind, Kernels, Mode, Module, Operand, Runtime,
    RuntimeErrorKind, Target, code_memory,
};
use ndarray::{Array1, ArrayD, array};

const TEXT: &str = r#"use brolga::prelude::*;
const STEP: f64 = 2.0;
fn advance(x: f64) -> f64 { x + STEP }
#[vectorize]
fn next(x: f64) -> f64 { advance(x) }
#[vectorize]
fn axpy<T: Float>(a: T, x: T) -> T { a * x + x }
#[vectorize(target = "parallel")]
fn twice(x: f64) -> f64 { 2.0 * x }
#[vectorize]
fn divide(a: i64, b: i64) -> i64 { a / b }
#[guvectorize("(n)->()")]
fn total<T: Number>(a: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut sum = T::zero();
    for i in 0..a.len() { sum += a[i]; }
    out[()] = sum;
}
#[guvectorize("(n)->(n)", target = "parallel")]
fn reversed(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() { out[i] = a[a.len() - 1 - i]; }
}
#[jit]
fn first<T: Number>(a: ArrayView1<T>) -> T { a[0] }
#[jit(parallel)]
fn squares(n: u64) -> u64 {
    let mut sum = 0;
    for i in prange(0..n) { sum += i * i; }
    sum
}
#[vectorize(cache = false)]
fn unkept(x: f64) -> f64 { x - 1.0 }
"#;

/// A cache folder that is not made yet.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn cache(&self) -> std::path::PathBuf {
        self.0.path().join("cache")
    }

    /// A runtime as another process would have it.
    fn runtime(&self) -> Runtime {
        let builder = Runtime::builder().cache_dir(self.cache());
        builder.cache_mode(Mode::On).build().expect("a runtime")
    }

    /// Calls `next` of `text` with 1 and gives its result and what the runtime did.
    fn next(&self, text: &str) -> (f64, Counters) {
        let runtime = self.runtime();
        let result = call_next(&runtime.load_str("k", text));
        (result, runtime.counters())
    }
}

fn call_next(module: &Module) -> f64 {
    let next = module.ufunc("next").expect("the kernel exists");
    let found = next.call(&[1.0_f64.into()]).expect("the call succeeds");
    let found = found.into_single().expect("one output");
    found.scalar().expect("an f64")
}

const HIT: Counters = Counters {
    parsed: 0,
    checked: 0,
    compiled: 0,
    compilers: 0,
    hits: 1,
    misses: 0,
    perf_map_failures: 0,
};

const COMPILED: Counters = Counters {
    parsed: 1,
    checked: 1,
    compiled: 1,
    compilers: 1,
    hits: 0,
    misses: 1,
    perf_map_failures: 0,
};

/// The meaning was known, the text was not.
const HIT_BY_MEANING: Counters = Counters {
    parsed: 1,
    checked: 1,
    ..HIT
};

type Call = fn(&Module) -> Vec<f64>;

fn floats(outputs: brolga::Outputs) -> Vec<f64> {
    let array: ArrayD<f64> = outputs.into_array().expect("one output of f64");
    array.into_iter().collect()
}

/// Every kind of kernel, generic and not, on the calling thread and on a pool.
const CALLS: [(&str, Call, &[f64]); 9] = [
    ("ufunc", |m| vec![call_next(m)], &[3.0]),
    (
        "generic ufunc",
        |m| {
            let axpy = m.ufunc("axpy").expect("exists");
            let x = array![1.0_f32, 2.0];
            let y = axpy.call_array::<f32>(&[0.5_f32.into(), (&x).into()]);
            y.expect("runs").iter().map(|&y| f64::from(y)).collect()
        },
        &[1.5, 3.0],
    ),
    (
        "parallel ufunc",
        |m| {
            let x = array![1.0, -2.0];
            let twice = m.ufunc("twice").expect("exists");
            floats(twice.call(&[(&x).into()]).expect("runs"))
        },
        &[2.0, -4.0],
    ),
    (
        "ufunc that a call makes parallel",
        |m| {
            let x = array![1.0, -2.0];
            let options = CallOptions::new().target(Target::Parallel);
            let next = m.ufunc("next").expect("exists");
            floats(next.call_with(&[(&x).into()], options).expect("runs"))
        },
        &[3.0, 0.0],
    ),
    (
        "generic gufunc",
        |m| {
            let a = array![[1.0, 2.0], [3.0, 4.0]];
            let total = m.gufunc("total").expect("exists");
            floats(total.call(&mut [(&a).into()]).expect("runs"))
        },
        &[3.0, 7.0],
    ),
    (
        "parallel gufunc",
        |m| {
            let a = array![1.0, 2.0, 3.0];
            let reversed = m.gufunc("reversed").expect("exists");
            floats(reversed.call(&mut [(&a).into()]).expect("runs"))
        },
        &[3.0, 2.0, 1.0],
    ),
    (
        "generic jit function",
        |m| {
            let a = array![5.0, 6.0];
            let first = m.jit("first").expect("exists");
            floats(first.call(&mut [(&a).into()]).expect("runs"))
        },
        &[5.0],
    ),
    (
        "parallel jit function",
        |m| {
            let squares = m.jit("squares").expect("exists");
            let found = squares.call(&mut [5_u64.into()]).expect("runs");
            let found: Option<u64> = found.into_single().expect("one result").scalar();
            vec![found.expect("a u64") as f64]
        },
        &[30.0],
    ),
    (
        "specialisation without a call",
        |m| {
            let function = m.function("axpy").expect("exists");
            let code = function.specialise(&[DType::F64]).expect("compiles");
            vec![code.types().len() as f64]
        },
        &[1.0],
    ),
];

#[test]
fn an_unchanged_text_is_loaded_without_parsing() {
    for (what, call, expected) in CALLS {
        let folder = Folder::new();
        for counters in [COMPILED, HIT, HIT] {
            let runtime = folder.runtime();
            let module = runtime.load_str("k", TEXT);
            assert_eq!(call(&module), expected, "{what}");
            assert_eq!(runtime.counters(), counters, "{what}");
            assert_eq!(call(&module), expected, "{what}, again");
            assert_eq!(runtime.counters(), counters, "{what}, again");
        }
    }
}

#[test]
fn a_change_without_meaning_is_a_hit() {
    let folder = Folder::new();
    assert_eq!(folder.next(TEXT), (3.0, COMPILED));
    for (old, new) in [
        ("fn advance", "// a comment\nfn advance"),
        ("fn next", "\n\n/// documentation\nfn next"),
        ("{ advance(x) }", "{\n        advance( x )\n}"),
        ("2.0 * x", "3.0 * x"),
        ("const STEP: f64 = 2.0;", "const STEP: f64 = 1.0 + 1.0;"),
    ] {
        let text = TEXT.replace(old, new);
        assert_ne!(text, TEXT, "{old}");
        assert_eq!(folder.next(&text), (3.0, HIT_BY_MEANING), "{new}");
        assert_eq!(folder.next(&text), (3.0, HIT), "{new}, again");
    }
}

#[test]
fn a_changed_constant_or_callee_is_compiled() {
    let folder = Folder::new();
    assert_eq!(folder.next(TEXT), (3.0, COMPILED));
    for (old, new, result) in [
        ("STEP: f64 = 2.0", "STEP: f64 = 5.0", 6.0),
        ("x + STEP", "x - STEP", -1.0),
        ("{ advance(x) }", "{ advance(advance(x)) }", 5.0),
    ] {
        let text = TEXT.replace(old, new);
        assert_eq!(folder.next(&text), (result, COMPILED), "{new}");
        assert_eq!(folder.next(&text), (result, HIT), "{new}, again");
    }
    assert_eq!(folder.next(TEXT), (3.0, HIT));
}

#[test]
fn a_panic_has_the_line_of_the_text_that_was_loaded() {
    let folder = Folder::new();
    let place = |text: &str, name: &str| {
        let runtime = folder.runtime();
        let divide = runtime.load_str(name, text).ufunc("divide");
        let error = divide
            .and_then(|divide| divide.call(&[1_i64.into(), 0_i64.into()]))
            .expect_err("a division by zero");
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
        let site = error.site().expect("a panic has a site");
        (site.file.clone(), site.line, runtime.counters())
    };
    let line = |text: &str| {
        let found = text.lines().position(|line| line.contains("a / b"));
        found.expect("the kernel is there") as u32 + 1
    };
    let moved = TEXT.replace("fn advance", "// one\n// two\nfn advance");
    assert_eq!(place(TEXT, "k"), ("k".into(), line(TEXT), COMPILED));
    assert_eq!(
        place(&moved, "k"),
        ("k".into(), line(TEXT) + 2, HIT_BY_MEANING)
    );
    assert_eq!(place(&moved, "k"), ("k".into(), line(TEXT) + 2, HIT));
    assert_eq!(place(TEXT, "k"), ("k".into(), line(TEXT), HIT));
}

#[test]
fn threads_that_ask_for_one_specialisation_compile_it_once() {
    let folder = Folder::new();
    let runtime = folder.runtime();
    let module = runtime.load_str("k", TEXT);
    let shared = Arc::new(module.ufunc("next").expect("exists"));
    let barrier = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (module, shared, barrier) = (&module, shared.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                // Half of them through one ufunc, half through one of their own.
                match number % 2 {
                    0 => {
                        let found = shared.call(&[1.0_f64.into()]).expect("runs");
                        assert_eq!(floats(found), [3.0]);
                    }
                    _ => assert_eq!(call_next(module), 3.0),
                }
            });
        }
    });
    assert_eq!(runtime.counters(), COMPILED);
}

/// The variable that gives a child of this test program its cache folder.
const CHILD_FOLDER: &str = "BROLGA_TEST_CHILD_CACHE";

#[test]
#[ignore = "a part of processes_that_start_cold_together_are_right"]
fn child_process() {
    let folder = std::env::var_os(CHILD_FOLDER).expect("started by its parent");
    let builder = Runtime::builder().cache_dir(folder);
    let runtime = builder.cache_mode(Mode::On).build().expect("a runtime");
    let module = runtime.load_str("k", TEXT);
    for (what, call, expected) in CALLS {
        assert_eq!(call(&module), expected, "{what}");
    }
}

#[test]
fn processes_that_start_cold_together_are_right() {
    let folder = Folder::new();
    let program = std::env::current_exe().expect("the test has a path");
    let children: Vec<_> = (0..2)
        .map(|_| {
            std::process::Command::new(&program)
                .args(["--ignored", "--exact", "child_process"])
                .env(CHILD_FOLDER, folder.cache())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .expect("the test program starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("the child ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
    }
    assert_eq!(folder.next(TEXT), (3.0, HIT));
}

#[test]
fn a_kernel_without_cache_leaves_no_file() {
    let folder = Folder::new();
    for _ in 0..2 {
        let runtime = folder.runtime();
        let unkept = runtime.load_str("k", TEXT).ufunc("unkept").expect("exists");
        assert_eq!(floats(unkept.call(&[1.0_f64.into()]).expect("runs")), [0.0]);
        let counters = runtime.counters();
        assert_eq!((counters.compiled, counters.hits), (1, 0));
        assert_eq!(files(&folder.cache()), Vec::<std::path::PathBuf>::new());
    }
}

/// All files below a folder that may be missing, but for locks.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_none_or(|extension| extension != "lock") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn damage_costs_a_compilation_and_is_repaired() {
    type Damage = fn(Vec<u8>) -> Vec<u8>;
    let damages: [(&str, Damage); 5] = [
        ("emptied", |_| Vec::new()),
        ("cut in half", |bytes| bytes[..bytes.len() / 2].to_vec()),
        ("a byte longer", |mut bytes| {
            bytes.push(0);
            bytes
        }),
        ("flipped in the head", |mut bytes| {
            bytes[40] ^= 1;
            bytes
        }),
        ("flipped at the end", |mut bytes| {
            let last = bytes.len() - 1;
            bytes[last] ^= 0x80;
            bytes
        }),
    ];
    for (what, damage) in damages {
        let folder = Folder::new();
        assert_eq!(folder.next(TEXT), (3.0, COMPILED));
        let whole = files(&folder.cache());
        assert_eq!(whole.len(), 2, "an index and an object: {whole:?}");
        for file in whole {
            let bytes = std::fs::read(&file).expect("the file can be read");
            std::fs::write(&file, damage(bytes)).expect("the file can be written");
            let (result, counters) = folder.next(TEXT);
            assert_eq!(result, 3.0, "{what}: {file:?}");
            assert_eq!(counters.hits, 0, "{what}: {file:?}");
            assert_eq!(folder.next(TEXT), (3.0, HIT), "{what}: {file:?}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_used_changes_no_result() {
    use std::os::unix::fs::PermissionsExt;
    let set_mode = |path: &std::path::Path, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).expect("the mode can be set");
    };

    // A file stands in its place.
    let folder = Folder::new();
    std::fs::write(folder.cache(), "not a folder").expect("the folder is writable");
    assert_eq!(folder.next(TEXT), (3.0, COMPILED));

    // It may not be written to.
    let folder = Folder::new();
    std::fs::create_dir(folder.cache()).expect("the folder is writable");
    set_mode(&folder.cache(), 0o500);
    assert_eq!(folder.next(TEXT).0, 3.0);
    set_mode(&folder.cache(), 0o700);

    // Others may write to it: nothing in it is believed.
    let folder = Folder::new();
    assert_eq!(folder.next(TEXT), (3.0, COMPILED));
    set_mode(&folder.cache(), 0o777);
    assert_eq!(folder.next(TEXT), (3.0, COMPILED));

    // It vanishes between two calls of one runtime.
    let folder = Folder::new();
    let runtime = folder.runtime();
    let module = runtime.load_str("k", TEXT);
    assert_eq!(call_next(&module), 3.0);
    std::fs::remove_dir_all(folder.cache()).expect("the cache can be removed");
    for (what, call, expected) in CALLS {
        assert_eq!(call(&module), expected, "{what}");
    }
}

#[test]
fn the_report_of_the_loops_survives_a_hit() {
    let folder = Folder::new();
    let reports: Vec<Vec<String>> = (0..2)
        .map(|_| {
            let module = folder.runtime().load_str("k", TEXT);
            let function = module.function("axpy").expect("exists");
            let code = function.specialise(&[DType::F64]).expect("compiles");
            code.report().to_vec()
        })
        .collect();
    assert!(!reports[0].is_empty());
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn an_unknown_kernel_is_told_with_its_near_names() {
    let module = Folder::new().runtime().load_str("k", TEXT);
    for (name, parts) in [
        ("nxt", &["there is no kernel `nxt`", "`next`"][..]),
        ("advance", &["`advance` has none of the attributes"]),
    ] {
        let error = module.ufunc(name).expect_err("there is none");
        assert_eq!(error.kind(), ErrorKind::Compile);
        let cause = error.compile_error().expect("the runtime's own error");
        assert_eq!(cause.kind(), RuntimeErrorKind::UnknownFunction);
        for part in parts {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

#[test]
fn a_kernel_of_another_kind_is_told() {
    let module = Folder::new().runtime().load_str("k", TEXT);
    for (error, text) in [
        (
            module.ufunc("total").err(),
            "`total` is not a ufunc: it is not marked #[vectorize]",
        ),
        (
            module.gufunc("squares").err(),
            "`squares` is not a gufunc: it is not marked #[guvectorize]",
        ),
        (module.jit("next").err(), "`next` is not marked #[jit]"),
    ] {
        let error = error.expect("another kind");
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::Kernel, text)
        );
        assert!(error.compile_error().is_none());
    }
}

#[test]
fn an_error_in_the_source_has_its_line_and_code() {
    let module = Folder::new().runtime().load_str(
        "wrong",
        "#[vectorize]\nfn good(x: f64) -> f64 { x }\n#[vectorize]\nfn bad(x: f64) -> f64 {\n    x + 1\n}\n",
    );
    let good = module.ufunc("good").expect("exists");
    assert_eq!(
        floats(good.call(&[2.0_f64.into()]).expect("does not reach `bad`")),
        [2.0]
    );
    let bad = module.ufunc("bad").expect("exists");
    for _ in 0..2 {
        let error = bad.call(&[2.0_f64.into()]).expect_err("a type error");
        assert_eq!(error.kind(), ErrorKind::Compile);
        let cause = error.compile_error().expect("the runtime's own error");
        assert_eq!(cause.kind(), RuntimeErrorKind::Kernel);
        let found = cause.diagnostics().expect("places in the source");
        assert_eq!(found.list.len(), 1, "{error}");
        let first = &found.list[0];
        let before = &found.source.text[..first.span.start as usize];
        assert_eq!(before.lines().count(), 5, "{error}");
        assert!(first.code.starts_with('E'), "{}", first.code);
        let shown = found.render(brolga::diagnostics::Style::Plain);
        assert!(shown.contains("wrong:5:"), "{shown}");
    }
}

#[test]
fn operands_that_fit_no_types_are_told() {
    let module = Folder::new().runtime().load_str("k", TEXT);
    let axpy = module.ufunc("axpy").expect("exists");
    let count = axpy.call(&[1.0.into()]).expect_err("one operand of two");
    assert_eq!(count.kind(), ErrorKind::ArgumentCount);
    let divide = module.ufunc("divide").expect("exists");
    let operands: [Operand<'_>; 2] = [1.5_f64.into(), 2_i64.into()];
    let dtype = divide.call(&operands).expect_err("no safe cast");
    assert_eq!(dtype.kind(), ErrorKind::DType);
    assert!(dtype.to_string().contains("f64"), "{dtype}");
    let function = module.function("axpy").expect("exists");
    let types = function
        .specialise(&[DType::I64])
        .err()
        .expect("i64 is no float");
    assert_eq!(types.kind(), RuntimeErrorKind::Types);
    assert!(
        types.to_string().contains("`i64` is not `Float`"),
        "{types}"
    );
}

/// Code memory is counted for the whole process, so this runs in one of its own.
#[test]
#[ignore = "a part of code_memory_is_freed_with_its_last_user"]
fn child_memory() {
    let before = code_memory();
    let folder = Folder::new();
    let module = folder.runtime().load_str("k", TEXT);
    let next = module.ufunc("next").expect("exists");
    let x = Array1::from_elem(10, 1.0);
    next.call(&[(&x).into()]).expect("runs");
    let held = code_memory();
    assert_eq!(held.live_functions, before.live_functions + 1);
    assert!(held.live_bytes > before.live_bytes);
    drop(module);
    assert_eq!(floats(next.call(&[1.0_f64.into()]).expect("runs")), [3.0]);
    assert_eq!(code_memory().live_functions, before.live_functions + 1);
    drop(next);
    let after = code_memory();
    assert_eq!(after.live_functions, before.live_functions);
    assert_eq!(after.live_bytes, before.live_bytes);
    assert!(after.peak_bytes >= held.live_bytes);
}

#[test]
fn code_memory_is_freed_with_its_last_user() {
    let output = std::process::Command::new(std::env::current_exe().expect("the test has a path"))
        .args(["--ignored", "--exact", "child_memory"])
        .output()
        .expect("the test program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
