//! What is done with a text that syn does not accept: it is split into items, and each is
//! parsed on its own, so that a syntax error in one does not hide the errors of the others.
//! Not a parser: where an item ends is guessed from its first keyword, a semicolon, or a
//! closing brace.
//!
//! Invariant: at least one error is reported.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;

use super::convert::Converter;
use super::syntax_error;
use crate::ast::{File, Ident, Pattern, PatternKind};

/// How many pieces are parsed on their own: syn's error of one costs little, but not nothing.
const MAX_ERRORS: usize = 200;

/// The items that can be parsed; the errors of the others.
pub(super) fn file(converter: &mut Converter<'_>, tokens: TokenStream) -> File {
    let before = converter.errors();
    let mut file = File::default();
    let mut failed = 0;
    for piece in split(tokens.clone()) {
        let parsed = syn::Attribute::parse_inner
            .parse2(piece.clone())
            .map(|_| None)
            .or_else(|_| syn::parse2::<syn::Item>(piece.clone()).map(Some));
        match parsed {
            Ok(Some(item)) => converter.item(&item, &mut file),
            Ok(None) => {}
            Err(error) => {
                failed += 1;
                file.refused.extend(name_of(converter, piece));
                for error in error {
                    let span = converter.at(error.span());
                    let diagnostic = syntax_error(converter.text, span, &error.to_string());
                    converter.report(diagnostic);
                }
                if failed == MAX_ERRORS {
                    break;
                }
            }
        }
    }
    if converter.errors() == before
        && let Err(error) = syn::parse2::<syn::File>(tokens)
    {
        let span = converter.at(error.span());
        let diagnostic = syntax_error(converter.text, span, &error.to_string());
        converter.report(diagnostic);
    }
    file
}

/// The tokens of each item.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces: Vec<Vec<TokenTree>> = Vec::new();
    let mut piece: Vec<TokenTree> = Vec::new();
    let mut statement = Statement::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let semicolon = matches!(&token, TokenTree::Punct(p) if p.as_char() == ';');
        let brace = matches!(&token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
        let bracket = matches!(&token, TokenTree::Group(g) if g.delimiter() == Delimiter::Bracket);
        statement = statement.after(&token);
        piece.push(token);
        // `#![..]` stands on its own.
        let inner = bracket
            && piece.len() == 3
            && matches!(&piece[0], TokenTree::Punct(p) if p.as_char() == '#')
            && matches!(&piece[1], TokenTree::Punct(p) if p.as_char() == '!');
        let ends = if statement.holds() {
            semicolon
        } else {
            semicolon
                || (brace
                    && !matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ';'))
        };
        let next = matches!(tokens.peek(), Some(TokenTree::Ident(next)) if begins(next))
            && has_body(&piece)
            && !statement.holds();
        if ends || inner || next {
            pieces.push(std::mem::take(&mut piece));
            statement = Statement::default();
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
        .into_iter()
        .map(|piece| piece.into_iter().collect())
        .collect()
}

/// Whether a piece is a `const`, `static`, `use` or `type`, which end with a semicolon; as far
/// as its tokens tell so far.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Statement {
    /// No word has decided it.
    #[default]
    Open,
    /// `const`, unless `fn` follows somewhere.
    Const,
    Yes,
    No,
}

impl Statement {
    fn after(self, token: &TokenTree) -> Statement {
        let TokenTree::Ident(ident) = token else {
            return self;
        };
        match (self, ident.to_string().as_str()) {
            (Statement::Open, "pub" | "crate" | "unsafe" | "extern" | "default") => self,
            (Statement::Open, "const") => Statement::Const,
            (Statement::Open, "static" | "use" | "type") => Statement::Yes,
            (Statement::Open, _) | (Statement::Const, "fn") => Statement::No,
            _ => self,
        }
    }

    fn holds(self) -> bool {
        matches!(self, Statement::Const | Statement::Yes)
    }
}

/// Whether a parameter list was seen, so that the next item's keyword ends this one.
fn has_body(piece: &[TokenTree]) -> bool {
    matches!(piece.last(), Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Brace)
}

fn begins(ident: &proc_macro2::Ident) -> bool {
    [
        "fn", "const", "static", "use", "mod", "struct", "enum", "impl", "pub", "type",
    ]
    .iter()
    .any(|word| ident == word)
}

/// The name that the piece would have declared.
fn name_of(converter: &Converter<'_>, piece: TokenStream) -> Option<Ident> {
    let mut named = false;
    for token in piece {
        let TokenTree::Ident(ident) = token else {
            continue;
        };
        if named {
            return Some(converter.ident(&ident));
        }
        named = ["fn", "const", "static", "mod", "struct", "enum", "type"]
            .iter()
            .any(|word| ident == word);
    }
    None
}

/// What a refused pattern leaves behind: its names, so that nothing calls them unknown. Each
/// is bound around the next, and the innermost pattern is the error.
pub(super) fn pattern(converter: &Converter<'_>, pattern: &syn::Pat) -> Pattern {
    let span = converter.place(pattern);
    let mut result = Pattern {
        kind: PatternKind::Error,
        span,
    };
    let mut words = Vec::new();
    words_of(pattern.to_token_stream(), &mut words);
    words.truncate(MAX_NAMES);
    for ident in words {
        let name = converter.ident(&ident);
        result = Pattern {
            kind: PatternKind::Binding {
                name,
                mutable: false,
                inner: Some(Box::new(result)),
            },
            span,
        };
    }
    result
}

/// How many names of a refused pattern are kept.
const MAX_NAMES: usize = 32;

/// The names in lower case, which are those of variables and fields.
fn words_of(tokens: TokenStream, found: &mut Vec<proc_macro2::Ident>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => words_of(group.stream(), found),
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                let name = word.starts_with(|c: char| c.is_lowercase() || c == '_');
                let keyword = [
                    "mut", "ref", "box", "_", "self", "crate", "super", "true", "false",
                ]
                .contains(&word.as_str());
                let number = crate::ir::Scalar::ALL.iter().any(|s| s.name() == word);
                if name && !keyword && !number && !found.contains(&ident) {
                    found.push(ident);
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
