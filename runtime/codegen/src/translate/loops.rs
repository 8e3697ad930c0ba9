//! Loops that run on the calling thread. Not `prange`.
//!
//! A counted loop is entered only if its range is not empty and compares its variable with
//! the last value before it steps, so that ranges may end at the limits of their type. The
//! test stands at the end of the body; a `while` gets a copy of a small condition there.

use brolga_lang::ir::{Block, Expr, ExprKind, For, LoopId, Order, Scalar, Statement, Type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Value, types};

use super::frame::Jumps;
use super::turns::{Course, counts_up};
use super::{Flow, Stop, Target, Translator, malformed};
use crate::layout::{machine_type, scalar_of};
use crate::plan::block_cost;
use brolga_lang::walk::{self, Part};

/// The largest condition of a `while`, in nodes, that is written twice.
const LARGEST_COPY: usize = 12;

/// The largest body of a `while`, in nodes, that is written twice.
const LARGEST_BODY: usize = 48;

/// The values of a counted loop, once it is known that there are any.
pub(super) struct Range {
    /// The first value of the variable.
    pub first: Value,
    /// The last value that belongs to the loop.
    pub last: Value,
    /// What is added, wrapping, from one value to the next.
    pub step: Step,
    /// The number of iterations less one, as 64 bits; made only on request.
    pub count_less_one: Option<Value>,
}

/// The step of a counted loop.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// 1 or -1.
    Unit(i64),
    /// A value of the variable's type.
    By(Value),
}

/// The bounds of a counted loop as evaluated.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub scalar: Scalar,
    pub start: Value,
    pub end: Value,
    /// As 64 bits; `None` is 1.
    pub step: Option<Value>,
}

