//! Brolga's verdict on a text.

use brolga_lang::Module;

use crate::Verdict;

/// What Brolga's checker makes of a kernel file.
pub fn brolga(text: &str) -> Verdict {
    let result = Module::parse("kernels.rs", text).and_then(|module| module.check());
    match result {
        Ok(()) => Verdict::Accepted,
        Err(errors) => Verdict::Refused(
            errors
                .list
                .iter()
                .map(|e| format!("{}: {}", e.code, e.message))
                .collect(),
        ),
    }
}
