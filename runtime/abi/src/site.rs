//! Panic sites: where a kernel can fail, kept beside the code by number, so that a
//! reformatted source with the same meaning only changes this table.

use serde::{Deserialize, Serialize};

/// Why a site fails. The wording of `Display` is rustc's (ndarray's for its own panics).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum PanicKind {
    /// `a / 0`.
    DivisionByZero,
    /// `MIN / -1`.
    DivisionOverflow,
    /// `a % 0`.
    RemainderByZero,
    /// `MIN % -1`.
    RemainderOverflow,
    /// An index outside of its axis; the error's payload is `[index, length, axis, 0]`.
    IndexOutOfBounds,
    /// An index outside of an array of a fixed length; the payload as above, axis 0.
    ArrayIndex,
    /// `step_by(0)`.
    StepByZero,
    /// A `clamp` whose minimum is above its maximum or NaN.
    ClampBounds,
    /// Any other message known at compile time: `panic!`, `assert!`, `unreachable!`,
    /// `ilog2` of 0 and so on.
    Message(String),
}

impl std::fmt::Display for PanicKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PanicKind::DivisionByZero => "attempt to divide by zero",
            PanicKind::DivisionOverflow => "attempt to divide with overflow",
            PanicKind::RemainderByZero => {
                "attempt to calculate the remainder with a divisor of zero"
            }
            PanicKind::RemainderOverflow => "attempt to calculate the remainder with overflow",
            PanicKind::IndexOutOfBounds | PanicKind::ArrayIndex => "index out of bounds",
            PanicKind::StepByZero => "assertion failed: step != 0",
            PanicKind::ClampBounds => "min > max, or either was NaN",
            PanicKind::Message(text) => text,
        })
    }
}

/// One place in the source where a kernel can fail.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Site {
    /// Why.
    pub kind: PanicKind,
    /// The kernel function that contains the place, as a path in its module.
    pub function: String,
    /// The file or module name that the user gave.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}
