//! Casting, broadcasting, ufuncs and gufuncs over strided arrays.
//!
//! This package calls compiled kernels over whole arrays, with NumPy's rules: which
//! specialisation a call takes ([`resolve`]), how shapes broadcast ([`broadcast_shapes`]),
//! what is converted or copied first, in which order elements are visited, and what an
//! error says. It compiles nothing: a [`Specialise`] hands it the machine code; for
//! brolga-runtime's functions that is tied in `kernels`.
//!
//! Its invariants: the result of a call depends on the operands' values, shapes and
//! element types alone, not on memory layout, earlier calls or the number of threads;
//! nothing outside of the outputs is written; no input makes it panic.
//!
//! Any function of the right shape can stand in for compiled code:
//!
//! ```
//! use std::sync::Arc;
//!
//! use brolga_abi::{
//!     DType, ElementType, Entry, FunctionMeta, KernelContext, KernelKind, KernelOptions,
//!     ParamMeta, ParamType, Site,
//! };
//! use brolga_ufunc::{Error, Specialise, Specialised, UFunc};
//! use ndarray::{ArrayD, array};
//!
//! /// `fn half(x: f64) -> f64 { x / 2.0 }`, as a loop over one input and one output.
//! unsafe extern "C" fn half(
//!     args: *const *mut u8,
//!     dims: *const usize,
//!     steps: *const isize,
//!     _context: *mut KernelContext,
//! ) -> u32 {
//!     // SAFETY: the caller follows the calling convention of `KernelFn`.
//!     unsafe {
//!         for i in 0..*dims as isize {
//!             let x = *(*args).offset(i * *steps).cast::<f64>();
//!             *(*args.add(1)).offset(i * *steps.add(1)).cast::<f64>() = x / 2.0;
//!         }
//!     }
//!     0
//! }
//!
//! struct Half(FunctionMeta);
//!
//! struct Compiled;
//!
//! // SAFETY: `half` is a part of this program, takes and gives `f64`, and writes every
//! // element of its output.
//! unsafe impl Specialised for Compiled {
//!     fn entry(&self) -> Result<Entry, Error> {
//!         Ok(Entry { function: half, can_fail: false, cost: 1 })
//!     }
//!     fn sites(&self) -> Vec<Site> {
//!         Vec::new()
//!     }
//! }
//!
//! impl Specialise for Half {
//!     fn meta(&self) -> &FunctionMeta {
//!         &self.0
//!     }
//!     fn specialise(&self, _types: &[DType]) -> Result<Arc<dyn Specialised>, Error> {
//!         Ok(Arc::new(Compiled))
//!     }
//! }
//!
//! let f64s = ElementType::Concrete(DType::F64);
//! let half = UFunc::new(Arc::new(Half(FunctionMeta {
//!     name: "half".to_string(),
//!     kind: KernelKind::Vectorize,
//!     doc: String::new(),
//!     type_params: Vec::new(),
//!     params: vec![ParamMeta { name: "x".to_string(), ty: ParamType::Scalar(f64s) }],
//!     results: vec![f64s],
//!     options: KernelOptions::default(),
//! })))?;
//!
//! let y: ArrayD<f64> = half.call_array(&[(&array![[1.0, 2.0], [3.0, 4.0]]).into()])?;
//! assert_eq!(y, array![[0.5, 1.0], [1.5, 2.0]].into_dyn());
//! // Integers cast safely to f64, so they are accepted too.
//! let y: ArrayD<f64> = half.call_array(&[(&array![3i32, 5]).into()])?;
//! assert_eq!(y, array![1.5, 2.5].into_dyn());
//! # Ok::<(), Error>(())
//! ```

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
mod kernels;
mod loops;
mod options;
mod overlap;
mod plan;
mod prepared;
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
pub use half::{bf16, f16};
pub use jit::JitFunction;
pub use kernels::Kernels;
pub use num_complex::Complex;
pub use options::{CallOptions, Outputs};
pub use prepared::Prepared;
pub use promotion::{ArgumentType, WeakKind, promote, result_type};
pub use ufunc::UFunc;
pub use view::{Operand, WeakScalar};
