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

/// A source text with the name that the user gave it: one text, or the texts of all files of
/// a module one after the other, so that a [`Span`] is a place in any of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Source {
    /// A path or a module name; of several files that of the first.
    pub name: Arc<str>,
    /// The text, or the texts.
    pub text: Arc<str>,
    /// The files in the order of their texts; empty for a text that is in no file.
    pub files: Arc<[SourceFile]>,
}

/// One file of a [`Source`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// Its path for messages.
    pub name: Arc<str>,
    /// Its path below the folder of the first file, with `/`.
    pub path: Arc<str>,
    /// Where its text begins.
    pub start: u32,
    /// Where its text ends.
    pub end: u32,
}

impl Source {
    /// A text that is in no file.
    pub fn new(name: &str, text: &str) -> Source {
        Source {
            name: Arc::from(name),
            text: Arc::from(text),
            files: Arc::from([]),
        }
    }

    /// The file that a byte is in: its name and where its text lies.
    pub fn file_at(&self, byte: u32) -> (&str, std::ops::Range<usize>) {
        let number = self.files.partition_point(|file| file.start <= byte);
        match self.files.get(number.saturating_sub(1)) {
            Some(file) => (&file.name, file.start as usize..file.end as usize),
            None => (&self.name, 0..self.text.len()),
        }
    }
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
