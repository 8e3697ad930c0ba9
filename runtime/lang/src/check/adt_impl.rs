//! `impl` blocks, and the types that paths name. The members of an `impl` are functions and
//! constants like all others; what is special is that `Self` and the type parameters of the
//! `impl` are known in them.

use std::rc::Rc;

use crate::ast;
use crate::check::adt::{Member, MemberItem, could_be, mentions};
use crate::check::modules::Failure;
use crate::check::session::{ConstItem, ConstState, FnItem, Item, ScopeIndex, Session};
use crate::check::ty::{Param, Ty, VarKind, show};
use crate::diagnostic::{Diagnostic, Span};
use crate::suggest;

/// How many members of one name a type may have, in different `impl` blocks.
const MAX_SAME: usize = 1000;

impl<'a> Session<'a> {
    pub(super) fn impl_block(&mut self, item: &'a ast::Impl, scope: ScopeIndex, path: &str) {
        let before = self.errors.len();
        let params = self.type_params(&item.type_params, Vec::new(), true, item.span);
        let own = self.lower_type(&item.ty, &params, None);
        self.own = Some(own.clone());
        let operand = match &item.operator {
            Some(operator) => match &operator.operand {
                Some(ty) => self.lower_type(ty, &params, None),
                None => own.clone(),
            },
            None => own.clone(),
        };
        let output = item.operator.as_ref().and_then(|o| o.output.as_ref());
        self.output = output.map(|ty| self.lower_type(ty, &params, None));
        let local = |ty: &Ty| match ty {
            Ty::Ref(_, inner) => matches!(**inner, Ty::Adt(..) | Ty::Error),
            other => matches!(other, Ty::Adt(..) | Ty::Error),
        };
        if item.operator.is_some() && !local(&own) && !local(&operand) {
            self.report(
                Diagnostic::new(
                    "E0117",
                    item.ty.span,
                    "only traits defined in the current crate can be implemented for types defined outside of the crate",
                )
                .help("one of the operands must be a struct or enum of the file"),
            );
        } else if item.operator.is_none() && !matches!(own, Ty::Adt(..) | Ty::Error) {
            let shown = show(&own, &params, &|_| "_");
            let message = format!("cannot define inherent `impl` for `{shown}`");
            self.report(
                Diagnostic::new("E0390", item.ty.span, message)
                    .label("no struct or enum of this file")
                    .help("write a function outside of any `impl`, or wrap the value in a struct"),
            );
        }
        for (n, param) in item.type_params.iter().enumerate() {
            if !mentions(&own, n) && !mentions(&operand, n) && own != Ty::Error {
                self.report(
                    Diagnostic::new(
                        "E0207",
                        param.name.span,
                        format!(
                            "the type parameter `{}` is not constrained by the self type",
                            param.name.name
                        ),
                    )
                    .help("make it a parameter of the functions"),
                );
            }
        }
        let valid = self.errors.len() == before;
        let shown = show(&own, &params, &|_| "_");
        let inside = match path {
            "" => shown,
            path => format!("{path}::{shown}"),
        };
        for function in &item.functions {
            self.own = Some(own.clone());
            let signature = Rc::new(self.signature(function, params.clone()));
            let index = self.functions.len();
            self.functions.push(FnItem {
                ast: function,
                path: format!("{inside}::{}", function.name.name),
                scope,
                signature,
                own: Some(own.clone()),
                outer: params.len(),
                body: None,
            });
            if valid && item.operator.is_none() {
                let member = MemberItem::Function(index);
                self.member(&function.name, &own, params.len(), member);
            }
        }
        for constant in &item.consts {
            self.own = Some(own.clone());
            let ty = self.constant_type_in(&constant.ty, &params);
            let index = self.consts.len();
            self.consts.push(ConstItem {
                ast: constant,
                scope,
                ty,
                own: Some(own.clone()),
                params: params.clone(),
                state: ConstState::Waiting,
            });
            if valid {
                let member = MemberItem::Const(index);
                self.member(&constant.name, &own, params.len(), member);
            }
        }
        if valid {
            self.operator_impl(item, &own, operand, params.len());
        }
        (self.own, self.output) = (None, None);
    }

    fn member(&mut self, name: &'a ast::Ident, own: &Ty, params: usize, item: MemberItem) {
        let Ty::Adt(adt, _) = own else {
            return;
        };
        let members = self.adts[adt.number].members.entry(&name.name).or_default();
        if members.len() == MAX_SAME {
            let message = format!("more than {MAX_SAME} members named `{}`", name.name);
            self.report(Diagnostic::new("B0304", name.span, message));
            return;
        }
        let clash = members.iter().find(|m| could_be(&m.own, own)).cloned();
        members.push(Member {
            own: own.clone(),
            params,
            item,
        });
        if let Some(clash) = clash {
            let first = match clash.item {
                MemberItem::Function(f) => self.functions[f].ast.name.span,
                MemberItem::Const(c) => self.consts[c].ast.name.span,
            };
            self.report(
                Diagnostic::new(
                    "E0592",
                    name.span,
                    format!("duplicate definitions with name `{}`", name.name),
                )
                .label("defined again here")
                .related(first, "first defined here"),
            );
        }
    }

