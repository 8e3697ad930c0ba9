//! Sums, products and what goes through two arrays at once, to the IR. Floats are reduced by
//! the IR's fixed tree, integers and complex numbers in order.

use super::Lower;
use super::array_views::{Held, one};
use super::arrays::number;
use super::build;
use super::expr::dim;
use crate::check::tree::Expr;
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, Element, ExprKind, ReduceOp, Scalar, Statement, Type};

/// `a + b` or `a * b` of two values without effects.
pub(super) fn combine(op: ReduceOp, a: ir::Expr, b: ir::Expr) -> ir::Expr {
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

impl<'x> Lower<'x, '_> {
    /// The sum or product of all elements: of floats by the fixed tree, of others in order.
    pub(super) fn reduced_view(
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

    pub(super) fn dot(
        &mut self,
        a: Held,
        b: Held,
        e: &'x Expr,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
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
    pub(super) fn zipped(
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
