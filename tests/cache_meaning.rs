//! What is a hit and what is a miss: the meaning of a kernel and all that its code depends on,
//! and nothing else. Every load is by a runtime of its own, as another process would have it.

use std::path::PathBuf;

use brolga::cache::{Cache, FunctionId, Hit, Request, TargetKey, TextKey};
use brolga::{
    Counters, DType, ErrorKind, Kernels, Mode, Module, Opt, Runtime, RuntimeBuilder, Switches,
    TargetSpec,
};
use ndarray::array;

const TEXT: &str = "use brolga::prelude::*;
mod helper;
const STEP: f64 = 2.0;
static BIAS: f64 = 10.0;
fn unrelated(x: f64) -> f64 { x * 7.0 }
fn even(n: i64) -> bool { if n == 0 { true } else { odd(n - 1) } }
fn odd(n: i64) -> bool { if n == 0 { false } else { even(n - 1) } }
#[vectorize]
fn next(x: f64) -> f64 {
    assert!(x < 100.0, \"too large\");
    helper::advance(x) * STEP + BIAS
}
#[vectorize]
fn is_even(n: i64) -> bool { even(n) }
#[vectorize]
fn other(x: f64) -> f64 { unrelated(x) }
";
const HELPER: &str = "pub fn advance(x: f64) -> f64 { x + 0.5 }\n";

/// How the code of the first specialisation of a runtime came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Got {
    /// The text was known; nothing was parsed.
    ByText,
    /// The text was new and its meaning known.
    ByMeaning,
    /// Compiled.
    Miss,
}

impl Got {
    fn of(counters: Counters) -> Got {
        let Counters {
            parsed,
            checked,
            compiled,
            hits,
            misses,
            ..
        } = counters;
        match (parsed, checked, compiled, hits, misses) {
            (0, 0, 0, 1, 0) => Got::ByText,
            (1, 1, 0, 1, 0) => Got::ByMeaning,
            (1, 1, 1, 0, 1) => Got::Miss,
            _ => panic!("{counters:?}"),
        }
    }
}

/// A folder with kernel files and a cache.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Project {
        let project = Project(tempfile::tempdir().expect("a temporary folder"));
        project.write("k.rs", TEXT);
        project.write("helper.rs", HELPER);
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn runtime(&self, change: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Runtime {
        let builder = Runtime::builder().cache_dir(self.path("cache"));
        let builder = builder.cache_mode(Mode::On);
        // Not from the environment, in which these tests run.
        let builder = builder.switches(Switches::default());
        change(builder).build().expect("a runtime")
    }

    /// `next(1)` of the file `name`.
    fn next_of(&self, name: &str) -> (f64, Got) {
        let runtime = self.runtime(|builder| builder);
        let module = runtime.load_file(self.path(name)).expect("readable");
        (next(&module), Got::of(runtime.counters()))
    }

    fn next(&self) -> (f64, Got) {
        self.next_of("k.rs")
    }
}

fn next(module: &Module) -> f64 {
    let next = module.ufunc("next").expect("the kernel exists");
    let found = next.call(&[1.0_f64.into()]).expect("the call succeeds");
    let found: Option<f64> = found.into_single().expect("one output").scalar();
    found.expect("an f64")
}

