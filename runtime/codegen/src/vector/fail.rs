//! Failures: where a lane that is there would panic, the call ends before its group, and the
//! scalar loop meets the panic. Integer division among them, whose divisor is made harmless in
//! lanes that are not there.

use brolga_lang::ir::{BinaryOp, DivisionOp, SiteId};

use super::build::{Builder, Symbol, lane_type};
use super::constant::Constant;
use super::control::{Outcome, Walk};
use super::operators::{Made, malformed, scalar_of};
use super::program::{Operation, ValueType};
use super::refusal::Refusal;

impl Walk<'_> {
    /// All lanes at this point fail.
    pub(super) fn panic(&mut self, site: SiteId) -> Outcome {
        match self.here()? {
            Some(mask) => {
                self.builder.list.bail(mask);
                Ok(None)
            }
            None => Err(match self.program.sites.0.get(site.0 as usize) {
                Some(site) => Refusal::new(format!("always fails: {}", site.kind)),
                None => malformed(),
            }),
        }
    }

    /// The lanes at this point fail where the bool is true; `None` when that is everywhere.
    pub(super) fn fail_where(&mut self, failing: &Symbol, site: SiteId) -> Outcome {
        match failing {
            Symbol::Constant(constant) if constant.bits == 0 => Ok(Some(Symbol::Tuple(Vec::new()))),
            Symbol::Constant(_) => self.panic(site),
            _ => {
                let mut mask = self.builder.value(failing)?;
                if let Some(here) = self.here()? {
                    mask = self.builder.mask_and(here, mask)?;
                }
                if self.builder.mask_constant(mask) != Some(false) {
                    self.builder.list.bail(mask);
                }
                Ok(Some(Symbol::Tuple(Vec::new())))
            }
        }
    }

    /// Integer `a / b` or `a % b`.
    pub(super) fn division(
        &mut self,
        op: DivisionOp,
        a: &Symbol,
        b: &Symbol,
        by_zero: SiteId,
        overflow: Option<SiteId>,
    ) -> Outcome {
        let scalar = scalar_of(a)?;
        let signed = scalar.is_signed();
        let constant = |value| Symbol::Constant(Constant::integer(scalar, value));
        let zero = self.builder.binary(BinaryOp::Eq, b, &constant(0))?;
        if self.fail_where(&zero, by_zero)?.is_none() {
            return Ok(None);
        }
        let mut bad = zero;
        if signed {
            let site = overflow.ok_or_else(malformed)?;
            let smallest = constant(-(1 << (scalar.bits() - 1)));
            let at_limit = self.builder.binary(BinaryOp::Eq, a, &smallest)?;
            let negates = self.builder.binary(BinaryOp::Eq, b, &constant(-1))?;
            let overflows = self.both(&at_limit, &negates)?;
            if self.fail_where(&overflows, site)?.is_none() {
                return Ok(None);
            }
            bad = self.builder.binary(BinaryOp::Or, &bad, &overflows)?;
        }
        if let Symbol::Constant(divisor) = b {
            return self.builder.divide_by_constant(op, a, *divisor).map(Some);
        }
        let divisor = match self.here()? {
            Some(_) if !matches!(bad, Symbol::Constant(_)) => {
                let bad = self.builder.value(&bad)?;
                self.builder.select(bad, &constant(1), b)?
            }
            _ => b.clone(),
        };
        self.builder.divide(op, a, &divisor).map(Some)
    }

    /// Whether both bools are true; nothing is computed where one is known.
    fn both(&mut self, a: &Symbol, b: &Symbol) -> Made {
        match (a, b) {
            (Symbol::Constant(known), other) | (other, Symbol::Constant(known)) => {
                Ok(match known.bits {
                    0 => Symbol::Constant(*known),
                    _ => other.clone(),
                })
            }
            _ => self.builder.binary(BinaryOp::And, a, b),
        }
    }
}

impl Builder {
    pub(super) fn divide(&mut self, op: DivisionOp, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        let ty = ValueType::Lane(lane_type(scalar)?);
        let (a, b) = (self.value(a)?, self.value(b)?);
        let operation = Operation::Division(op, scalar.is_signed(), a, b);
        Ok(Symbol::Value(self.add(operation, ty)?, scalar))
    }

    /// `a % b`, with no divisor 0, and none -1.
    pub(super) fn remainder(&mut self, a: &Symbol, b: &Symbol) -> Made {
        self.divide(DivisionOp::Remainder, a, b)
    }

    /// `a % divisor`, which is not 0.
    pub(super) fn remainder_by_constant(&mut self, a: &Symbol, divisor: Constant) -> Made {
        self.divide_by_constant(DivisionOp::Remainder, a, divisor)
    }
}
