//! Chains as loops: the source makes the loop, each adapter wraps what is done with an item.

use super::{Prep, Sink, block, branch, labelled, leave, not, store, word};
use crate::check::iter::With;
use crate::check::lower::matching::Subject;
use crate::check::lower::{Jumps, Lower, build};
use crate::ir::{self, BinaryOp, ExprKind, LoopId, Order, Scalar, Statement, Type};

impl<'x, 'a> Lower<'x, 'a> {
    /// Adds the loops that give every item to `sink`. `stop` is what leaves them all, where
    /// there is something around them.
    pub(super) fn drive(
        &mut self,
        p: &Prep<'x>,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        *self.budget = self.budget.saturating_sub(1);
        if *self.budget == 0 {
            return;
        }
        match p {
            Prep::Nothing => {}
            Prep::Range { end: Some(_), .. } => self.drive_range(p, false, stop, out, sink),
            Prep::Rev(inner) if matches!(**inner, Prep::Range { end: Some(_), .. }) => {
                self.drive_range(inner, true, stop, out, sink);
            }
            Prep::Elements { ty, .. } if ty.ndim != 1 => self.drive_view(p, stop, out, sink),
            Prep::With(with, inner, closure) => {
                self.drive_with(*with, inner, closure, stop, out, sink);
            }
            Prep::Rev(inner) if inner.sized() => {
                let length = self.length(inner, out);
                self.drive_index(inner, length, true, stop, out, sink);
            }
            _ if p.indexable() => {
                let length = self.length(p, out);
                self.drive_index(p, length, false, stop, out, sink);
            }
            Prep::Chain(a, b) => {
                let number = stop.unwrap_or_else(|| self.b.new_loop());
                let mut statements = Vec::new();
                self.drive(a, Some(number), &mut statements, sink);
                self.drive(b, Some(number), &mut statements, sink);
                match stop {
                    Some(_) => out.append(&mut statements),
                    None => out.push(labelled(number, statements)),
                }
            }
            Prep::Enumerate(inner) => {
                let count = self.counter(word(0), out);
                self.drive(inner, stop, out, &mut |l, item, jumps, body| {
                    let number = l.keep(usize_local(count), body);
                    body.push(step(count, BinaryOp::Add));
                    let item = Subject::Parts(vec![Subject::Value(number), item]);
                    sink(l, item, jumps, body);
                });
            }
            Prep::Zip(a, b) => {
                let mut other = self.puller(b, out);
                self.drive(a, stop, out, &mut |l, first, jumps, body| {
                    let second = l.pull(&mut other, jumps.leave, body);
                    sink(l, Subject::Parts(vec![first, second]), jumps, body);
                });
            }
            Prep::Take(inner, n) => {
                let left = self.counter(n.clone(), out);
                let mut statements = Vec::new();
                self.drive(inner, stop, &mut statements, &mut |l, item, jumps, body| {
                    body.push(step(left, BinaryOp::Sub));
                    let next = l.b.new_loop();
                    let mut own = Vec::new();
                    let inside = Jumps {
                        leave: jumps.leave,
                        next: Err(next),
                    };
                    sink(l, item, inside, &mut own);
                    body.push(labelled(next, own));
                    let done = build::compare(BinaryOp::Eq, usize_local(left), word(0));
                    body.push(build::when(done, leaving(jumps.leave)));
                });
                let some = build::compare(BinaryOp::Ne, usize_local(left), word(0));
                out.push(build::when(some, block(statements)));
            }
            Prep::Skip(inner, n) => {
                let left = self.counter(n.clone(), out);
                self.drive(inner, stop, out, &mut |l, item, jumps, body| {
                    let mut own = Vec::new();
                    sink(l, item, jumps, &mut own);
                    let done = build::compare(BinaryOp::Eq, usize_local(left), word(0));
                    body.push(branch(done, own, vec![step(left, BinaryOp::Sub)]));
                });
            }
            Prep::StepBy(inner, n, _) => {
                let left = self.counter(word(0), out);
                self.drive(inner, stop, out, &mut |l, item, jumps, body| {
                    let again = build::binary(BinaryOp::Sub, Scalar::Usize, n.clone(), word(1));
                    let mut own = vec![build::assign(left, again)];
                    let due = build::compare(BinaryOp::Eq, usize_local(left), word(0));
                    sink(l, item, jumps, &mut own);
                    body.push(branch(due, own, vec![step(left, BinaryOp::Sub)]));
                });
            }
            Prep::Successors(state, ty, next) => {
                let id = self.b.new_loop();
                let current = build::local(*state, ty.clone());
                let mut body = vec![build::when(
                    not(build::member(current.clone(), 0)),
                    leaving(id),
                )];
                let item = self.keep(build::member(current, 1), &mut body);
                let following = self.inline(next, vec![item.clone()], &mut body);
                store(*state, following, &mut body);
                self.endless(id, stop, Subject::Value(item), body, out, sink);
            }
            Prep::FromFn(next) => {
                let id = self.b.new_loop();
                let mut body = Vec::new();
                let found = self.inline(next, Vec::new(), &mut body);
                if found.ty == Type::Never {
                    body.push(Statement::Expr(found));
                    out.push(looped(id, body));
                    return;
                }
                let found = self.keep(found, &mut body);
                body.push(build::when(
                    not(build::member(found.clone(), 0)),
                    leaving(id),
                ));
                let item = Subject::Value(build::member(found, 1));
                self.endless(id, stop, item, body, out, sink);
            }
            // What is not counted and not listed above does not occur: the checker refuses it.
            _ => {}
        }
    }

