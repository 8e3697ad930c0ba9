//! What makes the strip program of a loop inside a kernel ([`crate::inner`]) different from that of
//! a kernel: the number of the iteration as an operand, and scalars that take in all elements.

use brolga_lang::ir::BinaryOp;

use super::program::{Operation, Reduction, StripProgram};

/// The fewest operations for one element that are worth taking it into a scalar in order.
const WORTH_ORDER: usize = 6;

impl StripProgram {
    /// Makes the operand with this number the position of the element in the call.
    pub(crate) fn read_position(&mut self, number: usize) {
        for entry in &mut self.entries {
            if entry.operation == Operation::Load(number) {
                entry.operation = Operation::Position;
            }
        }
        self.inputs.retain(|operand| operand.number != number);
    }

    /// Says that the operand with this number does not move.
    pub(crate) fn stand_still(&mut self, number: usize) {
        self.still.push(number);
    }

    /// Takes in the output with this number, rather than store it for every element.
    pub(crate) fn reduce(&mut self, number: usize, op: BinaryOp, ordered: bool) {
        let place = self
            .outputs
            .iter()
            .position(|(operand, _)| operand.number == number);
        if let Some(place) = place {
            let (cell, value) = self.outputs.remove(place);
            self.reductions.push(Reduction {
                cell,
                op,
                value,
                ordered,
            });
        }
    }

    /// Whether all that it does is to take in elements in order, after next to no work.
    pub(crate) fn gains_nothing(&self) -> bool {
        self.outputs.is_empty()
            && self.reductions.iter().all(|reduction| reduction.ordered)
            && self.operations() < WORTH_ORDER
    }
}
