//! Values of structs: literals, constructors, fields, defaults, and what `std::mem` does with
//! places. A struct's value is the tuple of its fields.

use crate::ast;
use crate::check::adt::{MAX_PARTS, Shape};
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Block, Expr, Kind, Pattern, PatternKind, Statement};
use crate::check::ty::{Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    /// The names and types of a struct's fields; empty for anything else.
    pub(super) fn fields_of(&self, own: &Ty) -> Vec<(String, Ty)> {
        let Ty::Adt(adt, args) = own else {
            return Vec::new();
        };
        let types = self.session.field_types(adt, args).unwrap_or_default();
        match &self.session.adts[adt.number].shape {
            Shape::Struct { fields, .. } => fields
                .iter()
                .map(|f| f.name.to_string())
                .zip(types)
                .collect(),
            Shape::Enum { .. } => Vec::new(),
        }
    }

    /// Whether a field can be seen here.
    fn sees_field(&self, number: usize, name: &str) -> bool {
        let adt = &self.session.adts[number];
        let is_pub = match &adt.shape {
            Shape::Struct { fields, .. } => fields.iter().any(|f| f.name == name && f.is_pub),
            Shape::Enum { .. } => true,
        };
        is_pub || self.session.within(adt.scope, self.item_scope())
    }

    /// Reports a private field that is read or written outside of its module.
    pub(super) fn visible_field(&mut self, number: usize, name: &str, span: Span) {
        let help = "write `pub` before the field, or a method that gives it";
        self.private_field("E0616", number, name, span, help);
    }

    /// Reports a private field that a literal or pattern names outside of its module.
    pub(super) fn visible_part(&mut self, number: usize, name: &str, span: Span) {
        let help = "write `pub` before the field, or a function that makes the value";
        self.private_field("E0451", number, name, span, help);
    }

    fn private_field(
        &mut self,
        code: &'static str,
        number: usize,
        name: &str,
        span: Span,
        help: &str,
    ) {
        if self.sees_field(number, name) {
            return;
        }
        let adt = &self.session.adts[number];
        let message = format!("field `{name}` of struct `{}` is private", adt.name);
        self.report(
            Diagnostic::new(code, span, message)
                .label("private field")
                .help(help),
        );
    }

    /// Whether all fields of a tuple struct can be seen here, without which its name is no
    /// function and no pattern; reports it.
    pub(super) fn visible_constructor(
        &mut self,
        number: usize,
        code: &'static str,
        span: Span,
    ) -> bool {
        let own = self.session.adt_type(number, Vec::new());
        let names: Vec<String> = match &own {
            Ty::Adt(adt, _) => self.session.field_names(adt),
            _ => Vec::new(),
        };
        if names.iter().all(|name| self.sees_field(number, name)) {
            return true;
        }
        let adt = &self.session.adts[number];
        let message = format!("the fields of the tuple struct `{}` are private", adt.name);
        self.report(
            Diagnostic::new(code, span, message)
                .label("private fields")
                .help("write `pub` before the fields, or a function that makes the value"),
        );
        false
    }

    /// The struct that a path of one name means, with fresh or written type arguments;
    /// reports what it is not.
    pub(super) fn struct_named(&mut self, path: &'a ast::Path, span: Span) -> Option<Ty> {
        let found = match path.segments.as_slice() {
            [name] => {
                let refused = self.name(&name.name).is_some_and(|n| {
                    matches!(
                        n,
                        crate::check::function::Name::Item(crate::check::session::Item::Refused)
                    )
                });
                if refused {
                    return None;
                }
                self.struct_path(name, &path.type_args)
            }
            segments => {
                let scope = self.item_scope();
                match self.session.resolve(scope, segments) {
                    Ok(found) => found.ty.map(|(number, _)| {
                        let types = self.type_arguments(number, &path.type_args, span);
                        self.session.adt_type(number, types)
                    }),
                    Err(failure) => {
                        let refused = self.session.leads_to_refused(scope, segments, &failure);
                        if !refused {
                            let error = self.session.path_error(scope, segments, &failure, false);
                            self.report(error);
                        }
                        return None;
                    }
                }
            }
        };
        let shown: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
        match found {
            Some(Ty::Error) => None,
            Some(Ty::Adt(adt, args)) if self.session.repr(&adt).is_none() => {
                Some(Ty::Adt(adt, args))
            }
            Some(_) => {
                let message = format!("expected struct, found `{}`", shown.join("::"));
                self.fail(Diagnostic::new("E0574", span, message).label("not a struct"));
                None
            }
            None => {
                let message = format!("cannot find struct `{}` in this scope", shown.join("::"));
                let mut error = Diagnostic::new("E0422", span, message).label("not found");
                let names = self.session.type_names(self.item_scope());
                if let Some(near) = shown.last().and_then(|n| suggest::nearest(n, names)) {
                    error = error.help(format!("there is `{near}`"));
                }
                self.report(error);
                None
            }
        }
    }

    /// `V { x: 1.0, ..base }`.
    pub(super) fn struct_value(
        &mut self,
        path: &'a ast::Path,
        written: &'a [(ast::Ident, ast::Expr)],
        base: Option<&'a ast::Expr>,
        span: Span,
        expect: &Expect,
    ) -> Expr {
        let Some(own) = self.struct_named(path, span) else {
            for (_, value) in written {
                self.expr(value, &Expect::Nothing);
            }
            if let Some(base) = base {
                self.expr(base, &Expect::Nothing);
            }
            return self.error(span);
        };
        if let (Expect::Has(ty), true) = (expect, path.type_args.is_empty()) {
            self.expected_arguments(&own, ty);
        }
        let Ty::Adt(adt, _) = &own else {
            return self.error(span);
        };
        let number = adt.number;
        let fields = self.fields_of(&own);
        let shown = self.session.adts[number].name.to_string();
        let before = self.session.errors.len();
        let mut values: Vec<Option<Expr>> = fields.iter().map(|_| None).collect();
        let mut order = Vec::new();
        for (name, value) in written {
            let Some(n) = fields.iter().position(|(f, _)| *f == name.name) else {
                self.expr(value, &Expect::Nothing);
                let message = format!("struct `{shown}` has no field named `{}`", name.name);
                let near = suggest::nearest(&name.name, fields.iter().map(|(f, _)| f.as_str()));
                let error = Diagnostic::new("E0560", name.span, message);
                self.report(match near {
                    Some(near) => error.help(format!("there is a field `{near}`")),
                    None => {
                        let all: Vec<String> =
                            fields.iter().map(|(f, _)| format!("`{f}`")).collect();
                        error.help(format!("its fields are {}", all.join(", ")))
                    }
                });
                continue;
            };
            self.visible_part(number, &name.name, name.span);
            let value = self.demand(value, &fields[n].1);
            if values[n].is_some() {
                let message = format!("field `{}` specified more than once", name.name);
                self.report(Diagnostic::new("E0062", name.span, message));
                continue;
            }
            values[n] = Some(value);
            order.push(n);
        }
        let base = base.map(|base| {
            for (name, _) in &fields {
                self.visible_part(number, name, base.span);
            }
            self.demand(base, &own)
        });
        let missing: Vec<String> = fields
            .iter()
            .zip(&values)
            .filter(|(_, v)| v.is_none())
            .map(|((f, _), _)| format!("`{f}`"))
            .collect();
        if base.is_none() && !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            let message = format!(
                "missing field{plural} {} in initializer of `{shown}`",
                missing.join(", ")
            );
            let error = Diagnostic::new("E0063", span, message);
            self.report(error.help("give every field a value, or end with `..base`"));
        }
        if self.session.errors.len() > before {
            return Expr {
                ty: own,
                span,
                kind: Kind::Error,
            };
        }
        self.assemble(own, &fields, values, &order, base, span)
    }

    /// The type arguments that the expected type gives.
    fn expected_arguments(&mut self, own: &Ty, expected: &Ty) {
        let expected = self.table.resolve(expected);
        if let (Ty::Adt(a, _), Ty::Adt(b, _)) = (own, &expected)
            && a == b
        {
            self.table.unify(own, &expected);
        }
    }

    /// The tuple of all fields, whose values are evaluated in the order in which they are
    /// written.
    fn assemble(
        &mut self,
        own: Ty,
        fields: &[(String, Ty)],
        mut values: Vec<Option<Expr>>,
        order: &[usize],
        base: Option<Expr>,
        span: Span,
    ) -> Expr {
        let mut statements = Vec::new();
        let in_order = base.is_none() && order.iter().enumerate().all(|(a, b)| a == *b);
        if !in_order {
            for n in order {
                let Some(value) = values[*n].take() else {
                    continue;
                };
                values[*n] = Some(self.stored(value, &fields[*n].1, &mut statements));
            }
        }
        let base = base.map(|base| {
            if is_place(&base) {
                base
            } else {
                self.stored(base, &own, &mut statements)
            }
        });
        let mut list = Vec::new();
        for (n, (value, (_, ty))) in values.into_iter().zip(fields).enumerate() {
            list.push(match (value, &base) {
                (Some(value), _) => value,
                (None, Some(base)) => Expr {
                    ty: ty.clone(),
                    span: base.span,
                    kind: Kind::Member(Box::new(copy_of(base)), n as u32),
                },
                (None, None) => self.error(span),
            });
        }
        let resolved = self.table.resolve(&own);
        if self.session.parts(&resolved, &[]) > MAX_PARTS + 1 {
            let message = format!("a value of more than {MAX_PARTS} parts");
            return self.fail(
                Diagnostic::new("B0303", span, message).help("keep the values in an array view"),
            );
        }
        let tuple = Expr {
            ty: own.clone(),
            span,
            kind: Kind::Tuple(list),
        };
        if statements.is_empty() {
            return tuple;
        }
        let block = Block {
            statements,
            value: Some(Box::new(tuple)),
        };
        Expr {
            ty: own,
            span,
            kind: Kind::Block(None, block),
        }
    }

    /// A value in a variable of its own.
    fn stored(&mut self, value: Expr, ty: &Ty, statements: &mut Vec<Statement>) -> Expr {
        let span = value.span;
        let local = self.new_local("", span, ty.clone(), false);
        let pattern = Pattern {
            ty: ty.clone(),
            span,
            kind: PatternKind::Binding(local, None),
        };
        statements.push(Statement::Let(pattern, Some(value)));
        Expr {
            ty: ty.clone(),
            span,
            kind: Kind::Local(local),
        }
    }

    /// `V(1.0, 2.0)`.
    pub(super) fn construct(
        &mut self,
        number: usize,
        own: Option<Ty>,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let own = own.unwrap_or_else(|| {
            let types = self.type_arguments(number, type_args, span);
            self.session.adt_type(number, types)
        });
        let fields = self.fields_of(&own);
        let name = self.session.adts[number].name.to_string();
        let tuple = matches!(&self.session.adts[number].shape, Shape::Struct { tuple: true, fields } if !fields.is_empty());
        if !tuple {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            let message = format!("expected function, found struct `{name}`");
            let code = if fields.is_empty() { "E0618" } else { "E0423" };
            let help = if fields.is_empty() {
                "remove the brackets".to_string()
            } else {
                format!("write `{name} {{ .. }}`")
            };
            return self.fail(Diagnostic::new(code, span, message).help(help));
        }
        if !self.visible_constructor(number, "E0423", span) {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.error(span);
        }
        let types: Vec<Ty> = fields.into_iter().map(|(_, ty)| ty).collect();
        let kind = match self.arguments(args, &types, span, &format!("struct `{name}`")) {
            Some(list) => Kind::Tuple(list),
            None => Kind::Error,
        };
        Expr {
            ty: own,
            span,
            kind,
        }
    }

    /// `Self(..)`.
    pub(super) fn construct_self(&mut self, args: &'a [ast::Expr], span: Span) -> Expr {
        match self.own.clone() {
            Some(Ty::Adt(adt, types)) => {
                let number = adt.number;
                self.construct(number, Some(Ty::Adt(adt, types)), &[], args, span)
            }
            _ => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                let message = "cannot find `Self` in this scope";
                self.fail(Diagnostic::new("E0411", span, message))
            }
        }
    }

    /// A unit struct's name as its value.
    pub(super) fn unit_struct(
        &mut self,
        number: usize,
        own: Option<Ty>,
        type_args: &'a [ast::TypeExpr],
        span: Span,
    ) -> Expr {
        let own = own.unwrap_or_else(|| {
            let types = self.type_arguments(number, type_args, span);
            self.session.adt_type(number, types)
        });
        let fields = self.fields_of(&own);
        let shape = &self.session.adts[number].shape;
        if matches!(shape, Shape::Struct { tuple: true, .. }) && fields.is_empty() {
            return Expr {
                ty: own,
                span,
                kind: Kind::Tuple(Vec::new()),
            };
        }
        let name = self.session.adts[number].name.to_string();
        let message = "a function is not a value";
        self.fail(Diagnostic::new("B0226", span, message).help(format!("call it: `{name}(..)`")))
    }

    /// `Self` as a value.
    pub(super) fn unit_self(&mut self, span: Span) -> Expr {
        match self.own.clone() {
            Some(Ty::Adt(adt, types)) => {
                let number = adt.number;
                self.unit_struct(number, Some(Ty::Adt(adt, types)), &[], span)
            }
            _ => self.fail(Diagnostic::new(
                "E0411",
                span,
                "cannot find `Self` in this scope",
            )),
        }
    }

    /// Reports the name of a type where a value or function is wanted, and `self` where there
    /// is none.
    pub(super) fn type_as_value(&mut self, name: &ast::Ident, call: bool) -> Option<Expr> {
        if name.name == "self" {
            let message = "expected value, found module `self`";
            return Some(
                self.fail(
                    Diagnostic::new("E0424", name.span, message)
                        .help("the function has no `self` parameter"),
                ),
            );
        }
        let number = self.session.type_item(self.item_scope(), &name.name)?;
        let wanted = if call { "function" } else { "value" };
        let (what, help) = match &self.session.adts[number].shape {
            Shape::Struct { .. } => ("struct", format!("write `{} {{ .. }}`", name.name)),
            Shape::Enum { .. } => ("enum", format!("name a variant: `{}::..`", name.name)),
        };
        let message = format!("expected {wanted}, found {what} `{}`", name.name);
        Some(self.fail(Diagnostic::new("E0423", name.span, message).help(help)))
    }

    /// `value.name`.
    pub(super) fn struct_field(
        &mut self,
        value: Expr,
        own: &Ty,
        name: &str,
        place: Span,
        span: Span,
    ) -> Expr {
        let fields = self.fields_of(own);
        let Ty::Adt(adt, _) = own else {
            return self.error(span);
        };
        if let Some(n) = fields.iter().position(|(f, _)| f == name) {
            self.visible_field(adt.number, name, place);
            return Expr {
                ty: fields[n].1.clone(),
                span,
                kind: Kind::Member(Box::new(value), n as u32),
            };
        }
        let shown = self.show(own);
        if self.session.adts[adt.number].members.contains_key(name) {
            let message = format!("attempted to take value of method `{name}` on type `{shown}`");
            return self.fail(
                Diagnostic::new("E0615", place, message).help(format!("call it: `.{name}(..)`")),
            );
        }
        let mut error = Diagnostic::new(
            "E0609",
            place,
            format!("no field `{name}` on type `{shown}`"),
        );
        match suggest::nearest(name, fields.iter().map(|(f, _)| f.as_str())) {
            Some(near) => error = error.help(format!("there is a field `{near}`")),
            None if fields.is_empty() => error = error.help("it has no fields"),
            None => {
                let all: Vec<String> = fields.iter().map(|(f, _)| format!("`{f}`")).collect();
                error = error.help(format!("its fields are {}", all.join(", ")));
            }
        }
        self.fail(error)
    }

    /// Functions of the standard library for places and defaults; `None` for all others.
    pub(super) fn library_call(
        &mut self,
        names: &[&str],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let name = match names {
            ["Default", "default"] | ["std" | "core", "default", "Default", "default"] => "default",
            ["std" | "core", "mem", name @ ("swap" | "replace" | "take")]
            | ["mem", name @ ("swap" | "replace" | "take")] => name,
            _ => return None,
        };
        let ty = self.table.fresh(VarKind::General);
        let place = ty.clone().reference(true);
        let params = match name {
            "swap" => vec![place.clone(), place],
            "replace" => vec![place, ty.clone()],
            "take" => vec![place],
            _ => Vec::new(),
        };
        if matches!(name, "take" | "default") {
            self.checks.push(Check::Trait(ty.clone(), "Default", span));
        }
        let Some(list) = self.arguments(args, &params, span, &format!("function `{name}`")) else {
            return Some(self.error(span));
        };
        let default = Expr {
            ty: ty.clone(),
            span,
            kind: Kind::Default,
        };
        let mut list = list.into_iter().map(Box::new);
        let (first, second) = (list.next(), list.next());
        let (ty, kind) = match (name, first, second) {
            ("swap", Some(a), Some(b)) => (Ty::UNIT, Kind::Swap(a, b)),
            ("replace", Some(a), Some(b)) => (ty, Kind::Replace(a, b)),
            ("take", Some(a), None) => (ty, Kind::Replace(a, Box::new(default))),
            _ => (ty, Kind::Default),
        };
        Some(Expr { ty, span, kind })
    }
}

/// Whether an expression is a variable or a part of one.
pub(super) fn is_place(e: &Expr) -> bool {
    match &e.kind {
        Kind::Local(_) => true,
        Kind::Member(inner, _) => is_place(inner),
        _ => false,
    }
}

/// The same place again; see [`is_place`].
fn copy_of(e: &Expr) -> Expr {
    let kind = match &e.kind {
        Kind::Local(local) => Kind::Local(*local),
        Kind::Member(inner, n) => Kind::Member(Box::new(copy_of(inner)), *n),
        _ => Kind::Error,
    };
    Expr {
        ty: e.ty.clone(),
        span: e.span,
        kind,
    }
}
