//! The rules for closures: their parameters and results, functions in their place, their calls.
//! A closure has no value of its own in the IR; it is inlined where it is called
//! (`lower/closures.rs`). As in rustc the types of its parameters are decided once: by what is
//! written, by the method that it is given to, or by its first call.

use crate::ast::{self, ExprKind};
use crate::check::calls::supplied;
use crate::check::captures::Captures;
use crate::check::function::{Checker, Expect, Frame, Name};
use crate::check::session::Item;
use crate::check::tree::{Block, Closure, Expr, Kind, LocalIndex, LoopIndex, Pattern, PatternKind};
use crate::check::ty::{Bounds, Ty, VarKind};
use crate::diagnostic::{Diagnostic, Span};

/// The closures of a body.
#[derive(Debug, Default)]
pub(crate) struct Closures {
    /// What is known of each.
    known: Vec<Known>,
    /// The closure around, and whether it is left by `return`.
    around: Option<(LoopIndex, bool)>,
    /// What is expected of the method call that is checked next.
    pub(crate) expected: Expect,
    /// What waits for the types of the whole body.
    pub(crate) waiting: Vec<crate::check::iter::Waiting>,
}

/// What is known of a closure.
#[derive(Clone, Debug)]
struct Known {
    params: Vec<Ty>,
    result: Ty,
    /// Whether it changes what it captures.
    changes: bool,
}

/// What is set aside while a closure's body is checked.
struct Outside {
    frames: Vec<Frame>,
    around: Option<(LoopIndex, bool)>,
    result: Ty,
    diverges: bool,
    first: LocalIndex,
}

