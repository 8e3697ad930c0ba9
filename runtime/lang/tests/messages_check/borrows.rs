use brolga::prelude::*;

fn both(a: &mut ArrayViewMut1<f64>, b: &mut ArrayViewMut1<f64>) {
    a[0] = b[0];
}

fn take(mut a: ArrayViewMut1<f64>) {
    a[0] = 1.0;
}

fn assigned() -> i32 {
    let mut x = 1;
    let r = &x;
    x = 5;
    *r
}

fn member() -> i32 {
    let mut t = (1, 2);
    let r = &t.0;
    t.0 += 5;
    *r
}

fn two_mutable(mut a: ArrayViewMut1<f64>) {
    both(&mut a, &mut a);
}

fn through_a_reference(a: &mut ArrayViewMut1<f64>) {
    both(a, a);
}

fn held_mutably(mut a: ArrayViewMut1<f64>) -> f64 {
    let r = &mut a;
    let x = a[0];
    r[1] = x;
    x
}

fn held_shared(mut a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    a[0] = 1.0;
    r[0]
}

fn index_by_length(mut a: ArrayViewMut1<f64>) {
    a[a.len() - 1] = 1.0;
}

fn iterated(mut a: ArrayViewMut1<f64>) {
    for x in a.iter() {
        a[0] = *x;
    }
}

fn iterated_mutably(mut a: ArrayViewMut1<f64>) {
    for x in a.iter_mut() {
        *x = a.len() as f64;
    }
}

fn moved(a: ArrayViewMut1<f64>) -> f64 {
    let r = &a;
    take(a);
    r[0]
}

fn ends_too_early(n: i32) -> i32 {
    let y = 0;
    let mut r = &y;
    for i in 0..n {
        let x = i;
        r = &x;
    }
    *r
}

fn temporary(a: i32) -> i32 {
    let r;
    r = &(a + 1);
    *r
}

fn later_iteration(n: i32) -> i32 {
    let mut x = 1;
    let y = 0;
    let mut r = &y;
    for _ in 0..n {
        x += 1;
        r = &x;
    }
    *r
}

fn choice(mut a: ArrayViewMut1<f64>, mut b: ArrayViewMut1<f64>, c: bool) {
    let r = if c { &mut a } else { &mut b };
    r[0] = 1.0;
}

fn used(mut x: f64) -> f64 {
    let r = &mut x;
    let y = x + 1.0;
    *r = y;
    x
}
