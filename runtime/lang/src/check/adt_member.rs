//! Members of structs and enums: methods, associated functions and constants, variants. The
//! receiver is referenced and dereferenced as the method wants it.

use std::rc::Rc;

use crate::ast;
use crate::check::adt::{Member, MemberItem, could_be, takes_self};
use crate::check::calls::instantiate;
use crate::check::function::{Check, Checker, Expect};
use crate::check::tree::{Expr, FnIndex, Kind};
use crate::check::ty::{Ty, VarKind, substitute};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

impl<'a> Checker<'_, 'a> {
    /// The type that a path begins with, where that is a struct, an enum or `Self`.
    pub(super) fn struct_path(
        &mut self,
        first: &'a ast::Ident,
        args: &'a [ast::TypeExpr],
    ) -> Option<Ty> {
        if first.name == "Self" {
            let own = self.own.clone();
            return Some(own.unwrap_or_else(|| {
                let message = "cannot find type `Self` in this scope";
                self.report(
                    Diagnostic::new("E0433", first.span, message)
                        .label("`Self` is only available in `impl` blocks"),
                );
                Ty::Error
            }));
        }
        if self.params.iter().any(|p| p.name == first.name) {
            return None;
        }
        let number = self.session.type_item(self.item_scope(), &first.name)?;
        let types = self.type_arguments(number, args, first.span);
        Some(self.session.adt_type(number, types))
    }

    /// Written type arguments of a struct, or variables.
    pub(super) fn type_arguments(
        &mut self,
        number: usize,
        args: &'a [ast::TypeExpr],
        span: Span,
    ) -> Vec<Ty> {
        let params = self.session.adts[number].params.clone();
        let mut types: Vec<Ty> = if args.is_empty() {
            let fresh = |_: &_| self.table.fresh(VarKind::General);
            params.iter().map(fresh).collect()
        } else {
            args.iter().map(|ty| self.written(ty)).collect()
        };
        let name = self.session.adts[number].name.to_string();
        if types.len() != params.len() {
            let message = format!(
                "struct `{name}` takes {} type arguments but {} were supplied",
                params.len(),
                types.len()
            );
            self.report(Diagnostic::new("E0107", span, message));
            types.resize(params.len(), Ty::Error);
        }
        for (ty, param) in types.iter().zip(&params) {
            if param.bounds.strongest().is_some() {
                let what = format!("`{}` of `{name}`", param.name);
                let check = Check::Bound(ty.clone(), param.bounds, what, span);
                self.checks.push(check);
            }
        }
        types
    }

    /// The bounds of a function's type parameters.
    pub(super) fn bounds(&mut self, function: FnIndex, types: &[Ty], span: Span) {
        let item = &self.session.functions[function];
        let name = item.ast.name.name.clone();
        let signature = Rc::clone(&item.signature);
        for (ty, param) in types.iter().zip(&signature.type_params) {
            self.checks.push(Check::Bound(
                ty.clone(),
                param.bounds,
                format!("`{}` of `{name}`", param.name),
                span,
            ));
        }
    }

    /// The member of this name that the type has.
    fn member_of(&mut self, own: &Ty, name: &ast::Ident) -> Result<Option<Member>, Box<Expr>> {
        let own = self.table.resolve(own);
        let Ty::Adt(adt, _) = &own else {
            return Ok(None);
        };
        let all = self.session.adts[adt.number]
            .members
            .get(name.name.as_str());
        let mut fitting = all.into_iter().flatten().filter(|m| could_be(&m.own, &own));
        let (first, more) = (fitting.next().cloned(), fitting.next());
        if more.is_some() {
            return Err(Box::new(self.ambiguous(name.span, "the value")));
        }
        Ok(first)
    }

    /// Whether a member that is not `pub` can be seen here.
    fn visible_member(&mut self, own: &Ty, member: &Member, name: &ast::Ident) {
        let (is_pub, scope, what) = match member.item {
            MemberItem::Function(f) => {
                let item = &self.session.functions[f];
                (item.ast.is_pub, item.scope, "method")
            }
            MemberItem::Const(c) => {
                let item = &self.session.consts[c];
                (item.ast.is_pub, item.scope, "associated constant")
            }
        };
        if !is_pub && !self.session.within(scope, self.item_scope()) {
            let shown = self.show(own);
            let message = format!("{what} `{}` of `{shown}` is private", name.name);
            self.report(
                Diagnostic::new("E0624", name.span, message)
                    .label("private")
                    .help("write `pub` before it"),
            );
        }
    }

    /// Fresh types for the parameters of a member's `impl`, made equal to `own`.
    fn impl_types(&mut self, member: &Member, own: &Ty) -> Vec<Ty> {
        let types: Vec<Ty> = (0..member.params)
            .map(|_| self.table.fresh(VarKind::General))
            .collect();
        self.table.unify(&substitute(&member.own, &types), own);
        types
    }

    /// `V::NAME`, `Mode::Fast`, without a call.
    pub(super) fn struct_item(&mut self, own: &Ty, name: &'a ast::Ident, span: Span) -> Expr {
        let Ty::Adt(adt, _) = own else {
            return self.error(span);
        };
        if let Some(n) = self.variant(adt.number, &name.name) {
            return Expr {
                ty: own.clone(),
                span,
                kind: Kind::Variant(adt.number, n),
            };
        }
        let member = match self.member_of(own, name) {
            Ok(member) => member,
            Err(e) => return *e,
        };
        let Some(member) = member else {
            return self.no_member(own, name, "associated item");
        };
        self.visible_member(own, &member, name);
        match member.item {
            MemberItem::Const(constant) => {
                let types = self.impl_types(&member, own);
                let item = &self.session.consts[constant];
                let ty = substitute(&item.ty, &types);
                for (own, param) in types.iter().zip(item.params.clone()) {
                    let what = format!("`{}` of `{}`", param.name, name.name);
                    self.checks
                        .push(Check::Bound(own.clone(), param.bounds, what, span));
                }
                let kind = if types.is_empty() {
                    Kind::Const(constant)
                } else {
                    Kind::AssociatedConst(constant, types)
                };
                Expr { ty, span, kind }
            }
            MemberItem::Function(_) => {
                let shown = self.show(own);
                self.fail(
                    Diagnostic::new("B0226", span, "a function is not a value")
                        .help(format!("call it: `{shown}::{}(..)`", name.name)),
                )
            }
        }
    }

    /// A variant by the numbers of the enum and of its own.
    pub(super) fn variant_value(&mut self, number: usize, n: usize, span: Span) -> Expr {
        Expr {
            ty: self.session.adt_type(number, Vec::new()),
            span,
            kind: Kind::Variant(number, n),
        }
    }

    /// The number of an enum's variant.
    fn variant(&self, number: usize, name: &str) -> Option<usize> {
        match &self.session.adts[number].shape {
            crate::check::adt::Shape::Enum { ast, .. } => {
                ast.variants.iter().position(|(v, _)| v.name == name)
            }
            crate::check::adt::Shape::Struct { .. } => None,
        }
    }

    /// `V::new(..)`.
    pub(super) fn struct_function(
        &mut self,
        own: &Ty,
        name: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let member = match self.member_of(own, name) {
            Ok(member) => member,
            Err(e) => return *e,
        };
        if member.is_none()
            && name.name == "default"
            && args.is_empty()
            && self.session.has_trait("Default", &self.table.resolve(own))
        {
            self.no_type_arguments("associated function", 0, type_args);
            return Expr {
                ty: own.clone(),
                span,
                kind: Kind::Default,
            };
        }
        match member {
            Some(
                member @ Member {
                    item: MemberItem::Function(function),
                    ..
                },
            ) => {
                self.visible_member(own, &member, name);
                self.member_call((&member, function), own, None, type_args, args, span)
            }
            _ => {
                for arg in args {
                    self.expr(arg, &Expect::Nothing);
                }
                let is_variant = match own {
                    Ty::Adt(adt, _) => self.variant(adt.number, &name.name).is_some(),
                    _ => false,
                };
                if is_variant || member.is_some() {
                    let message = format!("expected function, found `{}`", name.name);
                    return self.fail(
                        Diagnostic::new("E0618", span, message)
                            .label("not a function")
                            .help("remove the brackets"),
                    );
                }
                self.no_member(own, name, "function or associated item")
            }
        }
    }

    /// `value.method(..)`.
    pub(super) fn struct_method(
        &mut self,
        value: Expr,
        own: &Ty,
        method: &'a ast::Ident,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let member = match self.member_of(own, method) {
            Ok(member) => member,
            Err(e) => return *e,
        };
        let Some(member) = member else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            let resolved = self.table.resolve(own);
            if method.name == "clone" && args.is_empty() {
                if self.session.has_trait("Clone", &resolved) {
                    return Expr {
                        ty: own.clone(),
                        span,
                        kind: Kind::Clone(Box::new(value)),
                    };
                }
                let shown = self.show(own);
                let message = format!("no method named `clone` found for type `{shown}`");
                return self.fail(
                    Diagnostic::new("E0599", method.span, message)
                        .help("write `#[derive(Clone)]` before the type"),
                );
            }
            return self.no_member(own, method, "method");
        };
        let MemberItem::Function(function) = member.item else {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return self.no_member(own, method, "method");
        };
        self.visible_member(own, &member, method);
        let item = &self.session.functions[function];
        if !takes_self(item.ast) {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            let shown = self.show(own);
            let message = format!("no method named `{}` found for type `{shown}`", method.name);
            return self.fail(
                Diagnostic::new("E0599", method.span, message)
                    .label("this is an associated function, not a method")
                    .help(format!("write `{shown}::{}(..)`", method.name)),
            );
        }
        let by = match item.signature.params.first() {
            Some(Ty::Ref(mutable, _)) => Some(*mutable),
            _ => None,
        };
        let receiver = match by {
            Some(true) => self.reborrowed(value),
            Some(false) => Expr {
                ty: own.clone().reference(false),
                ..value
            },
            None => Expr {
                ty: own.clone(),
                ..value
            },
        };
        let member = (&member, function);
        self.member_call(member, own, Some(receiver), type_args, args, span)
    }

    /// A mutable reference to a place, or to what a mutable reference points to.
    pub(super) fn reborrowed(&mut self, value: Expr) -> Expr {
        let mut inner = self.known(&value.ty);
        if !matches!(inner, Ty::Ref(..)) {
            return Expr {
                ty: value.ty.clone().reference(true),
                span: value.span,
                kind: Kind::Borrow(Box::new(value)),
            };
        }
        let mut mutable = true;
        while let Ty::Ref(by, behind) = inner {
            mutable &= by;
            inner = self.known(&behind);
        }
        let place = Expr {
            ty: inner.clone(),
            ..value
        };
        if mutable {
            return Expr {
                ty: inner.reference(true),
                ..place
            };
        }
        Expr {
            ty: inner.reference(true),
            span: place.span,
            kind: Kind::Borrow(Box::new(place)),
        }
    }

    fn member_call(
        &mut self,
        (member, function): (&Member, FnIndex),
        own: &Ty,
        receiver: Option<Expr>,
        type_args: &'a [ast::TypeExpr],
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let item = &self.session.functions[function];
        let name = item.ast.name.name.clone();
        let (signature, outer) = (Rc::clone(&item.signature), item.outer);
        let mut types = self.impl_types(member, own);
        let inner = signature.type_params.len().saturating_sub(outer);
        if !type_args.is_empty() && type_args.len() != inner {
            let message = format!(
                "method `{name}` takes {inner} type arguments but {} were supplied",
                type_args.len()
            );
            self.report(Diagnostic::new("E0107", span, message));
        }
        for n in 0..inner {
            let ty = match type_args.get(n) {
                Some(written) => self.written(written),
                None => self.table.fresh(VarKind::General),
            };
            types.push(ty);
        }
        self.bounds(function, &types, span);
        let params: Vec<Ty> = signature
            .params
            .iter()
            .map(|ty| instantiate(ty, &types))
            .collect();
        let result = instantiate(&signature.result, &types);
        let (what, rest) = match &receiver {
            Some(_) => (format!("method `{name}`"), &params[1..]),
            None => {
                let shown = self.show(own);
                (format!("function `{shown}::{name}`"), params.as_slice())
            }
        };
        let list = self.call_arguments(&signature, &types, args, rest, span, &what);
        let Some(mut list) = list else {
            return Expr {
                ty: result,
                span,
                kind: Kind::Error,
            };
        };
        if let Some(receiver) = receiver {
            list.insert(0, receiver);
        }
        Expr {
            ty: result,
            span,
            kind: Kind::Call(function, types, list),
        }
    }

    /// Reports `E0599`.
    fn no_member(&mut self, own: &Ty, name: &ast::Ident, what: &str) -> Expr {
        let shown = self.show(own);
        let Ty::Adt(adt, _) = own else {
            return self.error(name.span);
        };
        let adt = &self.session.adts[adt.number];
        let is_enum = matches!(adt.shape, crate::check::adt::Shape::Enum { .. });
        let what = if is_enum && what == "associated item" {
            "variant or associated item"
        } else {
            what
        };
        let message = format!("no {what} named `{}` found for type `{shown}`", name.name);
        let mut error =
            Diagnostic::new("E0599", name.span, message).label(format!("not found in `{shown}`"));
        let mut names: Vec<&str> = adt.members.keys().copied().collect();
        match &adt.shape {
            crate::check::adt::Shape::Enum { ast, .. } => {
                names.extend(ast.variants.iter().map(|(v, _)| v.name.as_str()));
            }
            crate::check::adt::Shape::Struct { fields, .. } => {
                if fields.iter().any(|f| f.name == name.name) {
                    error = error.help(format!(
                        "it is a field: write `.{}` without brackets",
                        name.name
                    ));
                    names.clear();
                }
            }
        }
        names.sort_unstable();
        if adt.members.contains_key(name.name.as_str()) {
            error = error.help("there is one for other type arguments");
        } else if let Some(near) = suggest::nearest(&name.name, names) {
            error = error.help(format!("there is `{near}`"));
        }
        self.fail(error)
    }
}
