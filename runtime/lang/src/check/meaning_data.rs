//! Tests: what options, complex numbers and the checked methods are lowered to means what
//! rustc, std and num-complex make of them. Each expression is compiled by rustc and
//! evaluated as a constant of a kernel file.

use num_complex::Complex;

use super::meaning::evaluated;

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
fn checked_methods_mean_what_std_makes_of_them() {
    agree! { bool:
        100_i8.checked_add(27) == Some(127); 100_i8.checked_add(28) == None;
        (-100_i8).checked_sub(28) == Some(-128); (-100_i8).checked_sub(29) == None;
        i64::MIN.checked_mul(-1) == None; i64::MIN.checked_mul(1) == Some(i64::MIN);
        i8::MIN.checked_neg() == None; 0_u8.checked_neg() == Some(0); 1_u8.checked_neg() == None;
        i8::MIN.checked_abs() == None; (-7_i8).checked_abs() == Some(7);
        i8::MIN.checked_div(-1) == None; 7_i8.checked_div(0) == None; 7_i8.checked_div(-2) == Some(-3);
        i8::MIN.checked_rem(-1) == None; 7_u8.checked_rem(0) == None; 7_u8.checked_rem(4) == Some(3);
        (-7_i8).checked_div_euclid(2) == Some(-4); (-7_i8).checked_rem_euclid(2) == Some(1);
        i8::MIN.checked_div_euclid(-1) == None; 1_i8.checked_rem_euclid(0) == None;
        1_u8.checked_shl(7) == Some(128); 1_u8.checked_shl(8) == None;
        (-128_i8).checked_shr(7) == Some(-1); (-128_i8).checked_shr(8) == None;
        2_u8.checked_pow(7) == Some(128); 2_u8.checked_pow(8) == None; 0_u8.checked_pow(0) == Some(1);
        (-2_i8).checked_pow(7) == Some(-128); (-2_i8).checked_pow(8) == None;
        0_u8.checked_pow(255) == Some(0); (-1_i8).checked_pow(255) == Some(-1);
        3_u64.checked_pow(40) == Some(12157665459056928801); 3_u64.checked_pow(41) == None;
        128_u8.checked_next_power_of_two() == Some(128); 129_u8.checked_next_power_of_two() == None;
        0_u8.checked_next_power_of_two() == Some(1);
        250_u8.checked_next_multiple_of(7) == Some(252); 253_u8.checked_next_multiple_of(7) == None;
        3_u8.checked_next_multiple_of(0) == None; 255_u8.checked_next_multiple_of(255) == Some(255);
        (-4_i32).checked_isqrt() == None; 17_i32.checked_isqrt() == Some(4);
        0_u8.checked_ilog2() == None; 9_u8.checked_ilog2() == Some(3); 99_i8.checked_ilog10() == Some(1);
        (-9_i8).checked_ilog10() == None; 81_i32.checked_ilog(3) == Some(4);
        81_i32.checked_ilog(1) == None; 0_i32.checked_ilog(3) == None;
        5_u8.checked_add_signed(-5) == Some(0); 5_u8.checked_add_signed(-6) == None;
        255_u8.checked_add_signed(1) == None; 100_i8.checked_add_unsigned(27) == Some(127);
        100_i8.checked_add_unsigned(28) == None; (-128_i8).checked_add_unsigned(255) == Some(127);
        (-100_i8).checked_sub_unsigned(28) == Some(-128); (-100_i8).checked_sub_unsigned(29) == None;
        127_i8.checked_sub_unsigned(255) == Some(-128);
    }
    agree! { i8:
        i8::MIN.overflowing_abs().0; i8::MIN.overflowing_div(-1).0; i8::MIN.overflowing_rem(-1).0;
        (-7_i8).overflowing_div_euclid(2).0; (-7_i8).overflowing_rem_euclid(2).0;
        3_i8.overflowing_shl(9).0; (-64_i8).overflowing_shr(10).0; 3_i8.overflowing_pow(6).0;
        120_i8.saturating_add_unsigned(20); (-120_i8).saturating_sub_unsigned(20);
        120_i8.wrapping_add_unsigned(20); (-120_i8).wrapping_sub_unsigned(20);
        120_i8.overflowing_add_unsigned(20).0; 100_i8.saturating_add_unsigned(27);
    }
    agree! { u8:
        5_u8.saturating_add_signed(-6); 250_u8.saturating_add_signed(6); 5_u8.saturating_add_signed(6);
        5_u8.wrapping_add_signed(-6); 250_u8.overflowing_add_signed(6).0;
    }
    agree! { bool:
        i8::MIN.overflowing_abs().1; i8::MIN.overflowing_div(-1).1; 5_u8.overflowing_div(2).1;
        3_i8.overflowing_shl(9).1; 3_i8.overflowing_pow(4).1; 3_i8.overflowing_pow(5).1;
        (-2_i8).overflowing_pow(7).1; 250_u8.overflowing_add_signed(6).1; 250_u8.overflowing_add_signed(5).1;
        (-120_i8).overflowing_sub_unsigned(8).1; (-120_i8).overflowing_sub_unsigned(9).1;
    }
}

