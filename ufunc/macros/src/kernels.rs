//! `#[kernels]`: a module keeps its own text as a constant. Not here: reading that text.
//! Invariant: the text, read again, gives the very tokens that rustc compiles; where it would
//! not (a module that a macro wrote), the macro reports an error.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;

/// The module with `SOURCE` added to its body, or the module and an error.
pub fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    match add_source(options, item.clone()) {
        Ok(expanded) => expanded,
        Err(error) => {
            let mut expanded = TokenStream::from(error.into_compile_error());
            expanded.extend(item);
            expanded
        }
    }
}

fn add_source(options: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    if let Some(first) = options.into_iter().next() {
        return Err(syn::Error::new(
            first.span().into(),
            "`#[kernels]` takes no options",
        ));
    }
    let module = match syn::parse::<syn::Item>(item.clone())? {
        syn::Item::Mod(module) => module,
        other => {
            return Err(syn::Error::new_spanned(
                other,
                "`#[kernels]` belongs on a module; this item is none",
            ));
        }
    };
    if let Some(outer) = in_another_file(&module) {
        return Err(syn::Error::new_spanned(
            outer,
            "a `#[kernels]` module has the text of one file: write the module in place, \
             `mod name { ... }`, or load the kernels with `Runtime::load_file`",
        ));
    }
    let name = module.ident.unraw().to_string();
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let body = match tokens.pop() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
        _ => {
            return Err(syn::Error::new_spanned(
                module,
                "the body of a `#[kernels]` module stands in place: `mod name { ... }`",
            ));
        }
    };
    let text = text_of(&body).ok_or_else(|| {
        syn::Error::new_spanned(
            &module.ident,
            "the text of this module is not in a file, because a macro wrote it; \
             write the module in place",
        )
    })?;
    let source: TokenStream = quote! {
        /// The name of this module, its file and the text of its body, as a Brolga runtime
        /// loads them.
        pub const SOURCE: (&str, &str, &str) = (#name, ::core::file!(), #text);
    }
    .into();
    let mut content = body.stream();
    content.extend(source);
    let mut extended = Group::new(Delimiter::Brace, content);
    extended.set_span(body.span());
    tokens.push(extended.into());
    Ok(tokens.into_iter().collect())
}

/// A `mod name;` somewhere inside of `module`.
fn in_another_file(module: &syn::ItemMod) -> Option<&syn::Ident> {
    let (_, items) = module.content.as_ref()?;
    items.iter().find_map(|item| match item {
        syn::Item::Mod(inner) if inner.content.is_none() => Some(&inner.ident),
        syn::Item::Mod(inner) => in_another_file(inner),
        _ => None,
    })
}

/// The text between the braces of `body`, placed by blanks at its line and column in the
/// file; `None` where the compiler knows no such text.
fn text_of(body: &Group) -> Option<String> {
    let braced = body.span().source_text()?;
    let text = braced.strip_prefix('{')?.strip_suffix('}')?;
    let read_again: TokenStream = text.parse().ok()?;
    if !same_tokens(read_again, body.stream()) {
        return None;
    }
    let open = body.span_open();
    let mut placed = "\n".repeat(open.line().saturating_sub(1));
    placed.push_str(&" ".repeat(open.column()));
    placed.push_str(text);
    Some(placed)
}

/// Whether two streams are the same but for their spans.
fn same_tokens(left: TokenStream, right: TokenStream) -> bool {
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    loop {
        let same = match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(TokenTree::Group(a)), Some(TokenTree::Group(b))) => {
                a.delimiter() == b.delimiter() && same_tokens(a.stream(), b.stream())
            }
            (Some(TokenTree::Ident(a)), Some(TokenTree::Ident(b))) => {
                a.to_string() == b.to_string()
            }
            (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b))) => a.as_char() == b.as_char(),
            (Some(TokenTree::Literal(a)), Some(TokenTree::Literal(b))) => {
                a.to_string() == b.to_string()
            }
            _ => false,
        };
        if !same {
            return false;
        }
    }
}
