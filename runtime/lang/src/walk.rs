//! The direct parts of IR nodes, in evaluation order: one place that knows the shape of
//! every node, for the passes that only gather facts.

use crate::ir::{AxisSlice, Block, Expr, ExprKind, Statement, Step};

/// A direct part of an expression.
#[derive(Clone, Copy)]
pub enum Part<'p> {
    /// Evaluated once.
    Expr(&'p Expr),
    /// An arm of an `if`, or a block that runs once.
    Block(&'p Block),
    /// The body of a loop.
    Repeated(&'p Block),
}

/// Calls `f` with each direct part of `expr`.
pub fn parts<'p>(expr: &'p Expr, f: &mut dyn FnMut(Part<'p>)) {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Local(_)
        | ExprKind::Dim(..)
        | ExprKind::Global(_)
        | ExprKind::Continue(_)
        | ExprKind::Panic(_) => {}
        ExprKind::Member(value, _)
        | ExprKind::Unary(_, value)
        | ExprKind::Cast(value)
        | ExprKind::Repeat(value)
        | ExprKind::Permute(value, _)
        | ExprKind::Reduce(_, value) => {
            f(Part::Expr(value));
        }
        ExprKind::Index { array, index, .. } => {
            f(Part::Expr(array));
            f(Part::Expr(index));
        }
        ExprKind::Allocate { dims, fill, .. } => {
            dims.iter().for_each(|dim| f(Part::Expr(dim)));
            f(Part::Expr(fill));
        }
        ExprKind::Slice { view, axes } => {
            f(Part::Expr(view));
            for axis in axes {
                match axis {
                    AxisSlice::All => {}
                    AxisSlice::Index(index, _) => f(Part::Expr(index)),
                    AxisSlice::Range {
                        start, end, step, ..
                    } => {
                        f(Part::Expr(start));
                        f(Part::Expr(end));
                        step.iter().for_each(|step| f(Part::Expr(step)));
                    }
                }
            }
        }
        ExprKind::Tuple(values)
        | ExprKind::Array(values)
        | ExprKind::Call(_, values)
        | ExprKind::Load { index: values, .. } => {
            values.iter().for_each(|value| f(Part::Expr(value)));
        }
        ExprKind::Binary(_, lhs, rhs)
        | ExprKind::Dot(lhs, rhs)
        | ExprKind::Division { lhs, rhs, .. }
        | ExprKind::Lazy(_, lhs, rhs) => {
            f(Part::Expr(lhs));
            f(Part::Expr(rhs));
        }
        ExprKind::Fma(a, b, c) => {
            f(Part::Expr(a));
            f(Part::Expr(b));
            f(Part::Expr(c));
        }
        ExprKind::If(condition, then, otherwise) => {
            f(Part::Expr(condition));
            f(Part::Block(then));
            f(Part::Block(otherwise));
        }
        ExprKind::Block(block) | ExprKind::Labelled(_, block) => f(Part::Block(block)),
        ExprKind::Loop(_, body) => f(Part::Repeated(body)),
        ExprKind::For(range) => {
            f(Part::Expr(&range.start));
            f(Part::Expr(&range.end));
            if let Some((step, _)) = &range.step {
                f(Part::Expr(step));
            }
            f(Part::Repeated(&range.body));
        }
        ExprKind::Break(_, value) | ExprKind::Return(value) => {
            if let Some(value) = value {
                f(Part::Expr(value));
            }
        }
    }
}

/// Calls `f` with each expression that stands directly in `block`.
pub fn block_parts<'p>(block: &'p Block, f: &mut dyn FnMut(&'p Expr)) {
    for statement in &block.statements {
        match statement {
            Statement::Assign { value, path, .. } => {
                f(value);
                for step in path {
                    match step {
                        Step::Member(_) => {}
                        Step::Index(index, _) => f(index),
                    }
                }
            }
            Statement::Expr(value) => f(value),
            Statement::Store { index, value, .. } => {
                f(value);
                index.iter().for_each(&mut *f);
            }
        }
    }
    if let Some(value) = &block.value {
        f(value);
    }
}

/// Calls `statement` with each statement and `expr` with each expression in `block`, at
/// whatever depth.
pub fn each<'p>(
    block: &'p Block,
    statement: &mut dyn FnMut(&'p Statement),
    expr: &mut dyn FnMut(&'p Expr),
) {
    block.statements.iter().for_each(&mut *statement);
    block_parts(block, &mut |e| each_expr(e, statement, expr));
}

fn each_expr<'p>(
    e: &'p Expr,
    statement: &mut dyn FnMut(&'p Statement),
    expr: &mut dyn FnMut(&'p Expr),
) {
    expr(e);
    parts(e, &mut |part| match part {
        Part::Expr(inner) => each_expr(inner, statement, expr),
        Part::Block(block) | Part::Repeated(block) => each(block, statement, expr),
    });
}
