//! Cases of functions that take closures, and of types behind module paths.

use brolga_prelude::*;

use super::{each, for_floats, scalars};
use crate::case::{Case, case, gcase};
use crate::values::Domain::{Any, Between};

pub fn add(cases: &mut Vec<Case>) {
    for_floats! { cases;
        callables::roots(T) -> (T, T);
    }
    scalars! { cases;
        callables::quadrature: fn(f64) -> (f64, f64, f64);
        callables::newtons: fn(f64, f64) -> (f64, u32);
        callables::newtons: fn(f64, f64) -> (f64, u32), over(&[Between(0.5, 9.0), Between(0.5, 3.0)]);
        callables::decay: fn(f64, f64) -> f64;
        callables::counted: fn(u32) -> (u32, u32);
        callables::states: fn(i64) -> (i64, i64);
        callables::pointers: fn(u8) -> (u8, u8);
        callables::mapped: fn(f64, f64, f64) -> (f64, f64);
        callables::failing: fn(i32) -> i32;
        callables::failing: fn(i32) -> i32, over(&[Between(-2.0, 6.0)]);
        callables::fixed_by_closures: fn(i32, i32) -> (i32, i32);
        types_in_modules::lines: fn(f64, f64) -> (f64, f64);
        types_in_modules::modes: fn(f64) -> (f64, isize);
        types_in_modules::modes: fn(f64) -> (f64, isize), over(&[Between(0.0, 2.0)]);
        types_in_modules::pairs: fn(i32, i32) -> (i32, bool), over(&[Any, Any]);
    }
    cases.push(gcase!(callables::position: "(n),()->()",
        (ArrayView1<i32>, i32, ArrayViewMut0<i64>)));
    cases.push(gcase!(callables::made_by_closures: "(n)->(n),()",
        (ArrayView1<f64>, ArrayViewMut1<f64>, ArrayViewMut0<f64>)));
    cases.push(gcase!(callables::weighted: "(n)->(n)", (ArrayView1<f64>, ArrayViewMut1<f64>)));
}
