//! The one table of symbols that compiled code may import. `brolga-nrt` defines each of
//! them, `brolga-codegen` imports from here, `brolga-link` resolves from here and refuses
//! every other name.

use std::mem::{offset_of, size_of};

use crate::context::{KernelContext, KernelError, ReductionDecl};

/// A machine type in a symbol's signature.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AbiType {
    /// Nothing (only as a result).
    Void,
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// A pointer.
    Pointer,
}

/// A symbol that compiled code may import.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SymbolDecl {
    /// Its name.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [AbiType],
    /// The type of its result.
    pub result: AbiType,
}

use AbiType::{F32, F64, I32, I64, Pointer, Void};

const fn decl(name: &'static str, params: &'static [AbiType], result: AbiType) -> SymbolDecl {
    SymbolDecl {
        name,
        params,
        result,
    }
}

const F32X1: &[AbiType] = &[F32];
const F32X2: &[AbiType] = &[F32, F32];
const F32X3: &[AbiType] = &[F32, F32, F32];
const F64X1: &[AbiType] = &[F64];
const F64X2: &[AbiType] = &[F64, F64];
const F64X3: &[AbiType] = &[F64, F64, F64];
/// Of a strip function of one operand: destination, source, count.
const STRIP: &[AbiType] = &[Pointer, Pointer, I64];
/// Of a strip function of two operands: destination, sources, count.
const STRIPX2: &[AbiType] = &[Pointer, Pointer, Pointer, I64];
/// Destination, source, the source's step in bytes, count.
const PACK: &[AbiType] = &[Pointer, Pointer, I64, I64];
/// Destination, its step in bytes, source, count.
const UNPACK: &[AbiType] = &[Pointer, I64, Pointer, I64];

