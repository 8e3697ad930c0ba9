//! Tests of the vector loop by itself: compiled, linked and called without the entry function
//! and the scalar loop around it.

mod bits;
mod code;
mod ends;
mod evaluate;
mod harness;
mod interpret;
pub(crate) mod kernels;
mod measure;
mod programs;
mod reasons;
mod shapes;
mod source;
mod versions;
