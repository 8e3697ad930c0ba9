//! Options, complex numbers and 16-bit floats to the IR: values, methods that are no calls,
//! operators, `let` in conditions. An option is a tuple of a flag and a payload, which is zero
//! for `None`; a complex number a tuple of two floats; a 16-bit float its bits in an `u16`.
//! The arithmetic of complex numbers is num-complex's, operation by operation.

use super::Lower;
use super::build::{self, Atom, Builder};
use super::matching::Subject;
use crate::ast::{BinaryOp as Op, Half};
use crate::check::half;
use crate::check::methods::float;
use crate::check::tree::{Block, Expr, Kind, Pattern};
use crate::check::ty::Ty;
use crate::diagnostic::Span;
use crate::ir::{self, BinaryOp, ExprKind, LoopId, Scalar, Statement, Type, UnaryOp};

/// The value with all bits zero, which is std's default for every type that has one.
pub(crate) fn zero(ty: &Type) -> ir::Expr {
    match ty {
        Type::Scalar(s) => build::bits(*s, 0),
        Type::Tuple(members) => ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Tuple(members.iter().map(zero).collect()),
        },
        Type::Array(inner, _) => ir::Expr {
            ty: ty.clone(),
            kind: ExprKind::Repeat(Box::new(zero(inner))),
        },
        // Options of views do not exist, nor values of type `!`.
        Type::View(_) | Type::Never => build::unit(),
    }
}

/// `Some(value)` of the IR.
pub(crate) fn some(value: ir::Expr) -> ir::Expr {
    build::tuple(vec![build::int(Scalar::Bool, 1), value])
}

/// `None` of the IR, with a payload of this type.
pub(crate) fn none(payload: &Type) -> ir::Expr {
    build::tuple(vec![build::int(Scalar::Bool, 0), zero(payload)])
}

/// `if flag { Some(value) } else { None }`, for a value that is there in any case.
pub(crate) fn when(flag: ir::Expr, value: ir::Expr) -> ir::Expr {
    let ty = value.ty.clone();
    build::select(flag, some(value), none(&ty))
}

