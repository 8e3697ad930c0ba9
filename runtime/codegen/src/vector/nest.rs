//! Loops of a kernel that go along operands: what the cut-out kernel of a loop with loops in it
//! ([`crate::inner`]) has that others have not. Each lane is an iteration of the loop around, and
//! all lanes make the same turns of the loop inside, so that each does what the scalar loop does
//! for it, in the same order.
//!
//! Invariant: a load at an offset stands in the loops whose turns it follows, and whoever calls
//! the program knows that all these elements are there.

use brolga_lang::ir::{Expr, LocalId, Scalar};

use super::build::{Symbol, value_type};
use super::control::{Outcome, Walk, reach};
use super::operators::malformed;
use super::program::{Operation, Spread, Turns, ValueId};
use super::refusal::Refusal;

/// An operand that loops go along.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// Its number.
    pub(crate) number: usize,
    /// Where the elements of neighbouring lanes lie.
    pub(crate) spread: Spread,
    /// For each index of a load of it, the operand in whose place the distance stands that a turn
    /// goes, in bytes.
    pub(crate) steps: Vec<usize>,
}

/// What the loops of a kernel go along.
#[derive(Clone, Default, Debug)]
pub(crate) struct Nest {
    /// The operands in whose place numbers of turns stand; a loop that ends at one goes from 0 on
    /// so many times, and at least once.
    pub(crate) turns: Vec<usize>,
    /// What loads read.
    pub(crate) streams: Vec<Stream>,
}

impl Nest {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// The turns of a loop that ends here, where these are given with the call.
    pub(super) fn turns_of(&self, end: &Symbol) -> Option<Turns> {
        match end {
            Symbol::Input(number, _) if self.turns.contains(number) => Some(Turns::Word(*number)),
            _ => None,
        }
    }
}

impl Walk<'_> {
    /// A load of an operand that loops go along; an index is the variable of such a loop.
    pub(super) fn stream(&mut self, view: LocalId, index: &[Expr]) -> Outcome {
        let (number, scalar) = match self.locals.get(view.0 as usize) {
            Some(Some(Symbol::Input(number, scalar))) => (*number, *scalar),
            _ => return Err(malformed()),
        };
        if scalar == Scalar::Bool {
            return Err(Refusal::new(
                "has a loop in it that goes along truth values",
            ));
        }
        let streams = &self.nest.streams;
        let stream = streams.iter().find(|stream| stream.number == number);
        let stream = stream.cloned().ok_or_else(malformed)?;
        let mut along: Vec<(usize, ValueId, usize)> = Vec::new();
        for (index, &step) in index.iter().zip(&stream.steps) {
            let counter = match reach!(self.expression(index)) {
                Symbol::Value(counter, _) => counter,
                _ => return Err(malformed()),
            };
            let depth = self.builder.list.loops_around(counter);
            along.push((depth.ok_or_else(malformed)?, counter, step));
        }
        // From outside in: an offset begins where that of the loop around it stands.
        along.sort_by_key(|&(depth, ..)| depth);
        let mut offset = None;
        for (_, counter, step) in along {
            offset = self.builder.list.along(counter, step, offset);
        }
        let offset = offset.ok_or_else(malformed)?;
        let operation = Operation::LoadAt(number, stream.spread, offset);
        let value = self.builder.add(operation, value_type(scalar)?)?;
        Ok(Some(Symbol::Value(value, scalar)))
    }
}
