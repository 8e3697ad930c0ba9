//! Polynomials of `f64`, by Horner's scheme.

/// `c[0] + c[1] z + c[2] z^2 ...`, one fused step for each coefficient but the last.
#[inline(always)]
pub(crate) fn horner<const N: usize>(z: f64, c: &[f64; N]) -> f64 {
    let mut sum = c[N - 1];
    let mut k = N - 1;
    while k > 0 {
        k -= 1;
        sum = sum.mul_add(z, c[k]);
    }
    sum
}
