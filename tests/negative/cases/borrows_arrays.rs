//! Borrows of arrays of a fixed length, local arrays and parts of views, each function a case
//! of its own. rustc says which are right; Brolga must agree, and name the same codes.

use brolga::prelude::*;

#[derive(Clone, Copy)]
struct P {
    x: f64,
    y: f64,
}
fn change(x: &mut f64) {
    *x += 1.0;
}
fn change_two(x: &mut f64, y: &mut f64) {
    *x += *y;
}
fn first(a: &ArrayView1<f64>) -> f64 {
    a[0]
}
fn fill(a: &mut ArrayViewMut1<f64>, v: f64) {
    for x in a.iter_mut() {
        *x = v;
    }
}
fn take(mut a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}

fn element_written_while_borrowed() -> f64 {
    let mut a = [1.0, 2.0];
    let r = &a[0];
    a[1] = 3.0;
    *r
}
fn element_written_after() -> f64 {
    let mut a = [1.0, 2.0];
    let r = &a[0];
    let x = *r;
    a[1] = x;
    a[0]
}
fn array_replaced_while_borrowed() -> f64 {
    let mut a = [1.0, 2.0];
    let r = &a[0];
    a = [3.0, 4.0];
    *r + a[0]
}
fn two_elements_mutably() -> f64 {
    let mut a = [1.0, 2.0];
    change_two(&mut a[0], &mut a[1]);
    a[0]
}
fn members_of_elements() -> f64 {
    let mut a = [P { x: 1.0, y: 2.0 }; 2];
    let x = &mut a[0].x;
    let y = a[1].y;
    *x += y;
    a[0].x
}
fn same_members_of_elements() -> f64 {
    let mut a = [P { x: 1.0, y: 2.0 }; 2];
    let x = &mut a[0].x;
    let y = a[1].x;
    *x += y;
    a[0].x
}
fn index_from_array() -> usize {
    let mut a = [0, 1, 0];
    a[a[1]] = 5;
    a[a[0]] += a[1];
    a[1]
}
fn element_lent_with_itself() -> f64 {
    let mut a = [1.0, 2.0];
    change(&mut a[0]);
    change(&mut a[1]);
    a[0]
}
fn array_in_tuple(i: usize) -> f64 {
    let mut t = (1.0, [(1.0, 2.0); 3]);
    let r = &t.0;
    t.1[i].0 += 1.0;
    *r
}
fn array_in_tuple_borrowed(i: usize) -> f64 {
    let mut t = (1.0, [(1.0, 2.0); 3]);
    let r = &t.1[0].0;
    t.1[i].0 += 1.0;
    *r
}
fn array_len_while_borrowed() -> usize {
    let mut a = [1.0, 2.0];
    let r = &mut a[0];
    let n = a.len();
    *r = 1.0;
    n
}
fn array_swap() -> f64 {
    let mut a = [1.0, 2.0];
    a.swap(0, 1);
    a[0]
}
fn array_swap_len() -> f64 {
    let mut a = [1.0, 2.0];
    a.swap(0, a.len() - 1);
    a[0]
}
fn array_fill_own_element() -> f64 {
    let mut a = [1.0, 2.0];
    a.fill(a[0]);
    a[0]
}
fn array_reverse_while_borrowed() -> f64 {
    let mut a = [1.0, 2.0];
    let r = &a[0];
    a.reverse();
    *r
}
fn array_first_then_write() -> bool {
    let mut a = [1.0, 2.0];
    let f = a.first();
    a[0] = 3.0;
    f.is_some()
}
fn array_get_then_read() -> bool {
    let a = [1.0, 2.0];
    let f = a.get(1);
    let x = a[0];
    f.is_some() && x > 0.0
}
fn array_get_copied() -> f64 {
    let mut a = [1.0, 2.0];
    let f = a.get(1).copied();
    a[0] = 3.0;
    f.unwrap_or(0.0)
}
fn array_iterated_and_written() -> f64 {
    let mut a = [1.0, 2.0];
    for x in a.iter() {
        a[0] = *x;
    }
    a[0]
}
fn array_by_value_and_written() -> f64 {
    let mut a = [1.0, 2.0];
    for x in a {
        a[0] = x;
    }
    a[0]
}
fn array_contains() -> bool {
    let mut a = [1, 2];
    let c = a.contains(&1);
    a[0] = 2;
    c
}
fn row_then_write(mut a: ArrayViewMut2<f64>) -> f64 {
    let r = a.row(0);
    a[[0, 0]] = 1.0;
    r[0]
}
fn row_then_read(a: ArrayViewMut2<f64>) -> f64 {
    let r = a.row(0);
    a[[0, 0]] + r[0]
}
fn row_mut_then_read(mut a: ArrayViewMut2<f64>) -> f64 {
    let mut r = a.row_mut(0);
    let x = a[[0, 0]];
    r[0] = x;
    x
}
fn row_mut_ended(mut a: ArrayViewMut2<f64>) -> f64 {
    let mut r = a.row_mut(0);
    r[0] = 1.0;
    a[[0, 0]]
}
fn two_rows_mut(mut a: ArrayViewMut2<f64>) {
    let mut r = a.row_mut(0);
    let mut s = a.row_mut(1);
    r[0] = 1.0;
    s[0] = 1.0;
}
fn two_rows(a: ArrayView2<f64>) -> f64 {
    let r = a.row(0);
    let s = a.row(1);
    r[0] + s[0]
}
fn row_of_parameter(a: &mut ArrayViewMut2<f64>) {
    let mut r = a.row_mut(0);
    let n = a.nrows();
    r[0] = n as f64;
}
fn row_with_own_length(mut a: ArrayViewMut2<f64>) {
    let n = a.nrows();
    let mut r = a.row_mut(n - 1);
    r[0] = 1.0;
}
fn row_mut_with_length_inside(mut a: ArrayViewMut2<f64>) {
    let mut r = a.row_mut(a.nrows() - 1);
    r[0] = 1.0;
}
fn slice_then_write(mut a: ArrayViewMut1<f64>) -> f64 {
    let s = a.slice(s![1..]);
    a[0] = 1.0;
    s[0]
}
fn slice_mut_then_len(mut a: ArrayViewMut1<f64>) -> usize {
    let mut s = a.slice_mut(s![1..]);
    let n = a.len();
    s[0] = 1.0;
    n
}
fn view_of_local_then_write() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let v = a.view();
    a[0] = 1.0;
    v[0]
}
fn view_of_local_ended() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let v = a.view();
    let x = v[0];
    a[0] = x;
    x
}
fn view_mut_and_read() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let mut v = a.view_mut();
    let x = a[0];
    v[0] = 1.0;
    x
}
fn local_moved_while_viewed() -> f64 {
    let a = Array1::<f64>::zeros(3);
    let v = a.view();
    let b = a;
    v[0] + b[0]
}
fn local_used_after_move() -> f64 {
    let a = Array1::<f64>::zeros(3);
    let b = a;
    a[0] + b[0]
}
fn local_assigned_while_viewed() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let v = a.view();
    a = Array1::<f64>::ones(3);
    v[0] + a[0]
}
fn local_does_not_live() -> f64 {
    let v;
    {
        let a = Array1::<f64>::zeros(3);
        v = a.view();
    }
    v[0]
}
fn view_of_temporary() -> f64 {
    let v = Array1::<f64>::zeros(3);
    let w = v.view();
    w[0]
}
fn view_of_temporary_dropped() -> f64 {
    let w = Array1::<f64>::zeros(3).view();
    w[0]
}
fn slice_of_row_dropped(a: ArrayView2<f64>) -> f64 {
    let w = a.row(0).slice(s![..2]);
    w[0]
}
fn slice_of_row_used_at_once(a: ArrayView2<f64>) -> f64 {
    a.row(0).slice(s![..2]).sum()
}
fn t_of_view(a: ArrayView2<f64>) -> f64 {
    let t = a.t();
    t[[0, 0]] + a[[0, 0]]
}
fn t_of_mutable(mut a: ArrayViewMut2<f64>) -> f64 {
    let t = a.t();
    a[[0, 0]] = 1.0;
    t[[0, 0]]
}
fn reversed_axes_moves(a: ArrayViewMut2<f64>) -> f64 {
    let t = a.reversed_axes();
    t[[0, 0]] + a[[0, 0]]
}
fn reversed_axes_of_shared(a: ArrayView2<f64>) -> f64 {
    let t = a.reversed_axes();
    t[[0, 0]] + a[[0, 0]]
}
fn swap_axes_while_borrowed(mut a: ArrayView2<f64>) -> f64 {
    let r = a.row(0);
    a.swap_axes(0, 1);
    r[0]
}
fn view_fill_own(mut a: ArrayViewMut1<f64>) {
    a.fill(a[0]);
}
fn view_fill_sum(mut a: ArrayViewMut1<f64>) {
    a.fill(a.sum());
}
fn view_assign_itself(mut a: ArrayViewMut1<f64>) {
    a.assign(&a);
}
fn view_assign_other(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    a.assign(&b);
}
fn view_assign_own_part(mut a: ArrayViewMut1<f64>) {
    a.assign(&a.slice(s![..]));
}
fn scaled_add_own(mut a: ArrayViewMut1<f64>, b: ArrayView1<f64>) {
    a.scaled_add(a[0], &b);
}
fn swap_elements_len(mut a: ArrayViewMut1<f64>) {
    a.swap(0, a.len() - 1);
}
fn dot_itself(a: ArrayView1<f64>) -> f64 {
    a.dot(&a)
}
fn dot_while_mutably_lent(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut s = a.slice_mut(s![..1]);
    let d = a.dot(&a);
    s[0] = d;
    d
}
fn get_then_write(mut a: ArrayViewMut1<f64>) -> bool {
    let g = a.get(0);
    a[0] = 1.0;
    g.is_some()
}
fn first_of_view(a: ArrayView1<f64>) -> f64 {
    match a.first() {
        Some(x) => *x + a[0],
        None => 0.0,
    }
}
fn first_matched_then_written(mut a: ArrayViewMut1<f64>) -> f64 {
    match a.first() {
        Some(x) => {
            a[0] = 1.0;
            *x
        }
        None => 0.0,
    }
}
fn to_owned_is_free(mut a: ArrayViewMut1<f64>) -> f64 {
    let b = a.to_owned();
    a[0] = b[0];
    b[0]
}
fn exchanged_twice() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let mut b = Array1::<f64>::ones(3);
    std::mem::swap(&mut a, &mut b);
    a[0]
}
fn exchanged_with_itself() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    std::mem::swap(&mut a, &mut a);
    a[0]
}
fn exchanged_while_viewed() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let mut b = Array1::<f64>::ones(3);
    let v = a.view();
    std::mem::swap(&mut a, &mut b);
    v[0]
}
fn view_mut_given_away() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    take(a.view_mut());
    fill(&mut a.view_mut(), 2.0);
    first(&a.view()) + a[0]
}
fn view_mut_given_away_while_viewed() -> f64 {
    let mut a = Array1::<f64>::zeros(3);
    let v = a.view();
    take(a.view_mut());
    v[0]
}
fn rows_iterated_and_written(mut a: ArrayViewMut2<f64>) {
    for i in 0..a.nrows() {
        let r = a.row(i);
        let s = r.sum();
        a[[i, 0]] = s;
    }
}
fn split_moves(a: ArrayViewMut1<f64>) -> f64 {
    let (mut l, r) = a.split_at(Axis(0), 1);
    l[0] = r[0];
    a[0]
}
fn split_used(a: ArrayViewMut1<f64>) {
    let (mut l, mut r) = a.split_at(Axis(0), 1);
    l[0] = r[0];
    r[0] = 1.0;
}
fn reborrow_then_used(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut b = a.reborrow();
    b[0] = 1.0;
    a[0]
}
fn reborrow_still_used(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut b = a.reborrow();
    let x = a[0];
    b[0] = 1.0;
    x
}
