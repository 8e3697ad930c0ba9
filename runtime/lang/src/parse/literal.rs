//! Literals: numbers of every form, `true`, `false` and `b'a'`.

use super::convert::{Converter, codes};
use crate::ast::{Expr, ExprKind, UnaryOp};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

impl Converter<'_> {
    /// A literal; inside patterns syn takes a minus before it as part of it.
    pub(super) fn literal(&mut self, literal: &syn::Lit) -> Option<Expr> {
        let span = self.at(literal.span());
        let (negative, kind) = match literal {
            syn::Lit::Int(literal) => {
                let digits = literal.base10_digits();
                let kind = self.integer(digits.trim_start_matches('-'), literal, span)?;
                (digits.starts_with('-'), kind)
            }
            syn::Lit::Float(literal) => {
                let digits = literal.base10_digits();
                let kind = self.float(digits.trim_start_matches('-'), literal.suffix(), span)?;
                (digits.starts_with('-'), kind)
            }
            syn::Lit::Bool(literal) => (false, ExprKind::Bool(literal.value)),
            syn::Lit::Byte(literal) => {
                if !literal.suffix().is_empty() {
                    return self.suffix(literal.suffix(), span);
                }
                let value = u128::from(literal.value());
                (false, ExprKind::Int(value, Some(Scalar::U8)))
            }
            syn::Lit::Str(_) => return self.no_text(span, "strings are"),
            syn::Lit::ByteStr(_) => return self.no_text(span, "byte strings are"),
            syn::Lit::CStr(_) => return self.no_text(span, "C strings are"),
            syn::Lit::Char(literal) => {
                let value = literal.value();
                let help = match value.is_ascii() {
                    true => format!(
                        "write a byte literal, `b{literal}`",
                        literal = literal.token()
                    ),
                    false => format!("write the code point, `{}u32`", u32::from(value)),
                };
                return self.refuse(codes::LITERAL, span, "characters are", &help);
            }
            _ => {
                let help = "write the number with digits, underscores and a type's name";
                return self.refuse(codes::LITERAL, span, "this literal is", help);
            }
        };
        let expr = Expr { kind, span };
        if !negative {
            return Some(expr);
        }
        let digits = Span {
            start: (span.start + 1).min(span.end),
            end: span.end,
        };
        let inner = Box::new(Expr {
            kind: expr.kind,
            span: digits,
        });
        Some(Expr {
            kind: ExprKind::Unary(UnaryOp::Neg, inner),
            span,
        })
    }

    fn integer(&mut self, digits: &str, literal: &syn::LitInt, span: Span) -> Option<ExprKind> {
        let text = self.text_at(span).trim_start_matches('-').trim_start();
        let other_base = ["0x", "0o", "0b"].iter().any(|base| text.starts_with(base));
        let suffix = match literal.suffix() {
            "" => None,
            name => match scalar(name) {
                Some(scalar) if scalar.is_float() && other_base => {
                    let message = format!("a float literal must be decimal, found `{text}`");
                    self.report(Diagnostic::new(codes::LITERAL, span, message));
                    return None;
                }
                Some(scalar) => Some(scalar),
                None => return self.suffix(name, span),
            },
        };
        if let Some(scalar) = suffix
            && scalar.is_float()
        {
            return Some(ExprKind::Float(digits.to_string(), suffix));
        }
        match digits.parse::<u128>() {
            Ok(value) => Some(ExprKind::Int(value, suffix)),
            Err(_) => {
                let diagnostic =
                    Diagnostic::new(codes::LITERAL, span, "integer literal is too large")
                        .help(format!("the largest `u64` is {}", u64::MAX));
                self.report(diagnostic);
                None
            }
        }
    }

    fn float(&mut self, digits: &str, suffix: &str, span: Span) -> Option<ExprKind> {
        let suffix = match suffix {
            "" => None,
            name => match scalar(name) {
                Some(scalar) if scalar.is_float() => Some(scalar),
                Some(_) => {
                    let message = format!("invalid suffix `{name}` for a float literal");
                    let help = "the suffix must be `f32` or `f64`";
                    self.report_at(codes::LITERAL, span, &message, help);
                    return None;
                }
                None => return self.suffix(name, span),
            },
        };
        if digits.parse::<f64>().is_err() {
            let message = "expected at least one digit in the exponent";
            self.report(Diagnostic::new(codes::LITERAL, span, message));
            return None;
        }
        Some(ExprKind::Float(digits.to_string(), suffix))
    }

    fn suffix<T>(&mut self, suffix: &str, span: Span) -> Option<T> {
        let message = format!("invalid suffix `{suffix}` for a literal");
        let numbers = Scalar::ALL.into_iter().filter(|s| *s != Scalar::Bool);
        let mut diagnostic = Diagnostic::new(codes::LITERAL, span, message);
        if let Some(near) = crate::suggest::nearest(suffix, numbers.map(Scalar::name)) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        } else {
            diagnostic =
                diagnostic.help("the suffix must be a number type, as in `1u8` or `1.5f32`");
        }
        self.report(diagnostic);
        None
    }

    fn no_text<T>(&mut self, span: Span, what: &str) -> Option<T> {
        let help = "text can only be the message of `panic!` and `assert!`";
        self.refuse(codes::LITERAL, span, what, help)
    }
}

/// The number type with this name.
fn scalar(name: &str) -> Option<Scalar> {
    Scalar::ALL
        .into_iter()
        .find(|scalar| *scalar != Scalar::Bool && scalar.name() == name)
}
