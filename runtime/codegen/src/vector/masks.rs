//! Masks: the operators on bools, and selects between lanes by a mask.

use brolga_lang::ir::{BinaryOp, Scalar};

use super::build::{Builder, Symbol};
use super::operators::{Made, malformed, scalar_of};
use super::program::{LaneType, MaskBinary, Operation, ValueId, ValueType};
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

    fn mask_constant(&self, mask: ValueId) -> Option<bool> {
        match self.list.entry(mask).operation {
            Operation::MaskConstant(value) => Some(value),
            _ => None,
        }
    }

    fn known_mask(&mut self, value: bool) -> Result<ValueId, Refusal> {
        self.add(Operation::MaskConstant(value), self.mask_type())
    }

    fn mask_binary(&mut self, op: MaskBinary, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        // The smaller number first, so that `a & b` and `b & a` are one.
        let operation = Operation::MaskBinary(op, a.min(b), a.max(b));
        self.add(operation, self.mask_type())
    }

    pub(super) fn mask_and(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(false), _) | (_, Some(true)) => Ok(a),
            (_, Some(false)) | (Some(true), _) => Ok(b),
            (None, None) if a == b => Ok(a),
            (None, None) => self.mask_binary(MaskBinary::And, a, b),
        }
    }

    fn mask_or(&mut self, a: ValueId, b: ValueId) -> Result<ValueId, Refusal> {
        match (self.mask_constant(a), self.mask_constant(b)) {
            (Some(true), _) | (_, Some(false)) => Ok(a),
            (_, Some(true)) | (Some(false), _) => Ok(b),
            (None, None) if a == b => Ok(a),
            (None, None) => self.mask_binary(MaskBinary::Or, a, b),
        }
    }

    pub(super) fn mask_not(&mut self, mask: ValueId) -> Result<ValueId, Refusal> {
        match self.list.entry(mask).operation {
            Operation::MaskNot(opposite) => Ok(opposite),
            Operation::MaskConstant(value) => self.known_mask(!value),
            _ => self.add(Operation::MaskNot(mask), self.mask_type()),
        }
    }

    /// `a` where the mask is true, else `b`.
    pub(super) fn select(&mut self, mask: ValueId, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        if scalar != scalar_of(b)? {
            return Err(malformed());
        }
        let (a, b) = (self.value(a)?, self.value(b)?);
        let value = if a == b {
            a
        } else if scalar == Scalar::Bool {
            self.mask_select(mask, a, b)?
        } else {
            let ty = ValueType::Lane(self.lane_type(scalar)?);
            let operation = self.cheapest_select(mask, a, b)?;
            self.add(operation, ty)?
        };
        Ok(Symbol::Value(value, scalar))
    }

    /// A select by a mask that needs no inversion, where there is one.
    fn cheapest_select(
        &mut self,
        mask: ValueId,
        a: ValueId,
        b: ValueId,
    ) -> Result<Operation, Refusal> {
        match self.list.entry(mask).operation {
            Operation::MaskNot(opposite) => Ok(Operation::Select(opposite, b, a)),
            Operation::Compare(comparison, x, y) => {
                let is_float = matches!(
                    self.list.entry(x).ty,
                    ValueType::Lane(LaneType::F32 | LaneType::F64)
                );
                match comparison.cheaper_opposite() {
                    Some(opposite) if !is_float => {
                        let opposite =
                            self.add(Operation::Compare(opposite, x, y), self.mask_type())?;
                        Ok(Operation::Select(opposite, b, a))
                    }
                    _ => Ok(Operation::Select(mask, a, b)),
                }
            }
            _ => Ok(Operation::Select(mask, a, b)),
        }
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
            (None, None) => self.add(Operation::Select(mask, a, b), self.mask_type()),
        }
    }
}
