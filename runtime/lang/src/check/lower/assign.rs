//! Assignments to the IR, in rustc's order of evaluation: the value, then the place; for a
//! compound assignment through a trait (type parameters, `x += &y`) the place first.

use brolga_abi::PanicKind;

use super::build;
use super::expr::subscripts;
use super::{Lower, Slot};
use crate::ast::BinaryOp as Op;
use crate::check::tree::{Expr, Kind};
use crate::diagnostic::Span;
use crate::ir::{self, ExprKind, LocalId, Scalar, SiteId, Statement, Step, Type};
use crate::walk;

/// A place that can be read and written any number of times.
pub(super) enum Place {
    Variable(LocalId, Vec<Step>, ir::Expr),
    Element {
        view: LocalId,
        index: Vec<ir::Expr>,
        site: SiteId,
        ty: Type,
    },
    /// A part of an element that is a complex number; the element's index is evaluated.
    Part(Box<Place>, u32),
    Nothing,
}

impl Place {
    pub(super) fn read(&self) -> ir::Expr {
        match self {
            Place::Variable(_, _, value) => value.clone(),
            Place::Element {
                view,
                index,
                site,
                ty,
            } => ir::Expr {
                ty: ty.clone(),
                kind: ExprKind::Load {
                    view: *view,
                    index: index.clone(),
                    site: *site,
                },
            },
            Place::Part(whole, n) => build::member(whole.read(), *n),
            Place::Nothing => build::unit(),
        }
    }

    pub(super) fn write(self, value: ir::Expr) -> Statement {
        match self {
            Place::Variable(local, path, _) => Statement::Assign { local, path, value },
            Place::Element {
                view, index, site, ..
            } => Statement::Store {
                view,
                index,
                site,
                value,
            },
            Place::Part(whole, n) => {
                let other = build::member(whole.read(), 1 - n.min(1));
                let parts = if n == 0 {
                    vec![value, other]
                } else {
                    vec![other, value]
                };
                whole.write(build::tuple(parts))
            }
            Place::Nothing => Statement::Expr(value),
        }
    }
}

