//! Borrows in conditions that bind, in `match` and with `?`, each function a case of its own.
//! rustc says which are right; Brolga must agree, and name the same codes.

use brolga::prelude::*;

#[derive(Clone, Copy)]
struct P {
    x: f64,
}

fn if_let_then_write() -> f64 {
    let mut o = Some(1.0);
    if let Some(x) = o {
        o = None;
        return x + o.unwrap_or(0.0);
    }
    0.0
}
fn if_let_reference_then_write() -> f64 {
    let mut o = Some(1.0);
    if let Some(x) = &o {
        o = None;
        return *x + o.unwrap_or(0.0);
    }
    0.0
}
fn if_let_reference_ended() -> f64 {
    let mut o = Some(1.0);
    if let Some(x) = &o {
        let y = *x;
        o = Some(y);
    }
    o.unwrap_or(0.0)
}
fn if_let_first(mut a: ArrayViewMut1<f64>) -> f64 {
    if let Some(x) = a.first() {
        a[0] = 1.0;
        return *x;
    }
    0.0
}
fn if_let_first_else_writes(mut a: ArrayViewMut1<f64>) -> f64 {
    if let Some(x) = a.first() {
        *x
    } else {
        a[0] = 1.0;
        0.0
    }
}
fn if_let_of_a_row(a: ArrayView2<f64>) -> f64 {
    if let Some(x) = a.row(0).first() {
        *x
    } else {
        0.0
    }
}
fn let_else_of_a_view(mut a: ArrayViewMut1<f64>) -> f64 {
    let Some(x) = a.first() else {
        return 0.0;
    };
    let y = *x;
    a[0] = 1.0;
    y
}
fn let_else_of_a_view_written(mut a: ArrayViewMut1<f64>) -> f64 {
    let Some(x) = a.first() else {
        return 0.0;
    };
    a[0] = 1.0;
    *x
}
fn let_else_writes_in_else(mut a: ArrayViewMut1<f64>) -> f64 {
    let Some(x) = a.first() else {
        a[0] = 2.0;
        return 0.0;
    };
    *x
}
fn while_let_writes(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut n = 0;
    while let Some(x) = a.get(n) {
        if *x > 3.0 {
            break;
        }
        a[n] = 1.0;
        n += 1;
    }
    a[0]
}
fn while_let_writes_before_use(mut a: ArrayViewMut1<f64>) -> f64 {
    let mut n = 0;
    while let Some(x) = a.get(n) {
        a[n] = 1.0;
        n += 1;
        if *x > 3.0 {
            break;
        }
    }
    a[0]
}
fn question_mark(a: ArrayView1<f64>) -> f64 {
    let f = || -> Option<f64> { Some(*a.first()? + 1.0) };
    f().unwrap_or(0.0)
}
fn helper(a: &ArrayViewMut1<f64>) -> Option<f64> {
    let x = a.first()?;
    Some(*x)
}
fn helper_writes(a: &mut ArrayViewMut1<f64>) -> Option<f64> {
    let x = a.first()?;
    a[0] = 1.0;
    Some(*x)
}
fn helper_writes_after(a: &mut ArrayViewMut1<f64>) -> Option<f64> {
    let x = *a.first()?;
    a[0] = 1.0;
    Some(x)
}
fn as_ref_then_write() -> bool {
    let mut o = Some(1.0);
    let r = o.as_ref();
    o = None;
    r.is_some() || o.is_none()
}
fn as_ref_ended() -> bool {
    let mut o = Some(1.0);
    let r = o.as_ref().is_some();
    o = None;
    r || o.is_none()
}
fn replace_own_value() -> f64 {
    let mut o = Some(1.0);
    let p = o.replace(o.unwrap_or(2.0));
    p.unwrap_or(0.0)
}
fn guard_reads() -> i32 {
    let mut x = 3;
    match x {
        n if n > 1 => {
            x = 2;
            x
        }
        _ => 0,
    }
}
fn guard_writes() -> i32 {
    let mut x = 3;
    match x {
        1 => 5,
        _ if {
            x = 2;
            x > 1
        } =>
        {
            x
        }
        _ => 0,
    }
}
fn guard_writes_another() -> i32 {
    let x = 3;
    let mut y = 0;
    match x {
        1 => 5,
        _ if {
            y += 2;
            y > 1
        } =>
        {
            x + y
        }
        _ => y,
    }
}
fn tuple_taken_apart() -> i32 {
    let (mut x, y) = (1, 2);
    let t = (&x, &y);
    let (_, b) = t;
    x = 2;
    *b + x
}
fn tuple_taken_apart_used() -> i32 {
    let (mut x, y) = (1, 2);
    let t = (&x, &y);
    let (a, b) = t;
    x = 2;
    *b + x + *a
}
fn chained_lets(mut a: ArrayViewMut1<f64>, k: usize) -> f64 {
    if let Some(x) = a.get(k)
        && *x > 1.0
    {
        a[0] = 1.0;
    }
    a[0]
}
fn chained_lets_used(mut a: ArrayViewMut1<f64>, k: usize) -> f64 {
    if let Some(x) = a.get(k)
        && let Some(y) = a.get(0)
    {
        a[0] = *x;
        return *y;
    }
    a[0]
}
fn option_of_struct() -> f64 {
    let mut o = Some(P { x: 1.0 });
    if let Some(p) = &o {
        let z = p.x;
        o = None;
        return z + o.map_or(0.0, |p| p.x);
    }
    0.0
}
fn tuple_member_read_late() -> i32 {
    let (mut x, y) = (1, 2);
    let t = (&x, &y);
    x = 2;
    *t.1 + x
}
fn tuple_member_lent() -> i32 {
    let (mut x, y) = (1, 2);
    let t = (&x, &y);
    let b = t.1;
    x = 2;
    *b + x
}
fn tuple_members_swapped() -> i32 {
    let (mut x, y) = (1, 2);
    let t = (&x, &y);
    let u = (t.1, t.0);
    let (_, b) = u;
    x = 2;
    *b + x
}
