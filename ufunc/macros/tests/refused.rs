//! Wrong options, as rustc shows them: the front end's message and help, at the token that
//! is wrong.

use std::path::PathBuf;
use std::process::Command;

/// The macros as cargo built them for this test: the newest of their libraries.
fn library() -> PathBuf {
    let program = std::env::current_exe().expect("the test has a path");
    let folder = program.parent().expect("the test lies in a folder");
    std::fs::read_dir(folder)
        .expect("the test's folder can be listed")
        .map(|entry| entry.expect("a folder entry"))
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("libbrolga_macros-") && name.ends_with(".so")
        })
        .max_by_key(|entry| entry.metadata().and_then(|data| data.modified()).ok())
        .expect("cargo built the macros before their tests")
        .path()
}

/// What rustc says of a program: `line:column: error: ...` and the lines after it.
fn rustc(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("user.rs"), text).expect("the folder is writable");
    let mut library_option = std::ffi::OsString::from("brolga_macros=");
    library_option.push(library());
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "lib"])
        .args(["--emit", "metadata", "--error-format", "short", "--extern"])
        .arg(library_option)
        .arg("user.rs")
        .current_dir(folder.path())
        .output()
        .expect("rustc starts");
    assert!(!output.status.success(), "rustc accepted {text}");
    String::from_utf8(output.stderr)
        .expect("rustc writes UTF-8")
        .replace("user.rs:", "")
}

#[test]
fn a_wrong_option_is_shown_at_its_token_with_its_help() {
    for (attribute, place, message, help) in [
        (
            "brolga_macros::vectorize(fastmth)",
            "1:28",
            "unknown option `fastmth`",
            "did you mean `fastmath`?",
        ),
        (
            "brolga_macros::vectorize(signatures = [(f64, f46)])",
            "1:48",
            "expected the name of an element type",
            "did you mean `f64`?",
        ),
        (
            "brolga_macros::guvectorize(\"(m)\", fastmath)",
            "1:30",
            "malformed signature of a gufunc: ",
            "write `#[guvectorize(\"(m,n),(n)->(m)\")]`",
        ),
        (
            "brolga_macros::guvectorize",
            "1:1",
            "`guvectorize` needs the signature of the gufunc",
            "write `#[guvectorize(\"(m,n),(n)->(m)\")]`",
        ),
        (
            "brolga_macros::jit(parallel, parallel)",
            "1:32",
            "the option `parallel` is given twice",
            "remove one of them",
        ),
    ] {
        let shown = rustc(&format!(
            "#[{attribute}]\npub fn f(x: f64) -> f64 {{ x }}\n"
        ));
        let first = format!("{place}: error: {message}");
        assert!(shown.starts_with(&first), "{first}\n{shown}");
        assert!(shown.contains(&format!("help: {help}")), "{help}\n{shown}");
    }
}

#[test]
fn a_wrong_option_leaves_the_function_for_the_rest_of_the_program() {
    let shown =
        rustc("#[brolga_macros::jit(paralel)]\npub fn f() -> u8 { 1 }\npub fn g() -> u8 { f() }\n");
    assert!(
        shown.contains("aborting due to 1 previous error"),
        "{shown}"
    );
}
