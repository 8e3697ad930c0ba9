//! The vector loop of an elementwise kernel: kernel IR to a *strip program* (a small
//! program of its own over lanes and masks, `program.rs`), and that to 128-bit code.
//!
//! The vector loop never stands alone: it is a local function beside the scalar loop, takes
//! as many whole groups of elements as it can, and says how many elements it has done; the
//! scalar loop does the rest. Both give the same bits for every element (sign and payload of
//! a NaN aside), so that position, length and strides never show in a result.
//!
//! The contract with the entry function:
//!
//! 1. [`try_vectorise`] gives a [`StripProgram`], or a `Refusal` whose text is the reason
//!    for a scalar loop in the report. `StripProgram`'s `Display` is the line for a vector
//!    loop.
//! 2. [`emit`] writes it as a function of the type [`signature`], to be compiled under
//!    `opt_level=none` whatever the rest of the object has: the group is emitted operation by
//!    operation across its vectors, and the optimiser would undo that. It refers to no data
//!    and to no functions but those of the NRT.
//! 3. The function is `(args, n, steps, uniforms, cancel) -> done`. `args` and `steps`
//!    are those of `brolga_abi::KernelFn`, `n` the number of elements, `uniforms` the block of
//!    globals, `cancel` the address of the cancel flag. It returns how many elements, from the
//!    first, it has stored: those before a group that would fail, or in which the call was
//!    cancelled. Where the program is cheap these are whole groups, and none when an
//!    output's step is not its element's size, or when the step of an input that the body
//!    uses is neither its element's size nor 0; else steps may be any but an output's 0.
//!    It reads and writes nothing else. The entry
//!    calls it first and runs the scalar loop over `done..n`.
//!
//! What is vectorised: arithmetic of all scalar types and widths side by side, conversions,
//! branches, calls, loops of the kernel's own (also those whose turns differ between lanes),
//! tuples and small arrays. Failures end the loop before their group. What is not: recursive
//! functions, complex operands, large arrays, indices into arrays that vary, and what is mostly
//! done lane by lane (`cost.rs`).
//!
//! Operands may lie anywhere that their element's alignment allows. An output may coincide
//! exactly with an input of the same step: a group's loads come before its stores.

mod build;
mod carried;
mod constant;
mod control;
mod cost;
mod divide;
mod facts;
mod fail;
mod inner;
mod list;
mod loops;
mod lower;
mod masks;
mod nest;
mod numbers;
mod operators;
mod parts;
mod paths;
mod powers;
mod program;
mod ranges;
mod refusal;
mod report;
mod shape;
mod size;
#[cfg(test)]
pub(crate) mod tests;
mod versions;

use cranelift_codegen::ir::{AbiParam, FuncRef, Function, Signature, types};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig, TargetIsa};

use crate::error::CodegenError;
pub(crate) use build::{try_vectorise, vectorise_nest};
pub(crate) use nest::{Nest, Stream};
pub(crate) use program::{Spread, StripProgram};
pub(crate) use refusal::Refusal;
use shape::by_strips;
pub(crate) use versions::add_versions;

/// What the target can do beyond 128-bit vectors of SSE2.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct VectorFeatures {
    /// Whether this is x86-64 at all; the allow-list of operations is made for it.
    pub(crate) x86_64: bool,
    /// SSE4.1: rounding and blends in one instruction.
    pub(crate) sse41: bool,
    /// AVX and FMA: a fused multiply-add that is not a call.
    pub(crate) fma: bool,
}

impl VectorFeatures {
    /// The features that `isa` compiles for.
    pub(crate) fn of(isa: &dyn TargetIsa) -> VectorFeatures {
        let flags = isa.isa_flags();
        let has = |name: &str| {
            flags
                .iter()
                .any(|flag| flag.name == name && flag.as_bool() == Some(true))
        };
        VectorFeatures {
            x86_64: isa.triple().architecture == target_lexicon::Architecture::X86_64,
            sse41: has("has_sse41"),
            fma: has("has_avx") && has("has_fma"),
        }
    }
}

/// The type of a vector loop: see the top of this module.
pub(crate) fn signature() -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params = vec![AbiParam::new(types::I64); 5];
    signature.returns = vec![AbiParam::new(types::I64)];
    signature
}

/// What a vector loop gets from the object that it becomes a part of.
pub(crate) trait Imports {
    /// What the frontend library wants to know of the target.
    fn frontend_config(&self) -> TargetFrontendConfig;

    /// A reference to a symbol of the NRT, for use in `function`.
    fn import(&mut self, name: &str, function: &mut Function) -> Result<FuncRef, CodegenError>;
}

/// [`emit`]'s type.
pub(crate) type Emit =
    fn(&StripProgram, &mut Function, &mut dyn Imports) -> Result<(), CodegenError>;

/// Writes the vector loop of a strip program into an empty function with [`signature`].
pub(crate) fn emit(
    strip: &StripProgram,
    function: &mut Function,
    imports: &mut dyn Imports,
) -> Result<(), CodegenError> {
    shape::emit(strip, function, imports)
}
