//! The files of a module: which ones a text asks for with `mod name;`, and their texts joined
//! to one [`Source`]. Reads no file itself: who loads a module asks [`wanted`], reads, and
//! gives everything to [`crate::Module::parse_files`].
//!
//! [`wanted`] looks at characters only, so that a module whose files are all known by digest
//! is never parsed. Invariant: it finds every `mod name;` that the parser accepts. It may find
//! more, in texts that the parser refuses; such files are looked for and do no harm.

use std::sync::Arc;

use crate::diagnostic::{Source, SourceFile};

/// A file of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileText {
    /// Its path below the folder of the first file, with `/`; for the first file its name.
    pub path: String,
    /// Its name in messages.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Where the file of a `mod name;` may be: `name.rs` and `name/mod.rs`, as paths below the
/// folder of the first file.
pub type Candidates = [String; 2];

/// The files that a text asks for, in the order of their `mod`. `path` is the text's own path;
/// the first file of a module is `first`.
pub fn wanted(path: &str, first: bool, text: &str) -> Vec<Candidates> {
    let folder = folder_of(path, first);
    scan(text)
        .iter()
        .map(|names| {
            let (name, outer) = names.split_last().map_or(("", &[][..]), |(n, o)| (*n, o));
            let mut folder = folder.clone();
            for module in outer {
                folder = join(&folder, module);
            }
            candidates(&folder, name)
        })
        .collect()
}

/// The folder of the modules that stand in files below a file.
pub(crate) fn folder_of(path: &str, first: bool) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if first {
        return String::new();
    }
    match file.strip_suffix(".rs") {
        Some("mod") | None => folder.to_string(),
        Some(stem) => join(folder, stem),
    }
}

/// Where `mod name;` is looked for below `folder`.
pub(crate) fn candidates(folder: &str, name: &str) -> Candidates {
    let beside = join(folder, name);
    [format!("{beside}.rs"), format!("{beside}/mod.rs")]
}

/// `folder/name`.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        return name.to_string();
    }
    format!("{folder}/{name}")
}

/// The files as one source.
pub(crate) fn joined(files: &[FileText]) -> Source {
    let mut text = String::new();
    let mut parts = Vec::new();
    for file in files {
        let start = text.len() as u32;
        text.push_str(&file.text);
        parts.push(SourceFile {
            name: Arc::from(&*file.name),
            path: Arc::from(&*file.path),
            start,
            end: text.len() as u32,
        });
        // A place behind the end of a file is not the beginning of the next.
        text.push('\n');
    }
    text.pop();
    Source {
        name: parts
            .first()
            .map_or_else(|| Arc::from(""), |part| part.name.clone()),
        text: Arc::from(text),
        files: Arc::from(parts),
    }
}

/// The names of every `mod name;`, with the inline modules around it.
fn scan(text: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut tokens = Tokens { text, at: 0 };
    let mut state = State::Other;
    while let Some(token) = tokens.next() {
        state = match (state, token) {
            (State::Other, "mod") => State::Mod,
            (State::Mod, name) if name.starts_with(is_name_start) => State::Named(name),
            (State::Named(name), ";") => {
                let mut names: Vec<&str> = open.iter().flatten().copied().collect();
                names.push(name);
                if open.iter().all(Option::is_some) {
                    found.push(names);
                }
                State::Other
            }
            (State::Named(name), "{") => {
                open.push(Some(name));
                State::Other
            }
            (_, "{") => {
                open.push(None);
                State::Other
            }
            (_, "}") => {
                open.pop();
                State::Other
            }
            (_, "mod") => State::Mod,
            _ => State::Other,
        };
    }
    found
}

#[derive(Clone, Copy)]
enum State<'a> {
    Other,
    Mod,
    Named(&'a str),
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Names and single characters; comments, strings and characters are passed over.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<&'a str> {
        loop {
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += comment(rest);
            } else if first == '"' {
                self.at += string(rest);
            } else if first == '\'' {
                self.at += quoted(rest);
            } else if is_name_start(first) {
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                let raw = matches!(name, "r" | "br" | "cr");
                let hashes = after.bytes().take_while(|b| *b == b'#').count();
                if raw && after[hashes..].starts_with('"') {
                    self.at += end + raw_string(after, hashes);
                } else if name == "r" && hashes == 1 && after[1..].starts_with(is_name_start) {
                    // `r#name`
                    self.at += end + 1;
                } else {
                    self.at += end;
                    return Some(name);
                }
            } else {
                self.at += first.len_utf8();
                if !first.is_whitespace() {
                    return Some(&rest[..first.len_utf8()]);
                }
            }
        }
    }
}

/// The length of a block comment; they nest.
fn comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a string.
fn string(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a raw string from its first `#` or quote.
fn raw_string(rest: &str, hashes: usize) -> usize {
    let end = format!("\"{}", "#".repeat(hashes));
    let body = hashes + 1;
    match rest[body..].find(&end) {
        Some(at) => body + at + end.len(),
        None => rest.len(),
    }
}

/// The length of a character, or of the quote of a label or lifetime.
fn quoted(rest: &str) -> usize {
    let mut chars = rest[1..].char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            let skip = chars.next().map_or(0, |(at, c)| at + c.len_utf8());
            let close = rest[1 + skip..].find(['\'', '\n']).unwrap_or(0);
            1 + skip + close + 1
        }
        Some((_, c)) if rest[1 + c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
        _ => 1,
    }
    .min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_in_files_are_found_without_parsing() {
        let text = "
            mod a; // mod no1;
            /* mod no2; /* nested */ mod no3; */
            const S: &str = \"mod no4; \\\" mod no5;\";
            const R: &str = r#\"mod no6; \" mod no7;\"#;
            fn f() { 'mod: loop { let c = '{'; let d = '\\''; break 'mod; } }
            pub(crate) mod b { mod c; mod d { pub mod r#e; } fn g() { mod no8; } }
            mod f;";
        assert_eq!(
            scan(text),
            [vec!["a"], vec!["b", "c"], vec!["b", "d", "e"], vec!["f"]]
        );
        assert_eq!(
            wanted("kernels.rs", true, text)[2],
            ["b/d/e.rs", "b/d/e/mod.rs"]
        );
        assert_eq!(wanted("x/y.rs", false, "mod z;")[0][0], "x/y/z.rs");
        assert_eq!(wanted("x/mod.rs", false, "mod z;")[0][0], "x/z.rs");
    }

    #[test]
    fn no_text_makes_the_scanner_fail() {
        for text in [
            "'",
            "'\\",
            "\"\\",
            "r#\"",
            "/*",
            "é'é'mod é;",
            "}}mod a;",
            "b'\\u{",
            "'\\\n'",
        ] {
            scan(text);
        }
        assert_eq!(scan("mod é;"), [vec!["é"]]);
    }
}
