//! Why a kernel has no vector loop. Not an error: the kernel runs by its scalar loop.

use std::fmt;

/// The reason, in words for the report: `calls exp, which has no vector form`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    reason: String,
}

impl Refusal {
    pub(crate) fn new(reason: impl Into<String>) -> Refusal {
        Refusal {
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
