//! Structs, enums and `impl` blocks: the items, their values and their patterns. Which
//! traits may be implemented is decided here, by their names; whether fields and types exist
//! is the checker's business.

use syn::spanned::Spanned;

use super::attribute::Place;
use super::convert::{Converter, codes};
use super::function::doc_of;
use super::ty::known_elsewhere;
use crate::ast::{
    Const, Enum, Expr, ExprKind, Field, Function, Ident, Impl, Operator, Param, Path, Pattern,
    PatternKind, Struct, TypeExpr, TypeKind,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// How many fields or variants a type may have.
const MAX_MEMBERS: usize = 1000;

/// The traits that can be derived.
const DERIVES: [&str; 9] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
];

/// The operators' traits with their methods.
pub(crate) const OPERATORS: [(&str, &str); 22] = [
    ("Add", "add"),
    ("Sub", "sub"),
    ("Mul", "mul"),
    ("Div", "div"),
    ("Rem", "rem"),
    ("BitAnd", "bitand"),
    ("BitOr", "bitor"),
    ("BitXor", "bitxor"),
    ("Shl", "shl"),
    ("Shr", "shr"),
    ("AddAssign", "add_assign"),
    ("SubAssign", "sub_assign"),
    ("MulAssign", "mul_assign"),
    ("DivAssign", "div_assign"),
    ("RemAssign", "rem_assign"),
    ("BitAndAssign", "bitand_assign"),
    ("BitOrAssign", "bitor_assign"),
    ("BitXorAssign", "bitxor_assign"),
    ("ShlAssign", "shl_assign"),
    ("ShrAssign", "shr_assign"),
    ("Neg", "neg"),
    ("Not", "not"),
];

/// Whether an item of this visibility is seen outside of its module.
pub(super) fn is_pub(visibility: &syn::Visibility) -> bool {
    match visibility {
        syn::Visibility::Public(_) => true,
        syn::Visibility::Restricted(restricted) => !restricted.path.is_ident("self"),
        _ => false,
    }
}

/// What the attributes of a struct or enum say.
#[derive(Default)]
struct Derived {
    derives: Vec<Ident>,
    repr: Option<Scalar>,
}

