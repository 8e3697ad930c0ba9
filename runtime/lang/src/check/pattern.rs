//! The rules for patterns: what they bind and which types they demand. Whether a `match`
//! covers everything is decided in `exhaust.rs`, once all types are known.

use crate::ast::{self, ExprKind};
use crate::check::function::{Checker, Expect, Name};
use crate::check::known::Known;
use crate::check::option;
use crate::check::session::Item;
use crate::check::tree::{Expr, Kind, LocalIndex, Pattern, PatternKind};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// How many alternatives may bind names: each nests in the one before.
const MAX_BINDING_ALTERNATIVES: usize = 64;

/// A name that a pattern binds.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    name: String,
    local: LocalIndex,
    span: Span,
}

/// What bindings inside of a pattern get.
#[derive(Clone, Copy, Default)]
pub(super) struct Mode<'b> {
    /// References, since the pattern looked through one.
    reference: bool,
    /// These variables, in all alternatives after the first.
    reuse: Option<&'b [Bound]>,
}

impl<'a> Checker<'_, 'a> {
    /// Checks a pattern against the type of what it matches, and binds its names in the
    /// innermost scope.
    pub(crate) fn pattern(&mut self, pattern: &'a ast::Pattern, ty: &Ty) -> Pattern {
        let mut names = Vec::new();
        let checked = self.pattern_in(pattern, ty, &mut names, Mode::default());
        for n in 0..names.len() {
            let Bound { name, local, span } = names[n].clone();
            if let Some(first) = names[..n].iter().find(|b| b.name == name) {
                let first = first.span;
                self.report(
                    Diagnostic::new(
                        "E0416",
                        span,
                        format!("identifier `{name}` is bound more than once in the same pattern"),
                    )
                    .related(first, "first bound here"),
                );
            }
            self.bind(local);
        }
        checked
    }

    pub(super) fn pattern_in(
        &mut self,
        pattern: &'a ast::Pattern,
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
    ) -> Pattern {
        let span = pattern.span;
        let made = |ty, kind| Pattern { ty, span, kind };
        if let Some(known) = self.pattern_of_known(pattern, ty, names, mode) {
            return known;
        }
        match &pattern.kind {
            ast::PatternKind::Wildcard | ast::PatternKind::Error => {
                self.refused |= matches!(pattern.kind, ast::PatternKind::Error);
                made(ty.clone(), PatternKind::Wildcard)
            }
            ast::PatternKind::Slice(members) => self.array_pattern(members, ty, names, mode, span),
            ast::PatternKind::TupleStruct(path, members) => {
                self.tuple_struct_pattern(path, members, ty, names, mode, span)
            }
            ast::PatternKind::Struct { path, fields, rest } => {
                self.struct_pattern((path, fields, *rest), ty, names, mode, span)
            }
            ast::PatternKind::Rest => {
                self.report(
                    Diagnostic::new(
                        "B0250",
                        span,
                        "`..` is only possible inside of a tuple pattern",
                    )
                    .help("write `_`"),
                );
                made(ty.clone(), PatternKind::Wildcard)
            }
            ast::PatternKind::Binding {
                name,
                mutable,
                inner,
            } => {
                if inner.is_none()
                    && !*mutable
                    && let Some(Name::Item(
                        item @ (Item::Const(_)
                        | Item::Imported(..)
                        | Item::Static(_)
                        | Item::Variant(..)
                        | Item::Constructor(_)),
                    )) = self.name(&name.name)
                {
                    return self.constant_pattern(item, ty, span);
                }
                self.not_a_variant(name, ty);
                let inner = inner
                    .as_ref()
                    .map(|inner| Box::new(self.pattern_in(inner, ty, names, mode)));
                let ty = if inner.is_some() && is_error(pattern) {
                    Ty::Error
                } else if mode.reference {
                    ty.clone().reference(false)
                } else {
                    ty.clone()
                };
                let local = self.binding(name, ty.clone(), *mutable, names, mode);
                made(ty, PatternKind::Binding(local, inner))
            }
            ast::PatternKind::Value(e) => {
                let ty = self.through(ty, &mut mode);
                let value = self.pattern_value(e, &ty);
                if matches!(&value.kind, Kind::Tuple(list) if list.is_empty()) {
                    return made(ty, PatternKind::Tuple(Vec::new()));
                }
                made(ty, PatternKind::Value(Box::new(value)))
            }
            ast::PatternKind::Range {
                start,
                end,
                inclusive,
            } => {
                let ty = self.through(ty, &mut mode);
                let start = start.as_ref().map(|e| Box::new(self.pattern_value(e, &ty)));
                let end = end.as_ref().map(|e| Box::new(self.pattern_value(e, &ty)));
                match self.known(&ty) {
                    Ty::Tuple(_) | Ty::Scalar(crate::ir::Scalar::Bool) => {
                        self.report(Diagnostic::new(
                            "E0029",
                            span,
                            "only numbers are possible in range patterns",
                        ));
                    }
                    _ => {}
                }
                made(ty, PatternKind::Range(start, end, *inclusive))
            }
            ast::PatternKind::Tuple(members) => self.tuple_pattern(members, ty, names, mode, span),
            ast::PatternKind::Or(alternatives) => {
                let begin = names.len();
                let binds = alternatives.len() > MAX_BINDING_ALTERNATIVES;
                let mut list: Vec<Pattern> = Vec::new();
                for (n, alternative) in alternatives.iter().enumerate() {
                    if n == 0 {
                        list.push(self.pattern_in(alternative, ty, names, mode));
                        continue;
                    }
                    let first = names[begin..].to_vec();
                    let mut own = Vec::new();
                    let inside = Mode {
                        reference: mode.reference,
                        reuse: Some(&first),
                    };
                    list.push(self.pattern_in(alternative, ty, &mut own, inside));
                    for missing in &first {
                        if !own.iter().any(|b| b.name == missing.name) {
                            self.report(
                                Diagnostic::new(
                                    "E0408",
                                    alternative.span,
                                    format!(
                                        "variable `{}` is not bound in all patterns",
                                        missing.name
                                    ),
                                )
                                .label(format!("pattern does not bind `{}`", missing.name))
                                .related(missing.span, "bound here"),
                            );
                        }
                    }
                }
                if binds && names.len() > begin {
                    self.report(
                        Diagnostic::new(
                            "B0253",
                            span,
                            format!(
                                "more than {MAX_BINDING_ALTERNATIVES} alternatives that bind names"
                            ),
                        )
                        .help("bind the whole: `n @ (1 | 2)`"),
                    );
                }
                made(ty.clone(), PatternKind::Or(list))
            }
            ast::PatternKind::Reference(inner) => match self.known(ty) {
                Ty::Ref(_, behind) => self.pattern_in(inner, &behind, names, mode),
                Ty::Error => self.pattern_in(inner, &Ty::Error, names, mode),
                Ty::Var(v) if self.table.kind(v) == VarKind::General => {
                    let behind = self.table.fresh(VarKind::General);
                    self.table.unify(ty, &behind.clone().reference(false));
                    self.pattern_in(inner, &behind, names, mode)
                }
                other => {
                    let shown = self.show(&other);
                    self.report(
                        Diagnostic::new("E0308", span, "mismatched types")
                            .label(format!("expected `{shown}`, found a reference"))
                            .help("remove the `&`"),
                    );
                    self.pattern_in(inner, &Ty::Error, names, mode)
                }
            },
        }
    }

    /// A pattern of an option or a complex number.
    fn pattern_of_known(
        &mut self,
        pattern: &'a ast::Pattern,
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
    ) -> Option<Pattern> {
        let ty = match pattern.kind {
            ast::PatternKind::Binding { .. }
            | ast::PatternKind::Value(_)
            | ast::PatternKind::TupleStruct(..)
            | ast::PatternKind::Struct { .. } => self.through(ty, &mut mode),
            _ => return None,
        };
        Some(match self.known_pattern(pattern, &ty)? {
            Known::Whole(whole) => whole,
            Known::Some(inner, payload) => {
                let inner = self.pattern_in(inner, &payload, names, mode);
                option::some_pattern(inner, ty, pattern.span)
            }
            Known::Complex(parts, part) => {
                let parts = parts.map(|inner| match inner {
                    Some(inner) => self.pattern_in(inner, &part, names, mode),
                    None => Pattern {
                        ty: part.clone(),
                        span: pattern.span,
                        kind: PatternKind::Wildcard,
                    },
                });
                Pattern {
                    ty,
                    span: pattern.span,
                    kind: PatternKind::Tuple(parts.into()),
                }
            }
        })
    }

    fn tuple_pattern(
        &mut self,
        members: &'a [ast::Pattern],
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
        span: Span,
    ) -> Pattern {
        let rest = members
            .iter()
            .position(|m| matches!(m.kind, ast::PatternKind::Rest));
        let mut ty = self.through(ty, &mut mode);
        if let (Ty::Var(v), None) = (&ty, rest)
            && self.table.kind(*v) == VarKind::General
        {
            let fresh = Ty::Tuple(
                members
                    .iter()
                    .map(|_| self.table.fresh(VarKind::General))
                    .collect(),
            );
            self.table.unify(&ty, &fresh);
            ty = fresh;
        }
        let given = members.len() - usize::from(rest.is_some());
        let types = match &ty {
            Ty::Tuple(types) if types.len() == given || (rest.is_some() && types.len() > given) => {
                types.clone()
            }
            Ty::Error => vec![Ty::Error; given],
            other => {
                let shown = self.show(other);
                self.report(
                    Diagnostic::new("E0308", span, "mismatched types").label(format!(
                        "expected `{shown}`, found a tuple with {given} members"
                    )),
                );
                vec![Ty::Error; given]
            }
        };
        let skipped = types.len() - given;
        let mut list = Vec::new();
        let mut next = 0;
        for (n, member) in members.iter().enumerate() {
            if rest == Some(n) {
                for _ in 0..skipped {
                    list.push(Pattern {
                        ty: types[next].clone(),
                        span: member.span,
                        kind: PatternKind::Wildcard,
                    });
                    next += 1;
                }
            } else if matches!(member.kind, ast::PatternKind::Rest) {
                self.report(Diagnostic::new(
                    "B0251",
                    member.span,
                    "`..` is possible once in a tuple pattern",
                ));
                next += usize::from(next + 1 < types.len());
            } else {
                let ty = types.get(next).cloned().unwrap_or(Ty::Error);
                list.push(self.pattern_in(member, &ty, names, mode));
                next += 1;
            }
        }
        Pattern {
            ty: Ty::Tuple(types),
            span,
            kind: PatternKind::Tuple(list),
        }
    }

    /// `[a, .., b]`: a pattern for each element of the array.
    fn array_pattern(
        &mut self,
        members: &'a [ast::Pattern],
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
        span: Span,
    ) -> Pattern {
        let is_rest = |m: &ast::Pattern| matches!(m.kind, ast::PatternKind::Rest);
        let ty = self.through(ty, &mut mode);
        let rest = members.iter().position(is_rest);
        let given = members.len() - usize::from(rest.is_some());
        let (element, length) = self
            .slice_pattern(&ty, given, rest.is_some(), span)
            .unwrap_or((Ty::Error, given));
        let mut list = Vec::new();
        for (n, member) in members.iter().enumerate() {
            if rest == Some(n) {
                for _ in given..length {
                    list.push(Pattern {
                        ty: element.clone(),
                        span: member.span,
                        kind: PatternKind::Wildcard,
                    });
                }
            } else if is_rest(member) {
                self.report(
                    Diagnostic::new(
                        "B0251",
                        member.span,
                        "`..` is possible once in an array pattern",
                    )
                    .help("write `_` for each element"),
                );
            } else {
                list.push(self.pattern_in(member, &element, names, mode));
            }
        }
        Pattern {
            ty,
            span,
            kind: PatternKind::Tuple(list),
        }
    }

    /// As rustc's default binding modes: a pattern that is no reference looks through one.
    pub(super) fn through(&mut self, ty: &Ty, mode: &mut Mode<'_>) -> Ty {
        let mut ty = self.known(ty);
        while let Ty::Ref(_, inner) = ty {
            mode.reference = true;
            ty = self.known(&inner);
        }
        ty
    }

    fn constant_pattern(&mut self, item: Item, ty: &Ty, span: Span) -> Pattern {
        let value = match item {
            Item::Const(constant) => Expr {
                ty: self.session.consts[constant].ty.clone(),
                span,
                kind: Kind::Const(constant),
            },
            Item::Imported(scalar, entry) => {
                let own = Ty::Scalar(scalar);
                Expr {
                    ty: crate::check::methods::constants::ty(&own, entry),
                    span,
                    kind: Kind::Associated(entry, own),
                }
            }
            Item::Variant(number, n) => self.variant_value(number, n, span),
            Item::Static(number) => {
                let name = self.session.statics[number].ast.name.clone();
                let message = "match bindings cannot shadow statics";
                self.fail(
                    Diagnostic::new("E0530", span, message)
                        .label("cannot be named the same as a static")
                        .related(name.span, "this static")
                        .help("give the variable another name; compare with the static in a guard"),
                )
            }
            Item::Constructor(number) => {
                let value = self.unit_struct(number, None, &[], span);
                let ty = self.through(ty, &mut Mode::default());
                self.coerce(&value, &ty);
                let kind = PatternKind::Tuple(Vec::new());
                return Pattern { ty, span, kind };
            }
            Item::Function(_) | Item::Module(_) | Item::Number(_) | Item::Refused => {
                self.error(span)
            }
        };
        self.comparable_constant(&value);
        let ty = self.through(ty, &mut Mode::default());
        self.coerce(&value, &ty);
        Pattern {
            ty,
            span,
            kind: PatternKind::Value(Box::new(value)),
        }
    }

    fn pattern_value(&mut self, e: &'a ast::Expr, ty: &Ty) -> Expr {
        let allowed = match &e.kind {
            ExprKind::Unary(ast::UnaryOp::Neg, inner) => {
                matches!(inner.kind, ExprKind::Int(..) | ExprKind::Float(..))
            }
            ExprKind::Int(..) | ExprKind::Float(..) | ExprKind::Bool(_) | ExprKind::Path(_) => true,
            _ => false,
        };
        if !allowed {
            return self.fail(
                Diagnostic::new("B0252", e.span, "only literals and constants are patterns")
                    .help("use a guard: `x if x == .. =>`"),
            );
        }
        let value = self.expr(e, &Expect::Has(ty.clone()));
        let generic = matches!(
            &value.kind,
            Kind::Associated(_, Ty::Param(_)) | Kind::AssociatedConst(..)
        );
        if generic {
            return self.fail(
                Diagnostic::new(
                    "E0158",
                    e.span,
                    "a constant of a type parameter is not possible in a pattern",
                )
                .help("use a guard: `x if x == .. =>`"),
            );
        }
        self.comparable_constant(&value);
        if matches!(value.kind, Kind::Local(_)) {
            return self.fail(
                Diagnostic::new("E0080", e.span, "a variable is not a constant")
                    .help("use a guard: `x if x == .. =>`"),
            );
        }
        self.coerce(&value, ty);
        value
    }

    fn binding(
        &mut self,
        name: &ast::Ident,
        ty: Ty,
        mutable: bool,
        names: &mut Vec<Bound>,
        mode: Mode<'_>,
    ) -> LocalIndex {
        let local = match mode.reuse {
            None => self.new_local(&name.name, name.span, ty, mutable),
            Some(first) => match first.iter().find(|b| b.name == name.name) {
                Some(bound) => {
                    let (local, place) = (bound.local, bound.span);
                    let wanted = self.locals[local].ty.clone();
                    if !self.table.unify(&wanted, &ty) {
                        let (wanted, found) = (self.show(&wanted), self.show(&ty));
                        self.report(
                            Diagnostic::new("E0308", name.span, "mismatched types")
                                .label(format!("expected `{wanted}`, found `{found}`"))
                                .related(place, "first bound here"),
                        );
                    }
                    local
                }
                None => {
                    self.report(
                        Diagnostic::new(
                            "E0408",
                            name.span,
                            format!("variable `{}` is not bound in all patterns", name.name),
                        )
                        .label("bound here only"),
                    );
                    self.new_local(&name.name, name.span, ty, mutable)
                }
            },
        };
        names.push(Bound {
            name: name.name.clone(),
            local,
            span: name.span,
        });
        local
    }

    /// Demands that a pattern matches every value.
    pub(crate) fn irrefutable(&mut self, pattern: &Pattern, what: &str) {
        if let Some(span) = refutable(pattern) {
            self.report(
                Diagnostic::new("E0005", span, format!("refutable pattern in {what}"))
                    .label("this does not match every value")
                    .help("use `match`"),
            );
        }
    }
}

/// The first part that may fail to match.
fn refutable(pattern: &Pattern) -> Option<Span> {
    match &pattern.kind {
        PatternKind::Wildcard => None,
        PatternKind::Binding(_, inner) => inner.as_deref().and_then(refutable),
        PatternKind::Value(_) | PatternKind::Range(..) => Some(pattern.span),
        PatternKind::Tuple(members) => members.iter().find_map(refutable),
        PatternKind::Or(list) => {
            let all: Vec<Span> = list.iter().filter_map(refutable).collect();
            (all.len() == list.len()).then(|| all[0])
        }
    }
}

/// Whether the pattern is what a refused one leaves behind: names around an error.
fn is_error(pattern: &ast::Pattern) -> bool {
    let mut pattern = pattern;
    while let ast::PatternKind::Binding {
        inner: Some(inner), ..
    } = &pattern.kind
    {
        pattern = inner;
    }
    matches!(pattern.kind, ast::PatternKind::Error)
}
