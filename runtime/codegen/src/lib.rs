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

/// A hash over the sources of the packages that decide what a kernel compiles to, and over the
/// version of the Cranelift that is linked. Part of the cache's key.
pub const BUILD_ID: [u8; 32] = with_version(SOURCES_ID, cranelift_codegen::VERSION);

/// The hash over the sources alone.
const SOURCES_ID: [u8; 32] = include!(concat!(env!("OUT_DIR"), "/build_id.rs"));

/// Mixes a version into an id (FNV-1a, into the first eight bytes).
const fn with_version(mut id: [u8; 32], version: &str) -> [u8; 32] {
    let version = version.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < version.len() {
        hash = (hash ^ version[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    let hash = hash.to_le_bytes();
    let mut at = 0;
    while at < hash.len() {
        id[at] ^= hash[at];
        at += 1;
    }
    id
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_names_the_cranelift_that_is_linked() {
        let cranelift = format!(", cranelift {}", cranelift_codegen::VERSION);
        assert!(super::VERSION.ends_with(&cranelift));
    }

    #[test]
    fn another_cranelift_is_another_build() {
        let id = |version| super::with_version(super::SOURCES_ID, version);
        assert_eq!(super::BUILD_ID, id(cranelift_codegen::VERSION));
        let versions = ["0.135.8", "0.135.9", "0.136.8", "1.135.8", "0.135.80", ""];
        for (number, one) in versions.iter().enumerate() {
            for other in &versions[number + 1..] {
                assert_ne!(id(one), id(other), "{one:?} and {other:?}");
            }
        }
    }
}
