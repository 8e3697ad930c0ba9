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
//! 1. [`try_vectorise`] gives a [`StripProgram`], or a [`Refusal`] whose text is the reason
//!    for a scalar loop in the report. `StripProgram`'s `Display` is the line for a vector
//!    loop.
//! 2. [`compile`] makes it machine code without relocations, for an ISA from [`strip_isa`]
//!    (the target's own flags under `opt_level=none`: the group is emitted operation by
//!    operation across its vectors, and the optimiser would undo that). The bytes go into
//!    the object as a local function by `Module::define_function_bytes`.
//! 3. The function's type is [`signature`]: `(args, n, steps) -> done`. `args` and `steps`
//!    are those of `brolga_abi::KernelFn`, `n` the number of elements. It returns how many
//!    elements, from the first, it has stored: 0 when `n` is less than a group, when an
//!    output's step is not its element's size, or when the step of an input that the body
//!    uses is neither its element's size nor 0. It reads and writes nothing else. The entry
//!    calls it first and runs the scalar loop over `done..n`.
//!
//! Operands may lie anywhere that their element's alignment allows. An output may coincide
//! exactly with an input of the same step: a group's loads come before its stores.

mod build;
mod constant;
mod control;
mod loop_shape;
mod lower;
mod operators;
mod program;
mod refusal;
#[cfg(test)]
mod tests;

use cranelift_codegen::Context;
use cranelift_codegen::ir::{AbiParam, Signature, types};
use cranelift_codegen::isa::{self, OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_control::ControlPlane;

pub(crate) use build::try_vectorise;
pub(crate) use program::StripProgram;
pub(crate) use refusal::Refusal;

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

/// The machine code of a vector loop.
pub(crate) struct StripCode {
    /// The code with its constants; position independent, without relocations.
    pub(crate) bytes: Vec<u8>,
    /// Where it may start: a multiple of this many bytes.
    pub(crate) alignment: u64,
    /// Its CLIF, as text.
    pub(crate) clif: String,
    /// Cranelift's disassembly, when asked for.
    pub(crate) assembly: Option<String>,
}

/// The same target with `opt_level=none`; all else as `isa` has it.
pub(crate) fn strip_isa(isa: &dyn TargetIsa) -> Result<OwnedTargetIsa, String> {
    let mut shared = settings::builder();
    for flag in isa.flags().iter() {
        let value = if flag.name == "opt_level" {
            "none".to_string()
        } else {
            flag.value_string()
        };
        shared
            .set(flag.name, &value)
            .map_err(|error| format!("flag `{}`: {error}", flag.name))?;
    }
    let mut builder = isa::lookup(isa.triple().clone()).map_err(|error| error.to_string())?;
    for flag in isa.isa_flags() {
        builder
            .set(flag.name, &flag.value_string())
            .map_err(|error| format!("flag `{}`: {error}", flag.name))?;
    }
    builder
        .finish(settings::Flags::new(shared))
        .map_err(|error| error.to_string())
}

/// The type of a vector loop: `(args, n, steps) -> done`, see the top of this module.
pub(crate) fn signature(isa: &dyn TargetIsa) -> Signature {
    let mut signature = Signature::new(isa.default_call_conv());
    signature.params = vec![AbiParam::new(types::I64); 3];
    signature.returns = vec![AbiParam::new(types::I64)];
    signature
}

/// Compiles a strip program for an ISA from [`strip_isa`]. The error is Cranelift's own
/// text and means a gap in the allow-list of `operators.rs`: the kernel can still run by its
/// scalar loop.
pub(crate) fn compile(
    strip: &StripProgram,
    isa: &dyn TargetIsa,
    want_assembly: bool,
) -> Result<StripCode, String> {
    let mut context = Context::new();
    context.func.signature = signature(isa);
    loop_shape::emit(strip, &mut context.func, isa);
    context.set_disasm(want_assembly);
    let clif = context.func.display().to_string();
    let code = context
        .compile(isa, &mut ControlPlane::default())
        .map_err(|error| error.inner.to_string())?;
    if let Some(relocation) = code.buffer.relocs().first() {
        return Err(format!("a relocation in a vector loop: {relocation:?}"));
    }
    Ok(StripCode {
        bytes: code.buffer.data().to_vec(),
        alignment: u64::from(code.buffer.alignment),
        assembly: code.vcode.clone(),
        clif,
    })
}
