//! Borrows, held and ended, each function a case of its own. rustc says which are right;
//! Brolga must agree, and name the same codes.

use brolga::prelude::*;

fn fill(a: &mut ArrayViewMut1<f64>, v: f64) {
    for x in a.iter_mut() {
        *x = v;
    }
}
fn first(a: &ArrayView1<f64>) -> f64 {
    a[0]
}
fn first_of(a: &ArrayViewMut1<f64>) -> f64 {
    a[0]
}
fn both(a: &mut ArrayViewMut1<f64>, b: &mut ArrayViewMut1<f64>) {
    a[0] = b[0];
}
fn with(a: &mut ArrayViewMut1<f64>, n: usize) {
    a[n] = 1.0;
}
fn with_after(n: usize, a: &mut ArrayViewMut1<f64>) {
    a[n] = 1.0;
}
fn shared_two(a: &ArrayViewMut1<f64>, b: &ArrayViewMut1<f64>) -> f64 {
    a[0] + b[0]
}
fn mixed(a: &ArrayViewMut1<f64>, b: &mut ArrayViewMut1<f64>) {
    b[0] = a[0];
}
fn take(mut a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}
fn take_two(mut a: ArrayViewMut1<f64>, b: &ArrayView1<f64>) {
    a[0] = b[0];
}
fn sum(a: &f64, b: &f64) -> f64 {
    *a + *b
}

