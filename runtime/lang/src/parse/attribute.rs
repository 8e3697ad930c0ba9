//! Attributes of items, statements and expressions: which are known, and that the three
//! kernel attributes stand on functions of the file only. Their arguments are read by
//! [`crate::attributes`].

use brolga_abi::KernelKind;
use proc_macro2::TokenStream;
use syn::spanned::Spanned;

use super::convert::{Converter, codes};
use crate::ast::{Attribute, AttributeKind, StatedSignature};
use crate::attributes::{self, KINDS};
use crate::diagnostic::Diagnostic;

/// Attributes that change nothing in a kernel.
const IGNORED: [&str; 15] = [
    "allow",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "no_mangle",
    "rustfmt::skip",
    "rustfmt",
    "clippy",
    "track_caller",
    "warn",
];

/// What an attribute stands on, unless that is a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The file, as in `#![allow(..)]`.
    File,
    /// Anything else.
    Other,
}

impl Converter<'_> {
    /// Attributes of anything but functions: there is none with a meaning.
    pub(super) fn plain_attributes(&mut self, attributes: &[syn::Attribute], place: Place) {
        for attribute in attributes {
            if let Some(kind) = kind_of(attribute.path()) {
                let span = self.place(attribute);
                let message = format!("`{kind}` can stand before a function only");
                let help = match place {
                    Place::File => "write it before every kernel, without the `!`",
                    Place::Other => "move it before the function",
                };
                self.report_at(codes::ATTRIBUTE, span, &message, help);
            } else {
                self.ignorable(attribute);
            }
        }
    }

    /// Attributes of a function: the one that makes it a kernel.
    pub(super) fn function_attributes(
        &mut self,
        attributes: &[syn::Attribute],
    ) -> Option<Attribute> {
        let mut found: Option<Attribute> = None;
        for attribute in attributes {
            let Some(kind) = kind_of(attribute.path()) else {
                self.ignorable(attribute);
                continue;
            };
            let span = self.place(attribute);
            if self.nesting > 0 {
                let message = "a kernel inside a function is not in the kernel language";
                let help = "move the function out, or remove the attribute";
                self.report_at(codes::ATTRIBUTE, span, message, help);
                continue;
            }
            let Some(converted) = self.kernel_attribute(kind, attribute) else {
                continue;
            };
            match &found {
                None => found = Some(converted),
                Some(first) => {
                    let message = "a function can have one kernel attribute only";
                    let diagnostic = Diagnostic::new(codes::ATTRIBUTE, span, message)
                        .label("second attribute")
                        .related(first.span, "first attribute")
                        .help("write a second function that calls this one");
                    self.report(diagnostic);
                }
            }
        }
        found
    }

    fn kernel_attribute(
        &mut self,
        kind: &'static str,
        attribute: &syn::Attribute,
    ) -> Option<Attribute> {
        let span = self.place(attribute);
        let tokens = match &attribute.meta {
            syn::Meta::Path(_) => TokenStream::new(),
            syn::Meta::List(list) => list.tokens.clone(),
            syn::Meta::NameValue(meta) => {
                let place = self.at(meta.eq_token.span());
                let message = format!("`{kind}` takes its arguments in brackets");
                let help = format!("write `#[{kind}(..)]`");
                self.report_at(codes::OPTION, place, &message, &help);
                return None;
            }
        };
        match attributes::parse_attribute(kind, tokens) {
            Ok(parsed) => {
                let kind = match parsed.kind {
                    KernelKind::Vectorize => AttributeKind::Vectorize,
                    KernelKind::Guvectorize(signature) => {
                        let place = parsed.signature_span.map_or(span, |span| self.at(span));
                        AttributeKind::Guvectorize(signature, place)
                    }
                    KernelKind::Jit { parallel } => AttributeKind::Jit { parallel },
                };
                let signatures = parsed
                    .signatures
                    .into_iter()
                    .map(|stated| StatedSignature {
                        params: stated.params,
                        results: stated.results,
                        span: self.at(stated.span),
                    })
                    .collect();
                Some(Attribute {
                    kind,
                    options: parsed.options,
                    signatures,
                    span,
                })
            }
            Err(error) => {
                let place = error.span.map_or(span, |span| self.at(span));
                let mut diagnostic = Diagnostic::new(codes::OPTION, place, error.message);
                if let Some(help) = error.help {
                    diagnostic = diagnostic.help(help);
                }
                self.report(diagnostic);
                None
            }
        }
    }

    fn ignorable(&mut self, attribute: &syn::Attribute) {
        let path = attribute.path();
        let name = match path.segments.first() {
            Some(first) => first.ident.to_string(),
            None => String::new(),
        };
        if IGNORED.contains(&name.as_str()) {
            return;
        }
        let span = self.place(path);
        if name == "cfg" || name == "cfg_attr" {
            let help = "a kernel means the same everywhere; remove it, or give another text";
            let what = "conditional compilation is";
            self.refuse::<()>(codes::ATTRIBUTE, span, what, help);
            return;
        }
        let message = format!("unknown attribute `{}`", self.text_at(span));
        let known = KINDS.into_iter().chain(IGNORED);
        let help = match crate::suggest::nearest(&name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a kernel is marked with `vectorize`, `guvectorize` or `jit`".to_string(),
        };
        self.report_at(codes::ATTRIBUTE, span, &message, &help);
    }
}

/// Which kernel attribute this is: `vectorize`, `brolga::vectorize`,
/// `brolga::prelude::vectorize`.
fn kind_of(path: &syn::Path) -> Option<&'static str> {
    let first = &path.segments.first()?.ident;
    let last = &path.segments.last()?.ident;
    if path.segments.len() > 1 && first != "brolga" {
        return None;
    }
    KINDS.into_iter().find(|kind| last == kind)
}
