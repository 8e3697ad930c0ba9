//! How types meet: what is known of a type, coercion of a value to a wanted type, the common
//! type of branches, and the wording of a mismatch. Coercion is rustc's, as far as the language
//! has it: `!` to anything, `&mut T` to `&T`, `&&T` to `&T`.

use crate::ast;
use crate::check::function::{Checker, Expect, Merge};
use crate::check::tree::Expr;
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

impl<'a> Checker<'_, 'a> {
    /// The type that is written, with `_` as a variable.
    pub(crate) fn written(&mut self, ty: &ast::TypeExpr) -> Ty {
        self.session.here = self.item_scope();
        self.session.own.clone_from(&self.own);
        let table = &mut self.table;
        let mut fresh = |kind| table.fresh(kind);
        let ty = self.session.lower_type(ty, &self.params, Some(&mut fresh));
        self.session.own = None;
        ty
    }

    /// The type as far as it is known, after another try at pending operations.
    pub(crate) fn known(&mut self, ty: &Ty) -> Ty {
        let mut found = self.table.shallow(ty);
        if matches!(found, Ty::Var(_)) && !self.pending.is_empty() {
            self.select_pending();
            found = self.table.shallow(ty);
        }
        found
    }

    /// The scalar or parameter below references.
    pub(crate) fn peeled(&mut self, ty: &Ty) -> Ty {
        let mut ty = self.known(ty);
        while let Ty::Ref(_, inner) = ty {
            ty = self.known(&inner);
        }
        ty
    }

    /// Reports that a type must be known here.
    pub(crate) fn ambiguous(&mut self, span: Span, what: &str) -> Expr {
        self.fail(
            Diagnostic::new("E0282", span, "type annotations needed")
                .label(format!("the type of {what} must be known at this point")),
        )
    }

    /// Demands that `e` can stand where `expected` is wanted.
    pub(crate) fn coerce(&mut self, e: &Expr, expected: &Ty) -> bool {
        let agrees = self.agrees(&e.ty, expected);
        if !agrees {
            self.mismatch(e, expected);
        }
        agrees
    }

    /// Whether a value of type `found` can stand where `expected` is wanted.
    pub(crate) fn agrees(&mut self, found: &Ty, expected: &Ty) -> bool {
        let (found, expected) = (self.table.shallow(found), self.table.shallow(expected));
        match (&found, &expected) {
            (Ty::Never, Ty::Var(var)) => {
                self.table.diverge(*var);
                true
            }
            (Ty::Never, _) => true,
            (Ty::Ref(mutable, a), Ty::Ref(wanted, b)) => {
                if *wanted && !*mutable {
                    return false;
                }
                let mut a = self.table.shallow(a);
                while let (Ty::Ref(_, inner), false) = (
                    &a,
                    matches!(self.table.shallow(b), Ty::Ref(..) | Ty::Var(_)),
                ) {
                    a = self.table.shallow(inner);
                }
                self.table.unify(&a, b)
            }
            _ => self.table.unify(&found, &expected),
        }
    }

    /// Reports `E0308` with what may help.
    pub(crate) fn mismatch(&mut self, e: &Expr, expected: &Ty) {
        let found = self.table.resolve(&e.ty);
        let expected = self.table.resolve(expected);
        let error = Diagnostic::new("E0308", e.span, "mismatched types").label(format!(
            "expected `{}`, found `{}`",
            self.show(&expected),
            self.show(&found)
        ));
        let error = match self.conversion_help(e, &found, &expected) {
            Some(help) => error.help(help),
            None => error,
        };
        self.report(error);
    }

    fn text(&self, span: Span) -> Option<&'a str> {
        let source: &'a str = &self.session.source.text;
        source.get(span.start as usize..span.end as usize)
    }

    pub(crate) fn conversion_help(&self, e: &Expr, found: &Ty, expected: &Ty) -> Option<String> {
        let text = self
            .text(e.span)
            .filter(|t| t.len() < 40 && !t.contains('\n'));
        let text = text.unwrap_or("value");
        let simple = text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'));
        let wrapped = if simple {
            text.to_string()
        } else {
            format!("({text})")
        };
        let integer = |ty: &Ty| match ty {
            Ty::Scalar(s) => s.is_integer(),
            Ty::Var(v) => self.table.kind(*v) == VarKind::Integer,
            _ => false,
        };
        let float = |ty: &Ty| match ty {
            Ty::Scalar(s) => s.is_float(),
            Ty::Var(v) => self.table.kind(*v) == VarKind::Float,
            _ => false,
        };
        match (found, expected) {
            (Ty::Owned { .. }, Ty::View { mutable, .. }) => Some(format!(
                "pass a view of it: `{wrapped}.{}()`",
                if *mutable { "view_mut" } else { "view" }
            )),
            (Ty::Ref(_, inner), _) if **inner == *expected => {
                Some(format!("dereference it: `*{wrapped}`"))
            }
            (_, Ty::Ref(mutable, inner)) if **inner == *found => Some(format!(
                "borrow it: `&{}{wrapped}`",
                if *mutable { "mut " } else { "" }
            )),
            (_, Ty::Scalar(Scalar::Bool)) if integer(found) => {
                Some(format!("compare it: `{wrapped} != 0`"))
            }
            (found, Ty::Scalar(s)) if s.is_float() && integer(found) => {
                Some(if text.bytes().all(|b| b.is_ascii_digit()) {
                    format!("write a float literal: `{text}.0`")
                } else {
                    format!("convert it: `{wrapped} as {}`", s.name())
                })
            }
            (found, Ty::Scalar(s)) if (integer(found) || float(found)) && *s != Scalar::Bool => {
                Some(format!("convert it: `{wrapped} as {}`", s.name()))
            }
            (Ty::Scalar(_) | Ty::Var(_), Ty::Param(n)) => {
                let param = self.params.get(usize::from(*n))?;
                Some(if param.bounds.float {
                    format!("convert it: `{}::from_f64({text})`", param.name)
                } else {
                    format!("convert it: `{}::from_i32({text})`", param.name)
                })
            }
            _ => None,
        }
    }

    /// Begins to merge branches, with what is expected of all.
    pub(crate) fn merge(&mut self, expect: &Expect) -> Merge {
        let expected = match expect {
            Expect::Has(ty) => {
                let ty = self.table.shallow(ty);
                (!matches!(ty, Ty::Var(_))).then_some(ty)
            }
            _ => None,
        };
        Merge {
            expected,
            ty: Ty::Never,
        }
    }

    /// What each branch is expected to have.
    pub(crate) fn branch(&self, merge: &Merge) -> Expect {
        match &merge.expected {
            Some(ty) => Expect::Has(ty.clone()),
            None => Expect::Nothing,
        }
    }

    /// Joins a branch.
    pub(crate) fn join(&mut self, merge: &mut Merge, e: &Expr, what: &str) {
        if let Some(expected) = merge.expected.clone() {
            self.coerce(e, &expected);
            if merge.ty == Ty::Never && self.table.shallow(&e.ty) != Ty::Never {
                merge.ty = expected;
            }
            return;
        }
        let (found, merged) = (self.table.shallow(&e.ty), self.table.shallow(&merge.ty));
        if merged == Ty::Never {
            merge.ty = found;
        } else if !self.agrees(&found, &merged) {
            let error = Diagnostic::new("E0308", e.span, format!("{what} have incompatible types"))
                .label(format!(
                    "expected `{}`, found `{}`",
                    self.show(&merged),
                    self.show(&found)
                ));
            let error = match self.conversion_help(e, &found, &merged) {
                Some(help) => error.help(help),
                None => error,
            };
            self.report(error);
            merge.ty = Ty::Error;
        }
    }
}
