//! The kernel language: from source text to checked, typed kernel IR. Knows nothing of
//! Cranelift, of arrays at run time or of the cache.

#![forbid(unsafe_code)]

pub mod ast;
pub mod diagnostic;
pub mod ir;
