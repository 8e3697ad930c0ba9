//! The documents tell the truth: an example in a document is a file, and the file is run.

mod common;

use std::path::Path;

use std::collections::BTreeSet;

use brolga::{Mode, Runtime};
use brolga_oracle::{EXAMPLES, example_cases};
use common::{Sandbox, repository};

fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("README.md")];
    let folder = std::fs::read_dir(root.join("docs")).expect("docs/ exists");
    paths.extend(folder.map(|entry| entry.expect("docs/ can be listed").path()));
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a document is text");
            (path.display().to_string(), text)
        })
        .collect()
}

/// The files that documents quote with `<!-- file: NAME -->` and a code block.
fn quoted(text: &str) -> Vec<(String, String)> {
    text.split("<!-- file: ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once(" -->\n").expect("`-->` ends the mark");
            let block = rest.split_once('\n').expect("a code block follows").1;
            let (code, _) = block.split_once("\n```").expect("the code block ends");
            (name.to_string(), format!("{code}\n"))
        })
        .collect()
}

#[test]
fn quoted_files_are_quoted_to_the_letter() {
    let mut count = 0;
    for (document, text) in documents() {
        for (name, code) in quoted(&text) {
            let file = std::fs::read_to_string(repository(&name)).expect("a quoted file exists");
            assert_eq!(code, file, "{document} quotes {name}");
            count += 1;
        }
    }
    assert!(count >= 2, "README.md quotes its examples");
}

#[test]
fn every_rust_block_names_its_file() {
    for (document, text) in documents() {
        let blocks = text.matches("```rust\n").count();
        let quoted = quoted(&text);
        let files = quoted.iter().filter(|(name, _)| name.ends_with(".rs"));
        assert_eq!(
            blocks,
            files.count(),
            "{document}: a block without `<!-- file: -->`"
        );
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for (document, text) in documents() {
        let folder = Path::new(&document)
            .parent()
            .expect("a document lies in a folder");
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(folder.join(target).exists(), "{document} links to {target}");
            }
        }
    }
}

#[test]
fn every_kernel_file_of_the_documents_checks() {
    let sandbox = Sandbox::new();
    for (_, text) in documents() {
        for (name, code) in quoted(&text) {
            // A part of a module is checked with the module's first file.
            let first = EXAMPLES.iter().any(|(_, path)| *path == name);
            let part = name.starts_with("examples/language/") && !first;
            if !part && code.starts_with("use brolga::prelude::*;") {
                sandbox.brolga(&["check", &repository(&name)]).ok();
            }
        }
    }
}

