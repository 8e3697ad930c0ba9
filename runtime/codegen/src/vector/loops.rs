//! Loops of the kernel's own, as loops of the strip program. All lanes make every turn; what a
//! lane has when it leaves stays as it is, by selects.
//!
//! There are three forms:
//! * a few turns of a small body are written out;
//! * where all lanes make the same number of turns, the loop only counts them;
//! * else it carries the mask of the lanes that are still in it, and goes on while there are any.
//!
//! A turn of the third form ends with exits to whatever is outside of the loop, with exact masks.
//! Each lane has one set of locals after the loop: those that it left with. For each place that
//! lanes leave to, beyond the end of the loop, a mask is carried of those that did.

use std::collections::{BTreeSet, HashMap};

use brolga_lang::ir::{
    BinaryOp, Block, Expr, ExprKind, For, LocalId, LoopId, Order, Scalar, Statement, Step, Type,
    UnaryOp,
};
use brolga_lang::walk;

use super::build::Symbol;
use super::constant::Constant;
use super::control::{Outcome, Walk, reach, unit};
use super::list::Ending;
use super::operators::{Made, malformed, scalar_of};
use super::paths::{Condition, Exit, Leaving, State, Target};
use super::program::{Operation, ValueId, ValueType};
use super::refusal::Refusal;
use crate::translate::while_condition;

/// A loop is written out when it has at most so many turns, and so many operations in all.
const MOST_WRITTEN_TURNS: u128 = 8;
const MOST_WRITTEN: u128 = 64;
/// The same for a loop whose body has arrays, which have no vector form otherwise.
const MOST_WRITTEN_TURNS_OF_ARRAYS: u128 = 64;
const MOST_WRITTEN_OF_ARRAYS: u128 = 1000;

/// How a turn ended, for the lanes that reached its end.
struct TurnEnd {
    /// Whether they want another turn; `None`: all of them.
    more: Option<Symbol>,
    /// The loop variable then.
    variable: Option<ValueId>,
}

/// A loop that lanes leave one by one.
struct Masked {
    id: LoopId,
    /// The lanes that begin it.
    entering: Option<ValueId>,
    /// Whether some lanes may begin no turn at all, or leave at the end of one.
    may_end: bool,
    assigned: BTreeSet<LocalId>,
    /// A loop variable with its first value.
    variable: Option<(LocalId, Symbol)>,
    turns: Option<u64>,
    endless: bool,
}

/// A local that a loop changes: its parameters, one for each scalar in it.
struct CarriedLocal {
    local: LocalId,
    shape: Symbol,
    parameters: Vec<ValueId>,
}

/// An exit out of a loop, with the number of its target and an exact mask.
struct Left {
    place: usize,
    mask: ValueId,
    state: State,
}

/// The values of a range, each of which is in a lane what it is there.
struct Range {
    first: Symbol,
    /// What is added from one value to the next.
    step: Symbol,
    /// Whether a turn follows that with this variable; to be asked with the variable.
    more: More,
}

enum More {
    /// Until the variable is this.
    Until(Symbol),
    /// While the distance from here up to the variable, or from the variable up to here, is at
    /// least the step (an unsigned number of the type given).
    Distance {
        limit: Symbol,
        downwards: bool,
        step: Symbol,
    },
}

