//! Local arrays and the methods of views to the IR. A local array is a mutable view of new
//! memory. Invariant: a view that is only read is first brought to an immutable type, so
//! that the parts of it have the type that the checker gave them.

use brolga_abi::PanicKind;

use super::Lower;
use super::arrays::{at, length, number, option};
use super::build;
use super::expr::dim;
use super::reduce::combine;
use crate::ast::Half;
use crate::check::arrays::{ArrayOp, Fill};
use crate::check::tree::Expr;
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{
    self, BinaryOp, Element, ExprKind, LocalId, ReduceOp, Scalar, Statement, Type, ViewType,
};

/// A view in a local.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub(super) id: LocalId,
    pub(super) ty: ViewType,
}

impl Held {
    pub(super) fn get(self) -> ir::Expr {
        build::local(self.id, Type::View(self.ty))
    }

    pub(super) fn lengths(self) -> Vec<ir::Expr> {
        (0..self.ty.ndim).map(|axis| dim(self.id, axis)).collect()
    }
}

pub(super) fn message(text: &str) -> PanicKind {
    PanicKind::Message(text.to_string())
}

/// 1 of an element's type.
pub(super) fn one(ty: &Ty, element: Element) -> ir::Expr {
    match (ty, element) {
        (Ty::Half(Half::F16), _) => build::int(Scalar::U16, 0x3C00),
        (Ty::Half(Half::Bf16), _) => build::int(Scalar::U16, 0x3F80),
        (_, Element::Scalar(s)) => unit_of(s),
        (_, Element::Complex(s)) => build::tuple(vec![unit_of(s), build::bits(s, 0)]),
    }
}

fn unit_of(s: Scalar) -> ir::Expr {
    if s.is_float() {
        build::float(s, 1.0)
    } else {
        build::int(s, 1)
    }
}