impl<'x> Lower<'x, '_> {
    pub(super) fn assign(&mut self, place: &'x Expr, value: &'x Expr, out: &mut Vec<Statement>) {
        let value = self.expr(value);
        if value.ty == Type::Never {
            out.push(Statement::Expr(value));
            return;
        }
        let value = match place.kind {
            Kind::Local(local) if self.reduced.contains(&local) => {
                self.variable_first(local, value)
            }
            _ => value,
        };
        let value = if super::arrays::computes_view(place)
            || matches!(place.kind, Kind::Member(..)) && self.in_element(place)
        {
            self.keep(value, out)
        } else {
            value
        };
        // A store evaluates its value before its index, so the index may stand in it.
        let place = self.place(place, false, out);
        out.push(place.write(value));
    }

    /// A reduction in the IR's form, `s = s op e`, where `s = e op s` was written. The value
    /// `e` does not read `s`, and all operators of reductions commute.
    fn variable_first(&mut self, local: usize, value: ir::Expr) -> ir::Expr {
        let Slot::Local(id, _) = self.declare(local) else {
            return value;
        };
        let own = |e: &ir::Expr| matches!(e.kind, ExprKind::Local(l) if l == id);
        match value.kind {
            ExprKind::Binary(op, a, b) if own(&b) && !own(&a) => ir::Expr {
                ty: value.ty,
                kind: ExprKind::Binary(op, b, a),
            },
            kind => ir::Expr { ty: value.ty, kind },
        }
    }

    pub(super) fn compound(
        &mut self,
        op: Op,
        place: &'x Expr,
        value: &'x Expr,
        value_first: bool,
        span: Span,
        out: &mut Vec<Statement>,
    ) {
        let s = self.scalar(&place.ty);
        if value_first {
            let value = self.expr(value);
            let element = super::arrays::indexed(place) || self.in_element(place);
            let value = if build::is_plain(&value) && !element {
                value
            } else if element || has_effects(&value) {
                self.keep(value, out)
            } else {
                value
            };
            let place = self.place(place, true, out);
            let new = self.operation(op, s, place.read(), value, span);
            out.push(place.write(new));
            return;
        }
        let place = self.place(place, true, out);
        let old = match &place {
            Place::Part(..)
            | Place::Element { .. }
            | Place::Variable(
                _,
                _,
                ir::Expr {
                    kind: ExprKind::Index { .. },
                    ..
                },
            ) => {
                let old = place.read();
                self.keep(old, out)
            }
            Place::Variable(..) | Place::Nothing => place.read(),
        };
        let value = self.expr(value);
        let new = self.operation(op, s, old, value, span);
        out.push(place.write(new));
    }

    /// Whether the place is a part of an element of a view.
    fn in_element(&mut self, place: &'x Expr) -> bool {
        match &place.kind {
            Kind::Member(inner, _) => {
                matches!(inner.kind, Kind::Index(..)) || self.in_element(inner)
            }
            Kind::Local(local) => matches!(self.declare(*local), Slot::Element(..)),
            _ => false,
        }
    }

    /// Evaluates `value` now.
    pub(super) fn keep(&mut self, value: ir::Expr, out: &mut Vec<Statement>) -> ir::Expr {
        if matches!(value.kind, ExprKind::Const(_)) || value.ty == Type::Never {
            return value;
        }
        let ty = value.ty.clone();
        let id = self.b.local("", ty.clone());
        out.push(build::assign(id, value));
        build::local(id, ty)
    }

    /// Whether an index is the same whenever it is evaluated: a constant or a variable that is
    /// never assigned.
    fn is_fixed(&self, index: &Expr) -> bool {
        match &index.kind {
            Kind::Int(_) => true,
            Kind::Local(local) => !self.body.locals[*local].mutable && !self.is_reference(*local),
            Kind::Member(tuple, _) => self.is_fixed(tuple),
            _ => false,
        }
    }

    /// A place; with `repeated` its index is evaluated now.
    pub(super) fn place(
        &mut self,
        place: &'x Expr,
        repeated: bool,
        out: &mut Vec<Statement>,
    ) -> Place {
        match &place.kind {
            Kind::Local(local) => match self.declare(*local) {
                Slot::Local(id, ty) => Place::Variable(id, Vec::new(), build::local(id, ty)),
                Slot::Element(view, index, element) => Place::Element {
                    view,
                    index: subscripts(&index),
                    site: self.b.site(PanicKind::IndexOutOfBounds, place.span),
                    ty: element.ty(),
                },
                Slot::Place(id, path) => {
                    let value = self.read_path(id, &path);
                    Place::Variable(id, path, value)
                }
                Slot::Nothing => Place::Nothing,
            },
            Kind::Borrow(inner) => self.place(inner, repeated, out),
            Kind::Element(inner, index) => match self.place(inner, repeated, out) {
                Place::Variable(id, mut path, value) => {
                    let fixed = self.is_fixed(index);
                    let mut index = self.expr(index);
                    if repeated && !fixed {
                        index = self.keep(index, out);
                    }
                    let site = self.b.site(PanicKind::ArrayIndex, place.span);
                    path.push(Step::Index(index.clone(), site));
                    Place::Variable(id, path, super::arrays::at(value, index, site))
                }
                other => other,
            },
            // A part of a view's element is written by reading the whole.
            Kind::Member(inner, n) => {
                let repeated = repeated || self.in_element(place);
                match self.place(inner, repeated, out) {
                    Place::Variable(id, mut path, value) => {
                        path.push(Step::Member(*n));
                        Place::Variable(id, path, build::member(value, *n))
                    }
                    element @ Place::Element { .. } => Place::Part(Box::new(element), *n),
                    other => other,
                }
            }
            Kind::Index(view, index) => {
                let view = self.view(view, out);
                let fixed = index.iter().all(|i| self.is_fixed(i));
                let mut list: Vec<ir::Expr> = index.iter().map(|i| self.expr(i)).collect();
                if repeated && !fixed {
                    list = list.into_iter().map(|i| self.keep(i, out)).collect();
                }
                Place::Element {
                    view,
                    index: list,
                    site: self.b.site(PanicKind::IndexOutOfBounds, place.span),
                    ty: self.ty(&place.ty),
                }
            }
            _ => Place::Nothing,
        }
    }
}

/// Whether the expression can change a local.
pub(super) fn has_effects(e: &ir::Expr) -> bool {
    match &e.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Dim(..) => false,
        ExprKind::Member(a, _) | ExprKind::Unary(_, a) | ExprKind::Cast(a) => has_effects(a),
        ExprKind::Global(_) => false,
        ExprKind::Repeat(a) | ExprKind::Permute(a, _) | ExprKind::Reduce(_, a) => has_effects(a),
        ExprKind::Tuple(all)
        | ExprKind::Array(all)
        | ExprKind::Call(_, all)
        | ExprKind::Load { index: all, .. } => all.iter().any(has_effects),
        ExprKind::Index { array, index, .. } => has_effects(array) || has_effects(index),
        ExprKind::Allocate { .. } | ExprKind::Slice { .. } => {
            let mut found = false;
            walk::parts(e, &mut |part| {
                if let walk::Part::Expr(part) = part {
                    found |= has_effects(part);
                }
            });
            found
        }
        ExprKind::Binary(_, a, b)
        | ExprKind::Dot(a, b)
        | ExprKind::Lazy(_, a, b)
        | ExprKind::Division { lhs: a, rhs: b, .. } => has_effects(a) || has_effects(b),
        ExprKind::Fma(a, b, c) => has_effects(a) || has_effects(b) || has_effects(c),
        ExprKind::If(c, a, b) => {
            let pure = |block: &ir::Block| {
                block.statements.is_empty() && block.value.as_ref().is_none_or(|v| !has_effects(v))
            };
            has_effects(c) || !pure(a) || !pure(b)
        }
        ExprKind::Panic(_) => false,
        ExprKind::Block(_)
        | ExprKind::Loop(..)
        | ExprKind::For(_)
        | ExprKind::Labelled(..)
        | ExprKind::Break(..)
        | ExprKind::Continue(_)
        | ExprKind::Return(_) => true,
    }
}

/// The type of subscripts.
pub(super) const SUBSCRIPT: Type = Type::Scalar(Scalar::Usize);
