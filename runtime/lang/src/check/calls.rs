//! The rules for calls: functions of the file, the prelude's functions, methods of numbers.
//! Associated functions (`f64::max`) are in `paths.rs`, methods of array views in `views.rs`.
//! As in rustc, a method call needs the receiver's type, except that the prelude's traits
//! apply to a literal's type.

use brolga_abi::Bound;

use crate::ast::{self, ExprKind};
use crate::check::function::{Check, Checker, Expect, Name};
use crate::check::methods::{self, Method, Owner, float};
use crate::check::session::Item;
use crate::check::tree::{Expr, Kind};
use crate::check::ty::{Bounds, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    /// What the type is for the look-up of members; `None` for what is no number.
    pub(crate) fn owner(&mut self, ty: &Ty) -> Option<Owner> {
        match self.known(ty) {
            Ty::Scalar(s) => Some(Owner::Known(s)),
            Ty::Param(n) => Some(Owner::Param(
                self.params.get(usize::from(n)).map(|p| p.bounds)?,
            )),
            Ty::Var(v) => match self.table.kind(v) {
                VarKind::Integer => Some(Owner::AnyInteger),
                VarKind::Float => Some(Owner::AnyFloat),
                VarKind::General | VarKind::Diverging => None,
            },
            _ => None,
        }
    }

    /// Whether values of this type have a method of this name.
    pub(crate) fn has_method(&mut self, ty: &Ty, name: &str) -> bool {
        if matches!(ty, Ty::Array(..)) {
            return super::arrays::ARRAY_METHODS.contains(&name);
        }
        if matches!(ty, Ty::View { .. } | Ty::Owned { .. }) {
            return super::views::METHODS.contains(&name)
                || super::arrays::VIEW_METHODS.contains(&name);
        }
        self.owner(ty)
            .is_some_and(|owner| owner.find(name).is_some_and(|m| m.receiver))
    }

    /// Checks arguments against parameter types.
    pub(crate) fn arguments(
        &mut self,
        args: &'a [ast::Expr],
        params: &[Ty],
        span: Span,
        what: &str,
    ) -> Option<Vec<Expr>> {
        if args.len() != params.len() {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            let wanted: Vec<String> = params.iter().map(|ty| self.show(ty)).collect();
            self.report(
                Diagnostic::new("E0061", span, supplied(what, params.len(), args.len()))
                    .label(format!("expected ({})", wanted.join(", "))),
            );
            return None;
        }
        Some(
            args.iter()
                .zip(params)
                .map(|(arg, ty)| self.demand(arg, ty))
                .collect(),
        )
    }

    pub(crate) fn call(
        &mut self,
        callee: &'a ast::Expr,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        if let ExprKind::Error = callee.kind {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.expr(callee, &Expect::Nothing);
        }
        if let Some(done) = self.call_closure(callee, args, span) {
            if let ExprKind::Path(path) = &callee.kind
                && let Some(first) = path.type_args.first()
            {
                self.report(
                    Diagnostic::new(
                        "E0109",
                        first.span,
                        "type arguments are not allowed on local variable",
                    )
                    .help("leave them out"),
                );
            }
            return done;
        }
        let ExprKind::Path(path) = &callee.kind else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.fail(
                Diagnostic::new("E0618", callee.span, "expected function")
                    .label("only functions of the file and of the prelude can be called"),
            );
        };
        if let Some(known) = self.known_call(path, args, span) {
            if path.segments.last().is_some_and(|name| name.name != "Some") {
                self.no_type_arguments("associated function", 0, &path.type_args);
            }
            return known;
        }
        let named = match self.module_item(path) {
            Some(Ok(item)) => Some((path.segments.last(), Some(Name::Item(item)))),
            Some(Err(e)) => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                return e;
            }
            None => None,
        };
        let alone = match path.segments.as_slice() {
            [name] => Some((Some(name), self.name(&name.name))),
            _ => None,
        };
        if let Some((Some(name), found)) = named.or(alone) {
            return match found {
                Some(Name::Item(Item::Function(function))) => {
                    self.call_function(function, path, args, span)
                }
                Some(Name::Item(Item::Constructor(number))) => {
                    self.construct(number, None, &path.type_args, args, span)
                }
                None if name.name == "Self" => self.construct_self(args, span),
                Some(Name::Item(Item::Refused)) => {
                    self.session.ambiguous_glob(self.item_scope(), name);
                    for arg in args {
                        self.expr(arg, &Expect::Nothing);
                    }
                    self.error(span)
                }
                Some(_) => {
                    for arg in args {
                        self.expr(arg, &Expect::Nothing);
                    }
                    self.fail(
                        Diagnostic::new(
                            "E0618",
                            callee.span,
                            format!("expected function, found `{}`", name.name),
                        )
                        .label("this is a value"),
                    )
                }
                None => self.prelude_function(name, &path.type_args, args, span),
            };
        }
        self.qualified_call(path, args, span)
    }

    fn call_function(
        &mut self,
        function: usize,
        path: &'a ast::Path,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let signature = std::rc::Rc::clone(&self.session.functions[function].signature);
        let name = self.session.functions[function].ast.name.name.clone();
        let mut types: Vec<Ty> = Vec::new();
        if path.type_args.is_empty() {
            for _ in &signature.type_params {
                types.push(self.table.fresh(VarKind::General));
            }
        } else {
            types = path.type_args.iter().map(|ty| self.written(ty)).collect();
            if types.len() != signature.type_params.len() {
                self.report(Diagnostic::new(
                    "E0107",
                    span,
                    format!(
                        "function `{name}` takes {} type arguments but {} were supplied",
                        signature.type_params.len(),
                        types.len()
                    ),
                ));
                types.resize(signature.type_params.len(), Ty::Error);
            }
        }
        for (ty, param) in types.iter().zip(&signature.type_params) {
            self.checks.push(Check::Bound(
                ty.clone(),
                param.bounds,
                format!("`{}` of `{name}`", param.name),
                span,
            ));
        }
        let params: Vec<Ty> = signature
            .params
            .iter()
            .map(|ty| instantiate(ty, &types))
            .collect();
        let result = instantiate(&signature.result, &types);
        let what = format!("function `{name}`");
        match self.call_arguments(&signature, &types, args, &params, span, &what) {
            Some(args) => Expr {
                ty: result,
                span,
                kind: Kind::Call(function, types, args),
            },
            None => Expr {
                ty: result,
                span,
                kind: Kind::Error,
            },
        }
    }

    /// Reports type arguments of what takes `wanted` of them.
    pub(crate) fn no_type_arguments(&mut self, what: &str, wanted: usize, found: &[ast::TypeExpr]) {
        if let (Some(first), Some(last)) = (found.first(), found.last()) {
            self.report(
                Diagnostic::new(
                    "E0107",
                    first.span.to(last.span),
                    format!(
                        "{what} takes {wanted} type arguments but {} were supplied",
                        found.len()
                    ),
                )
                .help("leave them out"),
            );
        }
    }

    fn prelude_function(
        &mut self,
        name: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        if let Some(special) = float::SPECIAL.iter().find(|s| **s == name.name) {
            let ty = self.table.fresh(VarKind::General);
            self.checks.push(Check::Bound(
                ty.clone(),
                Bounds::of(&[Bound::Float]),
                format!("the argument of `{special}`"),
                span,
            ));
            match type_args {
                [] => {}
                [one] => {
                    let written = self.written(one);
                    if !self.table.unify(&ty, &written) {
                        return self.error(span);
                    }
                }
                _ => self.no_type_arguments(&format!("function `{special}`"), 1, type_args),
            }
            let what = format!("function `{special}`");
            return match self.arguments(args, std::slice::from_ref(&ty), span, &what) {
                Some(args) => Expr {
                    ty: ty.clone(),
                    span,
                    kind: Kind::Method(special, ty, args, name.span),
                },
                None => self.error(span),
            };
        }
        if let Some(made) = self.owned_literal(name, args, span) {
            self.no_shape_type(type_args);
            return made;
        }
        for arg in args {
            if !matches!(arg.kind, ExprKind::Range { .. }) {
                self.expr(arg, &Expect::Nothing);
            }
        }
        if name.name == "prange" {
            return self.fail(
                Diagnostic::new("B0222", span, "`prange` is only possible in a `for` loop")
                    .help("write `for i in prange(0..n) { .. }`"),
            );
        }
        if let Some(error) = self.type_as_value(name, true) {
            return error;
        }
        let mut error = Diagnostic::new(
            "E0425",
            name.span,
            format!("cannot find function `{}` in this scope", name.name),
        )
        .label("not found");
        let mut names = self.names();
        names.extend(float::SPECIAL);
        names.extend(["prange", "Some"]);
        if let Some(near) = suggest::nearest(&name.name, names) {
            error = error.help(format!("there is `{near}`"));
        } else if methods::exists(true, &name.name) || methods::exists(false, &name.name) {
            error = error.help(format!("it is a method: `x.{}(..)`", name.name));
        }
        self.fail(error)
    }

    pub(crate) fn unknown_member(&mut self, own: &Ty, name: &ast::Ident, what: &str) -> Expr {
        let shown = self.show(own);
        let mut error = Diagnostic::new(
            "E0599",
            name.span,
            format!("no {what} named `{}` found for type `{shown}`", name.name),
        )
        .label(format!("not found in `{shown}`"));
        let candidates: Vec<&str> = match self.owner(own) {
            Some(owner) => owner.methods().map(|m| m.name).collect(),
            None if matches!(own, Ty::View { .. }) => super::views::METHODS.to_vec(),
            None => Vec::new(),
        };
        if let Some(help) = methods::instead(&name.name) {
            error = error.help(help);
        } else if let Some(near) = suggest::nearest(&name.name, candidates) {
            error = error.help(format!("there is `{near}`"));
        } else if let Ty::Param(n) = own
            && (methods::exists(true, &name.name) || methods::exists(false, &name.name))
        {
            let bound = if methods::exists(true, &name.name) {
                "Float"
            } else {
                "Integer"
            };
            let name = &self.params[usize::from(*n)].name;
            error = error.help(format!(
                "the bound does not give it; perhaps `{name}: {bound}`"
            ));
        }
        self.fail(error)
    }

    // Methods.

    pub(crate) fn method(
        &mut self,
        receiver: &'a ast::Expr,
        method: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        if let Some(done) = self.consumed(receiver, method, type_args, args, span) {
            return done;
        }
        if let ExprKind::Range {
            start,
            end,
            inclusive,
        } = &receiver.kind
            && method.name == "contains"
        {
            return self.contains(start.as_deref(), end.as_deref(), *inclusive, args, span);
        }
        if matches!(&receiver.kind, ExprKind::Range { .. }) {
            self.expr(receiver, &Expect::Nothing);
            return self.error(span);
        }
        let value = self.place(receiver);
        let ty = self.peeled(&value.ty);
        if !type_args.is_empty() && !matches!(ty, Ty::Adt(..) | Ty::Error) {
            self.report(Diagnostic::new(
                "E0107",
                method.span,
                format!("method `{}` takes no type arguments", method.name),
            ));
        }
        let mut value = Some(value);
        if let Some(done) = self.number_order(&mut value, &ty, method, args, span) {
            return done;
        }
        let Some(value) = value else {
            return self.error(span);
        };
        let owner = self.owner(&ty);
        match (&ty, owner) {
            (Ty::Error, _) | (Ty::Never, _) => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                self.error(span)
            }
            (Ty::Adt(..), _) => self.struct_method(value, &ty, method, type_args, args, span),
            (Ty::Tuple(_) | Ty::Option(_) | Ty::Array(..), _)
                if method.name == "clone" && args.is_empty() =>
            {
                self.checks
                    .push(Check::Trait(ty.clone(), "Clone", method.span));
                let kind = Kind::Clone(Box::new(value));
                Expr { ty, span, kind }
            }
            (_, _) if method.name == "clone" && args.is_empty() && !is_mutable_view(&ty) => Expr {
                ty,
                span,
                kind: value.kind,
            },
            (Ty::View { .. } | Ty::Owned { .. }, _) => {
                self.view_method(value, ty, method, args, span)
            }
            (Ty::Array(..), _) => self.array_method(value, &ty, method, args, span),
            (Ty::Option(_) | Ty::Complex(_) | Ty::Half(_), _) => {
                self.known_method(value, ty, method, args, span)
            }
            (_, Some(owner)) => self.number_method(owner, value, &ty, method, args, span),
            (Ty::Var(_), None) => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                self.ambiguous(value.span, "the receiver")
            }
            _ => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                self.unknown_member(&ty, method, "method")
            }
        }
    }

    fn number_method(
        &mut self,
        owner: Owner,
        value: Expr,
        ty: &Ty,
        method: &'a ast::Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let float = matches!(owner, Owner::AnyFloat);
        let undecided = matches!(owner, Owner::AnyFloat | Owner::AnyInteger);
        // As in rustc: an undecided number has the methods of traits, which are the prelude's
        // and `Ord`, and any other method of it is an error.
        let found: Option<&'static Method> =
            owner.find(&method.name).filter(|found| found.receiver);
        let Some(found) = found else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            if undecided && methods::exists(float, &method.name) {
                let shown = self.show(ty);
                let suffix = if float { "f64" } else { "i32" };
                return self.fail(
                    Diagnostic::new(
                        "E0689",
                        method.span,
                        format!(
                            "can't call method `{}` on ambiguous numeric type `{shown}`",
                            method.name
                        ),
                    )
                    .label("the number's type must be known here")
                    .help(format!(
                        "give the literal a suffix, like `_{suffix}`, or the variable a type"
                    )),
                );
            }
            return self.unknown_member(ty, method, "method");
        };
        let params: Vec<Ty> = found.params.iter().map(|p| p.ty(ty)).collect();
        let what = format!("method `{}`", found.name);
        let Some(mut rest) = self.arguments(args, &params, span, &what) else {
            return Expr {
                ty: found.result.ty(ty),
                span,
                kind: Kind::Error,
            };
        };
        rest.insert(0, value);
        Expr {
            ty: found.result.ty(ty),
            span,
            kind: Kind::Method(found.name, ty.clone(), rest, method.span),
        }
    }

    fn contains(
        &mut self,
        start: Option<&'a ast::Expr>,
        end: Option<&'a ast::Expr>,
        inclusive: bool,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let element = self.table.fresh(VarKind::General);
        let bound = |c: &mut Self, e: Option<&'a ast::Expr>| {
            e.map(|e| Box::new(c.demand(e, &element.clone())))
        };
        let start = bound(self, start);
        let end = bound(self, end);
        let wanted = element.clone().reference(false);
        let Some(mut args) = self.arguments(args, &[wanted], span, "method `contains`") else {
            return self.error(span);
        };
        self.checks.push(Check::Known(
            element,
            "the range's bounds".to_string(),
            span,
        ));
        match args.pop() {
            Some(value) => Expr {
                ty: Ty::BOOL,
                span,
                kind: Kind::Contains(start, end, Box::new(value), inclusive),
            },
            None => self.error(span),
        }
    }

    /// Reports an unknown method of a view.
    pub(crate) fn no_view_method(&mut self, ty: &Ty, method: &ast::Ident) -> Expr {
        self.unknown_member(ty, method, "method")
    }
}

/// That a call has the wrong number of arguments, in rustc's words.
pub(crate) fn supplied(what: &str, wanted: usize, found: usize) -> String {
    format!(
        "{what} takes {wanted} argument{} but {found} {} supplied",
        if wanted == 1 { "" } else { "s" },
        if found == 1 { "was" } else { "were" }
    )
}

fn is_mutable_view(ty: &Ty) -> bool {
    matches!(ty, Ty::View { mutable: true, .. } | Ty::Owned { .. })
}

/// `ty` with the type parameters replaced.
pub(crate) fn instantiate(ty: &Ty, types: &[Ty]) -> Ty {
    match ty {
        Ty::Param(n) => types.get(usize::from(*n)).cloned().unwrap_or(Ty::Error),
        Ty::Tuple(members) => Ty::Tuple(members.iter().map(|m| instantiate(m, types)).collect()),
        Ty::View {
            element,
            ndim,
            mutable,
        } => Ty::View {
            element: Box::new(instantiate(element, types)),
            ndim: *ndim,
            mutable: *mutable,
        },
        Ty::Ref(mutable, inner) => instantiate(inner, types).reference(*mutable),
        other => crate::check::ty::substitute(other, types),
    }
}