/// Every symbol, sorted by name. Scalar math functions mean what the method of this name
/// means in Rust's std (`fmod` is `%`), `erf`, `erfc`, `gamma` and `lgamma` what the
/// prelude's functions of this name mean; their values are those of `brolga-math`. `nrt_v_` before
/// the name is the function for a strip: of each element the same bits; a source may be the
/// destination, and does not overlap it otherwise. `nrt_pack_8` and the like gather elements of
/// that many bits at any step, `nrt_unpack_8` scatter them.
pub const SYMBOLS: &[SymbolDecl] = &[
    decl("nrt_acos_f32", F32X1, F32),
    decl("nrt_acos_f64", F64X1, F64),
    decl("nrt_acosh_f32", F32X1, F32),
    decl("nrt_acosh_f64", F64X1, F64),
    decl("nrt_asin_f32", F32X1, F32),
    decl("nrt_asin_f64", F64X1, F64),
    decl("nrt_asinh_f32", F32X1, F32),
    decl("nrt_asinh_f64", F64X1, F64),
    decl("nrt_atan2_f32", F32X2, F32),
    decl("nrt_atan2_f64", F64X2, F64),
    decl("nrt_atan_f32", F32X1, F32),
    decl("nrt_atan_f64", F64X1, F64),
    decl("nrt_atanh_f32", F32X1, F32),
    decl("nrt_atanh_f64", F64X1, F64),
    decl("nrt_bf16_from_f32", F32X1, I32),
    decl("nrt_bf16_from_f64", F64X1, I32),
    decl("nrt_cbrt_f32", F32X1, F32),
    decl("nrt_cbrt_f64", F64X1, F64),
    decl("nrt_ceil_f32", F32X1, F32),
    decl("nrt_ceil_f64", F64X1, F64),
    decl("nrt_cos_f32", F32X1, F32),
    decl("nrt_cos_f64", F64X1, F64),
    decl("nrt_cosh_f32", F32X1, F32),
    decl("nrt_cosh_f64", F64X1, F64),
    // first element and byte stride of either, length
    decl("nrt_dot_f32", &[Pointer, I64, Pointer, I64, I64], F32),
    decl("nrt_dot_f64", &[Pointer, I64, Pointer, I64, I64], F64),
    decl("nrt_erf_f32", F32X1, F32),
    decl("nrt_erf_f64", F64X1, F64),
    decl("nrt_erfc_f32", F32X1, F32),
    decl("nrt_erfc_f64", F64X1, F64),
    decl("nrt_exp2_f32", F32X1, F32),
    decl("nrt_exp2_f64", F64X1, F64),
    decl("nrt_exp_f32", F32X1, F32),
    decl("nrt_exp_f64", F64X1, F64),
    decl("nrt_exp_m1_f32", F32X1, F32),
    decl("nrt_exp_m1_f64", F64X1, F64),
    decl("nrt_f16_from_f32", F32X1, I32),
    decl("nrt_f16_from_f64", F64X1, I32),
    decl("nrt_f32_from_bf16", &[I32], F32),
    decl("nrt_f32_from_f16", &[I32], F32),
    decl("nrt_floor_f32", F32X1, F32),
    decl("nrt_floor_f64", F64X1, F64),
    decl("nrt_fma_f32", F32X3, F32),
    decl("nrt_fma_f64", F64X3, F64),
    decl("nrt_fmod_f32", F32X2, F32),
    decl("nrt_fmod_f64", F64X2, F64),
    decl("nrt_gamma_f32", F32X1, F32),
    decl("nrt_gamma_f64", F64X1, F64),
    decl("nrt_hypot_f32", F32X2, F32),
    decl("nrt_hypot_f64", F64X2, F64),
    decl("nrt_lgamma_f32", F32X1, F32),
    decl("nrt_lgamma_f64", F64X1, F64),
    decl("nrt_ln_1p_f32", F32X1, F32),
    decl("nrt_ln_1p_f64", F64X1, F64),
    decl("nrt_ln_f32", F32X1, F32),
    decl("nrt_ln_f64", F64X1, F64),
    decl("nrt_log10_f32", F32X1, F32),
    decl("nrt_log10_f64", F64X1, F64),
    decl("nrt_log2_f32", F32X1, F32),
    decl("nrt_log2_f64", F64X1, F64),
    decl("nrt_pack_16", PACK, Void),
    decl("nrt_pack_32", PACK, Void),
    decl("nrt_pack_64", PACK, Void),
    decl("nrt_pack_8", PACK, Void),
    // ctx, body, env, n, cost of one iteration, reductions, their count, results -> status
    decl(
        "nrt_parallel_for",
        &[Pointer, Pointer, Pointer, I64, I64, Pointer, I64, Pointer],
        I32,
    ),
    decl("nrt_powf_f32", F32X2, F32),
    decl("nrt_powf_f64", F64X2, F64),
    decl("nrt_product_f32", &[Pointer, I64, Pointer], F32),
    decl("nrt_product_f64", &[Pointer, I64, Pointer], F64),
    decl("nrt_round_ties_even_f32", F32X1, F32),
    decl("nrt_round_ties_even_f64", F64X1, F64),
    // -> mark
    decl("nrt_scratch_begin", &[], I64),
    // mark -> 0
    decl("nrt_scratch_end", &[I64], I64),
    // count, size of an element, its bits -> address or 0
    decl("nrt_scratch_new", &[I64, I64, I64, I64], I64),
    // mark -> 0
    decl("nrt_scratch_release", &[I64], I64),
    decl("nrt_sin_f32", F32X1, F32),
    decl("nrt_sin_f64", F64X1, F64),
    decl("nrt_sinh_f32", F32X1, F32),
    decl("nrt_sinh_f64", F64X1, F64),
    // first element, axes, their lengths then byte strides
    decl("nrt_sum_f32", &[Pointer, I64, Pointer], F32),
    decl("nrt_sum_f64", &[Pointer, I64, Pointer], F64),
    decl("nrt_tan_f32", F32X1, F32),
    decl("nrt_tan_f64", F64X1, F64),
    decl("nrt_tanh_f32", F32X1, F32),
    decl("nrt_tanh_f64", F64X1, F64),
    decl("nrt_trunc_f32", F32X1, F32),
    decl("nrt_trunc_f64", F64X1, F64),
    decl("nrt_unpack_16", UNPACK, Void),
    decl("nrt_unpack_32", UNPACK, Void),
    decl("nrt_unpack_64", UNPACK, Void),
    decl("nrt_unpack_8", UNPACK, Void),
    decl("nrt_v_acos_f32", STRIP, Void),
    decl("nrt_v_acos_f64", STRIP, Void),
    decl("nrt_v_acosh_f32", STRIP, Void),
    decl("nrt_v_acosh_f64", STRIP, Void),
    decl("nrt_v_asin_f32", STRIP, Void),
    decl("nrt_v_asin_f64", STRIP, Void),
    decl("nrt_v_asinh_f32", STRIP, Void),
    decl("nrt_v_asinh_f64", STRIP, Void),
    decl("nrt_v_atan2_f32", STRIPX2, Void),
    decl("nrt_v_atan2_f64", STRIPX2, Void),
    decl("nrt_v_atan_f32", STRIP, Void),
    decl("nrt_v_atan_f64", STRIP, Void),
    decl("nrt_v_atanh_f32", STRIP, Void),
    decl("nrt_v_atanh_f64", STRIP, Void),
    decl("nrt_v_cbrt_f32", STRIP, Void),
    decl("nrt_v_cbrt_f64", STRIP, Void),
    decl("nrt_v_cos_f32", STRIP, Void),
    decl("nrt_v_cos_f64", STRIP, Void),
    decl("nrt_v_cosh_f32", STRIP, Void),
    decl("nrt_v_cosh_f64", STRIP, Void),
    decl("nrt_v_erf_f32", STRIP, Void),
    decl("nrt_v_erf_f64", STRIP, Void),
    decl("nrt_v_erfc_f32", STRIP, Void),
    decl("nrt_v_erfc_f64", STRIP, Void),
    decl("nrt_v_exp2_f32", STRIP, Void),
    decl("nrt_v_exp2_f64", STRIP, Void),
    decl("nrt_v_exp_f32", STRIP, Void),
    decl("nrt_v_exp_f64", STRIP, Void),
    decl("nrt_v_exp_m1_f32", STRIP, Void),
    decl("nrt_v_exp_m1_f64", STRIP, Void),
    decl("nrt_v_hypot_f32", STRIPX2, Void),
    decl("nrt_v_hypot_f64", STRIPX2, Void),
    decl("nrt_v_ln_1p_f32", STRIP, Void),
    decl("nrt_v_ln_1p_f64", STRIP, Void),
    decl("nrt_v_ln_f32", STRIP, Void),
    decl("nrt_v_ln_f64", STRIP, Void),
    decl("nrt_v_log10_f32", STRIP, Void),
    decl("nrt_v_log10_f64", STRIP, Void),
    decl("nrt_v_log2_f32", STRIP, Void),
    decl("nrt_v_log2_f64", STRIP, Void),
    decl("nrt_v_powf_f32", STRIPX2, Void),
    decl("nrt_v_powf_f64", STRIPX2, Void),
    decl("nrt_v_powi_f32", STRIPX2, Void),
    decl("nrt_v_powi_f64", STRIPX2, Void),
    decl("nrt_v_sin_f32", STRIP, Void),
    decl("nrt_v_sin_f64", STRIP, Void),
    decl("nrt_v_sinh_f32", STRIP, Void),
    decl("nrt_v_sinh_f64", STRIP, Void),
    decl("nrt_v_tan_f32", STRIP, Void),
    decl("nrt_v_tan_f64", STRIP, Void),
    decl("nrt_v_tanh_f32", STRIP, Void),
    decl("nrt_v_tanh_f64", STRIP, Void),
];

