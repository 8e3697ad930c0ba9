//! Items of a file or block: which there are, and a refusal for each kind that is missing.

use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use super::function::doc_of;
use crate::ast::{Const, File, Static, Visibility};
use crate::diagnostic::{Diagnostic, Span};

impl Converter<'_> {
    /// A whole file.
    pub(super) fn file(&mut self, file: &syn::File) -> File {
        self.plain_attributes(&file.attrs, Place::File);
        let mut converted = File::default();
        for item in &file.items {
            self.item(item, &mut converted);
        }
        converted
    }

    /// One item, added to `file`.
    pub(super) fn item(&mut self, item: &syn::Item, file: &mut File) {
        let known = self.known_item(item, file).is_some();
        let Some(name) = name_of(item) else {
            return;
        };
        let name = self.ident(name);
        match visibility_of(item).map(|written| self.visibility(written)) {
            _ if !known => file.refused.push(name),
            None | Some(Visibility::Private) => {}
            Some(visibility) => file.visible.push((name, visibility)),
        }
    }

    fn known_item(&mut self, item: &syn::Item, file: &mut File) -> Option<()> {
        match item {
            syn::Item::Fn(item) => {
                let function = self.function(item)?;
                file.functions.push(function);
                Some(())
            }
            syn::Item::Const(item) => {
                let constant = self.constant(item)?;
                file.consts.push(constant);
                Some(())
            }
            syn::Item::Struct(item) => self.struct_item(item).map(|s| file.structs.push(s)),
            syn::Item::Enum(item) => self.enum_item(item).map(|e| file.enums.push(e)),
            syn::Item::Impl(item) => self.impl_item(item).map(|i| file.impls.push(i)),
            syn::Item::Use(item) => {
                self.plain_attributes(&item.attrs, Place::Other);
                let visibility = self.visibility(&item.vis);
                self.use_item(item, visibility, &mut file.uses);
                Some(())
            }
            syn::Item::Mod(item) => {
                let module = self.module(item)?;
                file.modules.push(module);
                Some(())
            }
            syn::Item::Static(item) => {
                let global = self.global(item)?;
                file.statics.push(global);
                Some(())
            }
            _ => self.refused_item(item),
        }
    }

    fn refused_item(&mut self, item: &syn::Item) -> Option<()> {
        let (span, what, help): (_, _, &str) = match item {
            syn::Item::Union(item) => (
                item.union_token.span(),
                "unions are",
                "reinterpret floats with `to_bits` and `from_bits`",
            ),
            syn::Item::Trait(item) => (
                item.trait_token.span(),
                "trait definitions are",
                "bound type parameters with `Number`, `Real`, `Integer` or `Float`",
            ),
            syn::Item::TraitAlias(item) => (
                item.trait_token.span(),
                "trait aliases are",
                "bound type parameters with `Number`, `Real`, `Integer` or `Float`",
            ),
            syn::Item::Type(item) => (
                item.type_token.span(),
                "type aliases are",
                "write the type itself",
            ),
            syn::Item::ExternCrate(item) => (
                item.extern_token.span(),
                "`extern crate` is",
                "remove it; a kernel file uses `brolga::prelude` only",
            ),
            syn::Item::ForeignMod(item) => (
                item.abi.extern_token.span(),
                "foreign functions are",
                "a kernel calls functions of its own file only",
            ),
            syn::Item::Macro(item) => (
                item.mac.path.span(),
                "macros are",
                "write a function, or spell the code out",
            ),
            other => (
                other.span(),
                "this item is",
                "a kernel file holds `fn`, `const`, `static`, `struct`, `enum`, `impl`, `mod` and `use`",
            ),
        };
        let span = self.at(span);
        self.refuse(codes::ITEM, span, what, help)
    }

    /// `static NAME: T = value;`.
    fn global(&mut self, item: &syn::ItemStatic) -> Option<Static> {
        self.plain_attributes(&item.attrs, Place::Other);
        let mut refused = false;
        if !matches!(item.mutability, syn::StaticMutability::None) {
            let span = self.place(&item.mutability);
            let help = "remove `mut`: the host gives the static its value before a call";
            self.refuse::<()>(codes::ITEM, span, "`static mut` is", help);
            refused = true;
        }
        if self.nesting > 0 {
            let span = self.at(item.static_token.span());
            let help = "move it out, so that the host can name it, or make it a `const`";
            self.refuse::<()>(codes::ITEM, span, "a `static` inside a function is", help);
            refused = true;
        }
        let name = self.ident(&item.ident);
        let ty = self.ty(&item.ty);
        let value = self.expr(&item.expr);
        if refused {
            return None;
        }
        Some(Static {
            name,
            ty: ty?,
            value: value?,
            doc: doc_of(&item.attrs),
        })
    }

    /// Who may name an item.
    fn visibility(&mut self, written: &syn::Visibility) -> Visibility {
        match written {
            syn::Visibility::Inherited => Visibility::Private,
            syn::Visibility::Public(_) => Visibility::Public,
            syn::Visibility::Restricted(written) => {
                let path = &written.path.segments;
                Visibility::Within(path.iter().map(|s| self.ident(&s.ident)).collect())
            }
        }
    }

    fn constant(&mut self, item: &syn::ItemConst) -> Option<Const> {
        let before = self.errors();
        self.plain_attributes(&item.attrs, Place::Other);
        if let Some(default) = &item.modifiers.defaultness {
            let span = self.at(default.span());
            self.refuse::<()>(codes::ITEM, span, "`default` is", "remove it");
        }
        if item.generics.lt_token.is_some() || item.generics.where_clause.is_some() {
            let span = self.place(&item.generics);
            let help = "give the constant one type";
            self.refuse::<()>(codes::ITEM, span, "generic constants are", help);
        }
        let name = self.ident(&item.ident);
        let ty = self.ty(&item.ty);
        let value = self.expr(&item.expr);
        if self.errors() != before {
            return None;
        }
        Some(Const {
            name,
            ty: ty?,
            value: value?,
            is_pub: super::adt::is_pub(&item.vis),
        })
    }

    /// Refuses a `mut` or other keyword where it stands.
    pub(super) fn report_at(&mut self, code: &'static str, span: Span, message: &str, help: &str) {
        self.report(Diagnostic::new(code, span, message).help(help));
    }
}

fn visibility_of(item: &syn::Item) -> Option<&syn::Visibility> {
    match item {
        syn::Item::Const(item) => Some(&item.vis),
        syn::Item::Enum(item) => Some(&item.vis),
        syn::Item::Fn(item) => Some(&item.vis),
        syn::Item::Mod(item) => Some(&item.vis),
        syn::Item::Static(item) => Some(&item.vis),
        syn::Item::Struct(item) => Some(&item.vis),
        _ => None,
    }
}

/// The name that other items would use.
fn name_of(item: &syn::Item) -> Option<&proc_macro2::Ident> {
    match item {
        syn::Item::Const(item) => (item.ident != "_").then_some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Fn(item) => Some(&item.sig.ident),
        syn::Item::Macro(item) => item.ident.as_ref(),
        syn::Item::Mod(item) => Some(&item.ident),
        syn::Item::Static(item) => Some(&item.ident),
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Trait(item) => Some(&item.ident),
        syn::Item::TraitAlias(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        syn::Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}
