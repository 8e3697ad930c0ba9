//! Expressions and statements to the IR.

use brolga_abi::PanicKind;

use super::build::{self, Builder};
use super::{Jumps, Lower, Slot, data};
use crate::ast::BinaryOp as Op;
use crate::check::methods::{constants, float, integer};
use crate::check::tree::{Block, Expr, Kind, Statement};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, DivisionOp, ExprKind, LocalId, Scalar, Type, UnaryOp};

impl<'x> Lower<'x, '_> {
    /// A block.
    pub(super) fn block(&mut self, block: &'x Block) -> ir::Block {
        let mut statements = Vec::new();
        for statement in &block.statements {
            match statement {
                Statement::Let(pattern, Some(init)) => {
                    self.initialise(pattern, init, &mut statements);
                }
                Statement::Let(pattern, None) => {
                    pattern.bindings(&mut |local| {
                        self.declare(local);
                    });
                }
                Statement::Expr(e) => self.statement(e, &mut statements),
            }
        }
        let value = block.value.as_ref().and_then(|value| {
            if self.ty(&value.ty) == Type::UNIT {
                self.statement(value, &mut statements);
                None
            } else {
                Some(Box::new(self.expr(value)))
            }
        });
        ir::Block { statements, value }
    }

    /// An expression whose value is dropped.
    pub(super) fn statement(&mut self, e: &'x Expr, out: &mut Vec<ir::Statement>) {
        match &e.kind {
            Kind::Assign(place, value) => self.assign(place, value, out),
            Kind::Compound(op, place, value, value_first) => {
                self.compound(*op, place, value, *value_first, e.span, out);
            }
            Kind::Dropped(_) => {}
            _ => {
                let value = self.expr(e);
                match value.kind {
                    ExprKind::Tuple(members) if members.is_empty() => {}
                    ExprKind::Block(block) if block.value.is_none() => {
                        out.extend(block.statements);
                    }
                    kind => out.push(ir::Statement::Expr(ir::Expr { ty: value.ty, kind })),
                }
            }
        }
    }

    fn assert(&mut self, condition: ir::Expr, text: &str, span: Span) -> ir::Expr {
        self.b.scoped(|b| {
            b.assert(condition, PanicKind::Message(text.to_string()), span);
            build::unit()
        })
    }

    /// An expression.
    pub(crate) fn expr(&mut self, e: &'x Expr) -> ir::Expr {
        let outer = std::mem::replace(&mut self.b.here, e.span);
        let lowered = self.expr_here(e);
        self.b.here = outer;
        lowered
    }

    fn expr_here(&mut self, e: &'x Expr) -> ir::Expr {
        *self.budget = self.budget.saturating_sub(1);
        let ty = self.ty(&e.ty);
        let with = |kind| ir::Expr {
            ty: ty.clone(),
            kind,
        };
        match &e.kind {
            Kind::Error => build::unit(),
            Kind::Int(value) => build::int(self.scalar(&e.ty), *value as i128),
            Kind::Float(digits) => literal(self.scalar(&e.ty), digits),
            Kind::Bool(value) => build::int(Scalar::Bool, i128::from(*value)),
            Kind::Local(local) => self.read(*local, e.span),
            Kind::Const(constant) => self
                .session
                .constant(*constant)
                .unwrap_or_else(|| build::int(Scalar::Bool, 0)),
            Kind::Global(number) => self.global(*number, &e.ty),
            Kind::Associated(name, own) => constants::value(self.scalar(own), name)
                .unwrap_or_else(|| build::int(Scalar::Bool, 0)),
            Kind::Tuple(members) => {
                let members = members.iter().map(|m| self.expr(m)).collect();
                with(ExprKind::Tuple(members))
            }
            Kind::Member(inner, n) => {
                let inner = self.expr(inner);
                with(ExprKind::Member(Box::new(inner), *n))
            }
            Kind::Neg(inner) if self.is_complex(&e.ty) => self.complex_negative(inner),
            Kind::Neg(inner) => self.negative(inner, &e.ty, e.span),
            Kind::Not(inner) => {
                let inner = self.expr(inner);
                with(ExprKind::Unary(UnaryOp::Not, Box::new(inner)))
            }
            Kind::Binary(op, lhs, rhs) => {
                let operand = self.ty(&lhs.ty);
                let (a, b) = (self.expr(lhs), self.expr(rhs));
                match operand {
                    Type::Tuple(_) | Type::Array(..) if data::is_comparison(*op) => {
                        self.compared(*op, &lhs.ty, a, b)
                    }
                    _ => {
                        let (a, b) = (self.comparable(&lhs.ty, a), self.comparable(&rhs.ty, b));
                        self.operation(*op, self.scalar(&lhs.ty), a, b, e.span)
                    }
                }
            }
            Kind::Lazy(and, lhs, rhs) => {
                let (a, b) = (self.expr(lhs), self.expr(rhs));
                if *and {
                    build::and(a, b)
                } else {
                    build::or(a, b)
                }
            }
            Kind::Assign(..) | Kind::Compound(..) | Kind::Dropped(_) => {
                let mut statements = Vec::new();
                self.statement(e, &mut statements);
                build::sequence(statements, build::unit())
            }
            Kind::Cast(inner) => {
                let value = self.expr(inner);
                match (&value.ty, &ty) {
                    (Type::Scalar(_), Type::Scalar(to)) => build::cast(value, *to),
                    _ => value,
                }
            }
            Kind::Variant(adt, n) => self.variant(*adt, *n, &e.ty),
            Kind::AssociatedConst(constant, types) => {
                let types: Vec<Ty> = types.iter().map(|ty| self.ground(ty)).collect();
                self.session
                    .generic_constant(*constant, types)
                    .unwrap_or_else(|| build::int(Scalar::Bool, 0))
            }
            Kind::Borrow(inner) | Kind::Clone(inner) => self.expr(inner),
            Kind::Default => self.default_value(&e.ty),
            Kind::Swap(a, b) => self.swap(a, b),
            Kind::Replace(place, value) => self.replace(place, value),
            Kind::Call(function, types, args) if self.session.takes_closures(*function) => {
                self.call_in_place(*function, types, args, ty)
            }
            Kind::Call(function, types, args) if self.gives_back(*function) => {
                self.call_by_copy(*function, types, args, ty)
            }
            Kind::Call(function, types, args) => {
                let types: Vec<Ty> = types.iter().map(|ty| self.ground(ty)).collect();
                let args = args.iter().map(|arg| self.expr(arg)).collect();
                let number = match &mut self.instances {
                    Some(instances) => instances.number(*function, types),
                    None => return build::unit(),
                };
                with(ExprKind::Call(number, args))
            }
            Kind::Method(name, own, args, span) => {
                if let Some(value) = self.data_method(name, own, &e.ty, args, *span) {
                    return value;
                }
                let s = self.scalar(own);
                let args: Vec<ir::Expr> = args.iter().map(|arg| self.expr(arg)).collect();
                method(&mut self.b, name, s, args, *span)
            }
            Kind::Index(view, index) => self.with_view(view, |l, view| {
                let index = index.iter().map(|i| l.expr(i)).collect();
                let site = l.b.site(PanicKind::IndexOutOfBounds, e.span);
                ir::Expr {
                    ty: ty.clone(),
                    kind: ExprKind::Load { view, index, site },
                }
            }),
            Kind::Element(array, index) => self.element(array, index, e.span),
            Kind::Array(op, operands) => self.array(op, operands, e),
            Kind::Dim(view, axis) => self.with_view(view, |_, view| dim(view, *axis)),
            Kind::Len(view) => {
                let ndim = self.ndim(view);
                self.with_view(view, |_, view| {
                    (1..ndim).fold(
                        if ndim == 0 {
                            build::int(Scalar::Usize, 1)
                        } else {
                            dim(view, 0)
                        },
                        |product, axis| {
                            build::binary(BinaryOp::Mul, Scalar::Usize, product, dim(view, axis))
                        },
                    )
                })
            }
            Kind::DimAt(view, index) => {
                let ndim = self.ndim(view);
                self.with_view(view, |l, view| {
                    let index = l.expr(index);
                    let out = l.b.panic(PanicKind::IndexOutOfBounds, e.span);
                    l.b.composed(vec![index], |_, k| {
                        (0..ndim).rev().fold(out, |rest, axis| {
                            let here = build::compare(
                                BinaryOp::Eq,
                                k[0].get(),
                                build::int(Scalar::Usize, i128::from(axis)),
                            );
                            build::select(here, dim(view, axis), rest)
                        })
                    })
                })
            }
            Kind::Contains(start, end, value, inclusive) => {
                let bounds = (start.is_some(), end.is_some());
                let parts: Vec<ir::Expr> = start
                    .iter()
                    .chain(end)
                    .chain(std::iter::once(value))
                    .map(|part| self.expr(part))
                    .collect();
                let upper = if *inclusive {
                    BinaryOp::Le
                } else {
                    BinaryOp::Lt
                };
                self.b.composed(parts, |_, x| {
                    let value = x[x.len() - 1].get();
                    let low = bounds
                        .0
                        .then(|| build::compare(BinaryOp::Le, x[0].get(), value.clone()));
                    let high = bounds.1.then(|| {
                        let end = x[usize::from(bounds.0)].get();
                        build::compare(upper, value.clone(), end)
                    });
                    match (low, high) {
                        (Some(low), Some(high)) => build::and(low, high),
                        (Some(one), None) | (None, Some(one)) => one,
                        (None, None) => build::int(Scalar::Bool, 1),
                    }
                })
            }
            Kind::Block(None, block) => {
                let block = self.block(block);
                match block {
                    ir::Block {
                        statements,
                        value: Some(value),
                    } if statements.is_empty() => *value,
                    block => with(ExprKind::Block(block)),
                }
            }
            Kind::Block(Some(label), block) => {
                let id = self.b.new_loop();
                self.jumps.insert(
                    *label,
                    Jumps {
                        leave: id,
                        next: Err(id),
                    },
                );
                let block = self.block(block);
                with(ExprKind::Labelled(id, block))
            }
            // Conditions with a `let` are lowered with what they decide.
            Kind::Let(..) => build::unit(),
            Kind::If(condition, then, otherwise) => {
                if let Some((pattern, value)) = data::single_let(condition) {
                    return self.if_let(pattern, value, then, otherwise.as_deref(), ty);
                }
                if data::has_let(condition) {
                    return self.if_chain(condition, then, otherwise.as_deref(), ty);
                }
                let condition = self.expr(condition);
                let then = self.block(then);
                let otherwise = match otherwise {
                    Some(e) => {
                        let e = self.expr(e);
                        if e.ty == Type::UNIT {
                            unit_block(e)
                        } else {
                            build::value(e)
                        }
                    }
                    None => ir::Block {
                        statements: Vec::new(),
                        value: None,
                    },
                };
                with(ExprKind::If(Box::new(condition), then, otherwise))
            }
            Kind::While(id, condition, body) => self.while_loop(*id, condition, body),
            Kind::Loop(id, body) => {
                let number = self.b.new_loop();
                self.jumps.insert(
                    *id,
                    Jumps {
                        leave: number,
                        next: Ok(number),
                    },
                );
                let body = self.block(body);
                with(ExprKind::Loop(number, body))
            }
            Kind::For(looped) => self.for_loop(looped, e.span),
            Kind::Match(scrutinee, arms) => self.matching(scrutinee, arms, &ty),
            Kind::Break(id, value) => match self.jumps.get(id).copied() {
                Some(jumps) => self.jump(value.as_deref(), |v| ExprKind::Break(jumps.leave, v)),
                None => build::unit(),
            },
            Kind::Continue(id) => match self.jumps.get(id).copied() {
                Some(Jumps { next: Ok(id), .. }) => with(ExprKind::Continue(id)),
                Some(Jumps { next: Err(id), .. }) => with(ExprKind::Break(id, None)),
                None => build::unit(),
            },
            Kind::Return(value) if !self.given_back.is_empty() => {
                self.return_given_back(value.as_deref())
            }
            Kind::Return(value) => {
                let block = self.left_block();
                self.jump(value.as_deref(), |v| match block {
                    Some(block) => ExprKind::Break(block, v),
                    None => ExprKind::Return(v),
                })
            }
            Kind::Closure(closure) => self.closure_value(closure),
            Kind::Consume(consume) => self.consume(consume, &ty),
            Kind::CallClosure(callee, args, _) => self.call_closure(callee, args),
            Kind::Panic(text) => self.b.panic(PanicKind::Message(text.clone()), e.span),
            Kind::Assert(condition, text) => {
                let condition = self.expr(condition);
                self.assert(condition, text, e.span)
            }
            Kind::AssertEqual(equal, lhs, rhs, text) => {
                let op = if *equal { Op::Eq } else { Op::Ne };
                let operand = self.ty(&lhs.ty);
                let (a, b) = (self.expr(lhs), self.expr(rhs));
                let condition = match operand {
                    Type::Tuple(_) | Type::Array(..) => self.compared(op, &lhs.ty, a, b),
                    _ => {
                        let (a, b) = (self.comparable(&lhs.ty, a), self.comparable(&rhs.ty, b));
                        self.operation(op, self.scalar(&lhs.ty), a, b, e.span)
                    }
                };
                self.assert(condition, text, e.span)
            }
        }
    }

    /// A jump with a value, which `()` is not.
    fn jump(
        &mut self,
        value: Option<&'x Expr>,
        make: impl FnOnce(Option<Box<ir::Expr>>) -> ExprKind,
    ) -> ir::Expr {
        let never = |kind| ir::Expr {
            ty: Type::Never,
            kind,
        };
        match value {
            None => never(make(None)),
            Some(value) if self.ty(&value.ty) == Type::UNIT => {
                let mut statements = Vec::new();
                self.statement(value, &mut statements);
                build::sequence(statements, never(make(None)))
            }
            Some(value) => {
                let value = self.expr(value);
                never(make(Some(Box::new(value))))
            }
        }
    }

    fn read(&mut self, local: usize, span: Span) -> ir::Expr {
        match self.declare(local) {
            Slot::Local(id, ty) => build::local(id, ty),
            Slot::Element(view, index, element) => {
                let site = self.b.site(PanicKind::IndexOutOfBounds, span);
                ir::Expr {
                    ty: element.ty(),
                    kind: ExprKind::Load {
                        view,
                        index: subscripts(&index),
                        site,
                    },
                }
            }
            Slot::Place(id, path) => self.read_path(id, &path),
            Slot::Nothing => build::unit(),
        }
    }

    fn ndim(&self, view: &Expr) -> u8 {
        match self.ty(&view.ty) {
            Type::View(view) => view.ndim,
            Type::Scalar(_) | Type::Tuple(_) | Type::Array(..) | Type::Never => 0,
        }
    }

    /// Makes an expression of a view, which the IR wants in a local.
    pub(super) fn with_view(
        &mut self,
        view: &'x Expr,
        make: impl FnOnce(&mut Self, LocalId) -> ir::Expr,
    ) -> ir::Expr {
        let mut statements = Vec::new();
        let id = self.view(view, &mut statements);
        let e = make(self, id);
        build::sequence(statements, e)
    }

    /// The local that holds a view.
    pub(super) fn view(&mut self, view: &'x Expr, out: &mut Vec<ir::Statement>) -> LocalId {
        let value = self.expr(view);
        match value.kind {
            ExprKind::Local(id) => id,
            kind => {
                let ty = value.ty;
                let id = self.b.local("", ty.clone());
                out.push(build::assign(id, ir::Expr { ty, kind }));
                id
            }
        }
    }

    fn negative(&mut self, inner: &'x Expr, ty: &Ty, span: Span) -> ir::Expr {
        let s = self.scalar(ty);
        let value = self.expr(inner);
        if let ExprKind::Const(bits) = value.kind
            && matches!(inner.kind, Kind::Int(_) | Kind::Float(_))
        {
            return if s.is_float() {
                build::bits(s, bits ^ (1 << (s.bits() - 1)))
            } else {
                build::int(s, -i128::from(bits))
            };
        }
        let checked = self.b.checked && s.is_integer();
        if !checked {
            return build::unary(UnaryOp::Neg, s, value);
        }
        self.b.composed(vec![value], |b, x| {
            let minimum = build::int(s, build::range(s).0);
            b.assert(
                build::compare(BinaryOp::Ne, x[0].get(), minimum),
                PanicKind::Message("attempt to negate with overflow".to_string()),
                span,
            );
            build::unary(UnaryOp::Neg, s, x[0].get())
        })
    }

    /// A binary operator on scalars.
    pub(super) fn operation(
        &mut self,
        op: Op,
        s: Scalar,
        a: ir::Expr,
        b: ir::Expr,
        span: Span,
    ) -> ir::Expr {
        if matches!(a.ty, Type::Tuple(_)) || matches!(b.ty, Type::Tuple(_)) {
            return data::arithmetic(&mut self.b, op, a, b);
        }
        let integer = s.is_integer();
        let simple = match op {
            Op::Div if integer => {
                return self.b.division(DivisionOp::Quotient, s, a, b, span);
            }
            Op::Rem if integer => {
                return self.b.division(DivisionOp::Remainder, s, a, b, span);
            }
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                return build::compare(comparison(op), a, b);
            }
            Op::Add => BinaryOp::Add,
            Op::Sub => BinaryOp::Sub,
            Op::Mul => BinaryOp::Mul,
            Op::Div => BinaryOp::Div,
            Op::Rem => BinaryOp::Rem,
            Op::BitAnd => BinaryOp::And,
            Op::BitOr => BinaryOp::Or,
            Op::BitXor => BinaryOp::Xor,
            Op::Shl => BinaryOp::Shl,
            Op::Shr => BinaryOp::Shr,
            Op::And => return build::and(a, b),
            Op::Or => return build::or(a, b),
        };
        if !(self.b.checked && integer) {
            return build::binary(simple, s, a, b);
        }
        // Constants are evaluated with overflow checks, in rustc too.
        let (method, text) = match simple {
            BinaryOp::Add => ("overflowing_add", "attempt to add with overflow"),
            BinaryOp::Sub => ("overflowing_sub", "attempt to subtract with overflow"),
            BinaryOp::Mul => ("overflowing_mul", "attempt to multiply with overflow"),
            BinaryOp::Shl | BinaryOp::Shr => ("", "attempt to shift with overflow"),
            _ => return build::binary(simple, s, a, b),
        };
        self.b.composed(vec![a, b], |bld, x| {
            let kind = PanicKind::Message(text.to_string());
            if method.is_empty() {
                let Type::Scalar(count) = x[1].get().ty else {
                    return build::unit();
                };
                let width = build::int(count, i128::from(s.bits()));
                let zero = build::int(count, 0);
                let fits = build::and(
                    build::compare(BinaryOp::Ge, x[1].get(), zero),
                    build::compare(BinaryOp::Lt, x[1].get(), width),
                );
                bld.assert(fits, kind, span);
                return build::binary(simple, s, x[0].get(), x[1].get());
            }
            let (value, wrapped) = integer::overflowing(bld, method, s, &x[0], &x[1]);
            let fits = build::unary(UnaryOp::Not, Scalar::Bool, wrapped);
            bld.assert(fits, kind, span);
            value.get()
        })
    }
}

