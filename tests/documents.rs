//! The documents tell the truth: an example in a document is a file, and the file is run.

mod common;

use std::path::Path;

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
        assert_eq!(
            blocks,
            quoted(&text).len(),
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
            if code.starts_with("use brolga::prelude::*;") {
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
