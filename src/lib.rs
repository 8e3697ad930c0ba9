//! A just-in-time runtime for numeric kernels over arrays. Kernels are ordinary Rust, read
//! at run time; Brolga specialises them to element types and CPU, compiles them with
//! Cranelift, runs them as ufuncs, gufuncs or jit functions over strided arrays, and keeps
//! the machine code on disk for the next process.
//!
//! ```
#![doc = include_str!("../examples/leaky_relu.rs")]
//! ```
//!
//! Kernels may also stand in a program, in a module that bears [`macro@kernels`]:
//!
//! ```
#![doc = include_str!("../examples/kernels_in_rust.rs")]
//! ```
//!
//! The kernel language is described in `docs/language.md`, the cache in `docs/cache.md`.
//! The package is a facade: each part lives in a package of its own and is re-exported here.

pub use brolga_abi::{
    Bound, DType, ElementType, FunctionMeta, GlobalMeta, GlobalType, GufuncSignature, KernelKind,
    KernelOptions, LoopCode, LoopKind, ParamMeta, ParamType, Place, RawView, RawViewMut, Site,
    Target, TypeParam, VectorCode,
};
pub use brolga_macros::kernels;
pub use brolga_parallel::Pool;
pub use brolga_runtime::{
    CacheConfig, CacheOutcome, CodeMemory, Counters, Error as RuntimeError,
    ErrorKind as RuntimeErrorKind, ExportedObject, Function, FunctionStatistics, GlobalElement,
    GlobalValue, KeptCheck, LoopReport, Mode, Module, Opt, Origin, Runtime, RuntimeBuilder,
    Specialisation, Switches, TargetSpec, Timings, code_memory,
};
pub use brolga_ufunc::{
    ArgumentType, ArrayBuffer, CallOptions, Casting, Complex, Element, Error, ErrorKind,
    ErrorLocation, GUFunc, JitFunction, Kernels, Operand, Outputs, Prepared, Scalar, UFunc,
    WeakScalar, bf16, f16, resolve, view, view_mut,
};

/// What a kernel file begins with: `use brolga::prelude::*;`.
pub mod prelude {
    pub use brolga_macros::{guvectorize, jit, vectorize};
    pub use brolga_prelude::*;
}

/// The cache on disk by itself, for programs that look after it.
pub mod cache {
    pub use brolga_cache::*;
}

/// Errors in kernel sources, with their places.
pub mod diagnostics {
    pub use brolga_lang::Style;
    pub use brolga_lang::diagnostic::{Diagnostic, Diagnostics, Source, Span};
}