impl<'x> Lower<'x, '_> {
    /// The type without references, with everything known.
    pub(super) fn own(&self, ty: &Ty) -> Ty {
        let mut ty = self.ground(ty);
        while let Ty::Ref(_, inner) = ty {
            ty = *inner;
        }
        ty
    }

    /// Whether values of this type are complex numbers.
    pub(super) fn is_complex(&self, ty: &Ty) -> bool {
        matches!(self.own(ty), Ty::Complex(_))
    }

    /// What is compared for values of this type: for 16-bit floats the `f32`s.
    pub(super) fn comparable(&self, ty: &Ty, value: ir::Expr) -> ir::Expr {
        match self.own(ty) {
            Ty::Half(half) => build::unary(single(half), Scalar::F32, value),
            _ => value,
        }
    }

    /// `-z` of a complex number.
    pub(super) fn complex_negative(&mut self, inner: &'x Expr) -> ir::Expr {
        let value = self.expr(inner);
        self.b.composed(vec![value], |_, z| {
            let part = |n| {
                let part = build::member(z[0].get(), n);
                let s = float_of(&part);
                build::unary(UnaryOp::Neg, s, part)
            };
            build::tuple(vec![part(0), part(1)])
        })
    }

    /// A method of a type of this file; `None` for the number types.
    pub(super) fn data_method(
        &mut self,
        name: &'static str,
        own: &Ty,
        result: &Ty,
        args: &'x [Expr],
        span: Span,
    ) -> Option<ir::Expr> {
        let own = self.own(own);
        if !matches!(own, Ty::Option(_) | Ty::Complex(_) | Ty::Half(_)) {
            return None;
        }
        let result = self.ty(result);
        let args: Vec<ir::Expr> = args.iter().map(|arg| self.expr(arg)).collect();
        if let Some(never) = args.iter().position(|arg| arg.ty == Type::Never) {
            let mut args = args;
            args.truncate(never + 1);
            let last = args.pop();
            let before = args.into_iter().map(Statement::Expr).collect();
            return last.map(|last| build::sequence(before, last));
        }
        Some(match own {
            Ty::Option(_) => option(&mut self.b, name, args, &result),
            Ty::Half(half) => half_method(&mut self.b, name, half, args, span),
            Ty::Complex(part) => {
                let s = self.scalar(&part);
                let float = |v: f64| build::float(s, v);
                match name {
                    "zero" => build::tuple(vec![float(0.0), float(0.0)]),
                    "one" => build::tuple(vec![float(1.0), float(0.0)]),
                    "i" => build::tuple(vec![float(0.0), float(1.0)]),
                    "swapped" => self
                        .b
                        .composed(args, |_, x| build::tuple(vec![x[1].get(), x[0].get()])),
                    // `from_real` and `from_i32`.
                    _ => {
                        let value = args.into_iter().next().unwrap_or_else(|| float(0.0));
                        build::tuple(vec![build::cast(value, s), float(0.0)])
                    }
                }
            }
            _ => return None,
        })
    }

    /// A condition with a `let` in it, now: what follows runs where it holds, with the names
    /// bound, and `leave` where it does not.
    pub(super) fn conditions(
        &mut self,
        condition: &'x Expr,
        leave: LoopId,
        out: &mut Vec<Statement>,
    ) {
        let (test, mut bindings) = match &condition.kind {
            Kind::Lazy(true, lhs, rhs) => {
                self.conditions(lhs, leave, out);
                return self.conditions(rhs, leave, out);
            }
            Kind::Let(pattern, value) => match self.tested(pattern, value, out) {
                Some(tested) => tested,
                None => return,
            },
            _ => (Some(self.expr(condition)), Vec::new()),
        };
        if let Some(test) = test {
            let holds = ir::Block {
                statements: Vec::new(),
                value: None,
            };
            let fails = build::value(left(leave, None));
            out.push(Statement::Expr(ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::If(Box::new(test), holds, fails),
            }));
        }
        out.append(&mut bindings);
    }

    /// `if` with several conditions, some of which are `let`s: two nested blocks, the inner
    /// one left where a condition fails, the outer one with the value.
    pub(super) fn if_chain(
        &mut self,
        condition: &'x Expr,
        then: &'x Block,
        otherwise: Option<&'x Expr>,
        ty: Type,
    ) -> ir::Expr {
        let (whole, failed) = (self.b.new_loop(), self.b.new_loop());
        let mut statements = Vec::new();
        self.conditions(condition, failed, &mut statements);
        let then = self.block(then);
        statements.extend(then.statements);
        let unit = ty == Type::UNIT;
        let value = match then.value {
            Some(value) if value.ty == Type::Never => *value,
            Some(value) if unit => {
                statements.push(Statement::Expr(*value));
                left(whole, None)
            }
            Some(value) => left(whole, Some(value)),
            None => left(whole, None),
        };
        let inner = ir::Expr {
            ty: Type::UNIT,
            kind: ExprKind::Labelled(
                failed,
                ir::Block {
                    statements,
                    value: Some(Box::new(value)),
                },
            ),
        };
        let mut rest = match otherwise {
            Some(e) => super::expr::unit_block(self.expr(e)),
            None => ir::Block {
                statements: Vec::new(),
                value: None,
            },
        };
        rest.statements.insert(0, Statement::Expr(inner));
        ir::Expr {
            ty,
            kind: ExprKind::Labelled(whole, rest),
        }
    }

    /// `if let pattern = value { then } else { otherwise }`.
    pub(super) fn if_let(
        &mut self,
        pattern: &'x Pattern,
        value: &'x Expr,
        then: &'x Block,
        otherwise: Option<&'x Expr>,
        ty: Type,
    ) -> ir::Expr {
        let mut before = Vec::new();
        let tested = self.tested(pattern, value, &mut before);
        let mut then = self.block(then);
        let otherwise = match otherwise {
            Some(e) => super::expr::unit_block(self.expr(e)),
            None => ir::Block {
                statements: Vec::new(),
                value: None,
            },
        };
        let Some((test, mut bindings)) = tested else {
            return build::sequence(before, build::unit());
        };
        bindings.append(&mut then.statements);
        then.statements = bindings;
        let test = test.unwrap_or_else(|| build::int(Scalar::Bool, 1));
        let kind = ExprKind::If(Box::new(test), then, otherwise);
        build::sequence(before, ir::Expr { ty, kind })
    }

    /// The test of a pattern and its bindings; `None` where the value does not end.
    fn tested(
        &mut self,
        pattern: &'x Pattern,
        value: &'x Expr,
        before: &mut Vec<Statement>,
    ) -> Option<(Option<ir::Expr>, Vec<Statement>)> {
        let never = self.ty(&value.ty) == Type::Never;
        if never {
            let value = self.expr(value);
            before.push(Statement::Expr(value));
            pattern.bindings(&mut |local| {
                self.declare(local);
            });
            return None;
        }
        let subject: Subject = self.subject(value, before);
        let test = self.test(pattern, &subject);
        let mut bindings = Vec::new();
        self.bind(pattern, &subject, &mut bindings);
        Some((test, bindings))
    }
}

