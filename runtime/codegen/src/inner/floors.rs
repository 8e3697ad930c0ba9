//! What is known of the loop variable in a branch: behind `i >= from` it is not below `from`.

use brolga_lang::ir::{BinaryOp, Block, Expr, ExprKind, For, LocalId, Scalar, Statement, Type};
use brolga_lang::walk;

use super::access::Facts;

/// The branches of a loop's body in which its variable is not below a fixed number, each with the
/// indices that stand there.
pub(super) struct Floors<'p>(Vec<(Vec<&'p [Expr]>, &'p Expr)>);

impl<'p> Floors<'p> {
    pub(super) fn of(range: &'p For, facts: &Facts<'_>) -> Floors<'p> {
        let mut floors = Vec::new();
        let unsigned = matches!(range.start.ty, Type::Scalar(Scalar::Usize | Scalar::U64));
        if !unsigned || facts.assigned.contains(&range.variable) {
            return Floors(floors);
        }
        walk::each(&range.body, &mut |_| {}, &mut |e| {
            let ExprKind::If(condition, then, otherwise) = &e.kind else {
                return;
            };
            let branches = [(then, true), (otherwise, false)];
            for (branch, holds) in branches {
                if let Some(floor) = floor(condition, holds, range.variable)
                    && facts.is_fixed(floor)
                {
                    floors.push((indices(branch), floor));
                }
            }
        });
        Floors(floors)
    }

    /// What the loop variable is not below where this index is reached.
    pub(super) fn of_place(&self, index: &[Expr]) -> Option<&'p Expr> {
        let mut floors = self.0.iter();
        let around = floors.find(|(inside, _)| inside.iter().any(|at| std::ptr::eq(*at, index)));
        around.map(|(_, floor)| *floor)
    }
}

/// What the variable is not below if a condition holds, or does not.
fn floor(condition: &Expr, holds: bool, variable: LocalId) -> Option<&Expr> {
    let ExprKind::Binary(op, a, b) = &condition.kind else {
        return None;
    };
    let is_variable = |e: &Expr| matches!(e.kind, ExprKind::Local(local) if local == variable);
    let (left, right) = match (op, holds) {
        (BinaryOp::Ge, true) | (BinaryOp::Lt, false) => (a, b),
        (BinaryOp::Le, true) | (BinaryOp::Gt, false) => (b, a),
        // More than it is not less.
        (BinaryOp::Gt, true) | (BinaryOp::Le, false) => (a, b),
        (BinaryOp::Lt, true) | (BinaryOp::Ge, false) => (b, a),
        _ => return None,
    };
    is_variable(left).then_some(&**right)
}

fn indices(block: &Block) -> Vec<&[Expr]> {
    let found = std::cell::RefCell::new(Vec::new());
    walk::each(
        block,
        &mut |statement| {
            if let Statement::Store { index, .. } = statement {
                found.borrow_mut().push(&index[..]);
            }
        },
        &mut |e| {
            if let ExprKind::Load { index, .. } = &e.kind {
                found.borrow_mut().push(&index[..]);
            }
        },
    );
    found.into_inner()
}
