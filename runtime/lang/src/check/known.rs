//! Paths that begin with a name of the language itself: `Some`, `None`, `Option`, `Complex`,
//! `f16` and so on, as values, calls, literals and patterns. Invariant: a name that the file
//! declares itself is never taken for one of these.

use crate::ast;
use crate::check::complex::is_complex;
use crate::check::function::{Check, Checker, Name};
use crate::check::half;
use crate::check::option;
use crate::check::session::{Item, Session, contains_view};
use crate::check::tree::{Expr, Kind, Pattern, PatternKind};
use crate::check::ty::{Param, Ty, VarKind, show};
use crate::diagnostic::{Diagnostic, Span};
use crate::parse::option::TYPES;

/// Types of the prelude that a misspelt name may mean.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "Option",
    "Complex",
    "Complex32",
    "Complex64",
    "f16",
    "bf16",
    "ArrayView0",
    "ArrayView1",
    "ArrayView2",
    "ArrayView3",
    "ArrayView4",
    "ArrayView5",
    "ArrayView6",
    "ArrayViewMut0",
    "ArrayViewMut1",
    "ArrayViewMut2",
    "ArrayViewMut3",
    "ArrayViewMut4",
    "ArrayViewMut5",
    "ArrayViewMut6",
    "Array1",
    "Array2",
    "Array3",
    "Array4",
    "Array5",
    "Array6",
];

/// Whether an item cannot have this name, because the language means its own by it.
pub(crate) fn reserved(name: &str, item: Item) -> bool {
    match item {
        Item::Function(_) | Item::Const(_) | Item::Imported(..) => matches!(name, "Some" | "None"),
        _ => TYPES.contains(&name) || matches!(name, "Some" | "None"),
    }
}

impl<'a> Checker<'_, 'a> {
    fn is_free(&self, name: &str) -> bool {
        !matches!(self.name(name), Some(Name::Local(_)))
    }

    /// The payload's type of a path to `Some` or `None` (the name after `Option::`, if any).
    fn option_path(&mut self, path: &'a ast::Path, variant: &str) -> Option<Ty> {
        let (written, free) = match path.segments.as_slice() {
            [name] if name.name == variant => (&path.type_args, self.is_free(variant)),
            [owner, name] if owner.name == "Option" && name.name == variant => {
                (&path.owner_args, true)
            }
            _ => return None,
        };
        if !free {
            return None;
        }
        Some(match written.as_slice() {
            [ty] => self.written(ty),
            _ => self.table.fresh(VarKind::General),
        })
    }

    /// A path as a value.
    pub(crate) fn known_path(&mut self, path: &'a ast::Path, span: Span) -> Option<Expr> {
        if let Some(inner) = self.option_path(path, "None") {
            self.checks.push(Check::Known(
                inner.clone(),
                "the value that `None` leaves out".to_string(),
                span,
            ));
            return Some(option::none(Ty::Option(Box::new(inner)), span));
        }
        if self.option_path(path, "Some").is_some() {
            return Some(
                self.fail(
                    Diagnostic::new("B0226", span, "a function is not a value")
                        .help("call it: `Some(..)`"),
                ),
            );
        }
        let [owner, name] = path.segments.as_slice() else {
            return None;
        };
        if let Some(half) = half::named(&owner.name) {
            return Some(self.half_constant(half, name, span));
        }
        if is_complex(&owner.name) {
            let part = self.complex_part(owner, &path.owner_args);
            let method = match name.name.as_str() {
                "I" => "i",
                "ZERO" => "zero",
                "ONE" => "one",
                _ => {
                    return Some(
                        self.fail(
                            Diagnostic::new(
                                "E0599",
                                name.span,
                                format!(
                                    "no associated constant `{}` found for `Complex`",
                                    name.name
                                ),
                            )
                            .help("there are `I`, `ZERO` and `ONE`; functions are called"),
                        ),
                    );
                }
            };
            let own = Ty::Complex(Box::new(part));
            return Some(Expr {
                ty: own.clone(),
                span,
                kind: Kind::Method(method, own, Vec::new(), span),
            });
        }
        None
    }

    /// A call.
    pub(crate) fn known_call(
        &mut self,
        path: &'a ast::Path,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        if let Some(inner) = self.option_path(path, "Some") {
            return Some(self.some_call(args, inner, span));
        }
        let [owner, name] = path.segments.as_slice() else {
            return None;
        };
        if let Some(half) = half::named(&owner.name) {
            return Some(self.half_call(half, name, args, span));
        }
        if is_complex(&owner.name) {
            let part = self.complex_part(owner, &path.owner_args);
            return Some(self.complex_call(part, name, args, span));
        }
        None
    }

    /// A method of a type of this language's own; the receiver's type has no references.
    pub(crate) fn known_method(
        &mut self,
        value: Expr,
        ty: Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        match ty {
            Ty::Option(inner) => self.option_method(value, *inner, method, args, span),
            Ty::Complex(part) => self.complex_method(value, *part, method, args, span),
            Ty::Half(half) => self.half_method(value, half, method, args, span),
            _ => self.error(span),
        }
    }

    /// Whether a literal with fields is a complex number.
    pub(super) fn means_complex(&self, path: &ast::Path) -> bool {
        matches!(path.segments.as_slice(), [name] if is_complex(&name.name))
    }

    /// The parts of a pattern of such a type, with their own types: whether it is `Some`
    /// (`true`), and each inner pattern. `None` where the path means something else.
    pub(super) fn known_pattern(
        &mut self,
        pattern: &'a ast::Pattern,
        ty: &Ty,
    ) -> Option<Known<'a>> {
        let span = pattern.span;
        match &pattern.kind {
            ast::PatternKind::Binding {
                name,
                mutable: false,
                inner: None,
            } if name.name == "None" && self.is_free("None") => {
                let inner = self.option_inner(ty, span);
                Some(Known::Whole(option::none_pattern(inner, ty.clone(), span)))
            }
            ast::PatternKind::Binding {
                name, inner: None, ..
            } if name.name == "Some" && self.is_free("Some") => {
                self.report(
                    Diagnostic::new(
                        "E0532",
                        span,
                        "expected a pattern, found the name of a variant",
                    )
                    .help("write `Some(x)`, or `Some(_)`"),
                );
                Some(Known::Whole(Pattern {
                    ty: ty.clone(),
                    span,
                    kind: PatternKind::Wildcard,
                }))
            }
            ast::PatternKind::Value(e) => {
                let ast::ExprKind::Path(path) = &e.kind else {
                    return None;
                };
                let written = self.option_path(path, "None")?;
                let inner = self.option_inner(ty, span);
                self.table.unify(&written, &inner);
                Some(Known::Whole(option::none_pattern(inner, ty.clone(), span)))
            }
            ast::PatternKind::TupleStruct(path, parts) => {
                let written = self.option_path(path, "Some")?;
                let inner = self.option_inner(ty, span);
                self.table.unify(&written, &inner);
                match parts.as_slice() {
                    [part] => Some(Known::Some(part, inner)),
                    _ => {
                        self.report(
                            Diagnostic::new(
                                "E0023",
                                span,
                                format!(
                                    "this pattern has {} fields, but `Some` has 1 field",
                                    parts.len()
                                ),
                            )
                            .help("write `Some(x)`"),
                        );
                        Some(Known::Whole(Pattern {
                            ty: ty.clone(),
                            span,
                            kind: PatternKind::Wildcard,
                        }))
                    }
                }
            }
            ast::PatternKind::Struct { path, fields, rest } => {
                let [owner] = path.segments.as_slice() else {
                    return None;
                };
                if !is_complex(&owner.name) {
                    return None;
                }
                let part = self.complex_part(owner, &path.type_args);
                let own = Ty::Complex(Box::new(part.clone()));
                if !self.table.unify(ty, &own) {
                    let shown = self.show(ty);
                    let own = self.show(&own);
                    self.report(
                        Diagnostic::new("E0308", span, "mismatched types")
                            .label(format!("expected `{shown}`, found `{own}`")),
                    );
                }
                let mut parts = [None, None];
                for (name, inner) in fields {
                    match ["re", "im"].iter().position(|f| *f == name.name) {
                        Some(n) if parts[n].is_none() => parts[n] = Some(inner),
                        Some(_) => self.report(Diagnostic::new(
                            "E0025",
                            name.span,
                            format!("field `{}` bound multiple times in the pattern", name.name),
                        )),
                        None => self.report(
                            Diagnostic::new(
                                "E0026",
                                name.span,
                                format!(
                                    "struct `Complex` does not have a field named `{}`",
                                    name.name
                                ),
                            )
                            .help("its fields are `re` and `im`"),
                        ),
                    }
                }
                if !rest && parts.iter().any(Option::is_none) {
                    self.report(
                        Diagnostic::new(
                            "E0027",
                            span,
                            "pattern does not mention both fields of `Complex`",
                        )
                        .help("name both, or end it with `..`"),
                    );
                }
                Some(Known::Complex(parts, part))
            }
            _ => None,
        }
    }
}

