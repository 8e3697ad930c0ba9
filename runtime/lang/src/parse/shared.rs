//! Temporary: until the structs' parser is merged.

use super::attribute::Place;
use super::convert::{Converter, codes};
use crate::ast::{Expr, ExprKind, Ident, Path, PatternKind};
use crate::diagnostic::Span;

impl Converter<'_> {
    pub(super) fn value_path(&mut self, path: &syn::Path) -> Option<Path> {
        let mut found = Path {
            segments: Vec::new(),
            type_args: Vec::new(),
            owner_args: Vec::new(),
        };
        let count = path.segments.len();
        for (number, segment) in path.segments.iter().enumerate() {
            let name = self.ident(&segment.ident);
            let keyword = matches!(name.name.as_str(), "self" | "super" | "crate");
            if keyword && !(name.name == "self" && count == 1) {
                let what = format!("`{}` in a path is", name.name);
                let help = "name functions and constants of this file directly";
                return self.refuse(codes::EXPRESSION, name.span, &what, help);
            }
            found.segments.push(name);
            match &segment.arguments {
                syn::PathArguments::None => {}
                syn::PathArguments::AngleBracketed(arguments) if number + 1 == count => {
                    found.type_args = self.type_args(arguments)?;
                }
                syn::PathArguments::AngleBracketed(arguments) if number + 2 == count => {
                    found.owner_args = self.type_args(arguments)?;
                }
                arguments => {
                    let span = self.place(arguments);
                    let what = "type arguments in the middle of a path are";
                    let help = "give type arguments to the function, as in `f::<f64>(x)`";
                    return self.refuse(codes::EXPRESSION, span, what, help);
                }
            }
        }
        Some(found)
    }

    fn field_name(&mut self, member: &syn::Member) -> Ident {
        match member {
            syn::Member::Named(name) => self.ident(name),
            syn::Member::Unnamed(index) => Ident {
                name: index.index.to_string(),
                span: self.at(index.span),
            },
        }
    }

    pub(super) fn struct_expr(&mut self, expr: &syn::ExprStruct) -> Option<(ExprKind, Span)> {
        let path = self.value_path(&expr.path);
        let fields: Option<Vec<(Ident, Expr)>> = self.all(&expr.fields, |this, field| {
            this.plain_attributes(&field.attrs, Place::Other);
            let name = this.field_name(&field.member);
            Some((name, this.expr(&field.expr)?))
        });
        let base = match (&expr.rest, &expr.dot2_token) {
            (Some(rest), _) => Some(self.expr(rest)),
            (None, Some(token)) => {
                let span = self.place(token);
                let message = "base expression required after `..`";
                self.report_at("E0797", span, message, "write a value after `..`");
                Some(None)
            }
            (None, None) => None,
        };
        let base = match base {
            Some(base) => Some(Box::new(base?)),
            None => None,
        };
        let start = self.place(&expr.path);
        let kind = ExprKind::Struct {
            path: path?,
            fields: fields?,
            base,
        };
        Some((kind, start.to(self.at(expr.brace_token.span.close()))))
    }

    pub(super) fn tuple_struct_pattern(
        &mut self,
        pattern: &syn::PatTupleStruct,
    ) -> Option<(PatternKind, Span)> {
        let path = self.value_path(&pattern.path);
        let parts = self.all(&pattern.elems, Self::pattern);
        let span = self
            .place(&pattern.path)
            .to(self.at(pattern.paren_token.span.close()));
        Some((PatternKind::TupleStruct(path?, parts?), span))
    }

    pub(super) fn struct_pattern(
        &mut self,
        pattern: &syn::PatStruct,
    ) -> Option<(PatternKind, Span)> {
        let path = self.value_path(&pattern.path);
        let fields = self.all(&pattern.fields, |this, field| {
            this.plain_attributes(&field.attrs, Place::Other);
            let name = this.field_name(&field.member);
            Some((name, this.pattern(&field.pat)?))
        });
        let span = self
            .place(&pattern.path)
            .to(self.at(pattern.brace_token.span.close()));
        let kind = PatternKind::Struct {
            path: path?,
            fields: fields?,
            rest: pattern.rest.is_some(),
        };
        Some((kind, span))
    }
}
