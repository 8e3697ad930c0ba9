//! Functions: qualifiers, type parameters with their bounds, parameters.

use brolga_abi::Bound;
use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use crate::ast::{Function, Ident, Param, TypeParam};
use crate::diagnostic::Diagnostic;

const BOUNDS: [Bound; 4] = [Bound::Number, Bound::Real, Bound::Integer, Bound::Float];

/// Bounds that every number type satisfies, so that they say nothing.
const IMPLIED: [&str; 7] = ["Copy", "Clone", "Debug", "Sized", "Send", "Sync", "Unpin"];

/// How many type parameters a function may have.
const MAX_TYPE_PARAMS: usize = 100;

impl Converter<'_> {
    pub(super) fn function(&mut self, item: &syn::ItemFn) -> Option<Function> {
        let before = self.errors();
        let attribute = self.function_attributes(&item.attrs);
        if let Some(default) = &item.modifiers.defaultness {
            let span = self.at(default.span());
            self.refuse::<()>(codes::FUNCTION, span, "`default` is", "remove it");
        }
        self.qualifiers(&item.sig);
        let type_params = self.generics(&item.sig.generics);
        let sound = self.errors() == before;
        let params = self.all(&item.sig.inputs, Self::param);
        let result = match &item.sig.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => self.ty(ty),
        };
        self.nesting += 1;
        let body = self.block(&item.block);
        self.nesting -= 1;
        if !sound {
            return None;
        }
        Some(Function {
            name: self.ident(&item.sig.ident),
            attribute,
            doc: doc_of(&item.attrs),
            type_params,
            params: params?,
            result,
            body: body?,
            is_pub: super::adt::is_pub(&item.vis),
        })
    }

    pub(super) fn qualifiers(&mut self, signature: &syn::Signature) {
        if let Some(token) = &signature.asyncness {
            let span = self.at(token.span());
            let help = "remove `async`; a kernel never waits";
            self.refuse::<()>(codes::FUNCTION, span, "async functions are", help);
        }
        match &signature.safety {
            syn::Safety::Default => {}
            other => {
                let span = self.place(other);
                let help = "remove it; everything in a kernel is checked";
                let what = match other {
                    syn::Safety::Unsafe(_) => "`unsafe` functions are",
                    _ => "`safe` is",
                };
                self.refuse::<()>(codes::FUNCTION, span, what, help);
            }
        }
        if let Some(abi) = &signature.abi {
            let span = self.place(abi);
            let help = "remove `extern`; how a kernel is called is decided by its attribute";
            self.refuse::<()>(codes::FUNCTION, span, "`extern` functions are", help);
        }
        if let Some(variadic) = &signature.variadic {
            let span = self.at(variadic.dots.span());
            let help = "name every parameter";
            self.refuse::<()>(codes::FUNCTION, span, "variadic functions are", help);
        }
    }

    pub(super) fn param(&mut self, param: &syn::FnArg) -> Option<Param> {
        match param {
            syn::FnArg::Receiver(receiver) => {
                let span = self.at(receiver.self_token.span());
                let message = "`self` parameter is only allowed in associated functions";
                let help =
                    "give the parameter a name and a type, or move the function into an `impl`";
                self.report_at(codes::FUNCTION, span, message, help);
                None
            }
            syn::FnArg::Typed(typed) => {
                self.plain_attributes(&typed.attrs, Place::Other);
                let pattern = self.pattern(&typed.pat);
                let ty = match self.callable_type(&typed.ty) {
                    Some(ty) => Some(ty),
                    None => self.ty(&typed.ty),
                };
                Some(Param {
                    pattern: pattern?,
                    ty: ty?,
                })
            }
        }
    }

    pub(super) fn generics(&mut self, generics: &syn::Generics) -> Vec<TypeParam> {
        let mut params: Vec<TypeParam> = Vec::new();
        self.callables.clear();
        if generics.params.len() > MAX_TYPE_PARAMS {
            let span = self.at(generics.params[MAX_TYPE_PARAMS].span());
            let message = format!("more than {MAX_TYPE_PARAMS} type parameters");
            self.report(Diagnostic::new(codes::LIMIT, span, message));
            return params;
        }
        for param in &generics.params {
            match param {
                syn::GenericParam::Lifetime(_) => {}
                syn::GenericParam::Const(param) => {
                    let span = self.place(param);
                    let help = "pass the number as a parameter";
                    self.refuse::<()>(codes::FUNCTION, span, "const parameters are", help);
                }
                syn::GenericParam::Type(param) => {
                    self.plain_attributes(&param.attrs, Place::Other);
                    if let Some((eq, _)) = &param.default {
                        let span = self.at(eq.span());
                        let help = "remove the default";
                        let what = "a default for a type parameter is";
                        self.refuse::<()>(codes::FUNCTION, span, what, help);
                    }
                    let name = self.ident(&param.ident);
                    if let Some(first) = params.iter().find(|p| p.name.name == name.name) {
                        let message = format!(
                            "the name `{}` is already used for a type parameter",
                            name.name
                        );
                        let diagnostic = Diagnostic::new("E0403", name.span, message)
                            .label("already used")
                            .related(first.name.span, "first use");
                        self.report(diagnostic);
                    }
                    let bounds = self.bounds(&param.bounds);
                    if let Some(callable) = self.callable.take() {
                        self.callables.push((name.name, callable));
                        continue;
                    }
                    params.push(TypeParam { name, bounds });
                }
            }
        }
        if let Some(clause) = &generics.where_clause {
            for predicate in &clause.predicates {
                self.predicate(predicate, &mut params);
            }
        }
        params
    }

    fn predicate(&mut self, predicate: &syn::WherePredicate, params: &mut Vec<TypeParam>) {
        let syn::WherePredicate::Type(predicate) = predicate else {
            return;
        };
        let name: Option<Ident> = match &predicate.bounded_ty {
            syn::Type::Path(path) if path.qself.is_none() => {
                path.path.get_ident().map(|ident| self.ident(ident))
            }
            _ => None,
        };
        let bounds = self.bounds(&predicate.bounds);
        if let (Some(callable), Some(name)) = (self.callable.take(), &name) {
            params.retain(|param| param.name.name != name.name);
            self.callables.push((name.name.clone(), callable));
            return;
        }
        let known =
            name.and_then(|name| params.iter_mut().find(|param| param.name.name == name.name));
        match known {
            Some(param) => param.bounds.extend(bounds),
            None => {
                let span = self.place(&predicate.bounded_ty);
                self.report_at(
                    codes::FUNCTION,
                    span,
                    "a bound on something other than a type parameter of this function",
                    "bound the type parameters themselves, as in `where T: Float`",
                );
            }
        }
    }

    fn bounds<'b>(
        &mut self,
        bounds: impl IntoIterator<Item = &'b syn::TypeParamBound>,
    ) -> Vec<Bound> {
        let mut known = Vec::new();
        for bound in bounds {
            match bound {
                syn::TypeParamBound::Lifetime(_) => {}
                syn::TypeParamBound::Trait(bound)
                    if bound.maybe.is_none() && bound.lifetimes.is_none() =>
                {
                    known.extend(self.trait_bound(&bound.path));
                }
                other => {
                    let span = self.place(other);
                    let help = "use `Number`, `Real`, `Integer` or `Float`";
                    self.refuse::<()>(codes::FUNCTION, span, "this kind of bound is", help);
                }
            }
        }
        known
    }

    fn trait_bound(&mut self, path: &syn::Path) -> Option<Bound> {
        let last = path.segments.last()?;
        let name = self.ident(&last.ident).name;
        if last.arguments.is_none() {
            if let Some(bound) = BOUNDS.into_iter().find(|bound| bound.name() == name) {
                return Some(bound);
            }
            if IMPLIED.contains(&name.as_str()) {
                return None;
            }
        }
        if super::callable::TRAITS.contains(&name.as_str()) {
            self.callable = self.callable_bound(path);
            return None;
        }
        let span = self.place(path);
        let help = match name.as_str() {
            "PartialOrd" | "Ord" => "use `Real`, the bound of all ordered number types".to_string(),
            "Add" | "Sub" | "Mul" | "Div" | "Rem" | "Neg" | "PartialEq" | "Num" | "Zero"
            | "One" => "use `Number`, the bound of all number types".to_string(),
            _ => {
                let names = BOUNDS.map(Bound::name);
                match crate::suggest::nearest(&name, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "the bounds are `Number`, `Real`, `Integer` and `Float`".to_string(),
                }
            }
        };
        let message = format!("the bound `{name}` is not in the kernel language");
        let diagnostic = Diagnostic::new(codes::FUNCTION, span, message).help(help);
        self.report(diagnostic);
        None
    }
}

/// The text of the `///` lines, without the one space after the slashes.
pub(super) fn doc_of(attributes: &[syn::Attribute]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for attribute in attributes {
        let syn::Meta::NameValue(meta) = &attribute.meta else {
            continue;
        };
        if !meta.path.is_ident("doc") {
            continue;
        }
        let syn::Expr::Lit(value) = &meta.value else {
            continue;
        };
        if let syn::Lit::Str(text) = &value.lit {
            for line in text.value().split('\n') {
                let line = line.trim_end();
                lines.push(line.strip_prefix(' ').unwrap_or(line).to_string());
            }
        }
    }
    lines.join("\n").trim_matches('\n').to_string()
}
