//! Arrays of a fixed length to the IR: literals, elements, methods. An array is
//! a value like a tuple; what changes it assigns a part of a variable.

use brolga_abi::PanicKind;

use super::Lower;
use super::assign::{Place, SUBSCRIPT, has_effects};
use super::build;
use super::compare::compare;
use crate::ast::BinaryOp as Op;
use crate::check::arrays::ArrayOp;
use crate::check::tree::{Expr, Kind};
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, ExprKind, Scalar, SiteId, Statement, Step, Type};

/// The length of an array's type.
pub(super) fn length(ty: &Type) -> u32 {
    match ty {
        Type::Array(_, n) => *n,
        _ => 0,
    }
}

/// `array[index]`.
pub(super) fn at(array: ir::Expr, index: ir::Expr, site: SiteId) -> ir::Expr {
    let ty = match &array.ty {
        Type::Array(element, _) => (**element).clone(),
        _ => Type::Never,
    };
    ir::Expr {
        ty,
        kind: ExprKind::Index {
            array: Box::new(array),
            index: Box::new(index),
            site,
        },
    }
}

/// A constant of type `usize`.
pub(super) fn number(value: u64) -> ir::Expr {
    build::int(Scalar::Usize, i128::from(value))
}

/// The value of all zero bits; only what is never looked at has it.
pub(super) fn zero(ty: &Type) -> ir::Expr {
    match ty {
        Type::Scalar(s) => build::bits(*s, 0),
        Type::Tuple(members) => build::tuple(members.iter().map(zero).collect()),
        Type::Array(element, _) => ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Repeat(Box::new(zero(element))),
        },
        Type::View(_) | Type::Never => build::unit(),
    }
}

/// An `Option`'s value: `Some(value)` if the condition holds.
pub(super) fn option(condition: ir::Expr, value: ir::Expr) -> ir::Expr {
    let none = build::tuple(vec![build::int(Scalar::Bool, 0), zero(&value.ty)]);
    let some = build::tuple(vec![build::int(Scalar::Bool, 1), value]);
    build::select(condition, some, none)
}