/// A block of type `()`.
pub(super) fn unit_block(e: ir::Expr) -> ir::Block {
    let mut block = build::value(e);
    if let Some(value) = block.value.take() {
        if value.ty == Type::UNIT {
            block.statements.push(ir::Statement::Expr(*value));
        } else {
            block.value = Some(value);
        }
    }
    block
}

/// Reads of index variables.
pub(super) fn subscripts(index: &[LocalId]) -> Vec<ir::Expr> {
    index
        .iter()
        .map(|id| build::local(*id, Type::Scalar(Scalar::Usize)))
        .collect()
}

/// The length of an axis.
pub(super) fn dim(view: LocalId, axis: u8) -> ir::Expr {
    ir::Expr {
        ty: Type::Scalar(Scalar::Usize),
        kind: ExprKind::Dim(view, axis),
    }
}

pub(super) fn comparison(op: Op) -> BinaryOp {
    match op {
        Op::Ne => BinaryOp::Ne,
        Op::Lt => BinaryOp::Lt,
        Op::Le => BinaryOp::Le,
        Op::Gt => BinaryOp::Gt,
        Op::Ge => BinaryOp::Ge,
        _ => BinaryOp::Eq,
    }
}

/// A float literal in its type; the digits were checked by the parser.
fn literal(s: Scalar, digits: &str) -> ir::Expr {
    match s {
        Scalar::F32 => build::bits(
            s,
            u64::from(digits.parse::<f32>().unwrap_or(f32::NAN).to_bits()),
        ),
        _ => build::float(s, digits.parse::<f64>().unwrap_or(f64::NAN)),
    }
}

fn method(
    b: &mut Builder<'_>,
    name: &str,
    s: Scalar,
    mut args: Vec<ir::Expr>,
    span: Span,
) -> ir::Expr {
    let number = |value: i128| {
        if s.is_float() {
            build::float(s, value as f64)
        } else {
            build::int(s, value)
        }
    };
    match (name, args.len()) {
        ("zero", 0) => number(0),
        ("one", 0) => number(1),
        ("from_i32", 1) => build::cast(args.remove(0), s),
        _ if s.is_float() => float::lower(b, name, s, args, span),
        _ => integer::lower(b, name, s, args, span),
    }
}