fn assigned_while_borrowed() -> i32 {
    let mut x = 1;
    let r = &x;
    x = 5;
    *r
}
fn assigned_after_the_last_use() -> i32 {
    let mut x = 1;
    let r = &x;
    let y = *r;
    x = 5;
    x + y
}
fn compound_while_borrowed() -> i32 {
    let mut x = 1;
    let r = &x;
    x += 5;
    *r
}
fn read_while_shared() -> i32 {
    let x = 1;
    let r = &x;
    let y = x;
    *r + y
}
fn borrowed_on_one_path(c: bool) -> i32 {
    let mut x = 1;
    let y = 2;
    let r = if c { &x } else { &y };
    x = 5;
    *r
}
fn another_reference_by_then(c: bool) -> i32 {
    let mut x = 1;
    let y = 2;
    let mut r = &x;
    if c {
        x = 7;
    }
    r = &y;
    *r + x
}
fn reassigned_reference() -> i32 {
    let mut x = 1;
    let y = 2;
    let mut r = &x;
    let z = *r;
    r = &y;
    x = 3;
    *r + x + z
}
fn reassigned_on_one_path(c: bool) -> i32 {
    let mut x = 1;
    let y = 2;
    let mut r = &x;
    if c {
        r = &y;
    }
    x = 3;
    *r + x
}
fn reference_of_a_reference() -> i32 {
    let mut x = 1;
    let r = &x;
    let s = &r;
    x = 2;
    **s
}
fn copied_reference() -> i32 {
    let mut x = 1;
    let r = &x;
    let s = r;
    x = 2;
    *s
}
fn reference_in_a_tuple() -> i32 {
    let mut x = 1;
    let y = 2;
    let t = (&x, &y);
    x = 2;
    *t.0
}
fn other_member_used() -> i32 {
    let mut x = 1;
    let y = 2;
    let (_, s) = (&x, &y);
    x = 2;
    *s + x
}
fn disjoint_members() -> i32 {
    let mut t = (1, 2);
    let r = &t.0;
    t.1 = 5;
    *r + t.1
}
fn same_member() -> i32 {
    let mut t = (1, 2);
    let r = &t.0;
    t.0 = 5;
    *r + t.1
}
fn whole_while_member_borrowed() -> i32 {
    let mut t = (1, 2);
    let r = &t.1;
    t = (3, 4);
    *r + t.0
}
fn member_while_whole_borrowed() -> i32 {
    let mut t = (1, 2);
    let r = &t;
    t.1 = 4;
    r.0
}
fn nested_members() -> i32 {
    let mut t = ((1, 2), 3);
    let r = &(t.0).1;
    (t.0).0 = 4;
    t.1 = 5;
    *r
}
fn nested_whole() -> i32 {
    let mut t = ((1, 2), 3);
    let r = &(t.0).1;
    t.0 = (3, 4);
    *r
}
fn in_a_loop(n: i32) -> i32 {
    let mut x = 1;
    let y = 0;
    let mut r = &y;
    for _ in 0..n {
        x += *r;
        r = &x;
    }
    *r
}
fn in_a_loop_ended(n: i32) -> i32 {
    let mut x = 1;
    let mut s = 0;
    for _ in 0..n {
        let r = &x;
        s += *r;
        x += 1;
    }
    s
}
fn used_after_the_loop(n: i32) -> i32 {
    let mut x = 1;
    let r = &x;
    for i in 0..n {
        x = i;
    }
    *r
}
fn used_before_a_break(n: i32) -> i32 {
    let mut x = 1;
    loop {
        let r = &x;
        if *r > n {
            break *r;
        }
        x *= 2;
    }
}
fn used_after_a_while(n: i32) -> i32 {
    let mut x = 1;
    let r = &x;
    while x < n {
        x += 1;
    }
    *r
}
fn assigned_then_returns(c: bool) -> i32 {
    let mut x = 1;
    let r = &x;
    if c {
        x = 3;
        return x;
    }
    *r
}
fn assigned_then_continues(n: i32) -> i32 {
    let mut x = 1;
    let mut s = 0;
    for i in 0..n {
        let r = &x;
        if i == 2 {
            x = 3;
            continue;
        }
        s += *r;
    }
    s
}
fn ends_too_early() -> i32 {
    let r;
    {
        let x = 5;
        r = &x;
    }
    *r
}
fn ends_late_enough() -> i32 {
    let r;
    let x = 5;
    {
        r = &x;
    }
    *r
}
fn block_value_ends() -> i32 {
    let r = {
        let x = 5;
        &x
    };
    *r
}
fn branch_value_ends(c: bool) -> i32 {
    let y = 1;
    let r = if c {
        let x = 5;
        &x
    } else {
        &y
    };
    *r
}
fn ends_with_the_iteration(n: i32) -> i32 {
    let y = 1;
    let mut r = &y;
    for i in 0..n {
        let x = i;
        r = &x;
    }
    *r
}
fn ends_with_the_loop_variable(n: i32) -> i32 {
    let y = 1;
    let mut r = &y;
    for i in 0..n {
        r = &i;
    }
    *r
}
fn ends_at_a_break(n: i32) -> i32 {
    let y = 1;
    let r = loop {
        let x = n;
        if x > 3 {
            break &x;
        }
        if x > 2 {
            break &y;
        }
    };
    *r
}
fn declared_after() -> i32 {
    let r;
    let x = 5;
    r = &x;
    *r
}
fn temporary_ends(a: i32) -> i32 {
    let r;
    r = &(a + 1);
    *r
}
fn temporary_extended(a: i32) -> i32 {
    let r = &(a + 1);
    *r
}
fn temporary_extended_in_a_tuple(a: i32) -> i32 {
    let t = (&(a + 1), &(a + 2));
    *t.0 + *t.1
}
fn temporary_extended_in_a_branch(a: i32, c: bool) -> i32 {
    let r = if c { &(a + 1) } else { &(a * 2) };
    *r
}
fn temporary_extended_in_a_block(a: i32) -> i32 {
    let r = { &(a + 1) };
    *r
}
fn constant_promoted() -> i32 {
    let r;
    r = &1;
    *r
}
fn constant_sum_promoted() -> i32 {
    let r;
    r = &(1 + 2);
    *r
}
fn constant_of_a_branch(c: bool) -> f64 {
    let mut r = &1.0;
    if c {
        r = &-2.0;
    }
    *r
}
fn temporary_in_the_statement(a: f64) -> f64 {
    sum(&(a + 1.0), &a.sqrt())
}
fn temporary_of_a_match(a: i32, c: bool) -> i32 {
    let r;
    match c {
        true => r = &(a + 1),
        false => r = &2,
    }
    *r
}
fn two_mutable(mut a: ArrayViewMut1<f64>) {
    both(&mut a, &mut a);
}
fn two_mutable_in_turn(mut a: ArrayViewMut1<f64>) {
    fill(&mut a, 1.0);
    fill(&mut a, 2.0);
}
fn mutable_and_shared(mut a: ArrayViewMut1<f64>) {
    mixed(&a, &mut a);
}
fn shared_and_shared(a: ArrayViewMut1<f64>) -> f64 {
    shared_two(&a, &a)
}
fn mutable_and_length(mut a: ArrayViewMut1<f64>) {
    with(&mut a, a.len() - 1);
}
fn length_and_mutable(mut a: ArrayViewMut1<f64>) {
    with_after(a.len() - 1, &mut a);
}
fn mutable_and_element(mut a: ArrayViewMut1<f64>) {
    fill(&mut a, a[0]);
}
fn through_a_reference_and_length(a: &mut ArrayViewMut1<f64>) {
    with(a, a.len() - 1);
}
fn reborrowed_and_length(a: &mut ArrayViewMut1<f64>) {
    with(&mut *a, a.len() - 1);
}
fn through_a_reference_twice(a: &mut ArrayViewMut1<f64>) {
    both(a, a);
}
fn through_a_reference_in_turn(a: &mut ArrayViewMut1<f64>) {
    fill(a, 1.0);
    fill(a, 2.0);
    a[0] = 3.0;
}
fn shared_of_mutable_reference(a: &mut ArrayViewMut1<f64>) -> f64 {
    shared_two(a, a)
}
fn shared_and_mutable_reference(a: &mut ArrayViewMut1<f64>) {
    mixed(a, a);
}
fn held_mutably(mut a: ArrayViewMut1<f64>) -> f64 {
    let r = &mut a;
    r[0] = 1.0;
    let x = a[0];
    r[1] = x;
    x
}
fn held_mutably_then_free(mut a: ArrayViewMut1<f64>) -> f64 {
    let r = &mut a;
    r[0] = 1.0;
    let x = a[0];
    a[1] = x;
    x
}
fn held_mutably_twice(mut a: ArrayViewMut1<f64>) {
    let r = &mut a;
    let s = &mut a;
    r[0] = 1.0;
    s[0] = 2.0;
}
fn held_mutably_and_length(mut a: ArrayViewMut1<f64>) -> usize {
    let r = &mut a;
    let n = a.len();
    r[0] = 1.0;
    n
}
fn held_shared_and_written(mut a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    a[0] = 1.0;
    r[0]
}
fn held_shared_and_read(a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    let x = a[0];
    r[0] + x + a.len() as f64
}
fn reborrowed(a: &mut ArrayViewMut1<f64>) {
    let r = &mut *a;
    r[0] = 1.0;
    a[0] = 2.0;
}
fn reborrowed_and_used(a: &mut ArrayViewMut1<f64>) {
    let r = &mut *a;
    a[0] = 2.0;
    r[0] = 1.0;
}
fn moved_while_borrowed(a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    take(a);
    r[0]
}
fn moved_after_borrowing(a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    let x = r[0];
    take(a);
    x
}
fn moved_in_the_call(a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    take_two(a, &b);
}
fn copied_view(a: ArrayView1<f64>) -> f64 {
    let r = &a;
    let b = a;
    first(r) + b[0]
}
fn iterated_and_read(mut a: ArrayViewMut1<f64>) {
    for x in a.iter_mut() {
        *x = a[0];
    }
}
fn iterated_and_length(mut a: ArrayViewMut1<f64>) {
    for x in a.iter_mut() {
        *x = a.len() as f64;
    }
}
fn iterated_and_written(mut a: ArrayViewMut1<f64>) {
    for x in a.iter() {
        a[0] = *x;
    }
}
fn iterated_by_pattern_and_written(mut a: ArrayViewMut1<f64>) {
    for &x in a.iter() {
        a[0] = x;
    }
}
fn iterated_twice(a: ArrayView1<f64>) -> f64 {
    let mut s = 0.0;
    for x in a.iter() {
        for y in a.iter() {
            s += *x * *y;
        }
    }
    s
}
fn iterated_mutably_twice(mut a: ArrayViewMut1<f64>) {
    for x in a.iter_mut() {
        for y in a.iter_mut() {
            *x = *y;
        }
    }
}
fn iterated_in_turn(mut a: ArrayViewMut1<f64>) -> f64 {
    for x in a.iter_mut() {
        *x = 1.0;
    }
    let mut s = 0.0;
    for x in a.iter() {
        s += *x;
    }
    a[0] = s;
    s
}
fn iterated_by_reference(mut a: ArrayViewMut1<f64>) {
    for x in &mut a {
        *x = 1.0;
    }
    a[0] = 2.0;
}
fn iterated_and_left(mut a: ArrayViewMut1<f64>) {
    for x in a.iter() {
        if *x > 0.0 {
            a[0] = 1.0;
            break;
        }
    }
}
fn iterated_and_left_using(mut a: ArrayViewMut1<f64>) -> f64 {
    for x in a.iter() {
        if *x > 0.0 {
            a[0] = 1.0;
            return *x;
        }
    }
    0.0
}
fn element_of_itself(mut a: ArrayViewMut1<f64>, mut i: ArrayViewMut1<usize>) {
    a[0] = a[1];
    a[0] += a[1];
    i[1] = i[0];
}
fn index_by_length(mut a: ArrayViewMut1<f64>) {
    a[a.len() - 1] = 1.0;
}
fn index_by_itself(mut i: ArrayViewMut1<usize>) {
    i[i[0]] = 1;
}
fn index_by_itself_compound(mut i: ArrayViewMut1<usize>) {
    i[i[0]] += 1;
}
fn index_by_two(mut c: ArrayViewMut2<f64>) {
    c[[c.nrows() - 1, c.ncols() - 1]] = c[[0, 0]];
}
fn index_read_by_itself(i: ArrayViewMut1<usize>) -> usize {
    i[i[0]]
}
fn generic_compound<T: Number>(mut a: ArrayViewMut1<T>) {
    a[0] += a[1];
}
fn generic_compound_local<T: Number>(mut x: T) -> T {
    x += x;
    x
}
fn generic_plain<T: Number>(mut a: ArrayViewMut1<T>) {
    a[0] = a[0] + a[1];
}
fn index_in_a_block(mut a: ArrayViewMut1<usize>) {
    a[{
        let n = 1;
        n
    }] = 2;
}
fn index_that_writes(mut a: ArrayViewMut1<usize>) {
    a[{
        a[0] = 1;
        0
    }] = 2;
}
fn value_that_writes(mut a: ArrayViewMut1<usize>) {
    a[0] = {
        a[1] = 1;
        a[1]
    };
}
fn variable_in_its_operand() -> i32 {
    let mut x = 1;
    let y = x + {
        x = 2;
        x
    };
    y
}
fn reference_in_its_operand() -> i32 {
    let mut x = 1;
    let y = &x + {
        x = 2;
        x
    };
    y
}
fn shadowed() -> i32 {
    let x = 1;
    let r = &x;
    let x = 2;
    *r + x
}
fn pattern_of_a_reference() -> i32 {
    let mut x = 1;
    let &y = &x;
    x = 2;
    x + y
}
fn labelled_block(c: bool) -> i32 {
    let mut x = 1;
    let y = 2;
    let r = 'a: {
        if c {
            break 'a &x;
        }
        &y
    };
    x = 3;
    *r + x
}
fn matched_while_borrowed(c: i32) -> i32 {
    let mut x = 1;
    let y = 3;
    let r = match c {
        0 => &x,
        _ => &y,
    };
    x += 1;
    *r
}
fn matched_and_assigned(mut x: i32) -> i32 {
    match x {
        0 => x = 1,
        n => x = n + 1,
    }
    x
}
fn asserted_while_borrowed() -> i32 {
    let mut x = 1;
    let r = &x;
    assert!(*r == 1);
    x = 2;
    assert_eq!(x, 2);
    x
}
fn asserted_after() -> i32 {
    let mut x = 1;
    let r = &x;
    x = 2;
    assert_eq!(*r, 1);
    x
}
fn not_used_again(mut x: i32) -> i32 {
    let r = &x;
    x = 2;
    x
}
fn tuple_assigned(mut x: i32, mut y: i32) -> i32 {
    let r = &x;
    (x, y) = (y, *r);
    x + y
}
fn swapped_while_borrowed(mut x: i32, mut y: i32) -> i32 {
    let r = &x;
    (x, y) = (y, x);
    *r + y
}