#[test]
fn options_mean_what_rustc_makes_of_them() {
    agree! { i32:
        Some(3).unwrap_or(4); None.unwrap_or(4); Some(3).unwrap_or_default();
        match Some(5) { Some(n) if n > 7 => 1, Some(4..=6) => 2, Some(_) => 3, None => 4 };
        match (Some(5), None::<i32>) { (Some(a), None) => a, (_, Some(b)) => b, _ => 0 };
        if let Some(n) = Some(2) && n > 1 && let Some(m) = Some(n + 1) { n * 10 + m } else { 0 };
        if let Some(n) = Some(2) && n > 3 { n } else { 9 };
        if let Some(n) = Option::None { n } else { 9 };
        { let mut n = Some(9); let mut s = 0; while let Some(k) = n { s += k; n = if k > 0 { Some(k - 2) } else { None }; } s };
        { let Some(n) = Some(4) else { panic!() }; n };
        Some(Some(6)).flatten().unwrap_or(1); match Some(1).zip(Some(2)) { Some((a, b)) => a * 10 + b, None => 0 };
        Some(3).unwrap(); Some(3).expect("text"); Some(8).or(Some(9)).unwrap_or(1);
        { let mut x = Some(3); let y = x.take(); let z = x.replace(7); y.unwrap_or(0) + z.unwrap_or(100) + x.unwrap_or(0) };
    }
    agree! { bool:
        Some(1) < Some(2); None < Some(i32::MIN); Some(1) == Some(1); None::<i32> == None;
        Some(1) >= None; Some(f64::NAN) == Some(f64::NAN); Some((1, 2)) != Some((1, 3));
        Some(1).is_some(); Some(1).is_none(); Some(1).xor(None) == Some(1); Some(1).xor(Some(2)) == None;
        Some(1).and(Some(2.5)) == Some(2.5); Some(&3).copied() == Some(3); Some(2).as_ref() == Some(&2);
        matches!(Some(5), Some(n) if n > 4); matches!(3, 4..=9 | 1);
    }
}

#[test]
fn arithmetic_of_complex_numbers_means_what_num_complex_makes_of_it() {
    agree_bits! { f64:
        (Complex::new(1.1, -2.3) + Complex::new(0.7, 3.9)).im;
        (Complex::new(1.1, -2.3) * Complex::new(0.7, 3.9)).re;
        (Complex::new(1.1, -2.3) * Complex::new(0.7, 3.9)).im;
        (Complex::new(1.1, -2.3) / Complex::new(0.7, 3.9)).re;
        (Complex::new(1.1, -2.3) / Complex::new(0.7, 3.9)).im;
        (Complex::new(17.1, -22.3) % Complex::new(0.7, 3.9)).re;
        (Complex::new(17.1, -22.3) % Complex::new(0.7, 3.9)).im;
        (Complex::new(1.1, -2.3) - 0.3).re; (0.3_f64 - Complex::new(1.1, 0.0)).im;
        (0.3_f64 / Complex::new(1.1, -2.3)).re; (0.3_f64 / Complex::new(1.1, -2.3)).im;
        (7.5_f64 % Complex::new(1.1, -2.3)).im; (Complex::new(17.1, -22.3) % 1.7).im;
        (3.1_f64 * Complex::new(1.1, -2.3)).im; (Complex::new(1.1, -2.3) / 0.3).im;
        (-Complex::new(0.0, 2.3)).re; Complex { im: 2.5, re: 1.5 }.re;
        { let mut z = Complex::new(1.0, 2.0); z += 1.5; z *= z; z.re -= 3.0; z /= Complex::new(0.1, 7.0); z.re };
        { let Complex { re, .. } = Complex::new(1.5, 2.5); re };
        match Complex::new(1.5, 2.5) { Complex { re: 1.0, .. } => 0.0, Complex { im, re } => re + im };
    }
    agree! { bool:
        Complex::new(1.0, 2.0) == Complex::new(1.0, 2.0); Complex::new(1.0, f64::NAN) != Complex::new(1.0, 2.0);
    }
}
