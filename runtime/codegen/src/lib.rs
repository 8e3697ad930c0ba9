//! Kernel IR to relocatable objects: the one package that names Cranelift.
//!
//! A [`Compiler`] takes a checked [`brolga_lang::ir::Program`] and gives an [`Object`]: an
//! ELF file with one exported entry point in the shape of [`brolga_abi::KernelFn`], that
//! imports only symbols of [`brolga_abi::SYMBOLS`]. This package does not parse, type or
//! check kernels, does not link and does not run them.
//!
//! Invariants: the same program, name, target and switches give the same bytes, in whatever
//! process; compiled code neither traps nor calls anything outside of the NRT's table; no
//! program makes the compiler panic.

// Tests call what they compile.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod backend;
mod compiler;
mod cpu;
mod entry;
mod error;
mod inner;
mod layout;
mod plan;
mod report;
mod switches;
mod target;
mod translate;
mod unit;
mod vector;

pub use compiler::{Compiler, Object, Timings};
pub use error::{CodegenError, CodegenErrorKind};
pub use switches::{Opt, Switches};
pub use target::{Lacking, TargetSpec};

/// This package's version and Cranelift's, for the cache's key.
pub const VERSION: &str = concat!(
    "brolga-codegen ",
    env!("CARGO_PKG_VERSION"),
    ", cranelift 0.135.8"
);

/// A hash over the sources of the packages that decide what a kernel compiles to.
pub const BUILD_ID: [u8; 32] = include!(concat!(env!("OUT_DIR"), "/build_id.rs"));

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_names_the_cranelift_that_is_linked() {
        let cranelift = format!(", cranelift {}", cranelift_codegen::VERSION);
        assert!(super::VERSION.ends_with(&cranelift));
    }
}
