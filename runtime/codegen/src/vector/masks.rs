//! Masks: the operators on bools, and selects between lanes by a mask.
//!
//! A mask is as wide as the lanes that it was made from. Two masks of different widths meet in
//! the wider: a mask ends in a select of lanes more often than in a bool in memory. A select
//! resizes its mask to its lanes.

use brolga_lang::ir::{BinaryOp, Scalar};

use super::build::{Builder, Symbol, lane_type};
use super::operators::{Made, malformed, scalar_of};
use super::program::{MaskBinary, Operation, ValueId, ValueType};
use super::refusal::Refusal;

impl Builder {
    /// An operator on two bools.
    pub(super) fn mask_operator(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let (a, b) = (self.value(a)?, self.value(b)?);
        let mask = match op {
            BinaryOp::And => self.mask_and(a, b)?,
            BinaryOp::Or => self.mask_or(a, b)?,
            BinaryOp::Xor | BinaryOp::Ne => self.mask_binary(MaskBinary::Xor, a, b)?,
            BinaryOp::Eq => {
                let differ = self.mask_binary(MaskBinary::Xor, a, b)?;
                self.mask_not(differ)?
            }
            // false < true
            BinaryOp::Lt => {
                let a = self.mask_not(a)?;
                self.mask_and(a, b)?
            }
            BinaryOp::Le => {
                let a = self.mask_not(a)?;
                self.mask_or(a, b)?
            }
            BinaryOp::Gt => {
                let b = self.mask_not(b)?;
                self.mask_and(a, b)?
            }
            BinaryOp::Ge => {
                let b = self.mask_not(b)?;
                self.mask_or(a, b)?
            }
            BinaryOp::Min => self.mask_and(a, b)?,
            BinaryOp::Max => self.mask_or(a, b)?,
            _ => return Err(malformed()),
        };
        Ok(Symbol::Value(mask, Scalar::Bool))
    }

    pub(super) fn mask_constant(&self, mask: ValueId) -> Option<bool> {
        match self.list.entry(mask).operation {
            Operation::MaskConstant(value) => Some(value),
            _ => None,
        }
    }

    /// A mask that is the same in every lane.
    pub(super) fn known_mask(&mut self, value: bool, bits: u32) -> Result<ValueId, Refusal> {
        self.add(Operation::MaskConstant(value), ValueType::Mask(bits))
    }

    /// The same truth values in a mask of this width.
    pub(super) fn resize(&mut self, mask: ValueId, bits: u32) -> Result<ValueId, Refusal> {
        let entry = self.list.entry(mask);
        if entry.ty.bits() == bits {
            return Ok(mask);
        }
        match entry.operation {
            Operation::MaskConstant(value) => self.known_mask(value, bits),
            Operation::MaskResize(original) => {
                if self.list.entry(original).ty.bits() == bits {
                    return Ok(original);
                }
                self.add(Operation::MaskResize(original), ValueType::Mask(bits))
            }
            _ => self.add(Operation::MaskResize(mask), ValueType::Mask(bits)),
        }
    }

    /// Two masks in the width of the wider, of which a constant has none, and that width.
    fn unify(&mut self, a: ValueId, b: ValueId) -> Result<(ValueId, ValueId, u32), Refusal> {
        let bits = |mask| self.list.entry(mask).ty.bits();
        let bits = match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(_), None) => bits(b),
            (None, Some(_)) => bits(a),
            (None, None) | (Some(_), Some(_)) => bits(a).max(bits(b)),
        };
        Ok((self.resize(a, bits)?, self.resize(b, bits)?, bits))
    }

    fn mask_binary(&mut self, op: MaskBinary, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        let (a, b, bits) = self.unify(a, b)?;
        // The smaller number first, so that `a & b` and `b & a` are one.
        let operation = Operation::MaskBinary(op, a.min(b), a.max(b));
        self.add(operation, ValueType::Mask(bits))
    }

    pub(super) fn mask_and(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(false), _) | (_, Some(true)) => Ok(a),
            (_, Some(false)) | (Some(true), _) => Ok(b),
            (None, None) if a == b => Ok(a),
            (None, None) => self.mask_binary(MaskBinary::And, a, b),
        }
    }

    pub(super) fn mask_or(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(true), _) | (_, Some(false)) => Ok(a),
            (_, Some(true)) | (Some(false), _) => Ok(b),
            (None, None) if a == b => Ok(a),
            (None, None) => self.mask_binary(MaskBinary::Or, a, b),
        }
    }

    pub(super) fn mask_not(&mut self, mask: ValueId) -> Result<ValueId, Refusal> {
        let entry = self.list.entry(mask);
        match entry.operation {
            Operation::MaskNot(opposite) => Ok(opposite),
            Operation::MaskConstant(value) => self.known_mask(!value, entry.ty.bits()),
            _ => self.add(Operation::MaskNot(mask), entry.ty),
        }
    }

    /// `a` where the mask is true, else `b`.
    pub(super) fn select(&mut self, mask: ValueId, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        if scalar != scalar_of(b)? {
            return Err(malformed());
        }
        match self.mask_constant(mask) {
            Some(true) => return Ok(a.clone()),
            Some(false) => return Ok(b.clone()),
            None => {}
        }
        let (a, b) = (self.value(a)?, self.value(b)?);
        let value = if a == b {
            a
        } else if scalar == Scalar::Bool {
            self.mask_select(mask, a, b)?
        } else {
            let lane = lane_type(scalar)?;
            let operation = self.cheapest_select(mask, lane.bits(), a, b)?;
            self.add(operation, ValueType::Lane(lane))?
        };
        Ok(Symbol::Value(value, scalar))
    }

    /// A select of lanes of this width by a mask that needs no inversion, where there is one.
    fn cheapest_select(
        &mut self,
        mask: ValueId,
        bits: u32,
        a: ValueId,
        b: ValueId,
    ) -> Result<Operation, Refusal> {
        let entry = self.list.entry(mask);
        match entry.operation {
            Operation::MaskNot(opposite) => {
                return Ok(Operation::Select(self.resize(opposite, bits)?, b, a));
            }
            Operation::Compare(comparison, x, y) => {
                if let Some(opposite) = comparison.cheaper_opposite()
                    && !self.list.entry(x).ty.is_float()
                {
                    let opposite = self.add(Operation::Compare(opposite, x, y), entry.ty)?;
                    return Ok(Operation::Select(self.resize(opposite, bits)?, b, a));
                }
            }
            _ => {}
        }
        Ok(Operation::Select(self.resize(mask, bits)?, a, b))
    }

    fn mask_select(&mut self, mask: ValueId, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(true), _) => self.mask_or(mask, b),
            (_, Some(false)) => self.mask_and(mask, a),
            (Some(false), _) => {
                let opposite = self.mask_not(mask)?;
                self.mask_and(opposite, b)
            }
            (_, Some(true)) => {
                let opposite = self.mask_not(mask)?;
                self.mask_or(opposite, a)
            }
            (None, None) => {
                let (a, b, bits) = self.unify(a, b)?;
                let mask = self.resize(mask, bits)?;
                self.add(Operation::Select(mask, a, b), ValueType::Mask(bits))
            }
        }
    }
}
