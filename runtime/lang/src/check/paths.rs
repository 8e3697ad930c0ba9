//! The rules for paths of several names: constants of the number types and of type parameters
//! (`f64::MAX`, `T::EPSILON`, `std::f64::consts::PI`), and associated functions
//! (`f64::max(a, b)`, `T::zero()`, `f64::from(x)`).

use brolga_abi::Bound;

use crate::ast;
use crate::check::calls::supplied;
use crate::check::function::{Check, Checker, Expect};
use crate::check::methods::constants;
use crate::check::session::{Item, scalar_named};
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Bounds, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    /// The item that a path of several names means, if the names before the last are modules;
    /// what an error leaves behind, where there is no such item.
    pub(crate) fn module_item(&mut self, path: &'a ast::Path) -> Option<Result<Item, Expr>> {
        let (first, last) = (path.segments.first()?, path.segments.last()?);
        let known = matches!(first.name.as_str(), "std" | "core")
            || self.params.iter().any(|param| param.name == first.name);
        if path.segments.len() < 2 || known {
            return None;
        }
        let scope = self.item_scope();
        let failure = match self.session.enter(scope, &path.segments) {
            Ok((_, taken)) if taken + 1 < path.segments.len() => return None,
            Ok(_) => match self.session.resolve(scope, &path.segments) {
                Ok(found) => match found.item {
                    Some((item, _)) => return Some(Ok(item)),
                    None => {
                        let what = if found.ty.is_some() { "type" } else { "module" };
                        let message = format!("expected value, found {what} `{}`", last.name);
                        return Some(Err(self.fail(Diagnostic::new("E0423", last.span, message))));
                    }
                },
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        if self
            .session
            .leads_to_refused(scope, &path.segments, &failure)
        {
            return Some(Err(self.error(last.span)));
        }
        let error = self
            .session
            .path_error(scope, &path.segments, &failure, false);
        Some(Err(self.fail(error)))
    }

    /// A static's value.
    pub(crate) fn global(&mut self, number: usize, span: Span) -> Expr {
        if self.constant {
            self.session.static_in_constant(number, span);
            return self.error(span);
        }
        Expr {
            ty: self.session.statics[number].ty.clone(),
            span,
            kind: Kind::Global(number),
        }
    }

    /// The type that a path begins with, and the rest of the path.
    pub(super) fn path_type(
        &mut self,
        path: &'a ast::Path,
    ) -> Option<(Ty, bool, &'a [ast::Ident])> {
        let mut rest = path.segments.as_slice();
        let standard =
            matches!(rest.first(), Some(first) if first.name == "std" || first.name == "core");
        if standard {
            rest = &rest[1..];
        }
        let (first, mut rest) = rest.split_first()?;
        if first.name == "primitive" && standard {
            let (second, after) = rest.split_first()?;
            return scalar_named(&second.name).map(|s| (Ty::Scalar(s), false, after));
        }
        let taken = match self.session.enter(self.item_scope(), &path.segments) {
            Ok((_, taken)) if !standard => taken,
            _ => 0,
        };
        if taken > 0 {
            let found = self
                .session
                .resolve(self.item_scope(), &path.segments[..=taken])
                .ok()?;
            let after = path.segments.get(taken + 1..).unwrap_or_default();
            if let Some((number, _)) = found.ty {
                let span = path.segments[taken].span;
                let types = self.type_arguments(number, &path.owner_args, span);
                return Some((self.session.adt_type(number, types), false, after));
            }
            return match found.item.map(|(item, _)| item)? {
                Item::Module(s) => Some((Ty::Scalar(s), true, after)),
                Item::Number(s) => Some((Ty::Scalar(s), false, after)),
                _ => None,
            };
        }
        if !standard {
            if let Some(found) = self.struct_path(first, &path.owner_args) {
                return Some((found, false, rest));
            }
            if let Some(n) = self.params.iter().position(|p| p.name == first.name) {
                return Some((Ty::Param(n as u8), false, rest));
            }
            if let Some(Item::Module(s)) = self.item(&first.name) {
                return Some((Ty::Scalar(s), true, rest));
            }
        }
        let imported = match self.item(&first.name) {
            Some(Item::Number(scalar)) => Some(scalar),
            _ => None,
        };
        let scalar = imported.or_else(|| scalar_named(&first.name))?;
        let mut module = false;
        if scalar.is_float()
            && (standard || imported.is_some())
            && let Some((next, after)) = rest.split_first()
            && next.name == "consts"
        {
            (module, rest) = (true, after);
        }
        Some((Ty::Scalar(scalar), module, rest))
    }

    /// `f64::MAX`, `T::EPSILON`, `std::f64::consts::PI`.
    pub(crate) fn qualified(&mut self, path: &'a ast::Path, span: Span) -> Expr {
        let Some((own, module, [name])) = self.path_type(path) else {
            return self.unknown_path(path, span);
        };
        if let Ty::Adt(..) = own {
            return self.struct_item(&own, name, span);
        }
        let names: Vec<&'static str> = match (&own, module) {
            (_, true) => constants::MATHEMATICAL.to_vec(),
            (Ty::Scalar(s), _) => constants::names(*s).to_vec(),
            (Ty::Param(n), _) => constants::generic_names(self.params[usize::from(*n)].bounds),
            _ => Vec::new(),
        };
        if let Some(entry) = names.iter().find(|entry| **entry == name.name) {
            return Expr {
                ty: constants::ty(&own, entry),
                span,
                kind: Kind::Associated(entry, own),
            };
        }
        let shown = self.show(&own);
        let is_function = self
            .owner(&own)
            .is_some_and(|o| o.find(&name.name).is_some());
        if is_function {
            return self.fail(
                Diagnostic::new("B0226", span, "a function is not a value")
                    .help(format!("call it: `{shown}::{}(..)`", name.name)),
            );
        }
        let mut error = Diagnostic::new(
            "E0599",
            name.span,
            format!(
                "no associated constant `{}` found for type `{shown}`",
                name.name
            ),
        )
        .label("not found");
        if let Some(near) = suggest::nearest(&name.name, names.iter().copied()) {
            error = error.help(format!("there is `{near}`"));
        } else if let Ty::Scalar(s) = own
            && constants::MATHEMATICAL.contains(&name.name.as_str())
        {
            error = error.help(format!("it is `std::{}::consts::{}`", s.name(), name.name));
        }
        self.fail(error)
    }

    fn unknown_path(&mut self, path: &'a ast::Path, span: Span) -> Expr {
        let written: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
        let scope = self.item_scope();
        if let Ok((_, taken)) = self.session.enter(scope, &path.segments)
            && taken > 0
            && let Err(failure) = self.session.resolve(scope, &path.segments[..=taken])
        {
            if self
                .session
                .leads_to_refused(scope, &path.segments, &failure)
            {
                return self.error(span);
            }
            let error = self
                .session
                .path_error(scope, &path.segments, &failure, false);
            return self.fail(error);
        }
        let first = self.item(&path.segments[0].name);
        if first == Some(Item::Refused) {
            return self.error(span);
        }
        let near = suggest::nearest(written[0], self.session.module_names(scope));
        if let Some(near) = near.map(str::to_string) {
            return self.fail(
                Diagnostic::new(
                    "E0433",
                    span,
                    format!("cannot find `{}`", written.join("::")),
                )
                .label("not known here")
                .help(format!("there is a module `{near}`")),
            );
        }
        let mut types = self.session.type_names(scope);
        types.extend(crate::ir::Scalar::ALL.iter().map(|s| s.name()));
        types.extend(super::known::TYPE_NAMES);
        types.extend(["std", "core"]);
        if let Some(near) = suggest::nearest(written[0], types).filter(|n| *n != written[0]) {
            let message = format!("cannot find `{}` in this scope", written[0]);
            let error = Diagnostic::new("E0433", path.segments[0].span, message)
                .label("not known here")
                .help(format!("there is `{near}`"));
            return self.fail(error);
        }
        let last = written.last().copied().unwrap_or_default();
        let of_std: &[&str] = match written.get(1) {
            Some(&"mem") => &["swap", "replace", "take"],
            Some(&"iter") => &["repeat", "once", "zip", "successors", "from_fn"],
            _ => &[],
        };
        if let Some(near) = suggest::nearest(last, of_std.iter().copied()) {
            let message = format!("cannot find `{}`", written.join("::"));
            let error = Diagnostic::new("E0433", span, message)
                .label("not known here")
                .help(format!("there is `{near}`"));
            return self.fail(error);
        }
        self.fail(
            Diagnostic::new(
                "E0433",
                span,
                format!("cannot find `{}`", written.join("::")),
            )
            .label("not known here")
            .help(if written[0] == "Ordering" {
                "write `use std::cmp::Ordering;`"
            } else if written.contains(&"consts") {
                "write `std::f64::consts::PI`, or `use std::f64::consts;`"
            } else {
                "paths begin with a type, a module of the file, `crate`, `self`, `super`, or `std`"
            }),
        )
    }

    pub(crate) fn qualified_call(
        &mut self,
        path: &'a ast::Path,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let names: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
        if let ["std" | "core", "mem", "swap"] = names.as_slice() {
            self.no_shape_type(&path.type_args);
            return self.exchange(args, span);
        }
        if let Some(made) = self.owned_call(path, args, span) {
            return made;
        }
        if let ["std" | "core", "cmp", name @ ("min" | "max")] = names.as_slice() {
            let name = if *name == "min" { "min" } else { "max" };
            let ty = self.table.fresh(VarKind::General);
            self.checks.push(Check::Bound(
                ty.clone(),
                Bounds::of(&[Bound::Integer]),
                format!("the arguments of `std::cmp::{name}`"),
                span,
            ));
            let params = [ty.clone(), ty.clone()];
            return match self.arguments(args, &params, span, &format!("function `{name}`")) {
                Some(args) => Expr {
                    ty: ty.clone(),
                    span,
                    kind: Kind::Method(name, ty, args, span),
                },
                None => self.error(span),
            };
        }
        if let Some(e) = self.library_call(&names, args, span) {
            self.no_shape_type(&path.type_args);
            return e;
        }
        let Some((own, false, [name])) = self.path_type(path) else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.unknown_path(path, span);
        };
        if own == Ty::Error {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.error(span);
        }
        if let Ty::Adt(..) = own {
            return self.struct_function(&own, name, &path.type_args, args, span);
        }
        if !path.type_args.is_empty() {
            let what = format!("associated function `{}`", name.name);
            self.no_type_arguments(&what, 0, &path.type_args);
        }
        if let (Ty::Scalar(target), "from") = (&own, name.name.as_str()) {
            return self.lossless(*target, args, span);
        }
        let owner = self.owner(&own);
        let Some(method) = owner.and_then(|o| o.find(&name.name)) else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.unknown_member(&own, name, "function or associated item");
        };
        let mut params: Vec<Ty> = Vec::new();
        if method.receiver {
            params.push(own.clone());
        }
        params.extend(method.params.iter().map(|p| p.ty(&own)));
        let shown = self.show(&own);
        let what = format!("function `{shown}::{}`", method.name);
        match self.arguments(args, &params, span, &what) {
            Some(args) => Expr {
                ty: method.result.ty(&own),
                span,
                kind: Kind::Method(method.name, own, args, name.span),
            },
            None => self.error(span),
        }
    }

    /// `f64::from(x)`.
    fn lossless(&mut self, target: Scalar, args: &'a [ast::Expr], span: Span) -> Expr {
        let [arg] = args else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.fail(Diagnostic::new(
                "E0061",
                span,
                supplied(
                    &format!("function `{}::from`", target.name()),
                    1,
                    args.len(),
                ),
            ));
        };
        let value = self.expr(arg, &Expect::Nothing);
        let source = self.known(&value.ty);
        let source = match source.clone() {
            Ty::Error => return self.error(span),
            Ty::Scalar(s) => s,
            // A literal: only its fallback type can be meant.
            Ty::Var(v) => match self.table.kind(v) {
                VarKind::Integer if converts(Scalar::I32, target) => Scalar::I32,
                VarKind::Integer => target,
                VarKind::Float => Scalar::F64,
                VarKind::General | VarKind::Diverging => {
                    return self.ambiguous(value.span, "this argument");
                }
            },
            Ty::Half(_) if target.is_float() => {
                let name = if target == Scalar::F32 {
                    "to_f32"
                } else {
                    "to_f64"
                };
                return Expr {
                    ty: Ty::Scalar(target),
                    span,
                    kind: Kind::Method(name, source, vec![value], span),
                };
            }
            _ => Scalar::Bool,
        };
        let exact = matches!(self.known(&value.ty), Ty::Scalar(_) | Ty::Var(_));
        if exact && converts(source, target) {
            let source = Ty::Scalar(source);
            self.coerce(&value, &source);
            return Expr {
                ty: Ty::Scalar(target),
                span,
                kind: Kind::Cast(Box::new(value)),
            };
        }
        let shown = self.show(&value.ty);
        self.fail(
            Diagnostic::new(
                "E0277",
                value.span,
                format!(
                    "the trait bound `{}: From<{shown}>` is not satisfied",
                    target.name()
                ),
            )
            .label("this conversion could lose something")
            .help(format!("convert with `as {}`", target.name())),
        )
    }
}

/// Whether std has `From<source>` for `target`.
pub(super) fn converts(source: Scalar, target: Scalar) -> bool {
    use Scalar::*;
    match (source, target) {
        _ if source == target => true,
        (Bool, _) => true,
        (I8 | I16, Isize) | (U8, Isize) | (U8 | U16, Usize) => true,
        (_, Isize | Usize) | (Isize | Usize, _) | (_, Bool) => false,
        (F32, F64) => true,
        (F64 | F32, _) => false,
        (_, F32) => source.bits() <= 16,
        (_, F64) => source.bits() <= 32,
        _ if source.is_signed() => target.is_signed() && source.bits() < target.bits(),
        _ => source.bits() < target.bits(),
    }
}
