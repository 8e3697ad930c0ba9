//! Masks: comparisons, selects, other widths, and the question whether any lane is true.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::{Lowering, integer_vector};
use crate::vector::program::{Comparison, MaskBinary, Node, Operation, ValueId};

/// The sign bit of a lane of 64 bits.
pub(super) const SIGN: u64 = 1 << 63;

impl Lowering<'_, '_> {
    pub(super) fn compare(&mut self, op: Comparison, a: Value, b: Value, is_float: bool) -> Value {
        match comparison(op) {
            (Some(float), _) if is_float => self.builder.ins().fcmp(float, a, b),
            (_, integer) => self.builder.ins().icmp(integer, a, b),
        }
    }

    /// A comparison of unsigned lanes with a constant as one that includes its limit: that is
    /// a minimum or maximum and a comparison for equality, the other needs an inversion too.
    /// There is none for lanes of 64 bits.
    pub(super) fn inclusive(
        &self,
        op: Comparison,
        a: ValueId,
        b: ValueId,
    ) -> Option<(Comparison, u64)> {
        let bits = self.strip.entry(a).ty.bits();
        let Operation::Constant(limit) = self.strip.entry(b).operation else {
            return None;
        };
        let most = u64::MAX >> (64 - bits);
        let limit = limit & most;
        match op {
            Comparison::Below if bits < 64 && limit > 0 => {
                Some((Comparison::BelowEqual, limit - 1))
            }
            Comparison::Above if bits < 64 && limit < most => {
                Some((Comparison::AboveEqual, limit + 1))
            }
            _ => None,
        }
    }

    /// A comparison of unsigned lanes of 64 bits with a constant, as one of signed lanes with
    /// their sign bits flipped: what such a machine does that has the signed comparison alone,
    /// but for the constant's flip.
    pub(super) fn flipped(
        &self,
        op: Comparison,
        a: ValueId,
        b: ValueId,
    ) -> Option<(Comparison, u64)> {
        let Operation::Constant(limit) = self.strip.entry(b).operation else {
            return None;
        };
        let op = match op {
            Comparison::Below => Comparison::Less,
            Comparison::BelowEqual => Comparison::LessEqual,
            Comparison::Above => Comparison::Greater,
            Comparison::AboveEqual => Comparison::GreaterEqual,
            _ => return None,
        };
        let wide = self.strip.entry(a).ty.bits() == 64;
        wide.then_some((op, limit ^ SIGN))
    }

    pub(super) fn mask_binary(&mut self, op: MaskBinary, a: Value, b: Value) -> Value {
        match op {
            MaskBinary::And => self.builder.ins().band(a, b),
            MaskBinary::Or => self.builder.ins().bor(a, b),
            MaskBinary::Xor => self.builder.ins().bxor(a, b),
        }
    }

    /// Cranelift makes one blend of a `bitselect` only where it sees that the mask is whole
    /// lanes: right behind a comparison. `blendv` takes it on trust.
    pub(super) fn select(&mut self, made_by: Operation, mask: Value, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        if let Operation::Compare(_, operand, _) = made_by
            && (self.strip.entry(operand).ty.is_float() || ty.lane_type().is_int())
        {
            let mask = self.cast(ty, mask);
            return self.builder.ins().bitselect(mask, a, b);
        }
        let by_blend = self.strip.fast_blend && !matches!(made_by, Operation::Compare(..));
        let lanes = match self.builder.func.dfg.value_type(mask) {
            // There is no blend of 16-bit lanes; bytes of whole lanes are as good.
            types::I16X8 if by_blend => types::I8X16,
            lanes => lanes,
        };
        let mask = self.cast(lanes, mask);
        let (a, b) = (self.cast(lanes, a), self.cast(lanes, b));
        let selected = if by_blend {
            self.builder.ins().blendv(mask, a, b)
        } else {
            self.builder.ins().bitselect(mask, a, b)
        };
        self.cast(ty, selected)
    }

