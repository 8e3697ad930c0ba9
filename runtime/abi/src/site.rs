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
    /// A slice of an axis that leaves it; the payload is `[start, end, axis, length]`, and a
    /// step of 0 where none of the three is out of order.
    SliceOutOfBounds,
    /// A local array whose size in bytes is above `isize::MAX`.
    AllocationTooLarge,
    /// A local array for which there is no memory; the payload is `[bytes, 0, 0, 0]`.
    OutOfMemory,
    /// Any other message known at compile time: `panic!`, `assert!`, `unreachable!`,
    /// `ilog2` of 0 and so on.
    Message(String),
}

impl PanicKind {
    /// The message of a failure with this payload ([`crate::KernelError::payload`]).
    pub fn text(&self, payload: &[u64; 4]) -> String {
        let [first, second, axis, length] = payload;
        match self {
            PanicKind::IndexOutOfBounds => {
                format!("{self}: the length of axis {axis} is {second} but the index is {first}")
            }
            PanicKind::ArrayIndex => {
                format!("{self}: the len is {second} but the index is {first}")
            }
            PanicKind::SliceOutOfBounds if first > length => {
                format!("Slice begin {first} is past end of axis of length {length}")
            }
            PanicKind::SliceOutOfBounds if second > length => {
                format!("Slice end {second} is past end of axis of length {length}")
            }
            PanicKind::SliceOutOfBounds if first > second => {
                format!("slice begins at {first} but ends at {second}")
            }
            PanicKind::SliceOutOfBounds => "Slice stride must not be zero".to_owned(),
            PanicKind::OutOfMemory => format!("memory allocation of {first} bytes failed"),
            other => other.to_string(),
        }
    }
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
            PanicKind::SliceOutOfBounds => "slice out of bounds",
            PanicKind::AllocationTooLarge => {
                "ndarray: Shape too large, product of non-zero axis lengths overflows isize"
            }
            PanicKind::OutOfMemory => "memory allocation failed",
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

/// A place in the source.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// The function that contains the place, as a path in its module.
    pub function: String,
    /// The file or module name that the user gave.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}

/// A counted loop of the source.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct LoopPlace {
    /// The name of its variable; empty where the source has none.
    pub variable: String,
    /// Where it begins.
    pub place: Place,
}

/// What belongs to a kernel's text and not to its meaning, so that the same code serves texts
/// that differ in it: kept once for every text.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct TextTables {
    /// The panic sites by number.
    pub sites: Vec<Site>,
    /// For each panic site the name of the variable that is looked at there, or an empty text.
    pub subjects: Vec<String>,
    /// The counted loops by number.
    pub loops: Vec<LoopPlace>,
    /// The globals that the kernel reads, in the order of their block in memory.
    pub globals: Vec<crate::GlobalMeta>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_become_the_wording_of_ndarray_and_rustc() {
        let slice = |payload| PanicKind::SliceOutOfBounds.text(&payload);
        for (text, expected) in [
            (
                slice([5, 9, 0, 4]),
                "Slice begin 5 is past end of axis of length 4",
            ),
            (
                slice([1, 9, 0, 4]),
                "Slice end 9 is past end of axis of length 4",
            ),
            (slice([3, 2, 0, 4]), "slice begins at 3 but ends at 2"),
            (slice([0, 2, 0, 4]), "Slice stride must not be zero"),
            (
                PanicKind::OutOfMemory.text(&[80, 0, 0, 0]),
                "memory allocation of 80 bytes failed",
            ),
            (
                PanicKind::IndexOutOfBounds.text(&[7, 3, 1, 0]),
                "index out of bounds: the length of axis 1 is 3 but the index is 7",
            ),
            (
                PanicKind::ArrayIndex.text(&[5, 3, 0, 0]),
                "index out of bounds: the len is 3 but the index is 5",
            ),
        ] {
            assert_eq!(text, expected);
        }
    }
}
