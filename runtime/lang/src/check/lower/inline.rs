//! Functions that take closures, lowered where they are called. Each such call has a frame of
//! its own: the callee's body and types, and what its variables and loops became. A closure's
//! body is lowered in the frame that it was written in. Invariant: the frame at hand is in the
//! fields of [`Lower`], all others are in [`Lower::frames`].

use std::collections::HashMap;
use std::rc::Rc;

use super::{Lower, Slot, build, closures};
use crate::check::callable;
use crate::check::session::Session;
use crate::check::tree::{Body, Closure, Expr, FnIndex, Kind, LocalIndex, LoopIndex};
use crate::check::ty::Ty;
use crate::ir::{self, ExprKind, LoopId, Statement, Type};

/// The bodies of the functions that are lowered in place.
pub(crate) type Bodies = HashMap<FnIndex, Rc<Body>>;

/// What belongs to one function while it is lowered.
pub(super) struct Frame<'x> {
    body: &'x Body,
    types: Rc<[Ty]>,
    slots: Vec<Slot>,
    jumps: HashMap<LoopIndex, super::Jumps>,
    reduced: Vec<LocalIndex>,
    given_back: Vec<LocalIndex>,
    closures: closures::Bound<'x>,
    leave: Option<Leave>,
    /// For panic sites.
    path: String,
}

/// Where `return` of a function in place leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave {
    block: LoopId,
    used: bool,
}

/// The functions with closures that a body reaches, with their bodies; `false` if one of them
/// has errors.
pub(super) fn collect(session: &mut Session<'_>, body: &Body, bodies: &mut Bodies) -> bool {
    let mut found = Vec::new();
    callable::inlined(session, &body.value, &mut found);
    let mut sound = true;
    for function in found {
        if bodies.contains_key(&function) {
            continue;
        }
        match session.body(function) {
            Some(inner) => {
                bodies.insert(function, Rc::clone(&inner));
                sound &= collect(session, &inner, bodies);
            }
            None => sound = false,
        }
    }
    sound
}

impl<'x> Lower<'x, '_> {
    fn exchange(&mut self, frame: usize) {
        let frame = &mut self.frames[frame];
        std::mem::swap(&mut self.body, &mut frame.body);
        std::mem::swap(&mut self.types, &mut frame.types);
        std::mem::swap(&mut self.slots, &mut frame.slots);
        std::mem::swap(&mut self.jumps, &mut frame.jumps);
        std::mem::swap(&mut self.reduced, &mut frame.reduced);
        std::mem::swap(&mut self.given_back, &mut frame.given_back);
        std::mem::swap(&mut self.closures, &mut frame.closures);
        std::mem::swap(&mut self.leave, &mut frame.leave);
        self.b.exchange_path(&mut frame.path);
    }

    /// Works in another frame.
    pub(super) fn in_frame<R>(&mut self, frame: usize, work: impl FnOnce(&mut Self) -> R) -> R {
        let here = self.frame;
        if frame == here || frame >= self.frames.len() {
            return work(self);
        }
        self.exchange(here);
        self.exchange(frame);
        self.frame = frame;
        let done = work(self);
        self.exchange(frame);
        self.exchange(here);
        self.frame = here;
        done
    }

    /// The frame of a function in place, and of the first one.
    pub(super) fn frame_of(body: &'x Body, types: Rc<[Ty]>, path: String) -> Frame<'x> {
        Frame {
            body,
            types,
            slots: vec![Slot::Nothing; body.locals.len()],
            jumps: HashMap::new(),
            reduced: Vec::new(),
            given_back: Vec::new(),
            closures: closures::Bound::default(),
            leave: None,
            path,
        }
    }

    /// The block that `return` leaves, in a function in place.
    pub(super) fn left_block(&mut self) -> Option<LoopId> {
        let leave = self.leave.as_mut()?;
        leave.used = true;
        Some(leave.block)
    }

    /// A call of a function that takes closures.
    pub(super) fn call_in_place(
        &mut self,
        function: FnIndex,
        types: &'x [Ty],
        args: &'x [Expr],
        result: Type,
    ) -> ir::Expr {
        *self.budget = self.budget.saturating_sub(1);
        let found = self.bodies.get(&function);
        let (Some(body), false) = (found, *self.budget == 0) else {
            return build::unit();
        };
        let body: &'x Body = body;
        let types: Rc<[Ty]> = types.iter().map(|ty| self.ground(ty)).collect();
        let signature = Rc::clone(&self.session.functions[function].signature);
        let mut statements = Vec::new();
        let mut values: Vec<Option<ir::Expr>> = Vec::new();
        let path = self.session.functions[function].path.clone();
        let mut frame = Self::frame_of(body, types, path);
        for (arg, param) in args.iter().zip(&signature.params) {
            if let (Some(number), Kind::Closure(closure)) = (callable::number(param), &arg.kind) {
                self.make_closure(closure, &mut statements);
                frame.closures.give(number, self.frame, closure);
                values.push(None);
                continue;
            }
            let value = self.expr(arg);
            if value.ty == Type::Never {
                return build::sequence(statements, value);
            }
            let view = matches!(value.ty, Type::View(_)) && build::is_plain(&value);
            values.push(Some(if view {
                value
            } else {
                self.keep(value, &mut statements)
            }));
        }
        let block = self.b.new_loop();
        frame.leave = Some(Leave { block, used: false });
        self.frames.push(frame);
        let number = self.frames.len() - 1;
        let (inside, used) = self.in_frame(number, |l| {
            let mut inside = Vec::new();
            for (local, value) in values.into_iter().enumerate() {
                if let (Slot::Local(id, _), Some(value)) = (l.declare(local), value) {
                    inside.push(build::assign(id, value));
                }
            }
            for (local, pattern) in body.params.iter().enumerate() {
                l.parameter(local, pattern, &mut inside);
            }
            let value = l.expr(&body.value);
            let block = ir::Block {
                value: Some(Box::new(value)),
                statements: inside,
            };
            (block, l.leave.is_some_and(|leave| leave.used))
        });
        self.frames.pop();
        let (mut inside, value) = (inside.statements, inside.value);
        let Some(value) = value else {
            return build::unit();
        };
        if !used {
            statements.append(&mut inside);
            return build::sequence(statements, *value);
        }
        let mut last = build::value(*value);
        inside.append(&mut last.statements);
        let labelled = ir::Expr {
            ty: result,
            kind: ExprKind::Labelled(
                block,
                ir::Block {
                    statements: inside,
                    value: last.value,
                },
            ),
        };
        build::sequence(statements, labelled)
    }

    /// A call of a closure that was given to the function.
    pub(super) fn call_given(
        &mut self,
        (frame, closure): (usize, &'x Closure),
        args: Vec<ir::Expr>,
        out: &mut Vec<Statement>,
    ) -> ir::Expr {
        // The arguments belong to this frame: they are computed before the other one is entered.
        let args: Vec<ir::Expr> = args
            .into_iter()
            .map(|arg| self.keep_value(arg, out))
            .collect();
        self.in_frame(frame, |l| l.inline(closure, args, out))
    }

    fn keep_value(&mut self, value: ir::Expr, out: &mut Vec<Statement>) -> ir::Expr {
        match value.ty {
            Type::Never | Type::View(_) => value,
            _ if build::is_plain(&value) => value,
            _ => self.keep(value, out),
        }
    }
}
