//! `prange`: which outer variables its body reduces into, and that the iterations are
//! independent otherwise. A reduction is `s op= e`, `s = s op e` or `s = s.min(e)`, any
//! number of times with one operator, and `s` is not read elsewhere in the body. Invariant:
//! a loop that passes [`check_body`] assigns no other outer variable and is not left early.

use std::collections::{HashMap, HashSet};

use brolga_abi::ReductionOp;

use crate::ast::BinaryOp;
use crate::check::session::Session;
use crate::check::tree::{
    Block, Body, Expr, FnIndex, For, Iter, Kind, LocalIndex, LoopIndex, Statement,
};
use crate::check::ty::{Ty, close};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::Scalar;

/// What the body of a `prange` loop does to the outside.
#[derive(Default)]
struct Effects {
    inside: HashSet<LocalIndex>,
    loops: HashSet<LoopIndex>,
    reductions: Vec<(LocalIndex, ReductionOp, Span)>,
    reads: Vec<(LocalIndex, Span)>,
    /// Assignments that are no reductions.
    assignments: Vec<(LocalIndex, Span)>,
    /// Two operators on one variable.
    conflicts: Vec<(LocalIndex, Span, Span)>,
    /// `break`, `continue` and `return` that leave the body.
    exits: Vec<(&'static str, Span)>,
}

/// The reduction variables of a checked `prange` loop, in order of first appearance.
pub(crate) fn reductions(looped: &For) -> Vec<(LocalIndex, ReductionOp)> {
    let effects = Effects::of(looped);
    effects
        .reductions
        .iter()
        .map(|(local, op, _)| (*local, *op))
        .collect()
}

fn operator(op: BinaryOp) -> Option<ReductionOp> {
    Some(match op {
        BinaryOp::Add | BinaryOp::Sub => ReductionOp::Add,
        BinaryOp::Mul => ReductionOp::Mul,
        BinaryOp::BitAnd => ReductionOp::And,
        BinaryOp::BitOr => ReductionOp::Or,
        BinaryOp::BitXor => ReductionOp::Xor,
        _ => return None,
    })
}

/// `local = value` as a reduction: the operator and the part that is joined.
fn reduced(local: LocalIndex, value: &Expr) -> Option<(ReductionOp, &Expr)> {
    let own = |e: &Expr| matches!(e.kind, Kind::Local(l) if l == local);
    match &value.kind {
        Kind::Binary(op, a, b) => {
            let reduction = operator(*op)?;
            if own(a) {
                Some((reduction, b))
            } else if own(b) && *op != BinaryOp::Sub {
                Some((reduction, a))
            } else {
                None
            }
        }
        Kind::Method(name, _, args, _) => {
            let (op, commutes) = match *name {
                "min" => (ReductionOp::Min, true),
                "max" => (ReductionOp::Max, true),
                "wrapping_add" => (ReductionOp::Add, true),
                "wrapping_sub" => (ReductionOp::Add, false),
                "wrapping_mul" => (ReductionOp::Mul, true),
                _ => return None,
            };
            match args.as_slice() {
                [a, b] if own(a) => Some((op, b)),
                [a, b] if own(b) && commutes => Some((op, a)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Effects {
    fn of(looped: &For) -> Effects {
        let mut effects = Effects::default();
        looped.pattern.bindings(&mut |local| {
            effects.inside.insert(local);
        });
        effects.declarations(&looped.body);
        effects.block(&looped.body, looped.id);
        effects
    }

    /// Everything that the body declares.
    fn declarations(&mut self, block: &Block) {
        for statement in &block.statements {
            if let Statement::Let(pattern, _) = statement {
                pattern.bindings(&mut |local| {
                    self.inside.insert(local);
                });
            }
        }
        block.each(&mut |e| self.declared_in(e));
    }

    fn declared_in(&mut self, e: &Expr) {
        match &e.kind {
            Kind::Block(id, block) => {
                self.loops.extend(id);
                return self.declarations(block);
            }
            Kind::Loop(id, block) => {
                self.loops.insert(*id);
                return self.declarations(block);
            }
            Kind::While(id, condition, body) => {
                self.loops.insert(*id);
                self.declared_in(condition);
                return self.declarations(body);
            }
            Kind::If(condition, then, otherwise) => {
                self.declared_in(condition);
                self.declarations(then);
                if let Some(otherwise) = otherwise {
                    self.declared_in(otherwise);
                }
                return;
            }
            Kind::For(inner) => {
                self.loops.insert(inner.id);
                inner.pattern.bindings(&mut |local| {
                    self.inside.insert(local);
                });
                self.declarations(&inner.body);
                if let Iter::Chain(chain) = &inner.iter {
                    chain.declared(&mut |locals| self.inside.extend(locals));
                    chain.each(&mut |e| self.declared_in(e));
                }
                if let Iter::Range {
                    start, end, step, ..
                } = &inner.iter
                {
                    self.declared_in(start);
                    self.declared_in(end);
                    if let Some((step, _)) = step {
                        self.declared_in(step);
                    }
                }
                return;
            }
            Kind::Let(pattern, _) => pattern.bindings(&mut |local| {
                self.inside.insert(local);
            }),
            Kind::Closure(closure) => self.inside.extend(closure.locals.clone()),
            Kind::Consume(consume) => {
                consume
                    .chain
                    .declared(&mut |locals| self.inside.extend(locals));
                if let Some(closure) = &consume.closure {
                    self.inside.extend(closure.locals.clone());
                }
            }
            Kind::Match(_, arms) => {
                for arm in arms {
                    arm.pattern.bindings(&mut |local| {
                        self.inside.insert(local);
                    });
                }
            }
            _ => {}
        }
        e.each(&mut |inner| self.declared_in(inner));
    }

    fn block(&mut self, block: &Block, own: LoopIndex) {
        block.each(&mut |e| self.expr(e, own));
    }

    fn reduce(&mut self, local: LocalIndex, op: ReductionOp, span: Span) {
        match self.reductions.iter().find(|(l, ..)| *l == local) {
            Some((_, first, place)) if *first != op => {
                self.conflicts.push((local, span, *place));
            }
            Some(_) => {}
            None => self.reductions.push((local, op, span)),
        }
    }

    fn expr(&mut self, e: &Expr, own: LoopIndex) {
        match &e.kind {
            Kind::Borrow(place) => match root(place) {
                Some((local, _)) if !self.inside.contains(&local) => {
                    self.assignments.push((local, e.span));
                }
                Some(_) => {}
                None => self.element(place, own),
            },
            Kind::Local(local)
                if super::references::is_mutable(&e.ty) && !self.inside.contains(local) =>
            {
                self.assignments.push((*local, e.span));
            }
            Kind::Local(local) => {
                if !self.inside.contains(local) {
                    self.reads.push((*local, e.span));
                }
            }
            Kind::Compound(op, place, value, _) => {
                match root(place) {
                    Some((local, whole)) if !self.inside.contains(&local) => {
                        match operator(*op).filter(|_| whole) {
                            Some(op) => self.reduce(local, op, e.span),
                            None => self.assignments.push((local, e.span)),
                        }
                    }
                    Some(_) => {}
                    None => self.element(place, own),
                }
                self.expr(value, own);
            }
            Kind::Assign(place, value) => match root(place) {
                Some((local, whole)) if !self.inside.contains(&local) => {
                    match reduced(local, value).filter(|_| whole) {
                        Some((op, joined)) => {
                            self.reduce(local, op, e.span);
                            self.expr(joined, own);
                        }
                        // The value has its own error; what it would have been is not known.
                        None if matches!(value.kind, Kind::Error) => {}
                        None => {
                            self.assignments.push((local, e.span));
                            self.expr(value, own);
                        }
                    }
                }
                Some(_) => self.expr(value, own),
                None => {
                    self.expr(value, own);
                    self.element(place, own);
                }
            },
            Kind::CallClosure(callee, args, changes) => {
                match callee.kind {
                    Kind::Local(local) if *changes && !self.inside.contains(&local) => {
                        self.assignments.push((local, e.span));
                    }
                    Kind::Local(_) => {}
                    _ => self.expr(callee, own),
                }
                args.iter().for_each(|arg| self.expr(arg, own));
            }
            Kind::Break(id, value) => {
                if !self.loops.contains(id) {
                    self.exits.push(("break", e.span));
                }
                if let Some(value) = value {
                    self.expr(value, own);
                }
            }
            Kind::Continue(id) => {
                if !self.loops.contains(id) && *id != own {
                    self.exits.push(("continue", e.span));
                }
            }
            Kind::Return(value) => {
                self.exits.push(("return", e.span));
                if let Some(value) = value {
                    self.expr(value, own);
                }
            }
            Kind::Array(op, operands) => {
                for place in op.written(operands) {
                    if let Some((local, _)) = root(place)
                        && !self.inside.contains(&local)
                    {
                        self.assignments.push((local, e.span));
                    }
                }
                e.each(&mut |inner| self.expr(inner, own));
            }
            _ => e.each(&mut |inner| self.expr(inner, own)),
        }
    }

    /// The index of an element that is written; views are shared by all iterations.
    fn element(&mut self, place: &Expr, own: LoopIndex) {
        if let Kind::Index(_, index) = &place.kind {
            index.iter().for_each(|i| self.expr(i, own));
        }
    }
}

/// The variable that a place belongs to, and whether it is all of it.
fn root(place: &Expr) -> Option<(LocalIndex, bool)> {
    match &place.kind {
        Kind::Local(local) => Some((*local, true)),
        Kind::Member(inner, _) | Kind::Element(inner, _) => {
            root(inner).map(|(local, _)| (local, false))
        }
        _ => None,
    }
}

/// Checks every `prange` loop of a body.
pub(crate) fn check_body(session: &mut Session<'_>, body: &Body) {
    expr(session, body, &body.value);
}

fn expr(session: &mut Session<'_>, body: &Body, e: &Expr) {
    if let Kind::For(looped) = &e.kind
        && let Iter::Range {
            parallel: Some(place),
            ..
        } = looped.iter
    {
        check_loop(session, body, looped, place);
        // Loops inside have been checked as part of this one, but for conflicts among
        // themselves, which are conflicts here too.
    }
    e.each(&mut |inner| expr(session, body, inner));
}

fn report(session: &mut Session<'_>, diagnostic: Diagnostic) {
    let known = session
        .errors
        .iter()
        .any(|e| e.code == diagnostic.code && e.span == diagnostic.span);
    if !known {
        session.report(diagnostic);
    }
}

fn check_loop(session: &mut Session<'_>, body: &Body, looped: &For, place: Span) {
    let effects = Effects::of(looped);
    let name = |local: LocalIndex| body.locals[local].name.clone();
    for (what, span) in &effects.exits {
        report(
            session,
            Diagnostic::new(
                "B0280",
                *span,
                format!("`{what}` leaves the body of a `prange` loop"),
            )
            .label("iterations may run in any order")
            .related(place, "the parallel loop")
            .help("use a plain range, or compute a flag by a reduction: `found |= ..`"),
        );
    }
    for (local, span) in &effects.assignments {
        let name = name(*local);
        report(
            session,
            Diagnostic::new(
                "B0281",
                *span,
                format!("`{name}` is assigned in a `prange` loop but is no reduction"),
            )
            .label("iterations would overwrite each other's value")
            .related(place, "the parallel loop")
            .help(format!(
                "declare `{name}` inside of the loop, or reduce: `{name} += ..`, `{name} = {name}.max(..)`"
            )),
        );
    }
    for (local, span, first) in &effects.conflicts {
        let name = name(*local);
        report(
            session,
            Diagnostic::new(
                "B0282",
                *span,
                format!("`{name}` is reduced by two different operations"),
            )
            .label("another operation here")
            .related(*first, "first reduced here")
            .help("use one variable for each operation"),
        );
    }
    let reduced: HashMap<LocalIndex, Span> = effects
        .reductions
        .iter()
        .map(|(local, _, span)| (*local, *span))
        .collect();
    for (local, span) in &effects.reads {
        if let Some(first) = reduced.get(local) {
            let name = name(*local);
            report(
                session,
                Diagnostic::new(
                    "B0283",
                    *span,
                    format!("the reduction variable `{name}` is read in a `prange` loop"),
                )
                .label("its value is only known after the loop")
                .related(*first, "reduced here")
                .help("read it after the loop"),
            );
        }
    }
    for (local, op, span) in &effects.reductions {
        let fits = match close(&body.locals[*local].ty, &body.types) {
            Ty::Scalar(Scalar::Bool) => {
                matches!(op, ReductionOp::And | ReductionOp::Or | ReductionOp::Xor)
            }
            Ty::Scalar(_) | Ty::Param(_) => true,
            Ty::Complex(_) => matches!(
                op,
                brolga_abi::ReductionOp::Add | brolga_abi::ReductionOp::Mul
            ),
            _ => false,
        };
        if !fits {
            let name = name(*local);
            report(
                session,
                Diagnostic::new(
                    "B0281",
                    *span,
                    format!("`{name}` cannot be reduced: it is no number"),
                )
                .related(place, "the parallel loop")
                .help("reduce into a variable that is a number"),
            );
        }
    }
}

/// The first `prange` that a function reaches, for kernels that must not have one.
pub(crate) fn reached(session: &mut Session<'_>, function: FnIndex) -> Option<Span> {
    let mut seen = HashSet::new();
    let mut stack = vec![function];
    while let Some(next) = stack.pop() {
        if !seen.insert(next) {
            continue;
        }
        let Some(body) = session.body(next) else {
            continue;
        };
        let mut found = None;
        visit(&body.value, &mut stack, &mut found);
        if found.is_some() {
            return found;
        }
    }
    None
}

fn visit(e: &Expr, calls: &mut Vec<FnIndex>, found: &mut Option<Span>) {
    match &e.kind {
        Kind::Call(function, ..) => calls.push(*function),
        Kind::For(looped) => {
            if let Iter::Range {
                parallel: Some(span),
                ..
            } = looped.iter
            {
                found.get_or_insert(span);
            }
        }
        _ => {}
    }
    e.each(&mut |inner| visit(inner, calls, found));
}
