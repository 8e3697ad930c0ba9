//! Expressions. Those with a macro are in `macros.rs`, literals in `literal.rs`.

use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use crate::ast::{Arm, BinaryOp, Expr, ExprKind, Ident, UnaryOp};
use crate::diagnostic::{Diagnostic, Span};

impl Converter<'_> {
    pub(super) fn expr(&mut self, expr: &syn::Expr) -> Option<Expr> {
        self.deeper(
            || expr.span(),
            |this| {
                this.plain_attributes(attributes_of(expr), Place::Other);
                this.expr_inner(expr)
            },
        )
        .or_else(|| {
            Some(Expr {
                kind: ExprKind::Error,
                span: self.place(expr),
            })
        })
    }

    fn boxed(&mut self, expr: &syn::Expr) -> Option<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    /// `Some(None)` where there is none.
    fn optional(&mut self, expr: Option<&syn::Expr>) -> Option<Option<Box<Expr>>> {
        match expr {
            Some(expr) => self.boxed(expr).map(Some),
            None => Some(None),
        }
    }

    fn expr_inner(&mut self, expr: &syn::Expr) -> Option<Expr> {
        let (kind, span) = match expr {
            syn::Expr::Paren(expr) => {
                let inner = self.expr(&expr.expr)?;
                return Some(Expr {
                    kind: inner.kind,
                    span: self.at(expr.paren_token.span.join()),
                });
            }
            syn::Expr::Group(expr) => return self.expr(&expr.expr),
            syn::Expr::Lit(expr) => return self.literal(&expr.lit),
            syn::Expr::Path(expr) => return self.path_expr(expr),
            syn::Expr::Macro(expr) => return self.macro_call(&expr.mac),
            syn::Expr::Binary(expr) => self.binary(expr)?,
            syn::Expr::Unary(expr) => {
                let (op, token) = match &expr.op {
                    syn::UnOp::Neg(token) => (UnaryOp::Neg, token.span()),
                    syn::UnOp::Not(token) => (UnaryOp::Not, token.span()),
                    syn::UnOp::Deref(token) => (UnaryOp::Deref, token.span()),
                    _ => return self.refused_expr(&expr.expr),
                };
                let start = self.at(token);
                let inner = self.boxed(&expr.expr)?;
                let span = start.to(inner.span);
                (ExprKind::Unary(op, inner), span)
            }
            syn::Expr::Reference(expr) => {
                let start = self.at(expr.and_token.span());
                let inner = self.boxed(&expr.expr)?;
                let span = start.to(inner.span);
                let mutable = expr.mutability.is_some();
                (ExprKind::Reference { mutable, inner }, span)
            }
            syn::Expr::Assign(expr) if matches!(*expr.left, syn::Expr::Infer(_)) => {
                self.dropped(expr)?
            }
            syn::Expr::Assign(expr) => {
                let place = self.boxed(&expr.left);
                let value = self.boxed(&expr.right);
                let (place, value) = (place?, value?);
                let span = place.span.to(value.span);
                (ExprKind::Assign(place, value), span)
            }
            syn::Expr::Cast(expr) => {
                let inner = self.boxed(&expr.expr);
                let ty = self.ty(&expr.ty);
                let (inner, ty) = (inner?, ty?);
                let span = inner.span.to(ty.span);
                (ExprKind::Cast(inner, ty), span)
            }
            syn::Expr::Call(expr) => {
                let function = self.boxed(&expr.func);
                let args = self.all(&expr.args, Self::expr);
                let function = function?;
                let span = function.span.to(self.at(expr.paren_token.span.close()));
                (ExprKind::Call(function, args?), span)
            }
            syn::Expr::MethodCall(expr) => self.method(expr)?,
            syn::Expr::Field(expr) => {
                let base = self.boxed(&expr.base)?;
                match &expr.member {
                    syn::Member::Named(name) => {
                        let name = self.ident(name);
                        let span = base.span.to(name.span);
                        (ExprKind::Field(base, name), span)
                    }
                    syn::Member::Unnamed(index) => {
                        let span = base.span.to(self.at(index.span));
                        (ExprKind::Member(base, index.index), span)
                    }
                }
            }
            syn::Expr::Struct(expr) => self.struct_expr(expr)?,
            syn::Expr::Index(expr) => {
                let base = self.boxed(&expr.expr);
                let index = match &*expr.index {
                    syn::Expr::Array(array) => {
                        self.plain_attributes(&array.attrs, Place::Other);
                        self.index_array(array)
                    }
                    index => self.expr(index),
                };
                let base = base?;
                let span = base.span.to(self.at(expr.bracket_token.span.close()));
                (ExprKind::Index(base, Box::new(index?)), span)
            }
            syn::Expr::Array(expr) => return self.index_array(expr),
            syn::Expr::Repeat(expr) => {
                let value = self.boxed(&expr.expr);
                let length = self.boxed(&expr.len);
                let span = self.at(expr.bracket_token.span.join());
                (ExprKind::Repeat(value?, length?), span)
            }
            syn::Expr::Tuple(expr) => {
                let parts = self.all(&expr.elems, Self::expr)?;
                let span = self.at(expr.paren_token.span.join());
                (ExprKind::Tuple(parts), span)
            }
            syn::Expr::Try(expr) => self.try_(expr)?,
            syn::Expr::Range(expr) => {
                let limits = match &expr.limits {
                    syn::RangeLimits::HalfOpen(token) => token.span(),
                    syn::RangeLimits::Closed(token) => token.span(),
                };
                let mut span = self.at(limits);
                let start = self.optional(expr.start.as_deref());
                let end = self.optional(expr.end.as_deref());
                let (start, end) = (start?, end?);
                if let Some(start) = &start {
                    span = start.span.to(span);
                }
                if let Some(end) = &end {
                    span = span.to(end.span);
                }
                let kind = ExprKind::Range {
                    start,
                    end,
                    inclusive: matches!(expr.limits, syn::RangeLimits::Closed(_)),
                };
                (kind, span)
            }
            syn::Expr::Closure(expr) => self.closure(expr)?,
            syn::Expr::Break(expr) => {
                let mut span = self.at(expr.break_token.span());
                let label = expr.label.as_ref().map(|label| self.label(label));
                if let Some(label) = &label {
                    span = span.to(label.span);
                }
                let value = self.optional(expr.expr.as_deref())?;
                if let Some(value) = &value {
                    span = span.to(value.span);
                }
                (ExprKind::Break(label, value), span)
            }
            syn::Expr::Continue(expr) => {
                let mut span = self.at(expr.continue_token.span());
                let label = expr.label.as_ref().map(|label| self.label(label));
                if let Some(label) = &label {
                    span = span.to(label.span);
                }
                (ExprKind::Continue(label), span)
            }
            syn::Expr::Return(expr) => {
                let mut span = self.at(expr.return_token.span());
                let value = self.optional(expr.expr.as_deref())?;
                if let Some(value) = &value {
                    span = span.to(value.span);
                }
                (ExprKind::Return(value), span)
            }
            syn::Expr::Block(_)
            | syn::Expr::If(_)
            | syn::Expr::While(_)
            | syn::Expr::Loop(_)
            | syn::Expr::ForLoop(_)
            | syn::Expr::Match(_) => return self.structured(expr),
            _ => return self.refused_expr(expr),
        };
        Some(Expr { kind, span })
    }

    /// Expressions that hold blocks.
    fn structured(&mut self, expr: &syn::Expr) -> Option<Expr> {
        let (kind, start, end) = match expr {
            syn::Expr::Block(expr) => {
                let label = self.labelled(&expr.label);
                let block = self.block(&expr.block)?;
                let start = label.as_ref().map_or(block.span, |label| label.span);
                let end = block.span;
                (ExprKind::Block(label, block), start, end)
            }
            syn::Expr::If(expr) => {
                let start = self.at(expr.if_token.span());
                let condition = self.condition(&expr.cond).map(Box::new);
                let then = self.block(&expr.then_branch);
                let otherwise = self.optional(expr.else_branch.as_ref().map(|(_, e)| &**e));
                let (condition, then, otherwise) = (condition?, then?, otherwise?);
                let end = otherwise.as_ref().map_or(then.span, |other| other.span);
                let kind = ExprKind::If {
                    condition,
                    then,
                    otherwise,
                };
                (kind, start, end)
            }
            syn::Expr::While(expr) => {
                let start = self.at(expr.while_token.span());
                let label = self.labelled(&expr.label);
                let condition = self.condition(&expr.cond).map(Box::new);
                let body = self.block(&expr.body);
                let (condition, body) = (condition?, body?);
                let end = body.span;
                let kind = ExprKind::While {
                    label,
                    condition,
                    body,
                };
                (kind, start, end)
            }
            syn::Expr::Loop(expr) => {
                let start = self.at(expr.loop_token.span());
                let label = self.labelled(&expr.label);
                let body = self.block(&expr.body)?;
                let end = body.span;
                (ExprKind::Loop { label, body }, start, end)
            }
            syn::Expr::ForLoop(expr) => {
                let start = self.at(expr.for_token.span());
                let label = self.labelled(&expr.label);
                let pattern = self.pattern(&expr.pat);
                let iter = self.boxed(&expr.expr);
                let body = self.block(&expr.body);
                let (pattern, iter, body) = (pattern?, iter?, body?);
                let end = body.span;
                let kind = ExprKind::For {
                    label,
                    pattern,
                    iter,
                    body,
                };
                (kind, start, end)
            }
            syn::Expr::Match(expr) => {
                let start = self.at(expr.match_token.span());
                let end = self.at(expr.brace_token.span.close());
                let scrutinee = self.boxed(&expr.expr);
                let arms = self.all(&expr.arms, Self::arm);
                let kind = ExprKind::Match {
                    scrutinee: scrutinee?,
                    arms: arms?,
                };
                (kind, start, end)
            }
            other => return self.refused_expr(other),
        };
        Some(Expr {
            kind,
            span: start.to(end),
        })
    }

    fn arm(&mut self, arm: &syn::Arm) -> Option<Arm> {
        self.plain_attributes(&arm.attrs, Place::Other);
        let (pattern, guard) = match &arm.pat {
            syn::Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        let pattern = self.pattern(pattern);
        let guard = match guard {
            Some(guard) => self.expr(guard).map(Some),
            None => Some(None),
        };
        let body = self.expr(&arm.body);
        Some(Arm {
            pattern: pattern?,
            guard: guard?,
            body: body?,
        })
    }

    fn labelled(&mut self, label: &Option<syn::Label>) -> Option<Ident> {
        label.as_ref().map(|label| self.label(&label.name))
    }

    fn label(&self, label: &syn::Lifetime) -> Ident {
        Ident {
            name: self.ident(&label.ident).name,
            span: self.at(label.span()),
        }
    }

    fn method(&mut self, expr: &syn::ExprMethodCall) -> Option<(ExprKind, Span)> {
        let receiver = self.boxed(&expr.receiver);
        let type_args = match &expr.turbofish {
            Some(arguments) => self.type_args(arguments),
            None => Some(Vec::new()),
        };
        let args = match expr.method == "expect" {
            true => self.all(&expr.args, Self::expected_text),
            false => self.all(&expr.args, Self::expr),
        };
        let receiver = receiver?;
        let span = receiver.span.to(self.at(expr.paren_token.span.close()));
        let kind = ExprKind::Method {
            receiver,
            method: self.ident(&expr.method),
            type_args: type_args?,
            args: args?,
        };
        Some((kind, span))
    }

    fn index_array(&mut self, array: &syn::ExprArray) -> Option<Expr> {
        let parts = self.all(&array.elems, Self::expr)?;
        Some(Expr {
            kind: ExprKind::Array(parts),
            span: self.at(array.bracket_token.span.join()),
        })
    }

    fn binary(&mut self, expr: &syn::ExprBinary) -> Option<(ExprKind, Span)> {
        let Some((op, compound, [first, last])) = operator(&expr.op) else {
            let span = self.place(&expr.op);
            let help = "use the arithmetic, bit, comparison and logic operators";
            return self.refuse(codes::EXPRESSION, span, "this operator is", help);
        };
        let operator = self.at(first).to(self.at(last));
        let lhs = self.boxed(&expr.left);
        let rhs = self.boxed(&expr.right);
        let (lhs, rhs) = (lhs?, rhs?);
        let span = lhs.span.to(rhs.span);
        let kind = match compound {
            true => ExprKind::CompoundAssign(op, operator, lhs, rhs),
            false => ExprKind::Binary(op, operator, lhs, rhs),
        };
        Some((kind, span))
    }

    pub(super) fn path_expr(&mut self, expr: &syn::ExprPath) -> Option<Expr> {
        if expr.qself.is_some() {
            let span = self.place(expr);
            let help = "write `T::zero()` or `f64::MAX`, with the type's name in front";
            return self.refuse(codes::EXPRESSION, span, "`<T as Trait>::name` is", help);
        }
        let path = self.value_path(&expr.path)?;
        let segments = &path.segments;
        let mut span = match (segments.first(), segments.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.place(expr),
        };
        if let Some(syn::PathArguments::AngleBracketed(arguments)) =
            expr.path.segments.last().map(|last| &last.arguments)
        {
            span = span.to(self.at(arguments.gt_token.span));
        }
        Some(Expr {
            kind: ExprKind::Path(path),
            span,
        })
    }

    fn refused_expr<T>(&mut self, expr: &syn::Expr) -> Option<T> {
        let (span, what, help) = match expr {
            syn::Expr::Let(expr) => (
                self.at(expr.let_token.span()),
                "`let` in this place is",
                "it can stand in the condition of an `if` or `while`, alone or joined with `&&`",
            ),
            syn::Expr::Unsafe(expr) => (
                self.at(expr.unsafe_token.span()),
                "`unsafe` is",
                "remove it; everything in a kernel is checked",
            ),
            syn::Expr::TryBlock(expr) => (
                self.at(expr.try_token.span()),
                "`try` blocks are",
                "let the kernel fail with `panic!` or `assert!`",
            ),
            syn::Expr::Async(expr) => (
                self.at(expr.async_token.span()),
                "`async` blocks are",
                "remove `async`; a kernel never waits",
            ),
            syn::Expr::Await(expr) => (
                self.at(expr.await_token.span()),
                "`.await` is",
                "remove it; a kernel never waits",
            ),
            syn::Expr::Yield(expr) => (
                self.at(expr.yield_token.span()),
                "`yield` is",
                "write the values to an `ArrayViewMut1`",
            ),
            syn::Expr::Const(expr) => (
                self.at(expr.const_token.span()),
                "`const` blocks are",
                "name the value with a `const` item",
            ),
            syn::Expr::RawAddr(expr) => (
                self.at(expr.raw.span()),
                "raw pointers are",
                "use an array view and an index",
            ),
            syn::Expr::Infer(expr) => {
                let span = self.at(expr.underscore_token.span());
                let diagnostic = Diagnostic::new(
                    codes::EXPRESSION,
                    span,
                    "`_` as a value or as a part of the left side of an assignment is not in the \
                     kernel language",
                )
                .help("take the value apart with `let`, or drop all of it with `_ = value;`");
                self.report(diagnostic);
                return None;
            }
            other => (
                self.place(other),
                "this expression is",
                "see the language reference for what there is",
            ),
        };
        self.refuse(codes::EXPRESSION, span, what, help)
    }
}

