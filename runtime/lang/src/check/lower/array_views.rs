//! Local arrays and the methods of views to the IR. A local array is a mutable view of new
//! memory. Invariant: a view that is only read is first brought to an immutable type, so
//! that the parts of it have the type that the checker gave them.

use brolga_abi::PanicKind;

use super::Lower;
use super::arrays::{at, length, number, option};
use super::build;
use super::expr::dim;
use crate::ast::Half;
use crate::check::arrays::{ArrayOp, Fill, Part};
use crate::check::tree::Expr;
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{
    self, AxisSlice, BinaryOp, Element, ExprKind, LocalId, ReduceOp, Scalar, Statement, Type,
    ViewType,
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

    fn lengths(self) -> Vec<ir::Expr> {
        (0..self.ty.ndim).map(|axis| dim(self.id, axis)).collect()
    }
}

fn message(text: &str) -> PanicKind {
    PanicKind::Message(text.to_string())
}

/// `a + b` or `a * b` of two values without effects.
fn combine(op: ReduceOp, a: ir::Expr, b: ir::Expr) -> ir::Expr {
    let scalar = match op {
        ReduceOp::Sum => BinaryOp::Add,
        ReduceOp::Product => BinaryOp::Mul,
    };
    match &a.ty {
        Type::Scalar(s) => build::binary(scalar, *s, a, b),
        Type::Tuple(parts) => {
            let Some(Type::Scalar(s)) = parts.first() else {
                return a;
            };
            let s = *s;
            let part = |x: &ir::Expr, n| build::member(x.clone(), n);
            let of = |op, x, y| build::binary(op, s, x, y);
            let mul = |m, n| of(BinaryOp::Mul, part(&a, m), part(&b, n));
            let (re, im) = match op {
                ReduceOp::Sum => (
                    of(BinaryOp::Add, part(&a, 0), part(&b, 0)),
                    of(BinaryOp::Add, part(&a, 1), part(&b, 1)),
                ),
                ReduceOp::Product => (
                    of(BinaryOp::Sub, mul(0, 0), mul(1, 1)),
                    of(BinaryOp::Add, mul(0, 1), mul(1, 0)),
                ),
            };
            build::tuple(vec![re, im])
        }
        _ => a,
    }
}

/// 1 of an element's type.
fn one(ty: &Ty, element: Element) -> ir::Expr {
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
    fn held(&mut self, view: &'x Expr, mutable: bool, out: &mut Vec<Statement>) -> Held {
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

    fn load(&mut self, view: Held, index: Vec<ir::Expr>, span: Span) -> ir::Expr {
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

    fn store(
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
    fn over(
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
    fn nested(
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

    fn allocate(
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

    /// `s![..]`: the numbers are evaluated in order, then each axis is made absolute and
    /// checked, as ndarray does it.
    fn part(
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

    fn assert_now(
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

    /// `split_at`.
    fn halves(
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

    /// The sum or product of all elements: of floats by the fixed tree, of others in order.
    fn reduced_view(
        &mut self,
        op: ReduceOp,
        view: Held,
        e: &'x Expr,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let ty = view.ty.element.ty();
        if let Element::Scalar(s) = view.ty.element
            && s.is_float()
        {
            return ir::Expr {
                ty,
                kind: ExprKind::Reduce(op, Box::new(view.get())),
            };
        }
        let first = match op {
            ReduceOp::Sum => super::arrays::zero(&ty),
            ReduceOp::Product => one(&Ty::Error, view.ty.element),
        };
        let id = self.b.local("", ty.clone());
        out.push(build::assign(id, first));
        let loops = self.nested(view, |l, index| {
            let mut body = Vec::new();
            let x = l.load(view, index.to_vec(), e.span);
            let x = l.keep(x, &mut body);
            body.push(build::assign(
                id,
                combine(op, build::local(id, ty.clone()), x),
            ));
            body
        });
        out.push(loops);
        build::local(id, ty)
    }

    fn dot(&mut self, a: Held, b: Held, e: &'x Expr, out: &mut Vec<Statement>) -> ir::Expr {
        let equal = build::compare(BinaryOp::Eq, dim(a.id, 0), dim(b.id, 0));
        self.assert_now(
            equal,
            "assertion failed: self.len() == rhs.len()",
            e.span,
            out,
        );
        let ty = a.ty.element.ty();
        if let Element::Scalar(s) = a.ty.element
            && s.is_float()
        {
            return ir::Expr {
                ty,
                kind: ExprKind::Dot(Box::new(a.get()), Box::new(b.get())),
            };
        }
        let id = self.b.local("", ty.clone());
        out.push(build::assign(id, super::arrays::zero(&ty)));
        let loops = self.nested(a, |l, index| {
            let mut body = Vec::new();
            let x = l.load(a, index.to_vec(), e.span);
            let x = l.keep(x, &mut body);
            let y = l.load(b, index.to_vec(), e.span);
            let y = l.keep(y, &mut body);
            let product = combine(ReduceOp::Product, x, y);
            let product = l.keep(product, &mut body);
            let sum = combine(ReduceOp::Sum, build::local(id, ty.clone()), product);
            body.push(build::assign(id, sum));
            body
        });
        out.push(loops);
        build::local(id, ty)
    }

    /// Stores into each element of `view` what comes of it and of the element of `other`,
    /// whose axes of length 1 are repeated.
    fn zipped(
        &mut self,
        view: Held,
        other: Held,
        span: Span,
        out: &mut Vec<Statement>,
        make: impl Fn(&mut Self, ir::Expr, ir::Expr) -> ir::Expr,
    ) {
        let axes: Vec<(ir::Expr, ir::Expr)> =
            view.lengths().into_iter().zip(other.lengths()).collect();
        let same = axes
            .iter()
            .map(|(n, m)| build::compare(BinaryOp::Eq, n.clone(), m.clone()))
            .reduce(build::and)
            .unwrap_or_else(|| build::int(Scalar::Bool, 1));
        let plain = self.nested(view, |l, index| {
            let y = l.load(view, index.to_vec(), span);
            let x = l.load(other, index.to_vec(), span);
            let value = make(l, y, x);
            vec![l.store(view, index.to_vec(), value, span)]
        });
        let mut repeated = Vec::new();
        for (n, m) in &axes {
            let fits = build::or(
                build::compare(BinaryOp::Eq, n.clone(), m.clone()),
                build::compare(BinaryOp::Eq, m.clone(), number(1)),
            );
            self.assert_now(
                fits,
                "ndarray: could not broadcast array from its shape to the shape that is assigned",
                span,
                &mut repeated,
            );
        }
        let loops = self.nested(view, |l, index| {
            let from = index
                .iter()
                .zip(&axes)
                .map(|(i, (_, m))| {
                    let once = build::compare(BinaryOp::Eq, m.clone(), number(1));
                    build::select(once, number(0), i.clone())
                })
                .collect();
            let y = l.load(view, index.to_vec(), span);
            let x = l.load(other, from, span);
            let value = make(l, y, x);
            vec![l.store(view, index.to_vec(), value, span)]
        });
        repeated.push(loops);
        let block = |statements| ir::Block {
            statements,
            value: None,
        };
        out.push(Statement::Expr(ir::Expr {
            ty: Type::UNIT,
            kind: ExprKind::If(Box::new(same), block(vec![plain]), block(repeated)),
        }));
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
