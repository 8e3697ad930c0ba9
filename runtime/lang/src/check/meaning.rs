//! Tests: what the methods, casts and operators are lowered to means what std and rustc make
//! of them. Each expression is compiled by rustc and evaluated as a constant of a kernel file.

use crate::check::Session;
use crate::check::constant::integer;
use crate::diagnostic::Source;
use crate::ir::{ExprKind, Type};

/// The value of `const X: ty = text`, as the integer that its bits mean.
pub(super) fn evaluated(ty: &str, text: &str) -> i128 {
    let text = format!("const X: {ty} = {text};");
    let source = Source::new("constants.rs", &text);
    let parsed = crate::parse(&source);
    assert!(parsed.diagnostics.is_empty(), "{text}");
    let mut session = Session::new(&source, &parsed.file);
    let value = session.constant(0);
    assert!(session.errors.is_empty(), "{text}: {:?}", session.errors);
    match value.map(|value| (value.ty, value.kind)) {
        Some((Type::Scalar(s), ExprKind::Const(bits))) => integer(s, bits),
        _ => panic!("{text} has no scalar value"),
    }
}

macro_rules! agree {
    ($ty:ident: $($e:expr;)*) => {
        $({
            let expected: $ty = $e;
            let text = stringify!($e);
            assert_eq!(evaluated(stringify!($ty), text), expected as i128, "{text}");
        })*
    };
}

macro_rules! agree_bits {
    ($ty:ident: $($e:expr;)*) => {
        $({
            let expected: $ty = $e;
            let text = stringify!($e);
            let found = evaluated(stringify!($ty), text);
            assert_eq!(found, i128::from(expected.to_bits()), "{text}");
        })*
    };
}

#[test]
fn methods_of_integers_mean_what_std_makes_of_them() {
    agree! { i8:
        (-7_i8).rem_euclid(3); 7_i8.rem_euclid(-3); (-7_i8).div_euclid(3);
        (-7_i8).div_euclid(-3); 7_i8.div_euclid(-3); i8::MIN.wrapping_abs();
        (-5_i8).signum(); 0_i8.signum(); 100_i8.saturating_mul(2);
        (-100_i8).saturating_mul(2); (-100_i8).saturating_mul(-2);
        100_i8.saturating_add(100); i8::MIN.saturating_sub(1); i8::MIN.saturating_neg();
        i8::MIN.saturating_abs(); (-3_i8).saturating_pow(5); 3_i8.saturating_pow(5);
        (-2_i8).saturating_pow(7); (-2_i8).saturating_pow(8); 2_i8.saturating_pow(0);
        i8::MIN.wrapping_div(-1); i8::MIN.wrapping_rem(-1); 7_i8.wrapping_div(-2);
        i8::MIN.saturating_div(-1); 5_i8.clamp(-3, 3); (-5_i8).clamp(-3, 3);
        0x12_i8.rotate_left(3); (-127_i8).rotate_right(1); 0x12_i8.reverse_bits();
        121_i8.isqrt(); 120_i8.isqrt(); (-7_i8).midpoint(2); 7_i8.midpoint(-2);
        i8::MIN.midpoint(i8::MAX); (-3_i8).pow(3); 100_i8.wrapping_add(100);
        1_i8.wrapping_shl(9); (-64_i8).wrapping_shr(10); (-64_i8).unbounded_shr(10);
        1_i8.unbounded_shl(8); i8::MIN.wrapping_neg(); 127_u8.cast_signed();
        i8::MIN.overflowing_sub(1).0; 100_i8.overflowing_mul(3).0; i8::MIN.overflowing_neg().0;
        i8::MIN.wrapping_div_euclid(-1); (-7_i8).wrapping_rem_euclid(3);
    }
    agree! { u8:
        (-100_i8).unsigned_abs(); i8::MIN.unsigned_abs(); (-100_i8).abs_diff(100);
        3_u8.abs_diff(200); 200_u8.saturating_mul(2); 7_u8.div_ceil(2); 8_u8.div_ceil(2);
        5_u8.next_power_of_two(); 0_u8.next_power_of_two(); 8_u8.next_power_of_two();
        7_u8.next_multiple_of(4); 8_u8.next_multiple_of(4); 250_u8.midpoint(255);
        0_u8.wrapping_sub(1); 3_u8.saturating_pow(7); 255_u8.isqrt(); 3_u8.swap_bytes();
        200_u8.wrapping_neg(); (-1_i8).cast_unsigned();
    }
    agree! { u32:
        (-1_i8).count_ones(); 0_i8.leading_zeros(); 4_i8.trailing_zeros();
        (-4_i8).leading_ones(); 7_u64.trailing_ones(); 0x0f_u8.count_zeros();
        1000_u32.ilog10(); 999_u32.ilog10(); u64::MAX.ilog10(); 1_u8.ilog10();
        i64::MAX.ilog2(); 80_i32.ilog(3); 81_i32.ilog(3); 82_u64.ilog(3); 0_u16.leading_zeros();
        0x1234_u32.to_be(); 0x1234_u32.to_le(); u32::from_be(0x1234); i64::BITS;
    }
    agree! { u64:
        u64::MAX.isqrt(); 18446744065119617024_u64.isqrt(); 18446744065119617025_u64.isqrt();
        4503599761588224_u64.isqrt(); 4503599761588223_u64.isqrt(); u64::MAX.saturating_mul(2);
        u64::MAX.overflowing_mul(u64::MAX).0; 3_u64.saturating_pow(41); 3_u64.pow(40);
        0x0123_4567_89ab_cdef_u64.swap_bytes(); 0x0123_4567_89ab_cdef_u64.rotate_left(12);
    }
    agree! { i64:
        9223372030926249001_i64.isqrt(); 9223372030926249000_i64.isqrt(); i64::MAX.isqrt();
        i64::MIN.saturating_mul(i64::MIN); i64::MIN.saturating_mul(3);
        (-3_i64).saturating_pow(39); (-3_i64).saturating_pow(41);
    }
    agree! { bool:
        i64::MIN.overflowing_mul(-1).1; i64::MAX.overflowing_mul(1).1;
        (-4611686018427387904_i64).overflowing_mul(2).1; u64::MAX.overflowing_mul(1).1;
        (1_u64 << 32).overflowing_mul(1 << 32).1; 100_i8.overflowing_add(27).1;
        100_i8.overflowing_add(28).1; (-100_i8).overflowing_sub(29).1;
        (-100_i8).overflowing_sub(28).1; 0_u8.overflowing_neg().1; 1_u8.overflowing_neg().1;
        64_u8.is_power_of_two(); 0_u8.is_power_of_two(); 6_u8.is_multiple_of(0);
        0_u8.is_multiple_of(0); 6_u8.is_multiple_of(4); (-1_i8).is_negative();
        0_i8.is_positive();
    }
}

