//! Diagnostics as text for people, in the look of rustc, and places as lines and columns.
//!
//! Invariant: nothing here panics or fails, whatever the spans: they are moved to the text
//! and to whole characters first.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};

/// How many errors are shown; of the rest the number is given.
const MAX_SHOWN: usize = 100;

/// The longest line, in bytes, that is shown whole. Of longer ones a part around the error is
/// shown, since the renderer's work grows with the line.
const MAX_LINE: usize = 2000;

/// Whether escape sequences for terminals are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Style {
    /// Text only.
    #[default]
    Plain,
    /// With colours.
    Colour,
}

impl Source {
    /// The line, and the column in characters, of a byte; both counted from 1. Bytes behind
    /// the text are its end; bytes inside a character are its beginning. A byte order mark
    /// takes no column.
    pub fn line_column(&self, byte: u32) -> (u32, u32) {
        let (_, range) = self.file_at(byte);
        let text = self.text.get(range.clone()).unwrap_or("");
        let byte = floor_char(text, (byte as usize).saturating_sub(range.start));
        let before = &text[..byte];
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let mark = usize::from(start == 0 && before.starts_with('\u{feff}'));
        let column = before[start..].chars().count() - mark + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (number(line), number(column))
    }
}

impl Diagnostics {
    /// All errors as rustc would show them, in the order of their places, each once, and a
    /// line with their number. Ends with a line feed.
    pub fn render(&self, style: Style) -> String {
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Colour => Renderer::styled(),
        };
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.span);
        let mut shown: Vec<&Diagnostic> = Vec::new();
        for diagnostic in sorted {
            let same = |other: &&Diagnostic| other.span == diagnostic.span;
            let seen = shown.iter().rev().take_while(|other| same(other));
            if !seen.into_iter().any(|other| *other == diagnostic) {
                shown.push(diagnostic);
            }
        }
        let mut out = String::new();
        for diagnostic in shown.iter().take(MAX_SHOWN) {
            out.push_str(&renderer.render(&[self.group(diagnostic)]));
            out.push_str("\n\n");
        }
        let summary = match shown.len() {
            0 => return out,
            1 => format!("`{}` has 1 error", self.source.name),
            count if count <= MAX_SHOWN => format!("`{}` has {count} errors", self.source.name),
            count => format!(
                "`{}` has {count} errors; the first {MAX_SHOWN} are shown",
                self.source.name
            ),
        };
        let title = Group::with_title(Level::ERROR.primary_title(summary));
        out.push_str(&renderer.render(&[title]));
        out.push('\n');
        out
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let title = Level::ERROR
            .primary_title(&*diagnostic.message)
            .id(diagnostic.code);
        let mut group = title.element(self.snippet(diagnostic));
        for (span, label) in &diagnostic.related {
            if self.source.file_at(span.start) != self.source.file_at(diagnostic.span.start) {
                group = group.element(self.elsewhere(*span, label));
            }
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(&**help));
        }
        group
    }

    /// The lines that the error's places are on.
    fn snippet<'a>(
        &'a self,
        diagnostic: &'a Diagnostic,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let (file, within) = self.source.file_at(diagnostic.span.start);
        let base = within.start;
        let text = self.source.text.get(within.clone()).unwrap_or("");
        let local = |span: Span| local(span, base);
        let main = range_in(text, local(diagnostic.span));
        let related = || {
            let here = |span: Span| self.source.file_at(span.start).1 == within;
            let all = diagnostic.related.iter();
            all.filter(move |(span, _)| here(*span))
        };
        let places = || related().map(|(span, _)| range_in(text, local(*span)));
        let first = places().map(|r| r.start).fold(main.start, usize::min);
        let last = places().map(|r| r.end).fold(main.end, usize::max);
        let mut start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let mut end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        let line = 1 + text[..start].bytes().filter(|&b| b == b'\n').count();
        if start == 0 && text.starts_with('\u{feff}') && first >= 3 {
            start = 3;
        }
        let mut name = file.to_string();
        if first - start > MAX_LINE {
            let (line, column) = self.source.line_column(diagnostic.span.start);
            name = format!("{name}:{line}:{column}, in a long line cut before this place");
            start = floor_char(text, first - 60);
        }
        if end - last > MAX_LINE {
            end = floor_char(text, last + 60).max(last);
        }
        let shift = |range: Range<usize>| range.start - start..range.end - start;
        let primary = AnnotationKind::Primary.span(shift(main));
        // A carriage return at the end of a line would be shown as a symbol.
        let lines = text[start..end].replace("\r\n", " \n");
        let lines = match lines.strip_suffix('\r') {
            Some(rest) => format!("{rest} "),
            None => lines,
        };
        let mut snippet = Snippet::source(lines)
            .line_start(line)
            .path(name)
            .annotation(match diagnostic.label.is_empty() {
                true => primary,
                false => primary.label(&*diagnostic.label),
            });
        for (span, label) in related() {
            let range = shift(range_in(text, local(*span)));
            snippet = snippet.annotation(AnnotationKind::Context.span(range).label(&**label));
        }
        snippet
    }

    /// A related place in another file than the error's own.
    fn elsewhere<'a>(
        &'a self,
        span: Span,
        label: &'a str,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let (file, within) = self.source.file_at(span.start);
        let text = self.source.text.get(within.clone()).unwrap_or("");
        let range = range_in(text, local(span, within.start));
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[range.end..]
            .find('\n')
            .map_or(text.len(), |at| range.end + at);
        let start = start.max(floor_char(text, range.start.saturating_sub(MAX_LINE)));
        let end = end.min(floor_char(text, range.end + MAX_LINE));
        let line = 1 + text[..start].bytes().filter(|&b| b == b'\n').count();
        let place = range.start - start..range.end - start;
        Snippet::source(text[start..end].replace("\r\n", " \n"))
            .line_start(line)
            .path(file.to_string())
            .annotation(AnnotationKind::Context.span(place).label(label))
    }
}