/// The operator, whether it assigns, and the places of its first and last character.
fn operator(op: &syn::BinOp) -> Option<(BinaryOp, bool, [proc_macro2::Span; 2])> {
    Some(match op {
        syn::BinOp::Add(token) => (BinaryOp::Add, false, [token.span; 2]),
        syn::BinOp::Sub(token) => (BinaryOp::Sub, false, [token.span; 2]),
        syn::BinOp::Mul(token) => (BinaryOp::Mul, false, [token.span; 2]),
        syn::BinOp::Div(token) => (BinaryOp::Div, false, [token.span; 2]),
        syn::BinOp::Rem(token) => (BinaryOp::Rem, false, [token.span; 2]),
        syn::BinOp::And(token) => (BinaryOp::And, false, token.spans),
        syn::BinOp::Or(token) => (BinaryOp::Or, false, token.spans),
        syn::BinOp::BitXor(token) => (BinaryOp::BitXor, false, [token.span; 2]),
        syn::BinOp::BitAnd(token) => (BinaryOp::BitAnd, false, [token.span; 2]),
        syn::BinOp::BitOr(token) => (BinaryOp::BitOr, false, [token.span; 2]),
        syn::BinOp::Shl(token) => (BinaryOp::Shl, false, token.spans),
        syn::BinOp::Shr(token) => (BinaryOp::Shr, false, token.spans),
        syn::BinOp::Eq(token) => (BinaryOp::Eq, false, token.spans),
        syn::BinOp::Lt(token) => (BinaryOp::Lt, false, [token.span; 2]),
        syn::BinOp::Le(token) => (BinaryOp::Le, false, token.spans),
        syn::BinOp::Ne(token) => (BinaryOp::Ne, false, token.spans),
        syn::BinOp::Ge(token) => (BinaryOp::Ge, false, token.spans),
        syn::BinOp::Gt(token) => (BinaryOp::Gt, false, [token.span; 2]),
        syn::BinOp::AddAssign(token) => (BinaryOp::Add, true, token.spans),
        syn::BinOp::SubAssign(token) => (BinaryOp::Sub, true, token.spans),
        syn::BinOp::MulAssign(token) => (BinaryOp::Mul, true, token.spans),
        syn::BinOp::DivAssign(token) => (BinaryOp::Div, true, token.spans),
        syn::BinOp::RemAssign(token) => (BinaryOp::Rem, true, token.spans),
        syn::BinOp::BitXorAssign(token) => (BinaryOp::BitXor, true, token.spans),
        syn::BinOp::BitAndAssign(token) => (BinaryOp::BitAnd, true, token.spans),
        syn::BinOp::BitOrAssign(token) => (BinaryOp::BitOr, true, token.spans),
        syn::BinOp::ShlAssign(token) => (BinaryOp::Shl, true, [token.spans[0], token.spans[2]]),
        syn::BinOp::ShrAssign(token) => (BinaryOp::Shr, true, [token.spans[0], token.spans[2]]),
        _ => return None,
    })
}