    /// The type that a path names; `None` where it names no struct or enum.
    pub(super) fn named_type(
        &mut self,
        path: &ast::Path,
        span: Span,
        params: &[Param],
        fresh: &mut Option<&mut dyn FnMut(VarKind) -> Ty>,
    ) -> Option<Ty> {
        if let ([own, output], Some(ty)) = (path.segments.as_slice(), &self.output)
            && own.name == "Self"
            && output.name == "Output"
        {
            return Some(ty.clone());
        }
        let (name, modules) = path.segments.split_last()?;
        if !modules.is_empty() {
            let here = self.here;
            let failure = match self.resolve(here, &path.segments) {
                Ok(found) => match found.ty {
                    Some((number, _)) => {
                        return Some(self.applied(number, path, span, params, fresh));
                    }
                    None => Failure::Unknown(modules.len(), Some(here)),
                },
                Err(failure) => failure,
            };
            if !self.leads_to_refused(here, &path.segments, &failure) {
                let mut error = self.path_error(here, &path.segments, &failure, false);
                if error.code == "E0425" {
                    error.code = "E0412";
                }
                self.report(error);
            }
            return Some(Ty::Error);
        }
        if name.name == "Self" {
            if let Some(own) = &self.own {
                return Some(own.clone());
            }
            self.report(
                Diagnostic::new("E0411", span, "cannot find type `Self` in this scope")
                    .label("`Self` is only available in `impl` blocks and structs"),
            );
            return Some(Ty::Error);
        }
        if params.iter().any(|p| p.name == name.name) {
            if path.type_args.is_empty() {
                return None;
            }
            let message = "type arguments are not allowed on a type parameter";
            self.report(Diagnostic::new("E0109", span, message));
            return Some(Ty::Error);
        }
        let Some(number) = self.type_item(self.here, &name.name) else {
            let refused = self.item(self.here, &name.name) == Some(Item::Refused);
            if !path.type_args.is_empty() && !refused {
                let names = self.type_names(self.here);
                let near = suggest::nearest(&name.name, names).map(str::to_string);
                let message = format!("cannot find type `{}` in this scope", name.name);
                let error = Diagnostic::new("E0412", name.span, message).label("not known here");
                self.report(match near {
                    Some(near) => error.help(format!("there is a type `{near}`")),
                    None => error,
                });
                return Some(Ty::Error);
            }
            return refused.then_some(Ty::Error);
        };
        Some(self.applied(number, path, span, params, fresh))
    }

    /// A struct or enum with the type arguments that are written.
    fn applied(
        &mut self,
        number: usize,
        path: &ast::Path,
        span: Span,
        params: &[Param],
        fresh: &mut Option<&mut dyn FnMut(VarKind) -> Ty>,
    ) -> Ty {
        let wanted = self.adts[number].params.clone();
        let mut args = Vec::new();
        if path.type_args.is_empty()
            && let Some(fresh) = fresh
        {
            args.extend(wanted.iter().map(|_| fresh(VarKind::General)));
            return self.adt_type(number, args);
        }
        for arg in &path.type_args {
            args.push(match fresh {
                Some(fresh) => self.lower_type(arg, params, Some(&mut **fresh)),
                None => self.lower_type(arg, params, None),
            });
        }
        if args.len() != wanted.len() {
            let plural = if wanted.len() == 1 { "" } else { "s" };
            let message = format!(
                "struct `{}` takes {} type argument{plural} but {} were supplied",
                self.adts[number].name,
                wanted.len(),
                args.len()
            );
            self.report(
                Diagnostic::new("E0107", span, message)
                    .related(self.adts[number].span, "declared here"),
            );
            return Ty::Error;
        }
        for (arg, param) in args.iter().zip(&wanted) {
            let Some(bound) = param.bounds.strongest() else {
                continue;
            };
            let satisfied = match arg {
                Ty::Scalar(s) => param.bounds.admit(*s),
                Ty::Param(n) => params
                    .get(usize::from(*n))
                    .is_some_and(|p| p.bounds.has(bound)),
                Ty::Var(_) | Ty::Error => true,
                _ => false,
            };
            if !satisfied {
                let shown = show(arg, params, &|_| "_");
                let message = format!(
                    "the trait bound `{shown}: {}` is not satisfied",
                    bound.name()
                );
                self.report(
                    Diagnostic::new("E0277", span, message)
                        .label(format!("required by `{}`", self.adts[number].name)),
                );
            }
        }
        self.adt_type(number, args)
    }
}
