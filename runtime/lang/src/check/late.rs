//! What can be decided only once all types of a body are known: casts, bounds of type
//! arguments, literals out of range, and whether `match` covers everything.

use crate::ast::BinaryOp;
use crate::check::exhaust;
use crate::check::function::{Check, Checker};
use crate::check::lower::build;
use crate::check::session::Session;
use crate::check::tree::{Body, Expr, Kind};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// One deferred check.
pub(crate) fn check(c: &mut Checker<'_, '_>, check: Check) {
    match check {
        Check::Cast(from, to, span) => cast(c, &from, &to, span),
        Check::Negative(ty, span) => {
            let ty = c.table.resolve(&ty);
            if let Ty::Scalar(s) = ty
                && s.is_integer()
                && !s.is_signed()
            {
                c.no_unary("-", &ty, span);
            }
        }
        Check::Bound(ty, bounds, what, span) => {
            let ty = c.table.resolve(&ty);
            let Some(bound) = bounds.strongest() else {
                return;
            };
            let satisfied = match &ty {
                Ty::Scalar(s) => bounds.admit(*s),
                Ty::Param(n) => c
                    .params
                    .get(usize::from(*n))
                    .is_some_and(|p| p.bounds.has(bound)),
                Ty::Error | Ty::Never => true,
                Ty::Complex(_) => bound == brolga_abi::Bound::Number,
                Ty::Var(_) => {
                    c.fail(
                        Diagnostic::new("E0282", span, "type annotations needed")
                            .label(format!("cannot infer the type {what}"))
                            .help("write it: `name::<f64>(..)`"),
                    );
                    return;
                }
                Ty::Tuple(_)
                | Ty::View { .. }
                | Ty::Ref(..)
                | Ty::Adt(..)
                | Ty::Option(_)
                | Ty::Half(_)
                | Ty::Array(..)
                | Ty::Owned { .. }
                | Ty::Closure(_) => false,
            };
            if !satisfied {
                let shown = c.show(&ty);
                let help = match &ty {
                    Ty::Ref(..) => Some("dereference the argument: `*x`".to_string()),
                    Ty::Param(n) => c
                        .params
                        .get(usize::from(*n))
                        .map(|p| format!("bound the parameter: `{}: {}`", p.name, bound.name())),
                    _ => None,
                };
                let mut error = Diagnostic::new(
                    "E0277",
                    span,
                    format!(
                        "the trait bound `{shown}: {}` is not satisfied",
                        bound.name()
                    ),
                )
                .label(format!("required of {what}"));
                if let Some(help) = help {
                    error = error.help(help);
                }
                c.report(error);
            }
        }
        Check::Step(ty, span) => {
            let ty = c.table.resolve(&ty);
            match &ty {
                Ty::Scalar(s) if s.is_integer() => {}
                Ty::Error | Ty::Never => {}
                Ty::Var(_) => {
                    c.ambiguous(span, "the range's bounds");
                }
                _ => {
                    let shown = c.show(&ty);
                    c.report(
                        Diagnostic::new(
                            "E0277",
                            span,
                            format!("a range of `{shown}` cannot be iterated"),
                        )
                        .label("the bounds must be integers")
                        .help("loop over integers and compute the value inside"),
                    );
                }
            }
        }
        Check::Elements(ty, length, span) => c.check_elements(&ty, length, span),
        Check::ArrayElement(ty, number, what, span) => {
            super::arrays::late_element_type(c, &ty, number, &what, span);
        }
        Check::SliceNumber(ty, span) => c.check_slice_number(&ty, span),
        Check::Trait(ty, name, span) => {
            let ty = c.table.resolve(&ty);
            if matches!(ty, Ty::Var(_)) {
                c.ambiguous(span, "this value");
            } else if !c.session.has_trait(name, &ty) {
                let shown = c.show(&ty);
                let message = format!("the trait bound `{shown}: {name}` is not satisfied");
                let error = Diagnostic::new("E0277", span, message);
                c.report(match ty {
                    Ty::Adt(adt, _) => {
                        error.help(format!("write `#[derive({name})]` before `{}`", adt.name))
                    }
                    _ => error,
                });
            }
        }
        Check::Known(ty, what, span) => {
            if matches!(c.table.resolve(&ty), Ty::Var(_)) {
                c.ambiguous(span, &what);
            }
        }
    }
}