/// The `f32` of a 16-bit float.
pub(super) fn single(half: Half) -> UnaryOp {
    match half {
        Half::F16 => UnaryOp::F32FromF16,
        Half::Bf16 => UnaryOp::F32FromBf16,
    }
}

fn half_method(
    b: &mut Builder<'_>,
    name: &'static str,
    half: Half,
    args: Vec<ir::Expr>,
    span: Span,
) -> ir::Expr {
    let u16_ = |v: u16| build::bits(Scalar::U16, u64::from(v));
    let Some(x) = args.into_iter().next() else {
        let found = half::CONSTANTS.iter().find(|(n, ..)| *n == name);
        return match (found, half) {
            (Some((_, bits, _)), Half::F16) | (Some((_, _, bits)), Half::Bf16) => u16_(*bits),
            (None, _) => u16_(0),
        };
    };
    let widened = |x| build::unary(single(half), Scalar::F32, x);
    let narrowed = |op, x| build::unary(op, Scalar::U16, x);
    match (name, half) {
        ("from_bits" | "to_bits", _) => x,
        ("to_f32", _) => widened(x),
        ("to_f64", _) => build::cast(widened(x), Scalar::F64),
        ("from_f32", Half::F16) => narrowed(UnaryOp::F16FromF32, x),
        ("from_f32", Half::Bf16) => narrowed(UnaryOp::Bf16FromF32, x),
        ("from_f64", Half::F16) => narrowed(UnaryOp::F16FromF64, x),
        ("from_f64", Half::Bf16) => narrowed(UnaryOp::Bf16FromF64, x),
        ("is_normal", _) => {
            // The exponent's bits are neither all 0 nor all 1.
            let mask = match half {
                Half::F16 => 0x7c00,
                Half::Bf16 => 0x7f80,
            };
            b.composed(vec![x], |_, x| {
                let exponent = build::binary(BinaryOp::And, Scalar::U16, x[0].get(), u16_(mask));
                build::and(
                    build::compare(BinaryOp::Ne, exponent.clone(), u16_(0)),
                    build::compare(BinaryOp::Ne, exponent, u16_(mask)),
                )
            })
        }
        ("is_sign_negative" | "is_sign_positive", _) => {
            let op = if name == "is_sign_negative" {
                BinaryOp::Ge
            } else {
                BinaryOp::Lt
            };
            build::compare(op, x, u16_(0x8000))
        }
        _ => float::lower(b, name, Scalar::F32, vec![widened(x)], span),
    }
}

fn option(b: &mut Builder<'_>, name: &str, args: Vec<ir::Expr>, result: &Type) -> ir::Expr {
    if name == "None" {
        return match result {
            Type::Tuple(parts) if parts.len() == 2 => none(&parts[1]),
            _ => build::unit(),
        };
    }
    b.composed(args, |_, x| {
        let flag = |n: usize| build::member(x[n].get(), 0);
        let payload = |n: usize| build::member(x[n].get(), 1);
        match name {
            "is_some" => flag(0),
            "is_none" => build::unary(UnaryOp::Not, Scalar::Bool, flag(0)),
            "unwrap_or" => build::select(flag(0), payload(0), x[1].get()),
            // The payload of `None` is the default.
            "unwrap_or_default" => payload(0),
            // And the inner option of `None` is `None`.
            "flatten" => payload(0),
            "or" => build::select(flag(0), x[0].get(), x[1].get()),
            "and" => build::select(flag(0), x[1].get(), zero(result)),
            "xor" => {
                let none = || zero(result);
                build::select(
                    flag(0),
                    build::select(flag(1), none(), x[0].get()),
                    build::select(flag(1), x[1].get(), none()),
                )
            }
            // `zip`.
            _ => build::select(
                build::and(flag(0), flag(1)),
                some(build::tuple(vec![payload(0), payload(1)])),
                zero(result),
            ),
        }
    })
}

/// The float type of a part.
fn float_of(part: &ir::Expr) -> Scalar {
    match part.ty {
        Type::Scalar(s) => s,
        _ => Scalar::F64,
    }
}

/// `a op b` where one or both are complex numbers.
pub(super) fn arithmetic(bld: &mut Builder<'_>, op: Op, a: ir::Expr, b: ir::Expr) -> ir::Expr {
    bld.composed(vec![a, b], |bld, x| complex(bld, op, &x[0], &x[1]))
}

