//! The rules for `Option`: its two values, patterns, methods, `?`, `let` in conditions and
//! `let .. else`. A value is a tuple of a flag and the payload, and so are its patterns; the
//! payload of `None` is zero, so that comparing tuples compares options.

use crate::ast::{self, ExprKind};
use crate::check::function::{Checker, Expect};
use crate::check::tree::{Arm, Block, Expr, Kind, Pattern, PatternKind, Statement};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

/// What `unwrap` fails with.
const UNWRAP: &str = "called `Option::unwrap()` on a `None` value";

/// Every method that is known, for suggestions.
pub(crate) const METHODS: &[&str] = &[
    "and",
    "and_then",
    "as_ref",
    "cloned",
    "copied",
    "expect",
    "filter",
    "flatten",
    "inspect",
    "is_none",
    "is_none_or",
    "is_some",
    "is_some_and",
    "map",
    "map_or",
    "map_or_else",
    "or",
    "or_else",
    "replace",
    "take",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "xor",
    "zip",
];

impl<'a> Checker<'_, 'a> {
    /// `Some(x)`.
    pub(crate) fn some_call(&mut self, args: &'a [ast::Expr], inner: Ty, span: Span) -> Expr {
        let params = [inner.clone()];
        match self.arguments(args, &params, span, "enum variant `Some`") {
            Some(mut args) => match args.pop() {
                Some(value) => some(value, inner, span),
                None => self.error(span),
            },
            None => self.error(span),
        }
    }

    /// A pattern `Some(p)`: the inner pattern's type is a new variable where nothing is known.
    pub(super) fn option_inner(&mut self, ty: &Ty, span: Span) -> Ty {
        match self.known(ty) {
            Ty::Option(inner) => *inner,
            Ty::Error => Ty::Error,
            other => {
                let inner = self.table.fresh(VarKind::General);
                let option = Ty::Option(Box::new(inner.clone()));
                if self.table.unify(&other, &option) {
                    return inner;
                }
                let shown = self.show(&other);
                self.report(
                    Diagnostic::new("E0308", span, "mismatched types")
                        .label(format!("expected `{shown}`, found `Option<_>`")),
                );
                Ty::Error
            }
        }
    }

    /// `let pattern = value` as a condition. The names are seen in the innermost scope.
    pub(crate) fn let_condition(
        &mut self,
        pattern: &'a ast::Pattern,
        value: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let value = self.expr(value, &Expect::Nothing);
        let pattern = self.pattern(pattern, &value.ty);
        Expr {
            ty: Ty::BOOL,
            span,
            kind: Kind::Let(Box::new(pattern), Box::new(value)),
        }
    }

    /// `let pattern = value else { .. };`
    pub(crate) fn let_else(
        &mut self,
        pattern: &'a ast::Pattern,
        written: Option<&'a ast::TypeExpr>,
        init: &'a ast::Expr,
        otherwise: &'a ast::Block,
    ) -> Statement {
        let value = match written {
            Some(written) => {
                let ty = self.written(written);
                let mut value = self.demand(init, &ty);
                value.ty = ty;
                value
            }
            None => self.expr(init, &Expect::Nothing),
        };
        let before = std::mem::replace(&mut self.diverges, false);
        let (block, ty) = self.block(otherwise, &Expect::Has(Ty::Never));
        self.diverges = before;
        if !matches!(self.table.shallow(&ty), Ty::Never | Ty::Error) {
            let shown = self.show(&ty);
            let span = otherwise.value.as_ref().map_or(otherwise.span, |v| v.span);
            self.report(
                Diagnostic::new(
                    "E0308",
                    span,
                    "`else` clause of `let...else` does not diverge",
                )
                .label(format!("expected `!`, found `{shown}`"))
                .help("end it with `return`, `break`, `continue` or a panic"),
            );
        }
        let pattern = self.pattern(pattern, &value.ty);
        let span = value.span;
        let condition = Expr {
            ty: Ty::BOOL,
            span,
            kind: Kind::Let(Box::new(pattern), Box::new(value)),
        };
        let then = Block {
            statements: Vec::new(),
            value: None,
        };
        let otherwise = Expr {
            ty: Ty::Never,
            span: otherwise.span,
            kind: Kind::Block(None, block),
        };
        Statement::Expr(Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::If(Box::new(condition), then, Some(Box::new(otherwise))),
        })
    }

    /// `value?`.
    pub(crate) fn try_(&mut self, value: &'a ast::Expr, span: Span) -> Expr {
        let value = self.expr(value, &Expect::Nothing);
        let inner = match self.known(&value.ty) {
            Ty::Option(inner) => *inner,
            Ty::Error => return self.error(span),
            Ty::Var(v) if !matches!(self.table.kind(v), VarKind::Integer | VarKind::Float) => {
                return self.ambiguous(value.span, "this expression");
            }
            other => {
                let shown = self.show(&other);
                return self.fail(
                    Diagnostic::new(
                        "E0277",
                        span,
                        "the `?` operator can only be applied to values of type `Option`",
                    )
                    .label(format!("this has type `{shown}`"))
                    .help("remove the `?`"),
                );
            }
        };
        let result = self.result.clone();
        let none = match self.known(&result) {
            Ty::Option(_) if !self.constant => none(result, span),
            Ty::Error => return self.error(span),
            Ty::Var(_) if !self.constant => {
                let payload = self.table.fresh(VarKind::General);
                let option = Ty::Option(Box::new(payload));
                self.table.unify(&result, &option);
                none(option, span)
            }
            _ => {
                return self.fail(
                    Diagnostic::new(
                        "E0277",
                        span,
                        "the `?` operator can only be used in a function that returns `Option`",
                    )
                    .label("this function returns something else")
                    .help("use `match`, `let .. else` or `unwrap_or`"),
                );
            }
        };
        let leave = Expr {
            ty: Ty::Never,
            span,
            kind: self.leaving(Some(none)),
        };
        self.unwrapped(value, inner, leave, span)
    }

    /// `match value { Some(x) => x, None => otherwise }`.
    fn unwrapped(&mut self, value: Expr, inner: Ty, otherwise: Expr, span: Span) -> Expr {
        let ty = inner.clone();
        self.chosen(value, inner, ty, span, |_, x| x, |_| otherwise)
    }

    /// `match value { Some(x) => some(x), None => none() }`, of type `ty`.
    pub(super) fn chosen(
        &mut self,
        value: Expr,
        inner: Ty,
        ty: Ty,
        span: Span,
        some: impl FnOnce(&mut Self, Expr) -> Expr,
        none: impl FnOnce(&mut Self) -> Expr,
    ) -> Expr {
        let local = self.new_local("", span, inner.clone(), false);
        let payload = Pattern {
            ty: inner.clone(),
            span,
            kind: PatternKind::Binding(local, None),
        };
        let whole = value.ty.clone();
        let x = Expr {
            ty: inner,
            span,
            kind: Kind::Local(local),
        };
        let arms = vec![
            Arm {
                pattern: some_pattern(payload, whole.clone(), span),
                guard: None,
                body: some(self, x),
            },
            Arm {
                pattern: Pattern {
                    ty: whole,
                    span,
                    kind: PatternKind::Wildcard,
                },
                guard: None,
                body: none(self),
            },
        ];
        Expr {
            ty,
            span,
            kind: Kind::Match(Box::new(value), arms),
        }
    }

    /// A method of an option.
    pub(crate) fn option_method(
        &mut self,
        value: Expr,
        inner: Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = Ty::Option(Box::new(inner.clone()));
        let value = Expr {
            ty: own.clone(),
            ..value
        };
        let mut held = Some(value);
        if let Some(call) = self.option_call(&mut held, &inner, method, args, span) {
            return call;
        }
        let Some(value) = held else {
            return self.error(span);
        };
        let what = format!("method `{}`", method.name);
        let other = |c: &mut Self| c.table.fresh(VarKind::General);
        // The parameters and the result; the method itself follows from its name.
        let (name, params, result): (&'static str, Vec<Ty>, Ty) = match method.name.as_str() {
            "is_some" => ("is_some", vec![], Ty::BOOL),
            "is_none" => ("is_none", vec![], Ty::BOOL),
            "unwrap" => {
                if self.arguments(args, &[], span, &what).is_none() {
                    return self.error(span);
                }
                return self.or_panic(value, inner, UNWRAP, method.span, span);
            }
            "expect" => {
                let [
                    ast::Expr {
                        kind: ExprKind::Panic(text),
                        ..
                    },
                ] = args
                else {
                    self.arguments(args, &[Ty::Error], span, &what);
                    return self.error(span);
                };
                return self.or_panic(value, inner, text, method.span, span);
            }
            "unwrap_or" => ("unwrap_or", vec![inner.clone()], inner),
            "unwrap_or_default" => {
                let known = self.known(&inner);
                if !self.has_default(&known) {
                    let shown = self.show(&inner);
                    for arg in args {
                        self.expr(arg, &Expect::Nothing);
                    }
                    return self.fail(
                        Diagnostic::new(
                            "E0277",
                            method.span,
                            format!("the trait bound `{shown}: Default` is not satisfied"),
                        )
                        .help("write the value: `unwrap_or(..)`"),
                    );
                }
                ("unwrap_or_default", vec![], inner)
            }
            "or" => ("or", vec![own.clone()], own.clone()),
            "xor" => ("xor", vec![own.clone()], own.clone()),
            "and" => {
                let result = Ty::Option(Box::new(other(self)));
                ("and", vec![result.clone()], result)
            }
            "zip" => {
                let second = other(self);
                let result = Ty::Option(Box::new(Ty::Tuple(vec![inner, second.clone()])));
                ("zip", vec![Ty::Option(Box::new(second))], result)
            }
            "flatten" => match self.known(&inner) {
                Ty::Option(_) => ("flatten", vec![], inner),
                _ => return self.not_of_this_option(&own, method, args, "`Option<Option<_>>`"),
            },
            "copied" | "cloned" => match self.known(&inner) {
                Ty::Ref(_, payload) => {
                    if self.arguments(args, &[], span, &what).is_none() {
                        return self.error(span);
                    }
                    return Expr {
                        ty: Ty::Option(payload),
                        span,
                        kind: value.kind,
                    };
                }
                _ => return self.not_of_this_option(&own, method, args, "`Option<&_>`"),
            },
            "as_ref" => {
                if self.arguments(args, &[], span, &what).is_none() {
                    return self.error(span);
                }
                return Expr {
                    ty: Ty::Option(Box::new(inner.reference(false))),
                    span,
                    kind: value.kind,
                };
            }
            "take" | "replace" => return self.option_exchange(value, inner, method, args, span),
            _ => {
                for arg in args {
                    if !matches!(arg.kind, ExprKind::Closure { .. }) {
                        self.expr(arg, &Expect::Nothing);
                    }
                }
                return self.no_option_method(&own, method);
            }
        };
        match self.arguments(args, &params, span, &what) {
            Some(mut rest) => {
                rest.insert(0, value);
                Expr {
                    ty: result,
                    span,
                    kind: Kind::Method(name, own, rest, method.span),
                }
            }
            None => Expr {
                ty: result,
                span,
                kind: Kind::Error,
            },
        }
    }

    fn or_panic(&mut self, value: Expr, inner: Ty, text: &str, place: Span, span: Span) -> Expr {
        let panic = Expr {
            ty: Ty::Never,
            span: place,
            kind: Kind::Panic(text.to_string()),
        };
        self.unwrapped(value, inner, panic, span)
    }

    /// Whether the type's `Default` is zero in all parts.
    fn has_default(&mut self, ty: &Ty) -> bool {
        match ty {
            Ty::Scalar(_) | Ty::Option(_) | Ty::Half(_) | Ty::Error => true,
            Ty::Complex(part) => !matches!(self.known(part), Ty::Param(_)),
            Ty::Tuple(members) => members.iter().all(|m| {
                let m = self.known(m);
                self.has_default(&m)
            }),
            Ty::Var(v) => matches!(self.table.kind(*v), VarKind::Integer | VarKind::Float),
            _ => false,
        }
    }

    /// `place.take()` and `place.replace(value)`.
    fn option_exchange(
        &mut self,
        value: Expr,
        inner: Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = value.ty.clone();
        let params = match method.name.as_str() {
            "replace" => vec![inner.clone()],
            _ => Vec::new(),
        };
        let what = format!("method `{}`", method.name);
        let Some(mut args) = self.arguments(args, &params, span, &what) else {
            return self.error(span);
        };
        let Some(place) = same_place(&value) else {
            return self.fail(
                Diagnostic::new(
                    "B0401",
                    span,
                    format!(
                        "`{}` is only possible on a variable or a field of one",
                        method.name
                    ),
                )
                .help("store the option in a `let mut` variable first"),
            );
        };
        let new = match args.pop() {
            Some(value) => some(value, inner, span),
            None => none(own.clone(), span),
        };
        // The argument comes before the exchange.
        let given = self.new_local("", span, own.clone(), false);
        let old = self.new_local("", span, own.clone(), false);
        let bind = |local, value| {
            let pattern = Pattern {
                ty: own.clone(),
                span,
                kind: PatternKind::Binding(local, None),
            };
            Statement::Let(pattern, Some(value))
        };
        let read = |local| Expr {
            ty: own.clone(),
            span,
            kind: Kind::Local(local),
        };
        let store = Expr {
            ty: Ty::UNIT,
            span,
            kind: Kind::Assign(Box::new(place), Box::new(read(given))),
        };
        let block = Block {
            statements: vec![bind(given, new), bind(old, value), Statement::Expr(store)],
            value: Some(Box::new(read(old))),
        };
        Expr {
            ty: own.clone(),
            span,
            kind: Kind::Block(None, block),
        }
    }

    fn not_of_this_option(
        &mut self,
        own: &Ty,
        method: &ast::Ident,
        args: &'a [ast::Expr],
        wanted: &str,
    ) -> Expr {
        for arg in args {
            self.expr(arg, &Expect::Nothing);
        }
        let shown = self.show(own);
        self.fail(
            Diagnostic::new(
                "E0599",
                method.span,
                format!("no method named `{}` found for type `{shown}`", method.name),
            )
            .label(format!("only {wanted} has it")),
        )
    }

    fn no_option_method(&mut self, own: &Ty, method: &ast::Ident) -> Expr {
        let shown = self.show(own);
        let error = Diagnostic::new(
            "E0599",
            method.span,
            format!("no method named `{}` found for type `{shown}`", method.name),
        )
        .label(format!("not found in `{shown}`"));
        let help = match method.name.as_str() {
            "ok_or" | "ok_or_else" => {
                "kernels have no `Result`: use `match`, or `expect`".to_string()
            }
            "insert" | "get_or_insert" | "get_or_insert_with" | "as_mut" | "take_if" => {
                "assign the variable: `x = Some(..)`".to_string()
            }
            "iter" | "into_iter" | "iter_mut" => "use `if let Some(x) = ..`".to_string(),
            name => match suggest::nearest(name, METHODS.iter().copied()) {
                Some(near) => format!("there is `{near}`"),
                None => "it may be a method of the payload: unwrap it, or use `map`".to_string(),
            },
        };
        self.fail(error.help(help))
    }
}

