//! `brolga inspect --emit loops`: golden reports of the kernels in `tests/golden/loops`.
//! `BROLGA_BLESS=1` rewrites these; the difference is then to be reviewed. They say what the
//! vectoriser makes for x86-64, which is the only one it knows.
#![cfg(target_arch = "x86_64")]

mod common;

use std::path::Path;

use brolga::{Mode, Runtime};
use common::{Ran, Sandbox};

const KERNELS: &str = include_str!("golden/loops/kernels.rs");

/// Each kernel with the types of its parameters where it is generic.
const REPORTS: [(&str, &str); 8] = [
    ("axpy", ""),
    ("logistic", "f32"),
    ("collatz", ""),
    ("recursive", ""),
    ("weighted", ""),
    ("gather", ""),
    ("backwards", ""),
    ("total", ""),
];

fn report(kernel: &str, types: &str, vectorise: &str, more: &[&str]) -> Ran {
    let sandbox = Sandbox::new();
    sandbox.kernel("kernels.rs", KERNELS);
    let path = format!("kernels.rs::{kernel}");
    let mut words = vec!["inspect", &path, "--emit", "loops"];
    if !types.is_empty() {
        words.extend(["--types", types]);
    }
    words.extend(more);
    sandbox
        .brolga_with(&words, |command| command.env("BROLGA_VECTORISE", vectorise))
        .ok()
}

#[test]
fn the_reports_are_those_that_were_reviewed() {
    let bless = std::env::var_os("BROLGA_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/loops");
    let mut wrong = Vec::new();
    for (kernel, types) in REPORTS {
        let found = report(kernel, types, "1", &[]).stdout;
        let golden = folder.join(format!("{kernel}.txt"));
        if bless {
            std::fs::write(&golden, &found).expect("a blessed file");
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{kernel} now gives\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn with_vector_loops_switched_off_every_loop_says_so() {
    for (kernel, types) in REPORTS {
        let text = report(kernel, types, "0", &[]).stdout;
        assert!(!text.contains("vectorised: 1"), "{text}");
        let loops = text.lines().filter(|line| line.starts_with("loop")).count();
        let refused = text.matches("  not vectorised: ").count();
        assert_eq!(loops, refused, "{text}");
        // What counts down has that as its reason.
        let off = text.matches("vector loops are switched off").count();
        let own = text.matches("does not count up by one").count();
        assert_eq!(off + own, loops, "{text}");
    }
}

#[test]
fn the_json_has_what_the_text_says() {
    let text = report("gather", "", "1", &["--json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(value["function"], "gather");
    let inner = &value["loops"][2];
    assert_eq!(
        (&inner["kind"], &inner["variable"], &inner["line"]),
        (&"for".into(), &"column".into(), &47.into()),
        "{inner}"
    );
    assert_eq!(inner["vectorised"], false);
    let kept = &inner["checks_kept"][0];
    assert_eq!(kept["what"], "index of axis 0 of `table`");
    assert_eq!(kept["line"], 48);
}

/// The code comes from the cache by its meaning; the names and lines are those of the new text.
#[test]
fn a_hit_of_a_reformatted_text_has_the_new_lines_and_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let loops = |text: &str| {
        let runtime = Runtime::builder()
            .cache_dir(folder.path())
            .cache_mode(Mode::On)
            .build()
            .expect("a runtime");
        let function = runtime.load_str("kernels", text).function("gather");
        let made = function
            .and_then(|function| function.specialise(&[]))
            .expect("it compiles");
        (made.loops().to_vec(), runtime.counters().compiled)
    };
    let (before, compiled) = loops(KERNELS);
    assert_eq!(compiled, 1);
    let changed = format!("// A line.\n{}", KERNELS.replace("table", "values"));
    let (after, compiled) = loops(&changed);
    assert_eq!(compiled, 0, "found by its meaning");
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.code, after.code);
        let line = |place: &Option<brolga::Place>| place.as_ref().map(|place| place.line);
        assert_eq!(line(&before.place).map(|line| line + 1), line(&after.place));
        for (before, after) in before.kept.iter().zip(&after.kept) {
            assert_eq!(before.line + 1, after.line);
            assert_eq!(before.what.replace("table", "values"), after.what);
        }
    }
    let warm = loops(&changed);
    assert_eq!(warm, (after, 0), "and by its text");
}
