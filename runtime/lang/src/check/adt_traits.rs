//! The traits of types: which a type has, by its derives, and what a derive demands of the
//! fields. Only the traits that can be derived are known here.

use std::sync::Arc;

use crate::check::adt::Shape;
use crate::check::session::Session;
use crate::check::ty::{Ty, show};
use crate::diagnostic::Diagnostic;

impl Session<'_> {
    /// Whether values of this type have a trait that can be derived. Type parameters have what
    /// every number has.
    pub(crate) fn has_trait(&self, name: &str, ty: &Ty) -> bool {
        let total = matches!(name, "Eq" | "Ord" | "Hash");
        match ty {
            Ty::Scalar(s) => !(total && s.is_float()),
            Ty::Half(_) => !total,
            Ty::Param(_) => !total && name != "Default",
            Ty::Adt(adt, args) => {
                self.adts[adt.number].derives.iter().any(|d| d.name == name)
                    && args.iter().all(|a| self.has_trait(name, a))
            }
            Ty::Tuple(list) => list.iter().all(|t| self.has_trait(name, t)),
            Ty::Option(_) if name == "Default" => true,
            Ty::Option(inner) | Ty::Array(inner, _) => self.has_trait(name, inner),
            Ty::Complex(inner) => {
                !matches!(name, "PartialOrd" | "Ord") && self.has_trait(name, inner)
            }
            Ty::Ref(mutable, inner) => match name {
                "Copy" | "Clone" => !mutable,
                "Default" => false,
                _ => self.has_trait(name, inner),
            },
            Ty::View { mutable, .. } => match name {
                "Copy" | "Clone" => !mutable,
                _ => name == "Debug",
            },
            Ty::Owned { .. } => matches!(name, "Clone" | "Debug"),
            Ty::Closure(_) => matches!(name, "Clone" | "Copy"),
            Ty::Never | Ty::Error | Ty::Var(_) => true,
        }
    }

    /// Whether reading a value leaves it where it is.
    pub(crate) fn is_copy(&self, ty: &Ty) -> bool {
        self.has_trait("Copy", ty)
    }

    /// What a derive demands.
    pub(super) fn derived(&mut self, number: usize) {
        let adt = &self.adts[number];
        let (derives, name) = (adt.derives, Arc::clone(&adt.name));
        let fields: Vec<(String, Ty)> = match &adt.shape {
            Shape::Struct { fields, .. } => fields
                .iter()
                .map(|f| (f.name.to_string(), f.ty.clone()))
                .collect(),
            Shape::Enum { .. } => Vec::new(),
        };
        let default = match &adt.shape {
            Shape::Enum { ast, .. } => ast.default.is_some(),
            Shape::Struct { .. } => true,
        };
        for derive in derives {
            let trait_ = derive.name.as_str();
            let needed: &[&str] = match trait_ {
                "Copy" => &["Clone"],
                "Eq" => &["PartialEq"],
                "PartialOrd" => &["PartialEq"],
                "Ord" => &["Eq", "PartialOrd"],
                _ => &[],
            };
            for other in needed {
                if !derives.iter().any(|d| d.name == *other) {
                    let message = format!("the trait bound `{name}: {other}` is not satisfied");
                    self.report(
                        Diagnostic::new("E0277", derive.span, message)
                            .label(format!("`{trait_}` needs it"))
                            .help(format!("derive `{other}` too")),
                    );
                }
            }
            if trait_ == "Default" && !default {
                self.report(
                    Diagnostic::new(
                        "E0665",
                        derive.span,
                        "`#[derive(Default)]` on enum with no `#[default]`",
                    )
                    .help("write `#[default]` before one of the variants"),
                );
            }
            for (field, ty) in &fields {
                let has = match ty {
                    // The derive bounds the type parameters by itself.
                    Ty::Param(_) => true,
                    Ty::Adt(adt, _) => self.adts[adt.number]
                        .derives
                        .iter()
                        .any(|d| d.name == trait_),
                    ty => self.has_trait(trait_, ty),
                };
                if has {
                    continue;
                }
                let params = self.adts[number].params.clone();
                let shown = show(ty, &params, &|_| "_");
                let error = match trait_ {
                    "Copy" => Diagnostic::new(
                        "E0204",
                        derive.span,
                        "the trait `Copy` cannot be implemented for this type",
                    )
                    .label(format!(
                        "the field `{field}` of type `{shown}` is not `Copy`"
                    )),
                    "PartialEq" | "PartialOrd" => {
                        let op = if trait_ == "PartialEq" { "==" } else { "<" };
                        let message =
                            format!("binary operation `{op}` cannot be applied to type `{shown}`");
                        Diagnostic::new("E0369", derive.span, message)
                            .label(format!("the field `{field}` has this type"))
                    }
                    _ => {
                        let message =
                            format!("the trait bound `{shown}: {trait_}` is not satisfied");
                        Diagnostic::new("E0277", derive.span, message)
                            .label(format!("the field `{field}` has this type"))
                    }
                };
                self.report(error.help(format!(
                    "derive `{trait_}` on the field's type too, or remove it here"
                )));
            }
        }
    }
}
