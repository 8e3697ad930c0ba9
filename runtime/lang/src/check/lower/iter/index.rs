//! Items by their number: how many a chain has and which one has a number. Invariant: a number
//! is below the length, so the bounds checks in here never fail.

use super::{Prep, word};
use crate::check::iter::With;
use crate::check::lower::matching::Subject;
use crate::check::lower::{Lower, build, expr};
use crate::check::tree::Closure;
use crate::diagnostic::Span;
use crate::ir::{
    self, AxisSlice, BinaryOp, DivisionOp, ExprKind, LocalId, Scalar, Statement, Type,
};

impl<'x> Lower<'x, '_> {
    /// How many items there are, a plain `usize`.
    pub(super) fn length(&mut self, p: &Prep<'x>, out: &mut Vec<Statement>) -> ir::Expr {
        use BinaryOp::{Add, Ge, Gt, Lt, Min, Sub};
        let usize_ = |op, x, y| build::binary(op, Scalar::Usize, x, y);
        let length = match p {
            Prep::Range {
                s,
                start,
                end: Some(end),
                inclusive,
            } => {
                let difference = usize_(
                    Sub,
                    build::cast(end.clone(), Scalar::Usize),
                    build::cast(start.clone(), Scalar::Usize),
                );
                let zero_based = matches!(start.kind, ExprKind::Const(0)) && !s.is_signed();
                match (inclusive, zero_based) {
                    (false, true) => build::cast(end.clone(), Scalar::Usize),
                    (false, false) => build::select(
                        build::compare(Lt, start.clone(), end.clone()),
                        difference,
                        word(0),
                    ),
                    (true, _) => {
                        let difference = self.keep(difference, out);
                        let full = build::compare(BinaryOp::Eq, difference.clone(), word(u64::MAX));
                        let more = usize_(Add, difference, word(1));
                        let count = build::select(full, word(u64::MAX), more);
                        build::select(
                            build::compare(BinaryOp::Le, start.clone(), end.clone()),
                            count,
                            word(0),
                        )
                    }
                }
            }
            Prep::Range { end: None, .. } | Prep::Repeat(_) => word(u64::MAX),
            Prep::Elements { view, ty, .. } => match ty.ndim {
                1 => return expr::dim(*view, 0),
                0 => return word(1),
                n => (1..n).fold(expr::dim(*view, 0), |product, axis| {
                    usize_(BinaryOp::Mul, product, expr::dim(*view, axis))
                }),
            },
            Prep::Array { length, .. } => return word(u64::from(*length)),
            Prep::Views { view, axis, .. } => return expr::dim(*view, *axis),
            Prep::Windows { view, size, .. } => {
                let whole = expr::dim(*view, 0);
                build::select(
                    build::compare(Lt, whole.clone(), size.clone()),
                    word(0),
                    usize_(Add, usize_(Sub, whole, size.clone()), word(1)),
                )
            }
            Prep::Once(_) => return word(1),
            Prep::With(_, inner, _) | Prep::Enumerate(inner) | Prep::Rev(inner) => {
                return self.length(inner, out);
            }
            Prep::Zip(a, b) => {
                let (a, b) = (self.length(a, out), self.length(b, out));
                match (&a.kind, &b.kind) {
                    (ExprKind::Const(u64::MAX), _) => return b,
                    (_, ExprKind::Const(u64::MAX)) => return a,
                    _ => usize_(Min, a, b),
                }
            }
            Prep::Take(inner, n) => {
                let inner = self.length(inner, out);
                match inner.kind {
                    ExprKind::Const(u64::MAX) => return n.clone(),
                    _ => usize_(Min, inner, n.clone()),
                }
            }
            Prep::Skip(inner, n) => {
                let inner = self.length(inner, out);
                build::select(
                    build::compare(Gt, inner.clone(), n.clone()),
                    usize_(Sub, inner.clone(), n.clone()),
                    word(0),
                )
            }
            Prep::StepBy(inner, n, site) => {
                let inner = self.length(inner, out);
                let steps = ir::Expr {
                    ty: Type::Scalar(Scalar::Usize),
                    kind: ExprKind::Division {
                        op: DivisionOp::Quotient,
                        lhs: Box::new(usize_(Sub, inner.clone(), word(1))),
                        rhs: Box::new(n.clone()),
                        by_zero: *site,
                        overflow: None,
                    },
                };
                build::select(
                    build::compare(Ge, inner, word(1)),
                    usize_(Add, steps, word(1)),
                    word(0),
                )
            }
            Prep::Nothing | Prep::Chain(..) | Prep::Successors(..) | Prep::FromFn(_) => {
                return word(0);
            }
        };
        self.keep(length, out)
    }

    /// The item of a number, a plain `usize` that is below the length.
    pub(super) fn item(&mut self, p: &Prep<'x>, k: ir::Expr, out: &mut Vec<Statement>) -> Subject {
        use BinaryOp::{Add, Mul, Sub};
        let usize_ = |op, x, y| build::binary(op, Scalar::Usize, x, y);
        match p {
            Prep::Range { s, start, .. } => {
                let k = build::cast(k, *s);
                if matches!(start.kind, ExprKind::Const(0)) {
                    return Subject::Value(self.keep_plain(k, out));
                }
                let value = build::binary(Add, *s, start.clone(), k);
                Subject::Value(self.keep(value, out))
            }
            Prep::Elements { view, ty, .. } => {
                let index = match ty.ndim {
                    0 => Vec::new(),
                    1 => vec![self.index_local(k, out)],
                    _ => self.position(*view, ty.ndim, k, out),
                };
                let _ = view;
                self.item_at(p, index, out)
            }
            Prep::Array {
                array,
                element,
                site,
                ..
            } => {
                let value = ir::Expr {
                    ty: element.clone(),
                    kind: ExprKind::Index {
                        array: Box::new(array.clone()),
                        index: Box::new(k),
                        site: *site,
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Views {
                view,
                ty,
                axis,
                part,
                site,
            } => {
                let axes = (0..ty.ndim)
                    .map(|n| {
                        if n == *axis {
                            AxisSlice::Index(k.clone(), *site)
                        } else {
                            AxisSlice::All
                        }
                    })
                    .collect();
                let value = ir::Expr {
                    ty: part.clone(),
                    kind: ExprKind::Slice {
                        view: Box::new(build::local(*view, Type::View(*ty))),
                        axes,
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Windows {
                view,
                size,
                part,
                site,
            } => {
                let end = usize_(Add, k.clone(), size.clone());
                let value = ir::Expr {
                    ty: part.clone(),
                    kind: ExprKind::Slice {
                        view: Box::new(build::local(*view, part.clone())),
                        axes: vec![AxisSlice::Range {
                            start: k,
                            end,
                            step: None,
                            site: *site,
                        }],
                    },
                };
                Subject::Value(self.keep(value, out))
            }
            Prep::Repeat(value) | Prep::Once(value) => Subject::Value(value.clone()),
            Prep::With(with, inner, closure) => {
                let item = self.item(inner, k, out);
                self.mapped(*with, closure, item, out)
            }
            Prep::Zip(a, b) => {
                let first = self.item(a, k.clone(), out);
                Subject::Parts(vec![first, self.item(b, k, out)])
            }
            Prep::Enumerate(inner) => {
                let item = self.item(inner, k.clone(), out);
                Subject::Parts(vec![Subject::Value(k), item])
            }
            Prep::Rev(inner) => {
                let length = self.length(inner, out);
                let last = usize_(Sub, length, word(1));
                let k = self.keep(usize_(Sub, last, k), out);
                self.item(inner, k, out)
            }
            Prep::Take(inner, _) => self.item(inner, k, out),
            Prep::Skip(inner, n) => {
                let k = self.keep(usize_(Add, n.clone(), k), out);
                self.item(inner, k, out)
            }
            Prep::StepBy(inner, n, _) => {
                let k = self.keep(usize_(Mul, n.clone(), k), out);
                self.item(inner, k, out)
            }
            Prep::Nothing | Prep::Chain(..) | Prep::Successors(..) | Prep::FromFn(_) => {
                Subject::Value(build::unit())
            }
        }
    }

    /// What `map` or `inspect` makes of an item.
    pub(super) fn mapped(
        &mut self,
        with: With,
        closure: &'x Closure,
        item: Subject,
        out: &mut Vec<Statement>,
    ) -> Subject {
        let value = self.inline_with(closure, vec![item.clone()], out);
        if with == With::Inspect {
            out.push(Statement::Expr(value));
            return item;
        }
        Subject::Value(self.keep_plain(value, out))
    }

    /// Evaluates `value` now, unless it is plain.
    pub(super) fn keep_plain(&mut self, value: ir::Expr, out: &mut Vec<Statement>) -> ir::Expr {
        if value.ty == Type::Never {
            out.push(Statement::Expr(value));
            return build::unit();
        }
        if matches!(value.kind, ExprKind::Local(_)) {
            return value;
        }
        self.keep(value, out)
    }

    pub(super) fn index_local(&mut self, k: ir::Expr, out: &mut Vec<Statement>) -> LocalId {
        match k.kind {
            ExprKind::Local(id) => id,
            kind => {
                let id = self.b.local("", Type::Scalar(Scalar::Usize));
                out.push(build::assign(id, ir::Expr { ty: k.ty, kind }));
                id
            }
        }
    }

    /// The index of each axis of the element of this number in C order.
    pub(super) fn position(
        &mut self,
        view: LocalId,
        ndim: u8,
        k: ir::Expr,
        out: &mut Vec<Statement>,
    ) -> Vec<LocalId> {
        let mut rest = k;
        let mut index = Vec::new();
        for axis in (1..ndim).rev() {
            let size = expr::dim(view, axis);
            let divide =
                |l: &mut Self, op, x, y| l.b.division(op, Scalar::Usize, x, y, Span::default());
            let here = divide(self, DivisionOp::Remainder, rest.clone(), size.clone());
            index.push(self.index_local(here, out));
            let above = divide(self, DivisionOp::Quotient, rest, size);
            rest = self.keep(above, out);
        }
        index.push(self.index_local(rest, out));
        index.reverse();
        index
    }

    /// The element at an index, as the item of `p`.
    pub(super) fn item_at(
        &mut self,
        p: &Prep<'x>,
        index: Vec<LocalId>,
        out: &mut Vec<Statement>,
    ) -> Subject {
        let Prep::Elements {
            view,
            ty,
            mutable,
            indexed,
            site,
        } = p
        else {
            return Subject::Value(build::unit());
        };
        if *mutable {
            return Subject::Element(*view, index, ty.element, *site);
        }
        let load = ir::Expr {
            ty: ty.element.ty(),
            kind: ExprKind::Load {
                view: *view,
                index: expr::subscripts(&index),
                site: *site,
            },
        };
        let value = Subject::Value(self.keep(load, out));
        if !*indexed {
            return value;
        }
        let numbers = expr::subscripts(&index);
        let place = match <[ir::Expr; 1]>::try_from(numbers) {
            Ok([one]) => Subject::Value(one),
            Err(several) => Subject::Parts(several.into_iter().map(Subject::Value).collect()),
        };
        Subject::Parts(vec![place, value])
    }
}
