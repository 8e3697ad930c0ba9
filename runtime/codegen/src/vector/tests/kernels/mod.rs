//! Elementwise kernels as IR built by hand, each with the same function in Rust.

mod floats;
mod integers;
mod ir;
mod masks;
mod paths;

use brolga_lang::ir::Program;

pub(crate) use floats::{axpy, for_modern_machines, leaky, poly8};
pub(crate) use ir::*;

/// A kernel with its meaning: the bits of the operands of one element to those of its
/// results, both as in `ExprKind::Const`.
pub(crate) struct Kernel {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    pub(crate) reference: fn(&[u64]) -> Vec<u64>,
}

/// Every kernel that must have a vector loop.
pub(crate) fn all() -> Vec<Kernel> {
    let mut kernels = floats::all();
    kernels.extend(integers::all());
    kernels.extend(masks::all());
    kernels.extend(paths::all());
    kernels
}

fn to_f64(bits: &[u64], k: usize) -> f64 {
    f64::from_bits(bits[k])
}

fn to_f32(bits: &[u64], k: usize) -> f32 {
    f32::from_bits(bits[k] as u32)
}

fn from_f64(value: f64) -> Vec<u64> {
    vec![value.to_bits()]
}

fn from_f32(value: f32) -> Vec<u64> {
    vec![u64::from(value.to_bits())]
}
