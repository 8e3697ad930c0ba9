//! `std::cmp::Ordering` and the comparisons of numbers that give one. The enum and the
//! comparisons are the language's own text (`library/ordering.rs`); here it is registered in a
//! session, `use` items bring it into scopes, and method calls become calls of its functions.
//! Invariant: a file sees the enum only by `use`, or by its full path.

use std::sync::OnceLock;

use brolga_abi::Bound;

use crate::ast;
use crate::check::function::{Check, Checker, Expect};
use crate::check::session::{Item, ScopeIndex, Session};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Bounds, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::ir::Scalar;
use crate::parse::uses::ORDERING;

/// The text.
const TEXT: &str = include_str!("../library/ordering.rs");

fn file() -> &'static ast::File {
    static FILE: OnceLock<ast::File> = OnceLock::new();
    FILE.get_or_init(|| crate::parse(&Source::new("ordering.rs", TEXT)).file)
}

/// What a session knows of the enum.
#[derive(Debug, Default)]
pub(crate) struct Ordered<'a> {
    /// The scope of the text, once it is registered.
    scope: Option<ScopeIndex>,
    /// The `use` items of it that are not bound yet, with their scopes.
    pub(crate) uses: Vec<(ScopeIndex, &'a ast::Use)>,
}

impl Session<'_> {
    /// Registers the text, the first time, and binds what `use` items bring in of it. To be
    /// called when the names of a file or block are known, and before other `use` items are
    /// looked up.
    pub(crate) fn bind_orderings(&mut self) {
        if self.ordered.scope.is_none() {
            let uses = std::mem::take(&mut self.ordered.uses);
            let imports = std::mem::take(&mut self.imports);
            self.ordered.scope = Some(self.scopes.len());
            self.register(file(), None, "Ordering");
            (self.ordered.uses, self.imports) = (uses, imports);
        }
        let Some(number) = self.ordering() else {
            return;
        };
        for (scope, import) in std::mem::take(&mut self.ordered.uses) {
            let Some(name) = &import.name else {
                continue;
            };
            let variant = import.path.get(3);
            let taken = match variant {
                None => !self.declare_type(scope, &name.name, number),
                Some(variant) => {
                    let variants = self.variants(number);
                    let found = variants.iter().position(|(_, v)| *v == variant.name);
                    let Some(found) = found else {
                        let message = format!("no `{}` in `{ORDERING}`", variant.name);
                        self.report(
                            Diagnostic::new("E0432", variant.span, message)
                                .help("its variants are `Less`, `Equal` and `Greater`"),
                        );
                        continue;
                    };
                    let item = Item::Variant(number, found);
                    let names = &mut self.scopes[scope].names;
                    let taken = names.contains_key(&name.name);
                    names.entry(name.name.clone()).or_insert(item);
                    taken
                }
            };
            if taken {
                let message = format!("the name `{}` is defined multiple times", name.name);
                self.report(
                    Diagnostic::new("E0255", name.span, message).help("rename one of them"),
                );
            }
        }
    }

    /// The number of the enum.
    pub(crate) fn ordering(&self) -> Option<usize> {
        let scope = self.ordered.scope?;
        self.scopes.get(scope)?.types.get("Ordering").copied()
    }
}

