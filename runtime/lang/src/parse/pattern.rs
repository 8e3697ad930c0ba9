//! Patterns.

use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use crate::ast::{Pattern, PatternKind};
use crate::diagnostic::Span;

impl Converter<'_> {
    pub(super) fn pattern(&mut self, pattern: &syn::Pat) -> Option<Pattern> {
        self.deeper(|| pattern.span(), |this| this.pattern_inner(pattern))
            .or_else(|| Some(super::recover::pattern(self, pattern)))
    }

    fn pattern_inner(&mut self, pattern: &syn::Pat) -> Option<Pattern> {
        let (kind, span) = match pattern {
            syn::Pat::Paren(pattern) => {
                let inner = self.pattern(&pattern.pat)?;
                return Some(Pattern {
                    kind: inner.kind,
                    span: self.at(pattern.paren_token.span.join()),
                });
            }
            syn::Pat::Wild(pattern) => (
                PatternKind::Wildcard,
                self.at(pattern.underscore_token.span()),
            ),
            syn::Pat::Rest(pattern) => (PatternKind::Rest, self.place(&pattern.dot2_token)),
            syn::Pat::Ident(pattern) => self.binding(pattern)?,
            syn::Pat::Lit(pattern) => {
                self.plain_attributes(&pattern.attrs, Place::Other);
                let value = self.literal(&pattern.lit)?;
                let span = value.span;
                (PatternKind::Value(Box::new(value)), span)
            }
            syn::Pat::Path(pattern) => {
                let value = self.path_expr(pattern)?;
                let span = value.span;
                (PatternKind::Value(Box::new(value)), span)
            }
            syn::Pat::Range(pattern) => {
                let span = self.place(pattern);
                let start = pattern.start.as_ref().map(|bound| self.expr(bound));
                let end = pattern.end.as_ref().map(|bound| self.expr(bound));
                let bound = |bound: Option<Option<_>>| match bound {
                    Some(bound) => Some(Some(Box::new(bound?))),
                    None => Some(None),
                };
                let kind = PatternKind::Range {
                    start: bound(start)?,
                    end: bound(end)?,
                    inclusive: matches!(pattern.limits, syn::RangeLimits::Closed(_)),
                };
                (kind, span)
            }
            syn::Pat::TupleStruct(pattern) => self.tuple_struct_pattern(pattern)?,
            syn::Pat::Struct(pattern) => self.struct_pattern(pattern)?,
            syn::Pat::Tuple(pattern) => (
                PatternKind::Tuple(self.all(&pattern.elems, Self::pattern)?),
                self.at(pattern.paren_token.span.join()),
            ),
            syn::Pat::Slice(pattern) => (
                PatternKind::Slice(self.all(&pattern.elems, Self::pattern)?),
                self.at(pattern.bracket_token.span.join()),
            ),
            syn::Pat::Or(pattern) => {
                let cases = self.all(&pattern.cases, Self::pattern)?;
                let span = match (cases.first(), cases.last()) {
                    (Some(first), Some(last)) => first.span.to(last.span),
                    _ => Span::default(),
                };
                (PatternKind::Or(cases), span)
            }
            syn::Pat::Reference(pattern) => {
                let start = self.at(pattern.and_token.span());
                if let Some(token) = &pattern.mutability {
                    let span = start.to(self.at(token.span()));
                    let help = "assign through the view's index: `a[i] = value`";
                    return self.refuse(codes::PATTERN, span, "`&mut` patterns are", help);
                }
                let inner = self.pattern(&pattern.pat)?;
                let span = start.to(inner.span);
                (PatternKind::Reference(Box::new(inner)), span)
            }
            _ => return self.refused_pattern(pattern),
        };
        Some(Pattern { kind, span })
    }

    fn binding(&mut self, pattern: &syn::PatIdent) -> Option<(PatternKind, Span)> {
        let name = self.ident(&pattern.ident);
        let mut span = name.span;
        if let Some(token) = &pattern.by_ref {
            let span = self.at(token.span());
            let help = "remove `ref`; numbers are copied";
            return self.refuse(codes::PATTERN, span, "`ref` is", help);
        }
        if let Some(token) = &pattern.mutability {
            span = self.at(token.span()).to(span);
        }
        let inner = match &pattern.subpat {
            Some((_, inner)) => {
                let inner = self.pattern(inner)?;
                span = span.to(inner.span);
                Some(Box::new(inner))
            }
            None => None,
        };
        let kind = PatternKind::Binding {
            name,
            mutable: pattern.mutability.is_some(),
            inner,
        };
        Some((kind, span))
    }

    fn refused_pattern<T>(&mut self, pattern: &syn::Pat) -> Option<T> {
        let (what, help) = match pattern {
            syn::Pat::Const(_) => ("`const` blocks are", "name the value with a `const` item"),
            syn::Pat::Macro(_) => ("macros in patterns are", "write the pattern itself"),
            syn::Pat::Type(_) => (
                "a type inside a pattern is",
                "write the type after the whole pattern, `let (a, b): (f64, i32)`",
            ),
            syn::Pat::Guard(_) => (
                "a guard inside a pattern is",
                "write `if` once, after the whole pattern of the arm",
            ),
            _ => (
                "this pattern is",
                "match on numbers, ranges, tuples, arrays, structs, variants and `Some(..)`",
            ),
        };
        let span = self.place(pattern);
        self.refuse(codes::PATTERN, span, what, help)
    }
}
