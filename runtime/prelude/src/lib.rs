//! What makes a Brolga kernel file valid Rust for rustc: the names that
//! `use brolga::prelude::*;` brings into scope, except the three attributes, which are
//! procedural macros and stand in `brolga-macros`.
//!
//! - [`ArrayView0`] to [`ArrayView6`] and [`ArrayViewMut0`] to [`ArrayViewMut6`] are
//!   ndarray's own types, not copies;
//! - [`Array0`] to [`Array6`] (local arrays of a kernel), [`Axis`], [`s!`], [`array!`],
//!   [`arr1`] and [`arr2`] are ndarray's too;
//! - [`Number`], [`Real`], [`Integer`] and [`Float`] are the bounds of generic kernels;
//! - [`Complex`], [`Complex32`], [`Complex64`] are num-complex's, [`f16`](struct@f16) and [`bf16`] half's own
//!   types;
//! - [`erf`], [`erfc`], [`gamma`] and [`lgamma`] are functions that std lacks;
//! - [`prange`] is a range whose iterations may run in parallel once Brolga compiles it.
//!
//! This package knows nothing of the compiler. Its invariants: importing everything from it
//! changes the meaning of no code that compiles without it (no trait member makes an inherent
//! method or a method of std's prelude ambiguous), and the members of the four traits, as
//! their documentation lists them, are exactly those that the kernel language knows on a type
//! parameter.
//!
//! One thing it adds: on a number whose type is not yet decided (`let x = 2.0; x.sqrt()`),
//! where rustc alone reports an ambiguous numeric type, a member of [`Integer`] or [`Float`]
//! applies, and the type is decided later or falls back to `i32` or `f64`.
//!
//! ```
//! use brolga_prelude::*;
//!
//! fn axpy<T: Float>(a: T, x: T, y: T) -> T {
//!     a * x + y
//! }
//!
//! fn total<T: Number>(a: ArrayView1<T>) -> T {
//!     let mut sum = T::zero();
//!     for &v in a.iter() {
//!         sum += v;
//!     }
//!     sum
//! }
//!
//! assert_eq!(axpy(2.0, 3.0, 1.0), 7.0);
//! assert_eq!(total(ArrayView1::from(&[1, 2, 3])), 6);
//! ```

#![forbid(unsafe_code)]

mod float;
mod integer;
mod number;
mod prange;
mod special;

pub use float::Float;
pub use integer::Integer;
pub use number::{Number, Real};
pub use prange::{ParallelRange, prange};
pub use special::{erf, erfc, gamma, lgamma};

pub use half::{bf16, f16};
pub use num_complex::{Complex, Complex32, Complex64};
/// In scope without a name: `T::zero()` and `T::one()` of [`Number`].
pub use num_traits::{One as _, Zero as _};

pub use ndarray::{
    Array0, Array1, Array2, Array3, Array4, Array5, Array6, Axis, arr1, arr2, array, s,
};
pub use ndarray::{
    ArrayView0, ArrayView1, ArrayView2, ArrayView3, ArrayView4, ArrayView5, ArrayView6,
    ArrayViewMut0, ArrayViewMut1, ArrayViewMut2, ArrayViewMut3, ArrayViewMut4, ArrayViewMut5,
    ArrayViewMut6,
};
