//! Golden messages of modules in several files: a file begins at each line `//# path`.

mod golden;

use brolga_lang::{FileText, Module, Style};

#[test]
fn errors_in_several_files_are_worded_as_in_the_golden_files() {
    let count = golden::compare("messages_modules", |name, text| {
        let mut files = vec![FileText {
            path: name.to_string(),
            name: name.to_string(),
            text: String::new(),
        }];
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix("//# "), files.last_mut()) {
                (Some(path), _) => files.push(FileText {
                    path: path.trim().to_string(),
                    name: path.trim().to_string(),
                    text: String::new(),
                }),
                (None, Some(file)) => file.text.push_str(line),
                (None, None) => {}
            }
        }
        let diagnostics = match Module::parse_files(&files) {
            Err(diagnostics) => diagnostics,
            Ok(module) => module.check().expect_err("an error in the module"),
        };
        diagnostics.render(Style::Plain)
    });
    assert!(count > 0);
}
