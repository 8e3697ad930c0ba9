//! Cases of what the language itself is made of: control flow, tuples, literals, constants,
//! inference, and failures.

use super::scalars;
use crate::case::{Case, case};
use crate::values::Domain::{Any, Between};

pub fn add(cases: &mut Vec<Case>) {
    scalars! { cases;
        control::sign: fn(f64) -> i32;
        control::nested_if: fn(i32, i32) -> i32;
        control::match_integer: fn(i32) -> i32;
        control::match_range: fn(u8) -> u8;
        control::match_guard: fn(i64, i64) -> i64;
        control::match_tuple: fn(i32, bool) -> i32;
        control::match_bool: fn(bool, bool) -> u8;
        control::quadrant: fn(f32, f32) -> u8;
        control::while_digits: fn(u64) -> (u32, u64);
        control::loop_break_value: fn(u32) -> u32;
        control::labelled_break: fn(i32) -> (i32, i32);
        control::labelled_break: fn(i32) -> (i32, i32), over(&[Between(0.0, 2500.0)]);
        control::labelled_loop_value: fn(u8) -> u16;
        control::block_value: fn(f64) -> f64;
        control::ranges: fn(u8) -> (u32, u32, u32, u32, i32);
        control::range_limits: fn(u8, u8) -> (u32, u32, u32);
        control::continue_odd: fn(i16) -> i32;
        control::early_return: fn(u32) -> u32;
        control::shadowing: fn(i32) -> f64;
        control::bound_is_read_once: fn(u8) -> u32;
        control::let_later: fn(bool, f64) -> f64;
        control::short_circuit: fn(i32, i32) -> bool;
        tuples::sort_three: fn(f64, f64, f64) -> (f64, f64, f64);
        tuples::square_twice: fn(f64, f64) -> (f64, f64);
        tuples::members: fn(i32, i64) -> (i64, i32);
        tuples::swap_assign: fn(u32, u32) -> (u32, u32);
        tuples::fibonacci_pair: fn(u8) -> u64;
        tuples::tuple_of_branches: fn(f32) -> (f32, bool, u8);
        tuples::units: fn(i32) -> i32;
        literals::integers: fn(i64) -> (i64, u8, i16, u32, u64);
        literals::floats: fn(f64) -> (f64, f64, f64, f64, f64, f64);
        literals::floats_f32: fn(f32) -> (f32, f32, f32, f32);
        literals::bytes: fn(u8) -> (u8, bool, u8, u8);
        literals::bools: fn(bool) -> (bool, bool);
        literals::least_values: fn(i64) -> (i8, i16, i32, i64);
        literals::negative_zero: fn(f64) -> (f64, f64, f64);
        constants::own: fn(f64, u32) -> (f64, u32, u8, bool, i64);
        constants::own_more: fn(f32) -> (f32, i32, f64);
        generic::at_several_types: fn(i32, f64) -> (f64, i64);
        inference::from_later_use: fn(u8) -> u8;
        inference::falls_back_to_i32: fn(bool) -> i64;
        inference::falls_back_to_f64: fn(f32) -> f32;
        inference::from_a_call: fn(i16) -> (i16, i16);
        inference::from_a_return: fn(i64) -> i64;
        inference::through_tuples: fn(f32, u16) -> (f32, u16);
        inference::through_shifts: fn(u8) -> (u64, i32);
        inference::through_match: fn(u32) -> i8;
        inference::through_loop_value: fn(u32) -> u64;
        inference::cast_to_the_expected: fn(f64, i32) -> f32;
        inference::from_an_assignment: fn(u32) -> u32;
        inference::method_on_a_known_type: fn(f64) -> f64;
        panics::divide: fn(i32, i32) -> i32;
        panics::remainder: fn(i64, i64) -> i64;
        panics::divide_unsigned: fn(u8, u8) -> (u8, u8);
        panics::divide_assign: fn(i16, i16) -> i16;
        panics::guarded_division: fn(i32, i32) -> i32;
        panics::asserted: fn(f64) -> f64;
        panics::asserted_with_message: fn(i32) -> i32;
        panics::panics_on_negative: fn(i64) -> i64;
        panics::panics_in_a_match: fn(u8) -> u8;
        panics::panic_as_a_value: fn(u32) -> u32;
        panics::fails_in_a_callee: fn(f32, f32) -> f32;
        panics::fails_in_a_loop: fn(i32) -> i32;
        panics::fails_in_a_loop: fn(i32) -> i32, over(&[Between(-3.0, 8.0)]);
        panics::clamp_order: fn(f64, f64, f64) -> f64;
        panics::step_of_zero: fn(u8) -> u32;
        panics::euclid_failures: fn(i8, i8) -> (i8, i8);
        panics::two_failures: fn(i32, i32) -> i32, over(&[Between(-2.0, 2.0), Any]);
    }
}