#[test]
fn the_readmes_main_command_is_the_one_that_ci_runs() {
    let readme = std::fs::read_to_string(repository("README.md")).expect("README.md exists");
    let ci = std::fs::read_to_string(repository(".ci/run")).expect(".ci/run exists");
    let words = |text: &str| {
        let start = text
            .find("run examples/")
            .expect("the main command is there");
        let command = &text[start..];
        let end = command
            .find("--stats")
            .expect("the main command prints its statistics");
        command[..end]
            .split_whitespace()
            .filter(|w| *w != "\\")
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(words(&readme), words(&ci));
}

/// Every kernel file below `folder`: those without one above them that names them.
fn kernel_files(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(repository(folder)).expect("the folder exists") {
        let entry = entry.expect("the folder can be listed");
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if !entry.path().is_dir() {
            found.insert(name);
        } else if entry.path().join("kernels.rs").exists() {
            found.insert(format!("{name}/kernels.rs"));
        }
    }
    found
}

/// The oracle compiles the examples with rustc, and tests/oracle.rs compares every case.
#[test]
fn every_kernel_of_every_example_runs_both_ways() {
    let known: BTreeSet<String> = EXAMPLES.iter().map(|(_, path)| path.to_string()).collect();
    assert_eq!(known, kernel_files("examples/language"));
    let runtime = Runtime::builder().cache_mode(Mode::Off);
    let runtime = runtime.build().expect("a runtime");
    for (name, path) in EXAMPLES {
        let module = runtime.load_file(repository(path)).expect("a kernel file");
        let kernels = module.kernels().unwrap_or_else(|e| panic!("{e}"));
        let kernels: BTreeSet<String> = kernels.iter().map(|meta| meta.name.clone()).collect();
        let cases = example_cases();
        let cases = cases.iter().filter(|case| case.file == *name);
        let cases: BTreeSet<String> = cases.map(|case| case.function.to_string()).collect();
        assert_eq!(kernels, cases, "{path}");
    }
}

fn language() -> String {
    std::fs::read_to_string(repository("docs/language.md")).expect("docs/language.md exists")
}

#[test]
fn the_language_document_quotes_every_example() {
    let quoted: BTreeSet<String> = quoted(&language()).into_iter().map(|(n, _)| n).collect();
    for (_, path) in EXAMPLES {
        assert!(
            quoted.contains(*path),
            "docs/language.md does not quote {path}"
        );
    }
}

/// The rows of the table at the end: the feature, whether it is supported, and what the last
/// column says.
fn features() -> Vec<(String, bool, String)> {
    let text = language();
    let table = text
        .split("| Rust feature |")
        .nth(1)
        .expect("the table is there");
    let rows = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| "));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let [feature, says, last] = cells.as_slice() else {
            panic!("a row of three cells: {row}");
        };
        (feature.to_string(), *says == "yes", last.to_string())
    })
    .collect()
}