impl<'p> Translator<'_, 'p> {
    /// `loop` and `while`.
    pub(super) fn endless(&mut self, id: LoopId, ty: &Type, body: &'p Block) -> Flow<Vec<Value>> {
        let mark = self.loop_mark(body, ty)?;
        let mut exit = self.target(ty);
        let mut header = self.bare_target();
        let copied = while_condition(id, body);
        match copied {
            Some(condition) => self.leave_or_turn(condition, &mut exit, &mut header)?,
            None => self.join(&mut header, Ok(Vec::new()))?,
        }
        if !header.reached {
            return self.enter(&exit);
        }
        self.builder.switch_to_block(header.block);
        self.decided.forget(header.known);
        let twice = copied.filter(|_| self.loops_run && is_short(body));
        let mut turns = Ok(());
        if let Some(condition) = twice {
            // A turn without a look at the cancel flag, before one with it.
            let mut second = self.bare_target();
            (exit, turns) = self.turn(id, body, copied, exit)?;
            turns = turns
                .and_then(|()| self.scratch_release(mark))
                .and_then(|()| self.leave_or_turn(condition, &mut exit, &mut second))
                .and_then(|()| self.enter(&second).map(|_| ()));
        }
        if turns.is_ok() {
            (exit, turns) = self.turn(id, body, copied, exit)?;
            turns = turns
                .and_then(|()| self.scratch_release(mark))
                .and_then(|()| {
                    self.check_cancelled();
                    match copied {
                        Some(condition) => self.leave_or_turn(condition, &mut exit, &mut header),
                        None => self.join(&mut header, Ok(Vec::new())),
                    }
                });
        }
        match turns {
            Ok(()) | Err(Stop::Diverged) => {}
            Err(failed) => return Err(failed),
        }
        self.builder.seal_block(header.block);
        let values = self.enter(&exit)?;
        self.scratch_release(mark)?;
        Ok(values)
    }

    /// The body of a `loop` or `while` once, of which the builder stands at the beginning. Gives
    /// the exit back, and whether the end of the turn is reached; there the builder stands.
    fn turn(
        &mut self,
        id: LoopId,
        body: &'p Block,
        copied: Option<WhileCondition<'p>>,
        exit: Target,
    ) -> Flow<(Target, Flow<()>)> {
        let next = Some(self.bare_target());
        self.frame_mut().jumps.push(Jumps { id, exit, next });
        let bindings = self.frame().mark();
        let values = match copied {
            Some(condition) => self
                .learn(condition.condition, !condition.leaves)
                .and_then(|()| self.block_after_first(body)),
            None => self.open_block(body),
        };
        self.frame_mut().release(bindings);
        let Jumps { exit, next, .. } = self.pop_jumps()?;
        let mut next = next.ok_or_else(|| malformed("a loop without a next iteration"))?;
        let ended = self
            .join(&mut next, values.map(|_| Vec::new()))
            .and_then(|()| self.enter(&next).map(|_| ()));
        Ok((exit, ended))
    }

    fn leave_or_turn(
        &mut self,
        condition: WhileCondition<'p>,
        exit: &mut Target,
        header: &mut Target,
    ) -> Flow<()> {
        match condition.leaves {
            true => self.branch(condition.condition, exit, header),
            false => self.branch(condition.condition, header, exit),
        }
    }

    fn block_after_first(&mut self, body: &'p Block) -> Flow<Vec<Value>> {
        for statement in &body.statements[1..] {
            self.statement(statement)?;
        }
        match &body.value {
            Some(value) => self.expr(value),
            None => Ok(Vec::new()),
        }
    }

    /// Evaluates the bounds and the step, and fails for a step of 0.
    pub(super) fn bounds(&mut self, range: &'p For) -> Flow<Bounds> {
        let scalar = scalar_of(&range.start.ty)?;
        if !scalar.is_integer() {
            return Err(malformed(format!("a range of `{}`", scalar.name())));
        }
        let start = self.scalar(&range.start)?;
        let end = self.scalar(&range.end)?;
        let step = match &range.step {
            None => None,
            Some((step, site)) => {
                let step = self.scalar(step)?;
                match self.constant_bits(step) {
                    Some(0) => return Err(self.panic(*site)),
                    Some(1) => None,
                    Some(_) => Some(step),
                    None => {
                        let zero = self.builder.ins().icmp_imm_u(IntCC::Equal, step, 0);
                        self.panic_if(zero, *site);
                        Some(step)
                    }
                }
            }
        };
        Ok(Bounds {
            scalar,
            start,
            end,
            step,
        })
    }

    /// Whether a range holds any value.
    pub(super) fn has_values(&mut self, range: &For, bounds: &Bounds) -> Value {
        let condition = match (bounds.scalar.is_signed(), range.inclusive) {
            (true, false) => IntCC::SignedLessThan,
            (true, true) => IntCC::SignedLessThanOrEqual,
            (false, false) => IntCC::UnsignedLessThan,
            (false, true) => IntCC::UnsignedLessThanOrEqual,
        };
        self.builder.ins().icmp(condition, bounds.start, bounds.end)
    }

    /// The values of a range that holds some.
    pub(super) fn range(&mut self, range: &For, bounds: &Bounds, count: bool) -> Range {
        let Bounds {
            scalar,
            start,
            end,
            step,
        } = *bounds;
        let ty = machine_type(scalar);
        let top = if range.inclusive {
            end
        } else {
            self.builder.ins().iadd_imm_s(end, -1)
        };
        let Some(step) = step else {
            let (first, last, step) = match range.order {
                Order::Forward => (start, top, 1),
                Order::ReverseThenStep | Order::StepThenReverse => (top, start, -1),
            };
            let count_less_one = count.then(|| self.distance(start, top));
            return Range {
                first,
                last,
                step: Step::Unit(step),
                count_less_one,
            };
        };
        let distance = self.distance(start, top);
        let count_less_one = self.builder.ins().udiv(distance, step);
        let spanned = self.builder.ins().imul(count_less_one, step);
        let spanned = self.narrow(spanned, ty);
        let step = self.narrow(step, ty);
        let (first, last, step) = match range.order {
            Order::Forward => (start, self.builder.ins().iadd(start, spanned), step),
            Order::ReverseThenStep => {
                let last = self.builder.ins().isub(top, spanned);
                (top, last, self.builder.ins().ineg(step))
            }
            Order::StepThenReverse => {
                let first = self.builder.ins().iadd(start, spanned);
                (first, start, self.builder.ins().ineg(step))
            }
        };
        Range {
            first,
            last,
            step: Step::By(step),
            count_less_one: Some(count_less_one),
        }
    }

    /// `top - start` as unsigned 64 bits.
    fn distance(&mut self, start: Value, top: Value) -> Value {
        let distance = self.builder.ins().isub(top, start);
        if self.builder.func.dfg.value_type(distance) == types::I64 {
            return distance;
        }
        self.builder.ins().uextend(types::I64, distance)
    }

    /// The low bits of a 64-bit value.
    fn narrow(&mut self, value: Value, ty: ir::Type) -> Value {
        if ty == types::I64 {
            return value;
        }
        self.builder.ins().ireduce(ty, value)
    }

    /// The value after `value`.
    pub(super) fn advance(&mut self, value: Value, step: Step) -> Value {
        match step {
            Step::Unit(step) => self.builder.ins().iadd_imm_s(value, step),
            Step::By(step) => self.builder.ins().iadd(value, step),
        }
    }

    /// A counted loop.
    pub(super) fn counted(&mut self, range: &'p For) -> Flow<()> {
        let bounds = self.bounds(range)?;
        let scratch = self.loop_mark(&range.body, &Type::UNIT)?;
        let mut exit = self.bare_target();
        let next = self.bare_target();
        let any = self.has_values(range, &bounds);
        let begin = self.builder.create_block();
        self.builder.ins().brif(any, begin, &[], exit.block, &[]);
        exit.reached = true;
        self.open(begin);
        if counts_up(range) {
            let distance = self.builder.ins().isub(bounds.end, bounds.start);
            let count = match self.builder.func.dfg.value_type(distance) {
                types::I64 => distance,
                _ => self.builder.ins().uextend(types::I64, distance),
            };
            let course = Course {
                first: bounds.start,
                count,
                end: self.stays_below(range, &bounds).then_some(bounds.end),
                element: None,
            };
            let exit = self.run(range, course, exit)?;
            self.enter(&exit)?;
            return self.scratch_release(scratch);
        }
        let number = self.frame().number;
        self.unit.loops.begin(number, range);
        let cost = block_cost(&range.body, &self.unit.plan.cost);
        let why = "does not count up by one to below its end".to_owned();
        self.unit.loops.inner(number, range, cost, Err(why));
        let values = self.range(range, &bounds, false);
        let header = self.builder.create_block();
        let variable = self
            .builder
            .append_block_param(header, machine_type(bounds.scalar));
        self.jump(header, &[values.first]);
        self.builder.switch_to_block(header);
        self.frame_mut().jumps.push(Jumps {
            id: range.id,
            exit,
            next: Some(next),
        });
        let mark = self.frame().mark();
        let outer = std::mem::take(&mut self.frame_mut().places);
        let known = self.below.len();
        if self.stays_below(range, &bounds) {
            self.learn_below(variable, bounds.end);
        }
        self.learn_start(bounds.scalar, bounds.start, variable);
        self.define_local(range.variable, vec![variable])?;
        let ended = self.open_block(&range.body);
        self.frame_mut().release(mark);
        self.below.truncate(known);
        self.unit.loops.end();
        self.frame_mut().places = outer;
        let Jumps { exit, next, .. } = self.pop_jumps()?;
        let mut next = next.ok_or_else(|| malformed("a loop without a next iteration"))?;
        self.join(&mut next, ended.map(|_| Vec::new()))?;
        match self.enter(&next) {
            Ok(_) => {
                self.scratch_release(scratch)?;
                let following = self.advance(variable, values.step);
                let more = self
                    .builder
                    .ins()
                    .icmp(IntCC::NotEqual, variable, values.last);
                self.builder
                    .ins()
                    .brif(more, header, &[following.into()], exit.block, &[]);
            }
            Err(Stop::Diverged) => {}
            Err(failed) => return Err(failed),
        }
        self.builder.seal_block(header);
        self.enter(&exit)?;
        self.scratch_release(scratch)
    }

    /// Whether the variable of a loop is below the end of its range as an unsigned number: not
    /// if it may be negative, which is as large as can be then.
    pub(super) fn stays_below(&self, range: &For, bounds: &Bounds) -> bool {
        let start = self.constant_bits(bounds.start);
        let natural = start.is_some_and(|start| start as i64 >= 0);
        !range.inclusive && (natural || !bounds.scalar.is_signed())
    }

    /// Remembers that a loop variable stays below the end of its range.
    pub(super) fn learn_below(&mut self, variable: Value, end: Value) {
        if self.builder.func.dfg.value_type(variable) == types::I64 {
            self.below.push((variable, end));
        }
    }
}