/// `Some(value)`.
pub(crate) fn some(value: Expr, inner: Ty, span: Span) -> Expr {
    let flag = Expr {
        ty: Ty::BOOL,
        span,
        kind: Kind::Bool(true),
    };
    Expr {
        ty: Ty::Option(Box::new(inner)),
        span,
        kind: Kind::Tuple(vec![flag, value]),
    }
}

/// `None`, of this type of option.
pub(crate) fn none(ty: Ty, span: Span) -> Expr {
    Expr {
        ty: ty.clone(),
        span,
        kind: Kind::Method("None", ty, Vec::new(), span),
    }
}

/// The pattern `Some(payload)` (or with a wildcard `None`) on an option of type `ty`.
fn flagged(flag: bool, payload: Pattern, ty: Ty, span: Span) -> Pattern {
    let value = Expr {
        ty: Ty::BOOL,
        span,
        kind: Kind::Bool(flag),
    };
    let flag = Pattern {
        ty: Ty::BOOL,
        span,
        kind: PatternKind::Value(Box::new(value)),
    };
    Pattern {
        ty,
        span,
        kind: PatternKind::Tuple(vec![flag, payload]),
    }
}

/// The pattern `Some(payload)`.
pub(super) fn some_pattern(payload: Pattern, ty: Ty, span: Span) -> Pattern {
    flagged(true, payload, ty, span)
}

/// The pattern `None`.
pub(super) fn none_pattern(inner: Ty, ty: Ty, span: Span) -> Pattern {
    let payload = Pattern {
        ty: inner,
        span,
        kind: PatternKind::Wildcard,
    };
    flagged(false, payload, ty, span)
}

/// The same place once more, where that has no effects.
fn same_place(e: &Expr) -> Option<Expr> {
    let kind = match &e.kind {
        Kind::Local(local) => Kind::Local(*local),
        Kind::Member(inner, n) => Kind::Member(Box::new(same_place(inner)?), *n),
        _ => return None,
    };
    Some(Expr {
        ty: e.ty.clone(),
        span: e.span,
        kind,
    })
}
