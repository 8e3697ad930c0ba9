//! Conversions of half precision numbers, which compiled code holds as their bits. The
//! rounding is that of the crate `half`, whatever that is: to nearest, ties to even, where of
//! an `f64` the lowest 32 bits may take no part.

use half::{bf16, f16};

use crate::table::definitions;

definitions! {
    HALF:
    nrt_bf16_from_f32(x: f32) -> u32 = bf16::from_f32(x).to_bits().into();
    nrt_bf16_from_f64(x: f64) -> u32 = bf16::from_f64(x).to_bits().into();
    nrt_f16_from_f32(x: f32) -> u32 = f16::from_f32(x).to_bits().into();
    nrt_f16_from_f64(x: f64) -> u32 = f16::from_f64(x).to_bits().into();
    nrt_f32_from_bf16(bits: u32) -> f32 = bf16::from_bits(bits as u16).to_f32();
    nrt_f32_from_f16(bits: u32) -> f32 = f16::from_bits(bits as u16).to_f32();
}
