//! Casting, broadcasting, ufuncs and gufuncs over strided arrays.
//!
//! This package calls compiled kernels over whole arrays, with NumPy's rules: which
//! specialisation a call takes ([`resolve`]), how shapes broadcast ([`broadcast_shapes`]),
//! what is converted or copied first, in which order elements are visited, and what an
//! error says. It compiles nothing: a [`Specialise`] hands it the machine code.
//!
//! Its invariants: the result of a call depends on the operands' values, shapes and
//! element types alone, not on memory layout, earlier calls or the number of threads;
//! nothing outside of the outputs is written; no input makes it panic.

mod arrays;
mod broadcast;
mod buffer;
mod casting;
mod convert;
mod dispatch;
mod element;
mod error;
mod function;
mod gufunc;
mod jit;
mod loops;
mod options;
mod overlap;
mod plan;
mod promotion;
mod staging;
mod trivial;
mod ufunc;
mod view;

pub use arrays::{view, view_mut};
pub use broadcast::broadcast_shapes;
pub use brolga_abi::{Dims, Strides, Target};
pub use buffer::ArrayBuffer;
pub use casting::{Casting, can_cast};
pub use convert::convert_elements;
pub use dispatch::{DTypes, Resolution, resolve};
pub use element::{Element, Scalar};
pub use error::{Error, ErrorKind, ErrorLocation};
pub use function::{CallEnvironment, Specialise, Specialised};
pub use gufunc::GUFunc;
pub use jit::JitFunction;
pub use options::{CallOptions, Outputs};
pub use promotion::{ArgumentType, WeakKind, promote, result_type};
pub use ufunc::UFunc;
pub use view::{Operand, WeakScalar};
