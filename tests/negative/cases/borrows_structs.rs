//! Borrows and moves of structs and their fields, each function a case of its own. rustc
//! says which are right; Brolga must agree, and name the same codes.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq)]
struct P {
    x: f64,
    y: f64,
}
#[derive(Clone, PartialEq)]
struct Big {
    p: P,
    n: i64,
}
#[derive(Clone)]
struct Two {
    a: Big,
    b: Big,
}
impl P {
    fn norm(&self) -> f64 {
        self.x * self.x + self.y * self.y
    }
    fn shift(&mut self, by: f64) {
        self.x += by;
    }
    fn shift_get(&mut self, by: f64) -> f64 {
        self.x += by;
        self.x
    }
}
impl Big {
    fn bump(&mut self) {
        self.n += 1;
    }
    fn into_n(self) -> i64 {
        self.n
    }
    fn get(&self) -> i64 {
        self.n
    }
}
fn change(x: &mut f64) {
    *x += 1.0;
}
fn change_two(x: &mut f64, y: &mut f64) {
    *x += *y;
}
fn change_with(x: &mut f64, y: f64) {
    *x += y;
}
fn read_two(x: &f64, y: &mut f64) {
    *y += *x;
}
fn eat(b: Big) -> i64 {
    b.n
}

fn field_written_while_borrowed() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &p.x;
    p.x = 2.0;
    *r
}
fn other_field_written() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &p.x;
    p.y = 2.0;
    *r + p.y
}
fn whole_written_while_field_borrowed() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &p.x;
    p = P { x: 3.0, y: 2.0 };
    *r + p.y
}
fn method_while_field_borrowed() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &p.x;
    p.shift(1.0);
    *r
}
fn shared_method_while_field_borrowed() -> f64 {
    let p = P { x: 1.0, y: 2.0 };
    let r = &p.x;
    p.norm() + *r
}
fn shared_method_while_mutably_borrowed() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &mut p.x;
    let n = p.norm();
    *r = 1.0;
    n
}
fn two_phase_method() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    p.shift(p.y);
    p.shift(p.norm());
    p.x
}
fn two_phase_nested_mut() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    p.shift(p.shift_get(1.0));
    p.x
}
fn explicit_mut_is_not_two_phase() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    change_with(&mut p.x, p.x);
    p.x
}
fn explicit_mut_other_field() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    change_with(&mut p.x, p.y);
    p.x
}
fn two_fields_mutably() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    change_two(&mut p.x, &mut p.y);
    p.x
}
fn same_field_twice() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    change_two(&mut p.x, &mut p.x);
    p.x
}
fn shared_and_mutable() -> f64 {
    let mut x = 1.0;
    read_two(&x, &mut x);
    x
}
fn swap_same() -> f64 {
    let mut x = 1.0;
    std::mem::swap(&mut x, &mut x);
    x
}
fn swap_fields() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    std::mem::swap(&mut p.x, &mut p.y);
    p.x
}
fn swap_while_borrowed() -> f64 {
    let (mut x, mut y) = (1.0, 2.0);
    let r = &x;
    std::mem::swap(&mut x, &mut y);
    *r
}
fn replace_with_itself() -> f64 {
    let mut x = 1.0;
    let old = std::mem::replace(&mut x, x + 1.0);
    old + x
}
fn replace_while_borrowed() -> f64 {
    let mut x = 1.0;
    let r = &x;
    let old = std::mem::replace(&mut x, 2.0);
    old + *r
}
fn take_while_borrowed() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let y = std::mem::take(&mut x);
    *r = y;
    y
}
fn mutable_reference_then_variable() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    x = 2.0;
    *r
}
fn mutable_reference_ended() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    *r = 3.0;
    x = x + 1.0;
    x
}
fn read_while_mutably_borrowed() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let y = x;
    *r = y;
    x
}
fn two_mutable_references() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let s = &mut x;
    *r += 1.0;
    *s += 1.0;
    x
}
fn reborrow_of_reference() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let s = &mut *r;
    *s += 1.0;
    *r += 1.0;
    x
}
fn reborrow_used_late() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let s = &mut *r;
    *r += 1.0;
    *s += 1.0;
    x
}
fn reference_moved() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let s = r;
    *s += 1.0;
    *r += 1.0;
    x
}
fn reference_passed_twice() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    change(r);
    change(r);
    x
}
fn clone_while_shared() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &b;
    let c = b.clone();
    c.n + r.n
}
fn clone_while_mutable() -> i64 {
    let mut b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &mut b.n;
    let c = b.clone();
    *r = 2;
    c.n
}
fn moved_while_borrowed() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &b.n;
    let m = eat(b);
    m + *r
}
fn moved_after_borrow() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &b.n;
    let m = *r;
    m + eat(b)
}
fn method_moves_while_borrowed() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &b;
    let m = b.into_n();
    m + r.n
}
fn used_after_move() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    eat(b) + b.n
}
fn moved_in_a_loop() -> i64 {
    let b = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let mut s = 0;
    for _ in 0..3 {
        s += eat(b);
    }
    s
}
fn partial_move_then_other() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    let m = eat(t.a);
    m + t.b.n
}
fn partial_move_then_both() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    eat(t.a) + eat(t.b)
}
fn partial_move_then_same() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    eat(t.a) + t.a.n
}
fn partial_move_then_whole() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    let m = eat(t.a);
    let u = t;
    m + u.b.n
}
fn partial_move_then_refilled() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let mut t = Two { a: big.clone(), b: big.clone() };
    let m = eat(t.a);
    t.a = big;
    let u = t;
    m + u.a.n
}
fn copy_field_of_moved() -> f64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let p = big.p;
    p.x + big.p.y + eat(big) as f64
}
fn pattern_looks_only() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let Big { n, .. } = big;
    n + big.n
}
fn pattern_moves_one() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    let Two { a, .. } = t;
    a.n + t.b.n
}
fn pattern_moves_one_used() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    let Two { a, .. } = t;
    a.n + t.a.n
}
fn pattern_while_mutably_borrowed() -> i64 {
    let mut big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let r = &mut big.n;
    let Big { n, .. } = big;
    *r = 1;
    n
}
fn match_moves_while_borrowed() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big };
    let r = &t.a;
    match t {
        Two { a, .. } => a.n + r.n,
    }
}
fn comparing_does_not_move() -> bool {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let other = big.clone();
    big == other && big.n == other.n
}
fn compared_while_mutably_borrowed() -> bool {
    let mut a = P { x: 1.0, y: 2.0 };
    let b = a;
    let r = &mut a;
    let same = a == b;
    r.x = 2.0;
    same
}
fn field_behind_reference() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &mut p;
    let x = &mut r.x;
    r.y = 3.0;
    *x += 1.0;
    p.x
}
fn field_behind_reference_twice() -> f64 {
    let mut p = P { x: 1.0, y: 2.0 };
    let r = &mut p;
    let x = &mut r.x;
    r.x = 3.0;
    *x += 1.0;
    p.x
}
fn method_through_reference_twice(b: &mut Big) -> i64 {
    b.bump();
    b.bump();
    b.get()
}
fn field_lent_and_method(b: &mut Big) -> i64 {
    let r = &mut b.n;
    b.bump();
    *r
}
fn out_of_scope() -> f64 {
    let r;
    {
        let p = P { x: 1.0, y: 2.0 };
        r = &p.x;
    }
    *r
}
fn update_syntax_moves() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big.clone() };
    let u = Two { a: big, ..t };
    u.b.n + t.a.n
}
fn update_syntax_moves_used() -> i64 {
    let big = Big { p: P { x: 1.0, y: 2.0 }, n: 1 };
    let t = Two { a: big.clone(), b: big.clone() };
    let u = Two { a: big, ..t };
    u.b.n + t.b.n
}