impl<'a> Checker<'_, 'a> {
    /// A closure, or a function in its place, that is given to a method which calls it with
    /// these types and wants this result.
    pub(crate) fn closure(
        &mut self,
        arg: &'a ast::Expr,
        params: &[Ty],
        result: Option<&Ty>,
    ) -> Closure {
        match &arg.kind {
            ExprKind::Closure { .. } => self.lambda(arg, Some(params), result),
            ExprKind::Reference { inner, .. } => self.named(arg, inner, params, result),
            _ => self.named(arg, arg, params, result),
        }
    }

    /// Makes the closures known that the function at hand takes.
    pub(crate) fn closure_params(&mut self, list: &[crate::check::session::Callable]) {
        for callable in list {
            self.closures.known.push(Known {
                params: callable.params.clone(),
                result: callable.result.clone(),
                changes: callable.changes,
            });
        }
    }

    /// Whether a closure changes what it captures.
    pub(crate) fn closure_changes(&self, number: u32) -> bool {
        let known = self.closures.known.get(number as usize);
        known.is_some_and(|known| known.changes)
    }

    /// A closure as a value.
    pub(crate) fn closure_value(&mut self, e: &'a ast::Expr) -> Expr {
        let closure = self.lambda(e, None, None);
        Expr {
            ty: Ty::Closure(closure.number),
            span: e.span,
            kind: Kind::Closure(Box::new(closure)),
        }
    }

    fn enter(&mut self, result: Ty) -> (Outside, LoopIndex) {
        let leave = self.loops;
        self.loops += 1;
        let outside = Outside {
            frames: std::mem::take(&mut self.frames),
            around: self.closures.around.replace((leave, false)),
            result: std::mem::replace(&mut self.result, result),
            diverges: std::mem::replace(&mut self.diverges, false),
            first: self.locals.len(),
        };
        self.open(None);
        (outside, leave)
    }

    /// Ends a closure's body.
    fn leave_closure(
        &mut self,
        outside: Outside,
        leave: LoopIndex,
        params: Vec<Pattern>,
        body: Expr,
        moves: bool,
    ) -> Closure {
        self.close();
        self.frames = outside.frames;
        let returns = std::mem::replace(&mut self.closures.around, outside.around)
            .is_some_and(|(_, returns)| returns);
        let result = std::mem::replace(&mut self.result, outside.result);
        self.diverges = outside.diverges;
        let span = body.span;
        let body = if returns {
            let block = Block {
                statements: Vec::new(),
                value: Some(Box::new(body)),
            };
            Expr {
                ty: result.clone(),
                span,
                kind: Kind::Block(Some(leave), block),
            }
        } else {
            body
        };
        let mut closure = Closure {
            number: self.closures.known.len() as u32,
            params,
            result,
            body,
            locals: outside.first..self.locals.len(),
            copies: Vec::new(),
            moves,
        };
        let captures = Captures::of(&closure);
        if moves {
            closure.copies = captures
                .all
                .iter()
                .map(|(local, _)| *local)
                .filter(|local| self.locals[*local].mutable || self.locals[*local].deferred)
                .collect();
        }
        self.closures.known.push(Known {
            params: closure.params.iter().map(|p| p.ty.clone()).collect(),
            result: closure.result.clone(),
            changes: !captures.changed.is_empty(),
        });
        closure
    }

    /// A closure that is written out.
    fn lambda(&mut self, e: &'a ast::Expr, wanted: Option<&[Ty]>, result: Option<&Ty>) -> Closure {
        self.lambda_with(e, wanted, result, &mut |_, _| None)
    }

    /// The same; `own` may check the body in a way of its own.
    pub(crate) fn lambda_with(
        &mut self,
        e: &'a ast::Expr,
        wanted: Option<&[Ty]>,
        result: Option<&Ty>,
        own: &mut dyn FnMut(&mut Self, &'a ast::Expr) -> Option<Expr>,
    ) -> Closure {
        let ExprKind::Closure {
            params,
            result: written,
            body,
            moves,
        } = &e.kind
        else {
            return self.no_closure(e.span, wanted.map_or(0, <[Ty]>::len));
        };
        let own_result = match (result, written) {
            (Some(result), None) => result.clone(),
            (None, None) => self.table.fresh(VarKind::General),
            (wanted, Some(written_ty)) => {
                let own = self.written(written_ty);
                if let Some(wanted) = wanted
                    && !self.table.unify(&own, wanted)
                {
                    let (own, wanted) = (self.show(&own), self.show(wanted));
                    self.report(
                        Diagnostic::new("E0308", written_ty.span, "mismatched types")
                            .label(format!("expected `{wanted}`, found `{own}`")),
                    );
                }
                own
            }
        };
        if let Some(wanted) = wanted
            && wanted.len() != params.len()
        {
            self.wrong_arity(e.span, wanted.len(), params.len());
        }
        let (outside, leave) = self.enter(own_result.clone());
        let mut patterns = Vec::new();
        let mut seen: Vec<(String, Span)> = Vec::new();
        for (n, (pattern, written)) in params.iter().enumerate() {
            let expected = wanted.map(|list| list.get(n).cloned().unwrap_or(Ty::Error));
            let own = written.as_ref().map(|ty| (self.written(ty), ty.span));
            let ty = match (own, expected) {
                (Some((own, span)), Some(expected)) => {
                    if !self.table.unify(&own, &expected) {
                        self.wrong_parameter(span, &expected, &own);
                    }
                    own
                }
                (Some((own, _)), None) => own,
                (None, Some(expected)) => expected,
                (None, None) => self.table.fresh(VarKind::General),
            };
            let checked = self.pattern(pattern, &ty);
            self.irrefutable(&checked, "closure argument");
            checked.bindings(&mut |local| {
                let Some(declared) = self.locals.get(local) else {
                    return;
                };
                seen.push((declared.name.clone(), declared.span));
            });
            patterns.push(Pattern { ty, ..checked });
        }
        for n in 0..seen.len() {
            let (name, span) = seen[n].clone();
            if let Some((_, first)) = seen[..n].iter().find(|(known, _)| *known == name) {
                let error = Diagnostic::new(
                    "E0415",
                    span,
                    format!("`{name}` is bound more than once in this parameter list"),
                )
                .related(*first, "first bound here");
                self.report(error);
            }
        }
        let body = match own(self, body) {
            Some(body) => {
                self.coerce(&body, &own_result);
                body
            }
            None => self.demand(body, &own_result),
        };
        self.leave_closure(outside, leave, patterns, body, *moves)
    }

    fn wrong_arity(&mut self, span: Span, wanted: usize, found: usize) {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        self.report(
            Diagnostic::new(
                "E0593",
                span,
                format!(
                    "closure is expected to take {wanted} argument{}, but it takes {found} argument{}",
                    plural(wanted),
                    plural(found)
                ),
            )
            .label(format!("expected {wanted} argument{}", plural(wanted))),
        );
    }

    fn wrong_parameter(&mut self, span: Span, expected: &Ty, found: &Ty) {
        let (expected_text, found_text) = (self.show(expected), self.show(found));
        let mut error = Diagnostic::new("E0631", span, "type mismatch in closure arguments").label(
            format!("called with `{expected_text}`, taken as `{found_text}`"),
        );
        let behind = match self.table.shallow(expected) {
            Ty::Ref(_, inner) => Some(*inner),
            _ => None,
        };
        if let Some(behind) = behind
            && self.table.resolve(&behind) == self.table.resolve(found)
        {
            error = error.help(format!(
                "write `&{found_text}` and dereference, or the pattern `|&x|`"
            ));
        }
        self.report(error);
    }

    /// What an error leaves behind.
    fn no_closure(&mut self, span: Span, params: usize) -> Closure {
        let number = self.closures.known.len() as u32;
        self.closures.known.push(Known {
            params: vec![Ty::Error; params],
            result: Ty::Error,
            changes: false,
        });
        let wildcard = || Pattern {
            ty: Ty::Error,
            span,
            kind: PatternKind::Wildcard,
        };
        Closure {
            number,
            params: (0..params).map(|_| wildcard()).collect(),
            result: Ty::Error,
            body: self.error(span),
            locals: 0..0,
            copies: Vec::new(),
            moves: false,
        }
    }

    /// A name in the place of a closure.
    fn named(
        &mut self,
        arg: &'a ast::Expr,
        path: &'a ast::Expr,
        params: &[Ty],
        result: Option<&Ty>,
    ) -> Closure {
        let span = path.span;
        let own_result = match result {
            Some(result) => result.clone(),
            None => self.table.fresh(VarKind::General),
        };
        let (outside, leave) = self.enter(own_result.clone());
        let mut patterns = Vec::new();
        let mut args = Vec::new();
        for ty in params {
            let local = self.new_local("", span, ty.clone(), false);
            patterns.push(Pattern {
                ty: ty.clone(),
                span,
                kind: PatternKind::Binding(local, None),
            });
            args.push(Expr {
                ty: ty.clone(),
                span,
                kind: Kind::Local(local),
            });
        }
        let body = self.apply_name(path, args);
        // What is given by its name is taken, and what is lent by `&mut` is borrowed.
        let lent = match &arg.kind {
            ExprKind::Reference { mutable, .. } => Some(*mutable),
            _ => None,
        };
        let mut given = false;
        let body = body.map(|mut body| {
            if let Kind::CallClosure(callee, _, changes) = &mut body.kind
                && let (Kind::Local(local), Ty::Closure(number)) = (&callee.kind, &callee.ty)
            {
                let reference = matches!(self.known(&self.locals[*local].ty.clone()), Ty::Ref(..));
                given = lent.is_none() && !reference;
                *changes = !given && lent != Some(false) && self.closure_changes(*number);
            }
            body
        });
        let body = match body {
            Some(body) => {
                if !self.table.unify(&body.ty, &own_result) {
                    let (found, wanted) = (self.show(&body.ty), self.show(&own_result));
                    self.report(
                        Diagnostic::new("E0271", span, "this function gives another type")
                            .label(format!("expected `{wanted}`, found `{found}`")),
                    );
                }
                body
            }
            None => {
                let value = self.expr(arg, &Expect::Nothing);
                if value.ty != Ty::Error {
                    let shown = self.show(&value.ty);
                    self.report(
                        Diagnostic::new(
                            "E0277",
                            arg.span,
                            format!("expected a closure, found `{shown}`"),
                        )
                        .help("write a closure: `|x| ..`"),
                    );
                }
                self.error(span)
            }
        };
        let mut closure = self.leave_closure(outside, leave, patterns, body, false);
        closure.moves = given;
        closure
    }

    /// The call of what a path names; `None` where it names no function.
    fn apply_name(&mut self, path: &'a ast::Expr, args: Vec<Expr>) -> Option<Expr> {
        let span = path.span;
        let ExprKind::Path(names) = &path.kind else {
            return None;
        };
        let [name] = names.segments.as_slice() else {
            return self.apply_qualified(names, args, span);
        };
        match self.name(&name.name) {
            Some(Name::Local(local)) => {
                let Ty::Closure(number) = self.closure_type(local)? else {
                    return None;
                };
                let known = self.closures.known.get(number as usize)?.clone();
                if !self.fits(&known.params, &args, span) {
                    return Some(self.error(span));
                }
                let callee = Expr {
                    ty: Ty::Closure(number),
                    span,
                    kind: Kind::Local(local),
                };
                Some(Expr {
                    ty: known.result,
                    span,
                    kind: Kind::CallClosure(Box::new(callee), args, false),
                })
            }
            Some(Name::Item(Item::Function(function))) => {
                let signature = std::rc::Rc::clone(&self.session.functions[function].signature);
                let name = self.session.functions[function].ast.name.name.clone();
                if !signature.closures.is_empty() {
                    let message = format!("`{name}` takes a closure itself");
                    return Some(
                        self.fail(
                            Diagnostic::new("B0625", span, message)
                                .help("call it in a closure of its own: `|x| ..`"),
                        ),
                    );
                }
                let types: Vec<Ty> = if names.type_args.len() == signature.type_params.len() {
                    names.type_args.iter().map(|ty| self.written(ty)).collect()
                } else {
                    let fresh = |_| self.table.fresh(VarKind::General);
                    signature.type_params.iter().map(fresh).collect()
                };
                for (ty, param) in types.iter().zip(&signature.type_params) {
                    self.checks.push(crate::check::function::Check::Bound(
                        ty.clone(),
                        param.bounds,
                        format!("`{}` of `{name}`", param.name),
                        span,
                    ));
                }
                let instantiate = |ty: &Ty| crate::check::ty::substitute(ty, &types);
                let params: Vec<Ty> = signature.params.iter().map(instantiate).collect();
                if !self.fits(&params, &args, span) {
                    return Some(self.error(span));
                }
                Some(Expr {
                    ty: instantiate(&signature.result),
                    span,
                    kind: Kind::Call(function, types, args),
                })
            }
            Some(Name::Item(Item::Refused)) => Some(self.error(span)),
            Some(Name::Item(_)) => None,
            None if name.name == "Some" => {
                let [value] = <[Expr; 1]>::try_from(args).ok()?;
                let flag = Expr {
                    ty: Ty::BOOL,
                    span,
                    kind: Kind::Bool(true),
                };
                Some(Expr {
                    ty: Ty::Option(Box::new(value.ty.clone())),
                    span,
                    kind: Kind::Tuple(vec![flag, value]),
                })
            }
            None => {
                use crate::check::methods::float;
                let special = float::SPECIAL.iter().find(|s| **s == name.name)?;
                let ty = self.table.fresh(VarKind::General);
                self.checks.push(crate::check::function::Check::Bound(
                    ty.clone(),
                    Bounds::of(&[brolga_abi::Bound::Float]),
                    format!("the argument of `{special}`"),
                    span,
                ));
                if !self.fits(std::slice::from_ref(&ty), &args, span) {
                    return Some(self.error(span));
                }
                Some(Expr {
                    ty: ty.clone(),
                    span,
                    kind: Kind::Method(special, ty, args, span),
                })
            }
        }
    }

    /// `f64::max`, `T::from_i32`, `f64::from`.
    fn apply_qualified(
        &mut self,
        path: &'a ast::Path,
        args: Vec<Expr>,
        span: Span,
    ) -> Option<Expr> {
        let names: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
        if let ["std" | "core", "cmp", name @ ("min" | "max")] = names.as_slice() {
            let name = if *name == "min" { "min" } else { "max" };
            let ty = self.table.fresh(VarKind::General);
            self.checks.push(crate::check::function::Check::Bound(
                ty.clone(),
                Bounds::of(&[brolga_abi::Bound::Integer]),
                format!("the arguments of `std::cmp::{name}`"),
                span,
            ));
            if !self.fits(&[ty.clone(), ty.clone()], &args, span) {
                return Some(self.error(span));
            }
            return Some(Expr {
                ty: ty.clone(),
                span,
                kind: Kind::Method(name, ty, args, span),
            });
        }
        let (own, false, [name]) = self.path_type(path)? else {
            return None;
        };
        if let (Ty::Scalar(target), "from") = (&own, name.name.as_str()) {
            let [value] = <[Expr; 1]>::try_from(args).ok()?;
            let source = self.known(&value.ty);
            let possible = match source {
                Ty::Scalar(source) => super::paths::converts(source, *target),
                Ty::Error => true,
                _ => false,
            };
            if !possible {
                let (source, target) = (self.show(&value.ty), target.name());
                return Some(
                    self.fail(
                        Diagnostic::new(
                            "E0277",
                            span,
                            format!("the trait bound `{target}: From<{source}>` is not satisfied"),
                        )
                        .help(format!("write `|x| x as {target}`")),
                    ),
                );
            }
            return Some(Expr {
                ty: own,
                span,
                kind: Kind::Cast(Box::new(value)),
            });
        }
        let owner = self.owner(&own);
        let method = owner.and_then(|o| o.find(&name.name))?;
        let mut params: Vec<Ty> = Vec::new();
        if method.receiver {
            params.push(own.clone());
        }
        params.extend(method.params.iter().map(|p| p.ty(&own)));
        if !self.fits(&params, &args, span) {
            return Some(self.error(span));
        }
        Some(Expr {
            ty: method.result.ty(&own),
            span,
            kind: Kind::Method(method.name, own, args, name.span),
        })
    }

    /// Whether a function with these parameters can be called with such arguments.
    fn fits(&mut self, params: &[Ty], args: &[Expr], span: Span) -> bool {
        if params.len() != args.len() {
            self.wrong_arity(span, args.len(), params.len());
            return false;
        }
        for (param, arg) in params.iter().zip(args) {
            if !self.table.unify(param, &arg.ty) {
                let (wanted, found) = (self.show(&arg.ty), self.show(param));
                self.report(
                    Diagnostic::new("E0631", span, "type mismatch in function arguments")
                        .label(format!("called with `{wanted}`, taken as `{found}`"))
                        .help("write a closure: `|&x| ..`"),
                );
                return false;
            }
        }
        true
    }

    /// The type of a local that is a closure.
    fn closure_type(&mut self, local: LocalIndex) -> Option<Ty> {
        let ty = self.locals[local].ty.clone();
        let ty = self.peeled(&ty);
        matches!(ty, Ty::Closure(_)).then_some(ty)
    }

    /// A call of a closure; `None` where the callee is none.
    pub(crate) fn call_closure(
        &mut self,
        callee: &'a ast::Expr,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let callee = match &callee.kind {
            ExprKind::Closure { .. } => self.closure_value(callee),
            ExprKind::Path(path) => {
                let [name] = path.segments.as_slice() else {
                    return None;
                };
                let Some(Name::Local(local)) = self.name(&name.name) else {
                    return None;
                };
                Expr {
                    ty: self.closure_type(local)?,
                    span: callee.span,
                    kind: Kind::Local(local),
                }
            }
            _ => return None,
        };
        let Ty::Closure(number) = callee.ty else {
            return None;
        };
        let known = self.closures.known.get(number as usize)?.clone();
        if known.params.len() != args.len() {
            for arg in args {
                self.expr(arg, &Expect::Nothing);
            }
            return Some(self.fail(Diagnostic::new(
                "E0057",
                span,
                supplied("this closure", known.params.len(), args.len()),
            )));
        }
        let args = args
            .iter()
            .zip(&known.params)
            .map(|(arg, ty)| self.demand(arg, ty))
            .collect();
        Some(Expr {
            ty: known.result,
            span,
            kind: Kind::CallClosure(Box::new(callee), args, known.changes),
        })
    }

    /// What `return value`, or `?` that fails with it, does here: it leaves the closure
    /// around, or the function. [`Checker::result`](Checker) is the type that is wanted.
    pub(crate) fn leaving(&mut self, value: Option<Expr>) -> Kind {
        let value = value.map(Box::new);
        match &mut self.closures.around {
            Some((leave, returns)) => {
                *returns = true;
                Kind::Break(*leave, value)
            }
            None => Kind::Return(value),
        }
    }

    /// The error of a `break` without a loop around.
    pub(crate) fn outside_of_loop(&self, what: &str, span: Span) -> Diagnostic {
        if self.closures.around.is_some() {
            return Diagnostic::new("E0267", span, format!("`{what}` inside of a closure"))
                .label("a closure cannot leave the loop around it")
                .help("use `return` to end the closure, or write a `for` loop");
        }
        Diagnostic::new("E0268", span, format!("`{what}` outside of a loop"))
            .label("no loop encloses this")
    }
}
