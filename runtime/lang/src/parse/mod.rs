//! From source text to the syntax tree of [`crate::ast`], through syn. Every part of Rust
//! that the kernel language does not have is refused here; names and types are not looked
//! at.
//!
//! Invariant: whatever the text, [`parse`] returns. Size, nesting and chains of operators are
//! limited before any recursion ([`scan`]), and the work is done on a thread whose stack is
//! large enough for these limits and whose table of spans is freed after it.

pub(crate) mod adt;
mod array;
mod attribute;
mod block;
mod callable;
mod closure;
mod condition;
mod convert;
mod expr;
mod function;
mod item;
mod literal;
mod macros;
mod modules;
pub(crate) mod option;
mod pattern;
mod recover;
mod scan;
mod ty;
pub(crate) mod uses;

use proc_macro2::{LexError, TokenStream};

use crate::ast::File;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::stack::on_large_stack;
use convert::{Converter, codes};

pub use convert::MAX_DEPTH;

/// The largest source text, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// What [`parse`] gives.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The items without errors of their own. Items with errors are named in
    /// [`File::refused`] where they have a name.
    pub file: File,
    /// All errors, in the order of their places. The file may only be compiled if there are
    /// none.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether nothing of the text could be read, so that its items are not known.
    pub unread: bool,
}

impl Parsed {
    /// The file, if there was no error.
    ///
    /// # Errors
    /// The diagnostics, with `source`, which must be the text that was parsed.
    pub fn into_result(self, source: &Source) -> Result<File, Diagnostics> {
        if self.diagnostics.is_empty() {
            return Ok(self.file);
        }
        Err(Diagnostics {
            source: source.clone(),
            list: self.diagnostics,
        })
    }
}

/// Parses a kernel file.
///
/// May be called in a procedural macro: spans are always those of `source.text`, never the
/// compiler's.
pub fn parse(source: &Source) -> Parsed {
    let text = &*source.text;
    if text.len() > MAX_BYTES {
        let message = format!(
            "the source text has {} bytes, but at most {MAX_BYTES} are accepted",
            text.len()
        );
        return Parsed::failed(Diagnostic::new(codes::LIMIT, Span::default(), message));
    }
    let _fallback = Fallback::enter();
    let source = source.clone();
    on_large_stack("parser", move || modules::parse_all(&source)).unwrap_or_else(|message| {
        Parsed::failed(Diagnostic::new(codes::LIMIT, Span::default(), message))
    })
}

impl Parsed {
    fn failed(diagnostic: Diagnostic) -> Parsed {
        Parsed {
            file: File::default(),
            diagnostics: vec![diagnostic],
            unread: true,
        }
    }
}

/// Inside a procedural macro: makes proc-macro2 read text by itself instead of asking the
/// compiler, which would answer with the macro's call site for every span and must not be
/// asked from another thread.
pub(crate) struct Fallback {
    inside: bool,
}

impl Fallback {
    /// Must be called on the macro's own thread, and dropped there.
    pub(crate) fn enter() -> Fallback {
        let inside = proc_macro::is_available();
        if inside {
            proc_macro2::fallback::force();
        }
        Fallback { inside }
    }
}

impl Drop for Fallback {
    fn drop(&mut self) {
        if self.inside {
            proc_macro2::fallback::unforce();
        }
    }
}

/// Parses the part of the text from `start` to its end.
fn parse_part(text: &str, start: usize) -> Parsed {
    let base = start + prologue(&text[start..]);
    let mut converter = Converter::new(text, base);
    let tokens = match text[base..].parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => {
            let span = converter.at(error.span());
            return Parsed::failed(lexical_error(text, base, span, &error));
        }
    };
    if let Err(excess) = scan::check(tokens.clone()) {
        return Parsed::failed(too_much(&converter, &excess));
    }
    let file = match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => converter.file(&file),
        Err(_) => recover::file(&mut converter, tokens),
    };
    Parsed {
        file,
        diagnostics: converter.finish(),
        unread: false,
    }
}

/// The bytes before the first token that Rust allows and the lexer does not: a byte order
/// mark and a `#!` line.
fn prologue(text: &str) -> usize {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[start..];
    if !rest.starts_with("#!") || rest[2..].trim_start().starts_with('[') {
        return start;
    }
    start + rest.find('\n').unwrap_or(rest.len())
}

