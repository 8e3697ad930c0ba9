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

use std::collections::BTreeSet;

use brolga_lang::ir::{BinaryOp, Block, For, LocalId, LoopId, Scalar, Type, UnaryOp};

use super::build::Symbol;
use super::carried::{Left, map_values};
use super::constant::Constant;
use super::control::{Outcome, Walk, reach, unit};
use super::facts::{Body, assigned_in};
use super::list::Ending;
use super::operators::{malformed, scalar_of};
use super::paths::{Condition, Exit, Leaving, Target};
use super::program::{Turns, ValueId};
use super::ranges::{Range, known_values};
use super::refusal::Refusal;
use crate::translate::{WhileCondition, while_condition};

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
    turns: Option<Turns>,
    endless: bool,
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
            match reach!(self.stays(condition)) {
                Symbol::Constant(known) if known.bits == 0 => return Ok(Some(unit())),
                Symbol::Constant(_) => {}
                stays => {
                    let stays = self.builder.value(&stays)?;
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
            Ok(walk.stays(condition)?.map(|more| TurnEnd {
                more: Some(more),
                variable: None,
            }))
        })
    }

    /// Whether lanes begin another turn.
    fn stays(&mut self, condition: WhileCondition<'_>) -> Outcome {
        let value = reach!(self.expression(condition.condition));
        if !condition.leaves {
            return Ok(Some(value));
        }
        let boolean = Type::Scalar(Scalar::Bool);
        self.builder.unary(UnaryOp::Not, &value, &boolean).map(Some)
    }

    /// A counted loop.
    pub(super) fn counted(&mut self, range: &For) -> Outcome {
        if range.parallel.is_some() {
            return Err(Refusal::new("has a `prange` loop"));
        }
        let start = reach!(self.expression(&range.start));
        let end = reach!(self.expression(&range.end));
        if let Some(turns) = self.nest.turns_of(&end) {
            return self.given(range, turns);
        }
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
        self.in_step(range, body, Turns::Known(turns), move |walk| {
            let counter = walk.builder.list.counter();
            let counter = Symbol::Value(counter, Scalar::I64);
            let value = walk.variable(&counter, scalar, first, step)?;
            walk.set(range.variable, value)
        })
    }

    /// A loop from 0 on over so many turns as are given with the call.
    fn given(&mut self, range: &For, turns: Turns) -> Outcome {
        let scalar = scalar_of_type(&range.start.ty)?;
        self.in_step(range, Body::of(range), turns, move |walk| {
            let counter = walk.builder.list.counter();
            walk.set(range.variable, Symbol::Value(counter, scalar))
        })
    }

    /// A loop whose turns all lanes begin together; `variable` sets the loop variable.
    fn in_step(
        &mut self,
        range: &For,
        body: Body,
        turns: Turns,
        variable: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Outcome {
        let assigned = body.assigned;
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
                turns: Some(Turns::Known(1)),
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
            &masked.assigned,
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
            turns: if end.is_some() {
                masked.turns
            } else {
                Some(Turns::Known(1))
            },
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
}

fn scalar_of_type(ty: &Type) -> Result<Scalar, Refusal> {
    match ty {
        Type::Scalar(scalar) if scalar.is_integer() => Ok(*scalar),
        _ => Err(malformed()),
    }
}
