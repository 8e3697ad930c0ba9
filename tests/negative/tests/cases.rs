//! The files of `cases/`: every function is judged alone, and Brolga must accept what rustc
//! accepts and refuse the rest; what is about borrowing with the same codes.

use std::collections::BTreeSet;
use std::path::Path;

use brolga_negative::{Judge, Verdict, agree, brolga, corpus};

fn codes(verdict: &Verdict) -> BTreeSet<String> {
    let Verdict::Refused(errors) = verdict else {
        return BTreeSet::new();
    };
    let code = |e: &String| {
        let at = e.find('E')?;
        let code = e.get(at..at + 5)?;
        code[1..]
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| code.to_string())
    };
    errors
        .iter()
        .map(|e| code(e).unwrap_or_else(|| e.clone()))
        .collect()
}

#[test]
fn cases_are_refused_with_the_codes_of_rustc() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let only = std::env::var("BROLGA_NEGATIVE_CASE").ok();
    let mut pieces = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the cases") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let name = path.display().to_string();
        pieces.extend(corpus::pieces(&corpus::KernelFile { name, text }));
    }
    if let Some(only) = only {
        pieces.retain(|piece| piece.name.contains(&only));
    }
    let texts: Vec<String> = pieces.iter().map(|piece| piece.text.clone()).collect();
    let mut wrong = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for (piece, rustc) in pieces.iter().zip(Judge::new().verdicts(&texts)) {
        let ours = brolga(&piece.text);
        if rustc.accepted() {
            accepted += 1;
        } else {
            refused += 1;
        }
        // Borrowing has rustc's codes; `lints.rs` holds what Brolga accepts on purpose.
        let same = if piece.name.contains("lints.rs") {
            !rustc.accepted() && ours.accepted() && agree(&rustc, &ours)
        } else if piece.name.contains("borrows") {
            codes(&rustc) == codes(&ours)
        } else {
            rustc.accepted() == ours.accepted()
        };
        if !same {
            let function = &piece.text[piece.start..];
            wrong.push(format!("{function}rustc: {rustc:?}\nBrolga: {ours:?}\n"));
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(
        wrong.is_empty(),
        "{} disagreements\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
