//! Values that rustc's lints follow through variables and constants: rustc refuses these,
//! Brolga accepts them, and they mean what the release build would make of them. Brolga only
//! looks at operands that are written out.

use brolga::prelude::*;

fn negated_least_by_steps() -> i64 {
    let m = i64::MIN;
    -m
}
fn sum_of_known() -> u8 {
    let a = 200u8;
    a + 100
}
fn sum_assign_of_known() -> u8 {
    let mut a = 200u8;
    a += 100;
    a
}
fn shift_by_known(x: i32) -> i32 {
    let n = 40;
    x << n
}
fn divide_by_known(x: i32) -> i32 {
    let n = 0;
    x / n
}
fn constant_divisor(x: i32) -> i32 {
    const ZERO: i32 = 0;
    x / ZERO
}