impl Walk<'_> {
    /// `loop` and `while`.
    pub(super) fn endless(&mut self, id: LoopId, body: &Block) -> Outcome {
        let mut assigned = BTreeSet::new();
        assigned_in(body, &mut assigned);
        let here = self.here()?;
        let condition = while_condition(id, body);
        let mut entering = here;
        if let Some(condition) = condition {
            // The loop leaves where this is true.
            match reach!(self.expression(condition)) {
                Symbol::Constant(known) if known.bits != 0 => return Ok(Some(unit())),
                Symbol::Constant(_) => {}
                leaves => {
                    let leaves = self.builder.value(&leaves)?;
                    let stays = self.builder.mask_not(leaves)?;
                    entering = Some(match here {
                        None => stays,
                        Some(here) => self.builder.mask_and(here, stays)?,
                    });
                }
            }
        }
        let masked = Masked {
            id,
            entering,
            may_end: condition.is_some(),
            assigned,
            variable: None,
            turns: None,
            endless: true,
        };
        self.masked(masked, |walk, _| {
            let statements = match condition {
                Some(_) => &body.statements[1..],
                None => &body.statements[..],
            };
            let end = walk.inside(Leaving::Turn(id), |walk| {
                walk.statements(statements, body.value.as_deref())
            })?;
            let (Some(_), Some(condition)) = (&end, condition) else {
                return Ok(end.map(|_| TurnEnd {
                    more: None,
                    variable: None,
                }));
            };
            let Some(leaves) = walk.expression(condition)? else {
                return Ok(None);
            };
            let boolean = Type::Scalar(Scalar::Bool);
            Ok(Some(TurnEnd {
                more: Some(walk.builder.unary(UnaryOp::Not, &leaves, &boolean)?),
                variable: None,
            }))
        })
    }

    /// A counted loop.
    pub(super) fn counted(&mut self, range: &For) -> Outcome {
        if range.parallel.is_some() {
            return Err(Refusal::new("has a `prange` loop"));
        }
        let start = reach!(self.expression(&range.start));
        let end = reach!(self.expression(&range.end));
        let step = match &range.step {
            None => None,
            Some((step, site)) => {
                let step = reach!(self.expression(step));
                let zero = Symbol::Constant(Constant::integer(Scalar::Usize, 0));
                let is_zero = self.builder.binary(BinaryOp::Eq, &step, &zero)?;
                reach!(self.fail_where(&is_zero, *site));
                Some(step)
            }
        };
        let known = |symbol: &Symbol| match symbol {
            Symbol::Constant(constant) => constant.as_integer(),
            _ => None,
        };
        let stride = match &step {
            None => Some(1),
            Some(step) => known(step),
        };
        match (known(&start), known(&end), stride) {
            (Some(start), Some(end), Some(stride)) => {
                let scalar = scalar_of_type(&range.start.ty)?;
                let values = known_values(range, start, end, stride);
                self.known(range, scalar, values)
            }
            _ => self.varying(range, &start, &end, step),
        }
    }

    /// A loop over known values: the first, the step, and how many.
    fn known(
        &mut self,
        range: &For,
        scalar: Scalar,
        (first, step, count): (i128, i128, u128),
    ) -> Outcome {
        if count == 0 {
            return Ok(Some(unit()));
        }
        let body = Body::of(range);
        let written = if body.arrays {
            count <= MOST_WRITTEN_TURNS_OF_ARRAYS
                && count * body.operations <= MOST_WRITTEN_OF_ARRAYS
        } else {
            count <= MOST_WRITTEN_TURNS && count * body.operations <= MOST_WRITTEN
        };
        if written {
            return self.inside(Leaving::Block(range.id), |walk| {
                for k in 0..count as i128 {
                    let value = Constant::integer(scalar, first + k * step);
                    walk.set(range.variable, Symbol::Constant(value))?;
                    reach!(walk.turn(range.id, &range.body));
                }
                Ok(Some(unit()))
            });
        }
        let turns = u64::try_from(count).map_err(|_| Refusal::new("has a loop of 2^64 turns"))?;
        let assigned = body.assigned;
        let variable = move |walk: &mut Self| -> Result<(), Refusal> {
            let counter = walk.builder.list.counter();
            let counter = Symbol::Value(counter, Scalar::I64);
            let value = walk.variable(&counter, scalar, first, step)?;
            walk.set(range.variable, value)
        };
        if body.leaves {
            let masked = Masked {
                id: range.id,
                entering: self.here()?,
                may_end: true,
                assigned,
                variable: None,
                turns: Some(turns),
                endless: false,
            };
            return self.masked(masked, |walk, _| {
                variable(walk)?;
                let end = walk.turn(range.id, &range.body)?;
                Ok(end.map(|_| TurnEnd {
                    more: None,
                    variable: None,
                }))
            });
        }
        let locals = self.carried_locals(&assigned, None)?;
        self.builder.list.open();
        let carried = self.enter_loop(&assigned, locals)?;
        variable(self)?;
        if self.turn(range.id, &range.body)?.is_none() {
            self.builder.list.close(Ending {
                turns: Some(1),
                again: None,
                endless: false,
            });
            return Ok(None);
        }
        let locals = std::mem::take(&mut self.locals);
        for carried in &carried {
            let parts = self.parts_of(carried, &locals)?;
            for (&parameter, next) in carried.parameters.iter().zip(parts) {
                let next = next.unwrap_or(parameter);
                self.builder.list.set_next(parameter, next, None);
            }
        }
        let results = self.builder.list.close(Ending {
            turns: Some(turns),
            again: None,
            endless: false,
        });
        self.locals = locals;
        self.leave_loop(&assigned, carried, &results)?;
        self.unset(range.variable);
        Ok(Some(unit()))
    }

    /// The loop variable of a turn, from the number of the turn.
    fn variable(&mut self, counter: &Symbol, scalar: Scalar, first: i128, step: i128) -> Made {
        let constant = |value| Symbol::Constant(Constant::integer(scalar, value));
        let counter = self.builder.cast(counter, &Type::Scalar(scalar))?;
        let distance = match step.unsigned_abs() {
            1 => counter,
            power if power.is_power_of_two() => {
                let by = power.trailing_zeros();
                if by >= scalar.bits() {
                    // There is one turn at most.
                    constant(0)
                } else {
                    let by = Symbol::Constant(Constant::integer(Scalar::U32, by.into()));
                    self.builder.binary(BinaryOp::Shl, &counter, &by)?
                }
            }
            other => self
                .builder
                .binary(BinaryOp::Mul, &counter, &constant(other as i128))?,
        };
        match (first, step < 0) {
            (0, false) => Ok(distance),
            (_, false) => self
                .builder
                .binary(BinaryOp::Add, &constant(first), &distance),
            (_, true) => self
                .builder
                .binary(BinaryOp::Sub, &constant(first), &distance),
        }
    }

    /// One turn of a loop, which lanes may leave for the next.
    pub(super) fn turn(&mut self, id: LoopId, body: &Block) -> Outcome {
        self.inside(Leaving::Turn(id), |walk| walk.block(body))
    }

    /// A loop over a range that differs between lanes, or is not known.
    fn varying(
        &mut self,
        range: &For,
        start: &Symbol,
        end: &Symbol,
        step: Option<Symbol>,
    ) -> Outcome {
        let compared = match range.inclusive {
            true => BinaryOp::Le,
            false => BinaryOp::Lt,
        };
        let any = self.builder.binary(compared, start, end)?;
        let entering = match (self.here()?, any) {
            (_, Symbol::Constant(known)) if known.bits == 0 => return Ok(Some(unit())),
            (here, Symbol::Constant(_)) => here,
            (None, any) => Some(self.builder.value(&any)?),
            (Some(here), any) => {
                let any = self.builder.value(&any)?;
                Some(self.builder.mask_and(here, any)?)
            }
        };
        let Range { first, step, more } = self.range(range, start, end, step)?;
        let masked = Masked {
            id: range.id,
            entering,
            may_end: true,
            assigned: Body::of(range).assigned,
            variable: Some((range.variable, first)),
            turns: None,
            endless: false,
        };
        self.masked(masked, |walk, variable| {
            let variable = variable.ok_or_else(malformed)?;
            if walk.turn(range.id, &range.body)?.is_none() {
                return Ok(None);
            }
            let variable = Symbol::Value(variable, scalar_of(&step)?);
            let more = walk.more(&more, &variable)?;
            let next = walk.builder.binary(BinaryOp::Add, &variable, &step)?;
            Ok(Some(TurnEnd {
                more: Some(more),
                variable: Some(walk.builder.value(&next)?),
            }))
        })
    }

    /// The values of a range that holds some.
    fn range(
        &mut self,
        range: &For,
        start: &Symbol,
        end: &Symbol,
        step: Option<Symbol>,
    ) -> Result<Range, Refusal> {
        let scalar = scalar_of(start)?;
        let constant = |value| Symbol::Constant(Constant::integer(scalar, value));
        let top = match range.inclusive {
            true => end.clone(),
            false => self.builder.binary(BinaryOp::Sub, end, &constant(1))?,
        };
        let Some(step) = step else {
            return Ok(match range.order {
                Order::Forward => Range {
                    first: start.clone(),
                    step: constant(1),
                    more: More::Until(top),
                },
                Order::ReverseThenStep | Order::StepThenReverse => Range {
                    first: top,
                    step: constant(-1),
                    more: More::Until(start.clone()),
                },
            });
        };
        let narrow = self.builder.cast(&step, &Type::Scalar(scalar))?;
        let back = self
            .builder
            .unary(UnaryOp::Neg, &narrow, &Type::Scalar(scalar))?;
        Ok(match range.order {
            Order::Forward => Range {
                first: start.clone(),
                step: narrow,
                more: More::Distance {
                    limit: top,
                    downwards: false,
                    step,
                },
            },
            Order::ReverseThenStep => Range {
                first: top,
                step: back,
                more: More::Distance {
                    limit: start.clone(),
                    downwards: true,
                    step,
                },
            },
            Order::StepThenReverse => {
                // The last of the values that the steps reach.
                let distance = self.distance(start, &top)?;
                let rest = self.rest(&distance, &step)?;
                let spanned = self.builder.binary(BinaryOp::Sub, &distance, &rest)?;
                let spanned = self.builder.cast(&spanned, &Type::Scalar(scalar))?;
                Range {
                    first: self.builder.binary(BinaryOp::Add, start, &spanned)?,
                    step: back,
                    more: More::Until(start.clone()),
                }
            }
        })
    }

    /// `high - low` as an `u64`, where `low` is not above.
    fn distance(&mut self, low: &Symbol, high: &Symbol) -> Made {
        let scalar = scalar_of(low)?;
        let distance = self.builder.binary(BinaryOp::Sub, high, low)?;
        let unsigned = match scalar.bits() {
            8 => Scalar::U8,
            16 => Scalar::U16,
            32 => Scalar::U32,
            _ => Scalar::U64,
        };
        let distance = self.builder.cast(&distance, &Type::Scalar(unsigned))?;
        self.builder.cast(&distance, &Type::Scalar(Scalar::U64))
    }

    /// `distance % step` of `u64`, with a step that is not 0 in lanes that are here.
    fn rest(&mut self, distance: &Symbol, step: &Symbol) -> Made {
        let step = self.builder.cast(step, &Type::Scalar(Scalar::U64))?;
        if let Symbol::Constant(step) = step {
            return self.builder.remainder_by_constant(distance, step);
        }
        let constant = |value| Symbol::Constant(Constant::integer(Scalar::U64, value));
        let is_zero = self.builder.binary(BinaryOp::Eq, &step, &constant(0))?;
        let is_zero = self.builder.value(&is_zero)?;
        let step = self.builder.select(is_zero, &constant(1), &step)?;
        self.builder.remainder(distance, &step)
    }

    /// Whether a turn follows that with this variable.
    fn more(&mut self, more: &More, variable: &Symbol) -> Made {
        match more {
            More::Until(last) => self.builder.binary(BinaryOp::Ne, variable, last),
            More::Distance {
                limit,
                downwards,
                step,
            } => {
                let distance = match downwards {
                    true => self.distance(limit, variable)?,
                    false => self.distance(variable, limit)?,
                };
                let step = self.builder.cast(step, &Type::Scalar(Scalar::U64))?;
                self.builder.binary(BinaryOp::Ge, &distance, &step)
            }
        }
    }

    /// A loop that lanes leave one by one. `turn` walks one turn, given the loop variable.
    fn masked(
        &mut self,
        masked: Masked,
        turn: impl FnOnce(&mut Self, Option<ValueId>) -> Result<Option<TurnEnd>, Refusal>,
    ) -> Outcome {
        let locals = self.carried_locals(&masked.assigned, masked.entering)?;
        let bits = locals.bits;
        let entering = match masked.entering {
            Some(mask) => self.builder.resize(mask, bits)?,
            None => self.builder.known_mask(true, bits)?,
        };
        let never = self.builder.known_mask(false, bits)?;
        let variable = match &masked.variable {
            Some((local, first)) => Some((*local, self.builder.value(first)?, scalar_of(first)?)),
            None => None,
        };

        self.builder.list.open();
        let mut carried = self.enter_loop(&masked.assigned, locals)?;
        let active = self.builder.list.carry(entering);
        let variable = match variable {
            Some((local, first, scalar)) => {
                let parameter = self.builder.list.carry(first);
                self.set(local, Symbol::Value(parameter, scalar))?;
                Some(parameter)
            }
            None => None,
        };
        let aside: Vec<Vec<Exit>> = self
            .targets
            .iter_mut()
            .map(|target| std::mem::take(&mut target.exits))
            .collect();
        self.targets.push(Target {
            leaving: Leaving::Block(masked.id),
            depth: self.conditions.len(),
            exits: Vec::new(),
        });
        self.floors.push(self.targets.len());
        self.conditions.push(Condition::Loop(active));

        let end = turn(self, variable)?;
        let reached = match end {
            Some(_) => self.here()?,
            None => None,
        };
        self.conditions.pop();
        self.floors.pop();
        let left = self.take_exits()?;
        self.targets.pop();
        let mut end_locals = end.is_some().then(|| std::mem::take(&mut self.locals));
        if let Some(locals) = &mut end_locals
            && let Some((local, _)) = masked.variable
        {
            locals[local.0 as usize] = None;
        }

        // The lanes that reached the end, and those of them that go on.
        let (again, quits) = match (reached, &end) {
            (Some(reached), Some(end)) => match &end.more {
                None => (reached, false),
                Some(more) => {
                    let more = self.builder.value(more)?;
                    (self.builder.mask_and(reached, more)?, true)
                }
            },
            _ => (never, false),
        };
        let again = self.builder.resize(again, bits)?;
        self.builder.list.set_next(active, again, None);
        if let (
            Some(parameter),
            Some(TurnEnd {
                variable: Some(next),
                ..
            }),
        ) = (variable, &end)
        {
            self.builder.list.set_next(parameter, *next, None);
        }

        self.late_locals(
            &mut carried,
            &masked,
            end_locals.as_deref(),
            quits,
            &left,
            bits,
        )?;
        for carried in &carried {
            self.freeze(carried, active, reached, end_locals.as_deref(), &left)?;
        }
        let home = self.targets.len();
        let outside: BTreeSet<usize> = left
            .iter()
            .map(|left| left.place)
            .filter(|&place| place < home)
            .collect();
        let may_end = masked.may_end || left.iter().any(|left| left.place == home);
        let mut places = Vec::new();
        for &place in &outside {
            let only = !may_end && outside.len() == 1;
            let went = match only {
                true => None,
                false => Some(self.went(place, &left, never)?),
            };
            let value = self.carried_value(place, &left, bits)?;
            places.push((place, went, value));
        }
        let value = self.carried_value(home, &left, bits)?;
        let results = self.builder.list.close(Ending {
            turns: if end.is_some() { masked.turns } else { Some(1) },
            again: end.is_some().then_some(again),
            endless: masked.endless && end.is_some(),
        });
        for (target, exits) in self.targets.iter_mut().zip(aside) {
            target.exits = exits;
        }
        if let Some(locals) = end_locals {
            self.locals = locals;
        } else if let Some(left) = left.into_iter().next() {
            self.locals = left.state.locals;
        }
        self.leave_loop(&masked.assigned, carried, &results)?;
        if let Some((local, _)) = masked.variable {
            self.unset(local);
        }

        let result = |value: &Symbol| map_values(value, &mut |value| results[&value]);
        for (place, went, value) in places {
            let value = value.as_ref().map_or_else(unit, result);
            let leaving = self.targets[place].leaving;
            match went {
                None => {
                    self.leave(leaving, value)?;
                }
                Some(went) => {
                    let condition = Condition::Branch(results[&went]);
                    self.under(condition, |walk| walk.leave(leaving, value))?;
                }
            }
        }
        Ok(may_end.then(|| value.as_ref().map_or_else(unit, result)))
    }

    /// The exits of a turn, with the number of their targets.
    fn take_exits(&mut self) -> Result<Vec<Left>, Refusal> {
        let mut left = Vec::new();
        for (place, target) in self.targets.iter_mut().enumerate() {
            for Exit { mask, state } in std::mem::take(&mut target.exits) {
                left.push(Left {
                    place,
                    mask: mask.ok_or_else(malformed)?,
                    state,
                });
            }
        }
        Ok(left)
    }

    /// The initial values of the locals that a loop assigns and that are set before it, and the
    /// width of the loop's masks: that of the widest lanes which they freeze.
    fn carried_locals(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        entering: Option<ValueId>,
    ) -> Result<Initial, Refusal> {
        let mut shapes = Vec::new();
        let mut bits = 0;
        for &local in assigned {
            let symbol = self.locals.get(local.0 as usize).ok_or_else(malformed)?;
            if let Some(symbol) = symbol.clone() {
                each_scalar(&symbol, &mut |part| {
                    let scalar = scalar_of(part)?;
                    if scalar != Scalar::Bool {
                        bits = bits.max(scalar.bits());
                    }
                    Ok(())
                })?;
                shapes.push((local, symbol));
            }
        }
        if bits == 0 {
            bits = entering.map_or(8, |mask| self.builder.list.entry(mask).ty.bits());
        }
        let mut locals = Vec::new();
        for (local, symbol) in shapes {
            let initial = self.flat(&symbol, bits)?;
            locals.push((local, symbol, initial));
        }
        Ok(Initial { locals, bits })
    }

    /// The values of a symbol's scalars, masks in this width.
    fn flat(&mut self, symbol: &Symbol, bits: u32) -> Result<Vec<ValueId>, Refusal> {
        let mut parts = Vec::new();
        each_scalar(symbol, &mut |part| {
            let value = self.builder.value(part)?;
            parts.push(match scalar_of(part)? {
                Scalar::Bool => self.builder.resize(value, bits)?,
                _ => value,
            });
            Ok(())
        })?;
        Ok(parts)
    }

    /// Makes the locals that an open loop assigns what they are at the beginning of a turn.
    fn enter_loop(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        initial: Initial,
    ) -> Result<Vec<CarriedLocal>, Refusal> {
        for &local in assigned {
            self.unset(local);
        }
        let mut carried = Vec::new();
        for (local, symbol, initial) in initial.locals {
            let parameters: Vec<ValueId> = initial
                .into_iter()
                .map(|initial| self.builder.list.carry(initial))
                .collect();
            let shape = with_values(&symbol, &parameters)?;
            self.set(local, shape.clone())?;
            carried.push(CarriedLocal {
                local,
                shape,
                parameters,
            });
        }
        Ok(carried)
    }

    /// Makes the locals that a closed loop assigned what they are after it.
    fn leave_loop(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        carried: Vec<CarriedLocal>,
        results: &HashMap<ValueId, ValueId>,
    ) -> Result<(), Refusal> {
        for &local in assigned {
            self.unset(local);
        }
        for carried in carried {
            let symbol = map_values(&carried.shape, &mut |value| results[&value]);
            self.set(carried.local, symbol)?;
        }
        Ok(())
    }

    /// Carries the locals that are first set in the loop, and may be read after it.
    fn late_locals(
        &mut self,
        carried: &mut Vec<CarriedLocal>,
        masked: &Masked,
        end: Option<&[Option<Symbol>]>,
        quits: bool,
        left: &[Left],
        bits: u32,
    ) -> Result<(), Refusal> {
        let known: BTreeSet<LocalId> = carried.iter().map(|carried| carried.local).collect();
        for &local in masked.assigned.difference(&known) {
            let at_end = end
                .filter(|_| quits)
                .and_then(|end| end[local.0 as usize].clone());
            let mut at_exits = left
                .iter()
                .filter_map(|left| left.state.locals[local.0 as usize].clone());
            if let Some(shape) = at_end.or_else(|| at_exits.next()) {
                let (shape, parameters) = self.carry_nothing(&shape, bits)?;
                carried.push(CarriedLocal {
                    local,
                    shape,
                    parameters,
                });
            }
        }
        Ok(())
    }

    /// Carries a symbol of this shape, whose first value does not matter.
    fn carry_nothing(
        &mut self,
        shape: &Symbol,
        bits: u32,
    ) -> Result<(Symbol, Vec<ValueId>), Refusal> {
        let mut parameters = Vec::new();
        for value in self.flat(shape, bits)? {
            let ty = self.builder.list.entry(value).ty;
            let nothing = match ty {
                ValueType::Mask(bits) => self.builder.known_mask(false, bits)?,
                ValueType::Lane(_) => self.builder.add(Operation::Constant(0), ty)?,
            };
            parameters.push(self.builder.list.carry(nothing));
        }
        Ok((with_values(shape, &parameters)?, parameters))
    }

    /// The scalars of a carried local in these locals; `None` where it is not set.
    fn parts_of(
        &mut self,
        carried: &CarriedLocal,
        locals: &[Option<Symbol>],
    ) -> Result<Vec<Option<ValueId>>, Refusal> {
        let count = carried.parameters.len();
        let Some(symbol) = &locals[carried.local.0 as usize] else {
            return Ok(vec![None; count]);
        };
        let mut parts = Vec::new();
        let mut parameters = carried.parameters.iter();
        each_scalar(symbol, &mut |part| {
            let parameter = parameters.next().ok_or_else(malformed)?;
            let value = self.builder.value(part)?;
            parts.push(Some(match self.builder.list.entry(*parameter).ty {
                ValueType::Mask(bits) => self.builder.resize(value, bits)?,
                ValueType::Lane(_) => value,
            }));
            Ok(())
        })?;
        match parts.len() == count {
            true => Ok(parts),
            false => Err(malformed()),
        }
    }

    /// What a local is in the next turn, or after the loop: new in the lanes that go on, as it was
    /// at their exit in those that leave, and as it is in those that left before.
    fn freeze(
        &mut self,
        carried: &CarriedLocal,
        active: ValueId,
        reached: Option<ValueId>,
        end: Option<&[Option<Symbol>]>,
        left: &[Left],
    ) -> Result<(), Refusal> {
        let count = carried.parameters.len();
        let new = match end {
            Some(locals) => self.parts_of(carried, locals)?,
            None => vec![None; count],
        };
        let mut at_exits = Vec::new();
        for left in left {
            at_exits.push((left.mask, self.parts_of(carried, &left.state.locals)?));
        }
        for (k, &parameter) in carried.parameters.iter().enumerate() {
            // Without an end, every lane that is in the loop leaves, and the last exit is as good.
            let new = match end {
                Some(_) => Some(new[k].unwrap_or(parameter)),
                None => None,
            };
            let mut changing = Vec::new();
            let mut staying = Vec::new();
            for (mask, parts) in &at_exits {
                let value = parts[k].unwrap_or(parameter);
                if value == parameter {
                    staying.push(*mask);
                } else if Some(value) != new {
                    changing.push((*mask, value));
                }
            }
            let base = match new {
                Some(new) => new,
                None => match changing.pop() {
                    Some((_, value)) => value,
                    None => continue,
                },
            };
            // The lanes that take what is computed here; all others stay.
            let only_new = new.is_some() && changing.is_empty();
            let taking = match reached {
                Some(reached) if only_new && staying.len() == at_exits.len() => reached,
                _ => {
                    let mut taking = active;
                    for mask in staying {
                        let others = self.builder.mask_not(mask)?;
                        taking = self.builder.mask_and(taking, others)?;
                    }
                    taking
                }
            };
            let mut next = base;
            for (mask, value) in changing {
                next = self.choose(mask, value, next)?;
            }
            // Exits are of lanes that are in the loop: over what stays they need no more.
            let frozen = match base == parameter {
                true => next,
                false => self.choose(taking, next, parameter)?,
            };
            self.builder.list.set_next(parameter, frozen, new);
        }
        Ok(())
    }

    /// A select between values of one type.
    fn choose(&mut self, mask: ValueId, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        let scalar = match self.builder.list.entry(a).ty {
            ValueType::Mask(_) => Scalar::Bool,
            ValueType::Lane(lane) => lane.scalar(),
        };
        let chosen =
            self.builder
                .select(mask, &Symbol::Value(a, scalar), &Symbol::Value(b, scalar))?;
        let value = self.builder.value(&chosen)?;
        match self.builder.list.entry(a).ty {
            ValueType::Mask(bits) => self.builder.resize(value, bits),
            ValueType::Lane(_) => Ok(value),
        }
    }

    /// Carries the mask of the lanes that left for a place outside.
    fn went(&mut self, place: usize, left: &[Left], never: ValueId) -> Result<ValueId, Refusal> {
        let parameter = self.builder.list.carry(never);
        let bits = self.builder.list.entry(never).ty.bits();
        let mut next = parameter;
        for left in left.iter().filter(|left| left.place == place) {
            next = self.builder.mask_or(next, left.mask)?;
        }
        let next = self.builder.resize(next, bits)?;
        self.builder.list.set_next(parameter, next, None);
        Ok(parameter)
    }

    /// Carries the value that lanes left with for a place; `None` where none did.
    fn carried_value(
        &mut self,
        place: usize,
        left: &[Left],
        bits: u32,
    ) -> Result<Option<Symbol>, Refusal> {
        let exits = || left.iter().filter(|left| left.place == place);
        let Some(first) = exits().next() else {
            return Ok(None);
        };
        let (shape, parameters) = self.carry_nothing(&first.state.value, bits)?;
        let mut next = parameters.clone();
        for left in exits() {
            let parts = self.flat(&left.state.value, bits)?;
            if parts.len() != next.len() {
                return Err(malformed());
            }
            for (next, part) in next.iter_mut().zip(parts) {
                *next = self.choose(left.mask, part, *next)?;
            }
        }
        for (&parameter, next) in parameters.iter().zip(next) {
            self.builder.list.set_next(parameter, next, None);
        }
        Ok(Some(shape))
    }

    fn set(&mut self, local: LocalId, symbol: Symbol) -> Result<(), Refusal> {
        *self
            .locals
            .get_mut(local.0 as usize)
            .ok_or_else(malformed)? = Some(symbol);
        Ok(())
    }

    fn unset(&mut self, local: LocalId) {
        if let Some(symbol) = self.locals.get_mut(local.0 as usize) {
            *symbol = None;
        }
    }
}

