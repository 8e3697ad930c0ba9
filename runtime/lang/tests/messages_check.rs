//! Golden messages of the checker: every `tests/messages_check/*.rs` parses but is refused.

mod golden;

use std::collections::BTreeSet;

use brolga_lang::{Module, Style};

#[test]
fn errors_are_worded_as_in_the_golden_files() {
    let mut messages = BTreeSet::new();
    golden::compare("messages_check", |name, text| {
        let diagnostics = match Module::parse(name, text) {
            Err(diagnostics) => diagnostics,
            Ok(module) => module.check().expect_err("an error in the kernel"),
        };
        for diagnostic in &diagnostics.list {
            messages.insert(diagnostic.message.clone());
        }
        diagnostics.render(Style::Plain)
    });
    assert!(
        messages.len() >= 100,
        "only {} different messages",
        messages.len()
    );
}
