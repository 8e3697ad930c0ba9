//! Loops to the IR. A loop over a view becomes one counted loop for each axis: `continue`
//! means the innermost, `break` the outermost.

use brolga_abi::PanicKind;

use super::assign::SUBSCRIPT;
use super::build;
use super::expr::{dim, subscripts};
use super::matching::Subject;
use super::{Jumps, Lower, Slot};
use crate::check::parallel;
use crate::check::tree::{Block, Expr, For, Iter, LoopIndex, PatternKind};
use crate::diagnostic::Span;
use crate::ir::{self, ExprKind, LocalId, Order, Parallel, Reduction, Scalar, Statement, Type};

impl<'x> Lower<'x, '_> {
    pub(super) fn while_loop(
        &mut self,
        id: LoopIndex,
        condition: &'x Expr,
        body: &'x Block,
    ) -> ir::Expr {
        let number = self.b.new_loop();
        self.jumps.insert(
            id,
            Jumps {
                leave: number,
                next: Ok(number),
            },
        );
        if super::data::has_let(condition) {
            let mut statements = Vec::new();
            self.conditions(condition, number, &mut statements);
            statements.extend(self.unit_body(body));
            let body = ir::Block {
                statements,
                value: None,
            };
            return ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::Loop(number, body),
            };
        }
        let condition = self.expr(condition);
        let body = self.unit_body(body);
        build::while_loop(number, condition, body)
    }

    /// A body of type `()` as statements.
    pub(super) fn unit_body(&mut self, body: &'x Block) -> Vec<Statement> {
        let block = self.block(body);
        let mut statements = block.statements;
        if let Some(value) = block.value {
            statements.push(Statement::Expr(*value));
        }
        statements
    }

    pub(super) fn for_loop(&mut self, looped: &'x For, span: Span) -> ir::Expr {
        match &looped.iter {
            Iter::Range { .. } => self.counted(looped),
            Iter::Elements(view, mutable) => self.elements(looped, view, *mutable, span),
            Iter::Chain(chain) => self.chain_loop(looped, chain),
            Iter::Error => build::unit(),
        }
    }

    fn counted(&mut self, looped: &'x For) -> ir::Expr {
        let Iter::Range {
            start,
            end,
            inclusive,
            step,
            order,
            parallel,
        } = &looped.iter
        else {
            return build::unit();
        };
        let scalar = self.scalar(&start.ty);
        let (start, end) = (self.expr(start), self.expr(end));
        let step = step.as_ref().map(|(step, span)| {
            let step = self.expr(step);
            (step, self.b.site(PanicKind::StepByZero, *span))
        });
        let outer = self.reduced.len();
        let reductions = parallel.map(|_| self.reductions(looped));
        let id = self.b.new_loop();
        self.jumps.insert(
            looped.id,
            Jumps {
                leave: id,
                next: Ok(id),
            },
        );
        let mut statements = Vec::new();
        let variable = match &looped.pattern.kind {
            // A variable that the body may change is not the counter itself.
            PatternKind::Binding(local, None) if !self.body.locals[*local].mutable => {
                match self.declare(*local) {
                    Slot::Local(id, _) => id,
                    Slot::Element(..) | Slot::Place(..) | Slot::Nothing => {
                        self.b.local("", Type::Scalar(scalar))
                    }
                }
            }
            _ => {
                let variable = self.b.local("", Type::Scalar(scalar));
                let value = build::local(variable, Type::Scalar(scalar));
                self.bind(&looped.pattern, &Subject::Value(value), &mut statements);
                variable
            }
        };
        statements.extend(self.unit_body(&looped.body));
        self.reduced.truncate(outer);
        ir::Expr {
            ty: Type::UNIT,
            kind: ExprKind::For(Box::new(ir::For {
                id,
                variable,
                start,
                end,
                inclusive: *inclusive,
                step,
                order: *order,
                body: ir::Block {
                    statements,
                    value: None,
                },
                parallel: reductions.map(|reductions| Parallel { reductions }),
            })),
        }
    }

    fn reductions(&mut self, looped: &'x For) -> Vec<Reduction> {
        let mut list = Vec::new();
        for (local, op) in parallel::reductions(looped) {
            self.reduced.push(local);
            if let Slot::Local(local, _) = self.declare(local) {
                list.push(Reduction { local, op });
            }
        }
        list
    }

    fn elements(&mut self, looped: &'x For, view: &'x Expr, mutable: bool, span: Span) -> ir::Expr {
        let mut before = Vec::new();
        let ty = self.ty(&view.ty);
        let Type::View(view_ty) = ty else {
            return build::unit();
        };
        let id = self.view(view, &mut before);
        let index: Vec<LocalId> = (0..view_ty.ndim)
            .map(|_| self.b.local("", SUBSCRIPT))
            .collect();
        let loops: Vec<_> = index.iter().map(|_| self.b.new_loop()).collect();
        let single = loops.is_empty().then(|| self.b.new_loop());
        let jumps = match (loops.first(), loops.last(), single) {
            (Some(outer), Some(inner), _) => Jumps {
                leave: *outer,
                next: Ok(*inner),
            },
            (_, _, Some(block)) => Jumps {
                leave: block,
                next: Err(block),
            },
            _ => return build::unit(),
        };
        self.jumps.insert(looped.id, jumps);
        let mut statements = Vec::new();
        match &looped.pattern.kind {
            PatternKind::Binding(local, None) if mutable => {
                self.slots[*local] = Slot::Element(id, index.clone(), view_ty.element);
            }
            PatternKind::Wildcard => {}
            _ => {
                let site = self.b.site(PanicKind::IndexOutOfBounds, span);
                let element = ir::Expr {
                    ty: view_ty.element.ty(),
                    kind: ExprKind::Load {
                        view: id,
                        index: subscripts(&index),
                        site,
                    },
                };
                if let PatternKind::Binding(local, None) = &looped.pattern.kind
                    && let Slot::Local(target, _) = self.declare(*local)
                {
                    statements.push(build::assign(target, element));
                } else {
                    let value = self.keep(element, &mut statements);
                    self.bind(&looped.pattern, &Subject::Value(value), &mut statements);
                }
            }
        }
        statements.extend(self.unit_body(&looped.body));
        if let Some(block) = single {
            let body = ir::Block {
                statements,
                value: None,
            };
            let e = ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::Labelled(block, body),
            };
            return build::sequence(before, e);
        }
        for (axis, (variable, number)) in index.iter().zip(&loops).enumerate().rev() {
            let e = ir::Expr {
                ty: Type::UNIT,
                kind: ExprKind::For(Box::new(ir::For {
                    id: *number,
                    variable: *variable,
                    start: build::int(Scalar::Usize, 0),
                    end: dim(id, axis as u8),
                    inclusive: false,
                    step: None,
                    order: Order::Forward,
                    body: ir::Block {
                        statements: std::mem::take(&mut statements),
                        value: None,
                    },
                    parallel: None,
                })),
            };
            statements.push(Statement::Expr(e));
        }
        let last = match statements.pop() {
            Some(Statement::Expr(e)) => e,
            Some(Statement::Assign { .. } | Statement::Store { .. }) | None => build::unit(),
        };
        build::sequence(before, last)
    }
}