fn cast(c: &mut Checker<'_, '_>, from: &Ty, to: &Ty, span: Span) {
    let (from, to) = (c.table.resolve(from), c.table.resolve(to));
    let (a, b) = (c.show(&from), c.show(&to));
    let error = |code, help: &str| {
        let error = Diagnostic::new(code, span, format!("cannot cast `{a}` as `{b}`"));
        if help.is_empty() {
            error
        } else {
            error.help(help)
        }
    };
    let error = match (&from, &to) {
        (Ty::Error | Ty::Never, _) | (_, Ty::Error) => return,
        (Ty::Var(_), _) | (_, Ty::Var(_)) => {
            c.ambiguous(span, "this cast");
            return;
        }
        _ if from == to => return,
        (Ty::Adt(adt, _), Ty::Scalar(s)) if c.session.repr(adt).is_some() => {
            if s.is_integer() {
                return;
            }
            error(
                "E0606",
                "go through an integer: `e as u8 as f64`, for example",
            )
        }
        (Ty::Adt(..), _) => error("E0605", "write a method that gives the number"),
        (Ty::Scalar(_), Ty::Adt(..)) => error(
            "E0605",
            "write an associated function with a `match` that gives the variant",
        ),
        (Ty::Scalar(_), Ty::Scalar(Scalar::Bool)) => error("E0054", "compare it: `x != 0`"),
        (Ty::Scalar(Scalar::Bool), Ty::Scalar(s)) if s.is_float() => error(
            "E0606",
            "go through an integer: `b as u8 as f64`, or `f64::from(b)`",
        ),
        (Ty::Scalar(_), Ty::Scalar(_)) => return,
        (Ty::Ref(..), Ty::Scalar(_)) => error("E0606", "dereference it: `*x as ..`"),
        (Ty::Param(_), Ty::Scalar(_)) => error(
            "E0605",
            "`as` needs a number type that is known; `Float` has `x.to_f64()`",
        ),
        (_, Ty::Complex(_)) => error(
            "E0605",
            "write `Complex::new(x, 0.0)`, or `Complex::from(x)`",
        ),
        (Ty::Complex(_), _) => error("E0605", "take a part: `z.re as ..`, or `z.norm()`"),
        (Ty::Half(_), _) => error("E0605", "write `h.to_f32()`, and `as` after that"),
        (_, Ty::Half(_)) => error("E0605", "write `f16::from_f32(x)` or `bf16::from_f32(x)`"),
        (Ty::Option(_), _) => error("E0605", "take the payload: `x.unwrap_or(..) as ..`"),
        (_, Ty::Param(_)) => error(
            "E0605",
            "write `T::from_i32(x)`, or with `Float` `T::from_f64(x)`",
        ),
        _ => error("E0605", "`as` converts numbers"),
    };
    c.report(error);
}

/// Everything that needs the final types of a whole body.
pub(crate) fn check_body(session: &mut Session<'_>, body: &Body) {
    expr(session, body, &body.value, false);
}