/// What a loop begins with.
struct Initial {
    locals: Vec<(LocalId, Symbol, Vec<ValueId>)>,
    /// The width of its masks.
    bits: u32,
}

/// What there is in the body of a counted loop.
struct Body {
    assigned: BTreeSet<LocalId>,
    operations: u128,
    /// Whether it indexes arrays by value.
    arrays: bool,
    /// Whether lanes may leave the loop early.
    leaves: bool,
}

impl Body {
    fn of(range: &For) -> Body {
        let mut body = Body {
            assigned: BTreeSet::new(),
            operations: 0,
            arrays: false,
            leaves: false,
        };
        assigned_in(&range.body, &mut body.assigned);
        body.assigned.remove(&range.variable);
        let mut inside = BTreeSet::new();
        let mut broken = BTreeSet::new();
        let mut assigns = false;
        walk::each(
            &range.body,
            &mut |statement| {
                if let Statement::Assign { path, .. } = statement {
                    assigns |= path.iter().any(|step| matches!(step, Step::Index(..)));
                }
            },
            &mut |expression| match &expression.kind {
                ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::Cast(_)
                | ExprKind::Fma(..)
                | ExprKind::Division { .. }
                | ExprKind::If(..)
                | ExprKind::Lazy(..)
                | ExprKind::Load { .. } => body.operations += 1,
                // A call or a loop is no small body.
                ExprKind::Call(..) => body.operations += 8,
                ExprKind::Index { .. } => {
                    body.operations += 1;
                    body.arrays = true;
                }
                ExprKind::Loop(id, _) | ExprKind::Labelled(id, _) => {
                    body.operations += 8;
                    inside.insert(*id);
                }
                ExprKind::For(inner) => {
                    body.operations += 8;
                    inside.insert(inner.id);
                }
                ExprKind::Break(id, _) | ExprKind::Continue(id) => {
                    let turn = matches!(expression.kind, ExprKind::Continue(_));
                    if !(turn && *id == range.id) {
                        broken.insert(*id);
                    }
                }
                ExprKind::Return(_) => body.leaves = true,
                _ => {}
            },
        );
        body.arrays |= assigns;
        body.leaves |= broken.difference(&inside).next().is_some();
        body
    }
}