/// What [`Checker::known_pattern`] finds.
pub(super) enum Known<'a> {
    /// All of it.
    Whole(Pattern),
    /// `Some(pattern)`, with the payload's type.
    Some(&'a ast::Pattern, Ty),
    /// The patterns of `re` and `im`, and their type.
    Complex([Option<&'a ast::Pattern>; 2], Ty),
}

impl Session<'_> {
    /// `Option<inner>`, where that is possible.
    pub(crate) fn option_of(&mut self, inner: Ty, span: Span) -> Ty {
        if contains_view(&inner) || matches!(inner, Ty::Never | Ty::Owned { .. } | Ty::Ref(true, _))
        {
            self.report(
                Diagnostic::new(
                    "B0404",
                    span,
                    "an `Option` holds numbers, tuples and structs",
                )
                .help("pass the array on its own, and a `bool`"),
            );
            return Ty::Error;
        }
        Ty::Option(Box::new(inner))
    }

    /// `Complex<part>`, where that is possible.
    pub(crate) fn complex_of(&mut self, part: Ty, params: &[Param], span: Span) -> Ty {
        let fits = match &part {
            Ty::Scalar(s) => s.is_float(),
            Ty::Param(n) => params.get(usize::from(*n)).is_some_and(|p| p.bounds.float),
            Ty::Var(_) | Ty::Error => true,
            _ => false,
        };
        if fits {
            return Ty::Complex(Box::new(part));
        }
        let shown = show(&part, params, &|_| "_");
        let error = Diagnostic::new(
            "B0405",
            span,
            format!("the parts of a complex number cannot be `{shown}`"),
        );
        self.report(match part {
            Ty::Param(_) => error.help(format!("bound the parameter: `{shown}: Float`")),
            _ => error.help("write `Complex<f64>` or `Complex<f32>`"),
        });
        Ty::Error
    }
}