/// Whether a body takes so little time that a look at the cancel flag is felt: it is small, and
/// calls and repeats nothing, and divides by constants only.
fn is_short(body: &Block) -> bool {
    fn size(e: &Expr) -> Option<usize> {
        let long = match &e.kind {
            ExprKind::Call(..)
            | ExprKind::Allocate { .. }
            | ExprKind::Reduce(..)
            | ExprKind::Dot(..) => true,
            ExprKind::Division { rhs, .. } => !matches!(rhs.kind, ExprKind::Const(_)),
            _ => false,
        };
        let mut sum = (!long).then_some(1);
        walk::parts(e, &mut |part| {
            let inner = match part {
                Part::Expr(inner) => size(inner),
                Part::Block(block) => block_size(block),
                Part::Repeated(_) => None,
            };
            sum = sum.zip(inner).map(|(a, b)| a + b);
        });
        sum
    }
    fn block_size(block: &Block) -> Option<usize> {
        let mut sum = Some(0);
        walk::block_parts(block, &mut |e| sum = sum.zip(size(e)).map(|(a, b)| a + b));
        sum
    }
    block_size(body).is_some_and(|size| size <= LARGEST_BODY)
}

/// What a `while` looks at before each turn.
#[derive(Clone, Copy)]
pub(crate) struct WhileCondition<'p> {
    pub(crate) condition: &'p Expr,
    /// Whether the loop ends where it is true; else where it is false.
    pub(crate) leaves: bool,
}

