//! Golden messages of the parser: every `tests/messages/*.rs` is a kernel file that it
//! refuses.

mod golden;

use brolga_lang::diagnostic::{Diagnostics, Source};
use brolga_lang::{Style, parse};

#[test]
fn refusals_are_worded_as_in_the_golden_files() {
    let count = golden::compare("messages", |name, text| {
        let source = Source::new(name, text);
        let list = parse(&source).diagnostics;
        assert!(!list.is_empty(), "{name} is accepted");
        Diagnostics { source, list }.render(Style::Plain)
    });
    assert!(count >= 30, "only {count} files");
}