/// The locals that a block assigns, loop variables among them.
fn assigned_in(block: &Block, assigned: &mut BTreeSet<LocalId>) {
    let mut variables = BTreeSet::new();
    walk::each(
        block,
        &mut |statement| {
            if let Statement::Assign { local, .. } = statement {
                assigned.insert(*local);
            }
        },
        &mut |expression: &Expr| {
            if let ExprKind::For(inner) = &expression.kind {
                variables.insert(inner.variable);
            }
        },
    );
    assigned.append(&mut variables);
}

/// The first value of a known range, the step to the next, and how many there are.
fn known_values(range: &For, start: i128, end: i128, step: i128) -> (i128, i128, u128) {
    let top = if range.inclusive { end } else { end - 1 };
    if top < start || step <= 0 {
        return (start, 1, 0);
    }
    let others = (top - start) / step;
    let (first, step) = match range.order {
        Order::Forward => (start, step),
        Order::ReverseThenStep => (top, -step),
        Order::StepThenReverse => (start + others * step, -step),
    };
    (first, step, others.unsigned_abs() + 1)
}

fn scalar_of_type(ty: &Type) -> Result<Scalar, Refusal> {
    match ty {
        Type::Scalar(scalar) if scalar.is_integer() => Ok(*scalar),
        _ => Err(malformed()),
    }
}

