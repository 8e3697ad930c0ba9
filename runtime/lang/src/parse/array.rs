//! What the syntax has for arrays: the types `[T; n]` and `Array1<T>`, the macro `s!`, and
//! `array!`, which is another way to write `arr1` and `arr2`.

use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;

use super::convert::{Converter, codes};
use crate::ast::{Expr, ExprKind, Ident, Path, SliceArg, TypeKind};
use crate::diagnostic::{Diagnostic, Span};

/// `Array2` has 2 axes.
pub(super) fn owned_name(name: &str) -> Option<u8> {
    match name.strip_prefix("Array")?.as_bytes() {
        [digit @ b'0'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// One entry of `s![..]`.
struct SliceItem {
    what: syn::Expr,
    step: Option<syn::Expr>,
}

impl Parse for SliceItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<SliceItem> {
        let what = input.parse()?;
        let step = match input.parse::<Option<syn::Token![;]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(SliceItem { what, step })
    }
}

impl Converter<'_> {
    pub(super) fn array_type(&mut self, ty: &syn::TypeArray) -> Option<(TypeKind, Span)> {
        let element = self.ty(&ty.elem);
        let length = self.expr(&ty.len);
        let span = self.at(ty.bracket_token.span.join());
        let kind = TypeKind::Array(Box::new(element?), Box::new(length?));
        Some((kind, span))
    }

    pub(super) fn owned_type(
        &mut self,
        last: &syn::PathSegment,
        ndim: u8,
        start: Span,
    ) -> Option<(TypeKind, Span)> {
        let wrong = |this: &mut Self, span: Span| {
            let message = format!("`Array{ndim}` takes the type of its elements");
            let help = format!("write `Array{ndim}<f64>`");
            this.report_at("E0107", span, &message, &help);
            None
        };
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return wrong(self, start);
        };
        let span = start.to(self.at(arguments.gt_token.span));
        let mut args = self.type_args(arguments)?;
        match (args.pop(), args.is_empty()) {
            (Some(element), true) => {
                let element = Box::new(element);
                Some((TypeKind::Owned { element, ndim }, span))
            }
            _ => wrong(self, span),
        }
    }

    /// `s![..]` and `array![..]`; `None` for every other macro.
    pub(super) fn array_macro(&mut self, call: &syn::Macro, span: Span) -> Option<Option<Expr>> {
        let path = &call.path;
        let ours = match path.segments.len() {
            1 => true,
            2 => path.segments[0].ident == "ndarray",
            _ => false,
        };
        let name = path.segments.last().filter(|_| ours)?.ident.to_string();
        match name.as_str() {
            "s" => Some(self.slice_macro(call, span)),
            "array" => Some(self.array_literal(call, span)),
            _ => None,
        }
    }

    fn syntax_error<T>(&mut self, error: &syn::Error, span: Span) -> Option<T> {
        let place = self.at(error.span());
        let place = if place.end == 0 { span } else { place };
        self.report(Diagnostic::new(codes::SYNTAX, place, error.to_string()));
        None
    }

    fn slice_macro(&mut self, call: &syn::Macro, span: Span) -> Option<Expr> {
        let parser = Punctuated::<SliceItem, syn::Token![,]>::parse_terminated;
        let items = match parser.parse2(call.tokens.clone()) {
            Ok(items) => items,
            Err(error) => return self.syntax_error(&error, span),
        };
        let list: Vec<SliceItem> = items.into_iter().collect();
        let args = self.all(&list, Self::slice_item)?;
        Some(Expr {
            kind: ExprKind::Slice(args),
            span,
        })
    }

    fn slice_item(&mut self, item: &SliceItem) -> Option<SliceArg> {
        let what = self.expr(&item.what);
        let step = match &item.step {
            Some(step) => self.expr(step).map(Some),
            None => Some(None),
        };
        let (what, step) = (what?, step?);
        let parenthesised = matches!(item.what, syn::Expr::Paren(_));
        match what.kind {
            ExprKind::Range {
                start,
                end,
                inclusive,
            } if !parenthesised || step.is_none() => {
                let span = match &step {
                    Some(step) => what.span.to(step.span),
                    None => what.span,
                };
                Some(SliceArg::Range {
                    start: start.map(|e| *e),
                    end: end.map(|e| *e),
                    inclusive,
                    step,
                    span,
                })
            }
            ExprKind::Path(ref path)
                if path.segments.last().is_some_and(|s| s.name == "NewAxis") =>
            {
                let help = "write to the array by an index with all its axes";
                self.refuse(codes::MACRO, what.span, "`NewAxis` is", help)
            }
            kind => match step {
                None => Some(SliceArg::Index(Expr {
                    kind,
                    span: what.span,
                })),
                Some(step) => {
                    let message = "only a range has a step";
                    let help = "write `a..b;step`";
                    self.report_at(codes::MACRO, step.span, message, help);
                    None
                }
            },
        }
    }

    /// `array![a, b]` is `arr1(&[a, b])`, `array![[a], [b]]` is `arr2(&[[a], [b]])`.
    fn array_literal(&mut self, call: &syn::Macro, span: Span) -> Option<Expr> {
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let items: Vec<syn::Expr> = match parser.parse2(call.tokens.clone()) {
            Ok(items) => items.into_iter().collect(),
            Err(error) => return self.syntax_error(&error, span),
        };
        let nested = |e: &syn::Expr| matches!(e, syn::Expr::Array(_));
        let rows = items.first().is_some_and(nested);
        let deep = rows
            && items
                .iter()
                .any(|e| matches!(e, syn::Expr::Array(row) if row.elems.iter().any(nested)));
        if deep || items.is_empty() {
            let message = "`array!` is possible with one or two axes and at least one element";
            let help = "use `Array3::zeros(..)` and assign the elements";
            self.report_at(codes::MACRO, span, message, help);
            return None;
        }
        let members = self.all(&items, Self::expr)?;
        let inner = Expr {
            kind: ExprKind::Array(members),
            span,
        };
        let argument = Expr {
            kind: ExprKind::Reference {
                mutable: false,
                inner: Box::new(inner),
            },
            span,
        };
        let name = Ident {
            name: if rows { "arr2" } else { "arr1" }.to_string(),
            span: self.place(&call.path),
        };
        let callee = Expr {
            span: name.span,
            kind: ExprKind::Path(Path {
                segments: vec![name],
                type_args: Vec::new(),
                owner_args: Vec::new(),
            }),
        };
        Some(Expr {
            kind: ExprKind::Call(Box::new(callee), vec![argument]),
            span,
        })
    }
}
