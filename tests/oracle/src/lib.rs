//! The oracle of the tests: the kernel corpus in `kernels/`, compiled by rustc, behind one
//! registry ([`cases`]) that a harness walks to compare rustc's results with Brolga's.
//!
//! - [`source`] is the text of a kernel file, as Brolga reads it;
//! - [`example_cases`] are cases of the files in [`EXAMPLES`], which docs/language.md quotes;
//! - a [`Case`] is one function of the corpus at concrete types, with a runner that applies
//!   rustc's version to raw operands and reports a panic as a value;
//! - [`values`] makes the operands: edge values of each type and seeded random ones;
//! - [`Agreement`] says how close two results must be, bit for bit unless said otherwise.
//!
//! Nothing here knows Brolga's compiler. Invariant: both sides compile the same text: the
//! files of `kernels/` are modules of this package, where rustc's side calls Brolga's elementary
//! functions in place of std's (build.rs renames the methods; `brolga-functions` says why), and the
//! workspace's profile compiles it as a release build (integers wrap, no debug assertions).

extern crate self as brolga;

/// What kernel files import: the prelude with Brolga's elementary functions, and the attributes.
pub mod prelude {
    pub use brolga_functions::prelude::*;
    pub use brolga_macros::*;
}

mod agreement;
mod case;
mod examples;
// The corpus uses every form on purpose, also those that clippy would write otherwise.
#[allow(clippy::all, unused_assignments)]
mod kernels;
mod operand;
mod panic;
mod registry;
mod scalar;
pub mod values;

pub use agreement::{Agreement, compare_bits};
pub use case::{Access, Case, CaseKind, Param, Runner};
pub use examples::{EXAMPLES, cases as example_cases};
pub use kernels::{SOURCES, source};
pub use operand::Operand;
pub use panic::{Panic, catch};
pub use registry::cases;
pub use scalar::{Scalar, Word};
