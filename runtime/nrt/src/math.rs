//! The scalar math functions. Not vectorised, and not a math library of its own: Rust's std,
//! which on Linux means the system's libm, and the crate `libm` for what std lacks.
//!
//! Invariant: none of them panics, whatever the bits of its operands.

use crate::table::definitions;

definitions! {
    MATH:
    nrt_acos_f32(x: f32) -> f32 = x.acos();
    nrt_acos_f64(x: f64) -> f64 = x.acos();
    nrt_acosh_f32(x: f32) -> f32 = x.acosh();
    nrt_acosh_f64(x: f64) -> f64 = x.acosh();
    nrt_asin_f32(x: f32) -> f32 = x.asin();
    nrt_asin_f64(x: f64) -> f64 = x.asin();
    nrt_asinh_f32(x: f32) -> f32 = x.asinh();
    nrt_asinh_f64(x: f64) -> f64 = x.asinh();
    nrt_atan2_f32(y: f32, x: f32) -> f32 = y.atan2(x);
    nrt_atan2_f64(y: f64, x: f64) -> f64 = y.atan2(x);
    nrt_atan_f32(x: f32) -> f32 = x.atan();
    nrt_atan_f64(x: f64) -> f64 = x.atan();
    nrt_atanh_f32(x: f32) -> f32 = x.atanh();
    nrt_atanh_f64(x: f64) -> f64 = x.atanh();
    nrt_cbrt_f32(x: f32) -> f32 = x.cbrt();
    nrt_cbrt_f64(x: f64) -> f64 = x.cbrt();
    nrt_ceil_f32(x: f32) -> f32 = x.ceil();
    nrt_ceil_f64(x: f64) -> f64 = x.ceil();
    nrt_cos_f32(x: f32) -> f32 = x.cos();
    nrt_cos_f64(x: f64) -> f64 = x.cos();
    nrt_cosh_f32(x: f32) -> f32 = x.cosh();
    nrt_cosh_f64(x: f64) -> f64 = x.cosh();
    nrt_erf_f32(x: f32) -> f32 = libm::erff(x);
    nrt_erf_f64(x: f64) -> f64 = libm::erf(x);
    nrt_erfc_f32(x: f32) -> f32 = libm::erfcf(x);
    nrt_erfc_f64(x: f64) -> f64 = libm::erfc(x);
    nrt_exp2_f32(x: f32) -> f32 = x.exp2();
    nrt_exp2_f64(x: f64) -> f64 = x.exp2();
    nrt_exp_f32(x: f32) -> f32 = x.exp();
    nrt_exp_f64(x: f64) -> f64 = x.exp();
    nrt_exp_m1_f32(x: f32) -> f32 = x.exp_m1();
    nrt_exp_m1_f64(x: f64) -> f64 = x.exp_m1();
    nrt_floor_f32(x: f32) -> f32 = x.floor();
    nrt_floor_f64(x: f64) -> f64 = x.floor();
    nrt_fma_f32(x: f32, y: f32, z: f32) -> f32 = x.mul_add(y, z);
    nrt_fma_f64(x: f64, y: f64, z: f64) -> f64 = x.mul_add(y, z);
    nrt_fmod_f32(x: f32, y: f32) -> f32 = x % y;
    nrt_fmod_f64(x: f64, y: f64) -> f64 = x % y;
    nrt_gamma_f32(x: f32) -> f32 = libm::tgammaf(x);
    nrt_gamma_f64(x: f64) -> f64 = libm::tgamma(x);
    nrt_hypot_f32(x: f32, y: f32) -> f32 = x.hypot(y);
    nrt_hypot_f64(x: f64, y: f64) -> f64 = x.hypot(y);
    nrt_lgamma_f32(x: f32) -> f32 = libm::lgammaf(x);
    nrt_lgamma_f64(x: f64) -> f64 = libm::lgamma(x);
    nrt_ln_1p_f32(x: f32) -> f32 = x.ln_1p();
    nrt_ln_1p_f64(x: f64) -> f64 = x.ln_1p();
    nrt_ln_f32(x: f32) -> f32 = x.ln();
    nrt_ln_f64(x: f64) -> f64 = x.ln();
    nrt_log10_f32(x: f32) -> f32 = x.log10();
    nrt_log10_f64(x: f64) -> f64 = x.log10();
    nrt_log2_f32(x: f32) -> f32 = x.log2();
    nrt_log2_f64(x: f64) -> f64 = x.log2();
    nrt_powf_f32(x: f32, y: f32) -> f32 = x.powf(y);
    nrt_powf_f64(x: f64, y: f64) -> f64 = x.powf(y);
    nrt_round_ties_even_f32(x: f32) -> f32 = x.round_ties_even();
    nrt_round_ties_even_f64(x: f64) -> f64 = x.round_ties_even();
    nrt_sin_f32(x: f32) -> f32 = x.sin();
    nrt_sin_f64(x: f64) -> f64 = x.sin();
    nrt_sinh_f32(x: f32) -> f32 = x.sinh();
    nrt_sinh_f64(x: f64) -> f64 = x.sinh();
    nrt_tan_f32(x: f32) -> f32 = x.tan();
    nrt_tan_f64(x: f64) -> f64 = x.tan();
    nrt_tanh_f32(x: f32) -> f32 = x.tanh();
    nrt_tanh_f64(x: f64) -> f64 = x.tanh();
    nrt_trunc_f32(x: f32) -> f32 = x.trunc();
    nrt_trunc_f64(x: f64) -> f64 = x.trunc();
}