impl<'a> Checker<'_, 'a> {
    /// The type `Ordering`.
    pub(super) fn ordering_type(&self) -> Ty {
        match self.session.ordering() {
            Some(number) => self.session.adt_type(number, Vec::new()),
            None => Ty::Error,
        }
    }

    /// `a.cmp(&b)`, `a.partial_cmp(&b)` and `a.total_cmp(&b)`; `None` for other methods, and for
    /// a receiver that has not got it.
    pub(super) fn number_order(
        &mut self,
        value: &mut Option<Expr>,
        ty: &Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let bounds = match ty {
            Ty::Param(n) => self.params.get(usize::from(*n))?.bounds,
            _ => Bounds::default(),
        };
        let kind = match ty {
            Ty::Var(var) => Some(self.table.kind(*var)),
            _ => None,
        };
        let (integer, float) = (kind == Some(VarKind::Integer), kind == Some(VarKind::Float));
        let (function, generic, bound) = match (method.name.as_str(), ty) {
            ("cmp", Ty::Scalar(Scalar::Bool)) => ("cmp_bool", false, None),
            ("cmp", Ty::Scalar(s)) if !s.is_float() => ("cmp", true, None),
            ("cmp", Ty::Param(_)) if bounds.has(Bound::Integer) => ("cmp", true, None),
            ("cmp", Ty::Var(_)) if integer => ("cmp", true, Some(Bound::Integer)),
            ("partial_cmp", Ty::Scalar(Scalar::Bool)) => ("partial_cmp_bool", false, None),
            ("partial_cmp", Ty::Scalar(_)) => ("partial_cmp", true, None),
            ("partial_cmp", Ty::Param(_)) if bounds.has(Bound::Real) => ("partial_cmp", true, None),
            ("partial_cmp", Ty::Var(_)) if integer || float => {
                ("partial_cmp", true, Some(Bound::Real))
            }
            ("total_cmp", Ty::Scalar(Scalar::F32)) => ("total_cmp_f32", false, None),
            ("total_cmp", Ty::Scalar(Scalar::F64)) => ("total_cmp_f64", false, None),
            ("total_cmp", Ty::Var(_)) if float => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                let message = "can't call method `total_cmp` on ambiguous numeric type `{float}`";
                return Some(
                    self.fail(
                        Diagnostic::new("E0689", method.span, message)
                            .label("the number's type must be known here")
                            .help("give the literal a suffix, like `_f64`, or the variable a type"),
                    ),
                );
            }
            _ => return None,
        };
        let value = value.take()?;
        // As many references as the receiver has, at least one: the method is that of the
        // receiver's own type.
        let mut wanted = ty.clone().reference(false);
        let mut outer = self.known(&value.ty);
        let mut first = true;
        while let Ty::Ref(mutable, inner) = outer {
            if mutable && method.name != "total_cmp" {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                let message = format!("`{}` of a mutable reference is not supported", method.name);
                return Some(
                    self.fail(
                        Diagnostic::new("B0407", value.span, message)
                            .help(format!("compare the values: `(*a).{}(&b)`", method.name)),
                    ),
                );
            }
            if !first && method.name != "total_cmp" {
                wanted = wanted.reference(false);
            }
            first = false;
            outer = self.known(&inner);
        }
        if let Some(bound) = bound {
            self.checks.push(Check::Bound(
                ty.clone(),
                Bounds::of(&[bound]),
                format!("the receiver of `{}`", method.name),
                span,
            ));
        }
        let what = format!("method `{}`", method.name);
        let ordering = self.ordering_type();
        let result = match method.name.as_str() {
            "partial_cmp" => Ty::Option(Box::new(ordering)),
            _ => ordering,
        };
        let Some(mut list) = self.arguments(args, &[wanted], span, &what) else {
            return Some(Expr {
                ty: result,
                span,
                kind: Kind::Error,
            });
        };
        list.insert(0, value);
        let scope = self.session.ordering_scope();
        let found = scope.and_then(|scope| self.session.own_item(scope, function));
        let types = if generic {
            vec![ty.clone()]
        } else {
            Vec::new()
        };
        Some(match found {
            Some(Item::Function(function)) => Expr {
                ty: result,
                span,
                kind: Kind::Call(function, types, list),
            },
            _ => self.error(span),
        })
    }
}

impl Session<'_> {
    fn ordering_scope(&self) -> Option<ScopeIndex> {
        self.ordered.scope
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Session;
    use crate::check::session::Item;
    use crate::diagnostic::Source;

    #[test]
    fn every_function_of_the_text_is_right() {
        let source = Source::new("empty.rs", "");
        let empty = crate::ast::File::default();
        let mut session = Session::new(&source, &empty);
        let scope = session.ordering_scope().expect("registered");
        for function in &super::file().functions {
            let Some(Item::Function(found)) = session.own_item(scope, &function.name.name) else {
                panic!("{}", function.name.name);
            };
            assert!(session.body(found).is_some(), "{:?}", session.errors);
        }
        for found in 0..session.functions.len() {
            assert!(session.body(found).is_some(), "{:?}", session.errors);
        }
        assert!(session.errors.is_empty(), "{:?}", session.errors);
        let number = session.ordering().expect("registered");
        let values: Vec<i128> = session.variants(number).iter().map(|v| v.0).collect();
        assert_eq!(values, [-1, 0, 1]);
    }
}
