//! What all parts of the conversion from syn's tree share: places, reporting, the limit on
//! depth. The parts are `impl Converter` blocks in the files beside this one; each method
//! returns `None` after it has reported why.

use proc_macro2::{LineColumn, Span as SynSpan};

use crate::ast::Ident;
use crate::diagnostic::{Diagnostic, Span};

/// How deep the trees of one function may be: expressions, patterns and types together.
/// What comes after the parser may recurse once for each level.
pub const MAX_DEPTH: usize = 256;

/// The codes of the parser's own errors. Where rustc has the same error its code is used.
pub(super) mod codes {
    /// A limit on size or depth.
    pub const LIMIT: &str = "B0001";
    /// Not Rust.
    pub const SYNTAX: &str = "B0002";
    /// An item that the language does not have.
    pub const ITEM: &str = "B0003";
    /// A `use` of something unknown.
    pub const USE: &str = "B0004";
    /// An attribute that is not known here.
    pub const ATTRIBUTE: &str = "B0005";
    /// The arguments of one of the three attributes.
    pub const OPTION: &str = "B0006";
    /// A function's qualifier, parameter or generic that the language does not have.
    pub const FUNCTION: &str = "B0007";
    /// A type that the language does not have.
    pub const TYPE: &str = "B0008";
    /// A pattern that the language does not have.
    pub const PATTERN: &str = "B0009";
    /// An expression or statement that the language does not have.
    pub const EXPRESSION: &str = "B0010";
    /// A macro, or a macro's arguments.
    pub const MACRO: &str = "B0011";
    /// A literal that the language does not have.
    pub const LITERAL: &str = "B0012";
}

/// The state of one conversion.
pub(super) struct Converter<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where the lexer began in it, in bytes.
    base: usize,
    /// The lines from there: where each begins in the text, in bytes, and whether it is ASCII.
    lines: Vec<(usize, bool)>,
    list: Vec<Diagnostic>,
    depth: usize,
    depth_reported: bool,
    /// How many function bodies are open.
    pub nesting: usize,
    /// The type parameters of the function at hand that stand for closures.
    pub callables: Vec<(String, crate::ast::Callable)>,
    /// The bound of a closure that was converted last.
    pub callable: Option<crate::ast::Callable>,
}

impl<'a> Converter<'a> {
    pub(super) fn new(text: &'a str, base: usize) -> Converter<'a> {
        let mut start = base;
        let mut lines: Vec<(usize, bool)> = Vec::new();
        for line in text[base..].split_inclusive('\n') {
            lines.push((start, line.is_ascii()));
            start += line.len();
        }
        // Where the last line ends with a line break, another begins after it.
        lines.push((start, true));
        Converter {
            text,
            base,
            lines,
            list: Vec::new(),
            depth: 0,
            depth_reported: false,
            nesting: 0,
            callables: Vec::new(),
            callable: None,
        }
    }

    /// The place in the user's text.
    pub(super) fn at(&self, span: SynSpan) -> Span {
        Span {
            start: self.byte(span.start()),
            end: self.byte(span.end()),
        }
    }

    /// The byte of the text at a line and column. proc-macro2 counts characters, and its
    /// `byte_range` counts them again for each span: a fifth of the time of parsing.
    fn byte(&self, at: LineColumn) -> u32 {
        let line = self.lines.get(at.line.saturating_sub(1));
        let byte = match line {
            Some(&(start, true)) => start + at.column,
            Some(&(start, false)) => {
                let place = self.text[start..].char_indices().nth(at.column);
                place.map_or(self.text.len(), |(byte, _)| start + byte)
            }
            None => self.text.len(),
        };
        byte.min(self.text.len()) as u32
    }

    /// The place in the user's text of the beginning of a span in `part`, which is the text
    /// from `base` to somewhere and was given to the lexer on its own.
    pub(super) fn at_in(&self, span: SynSpan, part: &str) -> Span {
        let start = self.at(span).start;
        let end = (self.base + part.len()) as u32;
        Span {
            start: start.min(end),
            end: (start + 1).min(end),
        }
    }

    /// The place of a whole syntax node.
    pub(super) fn place(&self, node: &impl syn::spanned::Spanned) -> Span {
        self.at(node.span())
    }

    /// The text at a place.
    pub(super) fn text_at(&self, span: Span) -> &'a str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Reports that `what` ("closures are") is not in the language.
    pub(super) fn refuse<T>(
        &mut self,
        code: &'static str,
        span: Span,
        what: &str,
        help: &str,
    ) -> Option<T> {
        let message = format!("{what} not in the kernel language");
        self.report(Diagnostic::new(code, span, message).help(help));
        None
    }

    /// How many errors there are by now.
    pub(super) fn errors(&self) -> usize {
        self.list.len()
    }

    /// The errors in the order of their places.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| diagnostic.span);
        self.list.dedup();
        self.list
    }

    /// Runs `convert` one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        span: impl FnOnce() -> SynSpan,
        convert: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.depth == MAX_DEPTH {
            if !self.depth_reported {
                self.depth_reported = true;
                let message = format!("nested more than {MAX_DEPTH} levels deep");
                let span = self.at(span());
                self.report(
                    Diagnostic::new(codes::LIMIT, span, message)
                        .help("every operator, call and block counts as a level; break it into several statements with `let`"),
                );
            }
            return None;
        }
        self.depth += 1;
        let converted = convert(self);
        self.depth -= 1;
        converted
    }

    pub(super) fn ident(&self, ident: &proc_macro2::Ident) -> Ident {
        let name = ident.to_string();
        Ident {
            name: name.strip_prefix("r#").map(str::to_string).unwrap_or(name),
            span: self.at(ident.span()),
        }
    }

    /// Converts every one, so that all errors are reported, then fails if one did.
    pub(super) fn all<'b, S: 'b, T>(
        &mut self,
        nodes: impl IntoIterator<Item = &'b S>,
        mut convert: impl FnMut(&mut Self, &'b S) -> Option<T>,
    ) -> Option<Vec<T>> {
        let converted: Vec<Option<T>> = nodes.into_iter().map(|node| convert(self, node)).collect();
        converted.into_iter().collect()
    }
}
