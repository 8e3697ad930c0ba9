//! Cases of structs, enums and mutable references.

use brolga_prelude::*;

use super::{each, for_floats, for_numbers, scalars};
use crate::case::{Case, case, gcase};
use crate::values::Domain::{Any, Between};

pub fn add(cases: &mut Vec<Case>) {
    for_floats! { cases;
        structs::falling(T, T, T) -> (T, T);
    }
    for_numbers! { cases;
        references::generic_place(T, T) -> (T, T);
    }
    scalars! { cases;
        structs::unit_vector: fn(f64, f64) -> (f64, f64, bool);
        structs::vector_operators: fn(f64, f64, f64) -> (f64, f64);
        structs::vector_comparisons: fn(f64, f64, f64) -> (bool, bool, bool, bool, bool);
        structs::concrete_impl: fn(f32, f32) -> f64;
        structs::order_of_fields: fn(u32) -> (u32, u32, u32);
        structs::moved_along: fn(u8, u64) -> u64;
        structs::struct_patterns: fn(i32, i32) -> i32;
        structs::struct_patterns: fn(i32, i32) -> i32, over(&[Between(-2.0, 12.0), Between(-2.0, 12.0)]);
        structs::unit_struct: fn(i8) -> i64;
        structs::nested_defaults: fn(u8, i16) -> (bool, i16, bool);
        enums::discriminants: fn(u32) -> (isize, i8, u64, f64);
        enums::enum_order: fn(u32, u32) -> (bool, bool, bool, bool);
        enums::small_casts: fn(u8) -> (u8, i8, u32);
        enums::enum_constants: fn(u32) -> i32;
        enums::machine: fn(i64, u8) -> i64;
        enums::two_enums: fn(u32, u32) -> u8;
        references::sort_by_references: fn(f64, f64, f64) -> (f64, f64, f64, u8);
        references::xorshift: fn(u64) -> (u64, u64);
        references::members: fn(i32, i32) -> (i32, i32, i32);
        references::counters: fn(f64, f64) -> (u32, f64, bool);
        references::recursive: fn(u16) -> (u32, u64);
        references::standard: fn(u32, u32) -> (u32, u32, u32);
        references::out_of_loops: fn(f64, f64) -> (f64, f64);
        references::out_of_loops: fn(f64, f64) -> (f64, f64), over(&[Between(0.5, 9.0), Any]);
    }
    cases.push(gcase!(structs::variance<f64>: "(n)->()", (ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(structs::variance<f32>: "(n)->()", (ArrayView1<f32>, ArrayViewMut0<f32>)));
    cases.push(gcase!(structs::closest: "(n),(n)->()",
        (ArrayView1<f64>, ArrayView1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(references::bubble: "(n)->(n)", (ArrayView1<f64>, ArrayViewMut1<f64>)));
    cases.push(gcase!(references::elements: "(n)->(n)", (ArrayView1<i32>, ArrayViewMut1<i32>)));
    cases.push(gcase!(references::beyond: "(n),()->(n)",
        (ArrayView1<i32>, u8, ArrayViewMut1<i32>)));
}