/// The condition of `loop { if condition { break } .. }`, or of `loop { if condition {} else {
/// break } .. }`, if it is small and does nothing.
pub(crate) fn while_condition(id: LoopId, body: &Block) -> Option<WhileCondition<'_>> {
    let Some(Statement::Expr(first)) = body.statements.first() else {
        return None;
    };
    let ExprKind::If(condition, then, otherwise) = &first.kind else {
        return None;
    };
    let breaks = |e: &Expr| matches!(&e.kind, ExprKind::Break(to, None) if *to == id);
    let leaves = |block: &Block| match (&block.statements[..], &block.value) {
        ([], Some(value)) => breaks(value),
        ([Statement::Expr(only)], None) => breaks(only),
        _ => false,
    };
    let stays =
        |block: &Block| block.statements.is_empty() && block.value.as_deref().is_none_or(is_unit);
    let leaves = match (leaves(then), leaves(otherwise)) {
        (true, false) if stays(otherwise) => true,
        (false, true) if stays(then) => false,
        _ => return None,
    };
    let small = plain_size(condition).is_some_and(|size| size <= LARGEST_COPY);
    small.then_some(WhileCondition { condition, leaves })
}

fn is_unit(e: &Expr) -> bool {
    e.ty == Type::UNIT && matches!(e.kind, ExprKind::Const(_) | ExprKind::Tuple(_))
}

/// The number of nodes of an expression without calls, blocks and jumps.
fn plain_size(e: &Expr) -> Option<usize> {
    let plain = matches!(
        e.kind,
        ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Member(..)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Lazy(..)
            | ExprKind::Cast(_)
            | ExprKind::Load { .. }
            | ExprKind::Index { .. }
            | ExprKind::Global(_)
            | ExprKind::Dim(..)
    );
    let mut size = plain.then_some(1);
    walk::parts(e, &mut |part| {
        let inner = match part {
            Part::Expr(inner) => plain_size(inner),
            Part::Block(_) | Part::Repeated(_) => None,
        };
        size = size.zip(inner).map(|(a, b)| a + b);
    });
    size
}
