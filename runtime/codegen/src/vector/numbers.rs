//! What is known to be no NaN: a minimum or maximum of it is one or two instructions.

use std::collections::BTreeSet;

use super::build::{Builder, Symbol};
use super::program::{Comparison, LaneType, LaneUnary, Operation, ValueId, ValueType};

/// How far back a value is followed.
const DEPTH: u32 = 8;

/// The operands, by their numbers, that are no NaN in the calls that a program is for.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// Those that may be taken for numbers.
    pub(super) allowed: BTreeSet<usize>,
    /// Those that were.
    pub(super) used: BTreeSet<usize>,
}

impl Builder {
    /// Whether this float is known to be no NaN, in every lane.
    pub(super) fn is_number(&mut self, symbol: &Symbol) -> bool {
        match symbol {
            Symbol::Constant(constant) => constant.is_number(),
            Symbol::Input(number, _) => self.is_input_a_number(*number),
            Symbol::Value(value, _) => self.is_value_a_number(*value, DEPTH),
            Symbol::Tuple(_) => false,
        }
    }

    fn is_input_a_number(&mut self, number: usize) -> bool {
        let is_number = self.numbers.allowed.contains(&number);
        if is_number {
            self.numbers.used.insert(number);
        }
        is_number
    }

    fn is_value_a_number(&mut self, value: ValueId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let entry = self.list.entry(value);
        match entry.operation {
            Operation::Constant(bits) => match entry.ty {
                ValueType::Lane(LaneType::F64) => !f64::from_bits(bits).is_nan(),
                ValueType::Lane(LaneType::F32) => !f32::from_bits(bits as u32).is_nan(),
                _ => true,
            },
            Operation::Load(number) => self.is_input_a_number(number),
            Operation::Cast(from, ..) => from.is_integer(),
            Operation::Unary(
                LaneUnary::Floor | LaneUnary::Ceil | LaneUnary::Trunc | LaneUnary::Nearest,
                x,
            ) => self.is_value_a_number(x, depth),
            Operation::Select(mask, a, b) => {
                let made_by = self.list.entry(mask).operation;
                (is_compared(made_by, a) || self.is_value_a_number(a, depth))
                    && self.is_value_a_number(b, depth)
            }
            _ => false,
        }
    }
}

/// Whether a comparison that is true says that this operand of it is a number.
fn is_compared(comparison: Operation, value: ValueId) -> bool {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual};
    match comparison {
        Operation::Compare(Less | LessEqual | Greater | GreaterEqual | Equal, a, b) => {
            a == value || b == value
        }
        _ => false,
    }
}
