//! The kernel language: from source text to checked, typed kernel IR. Knows nothing of
//! Cranelift, of arrays at run time or of the cache.

#![forbid(unsafe_code)]

// Known to every Rust compiler, but not in the list of crates that every crate sees.
extern crate proc_macro;

pub mod ast;
pub mod attributes;
mod check;
pub mod diagnostic;
pub mod files;
mod fingerprint;
pub mod ir;
pub mod layout;
pub mod module;
#[cfg(test)]
mod node_tests;
mod parse;
mod print;
mod render;
mod stack;
pub mod suggest;
pub mod tables;
#[cfg(test)]
mod testing;
mod verify;
pub mod walk;

pub use check::GlobalMeta;
pub use files::FileText;
pub use fingerprint::fingerprint;
pub use module::{Module, SpecialiseError, UnknownFunction};
pub use parse::{MAX_BYTES, MAX_DEPTH, Parsed, parse};
pub use render::Style;
pub use stack::{Beside, beside};
pub use verify::verify;
