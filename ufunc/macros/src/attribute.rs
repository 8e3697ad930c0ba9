//! What `vectorize`, `guvectorize` and `jit` check at rustc's compile time: that they stand
//! on a function, and that the front end will understand their options. Not here: whether the
//! options fit the function, which the checker says at run time. Invariant: the item's tokens
//! come out as they went in; an error is added before them.

use brolga_lang::attributes::{AttributeError, parse_attribute};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// The item, with a `compile_error!` before it where the attribute or the item is wrong.
/// `kind` is one of [`brolga_lang::attributes::KINDS`].
pub fn expand(kind: &str, options: TokenStream, item: TokenStream) -> TokenStream {
    let error = check(kind, options, item.clone())
        .err()
        .map(|error| error.into_compile_error());
    quote!(#error #item)
}

fn check(kind: &str, options: TokenStream, item: TokenStream) -> syn::Result<()> {
    match syn::parse2::<syn::Item>(item)? {
        syn::Item::Fn(_) => {}
        other => {
            return Err(syn::Error::new_spanned(
                other,
                format!("`#[{kind}]` belongs on a function; this item is none"),
            ));
        }
    }
    match parse_attribute(kind, options) {
        Ok(_) => Ok(()),
        Err(error) => Err(at_its_place(&error)),
    }
}

/// The front end's error as rustc shows it: help stands on a line of its own.
fn at_its_place(error: &AttributeError) -> syn::Error {
    let text = match &error.help {
        Some(help) => format!("{}\nhelp: {help}", error.message),
        None => error.message.clone(),
    };
    syn::Error::new(error.span.unwrap_or_else(Span::call_site), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: &str, options: &str, item: &str) -> Option<String> {
        let (options, item) = (options.parse().unwrap(), item.parse().unwrap());
        check(kind, options, item)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn right_attributes_pass() {
        let function = "pub fn f<T: Float>(x: T) -> T { x }";
        for (kind, options) in [
            ("vectorize", ""),
            ("vectorize", "identity = 0, associative"),
            ("vectorize", "signatures = [(f32, f32) -> f32]"),
            ("guvectorize", "\"(n)->()\""),
            ("guvectorize", "r\"(n)->()\", fastmath"),
            ("jit", "parallel"),
        ] {
            assert_eq!(message(kind, options, function), None, "{options}");
        }
    }

    #[test]
    fn the_error_is_the_one_of_the_front_end_with_its_help() {
        for (kind, options) in [
            ("vectorize", "fastmth"),
            ("vectorize", "signatures = []"),
            ("guvectorize", ""),
            ("guvectorize", "\"(m)\""),
            ("jit", "identity = 0"),
        ] {
            let expected = parse_attribute(kind, options.parse().unwrap()).unwrap_err();
            let text = format!("{}\nhelp: {}", expected.message, expected.help.unwrap());
            assert_eq!(message(kind, options, "fn f() {}"), Some(text), "{options}");
        }
    }

    #[test]
    fn an_attribute_on_another_item_says_so() {
        assert_eq!(
            message("jit", "", "struct S;").as_deref(),
            Some("`#[jit]` belongs on a function; this item is none")
        );
    }

    #[test]
    fn an_error_keeps_the_item() {
        let item: TokenStream = "struct S ;".parse().unwrap();
        let text = expand("vectorize", TokenStream::new(), item).to_string();
        assert!(text.contains("compile_error"), "{text}");
        assert!(text.ends_with("struct S ;"), "{text}");
    }
}
