//! Closures and iterator chains: what a closure captures it borrows or moves where it is
//! made, and holds as long as it may be called. Invariant: a closure's body is a graph of its
//! own, which no step of the code around leads to.

use super::{Builder, Carried, Reserved, carries};
use crate::ast::BinaryOp;
use crate::check::borrow::graph::{Access, LoanKind, Place};
use crate::check::iter::{Chain, ChainKind, Consume};
use crate::check::operators::is_comparison;
use crate::check::tree::{Closure, Expr, Kind};
use crate::check::ty::Ty;
use crate::diagnostic::Span;

/// A captured place: how it is used, and where first.
struct Capture {
    place: Place,
    kind: Use,
    span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Shared,
    Mutable,
    Moved,
}

impl Builder<'_, '_, '_> {
    /// A closure as a value: what it borrows.
    pub(super) fn closure(&mut self, closure: &Closure, span: Span) -> Carried {
        let captures = self.captures(closure);
        let mut held = Vec::new();
        for capture in captures {
            let Capture { place, kind, span } = capture;
            let whole = self.ty(&self.body.locals[place.var].ty);
            if closure.moves || kind == Use::Moved {
                let root = place.var;
                let moves = !place.parts.is_empty() || !self.session.is_copy(&whole);
                let access = if moves && kind == Use::Moved || self.given(&place, &whole) {
                    Access::Move
                } else {
                    Access::Read
                };
                self.access(place, access, span);
                if carries(&whole) {
                    let copy = self.var();
                    self.hand_on(&vec![root], copy, true, span);
                    held.push(copy);
                }
                continue;
            }
            let kind = match kind {
                Use::Shared => LoanKind::Shared,
                _ => LoanKind::Mutable,
            };
            held.extend(self.lend(place, kind, span));
        }
        if held.is_empty() {
            return held;
        }
        let made = self.var();
        self.hand_on(&held, made, true, span);
        vec![made]
    }

    /// Whether a `move` closure takes the place from the code around.
    fn given(&self, place: &Place, whole: &Ty) -> bool {
        place.parts.is_empty()
            && !self.session.is_copy(whole)
            && !matches!(whole, Ty::Error | Ty::Never | Ty::Closure(_))
    }

    /// What a closure captures: its body is built aside, and its accesses of the variables
    /// around are looked at.
    fn captures(&mut self, closure: &Closure) -> Vec<Capture> {
        let first = self.graph.steps.len();
        let outer = self.at.take();
        let start = self.join();
        self.at = Some(start);
        let scopes = std::mem::take(&mut self.scopes);
        let extended = std::mem::replace(&mut self.extended, 0);
        self.scopes.push(super::Scope::default());
        for param in &closure.params {
            self.bind(param, &Vec::new());
        }
        let value = self.value(&closure.body, false);
        self.use_all(&value, closure.body.span);
        self.scopes = scopes;
        self.extended = extended;
        self.at = outer;
        let mut found: Vec<Capture> = Vec::new();
        let own = |var: usize| closure.locals.contains(&var) || var >= self.body.locals.len();
        for step in &self.graph.steps[first..] {
            let Some((place, access, span)) = &step.access else {
                continue;
            };
            if own(place.var) || *access == Access::End {
                continue;
            }
            let kind = match access {
                Access::Read | Access::Borrow => Use::Shared,
                Access::Move => Use::Moved,
                _ => Use::Mutable,
            };
            let place = Self::captured_place(place, closure.moves);
            found.push(Capture {
                place,
                kind,
                span: *span,
            });
        }
        // What is used as a whole takes in its parts.
        let mut all: Vec<Capture> = Vec::new();
        for capture in found {
            let known = all.iter_mut().find(|c| {
                let common = c.place.parts.len().min(capture.place.parts.len());
                c.place.var == capture.place.var
                    && c.place.parts[..common] == capture.place.parts[..common]
            });
            match known {
                Some(known) => {
                    if capture.place.parts.len() < known.place.parts.len() {
                        known.place = capture.place;
                    }
                    if capture.kind > known.kind {
                        known.kind = capture.kind;
                        known.span = capture.span;
                    }
                }
                None => all.push(capture),
            }
        }
        all
    }

    /// A call of a closure.
    pub(super) fn call_closure(
        &mut self,
        callee: &Expr,
        args: &[Expr],
        changes: bool,
        e: &Expr,
    ) -> Carried {
        let place = self.receiver(callee);
        let mut held = match &place {
            Some(place) if changes => self.lend(place.clone(), LoanKind::Reserved, callee.span),
            Some(place) => self.lend(place.clone(), LoanKind::Shared, callee.span),
            None => self.value(callee, false),
        };
        let mut values = Vec::new();
        for arg in args {
            values.extend(self.value(arg, false));
        }
        if let (Some(place), [holder], true) = (place, held.as_slice(), changes) {
            let reserved = Reserved {
                place,
                span: callee.span,
                holder: *holder,
            };
            self.activate(vec![reserved], &mut held, e.span);
        }
        held.extend(values);
        self.made(&held, e)
    }

    /// What an iterator holds.
    pub(super) fn chain(&mut self, chain: &Chain) -> Carried {
        match &chain.kind {
            ChainKind::Error => Vec::new(),
            ChainKind::Range(start, end, _) => {
                self.operand(start);
                if let Some(end) = end {
                    self.operand(end);
                }
                Vec::new()
            }
            ChainKind::Elements(e) | ChainKind::Indexed(e) | ChainKind::Views(e, _) => {
                self.elements(e, self.writes(&chain.item))
            }
            ChainKind::Windows(e, n) => {
                let held = self.elements(e, false);
                self.operand(n);
                held
            }
            ChainKind::Values(e) | ChainKind::Repeat(e) | ChainKind::Once(e) => {
                self.value(e, false)
            }
            ChainKind::Successors(e, next) => {
                let mut held = self.value(e, false);
                held.extend(self.closure(next, chain.span));
                held
            }
            ChainKind::FromFn(next) => self.closure(next, chain.span),
            ChainKind::With(_, inner, closure) => {
                let mut held = self.chain(inner);
                held.extend(self.closure(closure, chain.span));
                held
            }
            ChainKind::Zip(a, b) | ChainKind::Chain(a, b) => {
                let mut held = self.chain(a);
                held.extend(self.chain(b));
                held
            }
            ChainKind::Enumerate(inner) | ChainKind::Rev(inner) | ChainKind::Copied(inner) => {
                self.chain(inner)
            }
            ChainKind::StepBy(inner, n, _)
            | ChainKind::Take(inner, n)
            | ChainKind::Skip(inner, n) => {
                let held = self.chain(inner);
                self.operand(n);
                held
            }
        }
    }

    /// Whether items of the type can be written through.
    fn writes(&self, item: &Ty) -> bool {
        match self.ty(item) {
            Ty::Ref(mutable, _) | Ty::View { mutable, .. } => mutable,
            Ty::Tuple(list) => list.iter().any(|member| self.writes(member)),
            _ => false,
        }
    }

    /// An iterator and what ends it.
    pub(super) fn consume(&mut self, consume: &Consume, e: &Expr) -> Carried {
        let mut held = self.chain(&consume.chain);
        if let Some(argument) = &consume.argument {
            held.extend(self.value(argument, false));
        }
        if let Some(closure) = &consume.closure {
            held.extend(self.closure(closure, e.span));
        }
        self.made(&held, e)
    }

    /// The guard of an arm: what is matched stays as it is while it runs.
    pub(super) fn guard(&mut self, guard: &Expr, scrutinee: &Expr) {
        let first = self.graph.loans.len();
        let held = match self.place(scrutinee) {
            Some(place) => self.lend(place, LoanKind::Shared, scrutinee.span),
            None => Vec::new(),
        };
        if let Some(loan) = self.graph.loans.get_mut(first) {
            loan.guard = true;
        }
        self.scoped(guard.span, |b| b.operand(guard));
        self.use_all(&held, guard.span);
    }

    /// Whether a comparison is a function that gets references.
    pub(super) fn compares_parts(&self, op: BinaryOp, a: &Expr) -> bool {
        let ty = self.ty(&a.ty);
        is_comparison(op) && !matches!(ty, Ty::Ref(..) | Ty::Scalar(_) | Ty::Never | Ty::Error)
    }

    /// The condition of an `if` or `while`: where it fails, the code goes on at `fail`. Names
    /// that it binds, and temporaries, last as long as the scope around.
    pub(super) fn condition(&mut self, e: &Expr, fail: super::StepIndex) {
        match &e.kind {
            Kind::Lazy(true, a, b) => {
                self.condition(a, fail);
                self.condition(b, fail);
            }
            Kind::Let(pattern, value) => {
                let carried = self.scrutinee(value, std::iter::once(&**pattern));
                self.use_all(&carried, value.span);
                self.go(fail);
                self.bind(pattern, &carried);
                let mut bound = Vec::new();
                pattern.bindings(&mut |local| bound.push(local));
                self.scopes_last(bound);
            }
            _ => {
                self.scoped(e.span, |b| b.operand(e));
                self.go(fail);
            }
        }
    }
}

/// Whether a condition binds names.
pub(super) fn binds(e: &Expr) -> bool {
    match &e.kind {
        Kind::Let(..) => true,
        Kind::Lazy(true, a, b) => binds(a) || binds(b),
        _ => false,
    }
}
