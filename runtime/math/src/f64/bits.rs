//! Integers and powers of two inside of `f64`, by additions and bit operations that vectors of
//! every level have (AVX2 neither converts `f64` to `i64` nor shifts it with its sign).

/// `1.5 * 2^52`: adding it to a number below `2^51` rounds that number to an integer, which then
/// stands, in two's complement, in the low bits of the sum.
pub(crate) const ROUNDER: f64 = 6_755_399_441_055_744.0;

const ONE: u64 = 0x3ff0_0000_0000_0000;
const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const FRACTION: u64 = (1 << 52) - 1;
/// `2^52`, whose low bits are an integer's.
const UNSIGNED: u64 = 0x4330_0000_0000_0000;

/// `2^k` for an integer `k` from -1022 to 1023; anything for another.
#[inline(always)]
pub(crate) fn power_of_two(k: f64) -> f64 {
    f64::from_bits(((k + ROUNDER).to_bits() << 52).wrapping_add(ONE))
}

/// `x * 2^k` for an integer `k` from -2000 to 2000 and an `x` near 1, rounded once (again, if `x`
/// was rounded) where the result is subnormal.
#[inline(always)]
pub(crate) fn scale(x: f64, k: f64) -> f64 {
    let half = k.mul_add(0.5, ROUNDER) - ROUNDER;
    x * power_of_two(half) * power_of_two(k - half)
}

/// The integer `k` and the `m` from `sqrt(1/2)` to `sqrt(2)` with `x = m * 2^k`, of a normal
/// positive `x`; anything for another.
#[inline(always)]
pub(crate) fn split(x: f64) -> (f64, f64) {
    let moved = x.to_bits().wrapping_sub(SQRT_HALF).wrapping_add(ONE);
    let k = f64::from_bits((moved >> 52) | UNSIGNED) - (4_503_599_627_370_496.0 + 1023.0);
    let m = f64::from_bits((moved & FRACTION).wrapping_add(SQRT_HALF));
    (k, m)
}

/// `c[0] + c[1] x + c[2] x^2 + ...`, as two interleaved Horner chains of `x2 = x * x`.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, x2: f64, c: &[f64; N]) -> f64 {
    let mut older = c[N - 1];
    let mut newer = c[N - 2];
    let mut k = N - 2;
    while k > 0 {
        k -= 1;
        (older, newer) = (newer, older.mul_add(x2, c[k]));
    }
    older.mul_add(x, newer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_scales_are_inverse() {
        for x in [1.0, 1.5, 0.75, f64::MIN_POSITIVE, f64::MAX, 1e-300, 3.7] {
            let (k, m) = split(x);
            assert!((0.7071..1.4143).contains(&m), "{x}");
            assert_eq!(scale(m, k), x);
        }
        assert_eq!(scale(1.0, -1074.0), f64::from_bits(1));
        assert_eq!(power_of_two(-1022.0), f64::MIN_POSITIVE);
    }

    #[test]
    fn polynomials_of_any_length() {
        assert_eq!(polynomial(2.0, 4.0, &[1.0, 3.0]), 7.0);
        assert_eq!(polynomial(2.0, 4.0, &[1.0, 3.0, 5.0]), 27.0);
        assert_eq!(polynomial(2.0, 4.0, &[1.0, 3.0, 5.0, 7.0]), 83.0);
        assert_eq!(polynomial(2.0, 4.0, &[1.0, 3.0, 5.0, 7.0, 9.0]), 227.0);
    }
}
