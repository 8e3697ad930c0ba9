//! The values of counted loops: of known ranges as numbers, of others as what each lane computes
//! from turn to turn, so that a range may end at the limits of its type, as in the scalar loop
//! (`translate/loops.rs`).

use brolga_lang::ir::{BinaryOp, For, Order, Scalar, Type, UnaryOp};

use super::build::Symbol;
use super::constant::Constant;
use super::control::Walk;
use super::operators::{Made, scalar_of};
use super::refusal::Refusal;

/// The values of a range, each of which is in a lane what it is there.
pub(super) struct Range {
    pub(super) first: Symbol,
    /// What is added from one value to the next.
    pub(super) step: Symbol,
    /// Whether a turn follows that with this variable; to be asked with the variable.
    pub(super) more: More,
}

pub(super) enum More {
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

/// The first value of a known range, the step to the next, and how many there are.
pub(super) fn known_values(range: &For, start: i128, end: i128, step: i128) -> (i128, i128, u128) {
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

impl Walk<'_> {
    /// The loop variable of a turn, from the number of the turn.
    pub(super) fn variable(
        &mut self,
        counter: &Symbol,
        scalar: Scalar,
        first: i128,
        step: i128,
    ) -> Made {
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

    /// The values of a range that holds some.
    pub(super) fn range(
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
    pub(super) fn more(&mut self, more: &More, variable: &Symbol) -> Made {
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
}
