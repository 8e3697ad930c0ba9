//! Functions that take closures: their signatures, their calls, and what they cannot be. Such
//! a function has no place of its own in the IR: it is lowered where it is called
//! (`lower/inline.rs`). Invariant: no chain of such functions leads back to itself.

use crate::ast::{self, ExprKind};
use crate::check::calls::instantiate;
use crate::check::function::{Checker, Name};
use crate::check::lower::is_copied;
use crate::check::session::{Callable, Session, Signature};
use crate::check::tree::{Expr, FnIndex, Kind};
use crate::check::ty::{Param, Ty, substitute};
use crate::diagnostic::{Diagnostic, Span};

/// The number of the closure that a parameter of this type is.
pub(crate) fn number(ty: &Ty) -> Option<u32> {
    match ty {
        Ty::Closure(n) => Some(*n),
        Ty::Ref(_, inner) => number(inner),
        _ => None,
    }
}

impl<'a> Session<'a> {
    /// The types of a parameter that is a closure.
    pub(super) fn callable(&mut self, written: &ast::Callable, params: &[Param]) -> Callable {
        let list = written.params.iter();
        Callable {
            params: list.map(|ty| self.lower_type(ty, params, None)).collect(),
            result: match &written.result {
                Some(ty) => self.lower_type(ty, params, None),
                None => Ty::UNIT,
            },
            changes: written.changes,
            reference: written.reference,
            plain: written.plain,
        }
    }

    /// Refuses closures where a function is called by the host, or copies values back.
    pub(super) fn closures_allowed(&mut self, function: &'a ast::Function, params: &[Ty]) {
        if function.attribute.is_some() {
            let span = function.name.span;
            self.report(
                Diagnostic::new("B0622", span, "a kernel cannot take a closure")
                    .label("the host has no closures")
                    .help("write a kernel that calls this function with a closure, and remove the attribute here"),
            );
        }
        for (ty, param) in params.iter().zip(&function.params) {
            if is_copied(ty) {
                self.report(
                    Diagnostic::new(
                        "B0623",
                        param.ty.span,
                        "a mutable reference beside a closure is not supported",
                    )
                    .help("return the new value, or take an array view"),
                );
            }
        }
    }

    /// Whether a function takes closures.
    pub(crate) fn takes_closures(&self, function: FnIndex) -> bool {
        !self.functions[function].signature.closures.is_empty()
    }

    /// Whether a function that takes closures is reached from itself by calls of such
    /// functions; reports it.
    pub(super) fn inlines_itself(&mut self, function: FnIndex) -> bool {
        let mut seen = vec![function];
        let mut waiting = vec![function];
        while let Some(next) = waiting.pop() {
            let Some(body) = self.body(next) else {
                continue;
            };
            let mut found = Vec::new();
            inlined(self, &body.value, &mut found);
            for other in found {
                if other == function {
                    let name = &self.functions[function].ast.name;
                    let error = Diagnostic::new(
                        "B0624",
                        name.span,
                        format!("`{}` takes a closure and calls itself", name.name),
                    )
                    .label("it would be put into itself without end")
                    .help("write a loop, or a function without a closure that calls itself");
                    self.report(error);
                    return true;
                }
                if !seen.contains(&other) {
                    seen.push(other);
                    waiting.push(other);
                }
            }
        }
        false
    }
}

/// The functions that take closures and are called in an expression.
pub(crate) fn inlined(session: &Session<'_>, e: &Expr, found: &mut Vec<FnIndex>) {
    if let Kind::Call(function, ..) = &e.kind
        && session.takes_closures(*function)
        && !found.contains(function)
    {
        found.push(*function);
    }
    e.each(&mut |inner| inlined(session, inner, found));
}

impl<'a> Checker<'_, 'a> {
    /// The arguments of a function; closures are checked last, as in rustc.
    pub(super) fn call_arguments(
        &mut self,
        signature: &Signature,
        types: &[Ty],
        args: &'a [ast::Expr],
        params: &[Ty],
        span: Span,
        what: &str,
    ) -> Option<Vec<Expr>> {
        if signature.closures.is_empty() || args.len() != params.len() {
            return self.arguments(args, params, span, what);
        }
        let mut list: Vec<Option<Expr>> = Vec::new();
        for (arg, ty) in args.iter().zip(params) {
            list.push(match number(ty) {
                Some(_) => None,
                None => Some(self.demand(arg, ty)),
            });
        }
        for (n, (arg, ty)) in args.iter().zip(params).enumerate() {
            let callable = number(ty).and_then(|k| signature.closures.get(k as usize));
            if let (None, Some(callable)) = (&list[n], callable) {
                let closure = self.closure_argument(arg, callable, types);
                list[n] = Some(closure);
            }
        }
        list.into_iter().collect()
    }

    fn closure_argument(&mut self, arg: &'a ast::Expr, callable: &Callable, types: &[Ty]) -> Expr {
        let params: Vec<Ty> = callable
            .params
            .iter()
            .map(|ty| instantiate(&substitute(ty, types), types))
            .collect();
        let result = instantiate(&callable.result, types);
        let (inner, by) = match &arg.kind {
            ExprKind::Reference { inner, mutable } => (&**inner, Some(*mutable)),
            _ => (arg, None),
        };
        let own = self.local_closure(inner);
        // A parameter that is a reference itself is passed on as it is.
        let lent = by.is_some() || own.is_some_and(|(_, lent)| lent);
        if callable.reference.is_some() && !lent {
            let amp = if callable.reference == Some(true) {
                "&mut "
            } else {
                "&"
            };
            self.report(
                Diagnostic::new("E0308", arg.span, "mismatched types")
                    .label("expected a reference to a closure")
                    .help(format!("write `{amp}` before it")),
            );
        }
        let arg = match (&inner.kind, callable.reference) {
            (ExprKind::Closure { .. }, _) => inner,
            _ => arg,
        };
        let before = self.session.errors.len();
        let closure = self.closure(arg, &params, Some(&result));
        let changes = self.closure_changes(closure.number) || own.is_some_and(|(c, _)| c);
        if changes && !callable.changes && self.session.errors.len() == before {
            let message = "expected a closure that implements the `Fn` trait, but this closure only implements `FnMut`";
            self.report(
                Diagnostic::new("E0525", arg.span, message)
                    .label("it changes what it captures")
                    .help("bound the parameter with `FnMut`, and declare it as `mut`"),
            );
        }
        let captures = crate::check::captures::Captures::of(&closure);
        if callable.plain && !captures.all.is_empty() {
            self.report(
                Diagnostic::new("E0308", arg.span, "mismatched types")
                    .label("expected a function pointer, found a closure that captures")
                    .help("take `impl Fn(..)` instead of `fn(..)`"),
            );
        }
        Expr {
            ty: Ty::Closure(closure.number),
            span: arg.span,
            kind: Kind::Closure(Box::new(closure)),
        }
    }

    /// Whether the expression is the name of a closure: whether that changes what it captures,
    /// and whether it is a reference.
    fn local_closure(&mut self, e: &ast::Expr) -> Option<(bool, bool)> {
        let ExprKind::Path(path) = &e.kind else {
            return None;
        };
        let [name] = path.segments.as_slice() else {
            return None;
        };
        let Some(Name::Local(local)) = self.name(&name.name) else {
            return None;
        };
        let ty = self.locals[local].ty.clone();
        let lent = matches!(self.known(&ty), Ty::Ref(..));
        let number = number(&self.peeled(&ty))?;
        Some((self.closure_changes(number), lent))
    }
}
