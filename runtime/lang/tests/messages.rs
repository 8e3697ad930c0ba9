//! Golden messages: every `tests/messages/*.rs` is a kernel file that the parser refuses, and
//! the `.stderr` beside it is what the user sees. `BROLGA_BLESS=1` rewrites the latter; the
//! difference is then to be reviewed.

use std::fs;
use std::path::{Path, PathBuf};

use brolga_lang::diagnostic::{Diagnostics, Source};
use brolga_lang::{Style, parse};

fn kernels() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of messages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}

#[test]
fn refusals_are_worded_as_in_the_golden_files() {
    let bless = std::env::var_os("BROLGA_BLESS").is_some();
    let kernels = kernels();
    assert!(kernels.len() >= 30, "only {} files", kernels.len());
    let mut wrong = Vec::new();
    for kernel in kernels {
        let name = kernel.file_name().expect("a name").to_string_lossy();
        let source = Source {
            name: name.as_ref().into(),
            text: fs::read_to_string(&kernel).expect("a kernel").into(),
        };
        let list = parse(&source).diagnostics;
        assert!(!list.is_empty(), "{name} is accepted");
        let found = Diagnostics { source, list }.render(Style::Plain);
        let golden = kernel.with_extension("stderr");
        if bless {
            fs::write(&golden, &found).expect("a blessed file");
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name} now gives\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