fn expr(session: &mut Session<'_>, body: &Body, e: &Expr, negated: bool) {
    match &e.kind {
        Kind::Int(value) => {
            if let Ty::Scalar(s) = close(&e.ty, &body.types) {
                literal(session, *value, s, e.span, negated);
            }
        }
        Kind::Float(digits) => {
            let infinite = match close(&e.ty, &body.types) {
                Ty::Scalar(Scalar::F32) => digits.parse::<f32>().is_ok_and(f32::is_infinite),
                _ => digits.parse::<f64>().is_ok_and(f64::is_infinite),
            };
            if infinite {
                session.report(
                    Diagnostic::new("B0273", e.span, "float literal out of range for its type")
                        .label("this is infinite")
                        .help("write `f64::INFINITY` or `f32::INFINITY`"),
                );
            }
        }
        Kind::Neg(inner) => {
            if matches!(inner.kind, Kind::Associated("MIN", Ty::Scalar(s)) if s.is_integer()) {
                session.report(
                    Diagnostic::new("B0275", e.span, "this arithmetic operation will overflow")
                        .help("write `wrapping_neg` if that is meant"),
                );
            }
            expr(session, body, inner, true);
            return;
        }
        Kind::Const(constant) => {
            // Reports what is wrong with it, once.
            session.constant(*constant);
        }
        Kind::Element(..) => super::arrays::late_index(session, body, e),
        Kind::Let(p, _) => pattern(session, body, p),
        Kind::Match(scrutinee, arms) => {
            let before = session.errors.len();
            for arm in arms {
                pattern(session, body, &arm.pattern);
            }
            if session.errors.len() == before {
                exhaust::check(session, body, scrutinee, arms, e.span);
            }
        }
        Kind::Binary(BinaryOp::Div | BinaryOp::Rem, lhs, rhs)
        | Kind::Compound(BinaryOp::Div | BinaryOp::Rem, lhs, rhs, _)
            if !body.constant
                && matches!(rhs.kind, Kind::Int(0))
                && matches!(close(&lhs.ty, &body.types), Ty::Scalar(s) if s.is_integer()) =>
        {
            session.report(
                Diagnostic::new("B0274", e.span, "this operation will panic at runtime")
                    .label("the divisor is zero"),
            );
        }
        Kind::Binary(
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem,
            lhs,
            rhs,
        ) if !body.constant && is_constant(lhs) && is_constant(rhs) => {
            let before = session.errors.len();
            let overflows = session.evaluate(e, body).is_none();
            // What is wrong with the parts is reported on its own.
            session.errors.truncate(before);
            if overflows {
                session.report(
                    Diagnostic::new("B0275", e.span, "this arithmetic operation will overflow")
                        .help("write `wrapping_add`, `wrapping_sub` or `wrapping_mul` if that is meant"),
                );
            }
        }
        Kind::Binary(BinaryOp::Shl | BinaryOp::Shr, lhs, rhs)
        | Kind::Compound(BinaryOp::Shl | BinaryOp::Shr, lhs, rhs, _) => {
            let (negative, count) = match &rhs.kind {
                Kind::Int(count) => (false, *count),
                Kind::Neg(inner) => match inner.kind {
                    Kind::Int(count) => (count != 0, count),
                    _ => (false, 0),
                },
                _ => (false, 0),
            };
            if let Ty::Scalar(s) = close(&lhs.ty, &body.types)
                && !body.constant
                && (negative || count >= u128::from(s.bits()))
            {
                session.report(
                    Diagnostic::new("B0275", e.span, "this arithmetic operation will overflow")
                        .label(format!("`{}` has {} bits", s.name(), s.bits())),
                );
            }
        }
        _ => {}
    }
    e.each(&mut |inner| expr(session, body, inner, false));
}

/// Whether the value is written out: a literal, maybe negated, or a limit of a number type.
fn is_constant(e: &Expr) -> bool {
    match &e.kind {
        Kind::Int(_) => true,
        Kind::Associated(_, own) => matches!(own, Ty::Scalar(_)),
        Kind::Neg(inner) => matches!(inner.kind, Kind::Int(_)),
        _ => false,
    }
}

fn pattern(session: &mut Session<'_>, body: &Body, p: &crate::check::tree::Pattern) {
    use crate::check::tree::PatternKind as P;
    match &p.kind {
        P::Wildcard => {}
        P::Binding(_, inner) => {
            if let Some(inner) = inner {
                pattern(session, body, inner);
            }
        }
        P::Value(e) => expr(session, body, e, false),
        P::Range(start, end, _) => {
            for e in start.iter().chain(end) {
                expr(session, body, e, false);
            }
        }
        P::Tuple(list) | P::Or(list) => {
            for p in list {
                pattern(session, body, p);
            }
        }
    }
}

fn literal(session: &mut Session<'_>, value: u128, s: Scalar, span: Span, negated: bool) {
    if s.is_float() || s == Scalar::Bool {
        return;
    }
    let (_, max) = build::range(s);
    let limit = max as u128 + u128::from(negated && s.is_signed());
    if value > limit {
        let mut error = Diagnostic::new(
            "B0276",
            span,
            format!("literal out of range for `{}`", s.name()),
        )
        .label(format!(
            "`{}` holds {} to {max}",
            s.name(),
            build::range(s).0
        ));
        if s == Scalar::I32 {
            error = error.help("give it a suffix, like `i64`, or declare the type");
        }
        session.report(error);
    }
}
