//! Cases on which the two compilers give other codes, for what Brolga takes apart is one call
//! to rustc. Both must refuse, or accept.

use brolga::prelude::*;

fn option_taken_while_borrowed() -> bool {
    let mut o = Some(1.0);
    let r = &o;
    let t = o.take();
    r.is_some() || t.is_some()
}
fn option_taken() -> bool {
    let mut o = Some(1.0);
    let t = o.take();
    o.is_some() || t.is_some()
}
fn option_replaced_while_borrowed() -> bool {
    let mut o = Some(1.0);
    let r = &o;
    let t = o.replace(2.0);
    r.is_some() || t.is_some()
}
fn reborrow_of_a_reference(a: &mut ArrayViewMut1<f64>) -> f64 {
    let mut b = a.reborrow();
    b[0] = 1.0;
    b[0]
}
fn negated_reference_given_by_break() -> i32 {
    let x: i32 = loop {
        break -&1;
    };
    x
}
