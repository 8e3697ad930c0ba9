//! Patterns of structs: `V { x, y: 0.0, .. }` and `V(a, .., b)`. Both become patterns of the
//! tuple of all fields, in the order of the declaration.

use crate::ast;
use crate::check::adt::Shape;
use crate::check::function::Checker;
use crate::check::pattern::{Bound, Mode};
use crate::check::tree::{Pattern, PatternKind};
use crate::check::ty::Ty;
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

fn wildcard(ty: Ty, span: Span) -> Pattern {
    Pattern {
        ty,
        span,
        kind: PatternKind::Wildcard,
    }
}

impl<'a> Checker<'_, 'a> {
    /// Refuses a name that is meant as a variant of the enum that is matched.
    pub(super) fn not_a_variant(&mut self, name: &ast::Ident, ty: &Ty) {
        if let Ty::Adt(adt, _) = self.peeled(ty)
            && let Shape::Enum { ast, .. } = &self.session.adts[adt.number].shape
            && ast.variants.iter().any(|(v, _)| v.name == name.name)
        {
            self.report(
                Diagnostic::new(
                    "E0170",
                    name.span,
                    format!(
                        "pattern binding `{}` is named the same as one of the variants of the type `{}`",
                        name.name, adt.name
                    ),
                )
                .help(format!("write `{}::{}`", adt.name, name.name)),
            );
        }
    }

    /// A constant of a struct or enum is a pattern only if it can be compared.
    pub(super) fn comparable_constant(&mut self, value: &crate::check::tree::Expr) {
        let ty = self.table.resolve(&value.ty);
        if let (Ty::Adt(adt, _), crate::check::tree::Kind::Const(_)) = (&ty, &value.kind)
            && !self.session.has_trait("PartialEq", &ty)
        {
            let message = format!(
                "constant of non-structural type `{}` in a pattern",
                adt.name
            );
            self.report(Diagnostic::new("B0306", value.span, message).help(format!(
                "write `#[derive(PartialEq)]` before `{}`",
                adt.name
            )));
        }
    }

    /// What a pattern's path names, made equal to the type that is matched: the struct's
    /// number and type arguments.
    fn pattern_struct(
        &mut self,
        path: &'a ast::Path,
        ty: &Ty,
        span: Span,
    ) -> Option<(usize, Vec<Ty>)> {
        let own = self.struct_named(path, span)?;
        if !self.table.unify(ty, &own) {
            let (wanted, found) = (self.show(ty), self.show(&own));
            self.report(
                Diagnostic::new("E0308", span, "mismatched types")
                    .label(format!("expected `{wanted}`, found `{found}`")),
            );
            return None;
        }
        match self.table.resolve(&own) {
            Ty::Adt(adt, args) => Some((adt.number, args)),
            _ => None,
        }
    }

    /// Binds what can be bound of a pattern whose struct has an error.
    fn lost(
        &mut self,
        members: impl Iterator<Item = &'a ast::Pattern>,
        names: &mut Vec<Bound>,
        mode: Mode<'_>,
        span: Span,
    ) -> Pattern {
        for member in members {
            if !matches!(member.kind, ast::PatternKind::Rest) {
                self.pattern_in(member, &Ty::Error, names, mode);
            }
        }
        wildcard(Ty::Error, span)
    }

    pub(super) fn tuple_struct_pattern(
        &mut self,
        path: &'a ast::Path,
        members: &'a [ast::Pattern],
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
        span: Span,
    ) -> Pattern {
        let ty = self.through(ty, &mut mode);
        let Some((number, args)) = self.pattern_struct(path, &ty, span) else {
            return self.lost(members.iter(), names, mode, span);
        };
        let name = self.session.adts[number].name.to_string();
        let tuple = matches!(&self.session.adts[number].shape, Shape::Struct { tuple: true, fields } if !fields.is_empty());
        if !tuple {
            self.report(
                Diagnostic::new(
                    "E0532",
                    span,
                    format!("expected tuple struct, found `{name}`"),
                )
                .help(format!("write `{name} {{ .. }}`")),
            );
            return self.lost(members.iter(), names, mode, span);
        }
        let own = self.session.adt_type(number, args);
        let fields = self.fields_of(&own);
        if !self.visible_constructor(number, "E0532", span) {
            return self.lost(members.iter(), names, mode, span);
        }
        let rest = members
            .iter()
            .position(|m| matches!(m.kind, ast::PatternKind::Rest));
        let given = members.len() - usize::from(rest.is_some());
        if given > fields.len() || (rest.is_none() && given < fields.len()) {
            let plural = |n: usize| if n == 1 { "" } else { "s" };
            self.report(
                Diagnostic::new(
                    "E0023",
                    span,
                    format!(
                        "this pattern has {given} field{}, but the tuple struct `{name}` has {} field{}",
                        plural(given),
                        fields.len(),
                        plural(fields.len())
                    ),
                )
                .help("write `_` for each field, or `..` for the rest"),
            );
            return self.lost(members.iter(), names, mode, span);
        }
        let mut list = Vec::new();
        for (n, member) in members.iter().enumerate() {
            if rest == Some(n) {
                for _ in 0..fields.len() - given {
                    list.push(wildcard(fields[list.len()].1.clone(), member.span));
                }
            } else if matches!(member.kind, ast::PatternKind::Rest) {
                let message = "`..` is possible once in a tuple pattern";
                self.report(Diagnostic::new("B0251", member.span, message));
            } else {
                let ty = fields.get(list.len()).map(|(_, ty)| ty.clone());
                let ty = ty.unwrap_or(Ty::Error);
                list.push(self.pattern_in(member, &ty, names, mode));
            }
        }
        Pattern {
            ty: own,
            span,
            kind: PatternKind::Tuple(list),
        }
    }

    pub(super) fn struct_pattern(
        &mut self,
        (path, written, rest): (&'a ast::Path, &'a [(ast::Ident, ast::Pattern)], bool),
        ty: &Ty,
        names: &mut Vec<Bound>,
        mut mode: Mode<'_>,
        span: Span,
    ) -> Pattern {
        let ty = self.through(ty, &mut mode);
        let Some((number, args)) = self.pattern_struct(path, &ty, span) else {
            return self.lost(written.iter().map(|(_, p)| p), names, mode, span);
        };
        let own = self.session.adt_type(number, args);
        let fields = self.fields_of(&own);
        let shown = self.session.adts[number].name.to_string();
        let mut list: Vec<Option<Pattern>> = fields.iter().map(|_| None).collect();
        for (name, pattern) in written {
            let Some(n) = fields.iter().position(|(f, _)| *f == name.name) else {
                let mut error = Diagnostic::new(
                    "E0026",
                    name.span,
                    format!(
                        "struct `{shown}` does not have a field named `{}`",
                        name.name
                    ),
                );
                let near = suggest::nearest(&name.name, fields.iter().map(|(f, _)| f.as_str()));
                if let Some(near) = near {
                    error = error.help(format!("there is a field `{near}`"));
                }
                self.report(error);
                self.pattern_in(pattern, &Ty::Error, names, mode);
                continue;
            };
            self.visible_part(number, &name.name, name.span);
            let checked = self.pattern_in(pattern, &fields[n].1, names, mode);
            if list[n].is_some() {
                let message = format!("field `{}` bound multiple times in the pattern", name.name);
                self.report(Diagnostic::new("E0025", name.span, message));
            }
            list[n] = Some(checked);
        }
        let missing: Vec<String> = fields
            .iter()
            .zip(&list)
            .filter(|(_, p)| p.is_none())
            .map(|((f, _), _)| format!("`{f}`"))
            .collect();
        if !rest && !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            self.report(
                Diagnostic::new(
                    "E0027",
                    span,
                    format!(
                        "pattern does not mention field{plural} {}",
                        missing.join(", ")
                    ),
                )
                .help("write `..` for the fields that do not matter"),
            );
        }
        let list = list
            .into_iter()
            .zip(fields)
            .map(|(p, (_, ty))| p.unwrap_or_else(|| wildcard(ty, span)))
            .collect();
        Pattern {
            ty: own,
            span,
            kind: PatternKind::Tuple(list),
        }
    }
}
