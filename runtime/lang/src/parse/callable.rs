//! Closures as parameters: `impl Fn(f64) -> f64`, `F: FnMut(f64)`, `&dyn Fn(..)`, `fn(..)`. All of
//! them become one kind of type, that only a parameter of a function can have.

use syn::spanned::Spanned;

use super::convert::{Converter, codes};
use crate::ast::{Callable, TypeExpr, TypeKind};
use crate::diagnostic::Diagnostic;

/// The traits of closures.
pub(super) const TRAITS: [&str; 3] = ["Fn", "FnMut", "FnOnce"];

impl Converter<'_> {
    /// The type of a parameter, where that is a closure; `None` for all others.
    pub(super) fn callable_type(&mut self, ty: &syn::Type) -> Option<TypeExpr> {
        let (inner, reference) = match ty {
            syn::Type::Reference(reference) => {
                (&*reference.elem, Some(reference.mutability.is_some()))
            }
            other => (other, None),
        };
        let inner = match inner {
            syn::Type::Paren(inner) => &*inner.elem,
            inner => inner,
        };
        let span = self.place(ty);
        let before = self.errors();
        let bound = match inner {
            syn::Type::ImplTrait(bounds) => self.only_bound(&bounds.bounds),
            syn::Type::TraitObject(bounds) if reference.is_some() => {
                self.only_bound(&bounds.bounds)
            }
            _ => None,
        };
        if self.errors() != before {
            let kind = TypeKind::Error;
            return Some(TypeExpr { kind, span });
        }
        let mut callable = match inner {
            syn::Type::ImplTrait(_) | syn::Type::TraitObject(_) => bound?,
            syn::Type::FnPtr(pointer) => {
                let params = self.all(&pointer.inputs, |this, input| this.ty(&input.ty))?;
                Callable {
                    params,
                    result: self.callable_result(&pointer.output),
                    changes: false,
                    reference: None,
                    plain: true,
                }
            }
            syn::Type::Path(path) if path.qself.is_none() => {
                let name = path.path.get_ident()?.to_string();
                let found = self.callables.iter().find(|(known, _)| *known == name);
                found?.1.clone()
            }
            _ => return None,
        };
        callable.reference = reference;
        Some(TypeExpr {
            kind: TypeKind::Callable(Box::new(callable)),
            span,
        })
    }

    /// The closure's bound in a list; `None` where there is none.
    fn only_bound<'b>(
        &mut self,
        bounds: impl IntoIterator<Item = &'b syn::TypeParamBound>,
    ) -> Option<Callable> {
        bounds.into_iter().find_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => {
                let name = bound.path.segments.last()?.ident.to_string();
                TRAITS.contains(&name.as_str()).then_some(())?;
                self.callable_bound(&bound.path)
            }
            _ => None,
        })
    }

    /// `Fn(A, B) -> C`.
    pub(super) fn callable_bound(&mut self, path: &syn::Path) -> Option<Callable> {
        let last = path.segments.last()?;
        let name = self.ident(&last.ident);
        let syn::PathArguments::Parenthesized(arguments) = &last.arguments else {
            let message = format!("the bound `{}` needs the types of its arguments", name.name);
            let help = format!("write `{}(f64) -> f64`", name.name);
            self.report(Diagnostic::new("B0620", name.span, message).help(help));
            return None;
        };
        if name.name == "FnOnce" {
            let help = "write `FnMut`, or `Fn`: a kernel's closures can be called again";
            self.refuse::<()>(codes::FUNCTION, name.span, "the bound `FnOnce` is", help);
        }
        let params = self.all(&arguments.inputs, |this, input| this.ty(&input.ty))?;
        Some(Callable {
            params,
            result: self.callable_result(&arguments.output),
            changes: name.name != "Fn",
            reference: None,
            plain: false,
        })
    }

    fn callable_result(&mut self, output: &syn::ReturnType) -> Option<TypeExpr> {
        match output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => self.ty(ty),
        }
    }

    /// Refuses closures among the type parameters of a struct or `impl`.
    pub(super) fn no_callables(&mut self, generics: &syn::Generics) {
        if self.callables.is_empty() {
            return;
        }
        self.callables.clear();
        let span = self.at(generics.span());
        let help = "take the closure as a parameter of the function that calls it";
        let what = "a closure as a type parameter of a type is";
        self.refuse::<()>(codes::FUNCTION, span, what, help);
    }
}
