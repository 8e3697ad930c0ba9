//! Closures to the IR: nothing when they are made (but for the copies of a `move`), their
//! body in place when they are called. Invariant: what a closure declares gets new locals for
//! every call.

use std::collections::HashMap;

use super::matching::Subject;
use super::{Lower, Slot, build};
use crate::check::tree::{Closure, Expr, Kind, LocalIndex, PatternKind};
use crate::check::ty::Ty;
use crate::ir::{self, Statement, Type};

/// The closures that are bound by now.
#[derive(Default)]
pub(super) struct Bound<'x> {
    values: HashMap<u32, &'x Closure>,
    /// The copies of each `move` closure.
    copies: HashMap<u32, Vec<(LocalIndex, Slot)>>,
    /// What was given to a function in place, with the frame that it was written in.
    given: HashMap<u32, (usize, &'x Closure)>,
}

impl<'x> Bound<'x> {
    /// A closure that is a parameter.
    pub(super) fn give(&mut self, number: u32, frame: usize, closure: &'x Closure) {
        self.given.insert(number, (frame, closure));
    }
}

impl<'x> Lower<'x, '_> {
    /// A closure is made: a `move` copies now.
    pub(crate) fn make_closure(&mut self, closure: &'x Closure, out: &mut Vec<Statement>) {
        self.closures.values.insert(closure.number, closure);
        let mut copies = Vec::new();
        for local in &closure.copies {
            if let Slot::Local(id, ty) = self.declare(*local)
                && !matches!(ty, Type::View(_))
            {
                let copy = self.b.local("", ty.clone());
                out.push(build::assign(copy, build::local(id, ty.clone())));
                copies.push((*local, Slot::Local(copy, ty)));
            }
        }
        self.closures.copies.insert(closure.number, copies);
    }

    /// A closure as a value, which is nothing.
    pub(super) fn closure_value(&mut self, closure: &'x Closure) -> ir::Expr {
        let mut statements = Vec::new();
        self.make_closure(closure, &mut statements);
        build::sequence(statements, build::unit())
    }

    /// A call of a closure by its value.
    pub(super) fn call_closure(&mut self, callee: &'x Expr, args: &'x [Expr]) -> ir::Expr {
        let mut statements = Vec::new();
        if let Kind::Closure(closure) = &callee.kind {
            self.make_closure(closure, &mut statements);
        }
        let given = match self.ground(&callee.ty) {
            Ty::Closure(number) => self.closures.given.get(&number).copied(),
            _ => None,
        };
        if let Some(given) = given {
            let args = args.iter().map(|arg| self.expr(arg)).collect();
            let value = self.call_given(given, args, &mut statements);
            return build::sequence(statements, value);
        }
        let found = match self.ground(&callee.ty) {
            Ty::Closure(number) => self.closures.values.get(&number).copied(),
            _ => None,
        };
        let Some(closure) = found else {
            return build::unit();
        };
        let args = args.iter().map(|arg| self.expr(arg)).collect();
        let value = self.inline(closure, args, &mut statements);
        build::sequence(statements, value)
    }

    /// The value of a closure's call with these arguments, after the statements that are
    /// added to `out`.
    pub(crate) fn inline(
        &mut self,
        closure: &'x Closure,
        args: Vec<ir::Expr>,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        let subjects = args.into_iter().map(Subject::Value).collect();
        self.inline_with(closure, subjects, out)
    }

    /// The same for arguments of which some are elements that can be written.
    pub(super) fn inline_with(
        &mut self,
        closure: &'x Closure,
        args: Vec<Subject>,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        *self.budget = self.budget.saturating_sub(1);
        if *self.budget == 0 {
            return build::unit();
        }
        if !self.closures.copies.contains_key(&closure.number) {
            self.make_closure(closure, out);
        }
        // All arguments have their values before the first parameter is bound; where one is
        // computed, that may change what another one reads.
        let plain = args.len() == 1
            || args
                .iter()
                .all(|arg| !matches!(arg, Subject::Value(value) if !build::is_plain(value)));
        let args: Vec<Subject> = args
            .into_iter()
            .map(|arg| match arg {
                Subject::Value(value) if !plain => Subject::Value(self.keep(value, out)),
                other => other,
            })
            .collect();
        for local in closure.locals.clone() {
            self.slots[local] = Slot::Nothing;
        }
        for (pattern, arg) in closure.params.iter().zip(args) {
            let arg = match (&pattern.kind, arg) {
                (PatternKind::Binding(_, None), arg) => arg,
                (PatternKind::Wildcard, Subject::Value(value)) => {
                    out.push(Statement::Expr(value));
                    continue;
                }
                (_, Subject::Value(value)) if value.ty == Type::Never => {
                    out.push(Statement::Expr(value));
                    continue;
                }
                (_, Subject::Value(value)) if !build::is_plain(&value) => {
                    Subject::Value(self.keep(value, out))
                }
                (_, arg) => arg,
            };
            self.bind(pattern, &arg, out);
        }
        let copies = self
            .closures
            .copies
            .get(&closure.number)
            .cloned()
            .unwrap_or_default();
        let outside: Vec<(LocalIndex, Slot)> = copies
            .into_iter()
            .map(|(local, slot)| (local, std::mem::replace(&mut self.slots[local], slot)))
            .collect();
        let value = self.expr(&closure.body);
        for (local, slot) in outside {
            self.slots[local] = slot;
        }
        value
    }
}
