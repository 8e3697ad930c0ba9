//! Comparisons of values of any type: `==`, `<` and so on of tuples, structs, options, arrays
//! and 16-bit floats, as the derived traits of Rust make them. Invariant: which bits mean what
//! is decided by the type of the source ([`Form`]), never by that of the IR.

use brolga_abi::PanicKind;

use super::Lower;
use super::arrays::{at, number};
use super::build::{self, Builder};
use super::data::single;
use super::expr::comparison;
use crate::ast::{BinaryOp as Op, Half};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, ExprKind, Scalar, Statement, Type};

/// Where a value holds 16-bit floats, whose order is not that of their bits.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Form {
    /// Nowhere.
    Plain,
    /// It is one.
    Half(Half),
    /// In some of its members.
    Members(Vec<Form>),
    /// In each of its elements.
    Elements(Box<Form>),
}

impl Form {
    fn member(&self, n: u32) -> &Form {
        match self {
            Form::Members(members) => members.get(n as usize).unwrap_or(&Form::Plain),
            _ => &Form::Plain,
        }
    }

    fn element(&self) -> &Form {
        match self {
            Form::Elements(element) => element,
            _ => &Form::Plain,
        }
    }
}

fn of_members(members: Vec<Form>) -> Form {
    if members.iter().all(|form| *form == Form::Plain) {
        Form::Plain
    } else {
        Form::Members(members)
    }
}

/// A comparison of values without effects, of this form: from the first member or
/// element to the one that decides.
pub(super) fn compare(
    b: &mut Builder<'_>,
    op: Op,
    form: &Form,
    x: &ir::Expr,
    y: &ir::Expr,
) -> ir::Expr {
    let strict = match op {
        Op::Lt | Op::Le => Op::Lt,
        Op::Gt | Op::Ge => Op::Gt,
        other => other,
    };
    let when_equal = matches!(op, Op::Eq | Op::Le | Op::Ge);
    match &x.ty {
        Type::Tuple(members) => {
            let count = members.len() as u32;
            let mut rest = build::int(Scalar::Bool, i128::from(when_equal));
            for n in (0..count).rev() {
                let (a, c) = (build::member(x.clone(), n), build::member(y.clone(), n));
                let last = n + 1 == count;
                let form = form.member(n);
                let own = compare(b, if last { op } else { strict }, form, &a, &c);
                if last {
                    rest = own;
                    continue;
                }
                rest = match op {
                    Op::Eq => build::and(own, rest),
                    Op::Ne => build::or(own, rest),
                    _ => {
                        let equal = compare(b, Op::Eq, form, &a, &c);
                        build::or(own, build::and(equal, rest))
                    }
                };
            }
            rest
        }
        Type::Array(_, n) => b.scoped(|b| {
            let site = b.site(PanicKind::ArrayIndex, Span::default());
            let result = b.variable(
                Scalar::Bool,
                build::int(Scalar::Bool, i128::from(when_equal)),
            );
            let i = b.variable(Scalar::Usize, number(0));
            let id = b.new_loop();
            let body = b.scoped(|b| {
                let a = b.keep_any(at(x.clone(), i.get(), site)).get();
                let c = b.keep_any(at(y.clone(), i.get(), site)).get();
                let equal = compare(b, Op::Eq, form.element(), &a, &c);
                let decided = match op {
                    Op::Eq => build::int(Scalar::Bool, 0),
                    Op::Ne => build::int(Scalar::Bool, 1),
                    _ => compare(b, strict, form.element(), &a, &c),
                };
                let leave = ir::Block {
                    statements: vec![result.set(decided)],
                    value: Some(Box::new(ir::Expr {
                        ty: Type::Never,
                        kind: ExprKind::Break(id, None),
                    })),
                };
                let differs = ir::Expr {
                    ty: Type::Scalar(Scalar::Bool),
                    kind: ExprKind::Unary(ir::UnaryOp::Not, Box::new(equal)),
                };
                b.push(build::when(differs, leave));
                let next = build::binary(BinaryOp::Add, Scalar::Usize, i.get(), number(1));
                b.push(i.set(next));
                build::unit()
            });
            let condition = build::compare(BinaryOp::Lt, i.get(), number(u64::from(*n)));
            let whole = build::while_loop(id, condition, vec![Statement::Expr(body)]);
            b.push(Statement::Expr(whole));
            result.get()
        }),
        _ => {
            let value = |x: &ir::Expr| match form {
                Form::Half(half) => build::unary(single(*half), Scalar::F32, x.clone()),
                _ => x.clone(),
            };
            build::compare(comparison(op), value(x), value(y))
        }
    }
}

impl Lower<'_, '_> {
    /// The form of values of a type.
    pub(super) fn form(&self, ty: &Ty) -> Form {
        match self.own(ty) {
            Ty::Half(half) => Form::Half(half),
            Ty::Tuple(members) => of_members(members.iter().map(|m| self.form(m)).collect()),
            Ty::Option(inner) => of_members(vec![Form::Plain, self.form(&inner)]),
            Ty::Array(inner, _) => match self.form(&inner) {
                Form::Plain => Form::Plain,
                element => Form::Elements(Box::new(element)),
            },
            Ty::Adt(adt, args) => match self.session.field_types(&adt, &args) {
                Some(fields) => of_members(fields.iter().map(|f| self.form(f)).collect()),
                None => Form::Plain,
            },
            _ => Form::Plain,
        }
    }

    /// A comparison of two values of a type, each evaluated once, in this order.
    pub(super) fn compared(&mut self, op: Op, ty: &Ty, a: ir::Expr, b: ir::Expr) -> ir::Expr {
        let form = self.form(ty);
        self.b.composed(vec![a, b], |b, x| {
            compare(b, op, &form, &x[0].get(), &x[1].get())
        })
    }
}
