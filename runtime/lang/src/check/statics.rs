//! Statics: globals that the host binds to other values. Their types, their values while the
//! host binds none, and what the IR has of them. Not here: how a value is bound.
//!
//! Invariant: a static's value is evaluated once, needs no other static, and consists of
//! scalars.

use std::collections::HashMap;

use crate::ast;
use crate::check::session::{Item, ScopeIndex, Session};
use crate::check::ty::{Ty, show};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{Expr, ExprKind, Global, Type, Unhashed};

/// A static's number in its session.
pub(crate) type StaticIndex = usize;

/// A static.
#[derive(Debug)]
pub(crate) struct StaticItem<'a> {
    pub(crate) ast: &'a ast::Static,
    /// `consts::GAIN`.
    pub(crate) path: String,
    pub(crate) scope: ScopeIndex,
    pub(crate) ty: Ty,
    /// Its value, once it was evaluated; `None` after an error.
    value: Option<Option<Expr>>,
}

/// A static as the host sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlobalMeta {
    /// Its name, type and value without a binding.
    pub global: Global,
    /// Its type as written in the language: `Complex<f64>`.
    pub type_name: String,
    /// The doc comment's text, or empty.
    pub doc: String,
}

impl<'a> Session<'a> {
    pub(super) fn register_statics(
        &mut self,
        file: &'a ast::File,
        scope: ScopeIndex,
        path: &str,
        places: &mut HashMap<&'a str, Span>,
    ) {
        for item in &file.statics {
            let number = self.statics.len();
            self.statics.push(StaticItem {
                ast: item,
                path: match path {
                    "" => item.name.name.clone(),
                    _ => format!("{path}::{}", item.name.name),
                },
                scope,
                ty: Ty::Error,
                value: None,
            });
            self.declare(scope, &item.name, Item::Static(number), places);
        }
    }

    /// The type of a static.
    pub(super) fn define_static(&mut self, number: StaticIndex) {
        let item = self.statics[number].ast;
        let ty = self.lower_type(&item.ty, &[], None);
        if holds_scalars(&ty) {
            self.statics[number].ty = ty;
            return;
        }
        self.report(
            Diagnostic::new("B0711", item.ty.span, "a static cannot have this type")
                .label("not possible here")
                .help("statics are numbers, `bool`, `Complex`, and tuples and arrays of these"),
        );
    }

    /// A static's value without a binding; `None` after an error, which is reported the first
    /// time.
    pub(crate) fn static_value(&mut self, number: StaticIndex) -> Option<Expr> {
        if let Some(value) = &self.statics[number].value {
            return value.clone();
        }
        self.statics[number].value = Some(None);
        let value = self
            .static_body(number)
            .and_then(|body| self.evaluate(&body.value, &body));
        self.statics[number].value = Some(value.clone());
        value
    }

    /// The static as the IR has it; `None` after an error.
    pub(crate) fn global(&mut self, number: StaticIndex) -> Option<Global> {
        let value = self.static_value(number)?;
        let mut bits = Vec::new();
        let complete = flatten(&value, &mut bits);
        complete.then(|| Global {
            name: self.statics[number].path.clone(),
            ty: value.ty,
            default: Unhashed(bits),
        })
    }

    /// The static as the host sees it; `None` after an error.
    pub(crate) fn global_meta(&mut self, number: StaticIndex) -> Option<GlobalMeta> {
        let global = self.global(number)?;
        let item = &self.statics[number];
        Some(GlobalMeta {
            global,
            type_name: show(&item.ty, &[], &|_| "_"),
            doc: item.ast.doc.clone(),
        })
    }

    /// Reports that a constant reads a static.
    pub(crate) fn static_in_constant(&mut self, number: StaticIndex, span: Span) {
        let name = &self.statics[number].ast.name;
        let message = format!("a constant cannot read the static `{}`", name.name);
        let error = Diagnostic::new("B0710", span, message)
            .label("the host may bind it to another value")
            .related(name.span, "this static")
            .help("make it a `const`, or compute the value in a function");
        self.report(error);
    }
}

/// Whether all parts of the type are numbers.
fn holds_scalars(ty: &Ty) -> bool {
    match ty {
        Ty::Scalar(_) | Ty::Error | Ty::Half(_) => true,
        Ty::Tuple(members) => members.iter().all(holds_scalars),
        Ty::Array(inner, _) | Ty::Complex(inner) => holds_scalars(inner),
        _ => false,
    }
}

/// The bits of a value's scalars in order.
fn flatten(value: &Expr, bits: &mut Vec<u64>) -> bool {
    match (&value.kind, &value.ty) {
        (ExprKind::Const(one), _) => {
            bits.push(*one);
            true
        }
        (ExprKind::Tuple(members), Type::Tuple(_)) => {
            members.iter().all(|member| flatten(member, bits))
        }
        (ExprKind::Array(members), _) => members.iter().all(|member| flatten(member, bits)),
        _ => false,
    }
}