impl Converter<'_> {
    /// The attributes of a struct or enum.
    fn type_attributes(&mut self, attributes: &[syn::Attribute], is_enum: bool) -> Derived {
        let mut found = Derived::default();
        for attribute in attributes {
            let path = attribute.path();
            if path.is_ident("derive") {
                self.derive(attribute, &mut found.derives);
            } else if path.is_ident("repr") {
                let span = self.place(attribute);
                let name = match &attribute.meta {
                    syn::Meta::List(list) => list.tokens.to_string(),
                    _ => String::new(),
                };
                let integer = Scalar::ALL.into_iter().find(|s| s.name() == name);
                match integer.filter(|s| s.is_integer()) {
                    Some(scalar) if is_enum => found.repr = Some(scalar),
                    // The layout of a struct cannot be seen in a kernel.
                    _ if !is_enum && ["C", "transparent"].contains(&name.as_str()) => {}
                    _ => {
                        let help = if is_enum {
                            "write an integer type, as in `#[repr(u8)]`"
                        } else {
                            "remove it"
                        };
                        self.refuse::<()>(codes::ATTRIBUTE, span, "this `repr` is", help);
                    }
                }
            } else {
                self.plain_attributes(std::slice::from_ref(attribute), Place::Other);
            }
        }
        found
    }

    fn derive(&mut self, attribute: &syn::Attribute, derives: &mut Vec<Ident>) {
        let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        let Ok(paths) = attribute.parse_args_with(parser) else {
            let span = self.place(attribute);
            let message = "malformed `derive` attribute";
            self.report_at(
                codes::ATTRIBUTE,
                span,
                message,
                "write `#[derive(Clone, Copy)]`",
            );
            return;
        };
        for path in &paths {
            let Some(last) = path.segments.last() else {
                continue;
            };
            let name = self.ident(&last.ident);
            if DERIVES.contains(&name.name.as_str()) {
                if let Some(first) = derives.iter().find(|d| d.name == name.name) {
                    let message = format!("`{}` is derived twice", name.name);
                    let error = Diagnostic::new("E0119", name.span, message)
                        .related(first.span, "first derived here")
                        .help("remove one of them");
                    self.report(error);
                } else {
                    derives.push(name);
                }
                continue;
            }
            let message = format!("`{}` cannot be derived in the kernel language", name.name);
            let help = match crate::suggest::nearest(&name.name, DERIVES) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`Clone`, `Copy`, `PartialEq`, `Eq`, `PartialOrd`, `Ord`, `Default`, `Debug` and `Hash` can be derived".to_string(),
            };
            self.report_at(codes::ATTRIBUTE, name.span, &message, &help);
        }
    }

    fn too_many(&mut self, name: &proc_macro2::Ident, what: &str) {
        let name = self.ident(name);
        let message = format!("`{}` has more than {MAX_MEMBERS} {what}", name.name);
        self.report(Diagnostic::new(codes::LIMIT, name.span, message));
    }

    pub(super) fn struct_item(&mut self, item: &syn::ItemStruct) -> Option<Struct> {
        let before = self.errors();
        let derived = self.type_attributes(&item.attrs, false);
        let type_params = self.generics(&item.generics);
        self.no_callables(&item.generics);
        for param in &item.generics.params {
            let syn::GenericParam::Lifetime(param) = param else {
                continue;
            };
            let span = self.place(&param.lifetime);
            let name = self.text_at(span);
            let used = |field: &syn::Field| self.text_at(self.place(&field.ty)).contains(name);
            if !item.fields.iter().any(used) {
                let message = format!("lifetime parameter `{name}` is never used");
                self.report_at("E0392", span, &message, "remove it");
            }
        }
        let mut fields = Vec::new();
        if item.fields.len() > MAX_MEMBERS {
            self.too_many(&item.ident, "fields");
            return None;
        }
        for (n, field) in item.fields.iter().enumerate() {
            self.plain_attributes(&field.attrs, Place::Other);
            let Some(ty) = self.ty(&field.ty) else {
                continue;
            };
            let name = match &field.ident {
                Some(name) => self.ident(name),
                None => Ident {
                    name: n.to_string(),
                    span: ty.span,
                },
            };
            let is_pub = is_pub(&field.vis);
            fields.push(Field { name, ty, is_pub });
        }
        if self.errors() != before {
            return None;
        }
        Some(Struct {
            name: self.ident(&item.ident),
            type_params,
            fields,
            tuple: !matches!(item.fields, syn::Fields::Named(_)),
            derives: derived.derives,
            is_pub: is_pub(&item.vis),
        })
    }

    pub(super) fn enum_item(&mut self, item: &syn::ItemEnum) -> Option<Enum> {
        let before = self.errors();
        let derived = self.type_attributes(&item.attrs, true);
        if let Some(param) = item.generics.params.first() {
            let span = self.place(param);
            let help = "remove the parameters; variants hold no values";
            self.refuse::<()>(codes::ITEM, span, "generic enums are", help);
        }
        let mut variants = Vec::new();
        if item.variants.len() > MAX_MEMBERS {
            self.too_many(&item.ident, "variants");
            return None;
        }
        let mut default = None;
        for (n, variant) in item.variants.iter().enumerate() {
            for attribute in &variant.attrs {
                if attribute.path().is_ident("default") {
                    default = Some(n);
                } else {
                    self.plain_attributes(std::slice::from_ref(attribute), Place::Other);
                }
            }
            if !matches!(variant.fields, syn::Fields::Unit) {
                let span = self.place(&variant.fields);
                let help = "use a struct with an enum for the kind and a field for each value";
                self.refuse::<()>(codes::ITEM, span, "a variant with values is", help);
                continue;
            }
            let name = self.ident(&variant.ident);
            let value = match &variant.discriminant {
                Some((_, value)) => match self.expr(value) {
                    Some(value) => Some(Const {
                        name: name.clone(),
                        ty: TypeExpr {
                            kind: TypeKind::Scalar(derived.repr.unwrap_or(Scalar::Isize)),
                            span: value.span,
                        },
                        value,
                        is_pub: true,
                    }),
                    None => continue,
                },
                None => None,
            };
            variants.push((name, value));
        }
        if self.errors() != before {
            return None;
        }
        Some(Enum {
            name: self.ident(&item.ident),
            variants,
            repr: derived.repr,
            derives: derived.derives,
            default,
            is_pub: is_pub(&item.vis),
        })
    }

    pub(super) fn impl_item(&mut self, item: &syn::ItemImpl) -> Option<Impl> {
        let before = self.errors();
        self.plain_attributes(&item.attrs, Place::Other);
        if let Some(token) = &item.unsafety {
            let span = self.at(token.span());
            let help = "remove it; everything in a kernel is checked";
            self.refuse::<()>(codes::ITEM, span, "`unsafe` is", help);
        }
        let written = item.trait_.as_ref();
        let operator = written.map(|(path, _)| self.implemented(path));
        if let Some(None) = operator {
            return None;
        }
        let mut operator = operator.flatten();
        let type_params = self.generics(&item.generics);
        self.no_callables(&item.generics);
        let ty = self.ty(&item.self_ty);
        let (mut functions, mut consts) = (Vec::new(), Vec::new());
        for member in &item.items {
            match member {
                syn::ImplItem::Fn(function) => functions.extend(self.associated(function)),
                syn::ImplItem::Const(constant) if operator.is_none() => {
                    consts.extend(self.associated_const(constant));
                }
                syn::ImplItem::Type(alias) if operator.is_some() && alias.ident == "Output" => {
                    let output = self.ty(&alias.ty);
                    if let Some(operator) = &mut operator {
                        operator.output = output;
                    }
                }
                other => {
                    let span = self.place(other);
                    let help = "an `impl` holds functions and constants";
                    self.refuse::<()>(codes::ITEM, span, "this is", help);
                }
            }
        }
        if self.errors() != before {
            return None;
        }
        let start = self.at(item.impl_token.span());
        Some(Impl {
            type_params,
            ty: ty?,
            functions,
            consts,
            operator,
            span: start.to(self.at(item.brace_token.span.close())),
        })
    }

    /// The trait of an `impl`; `None` after a refusal.
    fn implemented(&mut self, path: &syn::Path) -> Option<Operator> {
        let last = path.segments.last()?;
        let name = self.ident(&last.ident);
        let span = self.place(path);
        if OPERATORS.iter().any(|(known, _)| *known == name.name) {
            let operand = match &last.arguments {
                syn::PathArguments::None => None,
                syn::PathArguments::AngleBracketed(arguments) => {
                    let mut list = self.type_args(arguments)?;
                    if list.len() > 1 {
                        let message = format!("`{}` takes one type argument", name.name);
                        self.report(Diagnostic::new("E0107", span, message));
                        return None;
                    }
                    list.pop()
                }
                other => {
                    let span = self.place(other);
                    let help = "write the operand's type in `<..>`";
                    return self.refuse(codes::ITEM, span, "this is", help);
                }
            };
            return Some(Operator {
                name,
                operand,
                output: None,
            });
        }
        let derived = DERIVES.contains(&name.name.as_str());
        let help = match name.name.as_str() {
            _ if derived => format!("write `#[derive({})]` before the type", name.name),
            "Index" | "IndexMut" => "write a method `get` and a method `set`".to_string(),
            "From" | "Into" | "FromStr" | "TryFrom" => {
                "write an associated function, as in `fn from_parts(..) -> Self`".to_string()
            }
            _ => "write the functions into an `impl` without a trait".to_string(),
        };
        let what = format!("implementing `{}` is", name.name);
        self.refuse(codes::ITEM, span, &what, &help)
    }

    fn associated(&mut self, item: &syn::ImplItemFn) -> Option<Function> {
        let before = self.errors();
        self.plain_attributes(&item.attrs, Place::Other);
        if let Some(default) = &item.modifiers.defaultness {
            let span = self.at(default.span());
            self.refuse::<()>(codes::FUNCTION, span, "`default` is", "remove it");
        }
        self.qualifiers(&item.sig);
        let type_params = self.generics(&item.sig.generics);
        let params = self.all(&item.sig.inputs, |this, param| match param {
            syn::FnArg::Receiver(receiver) => this.receiver(receiver),
            typed => this.param(typed),
        });
        let result = match &item.sig.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => self.ty(ty),
        };
        self.nesting += 1;
        let body = self.block(&item.block);
        self.nesting -= 1;
        if self.errors() != before {
            return None;
        }
        Some(Function {
            name: self.ident(&item.sig.ident),
            attribute: None,
            doc: doc_of(&item.attrs),
            type_params,
            params: params?,
            result,
            body: body?,
            is_pub: is_pub(&item.vis),
        })
    }

    /// `self`, `mut self`, `&self`, `&mut self` as a parameter.
    fn receiver(&mut self, receiver: &syn::Receiver) -> Option<Param> {
        self.plain_attributes(&receiver.attrs, Place::Other);
        let span = self.at(receiver.self_token.span());
        let own = TypeExpr {
            kind: TypeKind::Named(Path {
                segments: vec![Ident {
                    name: "Self".to_string(),
                    span,
                }],
                type_args: Vec::new(),
                owner_args: Vec::new(),
            }),
            span,
        };
        let ty = match &receiver.kind {
            syn::ReceiverKind::Value => own,
            syn::ReceiverKind::Reference(_, _, mutability) => TypeExpr {
                kind: TypeKind::Reference {
                    mutable: mutability.is_some(),
                    inner: Box::new(own),
                },
                span: self.place(receiver),
            },
            _ => {
                let span = self.place(receiver);
                let help = "write `self`, `&self` or `&mut self`";
                return self.refuse(codes::FUNCTION, span, "a type of `self` is", help);
            }
        };
        let name = Ident {
            name: "self".to_string(),
            span,
        };
        let kind = PatternKind::Binding {
            name,
            mutable: receiver.mutability.is_some(),
            inner: None,
        };
        Some(Param {
            pattern: Pattern { kind, span },
            ty,
        })
    }

    fn associated_const(&mut self, item: &syn::ImplItemConst) -> Option<Const> {
        self.plain_attributes(&item.attrs, Place::Other);
        if item.generics.lt_token.is_some() || item.generics.where_clause.is_some() {
            let span = self.place(&item.generics);
            let help = "give the constant one type";
            self.refuse::<()>(codes::ITEM, span, "generic constants are", help);
        }
        let ty = self.ty(&item.ty);
        let value = self.expr(&item.expr);
        Some(Const {
            name: self.ident(&item.ident),
            ty: ty?,
            value: value?,
            is_pub: is_pub(&item.vis),
        })
    }

    /// Whether a name stands for a struct, with these arguments, rather than for something
    /// that the language has under its own name.
    pub(super) fn is_own_type(&self, name: &str, arguments: &syn::PathArguments) -> bool {
        matches!(arguments, syn::PathArguments::AngleBracketed(_))
            && known_elsewhere(name).is_none()
            && !name.starts_with("ArrayView")
            && !Scalar::ALL.into_iter().any(|s| s.name() == name)
    }

    /// `Name<T>` or `Self` as a type.
    pub(super) fn own_type(&mut self, segment: &syn::PathSegment) -> Option<Path> {
        let type_args = match &segment.arguments {
            syn::PathArguments::None => Vec::new(),
            syn::PathArguments::AngleBracketed(arguments) => self.type_args(arguments)?,
            other => {
                let span = self.place(other);
                let help = "write the type arguments in `<..>`";
                return self.refuse(codes::TYPE, span, "this is", help);
            }
        };
        Some(Path {
            segments: vec![self.ident(&segment.ident)],
            type_args,
            owner_args: Vec::new(),
        })
    }

    /// A path in an expression or pattern.
    pub(super) fn value_path(&mut self, path: &syn::Path) -> Option<Path> {
        let mut found = Path {
            segments: Vec::new(),
            type_args: Vec::new(),
            owner_args: Vec::new(),
        };
        let count = path.segments.len();
        for (number, segment) in path.segments.iter().enumerate() {
            let name = self.ident(&segment.ident);
            if count == 1 && matches!(name.name.as_str(), "super" | "crate") {
                let what = format!("`{}` in a path is", name.name);
                let help = "name functions and constants of this file directly";
                return self.refuse(codes::EXPRESSION, name.span, &what, help);
            }
            found.segments.push(name);
            match &segment.arguments {
                syn::PathArguments::None => {}
                syn::PathArguments::AngleBracketed(arguments) if number + 1 == count => {
                    found.type_args = self.type_args(arguments)?;
                }
                syn::PathArguments::AngleBracketed(arguments) if number + 2 == count => {
                    found.owner_args = self.type_args(arguments)?;
                }
                arguments => {
                    let span = self.place(arguments);
                    let what = "type arguments in the middle of a path are";
                    let help = "give type arguments to the function, as in `f::<f64>(x)`";
                    return self.refuse(codes::EXPRESSION, span, what, help);
                }
            }
        }
        if super::uses::begins_with_ordering(path) {
            let span = found.segments[0].span.to(found.segments[2].span);
            let name = super::uses::ORDERING.to_string();
            found.segments.splice(..3, [Ident { name, span }]);
        }
        Some(found)
    }

    fn field_name(&mut self, member: &syn::Member) -> Ident {
        match member {
            syn::Member::Named(name) => self.ident(name),
            syn::Member::Unnamed(index) => Ident {
                name: index.index.to_string(),
                span: self.at(index.span),
            },
        }
    }

    pub(super) fn struct_expr(&mut self, expr: &syn::ExprStruct) -> Option<(ExprKind, Span)> {
        let path = self.value_path(&expr.path);
        let fields: Option<Vec<(Ident, Expr)>> = self.all(&expr.fields, |this, field| {
            this.plain_attributes(&field.attrs, Place::Other);
            let name = this.field_name(&field.member);
            Some((name, this.expr(&field.expr)?))
        });
        let base = match (&expr.rest, &expr.dot2_token) {
            (Some(rest), _) => Some(self.expr(rest)),
            (None, Some(token)) => {
                let span = self.place(token);
                let message = "base expression required after `..`";
                self.report_at("E0797", span, message, "write a value after `..`");
                Some(None)
            }
            (None, None) => None,
        };
        let base = match base {
            Some(base) => Some(Box::new(base?)),
            None => None,
        };
        let start = self.place(&expr.path);
        let kind = ExprKind::Struct {
            path: path?,
            fields: fields?,
            base,
        };
        Some((kind, start.to(self.at(expr.brace_token.span.close()))))
    }

    pub(super) fn tuple_struct_pattern(
        &mut self,
        pattern: &syn::PatTupleStruct,
    ) -> Option<(PatternKind, Span)> {
        let path = self.value_path(&pattern.path);
        let parts = self.all(&pattern.elems, Self::pattern);
        let span = self
            .place(&pattern.path)
            .to(self.at(pattern.paren_token.span.close()));
        Some((PatternKind::TupleStruct(path?, parts?), span))
    }

    pub(super) fn struct_pattern(
        &mut self,
        pattern: &syn::PatStruct,
    ) -> Option<(PatternKind, Span)> {
        let path = self.value_path(&pattern.path);
        let fields = self.all(&pattern.fields, |this, field| {
            this.plain_attributes(&field.attrs, Place::Other);
            let name = this.field_name(&field.member);
            Some((name, this.pattern(&field.pat)?))
        });
        let span = self
            .place(&pattern.path)
            .to(self.at(pattern.brace_token.span.close()));
        let kind = PatternKind::Struct {
            path: path?,
            fields: fields?,
            rest: pattern.rest.is_some(),
        };
        Some((kind, span))
    }
}
