//! The kernel language: from source text to checked, typed kernel IR. Knows nothing of
//! Cranelift, of arrays at run time or of the cache.

#![forbid(unsafe_code)]

// Known to every Rust compiler, but not in the list of crates that every crate sees.
extern crate proc_macro;

pub mod ast;
pub mod attributes;
mod check;
pub mod diagnostic;
pub mod ir;
pub mod module;
mod parse;
mod render;
pub mod suggest;

pub use module::{Module, SpecialiseError, UnknownFunction};
pub use parse::{MAX_BYTES, MAX_DEPTH, Parsed, parse};
pub use render::Style;
