//! The macros that a kernel may call: `panic!` and `assert!` with their relatives. Their
//! texts are fixed at compile time; the default ones are rustc's.

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use super::condition;
use super::convert::{Converter, codes};
use crate::ast::{Expr, ExprKind};
use crate::diagnostic::{Diagnostic, Span};

/// What a macro does.
#[derive(Clone, Copy)]
enum Known {
    /// Fails: the default text, and what stands before a given one.
    Panic(&'static str, &'static str),
    /// `assert!`.
    Assert,
    /// `assert_eq!` (`true`) and `assert_ne!`.
    AssertEqual(bool),
    /// `debug_assert!` and the like, with the number of operands.
    Debug(usize),
}

/// Every macro that there is.
const KNOWN: [(&str, Known); 10] = [
    ("panic", Known::Panic("explicit panic", "")),
    (
        "unreachable",
        Known::Panic(
            "internal error: entered unreachable code",
            "internal error: entered unreachable code: ",
        ),
    ),
    (
        "todo",
        Known::Panic("not yet implemented", "not yet implemented: "),
    ),
    (
        "unimplemented",
        Known::Panic("not implemented", "not implemented: "),
    ),
    ("assert", Known::Assert),
    ("assert_eq", Known::AssertEqual(true)),
    ("assert_ne", Known::AssertEqual(false)),
    ("debug_assert", Known::Debug(1)),
    ("debug_assert_eq", Known::Debug(2)),
    ("debug_assert_ne", Known::Debug(2)),
];

