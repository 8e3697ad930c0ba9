//! Modules in several files and the cache: what is a hit, what is seen, and what messages say.

use brolga::{Counters, ErrorKind, Kernels, Mode, Module, Runtime, RuntimeErrorKind};

const FIRST: &str = "use brolga::prelude::*;
mod helper;
static BIAS: f64 = 10.0;
#[vectorize]
fn next(x: f64) -> f64 { helper::advance(x) + BIAS }
";

const HELPER: &str = "pub mod deep;
pub fn advance(x: f64) -> f64 {
    assert!(x < 100.0, \"too large\");
    x + deep::STEP
}
";

const DEEP: &str = "pub const STEP: f64 = 2.0;\n";

const NOTHING: Counters = Counters {
    parsed: 0,
    checked: 0,
    compiled: 0,
    compilers: 0,
    hits: 0,
    misses: 0,
    perf_map_failures: 0,
};
const HIT: Counters = Counters { hits: 1, ..NOTHING };
const HIT_BY_MEANING: Counters = Counters {
    parsed: 1,
    checked: 1,
    ..HIT
};
const COMPILED: Counters = Counters {
    parsed: 1,
    checked: 1,
    compiled: 1,
    compilers: 1,
    misses: 1,
    ..NOTHING
};

/// A folder with a module of three files, and a cache.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Project {
        let project = Project(tempfile::tempdir().expect("a temporary folder"));
        project.write("k.rs", FIRST);
        project.write("helper.rs", HELPER);
        project.write("helper/deep.rs", DEEP);
        project
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.0.path().join(name)).expect("the file is there");
    }

    /// A runtime as another process would have it, and the module.
    fn load(&self) -> (Runtime, Module) {
        let builder = Runtime::builder().cache_dir(self.0.path().join("cache"));
        let runtime = builder.cache_mode(Mode::On).build().expect("a runtime");
        let module = runtime.load_file(self.0.path().join("k.rs"));
        (runtime, module.expect("the files can be read"))
    }

    /// What `next` makes of 1 in a process of its own.
    fn next(&self) -> (f64, Counters) {
        let (runtime, module) = self.load();
        (call(&module), runtime.counters())
    }
}

fn call(module: &Module) -> f64 {
    let next = module.ufunc("next").expect("the kernel exists");
    let found = next.call(&[1.0_f64.into()]).expect("the call succeeds");
    let found = found.into_single().expect("one output");
    found.scalar().expect("an f64")
}

#[test]
fn a_second_process_parses_nothing() {
    let project = Project::new();
    assert_eq!(project.next(), (13.0, COMPILED));
    assert_eq!(project.next(), (13.0, HIT));
}

#[test]
fn the_meaning_counts_in_every_file() {
    let project = Project::new();
    assert_eq!(project.next(), (13.0, COMPILED));
    for (file, text) in [
        ("helper.rs", format!("// a comment\n{HELPER}")),
        ("helper/deep.rs", DEEP.replace("2.0", "1.0 + 1.0")),
        ("k.rs", format!("{FIRST}// the end\n")),
        ("k.rs", FIRST.replace("mod helper;", "mod helper ;")),
    ] {
        project.write(file, &text);
        assert_eq!(project.next(), (13.0, HIT_BY_MEANING), "{file}");
        assert_eq!(project.next(), (13.0, HIT), "{file}, again");
    }
    project.write("helper.rs", &HELPER.replace("x + deep", "x - deep"));
    assert_eq!(project.next(), (9.0, COMPILED));
    project.write("helper/deep.rs", "pub const STEP: f64 = 4.0;");
    assert_eq!(project.next(), (7.0, COMPILED));
    assert_eq!(project.next(), (7.0, HIT));
}

#[test]
fn files_that_come_and_go_are_seen() {
    let project = Project::new();
    assert_eq!(project.next(), (13.0, COMPILED));
    // Both places hold a file: rustc's error, where the one that was absent now counts.
    project.write("helper/mod.rs", HELPER);
    let (_, module) = project.load();
    let error = module
        .ufunc("next")
        .and_then(|next| next.call(&[1.0_f64.into()]));
    let error = error.expect_err("two files for one module").to_string();
    assert!(error.contains("E0761"), "{error}");
    project.remove("helper/mod.rs");
    assert_eq!(project.next(), (13.0, HIT));

    project.remove("helper/deep.rs");
    let (_, module) = project.load();
    let error = module
        .ufunc("next")
        .and_then(|next| next.call(&[1.0_f64.into()]));
    let error = error.expect_err("no file").to_string();
    assert!(
        error.contains("E0583") && error.contains("helper/deep.rs"),
        "{error}"
    );
    // The other place is as good, and the meaning is known.
    project.write("helper/deep/mod.rs", DEEP);
    assert_eq!(project.next(), (13.0, HIT_BY_MEANING));
    assert_eq!(project.next(), (13.0, HIT));
}

#[test]
fn globals_of_modules_in_files_need_no_compilation() {
    let project = Project::new();
    assert_eq!(project.next(), (13.0, COMPILED));
    project.write("k.rs", &FIRST.replace("= 10.0", "= 20.0"));
    assert_eq!(project.next(), (23.0, HIT_BY_MEANING));
    let (runtime, module) = project.load();
    assert_eq!(call(&module), 23.0);
    assert_eq!(runtime.counters(), HIT);
    module.bind("BIAS", 0.5).expect("a global");
    assert_eq!(call(&module), 3.5);
    assert_eq!(runtime.counters().compiled, 0);
    let error = module.bind("STEP", 0.5).expect_err("a constant");
    assert_eq!(error.kind(), RuntimeErrorKind::UnknownGlobal);
}

#[test]
fn a_panic_has_the_file_and_line_of_the_text_that_was_loaded() {
    let project = Project::new();
    let place = || {
        let (runtime, module) = project.load();
        let next = module.ufunc("next").expect("the kernel exists");
        let error = next.call(&[200.0_f64.into()]).expect_err("an assertion");
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
        let site = error.site().expect("a panic has a site");
        let file = project.0.path().join("helper.rs").display().to_string();
        assert_eq!(site.file, file);
        (site.line, runtime.counters())
    };
    assert_eq!(place(), (3, COMPILED));
    assert_eq!(place(), (3, HIT));
    project.write("helper.rs", &format!("// one\n\n// three\n{HELPER}"));
    assert_eq!(place(), (6, HIT_BY_MEANING));
    assert_eq!(place(), (6, HIT));
    // Lines of another file move nothing.
    project.write("k.rs", &format!("\n\n{FIRST}"));
    assert_eq!(place(), (6, HIT_BY_MEANING));
    assert_eq!(place(), (6, HIT));
}
