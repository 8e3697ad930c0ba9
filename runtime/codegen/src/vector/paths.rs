//! Paths of lanes: branches become selects, and `return`, `break` and `continue` masks.
//!
//! Lanes that leave a function, a block or a turn early are kept as *exits*: a mask and the state
//! they left with. When the block ends, its exits are laid over the state at its end, the last
//! first, so that of two exits to the same block the earlier wins, as it must: its lanes never
//! reached the later. Lanes that left for a block further in never reached an exit either; those
//! are taken out of its mask.
//!
//! The mask of an exit holds among the lanes that entered its block; only that of an exit out of
//! a loop that lanes leave one by one (`loops.rs`) is exact, and names no other lanes. While such
//! a loop is walked, the exits that were there before it are aside: its own mask is without them.

use brolga_lang::ir::{Expr, LoopId};

use super::build::Symbol;
use super::control::{Outcome, Walk, reach};
use super::operators::malformed;
use super::program::ValueId;
use super::refusal::Refusal;

/// A lane's state at some point: a block's value and all locals.
#[derive(Clone)]
pub(super) struct State {
    pub(super) value: Symbol,
    pub(super) locals: Vec<Option<Symbol>>,
}

/// Lanes that left early.
pub(super) struct Exit {
    /// `None`: all that came this far.
    pub(super) mask: Option<ValueId>,
    pub(super) state: State,
}

/// What can be left early.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    Function,
    /// A labelled block, or a loop as a whole.
    Block(LoopId),
    /// A turn of a loop.
    Turn(LoopId),
}

/// A block of code that lanes can leave early.
pub(super) struct Target {
    pub(super) leaving: Leaving,
    /// How many conditions held when it began.
    pub(super) depth: usize,
    pub(super) exits: Vec<Exit>,
}

/// What holds at a point.
#[derive(Clone, Copy)]
pub(super) enum Condition {
    /// Among the lanes that reached the branch.
    Branch(ValueId),
    /// The lanes that are in a loop, exactly: all before it is implied.
    Loop(ValueId),
}

impl Walk<'_> {
    pub(super) fn branch(
        &mut self,
        condition: &Expr,
        then: impl FnOnce(&mut Self) -> Outcome,
        otherwise: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let condition = reach!(self.expression(condition));
        if let Symbol::Constant(constant) = condition {
            return if constant.bits != 0 {
                then(self)
            } else {
                otherwise(self)
            };
        }
        let mask = self.builder.value(&condition)?;
        let before = self.locals.clone();
        let then = self.under(Condition::Branch(mask), then)?;
        let then_locals = std::mem::replace(&mut self.locals, before);
        let opposite = self.builder.mask_not(mask)?;
        let otherwise = self.under(Condition::Branch(opposite), otherwise)?;
        match (then, otherwise) {
            (None, otherwise) => Ok(otherwise),
            (then, None) => {
                self.locals = then_locals;
                Ok(then)
            }
            (Some(then), Some(otherwise)) => {
                let otherwise = State {
                    value: otherwise,
                    locals: std::mem::take(&mut self.locals),
                };
                let then = State {
                    value: then,
                    locals: then_locals,
                };
                let State { value, locals } = self.select_state(mask, then, otherwise)?;
                self.locals = locals;
                Ok(Some(value))
            }
        }
    }

    /// Walks what only some lanes reach.
    pub(super) fn under<T>(
        &mut self,
        condition: Condition,
        body: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.conditions.push(condition);
        let outcome = body(self)?;
        self.conditions.pop();
        Ok(outcome)
    }

    /// Walks what lanes can leave early.
    pub(super) fn inside(
        &mut self,
        leaving: Leaving,
        body: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        self.targets.push(Target {
            leaving,
            depth: self.conditions.len(),
            exits: Vec::new(),
        });
        let end = body(self)?;
        let target = self.targets.pop().ok_or_else(malformed)?;
        let mut state = end.map(|value| State {
            value,
            locals: std::mem::take(&mut self.locals),
        });
        for exit in target.exits.into_iter().rev() {
            state = Some(match (exit.mask, state) {
                (Some(mask), Some(state)) => self.select_state(mask, exit.state, state)?,
                (None, _) | (_, None) => exit.state,
            });
        }
        Ok(state.map(|state| {
            self.locals = state.locals;
            state.value
        }))
    }

    /// Notes that the lanes at this point leave.
    pub(super) fn leave(&mut self, leaving: Leaving, value: Symbol) -> Outcome {
        let place = self
            .targets
            .iter()
            .rposition(|target| target.leaving == leaving)
            .ok_or_else(|| Refusal::new("leaves the loop early"))?;
        let mask = if self.floors.last().is_some_and(|&floor| place < floor) {
            self.here()?
        } else {
            let depth = self.targets[place].depth;
            // Lanes that left for a block further in are not here.
            self.among(depth, place + 1)?
        };
        let state = State {
            value,
            locals: self.locals.clone(),
        };
        self.targets[place].exits.push(Exit { mask, state });
        Ok(None)
    }

    /// The lanes at this point, exactly; `None` for all.
    pub(super) fn here(&mut self) -> Result<Option<ValueId>, Refusal> {
        let is_loop = |condition: &Condition| matches!(condition, Condition::Loop(_));
        let first = self.conditions.iter().rposition(is_loop).unwrap_or(0);
        self.among(first, 0)
    }

    /// The lanes for which the conditions from this one on hold, and which did not leave for the
    /// targets from this one on.
    fn among(&mut self, depth: usize, place: usize) -> Result<Option<ValueId>, Refusal> {
        let mut mask: Option<ValueId> = None;
        for k in depth..self.conditions.len() {
            let (Condition::Branch(condition) | Condition::Loop(condition)) = self.conditions[k];
            mask = Some(match mask {
                None => condition,
                Some(mask) => self.builder.mask_and(mask, condition)?,
            });
        }
        let gone: Vec<ValueId> = self.targets[place..]
            .iter()
            .flat_map(|target| target.exits.iter().filter_map(|exit| exit.mask))
            .collect();
        for gone in gone {
            let here = self.builder.mask_not(gone)?;
            mask = Some(match mask {
                None => here,
                Some(mask) => self.builder.mask_and(mask, here)?,
            });
        }
        Ok(mask)
    }

    /// The first state where the mask is true, else the second. A local that is not set on
    /// both sides is not set: nothing reads it before it is assigned again.
    fn select_state(&mut self, mask: ValueId, a: State, b: State) -> Result<State, Refusal> {
        let locals = a
            .locals
            .into_iter()
            .zip(b.locals)
            .map(|pair| match pair {
                (Some(a), Some(b)) => self.select(mask, &a, &b).map(Some),
                (None, _) | (_, None) => Ok(None),
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(State {
            value: self.select(mask, &a.value, &b.value)?,
            locals,
        })
    }

    pub(super) fn select(
        &mut self,
        mask: ValueId,
        a: &Symbol,
        b: &Symbol,
    ) -> Result<Symbol, Refusal> {
        if a == b {
            return Ok(a.clone());
        }
        match (a, b) {
            (Symbol::Tuple(a), Symbol::Tuple(b)) if a.len() == b.len() => a
                .iter()
                .zip(b)
                .map(|(a, b)| self.select(mask, a, b))
                .collect::<Result<Vec<_>, _>>()
                .map(Symbol::Tuple),
            (Symbol::Tuple(_), _) | (_, Symbol::Tuple(_)) => Err(malformed()),
            _ => self.builder.select(mask, a, b),
        }
    }
}