#[test]
fn methods_of_floats_mean_what_std_makes_of_them() {
    agree_bits! { f64:
        0.5_f64.round(); 0.49999999999999994_f64.round(); (-0.5_f64).round();
        2.5_f64.round(); (-0.2_f64).round(); 4503599627370497.5_f64.round();
        4503599627370497.0_f64.round(); 9007199254740993.0_f64.round();
        f64::INFINITY.round(); (-0.0_f64).round(); 0.7_f64.to_degrees();
        33.3_f64.to_radians(); (-7.5_f64).rem_euclid(2.0); 7.5_f64.rem_euclid(-2.0);
        (-7.5_f64).div_euclid(2.0); (-7.5_f64).div_euclid(-2.0); (-2.5_f64).signum();
        (-0.0_f64).signum(); 3.7_f64.fract(); (-3.7_f64).fract(); 5.0_f64.clamp(1.0, 3.0);
        (-5.0_f64).clamp(-1.0, 3.0); 3.0_f64.recip(); f64::MAX.midpoint(f64::MAX);
        1.0_f64.midpoint(4.0); 1.0_f64.next_up(); 1.0_f64.next_down(); 0.0_f64.next_up();
        0.0_f64.next_down(); (-1.0_f64).next_up(); (-1.0_f64).next_down();
        f64::INFINITY.next_up(); f64::NEG_INFINITY.next_up(); f64::MAX.next_up();
        2.5_f64.round_ties_even(); (-2.5_f64).copysign(1.0); f64::MIN_POSITIVE / 2.0;
        std::f64::consts::PI; f64::from(1_u8); (0.1_f32) as f64; u64::MAX as f64;
    }
    agree_bits! { f32:
        0.5_f32.round(); 0.49999997_f32.round(); (-0.5_f32).round(); 8388609.0_f32.round();
        4194304.5_f32.round(); 0.7_f32.to_degrees(); 33.3_f32.to_radians();
        1.0_f32.midpoint(4.0); f32::MAX.midpoint(f32::MAX); 1.0_f32.next_up();
        (-7.5_f32).rem_euclid(2.0); 16777217_i32 as f32; 0.1_f64 as f32; 1e300_f64 as f32;
    }
    agree! { bool:
        f64::NAN.is_nan(); f64::INFINITY.is_finite(); f64::MIN_POSITIVE.is_normal();
        (f64::MIN_POSITIVE / 2.0).is_subnormal(); 0.0_f64.is_subnormal();
        (-0.0_f64).is_sign_negative(); 0.0_f64.is_sign_positive(); f64::NEG_INFINITY.is_infinite();
        (1, 2.5) < (1, 3.5); (1, f64::NAN) < (1, 3.5); (2, f64::NAN) > (1, 3.5);
        (1, 2) <= (1, 2); (1, f64::NAN) <= (1, f64::NAN); (1, 2) != (1, 2);
    }
    agree! { i32:
        1e10_f64 as i32; -1e10_f64 as i32; -1.9_f64 as i32;
        match (3, true) { (0..=2, _) => 1, (n @ 3.., true) if n > 3 => 2, (n, _) => n * 7 };
        { let (a, b) = (1, 2); let mut s = a; let mut i = 0; while i < 5 { s += b; i += 1; } s };
        'a: { if 1 < 2 { break 'a 5; } 6 };
    }
    agree! { u8: 300_i32 as u8; -1_i32 as u8; 255.9_f64 as u8; -3.0_f32 as u8; true as u8; b'a'; }
}
