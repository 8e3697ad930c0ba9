//! Importing the prelude must change the meaning of nothing, and its traits must say what
//! the inherent methods say.

use brolga_prelude::*;

#[test]
fn methods_of_concrete_types_stay_unambiguous() {
    let (signed, unsigned) = (3_i32, 3_u8);
    assert_eq!(signed.min(2), 2);
    assert_eq!(unsigned.max(9).clamp(1, 5), 5);
    assert_eq!(2.0_f64.min(f64::NAN).max(1.0).clamp(0.0, 1.5), 1.5);
    assert_eq!((-7_i64).div_euclid(2), -4);
    assert_eq!((-7.0_f32).rem_euclid(2.0), 1.0);
    assert_eq!(9_u16.pow(2).isqrt(), 9);
    assert_eq!((1_u32.checked_sub(2), 5_i8.checked_neg()), (None, Some(-5)));
    assert_eq!((i8::MAX, f32::MAX, u16::BITS), (127, 3.402_823_5e38, 16));
    assert_eq!(i16::MAX.wrapping_add(1), i16::MIN);
}

fn integer_members<T: Integer>(a: T, b: T) -> (T, T, T, u32, bool) {
    let mut bits = (a & b) | (a ^ b) | !T::zero();
    bits <<= 3;
    bits >>= 1_u32;
    (
        a.min(b).clamp(T::MIN, T::MAX),
        a.pow(2).wrapping_sub(b),
        bits << 2 >> 2,
        a.count_ones() + T::BITS,
        a.overflowing_add(b).1 || a == b || a > b,
    )
}

#[test]
fn an_integer_parameter_does_what_the_type_does() {
    assert_eq!(integer_members(15_u8, 100), (15, 125, 0x3c, 12, false));
    assert_eq!(integer_members(-3_i64, 5), (-3, 4, -4, 127, false));
}

fn float_members<T: Float>(x: T, y: T) -> (T, T, T, bool, f64) {
    (
        (-x).mul_add(y, T::one()).abs().sqrt().powi(3),
        x.min(y).max(T::from_i32(-2)).clamp(T::MIN, T::MAX),
        erf(x) + erfc(x) + gamma(y) + lgamma(y) + T::from_f64(0.5),
        T::NAN.is_nan() && T::EPSILON < T::MIN_POSITIVE.recip(),
        T::INFINITY.to_f64(),
    )
}

#[test]
fn a_float_parameter_does_what_the_type_does() {
    let (x, y) = (0.25, 3.0);
    let expected = (
        0.125,
        0.25,
        3.5 + std::f64::consts::LN_2,
        true,
        f64::INFINITY,
    );
    assert_eq!(float_members(x, y), expected);
    let narrow = float_members(x as f32, y as f32);
    assert_eq!(narrow.0, 0.125);
    assert!((narrow.2 - expected.2 as f32).abs() < 1e-6);
}

#[test]
fn numbers_convert_from_i32_as_a_cast_does() {
    assert_eq!(u8::from_i32(-1), 255);
    assert_eq!(i8::from_i32(300), 44);
    assert_eq!(f32::from_i32(i32::MAX), 2_147_483_648.0);
    assert_eq!(usize::from_i32(-1), usize::MAX);
}

#[test]
fn prange_runs_in_order() {
    let mut seen = Vec::new();
    for i in prange(0_usize..3) {
        seen.push(i as i64);
    }
    for i in prange(-1_i64..=1).rev() {
        seen.push(i);
    }
    for i in prange(0..7).step_by(3) {
        seen.push(i);
    }
    assert_eq!(seen, [0, 1, 2, 1, 0, -1, 0, 3, 6]);
}
