//! Closures: their parameters, the written result type, `move`. What they may do is for the
//! checker.

use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use crate::ast::{ExprKind, Pattern, TypeExpr};
use crate::diagnostic::Span;

impl Converter<'_> {
    pub(super) fn closure(&mut self, expr: &syn::ExprClosure) -> Option<(ExprKind, Span)> {
        self.plain_attributes(&expr.attrs, Place::Other);
        let mut start = self.at(expr.inputs_begin.span());
        if let Some(token) = &expr.asyncness {
            let span = self.at(token.span());
            let help = "remove `async`; a kernel never waits";
            return self.refuse(codes::EXPRESSION, span, "`async` closures are", help);
        }
        if let Some(lifetimes) = &expr.lifetimes {
            let span = self.place(lifetimes);
            let help = "remove it; lifetimes are found without";
            return self.refuse(codes::EXPRESSION, span, "`for<..>` on a closure is", help);
        }
        if let Some(token) = &expr.constness {
            let span = self.at(token.span());
            let help = "remove `const`";
            return self.refuse(codes::EXPRESSION, span, "`const` closures are", help);
        }
        if let Some(token) = &expr.capture {
            start = self.at(token.span());
        }
        let params = self.all(&expr.inputs, Self::closure_param);
        let result = match &expr.output {
            syn::ReturnType::Default => Some(None),
            syn::ReturnType::Type(_, ty) => self.ty(ty).map(Some),
        };
        let body = self.expr(&expr.body);
        let (params, result, body) = (params?, result?, body?);
        let span = start.to(body.span);
        let kind = ExprKind::Closure {
            params,
            result,
            body: Box::new(body),
            moves: expr.capture.is_some(),
        };
        Some((kind, span))
    }

    fn closure_param(&mut self, param: &syn::Pat) -> Option<(Pattern, Option<TypeExpr>)> {
        match param {
            syn::Pat::Type(typed) => {
                self.plain_attributes(&typed.attrs, Place::Other);
                let pattern = self.pattern(&typed.pat);
                let ty = self.ty(&typed.ty);
                Some((pattern?, Some(ty?)))
            }
            plain => Some((self.pattern(plain)?, None)),
        }
    }
}
