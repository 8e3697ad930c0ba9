use brolga::prelude::*;

fn two_operations(n: usize) -> usize {
    let mut s = 1;
    for i in prange(0..n) {
        s += i;
        s *= 2;
    }
    s
}

fn read_inside(n: usize) -> usize {
    let mut s = 0;
    for i in prange(0..n) {
        s += i;
        if s > 3 {
            continue;
        }
    }
    s
}

fn left_early(n: usize) -> usize {
    for i in prange(0..n) {
        if i == 3 {
            break;
        }
        if i == 4 {
            return i;
        }
    }
    n
}

fn overwritten(n: usize) -> usize {
    let mut last = 0;
    for i in prange(0..n) {
        last = i;
    }
    last
}

fn nested(n: usize) -> f64 {
    let mut s = 1.0;
    for i in prange(0..n) {
        for j in prange(0..i) {
            s += j as f64;
        }
        s = s.max(2.0);
    }
    s
}

fn of_no_range(a: ArrayView1<f64>) {
    for x in prange(a.iter()) {}
}

#[vectorize]
fn for_every_element(x: f64) -> f64 {
    two_operations_at_once(3) + x
}

fn two_operations_at_once(n: usize) -> f64 {
    let mut s = 0.0;
    for i in prange(0..n) {
        s += 1.0;
    }
    s
}