    /// Masks in lanes of another width.
    pub(super) fn resize_masks(&mut self, masks: Vec<Value>, from: u32, to: u32) -> Vec<Value> {
        let (mut masks, mut bits) = (masks, from);
        while bits < to {
            let count = self.count(2 * bits);
            let mut wider = Vec::with_capacity(2 * masks.len());
            for mask in masks {
                wider.push(self.interleave(mask, bits / 8, 0));
                wider.push(self.interleave(mask, bits / 8, 8));
            }
            wider.truncate(count);
            masks = wider;
            bits *= 2;
        }
        while bits > to {
            // Narrowing with saturation keeps none and all bits as they are; a lane of 64
            // bits counts as two of 32.
            let ty = integer_vector(bits.min(32));
            masks = masks
                .chunks(2)
                .map(|pair| {
                    let low = self.cast(ty, pair[0]);
                    let high = self.cast(ty, pair[pair.len() - 1]);
                    self.builder.ins().snarrow(low, high)
                })
                .collect();
            bits /= 2;
        }
        let ty = integer_vector(to);
        masks.into_iter().map(|mask| self.cast(ty, mask)).collect()
    }

    /// Every lane of `width` bytes twice, from the half of the vector that begins at byte
    /// `half`.
    fn interleave(&mut self, mask: Value, width: u32, half: u32) -> Value {
        let mut order = [0_u8; 16];
        for (k, byte) in (0_u32..).zip(&mut order) {
            // Even lanes from the first operand, odd ones from the second: the pattern
            // that Cranelift knows as one `punpck`.
            let lane = k / width;
            let from = half + lane / 2 * width + k % width;
            *byte = (from + 16 * (lane % 2)) as u8;
        }
        self.shuffle(mask, mask, order)
    }

    /// Whether the mask is true in any of the group's lanes.
    pub(super) fn any(&mut self, mask: ValueId) -> Value {
        let bits = self.strip.entry(mask).ty.bits();
        let masks = self.whole(mask);
        let mut any = masks[0];
        for &mask in &masks[1..] {
            any = self.builder.ins().bor(any, mask);
        }
        let bytes = (self.group * bits / 8) as usize;
        if bytes < 16 {
            let mut used = vec![0xff; bytes];
            used.resize(16, 0);
            let used = self.constant_bytes(integer_vector(bits), &used);
            any = self.builder.ins().band(any, used);
        }
        self.builder.ins().vany_true(any)
    }

    /// [`Node::Bail`].
    pub(super) fn bail(&mut self, mask: ValueId) {
        let any = self.any(mask);
        let on = self.builder.create_block();
        let exit = self.around.exit;
        self.builder.ins().brif(any, exit, &[], on, &[]);
        self.begin(on);
    }
}

/// Whether nodes have a bail among them, or another way out.
pub(super) fn may_leave(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Value(_) => false,
        Node::Bail(_) => true,
        Node::Loop(inner) => inner.endless || may_leave(&inner.body),
    })
}

/// The comparison of floats, where there is one, and of integers.
fn comparison(op: Comparison) -> (Option<FloatCC>, IntCC) {
    match op {
        Comparison::Equal => (Some(FloatCC::Equal), IntCC::Equal),
        Comparison::NotEqual => (Some(FloatCC::NotEqual), IntCC::NotEqual),
        Comparison::Less => (Some(FloatCC::LessThan), IntCC::SignedLessThan),
        Comparison::LessEqual => (Some(FloatCC::LessThanOrEqual), IntCC::SignedLessThanOrEqual),
        Comparison::Greater => (Some(FloatCC::GreaterThan), IntCC::SignedGreaterThan),
        Comparison::GreaterEqual => (
            Some(FloatCC::GreaterThanOrEqual),
            IntCC::SignedGreaterThanOrEqual,
        ),
        Comparison::Below => (None, IntCC::UnsignedLessThan),
        Comparison::BelowEqual => (None, IntCC::UnsignedLessThanOrEqual),
        Comparison::Above => (None, IntCC::UnsignedGreaterThan),
        Comparison::AboveEqual => (None, IntCC::UnsignedGreaterThanOrEqual),
        Comparison::Unordered => (Some(FloatCC::Unordered), IntCC::NotEqual),
    }
}