impl Converter<'_> {
    pub(super) fn macro_call(&mut self, call: &syn::Macro) -> Option<Expr> {
        let path = self.place(&call.path);
        let span = path.to(self.at(call.delimiter.span().close()));
        if let Some(made) = self.array_macro(call, span) {
            return made;
        }
        if call.path.is_ident("matches") {
            return self.matches_macro(call, span);
        }
        let Some(known) = self.known_macro(&call.path) else {
            return self.unknown_macro(&call.path, path);
        };
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let arguments: Vec<syn::Expr> = match parser.parse2(call.tokens.clone()) {
            Ok(arguments) => arguments.into_iter().collect(),
            Err(error) => {
                let place = self.at(error.span());
                let place = if place.end == 0 { span } else { place };
                self.report(Diagnostic::new(codes::SYNTAX, place, error.to_string()));
                return None;
            }
        };
        let wanted = match known {
            Known::Panic(..) => 0,
            Known::Assert => 1,
            Known::AssertEqual(_) => 2,
            Known::Debug(count) => count,
        };
        if arguments.len() < wanted {
            let name = self.text_at(path);
            let values = if wanted == 1 {
                "a condition"
            } else {
                "two values"
            };
            let message = format!("`{name}!` takes {values} and maybe a text");
            self.report(Diagnostic::new(codes::MACRO, span, message));
            return None;
        }
        let (operands, text) = arguments.split_at(wanted);
        let text = self.message(text);
        let converted = self.all(operands, Self::expr);
        let (text, mut converted) = (text?, converted?.into_iter());
        let kind = match known {
            Known::Panic(default, before) => ExprKind::Panic(match text {
                Some(text) => format!("{before}{text}"),
                None => default.to_string(),
            }),
            Known::Assert => {
                let condition = converted.next()?;
                let text = text.unwrap_or_else(|| {
                    let printed = condition::print(&operands[0], self.text_at(condition.span));
                    format!("assertion failed: {printed}")
                });
                ExprKind::Assert(Box::new(condition), text)
            }
            Known::AssertEqual(equal) => {
                let (left, right) = (converted.next()?, converted.next()?);
                let sign = if equal { "==" } else { "!=" };
                let text = match text {
                    Some(text) => format!("assertion `left {sign} right` failed: {text}"),
                    None => format!("assertion `left {sign} right` failed"),
                };
                ExprKind::AssertEqual(equal, Box::new(left), Box::new(right), text)
            }
            Known::Debug(_) => ExprKind::DebugAssert(converted.collect()),
        };
        Some(Expr { kind, span })
    }

    fn known_macro(&self, path: &syn::Path) -> Option<Known> {
        let first = &path.segments.first()?.ident;
        let last = &path.segments.last()?.ident;
        let standard = path.segments.len() == 2 && (first == "std" || first == "core");
        if path.segments.len() > 1 && !standard {
            return None;
        }
        KNOWN
            .into_iter()
            .find(|(name, _)| last == name)
            .map(|(_, known)| known)
    }

    fn unknown_macro<T>(&mut self, path: &syn::Path, span: Span) -> Option<T> {
        let name = match path.segments.last() {
            Some(segment) => segment.ident.to_string(),
            None => String::new(),
        };
        let message = format!("the macro `{name}!` is not in the kernel language");
        let help = match name.as_str() {
            "println" | "print" | "eprintln" | "eprint" | "dbg" | "format" | "write"
            | "writeln" => "kernels have no text and no output; return the value".to_string(),
            "vec" => "use a local array: `Array1::zeros(n)`, `arr1(&[a, b])`".to_string(),
            "azip" | "par_azip" => "write a `for` loop over the indices".to_string(),
            _ => match crate::suggest::nearest(&name, KNOWN.map(|(name, _)| name)) {
                Some(near) => format!("did you mean `{near}!`?"),
                None => {
                    "the macros are `matches!`, `panic!`, `assert!`, `assert_eq!`, `assert_ne!`, \
                         `debug_assert!`, `unreachable!`, `todo!` and `unimplemented!`"
                        .to_string()
                }
            },
        };
        self.report(Diagnostic::new(codes::MACRO, span, message).help(help));
        None
    }

    /// The text in `panic!("text")`; `Some(None)` if there is none.
    fn message(&mut self, arguments: &[syn::Expr]) -> Option<Option<String>> {
        let Some((text, rest)) = arguments.split_first() else {
            return Some(None);
        };
        let literal = match text {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(literal),
                ..
            }) => literal,
            other => {
                let span = self.place(other);
                let message = "the text of a panic must be a string literal";
                let help = "write the text in quotes";
                self.report_at(codes::MACRO, span, message, help);
                return None;
            }
        };
        let span = self.at(literal.span());
        match plain_text(&literal.value()) {
            Ok(_) if !rest.is_empty() => {
                let span = self.at(rest[0].span());
                let message = "the text has no place for this argument";
                let help = "values are not printed; remove the argument";
                self.report_at(codes::MACRO, span, message, help);
                None
            }
            Ok(text) => Some(Some(text)),
            Err(placeholder) => {
                let message = "values in the text of a panic are not in the kernel language";
                let diagnostic = Diagnostic::new(codes::MACRO, span, message)
                    .label(format!("`{placeholder}` would be printed at run time"))
                    .help("write a fixed text; the error names the line and the element's index");
                self.report(diagnostic);
                None
            }
        }
    }
}

/// A format string without placeholders, with `{{` and `}}` replaced; else the placeholder.
fn plain_text(format: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        if rest[at + 1..].starts_with(brace) {
            text.push_str(brace);
            rest = &rest[at + 2..];
        } else {
            let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
            return Err(rest[at..end].to_string());
        }
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn doubled_braces_are_braces_and_others_are_refused() {
        assert_eq!(plain_text("a{{b}}c"), Ok("a{b}c".to_string()));
        assert_eq!(plain_text(""), Ok(String::new()));
        for (format, placeholder) in [
            ("x {y:?} z", "{y:?}"),
            ("{", "{"),
            ("}", "}"),
            ("{{{}", "{}"),
            ("é{é", "{é"),
        ] {
            assert_eq!(plain_text(format), Err(placeholder.to_string()), "{format}");
        }
    }
}