#[test]
fn what_changes_no_meaning_is_a_hit_and_what_does_is_a_miss() {
    use Got::{ByMeaning, Miss};
    let ten_lines = "// a line\n".repeat(10);
    let below = format!("mod helper;\n{ten_lines}");
    for (what, file, old, new, result, got) in [
        (
            "a comment",
            "k.rs",
            "const STEP",
            "/* here */ const STEP",
            13.0,
            ByMeaning,
        ),
        (
            "a blank line",
            "k.rs",
            "const STEP",
            "\n\nconst STEP",
            13.0,
            ByMeaning,
        ),
        (
            "ten lines above",
            "k.rs",
            "mod helper;\n",
            &below,
            13.0,
            ByMeaning,
        ),
        (
            "other spaces",
            "k.rs",
            "(x) * STEP + BIAS",
            "( x )*STEP\n+BIAS",
            13.0,
            ByMeaning,
        ),
        (
            "parentheses",
            "k.rs",
            "helper::advance(x) * STEP + BIAS",
            "(helper::advance(x) * STEP) + BIAS",
            13.0,
            ByMeaning,
        ),
        (
            "documentation",
            "k.rs",
            "#[vectorize]\nfn next",
            "/// Next.\n#[vectorize]\nfn next",
            13.0,
            ByMeaning,
        ),
        (
            "a function that is not reached",
            "k.rs",
            "x * 7.0",
            "x * 8.0",
            13.0,
            ByMeaning,
        ),
        (
            "another kernel",
            "k.rs",
            "fn other(x: f64)",
            "fn another(x: f64)",
            13.0,
            ByMeaning,
        ),
        (
            "a constant spelled otherwise",
            "k.rs",
            "= 2.0;",
            "= 1.0 + 1.0;",
            13.0,
            ByMeaning,
        ),
        (
            "the initial value of a global",
            "k.rs",
            "f64 = 10.0",
            "f64 = 20.0",
            23.0,
            ByMeaning,
        ),
        (
            "a comment in another file",
            "helper.rs",
            "pub fn",
            "// here\npub fn",
            13.0,
            ByMeaning,
        ),
        (
            "an item of another file that is not reached",
            "helper.rs",
            "pub fn",
            "const OTHER: i64 = 1;\npub fn",
            13.0,
            ByMeaning,
        ),
        ("a constant", "k.rs", "= 2.0;", "= 3.0;", 14.5, Miss),
        (
            "the body",
            "k.rs",
            "* STEP + BIAS",
            "* STEP - BIAS",
            -7.0,
            Miss,
        ),
        (
            "a callee in another file",
            "helper.rs",
            "x + 0.5",
            "x - 0.5",
            11.0,
            Miss,
        ),
        (
            "the type of a global",
            "k.rs",
            "BIAS: f64 = 10.0",
            "BIAS: f32 = 10.0",
            13.0,
            Miss,
        ),
        (
            "an option of the attribute",
            "k.rs",
            "#[vectorize]\nfn next",
            "#[vectorize(fastmath)]\nfn next",
            13.0,
            Miss,
        ),
    ] {
        let project = Project::new();
        assert_eq!(project.next(), (13.0, Miss), "{what}");
        assert_eq!(project.next(), (13.0, Got::ByText), "{what}");
        let text = if file == "k.rs" { TEXT } else { HELPER };
        let mut changed = text.replacen(old, new, 1);
        assert_ne!(text, changed, "{what}");
        if what == "the type of a global" {
            changed = changed.replace("+ BIAS", "+ BIAS as f64");
        }
        project.write(file, &changed);
        assert_eq!(project.next(), (result, got), "{what}");
        assert_eq!(project.next(), (result, Got::ByText), "{what}, again");
        // And back: what was compiled before is still there.
        project.write(file, text);
        assert_eq!(project.next(), (13.0, Got::ByText), "{what}, and back");
    }
}

#[test]
fn a_bound_value_takes_effect_and_is_a_hit() {
    let project = Project::new();
    assert_eq!(project.next(), (13.0, Got::Miss));
    for value in [-1.5, 1e300] {
        let runtime = project.runtime(|builder| builder);
        let module = runtime.load_file(project.path("k.rs")).expect("readable");
        module.bind("BIAS", value).expect("a global");
        assert_eq!(next(&module), 3.0 + value);
        // The names of the globals may have to be parsed; nothing is compiled.
        let counters = runtime.counters();
        assert_eq!((counters.compiled, counters.hits), (0, 1));
    }
}

#[test]
fn a_panic_after_a_move_names_the_new_line() {
    let project = Project::new();
    let line = || {
        let runtime = project.runtime(|builder| builder);
        let module = runtime.load_file(project.path("k.rs")).expect("readable");
        let next = module.ufunc("next").expect("the kernel exists");
        let error = next.call(&[200.0_f64.into()]).expect_err("an assertion");
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
        (
            error.site().expect("a site").line,
            Got::of(runtime.counters()),
        )
    };
    assert_eq!(line(), (10, Got::Miss));
    project.write("k.rs", &format!("{}{TEXT}", "// a line\n".repeat(10)));
    assert_eq!(line(), (20, Got::ByMeaning));
    assert_eq!(line(), (20, Got::ByText));
}

#[test]
fn each_switch_and_each_target_has_code_of_its_own() {
    let base = Switches::default();
    let switches = [
        Switches {
            verify: !base.verify,
            ..base.clone()
        },
        Switches {
            opt: Opt::None,
            ..base.clone()
        },
        Switches {
            vectorise: false,
            ..base.clone()
        },
        Switches {
            alias_analysis: false,
            ..base.clone()
        },
    ];
    let host = TargetSpec::host();
    let mut targets = vec![TargetSpec::baseline()];
    targets.extend(host.features.last().map(|last| host.clone().without(last)));
    let project = Project::new();
    let load = |change: &dyn Fn(RuntimeBuilder) -> RuntimeBuilder| {
        let runtime = project.runtime(change);
        let module = runtime.load_file(project.path("k.rs")).expect("readable");
        assert_eq!(next(&module), 13.0);
        Got::of(runtime.counters())
    };
    assert_eq!(load(&|builder| builder), Got::Miss);
    for switches in &switches {
        let change = |builder: RuntimeBuilder| builder.switches(switches.clone());
        assert_eq!(load(&change), Got::Miss, "{switches:?}");
        assert_eq!(load(&change), Got::ByText, "{switches:?}");
    }
    for target in targets.iter().filter(|target| **target != host) {
        let change = |builder: RuntimeBuilder| builder.target(target.clone());
        assert_eq!(load(&change), Got::Miss, "{target:?}");
        assert_eq!(load(&change), Got::ByText, "{target:?}");
    }
    assert_eq!(load(&|builder| builder), Got::ByText);
}

