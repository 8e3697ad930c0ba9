//! Closures that change what they capture, given where a closure that only reads is wanted.
//! rustc and Brolga refuse all of them, with codes of their own.

use brolga::prelude::*;

fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}
fn apply_lent<F: FnMut(f64)>(f: &mut F, x: f64) {
    f(x)
}

fn fn_closure_that_changes() -> f64 {
    let mut s = 1.0;
    apply(
        |x| {
            s += x;
            s
        },
        1.0,
    )
}
fn fn_closure_that_changes_a_fixed_array() -> f64 {
    let mut a = [1.0, 2.0];
    apply(
        |x| {
            a[0] += x;
            a[0]
        },
        1.0,
    )
}
fn fn_closure_that_swaps() -> f64 {
    let (mut a, mut b) = (1.0, 2.0);
    apply(
        |x| {
            std::mem::swap(&mut a, &mut b);
            a + x
        },
        1.0,
    )
}
fn fn_closure_that_lends() -> f64 {
    let mut a = 1.0;
    apply(
        |x| {
            let r = &mut a;
            *r += x;
            *r
        },
        1.0,
    )
}
fn fn_closure_that_fills() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    apply(
        |x| {
            a.fill(x);
            a[0]
        },
        1.0,
    )
}
fn fn_closure_that_reverses() -> f64 {
    let mut a = [1.0, 2.0];
    apply(
        |x| {
            a.reverse();
            a[0] + x
        },
        1.0,
    )
}
fn fn_closure_that_gives_a_changing_one() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply(
        |x| {
            apply_lent(&mut f, x);
            x
        },
        1.0,
    )
}