impl<'x> Lower<'x, '_> {
    /// `a[i]`, read.
    pub(super) fn element(&mut self, array: &'x Expr, index: &'x Expr, span: Span) -> ir::Expr {
        let array = self.expr(array);
        let index = self.expr(index);
        let site = self.b.site(PanicKind::ArrayIndex, span);
        if !has_effects(&index) || !is_place(&array) {
            return at(array, index, site);
        }
        // A variable is read after its index is known, which may change it.
        let mut out = Vec::new();
        let index = self.keep(index, &mut out);
        build::sequence(out, at(array, index, site))
    }

    /// What an array does; `None` for the operations of views.
    pub(super) fn fixed(
        &mut self,
        op: &'x ArrayOp,
        operands: &'x [Expr],
        e: &'x Expr,
    ) -> Option<ir::Expr> {
        let ty = self.ty(&e.ty);
        let mut out = Vec::new();
        let value = match (op, operands) {
            (ArrayOp::List, _) => ir::Expr {
                ty,
                kind: ExprKind::Array(operands.iter().map(|x| self.expr(x)).collect()),
            },
            (ArrayOp::Repeat, [value]) => {
                let value = self.expr(value);
                ir::Expr {
                    ty,
                    kind: ExprKind::Repeat(Box::new(value)),
                }
            }
            (ArrayOp::Length, [array]) => {
                let array = self.expr(array);
                let n = length(&array.ty);
                if !is_place(&array) {
                    out.push(Statement::Expr(array));
                }
                number(u64::from(n))
            }
            (ArrayOp::Swap, [array, i, j]) => {
                let place = self.place(array, true, &mut out);
                let i = self.expr(i);
                let i = self.keep(i, &mut out);
                let j = self.expr(j);
                let j = self.keep(j, &mut out);
                if let Place::Variable(local, path, value) = place {
                    let first = self.b.site(PanicKind::ArrayIndex, e.span);
                    let second = self.b.site(PanicKind::ArrayIndex, e.span);
                    let a = self.keep(at(value.clone(), i.clone(), first), &mut out);
                    let b = self.keep(at(value, j.clone(), second), &mut out);
                    for (index, site, value) in [(i, first, b), (j, second, a)] {
                        let mut path = path.clone();
                        path.push(Step::Index(index, site));
                        out.push(Statement::Assign { local, path, value });
                    }
                }
                build::unit()
            }
            (ArrayOp::Fill, [array, x]) => {
                let place = self.place(array, true, &mut out);
                let whole = place.read().ty;
                let x = self.expr(x);
                out.push(place.write(ir::Expr {
                    ty: whole,
                    kind: ExprKind::Repeat(Box::new(x)),
                }));
                build::unit()
            }
            (ArrayOp::Reverse, [array]) => {
                if let Place::Variable(local, path, value) = self.place(array, true, &mut out) {
                    let n = u64::from(length(&value.ty));
                    let site = self.b.site(PanicKind::ArrayIndex, e.span);
                    let whole = self.counted_up(number(n / 2), |l, i| {
                        let mut body = Vec::new();
                        let last = number(n.saturating_sub(1));
                        let j = build::binary(BinaryOp::Sub, Scalar::Usize, last, i.clone());
                        let j = l.keep(j, &mut body);
                        let a = l.keep(at(value.clone(), i.clone(), site), &mut body);
                        let b = l.keep(at(value, j.clone(), site), &mut body);
                        for (index, value) in [(i, b), (j, a)] {
                            let mut path = path.clone();
                            path.push(Step::Index(index, site));
                            body.push(Statement::Assign { local, path, value });
                        }
                        body
                    });
                    out.push(whole);
                }
                build::unit()
            }
            (ArrayOp::Contains, [array, x]) => {
                let array = self.expr(array);
                let array = self.whole(array, &mut out);
                let x = self.expr(x);
                let x = self.whole(x, &mut out);
                let n = u64::from(length(&array.ty));
                let site = self.b.site(PanicKind::ArrayIndex, e.span);
                let form = self.form(&operands[1].ty);
                self.b.scoped(|b| {
                    let found = b.variable(Scalar::Bool, build::int(Scalar::Bool, 0));
                    let i = b.variable(Scalar::Usize, number(0));
                    let body = b.scoped(|b| {
                        let own = b.keep_any(at(array, i.get(), site)).get();
                        let equal = compare(b, Op::Eq, &form, &own, &x);
                        b.push(found.set(equal));
                        let next = build::binary(BinaryOp::Add, Scalar::Usize, i.get(), number(1));
                        b.push(i.set(next));
                        build::unit()
                    });
                    let not_found = build::unary(ir::UnaryOp::Not, Scalar::Bool, found.get());
                    let more = build::compare(BinaryOp::Lt, i.get(), number(n));
                    b.while_loop(build::and(more, not_found), vec![Statement::Expr(body)]);
                    found.get()
                })
            }
            (ArrayOp::Get, [array, index]) => {
                let array = self.expr(array);
                let array = self.whole(array, &mut out);
                let index = self.expr(index);
                let index = self.keep(index, &mut out);
                let n = u64::from(length(&array.ty));
                self.maybe(array, index, n, e.span)
            }
            (ArrayOp::First | ArrayOp::Last, [array]) => {
                let array = self.expr(array);
                let array = self.whole(array, &mut out);
                let n = u64::from(length(&array.ty));
                let index = match op {
                    ArrayOp::First => 0,
                    _ => n.saturating_sub(1),
                };
                self.maybe(array, number(index), n, e.span)
            }
            (ArrayOp::Exchange, [a, b]) => {
                let a = self.place(a, true, &mut out);
                let b = self.place(b, true, &mut out);
                let first = self.keep(a.read(), &mut out);
                let second = self.keep(b.read(), &mut out);
                out.push(a.write(second));
                out.push(b.write(first));
                build::unit()
            }
            _ => return None,
        };
        Some(build::sequence(out, value))
    }

    /// `Some` of an element, where there is one.
    fn maybe(&mut self, array: ir::Expr, index: ir::Expr, n: u64, span: Span) -> ir::Expr {
        let element = match &array.ty {
            Type::Array(element, _) => (**element).clone(),
            _ => Type::UNIT,
        };
        if n == 0 {
            return build::tuple(vec![build::int(Scalar::Bool, 0), zero(&element)]);
        }
        let site = self.b.site(PanicKind::ArrayIndex, span);
        let inside = build::compare(BinaryOp::Lt, index.clone(), number(n));
        option(inside, at(array, index, site))
    }

    /// A value that can be read any number of times: a place as it is, else a new variable.
    pub(super) fn whole(&mut self, value: ir::Expr, out: &mut Vec<Statement>) -> ir::Expr {
        if build::is_plain(&value) {
            return value;
        }
        self.keep(value, out)
    }

    /// `for i in 0..end { .. }`.
    pub(super) fn counted_up(
        &mut self,
        end: ir::Expr,
        body: impl FnOnce(&mut Self, ir::Expr) -> Vec<Statement>,
    ) -> Statement {
        let id = self.b.new_loop();
        let variable = self.b.local("", SUBSCRIPT);
        let statements = body(self, build::local(variable, SUBSCRIPT));
        Statement::Expr(ir::Expr {
            ty: Type::UNIT,
            kind: ExprKind::For(Box::new(ir::For {
                id,
                variable,
                start: number(0),
                end,
                inclusive: false,
                step: None,
                order: ir::Order::Forward,
                body: ir::Block {
                    statements,
                    value: None,
                },
                parallel: None,
            })),
        })
    }
}

/// Whether a place is an element, or a part of one.
pub(super) fn indexed(place: &Expr) -> bool {
    match &place.kind {
        Kind::Index(..) | Kind::Element(..) => true,
        Kind::Member(inner, _) => indexed(inner),
        _ => false,
    }
}

/// Whether the view that a place is in is computed, after the value that is assigned.
pub(super) fn computes_view(place: &Expr) -> bool {
    match &place.kind {
        Kind::Index(view, _) => !matches!(view.kind, Kind::Local(_) | Kind::Member(..)),
        Kind::Element(inner, _) | Kind::Member(inner, _) => computes_view(inner),
        _ => false,
    }
}

/// Whether this reads a variable, or a part of one.
fn is_place(e: &ir::Expr) -> bool {
    match &e.kind {
        ExprKind::Local(_) | ExprKind::Const(_) | ExprKind::Global(_) => true,
        ExprKind::Member(inner, _) => is_place(inner),
        ExprKind::Index { array, .. } => is_place(array),
        _ => false,
    }
}
