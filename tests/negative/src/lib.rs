//! The negative oracle: texts that may be wrong, judged by rustc and by Brolga.
//!
//! - [`corpus`] finds the kernel files of the repository and cuts them into pieces, one
//!   function with all that it needs;
//! - [`mutate`] makes wrong texts (and some right ones) of a piece, one edit at a time;
//! - [`rustc`] and [`brolga`] judge texts; [`disagreements`] compares the two.
//!
//! Invariant: the same seed makes the same texts, and a text's verdict does not depend on
//! the others that are judged with it. Nothing here runs a kernel.

mod brolga;
pub mod corpus;
pub mod mutate;
mod rustc;

pub use brolga::brolga;
pub use rustc::{Judge, rustc};

/// What a compiler makes of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It compiles.
    Accepted,
    /// The codes and messages of its errors.
    Refused(Vec<String>),
}

impl Verdict {
    /// Whether it compiles.
    pub fn accepted(&self) -> bool {
        *self == Verdict::Accepted
    }
}

/// A text on which rustc and Brolga disagree.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The text's number.
    pub number: usize,
    /// rustc's verdict.
    pub rustc: Verdict,
    /// Brolga's.
    pub brolga: Verdict,
}

/// Why Brolga may accept what rustc refuses: a part of every error that rustc gives, and the
/// reason. The list is short on purpose.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "this arithmetic operation will overflow",
        "a lint that follows values through variables and constants; the operation means what \
         the release build makes of it",
    ),
    (
        "this operation will panic at runtime",
        "a lint that follows values likewise; the operation is a panic at run time",
    ),
];

/// Whether the two verdicts on one text agree. Brolga may refuse what its language does not
/// have, with a code of its own (`B....`), but not with one of rustc's.
pub fn agree(rustc: &Verdict, brolga: &Verdict) -> bool {
    match (rustc, brolga) {
        (Verdict::Accepted, Verdict::Refused(errors)) => errors.iter().any(|e| e.starts_with('B')),
        (Verdict::Refused(errors), Verdict::Accepted) => errors.iter().all(|error| {
            let excused = |(part, _): &(&str, &str)| error.contains(part);
            EXCEPTIONS.iter().any(excused)
        }),
        _ => true,
    }
}

/// The texts on which the two compilers disagree.
///
/// # Panics
/// When rustc cannot be run.
pub fn disagreements(judge: &Judge, texts: &[String]) -> Vec<Disagreement> {
    let by_rustc = judge.verdicts(texts);
    let mut wrong = Vec::new();
    for (number, (text, rustc)) in texts.iter().zip(by_rustc).enumerate() {
        let ours = brolga(text);
        if !agree(&rustc, &ours) {
            wrong.push(Disagreement {
                number,
                rustc,
                brolga: ours,
            });
        }
    }
    wrong
}
