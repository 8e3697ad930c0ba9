//! The methods of options that call a closure, as a `match` with the call in an arm.

use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::function::{Checker, Expect};
use crate::check::option::{none, some};
use crate::check::tree::{Block, Expr, Kind, LocalIndex, Pattern, PatternKind, Statement};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// Their names.
const METHODS: &[&str] = &[
    "and_then",
    "filter",
    "inspect",
    "is_none_or",
    "is_some_and",
    "map",
    "map_or",
    "map_or_else",
    "or_else",
    "unwrap_or_else",
];

impl<'a> Checker<'_, 'a> {
    /// Such a method; `None` if it is another one.
    pub(super) fn option_call(
        &mut self,
        value: &mut Option<Expr>,
        inner: &Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        if !METHODS.contains(&method.name.as_str()) {
            return None;
        }
        let value = value.take()?;
        let wanted = usize::from(method.name.starts_with("map_or")) + 1;
        if args.len() != wanted {
            for arg in args {
                if !matches!(arg.kind, ExprKind::Closure { .. }) {
                    self.expr(arg, &Expect::Nothing);
                }
            }
            return Some(self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied(&format!("method `{}`", method.name), wanted, args.len()),
            )));
        }
        let own = value.ty.clone();
        let inner = inner.clone();
        let payload = [inner.clone()];
        let borrowed = [inner.clone().reference(false)];
        let last = &args[wanted - 1];
        let truth = |value| Expr {
            ty: Ty::BOOL,
            span,
            kind: Kind::Bool(value),
        };
        let result_of = |closure: &Expr| closure.ty.clone();
        Some(match method.name.as_str() {
            "map" => {
                let result = self.table.fresh(VarKind::General);
                let ty = Ty::Option(Box::new(result.clone()));
                let given = ty.clone();
                self.chosen(
                    value,
                    inner,
                    ty,
                    span,
                    |c, x| {
                        let called = c.called(last, &payload, Some(&result), vec![x], span);
                        some(called, result, span)
                    },
                    |_| none(given, span),
                )
            }
            "and_then" => {
                let result = Ty::Option(Box::new(self.table.fresh(VarKind::General)));
                let other = result.clone();
                self.chosen(
                    value,
                    inner,
                    result.clone(),
                    span,
                    |c, x| c.called(last, &payload, Some(&result), vec![x], span),
                    |_| none(other, span),
                )
            }
            "unwrap_or_else" => self.chosen(
                value,
                inner.clone(),
                inner.clone(),
                span,
                |_, x| x,
                |c| c.called(last, &[], Some(&inner), Vec::new(), span),
            ),
            "or_else" => self.chosen(
                value,
                inner.clone(),
                own.clone(),
                span,
                |_, x| some(x, inner, span),
                |c| c.called(last, &[], Some(&own), Vec::new(), span),
            ),
            "is_some_and" | "is_none_or" => {
                let otherwise = method.name == "is_none_or";
                self.chosen(
                    value,
                    inner,
                    Ty::BOOL,
                    span,
                    |c, x| c.called(last, &payload, Some(&Ty::BOOL), vec![x], span),
                    |_| truth(otherwise),
                )
            }
            "filter" => {
                let (given, kept) = (own.clone(), own.clone());
                self.chosen(
                    value,
                    inner.clone(),
                    own,
                    span,
                    |c, x| {
                        let again = copy(&x);
                        let holds = c.called(last, &borrowed, Some(&Ty::BOOL), vec![again], span);
                        let block = |value| Block {
                            statements: Vec::new(),
                            value: Some(Box::new(value)),
                        };
                        let otherwise = Expr {
                            ty: given.clone(),
                            span,
                            kind: Kind::Block(None, block(none(given.clone(), span))),
                        };
                        let then = block(some(x, inner, span));
                        Expr {
                            ty: given,
                            span,
                            kind: Kind::If(Box::new(holds), then, Some(Box::new(otherwise))),
                        }
                    },
                    |_| none(kept, span),
                )
            }
            "inspect" => {
                let (given, kept) = (own.clone(), own.clone());
                self.chosen(
                    value,
                    inner.clone(),
                    own,
                    span,
                    |c, x| {
                        let again = copy(&x);
                        let seen = c.called(last, &borrowed, Some(&Ty::UNIT), vec![again], span);
                        let block = Block {
                            statements: vec![Statement::Expr(seen)],
                            value: Some(Box::new(some(x, inner, span))),
                        };
                        Expr {
                            ty: given,
                            span,
                            kind: Kind::Block(None, block),
                        }
                    },
                    |_| none(kept, span),
                )
            }
            "map_or_else" => {
                let result = self.table.fresh(VarKind::General);
                let first = &args[0];
                // As in rustc the default comes first, and decides the type first.
                let otherwise = self.called(first, &[], Some(&result), Vec::new(), span);
                self.chosen(
                    value,
                    inner,
                    result.clone(),
                    span,
                    |c, x| c.called(last, &payload, Some(&result), vec![x], span),
                    |_| otherwise,
                )
            }
            // `map_or`: the option and the default have their values before the call.
            _ => {
                let default = self.expr(&args[0], &Expect::Nothing);
                let result = result_of(&default);
                let held = self.new_local("", span, own.clone(), false);
                let kept = self.new_local("", span, result.clone(), false);
                let chosen = self.chosen(
                    read(held, own.clone(), span),
                    inner,
                    result.clone(),
                    span,
                    |c, x| c.called(last, &payload, Some(&result), vec![x], span),
                    |_| read(kept, result.clone(), span),
                );
                let bind = |local, ty: &Ty, value| {
                    let pattern = Pattern {
                        ty: ty.clone(),
                        span,
                        kind: PatternKind::Binding(local, None),
                    };
                    Statement::Let(pattern, Some(value))
                };
                let block = Block {
                    statements: vec![bind(held, &own, value), bind(kept, &result, default)],
                    value: Some(Box::new(chosen)),
                };
                Expr {
                    ty: result,
                    span,
                    kind: Kind::Block(None, block),
                }
            }
        })
    }

    /// The call of a closure that is an argument.
    fn called(
        &mut self,
        arg: &'a ast::Expr,
        params: &[Ty],
        result: Option<&Ty>,
        args: Vec<Expr>,
        span: Span,
    ) -> Expr {
        let closure = self.closure(arg, params, result);
        let ty = closure.result.clone();
        let callee = Expr {
            ty: Ty::Closure(closure.number),
            span: arg.span,
            kind: Kind::Closure(Box::new(closure)),
        };
        Expr {
            ty,
            span,
            kind: Kind::CallClosure(Box::new(callee), args, false),
        }
    }
}

fn read(local: LocalIndex, ty: Ty, span: Span) -> Expr {
    Expr {
        ty,
        span,
        kind: Kind::Local(local),
    }
}

/// A second read of a variable.
fn copy(x: &Expr) -> Expr {
    match x.kind {
        Kind::Local(local) => read(local, x.ty.clone(), x.span),
        _ => read(0, Ty::Error, x.span),
    }
}
