//! Borrows by closures that are arguments of functions, each function a case of its own. rustc
//! says which are right; Brolga must agree, and name the same codes.

use brolga::prelude::*;

fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}
fn apply_mut(mut f: impl FnMut(f64), x: f64) {
    f(x)
}
fn apply_ref(f: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}
fn apply_lent<F: FnMut(f64)>(f: &mut F, x: f64) {
    f(x)
}
fn apply_last(x: f64, mut f: impl FnMut(f64)) {
    f(x)
}
fn two(f: impl Fn(f64) -> f64, g: impl Fn(f64) -> f64) -> f64 {
    f(1.0) + g(2.0)
}
fn two_mut(mut f: impl FnMut(f64), mut g: impl FnMut(f64)) {
    f(1.0);
    g(2.0);
}
fn mixed(mut f: impl FnMut(f64), g: impl Fn(f64) -> f64) {
    f(g(1.0))
}
fn fill(mut out: ArrayViewMut1<f64>, f: impl Fn(usize) -> f64) {
    for i in 0..out.len() {
        out[i] = f(i);
    }
}

fn changes_and_copied_after() -> f64 {
    let mut s = 1.0;
    apply_mut(|x| s += x, s);
    s
}
fn changes_and_copied_before() -> f64 {
    let mut s = 1.0;
    apply_last(s, |x| s += x);
    s
}
fn changes_and_read_in_an_expression() -> f64 {
    let mut s = 1.0;
    apply_mut(|x| s += x, s + 1.0);
    s
}
fn changes_then_read() -> f64 {
    let mut s = 1.0;
    apply_mut(|x| s += x, 2.0);
    s
}
fn reads_and_read() -> f64 {
    let s = 1.0;
    apply(|x| s + x, s)
}
fn reads_and_written_in_argument() -> f64 {
    let mut s = 1.0;
    apply(|x| s + x, {
        s = 2.0;
        s
    })
}
fn written_in_argument_before() -> f64 {
    let mut s = 1.0;
    apply_last(
        {
            s = 2.0;
            s
        },
        |x| s += x,
    );
    s
}
fn two_change() -> f64 {
    let mut s = 1.0;
    two_mut(|x| s += x, |x| s -= x);
    s
}
fn two_change_two() -> f64 {
    let (mut s, mut t) = (1.0, 2.0);
    two_mut(|x| s += x, |x| t -= x);
    s + t
}
fn two_read() -> f64 {
    let s = 1.0;
    two(|x| s + x, |x| s - x)
}
fn one_changes_one_reads() -> f64 {
    let mut s = 1.0;
    mixed(|x| s += x, |x| x + s);
    s
}
fn two_change_by_move() -> f64 {
    let mut s = 1.0;
    two_mut(move |x| s += x, move |x| s -= x);
    s
}
fn name_given_twice() -> f64 {
    let s = 1.0;
    let f = |x: f64| x + s;
    apply(f, 1.0) + apply(f, 2.0)
}
fn name_lent_twice() -> f64 {
    let s = 1.0;
    let f = |x: f64| x + s;
    apply_ref(&f, 1.0) + apply(&f, 2.0) + f(3.0)
}
fn changing_name_given_twice() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s += x;
    apply_mut(f, 1.0);
    apply_mut(f, 2.0);
    s
}
fn changing_name_given_once() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s += x;
    apply_mut(f, 1.0);
    s
}
fn changing_name_lent_twice() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply_lent(&mut f, 1.0);
    apply_mut(&mut f, 2.0);
    s
}
fn changing_name_lent_not_mutable() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s += x;
    apply_lent(&mut f, 1.0);
    s
}
fn changing_name_lent_and_captured_read() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply_lent(&mut f, s);
    s
}
fn changing_name_lent_and_read_between() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply_lent(&mut f, 1.0);
    let t = s;
    apply_lent(&mut f, 2.0);
    t
}
fn changing_name_lent_to_both() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    two_mut(&mut f, &mut f);
    s
}
fn name_lent_to_both() -> f64 {
    let s = 1.0;
    let f = |x: f64| s + x;
    two(&f, &f)
}
fn name_given_and_captured_written() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s + x;
    s = 2.0;
    apply(f, 1.0)
}
fn name_lent_and_captured_written() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s + x;
    s = 2.0;
    apply_ref(&f, 1.0)
}
fn name_lent_and_captured_written_after() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s + x;
    let t = apply_ref(&f, 1.0);
    s = 2.0;
    t + s
}
fn name_in_own_argument() -> f64 {
    let s = 1.0;
    let f = |x: f64| s + x;
    apply(&f, f(1.0))
}
fn changing_name_in_own_argument() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| {
        s += x;
        s
    };
    apply_last(f(1.0), |x| {
        f(x);
    });
    f(1.0)
}
fn changing_name_lent_and_called_in_argument() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply_lent(&mut f, {
        f(1.0);
        2.0
    });
    s
}
fn closure_that_calls_a_closure() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    apply_mut(|x| f(x), 1.0);
    f(1.0);
    s
}
fn closure_that_calls_a_closure_and_its_call() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| {
        s += x;
        s
    };
    apply_mut(
        |x| {
            f(x);
        },
        f(1.0),
    );
    s
}
fn output_and_closure_that_reads_it(mut out: ArrayViewMut1<f64>) {
    fill(out.view_mut(), |i| out[i] + 1.0);
}
fn output_and_closure_that_reads_another(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    fill(out.view_mut(), |i| a[i] + 1.0);
}
fn output_moved_and_closure_that_reads_it(out: ArrayViewMut1<f64>) {
    fill(out, |i| out[i] + 1.0);
}
fn output_and_closure_that_reads_its_length(mut out: ArrayViewMut1<f64>) {
    fill(out.view_mut(), |i| (out.len() - i) as f64);
}
fn closure_writes_array_given_too() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    apply_mut(|x| a[0] += x, a[1]);
    a[0]
}
fn closure_writes_array_given_before() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    apply_last(a[1], |x| a[0] += x);
    a[0]
}
fn closure_writes_fixed_array_given_too() -> f64 {
    let mut a = [1.0, 2.0];
    apply_mut(|x| a[0] += x, a[1]);
    a[0]
}
fn closure_moves_array() -> f64 {
    let a = Array1::<f64>::zeros(3);
    let y = apply(move |x| a[0] + x, 1.0);
    y + a[0]
}
fn closure_of_members() -> f64 {
    let mut t = (1.0, 2.0);
    apply_mut(|x| t.0 += x, t.1);
    t.0
}
fn closure_of_the_same_member() -> f64 {
    let mut t = (1.0, 2.0);
    apply_mut(|x| t.0 += x, t.0);
    t.0
}
fn reference_held_while_a_closure_changes() -> f64 {
    let mut s = 1.0;
    let r = &s;
    apply_mut(|x| s += x, 1.0);
    *r
}
fn reference_held_and_given(q: f64) -> f64 {
    let mut s = q;
    let r = &mut s;
    apply_mut(|x| *r += x, *r);
    s
}
fn through_a_mutable_reference(r: &mut f64) -> f64 {
    apply_mut(|x| *r += x, 1.0);
    *r
}
fn in_a_loop() -> f64 {
    let mut s = 1.0;
    for k in 0..3 {
        apply_mut(|x| s += x, k as f64);
    }
    s
}
fn in_a_loop_given_away() -> f64 {
    let mut s = 1.0;
    let f = |x: f64| s += x;
    for k in 0..3 {
        apply_mut(f, k as f64);
    }
    s
}
fn in_a_loop_lent() -> f64 {
    let mut s = 1.0;
    let mut f = |x: f64| s += x;
    for k in 0..3 {
        apply_mut(&mut f, k as f64);
    }
    s
}
fn passes_on(mut f: impl FnMut(f64)) {
    apply_mut(f, 1.0);
    f(2.0);
}
fn passes_on_lent(mut f: impl FnMut(f64)) {
    apply_mut(&mut f, 1.0);
    f(2.0);
}
fn passes_on_reference(f: &mut impl FnMut(f64)) {
    apply_lent(f, 1.0);
    apply_lent(f, 2.0);
}
fn passes_on_plain(f: impl Fn(f64) -> f64) -> f64 {
    apply(&f, 1.0) + apply(f, 2.0)
}
fn passes_on_plain_twice(f: impl Fn(f64) -> f64) -> f64 {
    apply(f, 1.0) + apply(f, 2.0)
}
fn passes_on_to_both(mut f: impl FnMut(f64)) {
    two_mut(&mut f, &mut f);
}
