//! Diagnostics: what is wrong with a kernel file, where, and what to write instead.
//! Rendering is in `render.rs`.

use std::sync::Arc;

/// A piece of the source text, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Span {
    /// From the beginning of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end.max(self.start),
        }
    }
}

/// A source text with the name that the user gave it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// A path or a module name.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

/// One error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its code: rustc's where rustc has the same error (`E0308`), else `B....` of our own.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands under the carets; may be empty.
    pub label: String,
    /// Further places with their labels.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without further places and help.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
        }
    }
    /// Sets what stands under the carets.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }
    /// Adds a further place.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Diagnostic {
        self.related.push((span, label.into()));
        self
    }
    /// Adds a line of help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }
}

/// The errors of one source text, in the order of their places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostics {
    /// The text that the spans are in.
    pub source: Source,
    /// The errors.
    pub list: Vec<Diagnostic>,
}