impl<'x> Lower<'x, '_> {
    /// What arrays and views do.
    pub(super) fn array(&mut self, op: &'x ArrayOp, operands: &'x [Expr], e: &'x Expr) -> ir::Expr {
        if let Some(done) = self.fixed(op, operands, e) {
            return done;
        }
        let mut out = Vec::new();
        let value = match (op, operands) {
            (ArrayOp::Allocate(fill), _) => self.allocation(*fill, operands, e, &mut out),
            (ArrayOp::From, [array]) => self.local_of_fixed(array, e, &mut out),
            (ArrayOp::ToOwned, [view]) => {
                let from = self.held(view, false, &mut out);
                self.copied(from, e, &mut out).get()
            }
            (ArrayOp::As, [view]) => {
                let mutable = self.is_mutable(e);
                self.held(view, mutable, &mut out).get()
            }
            (ArrayOp::Slice(parts), [view, rest @ ..]) => {
                let mutable = self.is_mutable(e);
                let view = self.held(view, mutable, &mut out);
                self.part(view, parts, rest, e, &mut out)
            }
            (ArrayOp::Reversed, [view]) => {
                let mutable = self.is_mutable(e);
                let view = self.held(view, mutable, &mut out);
                ir::Expr {
                    ty: Type::View(view.ty),
                    kind: ExprKind::Permute(
                        Box::new(view.get()),
                        (0..view.ty.ndim).rev().collect(),
                    ),
                }
            }
            (ArrayOp::SwapAxes(a, b), [view]) => {
                let view = self.held(view, true, &mut out);
                let mut axes: Vec<u8> = (0..view.ty.ndim).collect();
                axes.swap(usize::from(*a), usize::from(*b));
                out.push(build::assign(
                    view.id,
                    ir::Expr {
                        ty: Type::View(view.ty),
                        kind: ExprKind::Permute(Box::new(view.get()), axes),
                    },
                ));
                build::unit()
            }
            (ArrayOp::SplitAt(axis), [view, index]) => {
                let mutable = match self.ty(&view.ty) {
                    Type::View(view) => view.mutable,
                    _ => false,
                };
                let view = self.held(view, mutable, &mut out);
                let index = self.expr(index);
                let index = self.keep(index, &mut out);
                self.halves(view, *axis, index, e.span, &mut out)
            }
            (ArrayOp::Sum | ArrayOp::Product, [view]) => {
                let view = self.held(view, false, &mut out);
                let op = match op {
                    ArrayOp::Sum => ReduceOp::Sum,
                    _ => ReduceOp::Product,
                };
                self.reduced_view(op, view, e, &mut out)
            }
            (ArrayOp::Mean, [view]) => {
                let view = self.held(view, false, &mut out);
                let count = view
                    .lengths()
                    .into_iter()
                    .reduce(|a, b| build::binary(BinaryOp::Mul, Scalar::Usize, a, b))
                    .unwrap_or_else(|| number(1));
                let count = self.keep(count, &mut out);
                let some = build::compare(BinaryOp::Ne, count.clone(), number(0));
                let mut inner = Vec::new();
                let sum = self.reduced_view(ReduceOp::Sum, view, e, &mut inner);
                let mean = match sum.ty {
                    Type::Scalar(s) => build::binary(BinaryOp::Div, s, sum, build::cast(count, s)),
                    _ => sum,
                };
                option(some, build::sequence(inner, mean))
            }
            (ArrayOp::Dot, [a, b]) => {
                let a = self.held(a, false, &mut out);
                let b = self.held(b, false, &mut out);
                self.dot(a, b, e, &mut out)
            }
            (ArrayOp::FillView, [view, x]) => {
                let view = self.held(view, true, &mut out);
                let x = self.expr(x);
                let x = self.keep(x, &mut out);
                let loops = self.over(view, e.span, |_, _| x);
                out.push(loops);
                build::unit()
            }
            (ArrayOp::Assign, [view, other]) => {
                let view = self.held(view, true, &mut out);
                let other = self.held(other, false, &mut out);
                self.zipped(view, other, e.span, &mut out, |_, _, x| x);
                build::unit()
            }
            (ArrayOp::ScaledAdd, [view, factor, other]) => {
                let view = self.held(view, true, &mut out);
                let factor = self.expr(factor);
                let factor = self.keep(factor, &mut out);
                let other = self.held(other, false, &mut out);
                self.zipped(view, other, e.span, &mut out, |l, y, x| {
                    l.b.composed(vec![y, x], |_, v| {
                        let scaled = combine(ReduceOp::Product, factor.clone(), v[1].get());
                        combine(ReduceOp::Sum, v[0].get(), scaled)
                    })
                });
                build::unit()
            }
            (ArrayOp::SwapElements, [view, index @ ..]) => {
                let view = self.held(view, true, &mut out);
                let index: Vec<ir::Expr> = index
                    .iter()
                    .map(|i| {
                        let i = self.expr(i);
                        self.keep(i, &mut out)
                    })
                    .collect();
                let (i, j) = index.split_at(usize::from(view.ty.ndim).min(index.len()));
                let a = self.load(view, i.to_vec(), e.span);
                let a = self.keep(a, &mut out);
                let b = self.load(view, j.to_vec(), e.span);
                let b = self.keep(b, &mut out);
                let first = self.store(view, i.to_vec(), b, e.span);
                let second = self.store(view, j.to_vec(), a, e.span);
                out.extend([first, second]);
                build::unit()
            }
            (ArrayOp::GetElement, [view, index @ ..]) => {
                let view = self.held(view, false, &mut out);
                let index: Vec<ir::Expr> = index
                    .iter()
                    .map(|i| {
                        let i = self.expr(i);
                        self.keep(i, &mut out)
                    })
                    .collect();
                let inside = index
                    .iter()
                    .zip(view.lengths())
                    .map(|(i, n)| build::compare(BinaryOp::Lt, i.clone(), n))
                    .reduce(build::and)
                    .unwrap_or_else(|| build::int(Scalar::Bool, 1));
                let load = self.load(view, index, e.span);
                option(inside, load)
            }
            (ArrayOp::FirstElement | ArrayOp::LastElement, [view]) => {
                let view = self.held(view, false, &mut out);
                let inside = view
                    .lengths()
                    .into_iter()
                    .map(|n| build::compare(BinaryOp::Ne, n, number(0)))
                    .reduce(build::and)
                    .unwrap_or_else(|| build::int(Scalar::Bool, 1));
                let index = view
                    .lengths()
                    .into_iter()
                    .map(|n| match op {
                        ArrayOp::FirstElement => number(0),
                        _ => build::binary(BinaryOp::Sub, Scalar::Usize, n, number(1)),
                    })
                    .collect();
                let load = self.load(view, index, e.span);
                option(inside, load)
            }
            _ => build::unit(),
        };
        build::sequence(out, value)
    }

    fn is_mutable(&self, e: &Expr) -> bool {
        matches!(self.ty(&e.ty), Type::View(view) if view.mutable)
    }

    /// The local that holds a view, of this mutability at most.
    pub(super) fn held(&mut self, view: &'x Expr, mutable: bool, out: &mut Vec<Statement>) -> Held {
        let value = self.expr(view);
        let Type::View(found) = value.ty else {
            // Only what is never evaluated has another type.
            let ty = ViewType {
                element: Element::Scalar(Scalar::Bool),
                ndim: 0,
                mutable,
            };
            let id = self.b.local("", Type::View(ty));
            out.push(Statement::Expr(value));
            return Held { id, ty };
        };
        let ty = ViewType {
            mutable: found.mutable && mutable,
            ..found
        };
        if let (ExprKind::Local(id), true) = (&value.kind, ty == found) {
            return Held { id: *id, ty };
        }
        let id = self.b.local("", Type::View(ty));
        out.push(build::assign(id, value));
        Held { id, ty }
    }

    pub(super) fn load(&mut self, view: Held, index: Vec<ir::Expr>, span: Span) -> ir::Expr {
        let site = self.b.site(PanicKind::IndexOutOfBounds, span);
        ir::Expr {
            ty: view.ty.element.ty(),
            kind: ExprKind::Load {
                view: view.id,
                index,
                site,
            },
        }
    }

    pub(super) fn store(
        &mut self,
        view: Held,
        index: Vec<ir::Expr>,
        value: ir::Expr,
        span: Span,
    ) -> Statement {
        let site = self.b.site(PanicKind::IndexOutOfBounds, span);
        Statement::Store {
            view: view.id,
            index,
            site,
            value,
        }
    }

    /// Stores into every element of a view, in C order.
    pub(super) fn over(
        &mut self,
        view: Held,
        span: Span,
        value: impl FnOnce(&mut Self, &[ir::Expr]) -> ir::Expr,
    ) -> Statement {
        self.nested(view, |l, index| {
            let value = value(l, index);
            vec![l.store(view, index.to_vec(), value, span)]
        })
    }

    /// Runs `body` for each index of a view, in C order.
    pub(super) fn nested(
        &mut self,
        view: Held,
        body: impl FnOnce(&mut Self, &[ir::Expr]) -> Vec<Statement>,
    ) -> Statement {
        let ndim = view.ty.ndim;
        let index: Vec<(LocalId, ir::LoopId)> = (0..ndim)
            .map(|_| {
                (
                    self.b.local("", super::assign::SUBSCRIPT),
                    self.b.new_loop(),
                )
            })
            .collect();
        let reads: Vec<ir::Expr> = index
            .iter()
            .map(|(id, _)| build::local(*id, super::assign::SUBSCRIPT))
            .collect();
        let mut statements = body(self, &reads);
        for (axis, (variable, id)) in index.iter().enumerate().rev() {
            let whole = ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::For(Box::new(ir::For {
                    id: *id,
                    variable: *variable,
                    start: number(0),
                    end: dim(view.id, axis as u8),
                    inclusive: false,
                    step: None,
                    order: ir::Order::Forward,
                    body: ir::Block {
                        statements,
                        value: None,
                    },
                    parallel: None,
                })),
            };
            statements = vec![Statement::Expr(whole)];
        }
        Statement::Expr(build::sequence(statements, build::unit()))
    }

    pub(super) fn allocate(
        &mut self,
        view: ViewType,
        dims: Vec<ir::Expr>,
        fill: ir::Expr,
        span: Span,
    ) -> ir::Expr {
        let too_large = self.b.site(PanicKind::AllocationTooLarge, span);
        let no_memory = self.b.site(PanicKind::OutOfMemory, span);
        ir::Expr {
            ty: Type::View(view),
            kind: ExprKind::Allocate {
                dims,
                fill: Box::new(fill),
                too_large,
                no_memory,
            },
        }
    }

    fn allocation(
        &mut self,
        fill: Fill,
        operands: &'x [Expr],
        e: &'x Expr,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let Type::View(view) = self.ty(&e.ty) else {
            return build::unit();
        };
        let (shape, given) = match (fill, operands.split_last()) {
            (Fill::Given, Some((value, shape))) => (shape, Some(value)),
            _ => (operands, None),
        };
        let mut dims: Vec<ir::Expr> = shape.iter().map(|n| self.expr(n)).collect();
        let packed = match dims.as_slice() {
            [one] => match &one.ty {
                Type::Tuple(members) => Some(members.len()),
                Type::Array(_, n) => Some(*n as usize),
                _ => None,
            },
            _ => None,
        };
        if let Some(count) = packed {
            let one = match dims.pop() {
                Some(one) => self.whole(one, out),
                None => build::unit(),
            };
            for n in 0..count {
                dims.push(match &one.ty {
                    Type::Array(..) => {
                        let site = self.b.site(PanicKind::ArrayIndex, e.span);
                        at(one.clone(), number(n as u64), site)
                    }
                    _ => build::member(one.clone(), n as u32),
                });
            }
        }
        let element = match self.ground(&e.ty) {
            Ty::Owned { element, .. } => *element,
            _ => Ty::Error,
        };
        let fill = match given {
            Some(value) => self.expr(value),
            None if fill == Fill::One => one(&element, view.element),
            None => super::arrays::zero(&view.element.ty()),
        };
        self.allocate(view, dims, fill, e.span)
    }

    /// A local array of the elements of a fixed one.
    fn local_of_fixed(
        &mut self,
        array: &'x Expr,
        e: &'x Expr,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let Type::View(ty) = self.ty(&e.ty) else {
            return build::unit();
        };
        let array = self.expr(array);
        let array = self.whole(array, out);
        let mut dims = Vec::new();
        let mut inner = &array.ty;
        for _ in 0..ty.ndim {
            dims.push(number(u64::from(length(inner))));
            if let Type::Array(element, _) = inner {
                inner = element;
            }
        }
        let fill = super::arrays::zero(&ty.element.ty());
        let made = self.allocate(ty, dims, fill, e.span);
        let id = self.b.local("", Type::View(ty));
        out.push(build::assign(id, made));
        let view = Held { id, ty };
        let site = self.b.site(PanicKind::ArrayIndex, e.span);
        let loops = self.over(view, e.span, |_, index| {
            index
                .iter()
                .fold(array.clone(), |rest, i| at(rest, i.clone(), site))
        });
        out.push(loops);
        view.get()
    }

    /// A copy of a view in a local array.
    fn copied(&mut self, from: Held, e: &'x Expr, out: &mut Vec<Statement>) -> Held {
        let ty = ViewType {
            mutable: true,
            ..from.ty
        };
        let fill = super::arrays::zero(&ty.element.ty());
        let made = self.allocate(ty, from.lengths(), fill, e.span);
        let id = self.b.local("", Type::View(ty));
        out.push(build::assign(id, made));
        let view = Held { id, ty };
        let loops = self.over(view, e.span, |l, index| {
            l.load(from, index.to_vec(), e.span)
        });
        out.push(loops);
        view
    }

    pub(super) fn assert_now(
        &mut self,
        condition: ir::Expr,
        text: &str,
        span: Span,
        out: &mut Vec<Statement>,
    ) {
        let checked = self.b.scoped(|b| {
            b.assert(condition, message(text), span);
            build::unit()
        });
        out.push(Statement::Expr(checked));
    }
}
