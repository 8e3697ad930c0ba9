//! Types.

use proc_macro2::Span as SynSpan;
use syn::spanned::Spanned;

use super::convert::{Converter, codes};
use crate::ast::Path;
use crate::ast::{TypeExpr, TypeKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// `ArrayView2` is (not mutable, 2 axes); `ArrayView` has its number of axes elsewhere.
pub(super) fn view_name(name: &str) -> Option<(bool, Option<u8>)> {
    let rest = name.strip_prefix("ArrayView")?;
    let (mutable, rest) = match rest.strip_prefix("Mut") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if rest.is_empty() {
        return Some((mutable, None));
    }
    axes(rest).map(|axes| (mutable, Some(axes)))
}

fn axes(digit: &str) -> Option<u8> {
    match digit.as_bytes() {
        [digit @ b'0'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

impl Converter<'_> {
    pub(super) fn ty(&mut self, ty: &syn::Type) -> Option<TypeExpr> {
        self.deeper(|| ty.span(), |this| this.ty_inner(ty))
            .or_else(|| {
                Some(TypeExpr {
                    kind: TypeKind::Error,
                    span: self.place(ty),
                })
            })
    }

    fn ty_inner(&mut self, ty: &syn::Type) -> Option<TypeExpr> {
        let (kind, span) = match ty {
            syn::Type::Paren(ty) => {
                let inner = self.ty(&ty.elem)?;
                return Some(TypeExpr {
                    kind: inner.kind,
                    span: self.at(ty.paren_token.span.join()),
                });
            }
            syn::Type::Group(ty) => return self.ty(&ty.elem),
            syn::Type::Infer(ty) => (TypeKind::Infer, self.at(ty.underscore_token.span())),
            syn::Type::Never(ty) => (TypeKind::Never, self.at(ty.bang_token.span())),
            syn::Type::Tuple(ty) => {
                let parts = self.all(&ty.elems, Self::ty)?;
                (TypeKind::Tuple(parts), self.at(ty.paren_token.span.join()))
            }
            syn::Type::Reference(ty) => self.reference_type(ty)?,
            syn::Type::Array(ty) => self.array_type(ty)?,
            syn::Type::Path(ty) => self.path_type(ty)?,
            _ => return self.refused_type(ty),
        };
        Some(TypeExpr { kind, span })
    }

    fn reference_type(&mut self, ty: &syn::TypeReference) -> Option<(TypeKind, Span)> {
        let start = self.at(ty.and_token.span());
        if let syn::Type::Slice(slice) = &*ty.elem {
            let span = start.to(self.at(slice.bracket_token.span.close()));
            let element = self.place(&*slice.elem);
            let element = self.text_at(element);
            let view = match ty.mutability {
                Some(_) => "ArrayViewMut1",
                None => "ArrayView1",
            };
            let help = format!("take `{view}<{element}>`");
            return self.refuse(codes::TYPE, span, "slices are", &help);
        }
        let inner = self.ty(&ty.elem)?;
        let span = start.to(inner.span);
        let kind = TypeKind::Reference {
            mutable: ty.mutability.is_some(),
            inner: Box::new(inner),
        };
        Some((kind, span))
    }

    fn refused_type<T>(&mut self, ty: &syn::Type) -> Option<T> {
        let (what, help) = match ty {
            syn::Type::Slice(_) => ("slices are", "take an `ArrayView1`"),
            syn::Type::FnPtr(_) => (
                "a function pointer that is no parameter is",
                "call the function by its name, or take it as a parameter",
            ),
            syn::Type::ImplTrait(_) => (
                "`impl` types are",
                "name a type parameter, as in `fn f<T: Float>(x: T)`",
            ),
            syn::Type::TraitObject(_) => (
                "trait objects are",
                "name a type parameter, as in `fn f<T: Float>(x: T)`",
            ),
            syn::Type::Ptr(_) => ("raw pointers are", "take an array view"),
            syn::Type::Macro(_) => ("macros for types are", "write the type itself"),
            _ => ("this type is", "write a number type, a tuple or a view"),
        };
        let span = self.place(ty);
        self.refuse(codes::TYPE, span, what, help)
    }

    fn path_type(&mut self, ty: &syn::TypePath) -> Option<(TypeKind, Span)> {
        let path = &ty.path;
        let span = match path.get_ident() {
            Some(ident) if ty.qself.is_none() => self.at(ident.span()),
            _ => self.place(ty),
        };
        if ty.qself.is_some() {
            let help = "write the type itself";
            return self.refuse(codes::TYPE, span, "associated types are", help);
        }
        let last = path.segments.last()?;
        let name = self.ident(&last.ident).name;
        if let Some((mutable, axes)) = view_name(&name)
            && (path.segments.len() == 1
                || path.segments[0].ident == "ndarray"
                || path.segments[0].ident == "brolga")
        {
            return self.view_type(last, mutable, axes, span);
        }
        if let Some(axes) = super::array::owned_name(&name)
            && (path.segments.len() == 1
                || path.segments[0].ident == "ndarray"
                || path.segments[0].ident == "brolga")
        {
            return self.owned_type(last, axes, span);
        }
        if path.segments.len() > 1 {
            let primitive = path.segments.len() == 3
                && (path.segments[0].ident == "std" || path.segments[0].ident == "core")
                && path.segments[1].ident == "primitive";
            let output =
                path.segments.len() == 2 && path.segments[0].ident == "Self" && name == "Output";
            if output {
                let segments = path.segments.iter().map(|s| self.ident(&s.ident)).collect();
                let path = Path {
                    segments,
                    type_args: Vec::new(),
                    owner_args: Vec::new(),
                };
                return Some((TypeKind::Named(path), span));
            }
            let first = self.ident(&path.segments[0].ident).name;
            let foreign = ["std", "core", "ndarray", "brolga", "num_complex", "half"]
                .contains(&first.as_str());
            let is_own = super::option::TYPES.contains(&name.as_str());
            let ordering = path.segments.len() == 3 && super::uses::begins_with_ordering(path);
            if ordering || !primitive && !foreign && !is_own {
                return self
                    .value_path(path)
                    .map(|path| (TypeKind::Named(path), span));
            }
            if !primitive {
                let help = "write a number type, a type of the file, a type parameter, a tuple, an array or a view";
                return self.refuse(codes::TYPE, span, "this path to a type is", help);
            }
        }
        if super::option::TYPES.contains(&name.as_str()) {
            return self.known_type(last, span);
        }
        if name == "Self" || self.is_own_type(&name, &last.arguments) {
            return self
                .own_type(last)
                .map(|path| (TypeKind::Named(path), span));
        }
        let scalar = Scalar::ALL.into_iter().find(|s| s.name() == name);
        match (scalar, &last.arguments) {
            (Some(scalar), syn::PathArguments::None) => Some((TypeKind::Scalar(scalar), span)),
            (None, syn::PathArguments::None) if known_elsewhere(&name).is_none() => {
                let path = Path {
                    segments: vec![self.ident(&last.ident)],
                    type_args: Vec::new(),
                    owner_args: Vec::new(),
                };
                Some((TypeKind::Named(path), span))
            }
            _ => {
                let help = known_elsewhere(&name)
                    .unwrap_or("write a number type, a type of the file, a type parameter, a tuple, an array or a view");
                let message = format!("the type `{name}` is not in the kernel language");
                let message = match scalar {
                    Some(_) => format!("`{name}` takes no arguments"),
                    None => message,
                };
                self.report(Diagnostic::new(codes::TYPE, span, message).help(help));
                None
            }
        }
    }

    fn view_type(
        &mut self,
        segment: &syn::PathSegment,
        mutable: bool,
        named_axes: Option<u8>,
        span: Span,
    ) -> Option<(TypeKind, Span)> {
        let name = &segment.ident;
        let example = match named_axes {
            Some(_) => format!("write `{name}<f64>`, or another element type"),
            None => format!("write `{name}1<f64>` to `{name}6<f64>`, or `{name}<f64, Ix2>`"),
        };
        let mut types = Vec::new();
        if let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments {
            for argument in &arguments.args {
                match argument {
                    syn::GenericArgument::Lifetime(_) => {}
                    syn::GenericArgument::Type(ty) => types.push(ty),
                    other => {
                        let span = self.place(other);
                        self.report_at(
                            codes::TYPE,
                            span,
                            "a view takes an element type here",
                            &example,
                        );
                        return None;
                    }
                }
            }
        }
        let (element, axes) = match (types.as_slice(), named_axes) {
            ([element], Some(axes)) => (*element, axes),
            ([element, dimension], None) => {
                let text = self.place(*dimension);
                let text = self.text_at(text);
                match text
                    .rsplit("::")
                    .next()
                    .and_then(|t| t.strip_prefix("Ix"))
                    .and_then(axes)
                {
                    Some(axes) => (*element, axes),
                    None => {
                        let span = self.place(*dimension);
                        self.report_at(
                            codes::TYPE,
                            span,
                            "the number of axes of a view must be known",
                            "write `Ix0` to `Ix6`",
                        );
                        return None;
                    }
                }
            }
            _ => {
                let message = format!("`{name}` with the wrong number of type arguments");
                self.report_at("E0107", span, &message, &example);
                return None;
            }
        };
        let element = Box::new(self.ty(element)?);
        let kind = TypeKind::View {
            element,
            ndim: axes,
            mutable,
        };
        Some((kind, span))
    }

    /// The type arguments after `::<`; lifetimes are dropped.
    pub(super) fn type_args(
        &mut self,
        arguments: &syn::AngleBracketedGenericArguments,
    ) -> Option<Vec<TypeExpr>> {
        let converted = self.all(&arguments.args, |this, argument| match argument {
            syn::GenericArgument::Lifetime(_) => Some(None),
            syn::GenericArgument::Type(ty) => this.ty(ty).map(Some),
            other => {
                let span: SynSpan = other.span();
                let span = this.at(span);
                let help = "only types can be given here";
                this.refuse(codes::TYPE, span, "this generic argument is", help)
            }
        })?;
        Some(converted.into_iter().flatten().collect())
    }
}

/// Help for well-known types of Rust that the language does not have.
pub(super) fn known_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "i128" | "u128" => "the widest integers are `i64` and `u64`",
        "f128" => "the float types are `f32` and `f64`",
        "char" => "use `u8` or `u32`",
        "str" | "String" => "kernels have no text; use numbers",
        "Vec" | "Box" | "VecDeque" => {
            "use a local array, `Array1::zeros(n)`, or take an array view as a parameter"
        }
        "Array" | "ArrayBase" | "ArrayD" | "ArrayRef" => {
            "name the number of axes: a local array is `Array1<f64>`, a parameter `ArrayView1<f64>`"
        }
        "ArrayViewD" | "ArrayViewMutD" => "the number of axes must be known: `ArrayView2<f64>`",
        "Result" => "use `Option`, or let the kernel panic",
        _ => return None,
    })
}