/// The declaration with this name.
pub fn symbol(name: &str) -> Option<&'static SymbolDecl> {
    SYMBOLS
        .binary_search_by(|decl| decl.name.cmp(name))
        .ok()
        .map(|k| &SYMBOLS[k])
}

/// A hash (FNV-1a, 64 bits) over the symbol table and the layout of every struct that
/// compiled code reads or writes.
pub const fn layout_hash() -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    let mut k = 0;
    while k < SYMBOLS.len() {
        let decl = &SYMBOLS[k];
        hash = hash.bytes(decl.name.as_bytes()).byte(decl.result as u8);
        let mut p = 0;
        while p < decl.params.len() {
            hash = hash.byte(decl.params[p] as u8);
            p += 1;
        }
        hash = hash.byte(0xff);
        k += 1;
    }
    let layout = [
        size_of::<KernelContext>(),
        offset_of!(KernelContext, error),
        offset_of!(KernelContext, first_index),
        offset_of!(KernelContext, stack_limit),
        offset_of!(KernelContext, cancel),
        offset_of!(KernelContext, globals),
        offset_of!(KernelContext, pool),
        size_of::<KernelError>(),
        offset_of!(KernelError, site),
        offset_of!(KernelError, element),
        offset_of!(KernelError, payload),
        size_of::<ReductionDecl>(),
        offset_of!(ReductionDecl, op),
        offset_of!(ReductionDecl, dtype),
        offset_of!(ReductionDecl, offset),
    ];
    let mut k = 0;
    while k < layout.len() {
        hash = hash.bytes(&(layout[k] as u64).to_le_bytes());
        k += 1;
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    const fn byte(self, byte: u8) -> Fnv {
        Fnv((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }
    const fn bytes(mut self, bytes: &[u8]) -> Fnv {
        let mut k = 0;
        while k < bytes.len() {
            self = self.byte(bytes[k]);
            k += 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_found_by_name() {
        assert!(SYMBOLS.windows(2).all(|w| w[0].name < w[1].name));
        assert_eq!(symbol("nrt_exp_f64").unwrap().params, &[F64]);
        assert_eq!(symbol("system"), None);
    }
}