fn complex(bld: &mut Builder<'_>, op: Op, x: &Atom, y: &Atom) -> ir::Expr {
    let is_complex = |e: &ir::Expr| matches!(e.ty, Type::Tuple(_));
    let part = |e: &Atom, n| build::member(e.get(), n);
    let s = match is_complex(&x.get()) {
        true => float_of(&part(x, 0)),
        false => float_of(&x.get()),
    };
    let two = |op: BinaryOp, a: ir::Expr, b: ir::Expr| build::binary(op, s, a, b);
    let add = |a, b| two(BinaryOp::Add, a, b);
    let sub = |a, b| two(BinaryOp::Sub, a, b);
    let mul = |a, b| two(BinaryOp::Mul, a, b);
    let div = |a, b| two(BinaryOp::Div, a, b);
    let rem = |a, b| two(BinaryOp::Rem, a, b);
    let whole = |re, im| build::tuple(vec![re, im]);
    match (is_complex(&x.get()), is_complex(&y.get())) {
        (true, true) => {
            let (a, b) = (|| part(x, 0), || part(x, 1));
            let (c, d) = (|| part(y, 0), || part(y, 1));
            match op {
                Op::Add => whole(add(a(), c()), add(b(), d())),
                Op::Sub => whole(sub(a(), c()), sub(b(), d())),
                Op::Mul => whole(
                    sub(mul(a(), c()), mul(b(), d())),
                    add(mul(a(), d()), mul(b(), c())),
                ),
                Op::Div => {
                    let square = bld.keep(s, add(mul(c(), c()), mul(d(), d())));
                    let re = add(mul(a(), c()), mul(b(), d()));
                    let im = sub(mul(b(), c()), mul(a(), d()));
                    whole(div(re, square.get()), div(im, square.get()))
                }
                // `%`: the quotient with both parts rounded towards zero, times the divisor.
                _ => {
                    let quotient = complex(bld, Op::Div, x, y);
                    let quotient = bld.keep_any(quotient);
                    let rounded = |n| {
                        let q = part(&quotient, n);
                        sub(q.clone(), rem(q, build::float(s, 1.0)))
                    };
                    let rounded = bld.keep_any(whole(rounded(0), rounded(1)));
                    let product = complex(bld, Op::Mul, y, &rounded);
                    let product = bld.keep_any(product);
                    complex(bld, Op::Sub, x, &product)
                }
            }
        }
        (true, false) => {
            let (a, b, t) = (part(x, 0), part(x, 1), || y.get());
            match op {
                Op::Add => whole(add(a, t()), b),
                Op::Sub => whole(sub(a, t()), b),
                Op::Mul => whole(mul(a, t()), mul(b, t())),
                Op::Div => whole(div(a, t()), div(b, t())),
                _ => whole(rem(a, t()), rem(b, t())),
            }
        }
        _ => {
            let (t, c, d) = (|| x.get(), || part(y, 0), || part(y, 1));
            let zero = || build::float(s, 0.0);
            match op {
                Op::Add => whole(add(t(), c()), d()),
                Op::Sub => whole(sub(t(), c()), sub(zero(), d())),
                Op::Mul => whole(mul(t(), c()), mul(t(), d())),
                Op::Div => {
                    let square = bld.keep(s, add(mul(c(), c()), mul(d(), d())));
                    whole(
                        div(mul(t(), c()), square.get()),
                        sub(zero(), div(mul(t(), d()), square.get())),
                    )
                }
                _ => {
                    let number = bld.keep_any(whole(t(), zero()));
                    complex(bld, Op::Rem, &number, y)
                }
            }
        }
    }
}

/// Whether the operator compares.
pub(super) fn is_comparison(op: Op) -> bool {
    matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge)
}

/// Leaves a block.
fn left(id: LoopId, value: Option<Box<ir::Expr>>) -> ir::Expr {
    ir::Expr {
        ty: Type::Never,
        kind: ExprKind::Break(id, value),
    }
}

/// Whether a `let` stands in the condition.
pub(super) fn has_let(condition: &Expr) -> bool {
    match &condition.kind {
        Kind::Let(..) => true,
        Kind::Lazy(true, lhs, rhs) => has_let(rhs) || has_let(lhs),
        _ => false,
    }
}

/// Whether the condition is one `let`.
pub(super) fn single_let(condition: &Expr) -> Option<(&Pattern, &Expr)> {
    match &condition.kind {
        Kind::Let(pattern, value) => Some((pattern, value)),
        _ => None,
    }
}
