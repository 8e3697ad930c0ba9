//! Powers with integer exponents, by repeated squaring as the scalar loop does it
//! (`translate/power.rs`), and shifts and rotations.

use brolga_lang::ir::{BinaryOp, Scalar, Type};

use super::build::{Builder, Symbol, lane_type};
use super::constant::Constant;
use super::list::Ending;
use super::operators::{Made, scalar_of};
use super::program::{Comparison, LaneBinary, LaneUnary, Operation, ShiftOp, Turns, ValueType};
use super::refusal::Refusal;

/// A constant of any integer type.
fn amount(symbol: &Symbol) -> Option<i128> {
    match symbol {
        Symbol::Constant(constant) => constant.as_integer(),
        Symbol::Input(..) | Symbol::Value(..) | Symbol::Tuple(_) => None,
    }
}

impl Builder {
    /// A shift by an amount modulo the width.
    pub(super) fn shift(&mut self, op: ShiftOp, x: &Symbol, by: &Symbol) -> Made {
        let scalar = scalar_of(x)?;
        let lane = lane_type(scalar)?;
        let Some(by) = amount(by) else {
            let by = self.amount_lanes(by, scalar)?;
            let (x, by) = (self.value(x)?, self.value(&by)?);
            let value = self.add(Operation::ShiftLanes(op, x, by), ValueType::Lane(lane))?;
            return Ok(Symbol::Value(value, scalar));
        };
        let by = by.rem_euclid(i128::from(lane.bits())) as u32;
        if by == 0 {
            return Ok(x.clone());
        }
        let x = self.value(x)?;
        let value = self.add(Operation::Shift(op, x, by), ValueType::Lane(lane))?;
        Ok(Symbol::Value(value, scalar))
    }

    /// An amount that varies, in the lanes of what is shifted, below their width.
    fn amount_lanes(&mut self, by: &Symbol, scalar: Scalar) -> Made {
        let by = self.cast(by, &Type::Scalar(scalar))?;
        let most = Constant::integer(scalar, i128::from(scalar.bits()) - 1);
        self.lane_binary(LaneBinary::And, &by, &Symbol::Constant(most))
    }

    /// A rotation by an amount modulo the width.
    pub(super) fn rotate(&mut self, x: &Symbol, by: &Symbol, right: bool) -> Made {
        let scalar = scalar_of(x)?;
        let width = i128::from(scalar.bits());
        let (left, right) = match amount(by) {
            Some(by) => {
                let by = by.rem_euclid(width);
                if by == 0 {
                    return Ok(x.clone());
                }
                let left = if right { width - by } else { by };
                let by = |amount| Symbol::Constant(Constant::integer(Scalar::U32, amount));
                (by(left), by(width - left))
            }
            // Both are 0 together: the two halves are the same then.
            None => {
                let by = self.cast(by, &Type::Scalar(scalar))?;
                let back = self.lane_unary(LaneUnary::Negate, &by, scalar)?;
                match right {
                    true => (back, by),
                    false => (by, back),
                }
            }
        };
        let high = self.shift(ShiftOp::Left, x, &left)?;
        let low = self.shift(ShiftOp::RightUnsigned, x, &right)?;
        self.lane_binary(LaneBinary::Or, &high, &low)
    }

    /// Repeated squaring as in [`BinaryOp::Powi`].
    pub(super) fn powi(&mut self, x: &Symbol, exponent: &Symbol) -> Made {
        let Some(exponent) = amount(exponent) else {
            return self.two(Operation::Math2, BinaryOp::Powi, x, exponent);
        };
        let power = self.power(x, exponent.unsigned_abs())?;
        let one = Symbol::Constant(Constant::integer(Scalar::I32, 1).cast(scalar_of(x)?));
        match power {
            None => Ok(one),
            Some(power) if exponent < 0 => self.lane_binary(LaneBinary::Div, &one, &power),
            Some(power) => Ok(power),
        }
    }

    /// A wrapping power of an integer.
    pub(super) fn pow(&mut self, x: &Symbol, exponent: &Symbol) -> Made {
        let one = Symbol::Constant(Constant::integer(scalar_of(x)?, 1));
        match amount(exponent) {
            Some(exponent) => {
                let power = self.power(x, exponent.unsigned_abs())?;
                Ok(power.unwrap_or(one))
            }
            None => self.squaring(x, exponent, &one),
        }
    }

    /// `x` to the power, or `None` for the power 0. The first factor of `r = 1; r *= x` is
    /// left out: `1 * x` is `x`.
    fn power(&mut self, x: &Symbol, mut exponent: u128) -> Result<Option<Symbol>, Refusal> {
        let mut square = x.clone();
        let mut result = None;
        while exponent != 0 {
            if exponent & 1 == 1 {
                result = Some(match result {
                    None => square.clone(),
                    Some(result) => self.lane_binary(LaneBinary::Mul, &result, &square)?,
                });
            }
            exponent >>= 1;
            if exponent != 0 {
                square = self.lane_binary(LaneBinary::Mul, &square, &square)?;
            }
        }
        Ok(result)
    }

    /// `x` to a power that varies, by a loop of at most 32 turns. A lane whose exponent is used
    /// up has no odd bit left, and keeps its power.
    fn squaring(&mut self, x: &Symbol, exponent: &Symbol, one: &Symbol) -> Made {
        let scalar = scalar_of(x)?;
        let (first, x, rest) = (self.value(one)?, self.value(x)?, self.value(exponent)?);
        let number = |value| Symbol::Constant(Constant::integer(Scalar::U32, value));
        self.list.open();
        let parameters = [first, x, rest].map(|initial| self.list.carry(initial));
        let power = Symbol::Value(parameters[0], scalar);
        let square = Symbol::Value(parameters[1], scalar);
        let rest = Symbol::Value(parameters[2], Scalar::U32);
        let product = self.lane_binary(LaneBinary::Mul, &power, &square)?;
        let odd = self.lane_binary(LaneBinary::And, &rest, &number(1))?;
        let even = self.compare(Comparison::Equal, &odd, &number(0))?;
        let power = self.select(even, &power, &product)?;
        let square = self.lane_binary(LaneBinary::Mul, &square, &square)?;
        let rest = self.shift(ShiftOp::RightUnsigned, &rest, &number(1))?;
        let done = self.compare(Comparison::Equal, &rest, &number(0))?;
        let again = self.mask_not(done)?;
        for (parameter, next) in parameters.into_iter().zip([power, square, rest]) {
            let next = self.value(&next)?;
            self.list.set_next(parameter, next, None);
        }
        let results = self.list.close(Ending {
            turns: Some(Turns::Known(32)),
            again: Some(again),
            endless: false,
        });
        Ok(Symbol::Value(results[&parameters[0]], scalar))
    }
}
