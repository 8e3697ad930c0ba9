//! More borrows: members of tuples that are carried apart, nested loops, labelled breaks,
//! generic code, `match`, and references that change hands.

use brolga::prelude::*;

fn keep(a: &mut ArrayViewMut1<f64>, b: &ArrayView1<f64>, v: f64) {
    a[0] = b[0] + v;
}
fn read(a: &ArrayViewMut1<f64>) -> f64 {
    a[0]
}
fn larger(a: &f64, b: &f64) -> bool {
    *a > *b
}

fn members_apart() -> i32 {
    let mut x = 1;
    let y = 2;
    let t = (&x, &y);
    x = 2;
    *t.1 + x
}
fn members_apart_used(c: bool) -> i32 {
    let mut x = 1;
    let y = 2;
    let t = (&x, &y);
    if c {
        return *t.1;
    }
    x = 2;
    *t.0
}
fn mixed_tuple() -> i32 {
    let mut x = 1;
    let t = (&x, 5);
    x = 2;
    t.1 + x
}
fn mixed_tuple_copied() -> i32 {
    let mut x = 1;
    let t = (&x, 5);
    let s = t;
    x = 2;
    s.1 + x
}
fn reference_to_a_tuple_member_of_a_reference() -> i32 {
    let mut t = (1, 2);
    let r = &t;
    let m = &r.1;
    t.0 = 5;
    *m
}
fn nested_loops(n: i32) -> i32 {
    let mut x = 0;
    let y = 0;
    let mut r = &y;
    for i in 0..n {
        for _ in 0..i {
            x += 1;
        }
        if *r > i {
            r = &y;
        }
    }
    x + *r
}
fn nested_loops_held(n: i32) -> i32 {
    let mut x = 0;
    let y = 0;
    let mut r = &y;
    for i in 0..n {
        for _ in 0..i {
            x += 1;
        }
        r = &x;
    }
    *r
}
fn break_outer(n: i32) -> i32 {
    let mut x = 0;
    let y = 7;
    let r = 'outer: loop {
        loop {
            x += 1;
            if x > n {
                break 'outer &x;
            }
            if x > 100 {
                break;
            }
        }
        if n > 5 {
            break &y;
        }
    };
    *r
}
fn break_outer_and_write(n: i32) -> i32 {
    let mut x = 0;
    let y = 7;
    let r = 'outer: loop {
        loop {
            x += 1;
            if x > n {
                break 'outer &x;
            }
            if x > 100 {
                break;
            }
        }
        if n > 5 {
            break &y;
        }
    };
    x = 1;
    *r + x
}
fn early_break_of_a_scope(n: i32) -> i32 {
    let y = 1;
    let r = 'outer: loop {
        let x = n;
        let mut q = &y;
        loop {
            if *q > 3 {
                break 'outer *q;
            }
            q = &x;
        }
    };
    r
}
fn early_break_with_a_reference(n: i32) -> i32 {
    let y = 1;
    let r = 'outer: loop {
        let x = n;
        let mut q = &y;
        loop {
            if *q > 3 {
                break 'outer q;
            }
            q = &x;
        }
    };
    *r
}
fn condition_borrows(mut x: f64, y: f64) -> f64 {
    while larger(&x, &y) {
        x /= 2.0;
    }
    x
}
fn condition_holds(mut x: f64) -> f64 {
    let limit = &x;
    while *limit > 1.0 {
        x /= 2.0;
    }
    x
}
fn if_condition_then_write(mut x: f64, y: f64) -> f64 {
    if larger(&x, &y) {
        x = y;
    }
    x
}
fn match_on_a_reference(mut x: i32) -> i32 {
    let r = &x;
    match *r {
        0 => x = 1,
        1 => x += 1,
        _ => {}
    }
    x
}
fn match_on_a_reference_used(mut x: i32) -> i32 {
    let r = &x;
    match *r {
        0 => x = 1,
        _ => {}
    }
    *r
}
fn lazy_and(mut x: i32) -> bool {
    let r = &x;
    *r > 0 && {
        x = 5;
        x > 3
    }
}
fn lazy_and_held(mut x: i32) -> bool {
    let r = &x;
    *r > 0
        && {
            x = 5;
            x > 3
        }
        && *r > 2
}
fn two_views(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    let r = &b;
    keep(&mut a, r, r[0]);
    keep(&mut a, &b, b[0]);
}
fn element_of_the_same(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    keep(&mut a, &b, read(&a));
}
fn read_before(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    let v = read(&a);
    keep(&mut a, &b, v);
}
fn through_references(a: &mut ArrayViewMut1<f64>, b: &ArrayView1<f64>) {
    keep(a, b, b[0]);
    keep(a, b, a[0]);
    let v = read(a);
    keep(a, b, v);
}
fn through_references_read(a: &mut ArrayViewMut1<f64>, b: &ArrayView1<f64>) {
    keep(a, b, read(a));
}
fn reborrowed_in_a_loop(a: &mut ArrayViewMut1<f64>, n: usize) {
    for i in 0..n {
        let r = &mut *a;
        r[i] = 1.0;
        a[i] += 1.0;
    }
}
fn held_over_a_loop(a: &mut ArrayViewMut1<f64>, n: usize) {
    let r = &mut *a;
    for i in 0..n {
        r[i] = 1.0;
        a[i] += 1.0;
    }
}
fn generic_reference<T: Real>(mut x: T, y: T) -> T {
    let r = &x;
    let larger = *r > y;
    if larger {
        x = y;
    }
    x
}
fn generic_compound_of_a_reference<T: Number>(mut x: T) -> T {
    let r = &x;
    x += *r;
    x
}
fn generic_compound_of_itself<T: Number>(mut x: T) -> T {
    x += { x };
    x
}
fn compound_of_a_reference(mut x: f64) -> f64 {
    let r = &x;
    x += *r;
    x
}
fn compound_by_a_reference(mut x: f64) -> f64 {
    let r = &x;
    x += r;
    x
}
fn compound_by_its_own_reference(mut x: f64) -> f64 {
    x += &x;
    x
}
fn iterated_elements_held(mut a: ArrayViewMut1<f64>) -> f64 {
    let zero = 0.0;
    let mut last = &zero;
    for x in a.iter() {
        last = x;
    }
    let v = *last;
    a[0] = v;
    v
}
fn iterated_elements_held_and_written(mut a: ArrayViewMut1<f64>) -> f64 {
    let zero = 0.0;
    let mut last = &zero;
    for x in a.iter() {
        last = x;
    }
    a[0] = 1.0;
    *last
}
fn iterated_other(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    for x in b.iter() {
        a[0] += *x;
    }
}
fn iterated_with_moved(a: ArrayViewMut1<f64>) {
    for x in a.iter() {
        given(a);
        let _y = *x;
    }
}
fn given(mut a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}
fn in_a_closure_of_blocks(mut x: i32) -> i32 {
    let y = {
        let r = &x;
        *r + 1
    };
    x = y;
    x
}
fn declared_in_an_arm(c: bool, v: i32) -> i32 {
    let zero = 0;
    let mut r = &zero;
    match c {
        true => {
            let x = v;
            r = &x;
        }
        false => {}
    }
    *r
}
fn used_in_the_arm(c: bool, v: i32) -> i32 {
    let zero = 0;
    let mut r = &zero;
    match c {
        true => {
            let x = v;
            r = &x;
            return *r;
        }
        false => {}
    }
    *r
}
fn binding_of_an_arm(v: i32) -> i32 {
    let zero = 0;
    let mut r = &zero;
    match v {
        n => r = &n,
    }
    *r
}
fn debug_assertion(mut x: i32) -> i32 {
    let r = &x;
    x = 3;
    debug_assert!(*r > 0);
    x
}
fn panic_ends(mut x: i32, c: bool) -> i32 {
    let r = &x;
    if c {
        x = 3;
        panic!("no");
    }
    *r
}
fn parameter_pattern((a, b): (i32, i32)) -> i32 {
    let r = &a;
    *r + b
}
fn unused_reference(mut x: i32) -> i32 {
    let _r = &x;
    x = 2;
    x
}
fn reference_shadowed(mut x: i32) -> i32 {
    let r = &x;
    let r = *r;
    x = 2;
    x + r
}
fn index_reference(a: ArrayView1<f64>, mut b: ArrayViewMut1<f64>) -> f64 {
    let r = &a[0];
    let s = &b[0];
    let v = *r + *s;
    b[0] = v;
    v
}
fn index_reference_held(mut b: ArrayViewMut1<f64>) -> f64 {
    let s = &b[0];
    b[1] = 2.0;
    *s
}
fn index_references_compared(b: ArrayViewMut1<f64>) -> bool {
    larger(&b[0], &b[1])
}
fn assigned_in_its_own_argument(mut x: f64) -> bool {
    larger(&x, {
        x = 2.0;
        &1.0
    })
}
fn asserted_equal_with_write(mut x: i32) {
    assert_eq!(x, {
        x = 3;
        x
    });
}
fn contains_borrows(mut x: i32) -> bool {
    let inside = (0..5).contains(&x);
    x = 7;
    inside && x > 0
}
