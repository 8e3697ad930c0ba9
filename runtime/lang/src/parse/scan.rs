//! A look at the tokens before syn sees them: how deep could the tree become? syn, and the
//! drop of its trees, recurse once for each level, so the answer must be bounded first. So
//! must the length of numbers.
//!
//! The bound is crude and safe: inside one statement every operator, keyword and bracket is
//! taken to nest in the one before. Only the brackets have a limit that a reader can see
//! ([`MAX_BRACKETS`]); the other one ([`MAX_CHAIN`]) is far beyond what the converter
//! accepts ([`super::convert::MAX_DEPTH`]).

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// How deep brackets may nest.
pub(super) const MAX_BRACKETS: usize = 128;
/// How many tokens that may nest one statement may hold, those of its enclosing statements
/// up to it included.
pub(super) const MAX_CHAIN: usize = 4096;

/// How long a number may be, in bytes: syn's work grows with the square. `f64` values have at
/// most 767 significant digits.
pub(super) const MAX_NUMBER: usize = 2000;

/// Why a text is not given to syn.
pub(super) enum TooMuch {
    /// Brackets, and the first one that is too deep.
    Brackets(Span),
    /// Operators, and the first one that is too many.
    Chain(Span),
    /// Digits, and their number literal.
    Number(Span),
}

/// Checks all limits without recursion.
pub(super) fn check(tokens: TokenStream) -> Result<(), TooMuch> {
    let mut stack = vec![Level::new(tokens, 0)];
    while let Some(level) = stack.last_mut() {
        let Some(token) = level.tokens.next() else {
            stack.pop();
            continue;
        };
        if level.starts_statement(&token) {
            level.chain = level.base;
        }
        let after_hash = level.hash;
        level.hash = is_punct(&token, '#') || (after_hash && is_punct(&token, '!'));
        level.brace = false;
        match token {
            TokenTree::Group(group) => {
                level.brace = group.delimiter() == Delimiter::Brace;
                if !after_hash {
                    level.chain += 1;
                }
                if level.chain > MAX_CHAIN {
                    return Err(TooMuch::Chain(group.span_open()));
                }
                let base = level.chain;
                if stack.len() > MAX_BRACKETS {
                    return Err(TooMuch::Brackets(group.span_open()));
                }
                stack.push(Level::new(group.stream(), base));
            }
            TokenTree::Punct(punct) => {
                if !level.hash && !matches!(punct.as_char(), ';' | ',') {
                    level.chain += 1;
                }
                if level.chain > MAX_CHAIN {
                    return Err(TooMuch::Chain(punct.span()));
                }
            }
            TokenTree::Ident(ident) => {
                if nests(&ident) {
                    level.chain += 1;
                }
                if level.chain > MAX_CHAIN {
                    return Err(TooMuch::Chain(ident.span()));
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.len() > MAX_NUMBER && text.starts_with(|c: char| c.is_ascii_digit()) {
                    return Err(TooMuch::Number(literal.span()));
                }
            }
        }
    }
    Ok(())
}

/// One open bracket.
struct Level {
    tokens: proc_macro2::token_stream::IntoIter,
    /// The chain outside.
    base: usize,
    /// The chain so far.
    chain: usize,
    /// Whether the last token was a `{..}`.
    brace: bool,
    /// Whether the last token began an attribute.
    hash: bool,
}

impl Level {
    fn new(tokens: TokenStream, base: usize) -> Level {
        Level {
            tokens: tokens.into_iter(),
            base,
            chain: base,
            brace: false,
            hash: false,
        }
    }

    /// Whether `token` ends the statement or argument before it, or follows one that ended
    /// with its closing brace.
    fn starts_statement(&self, token: &TokenTree) -> bool {
        match token {
            TokenTree::Punct(punct) => {
                matches!(punct.as_char(), ';' | ',') || (self.brace && punct.as_char() == '#')
            }
            TokenTree::Ident(ident) => self.brace && ident != "else" && ident != "as",
            TokenTree::Literal(_) => self.brace,
            TokenTree::Group(_) => false,
        }
    }
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// Whether a keyword can stand before an expression or type that it takes in.
fn nests(ident: &proc_macro2::Ident) -> bool {
    [
        "as", "break", "return", "else", "if", "in", "match", "while", "let", "move", "mut", "ref",
        "dyn", "impl", "yield", "async", "static", "const", "unsafe", "box", "raw", "fn",
    ]
    .iter()
    .any(|keyword| ident == keyword)
}