/// The request that `runtime` makes for a function without type parameters.
fn request(runtime: &Runtime) -> Request {
    let target = runtime.target();
    Request {
        types: Vec::new(),
        options: Switches::default().key_bytes(),
        target: TargetKey {
            triple: target.triple.clone(),
            cpu: target.cpu.clone(),
            features: target.features.clone(),
        },
        build_id: brolga_codegen::BUILD_ID,
        abi_hash: brolga_abi::layout_hash(),
    }
}

/// An `f(x)` in one text without other files.
fn one(body: &str) -> String {
    format!("#[vectorize]\nfn f(x: f64) -> f64 {{ {body} }}\n")
}

fn text_key(text: &str) -> TextKey {
    TextKey(*blake3::hash(text.as_bytes()).as_bytes())
}

fn f(runtime: &Runtime, text: &str) -> f64 {
    let f = runtime
        .load_str("k", text)
        .ufunc("f")
        .expect("the kernel exists");
    let found = f.call(&[1.0_f64.into()]).expect("the call succeeds");
    let found: Option<f64> = found.into_single().expect("one output").scalar();
    found.expect("an f64")
}

/// Code of another kernel under the key of `f`, but for one part of the request. If a part
/// were not compared, the call would run the wrong code.
#[test]
fn code_under_any_other_request_is_not_used() {
    type Change = fn(&mut Request);
    let changes: [(&str, Option<Change>); 8] = [
        ("nothing", None),
        ("compiler", Some(|r| r.build_id[31] ^= 1)),
        ("ABI", Some(|r| r.abi_hash ^= 1)),
        ("options", Some(|r| r.options[0] ^= 1)),
        ("more options", Some(|r| r.options.push(0))),
        ("triple", Some(|r| r.target.triple.push('x'))),
        ("CPU", Some(|r| r.target.cpu.push('x'))),
        ("features", Some(|r| drop(r.target.features.pop()))),
    ];
    let (right, wrong) = (one("x + 1.0"), one("x + 1000.0"));
    let id = FunctionId {
        module: "k".to_string(),
        function: "f".to_string(),
    };
    for (what, change) in changes {
        let project = Project::new();
        // The wrong code, from a cache of its own.
        let elsewhere = project.path("elsewhere");
        let runtime = project.runtime(|builder| builder.cache_dir(elsewhere));
        assert_eq!(f(&runtime, &wrong), 1001.0);
        let own = request(&runtime);
        let cache: &Cache = runtime.cache();
        let hit: Hit = cache
            .find_by_text(&id, &text_key(&wrong), &own)
            .expect("stored");
        let meta = cache
            .meta(&id, &text_key(&wrong), &own.build_id)
            .expect("stored");

        let mut other = own.clone();
        if let Some(change) = change {
            change(&mut other);
            assert_ne!(own, other, "{what}");
        }
        let runtime = project.runtime(|builder| builder);
        let print = [7; 32];
        runtime
            .cache()
            .store(
                &id,
                &text_key(&right),
                &other,
                &print,
                &meta,
                &hit.tables,
                &hit.info,
                &hit.object,
            )
            .expect("stored");
        let found = f(&runtime, &right);
        match change {
            // With the very same key it is used: this test would see it.
            None => assert_eq!((found, runtime.counters().hits), (1001.0, 1)),
            Some(_) => {
                assert_eq!((found, runtime.counters().compiled), (2.0, 1), "{what}");
                let again = project.runtime(|builder| builder);
                assert_eq!(
                    (f(&again, &right), again.counters().hits),
                    (2.0, 1),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn functions_of_one_name_in_different_files_do_not_meet() {
    let project = Project::new();
    let files = [("a/k.rs", 1.0), ("b/k.rs", 2.0), ("c/k.rs", 3.0)];
    for (file, step) in files {
        let text =
            format!("#[vectorize]\nfn next(x: f64) -> f64 {{ assert!(x > 0.0); x + {step:?} }}\n");
        project.write(file, &text);
        assert_eq!(project.next_of(file), (1.0 + step, Got::Miss), "{file}");
    }
    for _ in 0..2 {
        for (file, step) in files {
            assert_eq!(project.next_of(file), (1.0 + step, Got::ByText), "{file}");
        }
    }
    // Of one name and one text: the code is shared, the message names the file that was loaded.
    project.write(
        "d/k.rs",
        &std::fs::read_to_string(project.path("a/k.rs")).expect("a file"),
    );
    let runtime = project.runtime(|builder| builder);
    let module = runtime.load_file(project.path("d/k.rs")).expect("readable");
    let error = module
        .ufunc("next")
        .expect("exists")
        .call(&[0.0_f64.into()]);
    let error = error.expect_err("an assertion");
    let file = project.path("d/k.rs").display().to_string();
    assert_eq!(error.site().expect("a site").file, file);
    assert_eq!(Got::of(runtime.counters()), Got::ByText);
}

#[test]
fn a_group_that_calls_itself_works_from_the_cache() {
    let project = Project::new();
    let evens = || {
        let runtime = project.runtime(|builder| builder);
        let module = runtime.load_file(project.path("k.rs")).expect("readable");
        let is_even = module.ufunc("is_even").expect("exists");
        let found = is_even.call_array::<bool>(&[(&array![0_i64, 1, 10, 11]).into()]);
        let found = found.expect("runs").into_iter().collect::<Vec<_>>();
        (found, Got::of(runtime.counters()))
    };
    let right = vec![true, false, true, false];
    assert_eq!(evens(), (right.clone(), Got::Miss));
    assert_eq!(evens(), (right.clone(), Got::ByText));
    project.write("k.rs", &format!("// above\n{TEXT}"));
    assert_eq!(evens(), (right, Got::ByMeaning));
    // A change in one member of the group is seen through the other.
    project.write("k.rs", &TEXT.replace("{ false } else", "{ true } else"));
    assert_eq!(evens(), (vec![true; 4], Got::Miss));
}

/// The parts of a key are compared whole: also the types of a generic kernel.
#[test]
fn other_types_are_another_overload() {
    let project = Project::new();
    const TWICE: &str = "#[vectorize]\nfn twice<T: Number>(x: T) -> T { x + x }\n";
    let load = |types: &[DType]| {
        let runtime = project.runtime(|builder| builder);
        let function = runtime
            .load_str("twice", TWICE)
            .function("twice")
            .expect("exists");
        let code = function.specialise(types).expect("compiles");
        assert_eq!(code.types(), types);
        Got::of(runtime.counters())
    };
    for expected in [Got::Miss, Got::ByText] {
        for dtype in [DType::F32, DType::F64, DType::I64, DType::U8] {
            // The text is known for another overload, which says nothing of this one.
            assert_eq!(load(&[dtype]), expected, "{dtype:?}");
        }
    }
}

/// Keys share locks: who waits for one looks whether his entry has come, and does not wait for
/// another's compilation to end.
#[test]
fn an_entry_that_comes_while_its_lock_is_held_is_taken() {
    let project = Project::new();
    let text = one("x + 3.0");
    let elsewhere = project.path("elsewhere");
    let other = project.runtime(|builder| builder.cache_dir(&elsewhere));
    assert_eq!(f(&other, &text), 4.0);

    let runtime = project.runtime(|builder| builder);
    let id = FunctionId {
        module: "k".to_string(),
        function: "f".to_string(),
    };
    let held = runtime
        .cache()
        .lock(&id, &request(&runtime), std::time::Duration::ZERO)
        .expect("nobody else holds it");
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| f(&runtime, &text));
        // It has looked for the entry, in vain, and comes to the lock.
        while runtime.cache().stats().fingerprint_misses.is_empty() {
            std::thread::yield_now();
        }
        let format = format!("v{}", brolga::cache::FORMAT_VERSION);
        let entries = std::fs::read_dir(elsewhere.join(&format)).expect("a folder");
        let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
        files.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension != "lock")
        });
        // The object before the index that names it.
        files.sort();
        assert_eq!(files.len(), 2, "{files:?}");
        for path in files {
            let name = path.file_name().expect("a name");
            let to = project.path("cache").join(&format);
            // As a writer does: whole or not at all.
            std::fs::copy(&path, to.join("on-its-way")).expect("copied");
            std::fs::rename(to.join("on-its-way"), to.join(name)).expect("renamed");
        }
        assert_eq!(waiter.join().expect("the call succeeds"), 4.0);
    });
    drop(held);
    let counters = runtime.counters();
    assert_eq!((counters.compiled, counters.hits), (0, 1));
}