    fn endless(
        &mut self,
        id: LoopId,
        stop: Option<LoopId>,
        item: Subject,
        mut body: Vec<Statement>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        let jumps = Jumps {
            leave: stop.unwrap_or(id),
            next: Ok(id),
        };
        sink(self, item, jumps, &mut body);
        out.push(looped(id, body));
    }

    fn counter(&mut self, first: ir::Expr, out: &mut Vec<Statement>) -> ir::LocalId {
        let count = self.b.local("", Type::Scalar(Scalar::Usize));
        out.push(build::assign(count, first));
        count
    }

    fn drive_range(
        &mut self,
        p: &Prep<'x>,
        reverse: bool,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        let Prep::Range {
            s,
            start,
            end: Some(end),
            inclusive,
        } = p
        else {
            return;
        };
        let (start, end) = (start.clone(), end.clone());
        let item = |l: &mut Self, variable, jumps, body: &mut Vec<Statement>| {
            let value = build::local(variable, Type::Scalar(*s));
            sink(l, Subject::Value(value), jumps, body);
        };
        self.count(*s, [start, end], *inclusive, reverse, stop, out, item);
    }

    /// One counted loop.
    #[allow(clippy::too_many_arguments)]
    fn count(
        &mut self,
        s: Scalar,
        [start, end]: [ir::Expr; 2],
        inclusive: bool,
        reverse: bool,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        mut each: impl FnMut(&mut Self, ir::LocalId, Jumps, &mut Vec<Statement>),
    ) {
        let id = self.b.new_loop();
        let variable = self.b.local("", Type::Scalar(s));
        let mut body = Vec::new();
        let jumps = Jumps {
            leave: stop.unwrap_or(id),
            next: Ok(id),
        };
        each(self, variable, jumps, &mut body);
        out.push(Statement::Expr(ir::Expr {
            ty: Type::UNIT,
            kind: ExprKind::For(Box::new(ir::For {
                id,
                variable,
                start,
                end,
                inclusive,
                step: None,
                order: if reverse {
                    Order::ReverseThenStep
                } else {
                    Order::Forward
                },
                body: block(body),
                parallel: None,
            })),
        }));
    }

    fn drive_index(
        &mut self,
        p: &Prep<'x>,
        length: ir::Expr,
        reverse: bool,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        let bounds = [word(0), length];
        let usize_ = Scalar::Usize;
        self.count(
            usize_,
            bounds,
            false,
            reverse,
            stop,
            out,
            |l, k, jumps, body| {
                let item = l.item(p, usize_local(k), body);
                sink(l, item, jumps, body);
            },
        );
    }

    /// The items from the last to the first.
    pub(super) fn drive_index_backwards(
        &mut self,
        p: &Prep<'x>,
        length: ir::Expr,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        self.drive_index(p, length, true, None, out, sink);
    }