fn lexical_error(text: &str, base: usize, span: Span, error: &LexError) -> Diagnostic {
    let rest = &text[span.start as usize..];
    let here = |length: usize| Span {
        start: span.start,
        end: span.start + length as u32,
    };
    let first = rest.chars().next();
    if let Some(close @ (')' | ']' | '}')) = first {
        return unmatched(text, here(1), close, base);
    }
    let (length, message, label) = match first {
        Some(open @ ('(' | '[' | '{')) => (
            1,
            "this file contains an unclosed delimiter".to_string(),
            format!("this `{open}` is never closed"),
        ),
        Some('"') => (
            1,
            "unterminated or malformed string".to_string(),
            String::new(),
        ),
        Some('\'') => (
            1,
            "unterminated or malformed character literal".to_string(),
            String::new(),
        ),
        Some('/') if rest.starts_with("/*") => (
            2,
            "unterminated block comment".to_string(),
            "opened here".to_string(),
        ),
        Some('/') => (
            2,
            "malformed comment".to_string(),
            "a carriage return must be followed by a line feed".to_string(),
        ),
        Some('0'..='9') => (1, "malformed number".to_string(), String::new()),
        Some(other) => (
            other.len_utf8(),
            format!("unknown start of token: `{}`", other.escape_debug()),
            String::new(),
        ),
        None => (0, error.to_string(), String::new()),
    };
    let length = length.min(rest.len());
    Diagnostic::new(codes::SYNTAX, here(length), message).label(label)
}

/// A closing bracket without its opening one. What is open before it the lexer tells when it
/// is given the text up to there.
fn unmatched(text: &str, span: Span, close: char, base: usize) -> Diagnostic {
    let before = &text[base..span.start as usize];
    let open = match before.parse::<TokenStream>() {
        Ok(_) => {
            let message = format!("unexpected closing delimiter: `{close}`");
            return Diagnostic::new(codes::SYNTAX, span, message).label("no bracket is open here");
        }
        Err(error) => Converter::new(text, base).at_in(error.span(), before),
    };
    let message = format!("mismatched closing delimiter: `{close}`");
    Diagnostic::new(codes::SYNTAX, span, message)
        .label("mismatched closing delimiter")
        .related(open, "unclosed delimiter")
}

fn too_much(converter: &Converter<'_>, excess: &scan::TooMuch) -> Diagnostic {
    let split = "break it into several statements with `let`";
    let (span, message, help) = match excess {
        scan::TooMuch::Brackets(span) => {
            let message = format!("brackets are nested more than {} deep", scan::MAX_BRACKETS);
            (span, message, split)
        }
        scan::TooMuch::Chain(span) => {
            let message = format!(
                "a statement with more than {} operators and brackets",
                scan::MAX_CHAIN
            );
            (span, message, split)
        }
        scan::TooMuch::Number(span) => {
            let message = format!("a number with more than {} characters", scan::MAX_NUMBER);
            (span, message, "leave out the digits that do not matter")
        }
    };
    let place = converter.at(*span);
    Diagnostic::new(codes::LIMIT, place, message).help(help)
}

/// syn's message in our form. syn points at the token that it did not expect, and calls the
/// closing bracket of a group the end of input.
fn syntax_error(text: &str, span: Span, message: &str) -> Diagnostic {
    let found = text
        .get(span.start as usize..span.end as usize)
        .unwrap_or("");
    let one_line = !found.is_empty() && found.len() <= 40 && !found.contains('\n');
    let message = match message.strip_prefix("unexpected end of input, ") {
        Some(rest) if one_line => rest,
        _ => message,
    };
    let mut diagnostic = Diagnostic::new(codes::SYNTAX, span, message);
    if one_line && message.starts_with("expected ") && !message.contains("found") {
        diagnostic = diagnostic.label(format!("found `{found}`"));
    }
    if message == "expected `!`" {
        diagnostic = diagnostic.help(
            "an item begins with `fn`, `const`, `static`, `struct`, `enum`, `impl`, `mod` or `use`",
        );
    }
    diagnostic
}
