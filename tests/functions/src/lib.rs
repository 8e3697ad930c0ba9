//! Kernels compiled by rustc with Brolga's own elementary functions in place of std's, so that the
//! tests can ask for the same bits.
//!
//! std's `exp` is the system's libm, and Brolga's is `brolga-math`: both are right within their
//! bounds, and differ. So the text of a kernel is rewritten before rustc gets it ([`own_functions`]):
//! a method of an elementary function becomes the method `own_..` of the traits here, which call
//! the scalar functions of `brolga-math`; the lines stay as they are. The kernel files are not
//! touched, and Brolga reads the text as it was.
//!
//! Why not functions with libm's names in the test's executable: rustc's optimiser knows libm's
//! functions and computes `2.0.powf(x)` as `exp2(x)`, calls with constants at compile time, `sincos`
//! for `sin` and `cos`; std's `asinh`, `acosh` and `atanh` are formulas over other functions; and
//! everything else in the process would get them too. A rewritten call is opaque to the optimiser,
//! and what the rewriting does not know fails to compile or differs in a test.
//!
//! Complex functions are num-complex's own code, over a float type whose elementary functions are
//! Brolga's ([`Own`]).

mod complex;
mod own;
mod real;
mod rename;

pub use own::Own;
pub use rename::{NAMES, own_functions};

/// What a rewritten kernel imports in place of `brolga::prelude`, without the attributes.
pub mod prelude {
    pub use crate::complex::ComplexElementary;
    pub use crate::real::{Elementary, erf, erfc};
    pub use brolga_prelude::*;
}
