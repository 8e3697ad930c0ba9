//! Borrows by closures and iterator chains, each function a case of its own. rustc says which
//! are right; Brolga must agree, and name the same codes.

use brolga::prelude::*;

fn captured_and_written() -> f64 {
    let mut x = 1.0;
    let f = |y: f64| x + y;
    x = 2.0;
    f(1.0)
}
fn captured_and_read() -> f64 {
    let x = 1.0;
    let f = |y: f64| x + y;
    x + f(1.0)
}
fn written_after_last_call() -> f64 {
    let mut x = 1.0;
    let f = |y: f64| x + y;
    let z = f(1.0);
    x = 2.0;
    x + z
}
fn changed_and_read() -> f64 {
    let mut x = 1.0;
    let mut f = |y: f64| x += y;
    f(1.0);
    let z = x;
    f(2.0);
    z
}
fn changed_and_read_after() -> f64 {
    let mut x = 1.0;
    let mut f = |y: f64| x += y;
    f(1.0);
    f(2.0);
    x
}
fn changed_and_written() -> f64 {
    let mut x = 1.0;
    let mut f = |y: f64| x += y;
    x = 2.0;
    f(2.0);
    x
}
fn two_closures_change() -> f64 {
    let mut x = 1.0;
    let mut f = |y: f64| x += y;
    let mut g = |y: f64| x -= y;
    f(1.0);
    g(1.0);
    x
}
fn two_closures_read() -> f64 {
    let x = 1.0;
    let f = |y: f64| x + y;
    let g = |y: f64| x - y;
    f(1.0) + g(1.0)
}
fn one_reads_one_changes() -> f64 {
    let mut x = 1.0;
    let f = |y: f64| x + y;
    let mut g = |y: f64| x -= y;
    g(1.0);
    f(1.0)
}
fn moved_copy() -> f64 {
    let mut x = 1.0;
    let f = move |y: f64| x + y;
    x = 2.0;
    f(1.0) + x
}
fn moved_copy_changes() -> f64 {
    let mut x = 1.0;
    let mut f = move |y: f64| {
        x += y;
        x
    };
    f(1.0) + x
}
fn captured_member() -> f64 {
    let mut t = (1.0, 2.0);
    let f = |y: f64| t.0 + y;
    t.1 = 3.0;
    f(t.1)
}
fn captured_member_written() -> f64 {
    let mut t = (1.0, 2.0);
    let f = |y: f64| t.0 + y;
    t.0 = 3.0;
    f(t.1)
}
fn captured_array(i: usize) -> f64 {
    let mut a = [1.0, 2.0];
    let f = |k: usize| a[k];
    a[i] = 3.0;
    f(0)
}
fn captured_view(mut a: ArrayViewMut1<f64>) -> f64 {
    let f = |k: usize| a[k];
    a[0] = 3.0;
    f(0)
}
fn captured_view_changes(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut f = |k: usize| a[k] = 1.0;
    f(0);
    a[0]
}
fn captured_view_changes_and_len(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut f = |k: usize| a[k] = 1.0;
    f(a.len() - 1);
    a[0]
}
fn closure_in_own_argument() -> f64 {
    let x = 1.0;
    let f = |y: f64| x + y;
    f(f(1.0))
}
fn changing_closure_in_own_argument() -> f64 {
    let mut x = 1.0;
    let mut f = |y: f64| {
        x += y;
        x
    };
    f(f(1.0))
}
fn return_in_a_closure() -> f64 {
    let mut x = 1.0;
    let f = |y: f64| {
        if y > 1.0 {
            return y;
        }
        y + 1.0
    };
    let r = &x;
    let z = f(*r);
    x = z;
    x
}
fn return_in_a_closure_and_conflict() -> f64 {
    let mut x = 1.0;
    let f = |y: f64| {
        return y;
    };
    let r = &x;
    x = f(1.0);
    *r
}
fn conflict_in_a_closure() -> f64 {
    let f = |y: f64| {
        let mut z = y;
        let r = &z;
        z = 2.0;
        *r
    };
    f(1.0)
}
fn sum_of_itself(a: ArrayView1<f64>) -> f64 {
    a.iter().map(|x| x * a[0]).sum::<f64>()
}
fn sum_into_the_source(mut a: ArrayViewMut1<f64>) {
    a[0] = a.iter().sum::<f64>();
}
fn chain_writes_its_source(mut a: ArrayViewMut1<f64>) {
    a.iter().for_each(|x| a[0] = *x);
}
fn chain_counts(a: ArrayView1<f64>) -> f64 {
    let mut n = 0.0;
    a.iter().for_each(|x| n += *x);
    n
}
fn chain_counts_while_borrowed(a: ArrayView1<f64>) -> f64 {
    let mut n = 0.0;
    let r = &n;
    a.iter().for_each(|x| n += *x);
    *r
}
fn chain_two_closures_change(a: ArrayView1<f64>) -> f64 {
    let mut n = 0.0;
    a.iter()
        .inspect(|x| n += **x)
        .for_each(|x| n -= *x);
    n
}
fn for_over_zip_writes_source(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    for (x, y) in a.iter().zip(b.iter()) {
        a[0] = *x + *y;
    }
}
fn for_over_zip_writes_other(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>) {
    for (i, x) in a.iter().enumerate() {
        b[i] = *x;
    }
}
fn for_over_enumerate_writes_source(mut a: ArrayViewMut1<f64>) {
    for (i, x) in a.iter().enumerate() {
        a[i] = *x;
    }
}
fn for_over_map_changes(a: ArrayView1<f64>) -> f64 {
    let mut n = 0.0;
    for x in a.iter().map(|x| x + 1.0) {
        n += x;
    }
    n
}
fn for_over_map_captures(a: ArrayView1<f64>) -> f64 {
    let mut n = 0.0;
    for x in a.iter().map(|x| x + n) {
        n += x;
    }
    n
}
fn rows_written(mut a: ArrayViewMut2<f64>) {
    for r in a.rows() {
        a[[0, 0]] = r[0];
    }
}
fn rows_read(a: ArrayView2<f64>) -> f64 {
    let mut s = 0.0;
    for r in a.rows() {
        s += r[0] * a[[0, 0]];
    }
    s
}
fn found_then_written(mut a: ArrayViewMut1<f64>) -> bool {
    let f = a.iter().find(|x| **x > 1.0);
    a[0] = 1.0;
    f.is_some()
}
fn found_copied_then_written(mut a: ArrayViewMut1<f64>) -> bool {
    let f = a.iter().copied().find(|x| *x > 1.0);
    a[0] = 1.0;
    f.is_some()
}
fn captured_by_option_map() -> f64 {
    let mut x = 1.0;
    let o = Some(2.0);
    let r = &x;
    let z = o.map(|y| y + x).unwrap_or(0.0);
    x = z + *r;
    x
}
fn closure_holds_reference() -> f64 {
    let mut x = 1.0;
    let r = &x;
    let f = |y: f64| *r + y;
    x = 2.0;
    f(1.0)
}
fn move_closure_holds_reference() -> f64 {
    let mut x = 1.0;
    let r = &x;
    let f = move |y: f64| *r + y;
    x = 2.0;
    f(1.0)
}
fn closure_through_mutable_reference(r: &mut f64) -> f64 {
    let mut f = |y: f64| *r += y;
    f(1.0);
    *r
}
fn closure_through_mutable_reference_used(r: &mut f64) -> f64 {
    let mut f = |y: f64| *r += y;
    let z = *r;
    f(1.0);
    z
}
fn from_fn_counts() -> i64 {
    let mut n = 0;
    let s = std::iter::from_fn(|| {
        n += 1;
        if n < 5 { Some(n) } else { None }
    })
    .sum::<i64>();
    s + n
}