/// The attributes of the expressions that the language has.
fn attributes_of(expr: &syn::Expr) -> &[syn::Attribute] {
    match expr {
        syn::Expr::Array(syn::ExprArray { attrs, .. })
        | syn::Expr::Repeat(syn::ExprRepeat { attrs, .. })
        | syn::Expr::Assign(syn::ExprAssign { attrs, .. })
        | syn::Expr::Binary(syn::ExprBinary { attrs, .. })
        | syn::Expr::Block(syn::ExprBlock { attrs, .. })
        | syn::Expr::Break(syn::ExprBreak { attrs, .. })
        | syn::Expr::Call(syn::ExprCall { attrs, .. })
        | syn::Expr::Cast(syn::ExprCast { attrs, .. })
        | syn::Expr::Continue(syn::ExprContinue { attrs, .. })
        | syn::Expr::Field(syn::ExprField { attrs, .. })
        | syn::Expr::ForLoop(syn::ExprForLoop { attrs, .. })
        | syn::Expr::Group(syn::ExprGroup { attrs, .. })
        | syn::Expr::If(syn::ExprIf { attrs, .. })
        | syn::Expr::Index(syn::ExprIndex { attrs, .. })
        | syn::Expr::Lit(syn::ExprLit { attrs, .. })
        | syn::Expr::Loop(syn::ExprLoop { attrs, .. })
        | syn::Expr::Macro(syn::ExprMacro { attrs, .. })
        | syn::Expr::Match(syn::ExprMatch { attrs, .. })
        | syn::Expr::MethodCall(syn::ExprMethodCall { attrs, .. })
        | syn::Expr::Paren(syn::ExprParen { attrs, .. })
        | syn::Expr::Path(syn::ExprPath { attrs, .. })
        | syn::Expr::Range(syn::ExprRange { attrs, .. })
        | syn::Expr::Reference(syn::ExprReference { attrs, .. })
        | syn::Expr::Return(syn::ExprReturn { attrs, .. })
        | syn::Expr::Struct(syn::ExprStruct { attrs, .. })
        | syn::Expr::Try(syn::ExprTry { attrs, .. })
        | syn::Expr::Tuple(syn::ExprTuple { attrs, .. })
        | syn::Expr::Unary(syn::ExprUnary { attrs, .. })
        | syn::Expr::While(syn::ExprWhile { attrs, .. }) => attrs,
        _ => &[],
    }
}
