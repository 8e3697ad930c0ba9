//! The elementary functions of kernels, for one number and for a strip of numbers.
//!
//! Invariants:
//! * a function is one formula in plain Rust (`shape`), and everything else is that formula
//!   compiled again: for one number or a strip, for each [`Level`] of the CPU. So its bits do not
//!   depend on the width of vectors, on the position in a strip or on the machine. That asks of
//!   the formulas: only IEEE operations and `mul_add` (which is one rounding everywhere), no call
//!   of the system's libm, nothing that depends on the level;
//! * no function panics, allocates or branches on data outside of the rare `hard` paths;
//! * NaN gives NaN (its sign and payload are not defined), infinities, zeros and their signs, and
//!   the ends of domains are as in C's Annex F.
//!
//! Errors are stated in units in the last place (ulp) of the exact result's binade, at the head of
//! each formula, as measured by the tests.

pub mod f32;
pub mod f64;
mod lanes;
mod level;
mod pair;
mod shape;
mod table;
mod tabled;
mod version;

pub use level::Level;
pub use table::{Definition, Entry, definition, definitions};
