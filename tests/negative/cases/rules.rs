//! Rules of types and lints, each function a case of its own. rustc says which are right;
//! Brolga must agree.

use brolga::prelude::*;

fn method_of_a_literal() -> u32 {
    let found = 0;
    found.wrapping_add(1)
}
fn method_of_a_loop(n: u32) -> u32 {
    let found = loop {
        if n > 3 {
            break 0;
        }
    };
    found.wrapping_add(1)
}
fn method_of_an_if(n: u32) -> u32 {
    let found = if n > 3 { 0 } else { 1 };
    found.wrapping_add(1)
}
fn method_of_a_match(n: u32) -> u32 {
    let found = match n {
        0 => 1,
        _ => 2,
    };
    found.wrapping_add(1)
}
fn method_of_a_block() -> u32 {
    let found = { 1 };
    found.wrapping_add(1)
}
fn float_method_of_a_loop(n: u32) -> f64 {
    let found = loop {
        if n > 3 {
            break 0.5;
        }
    };
    found.sqrt()
}
fn shift_by_a_negative(x: i32) -> i32 {
    x << -1
}
fn shift_assign_by_a_negative(mut x: i32) -> i32 {
    x <<= -1;
    x
}
fn shift_assign_by_too_much(mut x: u8) -> u8 {
    x >>= 8;
    x
}
fn shift_by_typed_negative(x: i32) -> i32 {
    x >> -5i64
}
fn divide_assign_by_zero(mut x: i32) -> i32 {
    x /= 0;
    x
}
fn remainder_assign_by_zero(mut x: i32) -> i32 {
    x %= 0;
    x
}
fn divide_float_by_zero(mut x: f64) -> f64 {
    x /= 0.0;
    x
}
fn generic_divide_by_zero<T: Integer>(x: T) -> T {
    x / T::zero()
}
fn negated_least() -> i64 {
    -i64::MIN
}
fn divide_least() -> i32 {
    i32::MIN / -1
}
fn associated_type_arguments<T: Number>() -> T {
    T::zero::<T>()
}
fn associated_type_arguments_of_a_type() -> f64 {
    f64::from_bits::<f64>(3)
}
fn prelude_type_arguments(x: f64) -> f64 {
    erf::<f64>(x)
}
fn prelude_type_arguments_wrong(x: f64) -> f64 {
    erf::<f32>(x)
}
fn prelude_type_arguments_too_many(x: f64) -> f64 {
    erf::<f64, f64>(x)
}
fn prange_type_arguments(n: i64) -> i64 {
    let mut s = 0;
    for i in prange::<bool>(0..n) {
        s += i;
    }
    s
}
fn associated_type_arguments_infer<T: Number>() -> T {
    T::zero::<_>()
}
fn chosen_view(mut a: ArrayViewMut1<f64>, mut b: ArrayViewMut1<f64>, c: bool) {
    let r = if c { &mut a } else { &mut b };
    r[0] = 1.0;
    a[0] = 2.0;
    b[0] = 3.0;
}
fn chosen_view_held(mut a: ArrayViewMut1<f64>, mut b: ArrayViewMut1<f64>, c: bool) {
    let r = if c { &mut a } else { &mut b };
    b[0] = 3.0;
    r[0] = 1.0;
    a[0] = 2.0;
}
fn reassigned_view(mut a: ArrayViewMut1<f64>, mut b: ArrayViewMut1<f64>) {
    let mut r = &mut a;
    r[0] = 1.0;
    r = &mut b;
    r[0] = 1.0;
}