/// The span counted from the beginning of its file.
fn local(span: Span, base: usize) -> Span {
    let base = base as u32;
    Span {
        start: span.start.saturating_sub(base),
        end: span.end.saturating_sub(base),
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Diagnostics {}

/// The span inside of the text, on whole characters, never reversed.
fn range_in(text: &str, span: Span) -> Range<usize> {
    let start = floor_char(text, span.start as usize);
    let end = floor_char(text, span.end as usize).max(start);
    start..end
}

fn floor_char(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("k.rs", text)
    }

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = source("\u{feff}aé\r\n\tb\n");
        for (byte, place) in [
            (0, (1, 1)),
            (3, (1, 1)),
            (4, (1, 2)),
            (5, (1, 2)),
            (6, (1, 3)),
            (8, (2, 1)),
            (9, (2, 2)),
            (11, (3, 1)),
            (99, (3, 1)),
        ] {
            assert_eq!(source.line_column(byte), place, "byte {byte}");
        }
    }

    #[test]
    fn errors_are_sorted_and_shown_once() {
        let later = Diagnostic::new("B0002", span(5, 6), "second").label("here");
        let first = Diagnostic::new("B0001", span(0, 1), "first")
            .related(span(5, 6), "there")
            .help("do this");
        let diagnostics = Diagnostics {
            source: source("a\n\tb c"),
            list: vec![later.clone(), first, later],
        };
        assert_eq!(
            diagnostics.to_string(),
            "\
error[B0001]: first
 --> k.rs:1:1
  |
1 | a
  | ^
2 |     b c
  |       - there
  |
  = help: do this

error[B0002]: second
 --> k.rs:2:4
  |
2 |     b c
  |       ^ here

error: `k.rs` has 2 errors
"
        );
        let coloured = diagnostics.render(Style::Colour);
        assert!(coloured.contains("\u{1b}["), "{coloured}");
    }

    #[test]
    fn no_span_and_no_text_makes_rendering_fail() {
        let long = format!("let é = {};\r\nx", "1+".repeat(100_000));
        for text in ["", "\u{feff}", "é", "\r\n\r\n", "\t\u{0}\u{202e}x\n", &long] {
            let end = text.len() as u32;
            let mut list = Vec::new();
            for (from, to) in [
                (0, 0),
                (0, end),
                (1, 2),
                (end, end),
                (end / 2, end / 2 + 1),
                (end, 0),
                (u32::MAX, u32::MAX),
                (0, u32::MAX),
            ] {
                let diagnostic = Diagnostic::new("B0000", span(from, to), "wrong\nin two lines");
                list.push(diagnostic.related(span(to, from), "é"));
            }
            let diagnostics = Diagnostics {
                source: source(text),
                list,
            };
            let rendered = diagnostics.render(Style::Plain);
            assert!(rendered.contains("error[B0000]: wrong"), "{rendered}");
        }
    }
}
