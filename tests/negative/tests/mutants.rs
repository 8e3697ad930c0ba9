//! Mutated kernels: what rustc refuses Brolga must refuse, and what rustc accepts Brolga
//! must accept or refuse with a code of its own.
//!
//! A run takes a sample. `BROLGA_NEGATIVE=all` takes every edit, a number that many, and
//! `BROLGA_NEGATIVE_SEED` another sample of them:
//! `BROLGA_NEGATIVE=5000 BROLGA_NEGATIVE_SEED=7 cargo test -p brolga-negative --test mutants`.

use brolga_negative::{Judge, Verdict, corpus, disagreements, mutate};

/// How many edits a run judges when nothing else is asked for.
const SAMPLE: usize = 180;

#[test]
fn rustc_and_brolga_agree_on_edited_kernels() {
    let count = match std::env::var("BROLGA_NEGATIVE") {
        Ok(all) if all == "all" => usize::MAX,
        Ok(count) => count.parse().expect("a number, or `all`"),
        Err(_) => SAMPLE,
    };
    let seed = std::env::var("BROLGA_NEGATIVE_SEED").map_or(1, |s| s.parse().expect("a number"));
    let only = std::env::var("BROLGA_NEGATIVE_RULE").ok();
    let pieces: Vec<corpus::Piece> = corpus::files().iter().flat_map(corpus::pieces).collect();
    assert!(pieces.len() > 200, "only {} pieces", pieces.len());
    let mut edits = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        edits.extend(mutate::edits(piece).into_iter().map(|edit| (n, edit)));
    }
    if let Some(rule) = only {
        edits.retain(|(_, edit)| edit.rule == rule);
    }
    let all = edits.len();
    let mut chosen = mutate::choose(edits, count, seed);
    // What is no Rust tells nothing about the checker.
    chosen.retain(|(n, edit)| syn::parse_file(&edit.apply(&pieces[*n].text)).is_ok());
    let texts: Vec<String> = chosen
        .iter()
        .map(|(n, edit)| edit.apply(&pieces[*n].text))
        .collect();
    let judge = Judge::new();
    let wrong = disagreements(&judge, &texts);
    println!(
        "{} of {all} edits judged, {} wrong",
        texts.len(),
        wrong.len()
    );
    let mut report = String::new();
    for one in &wrong {
        let (n, edit) = &chosen[one.number];
        let show = |verdict: &Verdict| match verdict {
            Verdict::Accepted => "accepted".to_string(),
            Verdict::Refused(errors) => format!("refused: {}", errors.join("; ")),
        };
        report.push_str(&format!(
            "== {}: {}\n   rustc {}\n   Brolga {}\n{}\n",
            pieces[*n].name,
            edit.rule,
            show(&one.rustc),
            show(&one.brolga),
            changed(&pieces[*n].text, &texts[one.number])
        ));
    }
    assert!(wrong.is_empty(), "{} disagreements\n{report}", wrong.len());
}

#[test]
fn the_pieces_are_right() {
    let texts: Vec<String> = corpus::files()
        .iter()
        .flat_map(corpus::pieces)
        .map(|piece| piece.text)
        .collect();
    for (text, verdict) in texts.iter().zip(Judge::new().verdicts(&texts)) {
        assert_eq!(verdict, Verdict::Accepted, "{text}");
    }
}

/// The lines that differ.
fn changed(before: &str, after: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[same..]
        .iter()
        .rev()
        .zip(b[same..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let mut text = String::new();
    for line in &a[same..a.len() - tail] {
        text.push_str(&format!("   - {line}\n"));
    }
    for line in &b[same..b.len() - tail] {
        text.push_str(&format!("   + {line}\n"));
    }
    text
}
