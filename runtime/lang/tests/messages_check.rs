//! Golden messages of the checker: every `tests/messages_check/*.rs` parses but is refused,
//! and the `.stderr` beside it is what the user sees. `BROLGA_BLESS=1` rewrites the latter;
//! the difference is then to be reviewed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use brolga_lang::{Module, Style};

fn kernels() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages_check");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of messages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}

#[test]
fn errors_are_worded_as_in_the_golden_files() {
    let bless = std::env::var_os("BROLGA_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut messages = BTreeSet::new();
    for kernel in kernels() {
        let name = kernel.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&kernel).expect("a kernel");
        let diagnostics = match Module::parse(&name, &text) {
            Err(diagnostics) => diagnostics,
            Ok(module) => module.check().expect_err("an error in the kernel"),
        };
        for diagnostic in &diagnostics.list {
            messages.insert(diagnostic.message.clone());
        }
        let found = diagnostics.render(Style::Plain);
        let golden = kernel.with_extension("stderr");
        if bless {
            fs::write(&golden, &found).expect("a blessed file");
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name} now gives\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        messages.len() >= 100,
        "only {} different messages",
        messages.len()
    );
}