    /// The elements of a view of any number of axes, one loop for each.
    fn drive_view(
        &mut self,
        p: &Prep<'x>,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        let Prep::Elements { view, ty, .. } = p else {
            return;
        };
        let axes: Vec<(LoopId, ir::LocalId)> = (0..ty.ndim)
            .map(|_| {
                let variable = self.b.local("", Type::Scalar(Scalar::Usize));
                (self.b.new_loop(), variable)
            })
            .collect();
        let index: Vec<ir::LocalId> = axes.iter().map(|(_, variable)| *variable).collect();
        let mut statements = Vec::new();
        let (Some((outer, _)), Some((inner, _))) = (axes.first(), axes.last()) else {
            let id = self.b.new_loop();
            let item = self.element(p, index, &mut statements);
            let jumps = Jumps {
                leave: stop.unwrap_or(id),
                next: Err(id),
            };
            sink(self, item, jumps, &mut statements);
            out.push(labelled(id, statements));
            return;
        };
        let jumps = Jumps {
            leave: stop.unwrap_or(*outer),
            next: Ok(*inner),
        };
        let item = self.element(p, index, &mut statements);
        sink(self, item, jumps, &mut statements);
        for (axis, (id, variable)) in axes.iter().enumerate().rev() {
            let e = ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::For(Box::new(ir::For {
                    id: *id,
                    variable: *variable,
                    start: word(0),
                    end: crate::check::lower::expr::dim(*view, axis as u8),
                    inclusive: false,
                    step: None,
                    order: Order::Forward,
                    body: block(std::mem::take(&mut statements)),
                    parallel: None,
                })),
            };
            statements.push(Statement::Expr(e));
        }
        out.append(&mut statements);
    }

    fn drive_with(
        &mut self,
        with: With,
        inner: &Prep<'x>,
        closure: &'x crate::check::tree::Closure,
        stop: Option<LoopId>,
        out: &mut Vec<Statement>,
        sink: &mut Sink<'_, 'x, 'a>,
    ) {
        if with == With::SkipWhile {
            let skipping = self.b.local("", Type::Scalar(Scalar::Bool));
            let flag = || build::local(skipping, Type::Scalar(Scalar::Bool));
            out.push(build::assign(skipping, build::int(Scalar::Bool, 1)));
            self.drive(inner, stop, out, &mut |l, item, jumps, body| {
                let mut test = Vec::new();
                let holds = l.inline_with(closure, vec![item.clone()], &mut test);
                store(skipping, holds, &mut test);
                body.push(build::when(flag(), block(test)));
                let mut own = Vec::new();
                sink(l, item, jumps, &mut own);
                body.push(build::when(not(flag()), block(own)));
            });
            return;
        }
        self.drive(inner, stop, out, &mut |l, item, jumps, body| match with {
            With::Map | With::Inspect => {
                let value = l.mapped(with, closure, item, body);
                sink(l, value, jumps, body);
            }
            With::Filter | With::TakeWhile | With::SkipWhile => {
                let holds = l.inline_with(closure, vec![item.clone()], body);
                if holds.ty == Type::Never {
                    body.push(Statement::Expr(holds));
                    return;
                }
                let mut own = Vec::new();
                sink(l, item, jumps, &mut own);
                let otherwise = match with {
                    With::TakeWhile => vec![leave(jumps.leave)],
                    _ => Vec::new(),
                };
                body.push(branch(holds, own, otherwise));
            }
            With::FilterMap | With::MapWhile => {
                let found = l.inline_with(closure, vec![item], body);
                if found.ty == Type::Never {
                    body.push(Statement::Expr(found));
                    return;
                }
                let found = l.keep_plain(found, body);
                let mut own = Vec::new();
                let value = Subject::Value(build::member(found.clone(), 1));
                sink(l, value, jumps, &mut own);
                let otherwise = match with {
                    With::MapWhile => vec![leave(jumps.leave)],
                    _ => Vec::new(),
                };
                body.push(branch(build::member(found, 0), own, otherwise));
            }
        });
    }
}

pub(super) fn usize_local(id: ir::LocalId) -> ir::Expr {
    build::local(id, Type::Scalar(Scalar::Usize))
}

/// `count = count op 1`.
pub(super) fn step(count: ir::LocalId, op: BinaryOp) -> Statement {
    let value = build::binary(op, Scalar::Usize, usize_local(count), word(1));
    build::assign(count, value)
}

fn leaving(id: LoopId) -> ir::Block {
    ir::Block {
        statements: Vec::new(),
        value: Some(Box::new(ir::Expr {
            ty: Type::Never,
            kind: ExprKind::Break(id, None),
        })),
    }
}

fn looped(id: LoopId, body: Vec<Statement>) -> Statement {
    Statement::Expr(ir::Expr {
        ty: Type::UNIT,
        kind: ExprKind::Loop(id, block(body)),
    })
}