fn each_scalar(
    symbol: &Symbol,
    f: &mut dyn FnMut(&Symbol) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match symbol {
        Symbol::Tuple(parts) => parts.iter().try_for_each(|part| each_scalar(part, f)),
        part => f(part),
    }
}

/// The symbol with other values in its scalars, in order.
fn with_values(symbol: &Symbol, values: &[ValueId]) -> Result<Symbol, Refusal> {
    fn part(symbol: &Symbol, values: &mut dyn Iterator<Item = ValueId>) -> Made {
        match symbol {
            Symbol::Tuple(parts) => parts
                .iter()
                .map(|inner| part(inner, values))
                .collect::<Result<Vec<_>, _>>()
                .map(Symbol::Tuple),
            other => {
                let value = values.next().ok_or_else(malformed)?;
                Ok(Symbol::Value(value, scalar_of(other)?))
            }
        }
    }
    part(symbol, &mut values.iter().copied())
}

fn map_values(symbol: &Symbol, f: &mut dyn FnMut(ValueId) -> ValueId) -> Symbol {
    match symbol {
        Symbol::Tuple(parts) => {
            Symbol::Tuple(parts.iter().map(|part| map_values(part, f)).collect())
        }
        Symbol::Value(value, scalar) => Symbol::Value(f(*value), *scalar),
        Symbol::Constant(_) | Symbol::Input(..) => symbol.clone(),
    }
}
