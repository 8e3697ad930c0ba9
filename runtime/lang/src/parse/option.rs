//! The syntax of `Option`, complex numbers and 16-bit floats: their types, `let` in
//! conditions, `let .. else`, `?`, `matches!`, the text of `expect`. What the names mean is
//! the checker's business.

use syn::parse::ParseStream;
use syn::spanned::Spanned;

use super::convert::{Converter, codes};
use crate::ast::{Arm, Block, Expr, ExprKind, Half, Pattern, PatternKind, TypeExpr, TypeKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// The names of the types of this file.
pub(crate) const TYPES: &[&str] = &["Option", "Complex", "Complex32", "Complex64", "f16", "bf16"];

impl Converter<'_> {
    /// A type of [`TYPES`] with what stands in its angle brackets.
    pub(super) fn known_type(
        &mut self,
        segment: &syn::PathSegment,
        span: Span,
    ) -> Option<(TypeKind, Span)> {
        let name = self.ident(&segment.ident).name;
        let args = match &segment.arguments {
            syn::PathArguments::AngleBracketed(arguments) => self.type_args(arguments)?,
            syn::PathArguments::None | syn::PathArguments::Parenthesized(_) => Vec::new(),
        };
        let scalar = |s| {
            Box::new(TypeExpr {
                kind: TypeKind::Scalar(s),
                span,
            })
        };
        let wanted = usize::from(matches!(name.as_str(), "Option" | "Complex"));
        if args.len() != wanted {
            let message = match wanted {
                0 => format!("`{name}` takes no type arguments"),
                _ => format!("`{name}` takes one type argument"),
            };
            let error = Diagnostic::new("E0107", span, message);
            self.report(match wanted {
                0 => error,
                _ => error.help(format!("write `{name}<f64>`, or another type")),
            });
            return None;
        }
        let mut args = args.into_iter().map(Box::new);
        let kind = match (name.as_str(), args.next()) {
            ("Option", Some(inner)) => TypeKind::Option(inner),
            ("Complex", Some(inner)) => TypeKind::Complex(inner),
            ("Complex32", _) => TypeKind::Complex(scalar(Scalar::F32)),
            ("Complex64", _) => TypeKind::Complex(scalar(Scalar::F64)),
            ("f16", _) => TypeKind::Half(Half::F16),
            _ => TypeKind::Half(Half::Bf16),
        };
        Some((kind, span))
    }

    /// The condition of an `if` or `while`: `let`s joined by `&&`, or any expression.
    pub(super) fn condition(&mut self, expr: &syn::Expr) -> Option<Expr> {
        self.deeper(
            || expr.span(),
            |this| match expr {
                syn::Expr::Let(expr) => {
                    let start = this.at(expr.let_token.span());
                    let pattern = this.pattern(&expr.pat);
                    let value = this.expr(&expr.expr);
                    let (pattern, value) = (pattern?, value?);
                    let span = start.to(value.span);
                    Some(Expr {
                        kind: ExprKind::Let(Box::new(pattern), Box::new(value)),
                        span,
                    })
                }
                syn::Expr::Binary(binary) if has_let(expr) => {
                    let syn::BinOp::And(token) = &binary.op else {
                        return this.expr(expr);
                    };
                    let op = this.at(token.spans[0]).to(this.at(token.spans[1]));
                    let lhs = this.condition(&binary.left);
                    let rhs = this.condition(&binary.right);
                    let (lhs, rhs) = (Box::new(lhs?), Box::new(rhs?));
                    let span = lhs.span.to(rhs.span);
                    Some(Expr {
                        kind: ExprKind::Binary(crate::ast::BinaryOp::And, op, lhs, rhs),
                        span,
                    })
                }
                _ => this.expr(expr),
            },
        )
    }

    /// The block of `let .. else`.
    pub(super) fn otherwise(&mut self, expr: &syn::Expr) -> Option<Block> {
        match expr {
            syn::Expr::Block(block) => self.block(&block.block),
            other => {
                let span = self.place(other);
                self.report_at(
                    codes::SYNTAX,
                    span,
                    "a block must follow the `else` of a `let`",
                    "write `else { return .. }`",
                );
                None
            }
        }
    }

    /// `value?`.
    pub(super) fn try_(&mut self, expr: &syn::ExprTry) -> Option<(ExprKind, Span)> {
        let value = self.expr(&expr.expr)?;
        let span = value.span.to(self.at(expr.question_token.span()));
        Some((ExprKind::Try(Box::new(value)), span))
    }

    /// The argument of `expect`, as the panic that it makes.
    pub(super) fn expected_text(&mut self, arg: &syn::Expr) -> Option<Expr> {
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = arg
        else {
            let span = self.place(arg);
            self.report_at(
                codes::EXPRESSION,
                span,
                "the text of `expect` must be a string literal",
                "write the text in quotes, or use `match` with `panic!`",
            );
            return None;
        };
        Some(Expr {
            kind: ExprKind::Panic(text.value()),
            span: self.at(text.span()),
        })
    }

    /// `matches!(value, pattern if guard)`, as a `match`.
    pub(super) fn matches_macro(&mut self, call: &syn::Macro, span: Span) -> Option<Expr> {
        let parse = |input: ParseStream<'_>| {
            let value: syn::Expr = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Option<syn::Token![if]>>()? {
                Some(_) => Some(input.parse::<syn::Expr>()?),
                None => None,
            };
            input.parse::<Option<syn::Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = match syn::parse::Parser::parse2(parse, call.tokens.clone()) {
            Ok(parts) => parts,
            Err(error) => {
                let place = self.at(error.span());
                let place = if place.end == 0 { span } else { place };
                self.report(
                    Diagnostic::new(codes::SYNTAX, place, error.to_string())
                        .help("write `matches!(value, pattern)`"),
                );
                return None;
            }
        };
        let value = self.expr(&value);
        let pattern = self.pattern(&pattern);
        let guard = match &guard {
            Some(guard) => self.expr(guard).map(Some),
            None => Some(None),
        };
        let (value, pattern, guard) = (value?, pattern?, guard?);
        let place = pattern.span;
        let arm = |pattern, guard, holds| Arm {
            pattern,
            guard,
            body: Expr {
                kind: ExprKind::Bool(holds),
                span,
            },
        };
        let rest = Pattern {
            kind: PatternKind::Wildcard,
            span: place,
        };
        Some(Expr {
            kind: ExprKind::Match {
                scrutinee: Box::new(value),
                arms: vec![arm(pattern, guard, true), arm(rest, None, false)],
            },
            span,
        })
    }
}

/// Whether a `let` stands in a chain of `&&`.
fn has_let(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(expr) if matches!(expr.op, syn::BinOp::And(_)) => {
            // A chain leans to the left, so that the right sides are short.
            has_let(&expr.right) || has_let(&expr.left)
        }
        _ => false,
    }
}