/// What the table says is not supported, as a user would write it.
const REFUSED: &[(&str, &str)] = &[
    (
        "enums with values",
        "enum Shape { Circle(f64), Square(f64) }",
    ),
    (
        "traits of your own",
        "trait Area { fn area(&self) -> f64; }",
    ),
    (
        "`impl` of traits other than the operators",
        "struct P { x: f64 } impl PartialEq for P { fn eq(&self, o: &P) -> bool { self.x == o.x } }",
    ),
    (
        "`impl` of `Index`",
        "struct P { x: f64 } impl std::ops::Index<usize> for P { type Output = f64; fn index(&self, i: usize) -> &f64 { &self.x } }",
    ),
    (
        "type parameters without a bound",
        "struct P<T> { x: T } impl<T> P<T> { fn x(self) -> T { self.x } }",
    ),
    (
        "const parameters",
        "fn f<const N: usize>(a: [f64; N]) -> f64 { a[0] }",
    ),
    (
        "kernels that take closures",
        "#[vectorize] fn f(g: impl Fn(f64) -> f64, x: f64) -> f64 { g(x) }",
    ),
    (
        "closures as results",
        "fn f() -> impl Fn(f64) -> f64 { |x| x }",
    ),
    (
        "references as results",
        "fn f<'a>(a: &'a f64) -> &'a f64 { a }",
    ),
    ("references in fields", "struct P<'a> { x: &'a f64 }"),
    ("`Vec`", "fn f(v: Vec<f64>) -> f64 { v[0] }"),
    ("`vec!`", "fn f() -> f64 { let v = vec![1.0]; v[0] }"),
    ("`Box` and other owners", "fn f(v: Box<f64>) -> f64 { *v }"),
    ("slices", "fn f(a: &[f64]) -> f64 { a[0] }"),
    (
        "slices of fixed arrays",
        "fn f(a: [f64; 4]) -> f64 { let b = &a[1..3]; b[0] }",
    ),
    (
        "arrays with a number of axes known at run time",
        "fn f(a: ArrayViewD<f64>) -> f64 { 1.0 }",
    ),
    (
        "arithmetic on whole arrays",
        "fn f(mut a: ArrayViewMut1<f64>) { a += 1.0; }",
    ),
    (
        "`mapv` and the like",
        "fn f(a: ArrayView1<f64>) -> f64 { a.mapv(|x| x * 2.0)[0] }",
    ),
    (
        "products of matrices by `dot`",
        "fn f(a: ArrayView2<f64>) -> f64 { a.dot(&a)[[0, 0]] }",
    ),
    (
        "structs as parameters of a kernel",
        "struct P { x: f64 } #[vectorize] fn f(p: P) -> f64 { p.x }",
    ),
    (
        "fixed arrays as parameters of a kernel",
        "#[vectorize] fn f(p: [f64; 3]) -> f64 { p[0] }",
    ),
    (
        "iterators in variables",
        "fn f(a: ArrayView1<f64>) -> f64 { let it = a.iter().map(|x| x * 2.0); it.sum() }",
    ),
    ("`Result`", "fn f(x: f64) -> Result<f64, f64> { Ok(x) }"),
    ("strings", "fn f() { let s = \"text\"; }"),
    ("`char`", "fn f(x: u8) -> bool { x as char == 'a' }"),
    ("`i128`, `u128`", "fn f(x: i128) -> i128 { x }"),
    (
        "arithmetic of `f16` and `bf16`",
        "fn f(a: f16, b: f16) -> f16 { a + b }",
    ),
    ("`static mut`", "static mut X: f64 = 1.0;"),
    (
        "type aliases",
        "type Real = f64; fn f(x: Real) -> Real { x }",
    ),
    ("unions", "union U { a: f64, b: u64 }"),
    ("raw pointers", "fn f(p: *const f64) -> f64 { 1.0 }"),
    ("`unsafe`", "unsafe fn f(x: f64) -> f64 { x }"),
    ("`async`", "async fn f(x: f64) -> f64 { x }"),
    ("foreign functions", "extern \"C\" { fn f(x: f64) -> f64; }"),
    (
        "macros of your own",
        "macro_rules! m { () => { 1.0 } } fn f() -> f64 { m!() }",
    ),
    ("output", "fn f() { println!(\"x\"); }"),
    ("threads", "fn f() { std::thread::spawn(|| ()); }"),
    (
        "the rest of std",
        "use std::collections::HashMap; fn f() {}",
    ),
    ("`#[cfg]`", "#[cfg(test)] mod tests { }"),
    ("`#[path]`", "#[path = \"x.rs\"] mod x;"),
];

#[test]
fn the_table_of_features_is_true() {
    let examples: Vec<String> = quoted(&language()).into_iter().map(|(n, _)| n).collect();
    let mut refused = Vec::new();
    for (feature, supported, last) in features() {
        if supported {
            let path = last.split('`').nth(1).unwrap_or_default();
            let path = format!("examples/language/{path}");
            assert!(examples.contains(&path), "{feature}: {last}");
        } else {
            assert!(!last.trim().is_empty(), "{feature}: what to write instead");
            refused.push(feature);
        }
    }
    let named: Vec<&str> = REFUSED.iter().map(|(feature, _)| *feature).collect();
    assert_eq!(refused, named);
}

#[test]
fn what_the_table_refuses_is_refused_with_help() {
    let runtime = Runtime::builder().cache_mode(Mode::Off);
    let runtime = runtime.build().expect("a runtime");
    for (feature, text) in REFUSED {
        let module = runtime.load_str("k.rs", &format!("use brolga::prelude::*;\n{text}\n"));
        let error = module.check().expect_err(feature).to_string();
        assert!(error.contains("= help: "), "{feature}: {error}");
    }
}

#[test]
fn the_programs_of_the_documents_run() {
    for name in ["bundle", "kernels_in_rust", "leaky_relu"] {
        let cache = tempfile::tempdir().expect("a temporary folder");
        let run = std::process::Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--locked", "--example", name])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("BROLGA_CACHE_DIR", cache.path())
            .output()
            .expect("cargo runs");
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{name}: {errors}");
    }
}
