//! What there is in the body of a loop, found before it is walked.

use std::collections::BTreeSet;

use brolga_lang::ir::{Block, Expr, ExprKind, For, LocalId, Statement, Step};
use brolga_lang::walk;

/// What there is in the body of a counted loop.
pub(super) struct Body {
    pub(super) assigned: BTreeSet<LocalId>,
    pub(super) operations: u128,
    /// Whether it indexes arrays by value.
    pub(super) arrays: bool,
    /// Whether lanes may leave the loop early.
    pub(super) leaves: bool,
}

impl Body {
    pub(super) fn of(range: &For) -> Body {
        let mut body = Body {
            assigned: BTreeSet::new(),
            operations: 0,
            arrays: false,
            leaves: false,
        };
        assigned_in(&range.body, &mut body.assigned);
        body.assigned.remove(&range.variable);
        let mut inside = BTreeSet::new();
        let mut broken = BTreeSet::new();
        let mut assigns = false;
        walk::each(
            &range.body,
            &mut |statement| {
                if let Statement::Assign { path, .. } = statement {
                    assigns |= path.iter().any(|step| matches!(step, Step::Index(..)));
                }
            },
            &mut |expression| match &expression.kind {
                ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Fma(..)
                | ExprKind::Division { .. }
                | ExprKind::If(..)
                | ExprKind::Lazy(..)
                | ExprKind::Load { .. } => body.operations += 1,
                // A call or a loop is no small body.
                ExprKind::Call(..) => body.operations += 8,
                ExprKind::Index { .. } => {
                    body.operations += 1;
                    body.arrays = true;
                }
                ExprKind::Loop(id, _) | ExprKind::Labelled(id, _) => {
                    body.operations += 8;
                    inside.insert(*id);
                }
                ExprKind::For(inner) => {
                    body.operations += 8;
                    inside.insert(inner.id);
                }
                ExprKind::Break(id, _) | ExprKind::Continue(id) => {
                    let turn = matches!(expression.kind, ExprKind::Continue(_));
                    if !(turn && *id == range.id) {
                        broken.insert(*id);
                    }
                }
                ExprKind::Return(_) => body.leaves = true,
                _ => {}
            },
        );
        body.arrays |= assigns;
        body.leaves |= broken.difference(&inside).next().is_some();
        body
    }
}

/// The locals that a block assigns, loop variables among them.
pub(super) fn assigned_in(block: &Block, assigned: &mut BTreeSet<LocalId>) {
    let mut variables = BTreeSet::new();
    walk::each(
        block,
        &mut |statement| {
            if let Statement::Assign { local, .. } = statement {
                assigned.insert(*local);
            }
        },
        &mut |expression: &Expr| {
            if let ExprKind::For(inner) = &expression.kind {
                variables.insert(inner.variable);
            }
        },
    );
    assigned.append(&mut variables);
}
