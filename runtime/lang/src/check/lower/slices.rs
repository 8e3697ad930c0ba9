//! `s![..]`, rows, columns and halves of views to the IR. Invariant: every number is evaluated
//! before any is made absolute or checked.

use brolga_abi::PanicKind;

use super::Lower;
use super::array_views::Held;
use super::arrays::number;
use super::build;
use super::expr::dim;
use crate::check::arrays::Part;
use crate::check::tree::Expr;
use crate::diagnostic::Span;
use crate::ir::{self, AxisSlice, BinaryOp, ExprKind, Scalar, Statement, Type, ViewType};

impl<'x> Lower<'x, '_> {
    /// `s![..]`: the numbers are evaluated in order, then each axis is made absolute and
    /// checked, as ndarray does it.
    pub(super) fn part(
        &mut self,
        view: Held,
        parts: &[Part],
        operands: &'x [Expr],
        e: &'x Expr,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let mut left = operands;
        let mut evaluated: Vec<Vec<ir::Expr>> = Vec::new();
        for part in parts {
            let (own, rest) = left.split_at(part.operands().min(left.len()));
            left = rest;
            let mut list = Vec::new();
            for number in own {
                let value = self.expr(number);
                let value = match part {
                    Part::At => value,
                    _ => build::cast(value, Scalar::Isize),
                };
                list.push(self.keep(value, out));
            }
            evaluated.push(list);
        }
        let mut axes = Vec::new();
        for (axis, (part, list)) in parts.iter().zip(evaluated).enumerate() {
            let whole = dim(view.id, axis as u8);
            let mut list = list.into_iter();
            let mut next = || list.next().unwrap_or_else(|| build::int(Scalar::Isize, 0));
            axes.push(match *part {
                Part::All => AxisSlice::All,
                Part::At => {
                    let site = self.b.site(PanicKind::IndexOutOfBounds, e.span);
                    AxisSlice::Index(next(), site)
                }
                Part::Signed => {
                    let site = self.b.site(PanicKind::IndexOutOfBounds, e.span);
                    AxisSlice::Index(absolute(next(), &whole), site)
                }
                Part::Range {
                    start,
                    end,
                    inclusive,
                    step,
                } => {
                    let first = start.then(&mut next);
                    let last = end.then(&mut next);
                    let step = step.then(&mut next);
                    self.range_part(&whole, first, (last, inclusive), step, e.span, out)
                }
            });
        }
        let ty = match self.ty(&e.ty) {
            Type::View(ty) => Type::View(ViewType {
                mutable: view.ty.mutable,
                ..ty
            }),
            other => other,
        };
        ir::Expr {
            ty,
            kind: ExprKind::Slice {
                view: Box::new(view.get()),
                axes,
            },
        }
    }

    fn range_part(
        &mut self,
        whole: &ir::Expr,
        first: Option<ir::Expr>,
        (last, inclusive): (Option<ir::Expr>, bool),
        step: Option<ir::Expr>,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> AxisSlice {
        let start = match first {
            Some(first) => {
                let start = absolute(first, whole);
                self.keep(start, out)
            }
            None => number(0),
        };
        let end = match last {
            None => whole.clone(),
            Some(last) if inclusive => {
                let minus_one = build::int(Scalar::Isize, -1);
                let after = build::binary(
                    BinaryOp::Add,
                    Scalar::Isize,
                    last.clone(),
                    build::int(Scalar::Isize, 1),
                );
                let open = build::compare(BinaryOp::Eq, last, minus_one);
                let after = self.keep(after, out);
                build::select(open, whole.clone(), absolute(after, whole))
            }
            Some(last) => absolute(last, whole),
        };
        // An end before the start is an empty range, wherever the start is.
        let end = if matches!(start.kind, ExprKind::Const(0)) {
            end
        } else {
            let end = self.keep(end, out);
            let order = build::compare(BinaryOp::Lt, end.clone(), start.clone());
            let end = build::select(order, start.clone(), end);
            self.keep(end, out)
        };
        let site = self.b.site(PanicKind::SliceOutOfBounds, span);
        AxisSlice::Range {
            start,
            end,
            step,
            site,
        }
    }

    /// `split_at`.
    pub(super) fn halves(
        &mut self,
        view: Held,
        axis: u8,
        index: ir::Expr,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        const TEXT: &str = "assertion failed: index <= self.len_of(axis)";
        let whole = dim(view.id, axis);
        let inside = build::compare(BinaryOp::Le, index.clone(), whole.clone());
        self.assert_now(inside, TEXT, span, out);
        let mut half = |start: ir::Expr, end: ir::Expr| {
            let site = self.b.site(PanicKind::SliceOutOfBounds, span);
            let mut axes = vec![AxisSlice::All; usize::from(view.ty.ndim)];
            if let Some(own) = axes.get_mut(usize::from(axis)) {
                *own = AxisSlice::Range {
                    start,
                    end,
                    step: None,
                    site,
                };
            }
            ir::Expr {
                ty: Type::View(view.ty),
                kind: ExprKind::Slice {
                    view: Box::new(view.get()),
                    axes,
                },
            }
        };
        let first = half(number(0), index.clone());
        let second = half(index, whole);
        build::tuple(vec![first, second])
    }
}

/// An index that counts from the end where it is negative, as an `usize`.
fn absolute(index: ir::Expr, whole: &ir::Expr) -> ir::Expr {
    if let ExprKind::Const(bits) = index.kind {
        let own = number(bits);
        return if (bits as i64) < 0 {
            build::binary(BinaryOp::Add, Scalar::Usize, own, whole.clone())
        } else {
            own
        };
    }
    let negative = build::compare(BinaryOp::Lt, index.clone(), build::int(Scalar::Isize, 0));
    let own = build::cast(index, Scalar::Usize);
    let from_end = build::binary(BinaryOp::Add, Scalar::Usize, own.clone(), whole.clone());
    build::select(negative, from_end, own)
}
