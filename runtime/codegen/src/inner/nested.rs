//! Loops in the body of a loop that make the same turns in each of its iterations: what they go
//! along is known before the loop around begins.

use brolga_lang::ir::{Expr, ExprKind, For, LocalId, Order, Scalar, Type};
use brolga_lang::walk;

/// Every loop in the body of `range` that counts up by one between bounds for which `is_fixed`
/// holds, with a variable of 64 bits of which `is_own` says that nothing else sets it.
pub(super) fn find<'p>(
    range: &'p For,
    is_fixed: &dyn Fn(&Expr) -> bool,
    is_own: &dyn Fn(LocalId) -> bool,
) -> Vec<&'p For> {
    let mut found = Vec::new();
    walk::each(&range.body, &mut |_| {}, &mut |e| {
        let ExprKind::For(inner) = &e.kind else {
            return;
        };
        let counts_up = inner.step.is_none() && inner.order == Order::Forward && !inner.inclusive;
        let plain = counts_up && inner.parallel.is_none() && is_own(inner.variable);
        if plain && variable(inner).is_some() && is_fixed(&inner.start) && is_fixed(&inner.end) {
            found.push(&**inner);
        }
    });
    found
}

/// The type of a loop's variable, if it has 64 bits.
pub(super) fn variable(range: &For) -> Option<Scalar> {
    match range.start.ty {
        Type::Scalar(scalar) if scalar.bits() == 64 => Some(scalar),
        _ => None,
    }
}
