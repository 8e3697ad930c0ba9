//! What `vectorize`, `guvectorize` and `jit` check at rustc's compile time: that they stand
//! on a function, and that a gufunc's signature follows the grammar. Not here: the meaning of
//! the options, which the front end checks when it reads the text. Invariant: the item's
//! tokens come out as they went in; an error is added before them.

use brolga_abi::GufuncSignature;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

/// Which attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attribute {
    /// `#[vectorize]`
    Vectorize,
    /// `#[guvectorize("...")]`
    Guvectorize,
    /// `#[jit]`
    Jit,
}

impl Attribute {
    fn name(self) -> &'static str {
        match self {
            Attribute::Vectorize => "vectorize",
            Attribute::Guvectorize => "guvectorize",
            Attribute::Jit => "jit",
        }
    }
}

/// The item, with a `compile_error!` before it where the attribute or the item is wrong.
pub fn expand(attribute: Attribute, options: TokenStream, item: TokenStream) -> TokenStream {
    let error = check(attribute, options, item.clone())
        .err()
        .map(|error| error.into_compile_error());
    quote!(#error #item)
}

fn check(attribute: Attribute, options: TokenStream, item: TokenStream) -> syn::Result<()> {
    match syn::parse2::<syn::Item>(item)? {
        syn::Item::Fn(_) => {}
        other => {
            return Err(syn::Error::new_spanned(
                other,
                format!(
                    "`#[{}]` belongs on a function; this item is none",
                    attribute.name()
                ),
            ));
        }
    }
    match attribute {
        Attribute::Vectorize | Attribute::Jit => Ok(()),
        Attribute::Guvectorize => check_signature(options),
    }
}

/// The first option must be the signature, a string literal.
fn check_signature(options: TokenStream) -> syn::Result<()> {
    let mut tokens = options.into_iter();
    let first = tokens.next();
    let span = first.as_ref().map_or_else(Span::call_site, TokenTree::span);
    let literal = first
        .and_then(|token| syn::parse2::<syn::LitStr>(token.into()).ok())
        .ok_or_else(|| {
            syn::Error::new(
                span,
                "`#[guvectorize]` begins with its signature, a string such as \
                 \"(m,n),(n,p)->(m,p)\"",
            )
        })?;
    GufuncSignature::parse(&literal.value())
        .map_err(|error| syn::Error::new(span, format!("in the signature: {error}")))?;
    match tokens.next() {
        None => Ok(()),
        Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => Ok(()),
        Some(other) => Err(syn::Error::new(
            other.span(),
            "expected `,` after the signature",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(attribute: Attribute, options: &str, item: &str) -> Option<String> {
        let (options, item) = (options.parse().unwrap(), item.parse().unwrap());
        check(attribute, options, item)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn right_attributes_pass() {
        let function = "pub fn f<T: Float>(x: T) -> T { x }";
        for (attribute, options) in [
            (Attribute::Vectorize, ""),
            (Attribute::Vectorize, "identity = 0, associative"),
            (Attribute::Guvectorize, "\"(n)->()\""),
            (Attribute::Guvectorize, "r\"(n)->()\", fastmath"),
            (Attribute::Jit, "parallel"),
        ] {
            assert_eq!(message(attribute, options, function), None, "{options}");
        }
    }

    #[test]
    fn wrong_attributes_say_what_is_wrong() {
        let function = "fn f() {}";
        for (attribute, options, item, expected) in [
            (
                Attribute::Jit,
                "",
                "struct S;",
                "`#[jit]` belongs on a function; this item is none",
            ),
            (
                Attribute::Guvectorize,
                "",
                function,
                "`#[guvectorize]` begins with its signature, a string such as \"(m,n),(n,p)->(m,p)\"",
            ),
            (
                Attribute::Guvectorize,
                "fastmath",
                function,
                "`#[guvectorize]` begins with its signature, a string such as \"(m,n),(n,p)->(m,p)\"",
            ),
            (
                Attribute::Guvectorize,
                "\"(m)\"",
                function,
                "in the signature: expected `->` at position 3",
            ),
            (
                Attribute::Guvectorize,
                "\"(m)->()\" fastmath",
                function,
                "expected `,` after the signature",
            ),
        ] {
            let found = message(attribute, options, item);
            assert_eq!(found.as_deref(), Some(expected), "{options} {item}");
        }
    }

    #[test]
    fn an_error_keeps_the_item() {
        let item: TokenStream = "struct S ;".parse().unwrap();
        let text = expand(Attribute::Vectorize, TokenStream::new(), item).to_string();
        assert!(text.contains("compile_error"), "{text}");
        assert!(text.ends_with("struct S ;"), "{text}");
    }
}
