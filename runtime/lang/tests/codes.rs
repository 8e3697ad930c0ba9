//! Every diagnostic code in the sources stands in some golden message.

use std::collections::BTreeSet;
use std::path::Path;

/// Codes without a golden message, and why.
const EXCEPTIONS: [(&str, &str); 18] = [
    ("B0203", "the parser has a smaller limit"),
    ("B0210", "the parser has a smaller limit"),
    ("B0221", "the parser refuses arrays first"),
    ("B0252", "the parser refuses such patterns first"),
    ("B0260", "a limit of whole programs; see limits.rs"),
    ("B0272", "a limit; see limits.rs"),
    ("B0277", "a limit; see limits.rs"),
    ("B0278", "a limit; see limits.rs"),
    ("B0304", "a limit; see limits.rs"),
    ("B0307", "a limit; see limits.rs"),
    ("B0703", "a limit; see limits.rs"),
    ("B0704", "a limit; see limits.rs"),
    ("B0801", "a limit of the borrow check"),
    (
        "B0240",
        "indices that the checker takes apart have other messages",
    ),
    ("B0000", "tests of the renderer"),
    (
        "B0001",
        "limits: their texts are too large for golden files; see hostile.rs",
    ),
    ("B0211", "a defect of the checker"),
    ("B0621", "the parser refuses such a type first"),
];

fn codes(folder: &Path, extension: &str, open: &str, close: char, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            codes(&path, extension, open, close, found);
            continue;
        }
        if path.extension().is_none_or(|e| e != extension) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        for (at, _) in text.match_indices(open) {
            let rest = &text[at + open.len()..];
            let Some(code) = rest.get(..5).filter(|_| rest[5..].starts_with(close)) else {
                continue;
            };
            let digits = code.strip_prefix(['E', 'B']).unwrap_or("?");
            if digits.bytes().all(|b| b.is_ascii_digit()) {
                found.insert(code.to_string());
            }
        }
    }
}

#[test]
fn every_code_has_a_golden_message() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut used, mut shown) = (BTreeSet::new(), BTreeSet::new());
    codes(&root.join("src"), "rs", "\"", '"', &mut used);
    codes(&root.join("tests"), "stderr", "error[", ']', &mut shown);
    assert!(used.len() > 50 && shown.len() > 50);
    let missing: Vec<&String> = used
        .iter()
        .filter(|code| !shown.contains(*code))
        .filter(|code| EXCEPTIONS.iter().all(|(exception, _)| exception != code))
        .collect();
    assert!(
        missing.is_empty(),
        "codes without a golden message: {missing:?}"
    );
}
