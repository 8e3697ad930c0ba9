//! The scalar math functions that `brolga-math` has not: those with one exact result, which std
//! computes, and the gamma functions of the crate `libm`.
//!
//! Invariant: none of them panics, whatever the bits of its operands.

use crate::table::definitions;

definitions! {
    MATH:
    nrt_ceil_f32(x: f32) -> f32 = x.ceil();
    nrt_ceil_f64(x: f64) -> f64 = x.ceil();
    nrt_floor_f32(x: f32) -> f32 = x.floor();
    nrt_floor_f64(x: f64) -> f64 = x.floor();
    nrt_fma_f32(x: f32, y: f32, z: f32) -> f32 = x.mul_add(y, z);
    nrt_fma_f64(x: f64, y: f64, z: f64) -> f64 = x.mul_add(y, z);
    nrt_fmod_f32(x: f32, y: f32) -> f32 = x % y;
    nrt_fmod_f64(x: f64, y: f64) -> f64 = x % y;
    nrt_gamma_f32(x: f32) -> f32 = libm::tgammaf(x);
    nrt_gamma_f64(x: f64) -> f64 = libm::tgamma(x);
    nrt_lgamma_f32(x: f32) -> f32 = libm::lgammaf(x);
    nrt_lgamma_f64(x: f64) -> f64 = libm::lgamma(x);
    nrt_round_ties_even_f32(x: f32) -> f32 = x.round_ties_even();
    nrt_round_ties_even_f64(x: f64) -> f64 = x.round_ties_even();
    nrt_trunc_f32(x: f32) -> f32 = x.trunc();
    nrt_trunc_f64(x: f64) -> f64 = x.trunc();
}
