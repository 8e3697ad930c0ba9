//! The peers of `benches/call.rs`, as an expert would write them over slices. Compiled by
//! the benchmark itself with `rustc -C opt-level=3 -C target-cpu=native`.

use std::slice::{from_raw_parts, from_raw_parts_mut};

/// # Safety
/// `x`, `y` and `out` must point to `n` elements each; `out` overlaps neither. `a` is not
/// used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn add(_: f64, x: *const f64, y: *const f64, out: *mut f64, n: usize) {
    // SAFETY: the caller's promise.
    let (x, y, out) = unsafe {
        (from_raw_parts(x, n), from_raw_parts(y, n), from_raw_parts_mut(out, n))
    };
    for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
        *out = x + y;
    }
}

/// # Safety
/// As `add`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn axpy(a: f64, x: *const f64, y: *const f64, out: *mut f64, n: usize) {
    // SAFETY: the caller's promise.
    let (x, y, out) = unsafe {
        (from_raw_parts(x, n), from_raw_parts(y, n), from_raw_parts_mut(out, n))
    };
    for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
        *out = a * x + y;
    }
}

/// # Safety
/// As `add`; `y` is not used either.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leaky_relu(_: f64, x: *const f64, _: *const f64, out: *mut f64, n: usize) {
    // SAFETY: the caller's promise.
    let (x, out) = unsafe { (from_raw_parts(x, n), from_raw_parts_mut(out, n)) };
    for (out, &x) in out.iter_mut().zip(x) {
        *out = if x < 0.0 { 0.1 * x } else { x };
    }
}
