//! Loads and stores of a group. Elements that do not fill a vector go through a scalar
//! register: there are no vectors of 64 bits.

use brolga_lang::ir::Scalar;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};

use super::masks::may_leave;
use super::{Lowering, integer_vector, value_vector};
use crate::vector::program::{Node, Operand, Operation, StripProgram, ValueId, ValueType};

/// Accesses to operands: within what the caller vouches for, aligned to an element only.
pub(in crate::vector) fn element_access() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// The scalar type of an element in memory.
pub(in crate::vector) fn element_type(scalar: Scalar) -> Type {
    value_vector(ValueType::Lane(super::convert::lane_type(scalar))).lane_type()
}

/// When outputs can be stored, by nodes of the body.
pub(in crate::vector) struct Stored {
    /// The last node that loads, or can leave the group.
    last: usize,
    /// The node that makes each value.
    made: Vec<usize>,
}

impl Stored {
    /// The node after which an output with this value is stored.
    pub(in crate::vector) fn after(&self, value: ValueId) -> usize {
        self.last.max(self.made[value.0 as usize])
    }
}

/// After which nodes of the body a program's outputs are stored: all loads and all ways out
/// come first.
pub(in crate::vector) fn last_effect(strip: &StripProgram) -> Stored {
    let mut stored = Stored {
        last: 0,
        made: vec![0; strip.entries.len()],
    };
    for (k, node) in strip.body.iter().enumerate() {
        if may_leave(std::slice::from_ref(node)) || loads(strip, node) {
            stored.last = k;
        }
        match node {
            Node::Value(value) => stored.made[value.0 as usize] = k,
            Node::Loop(inner) => {
                for carried in &inner.carried {
                    stored.made[carried.result.0 as usize] = k;
                }
            }
            Node::Bail(_) => {}
        }
    }
    stored
}

fn loads(strip: &StripProgram, node: &Node) -> bool {
    match node {
        Node::Value(value) => matches!(
            strip.entry(*value).operation,
            Operation::Load(_) | Operation::LoadAt(..)
        ),
        Node::Loop(inner) => inner.body.iter().any(|node| loads(strip, node)),
        Node::Bail(_) => false,
    }
}

impl Lowering<'_, '_> {
    /// The group's elements of an input.
    pub(super) fn load_input(&mut self, number: usize, ty: ValueType) -> Vec<Value> {
        let inputs = self.strip.inputs.iter().zip(self.around.inputs);
        let (operand, &address) = inputs
            .into_iter()
            .find(|(operand, _)| operand.number == number)
            .expect("an input for every load");
        match ty {
            ValueType::Lane(_) | ValueType::Offset => self.load(value_vector(ty), address),
            ValueType::Mask(bits) => {
                debug_assert_eq!(operand.scalar, Scalar::Bool);
                // 0 and 1 to no bits and all bits.
                let bytes = self.load(types::I8X16, address);
                let masks = bytes
                    .into_iter()
                    .map(|bytes| self.builder.ins().ineg(bytes))
                    .collect();
                self.resize_masks(masks, 8, bits)
            }
        }
    }

    /// The group's vectors at an address.
    pub(super) fn load(&mut self, ty: Type, address: Value) -> Vec<Value> {
        let flags = element_access();
        let bytes = self.group * ty.lane_type().bytes();
        if bytes >= 16 {
            return (0..bytes as i32 / 16)
                .map(|j| self.load_vector(ty, address, 16 * j))
                .collect();
        }
        let part = partial(bytes);
        let scalar = self.builder.ins().load(part, flags, address, 0);
        let vector = self
            .builder
            .ins()
            .scalar_to_vector(integer_vector(part.bits()), scalar);
        vec![self.cast(ty, vector)]
    }

    /// One vector. Without AVX the load is hidden behind a cast, so that nothing folds it.
    pub(super) fn load_vector(&mut self, ty: Type, address: Value, offset: i32) -> Value {
        let loaded = match (self.strip.folds_loads, ty) {
            (true, _) => ty,
            (false, types::I8X16) => types::I32X4,
            (false, _) => types::I8X16,
        };
        let vector = self
            .builder
            .ins()
            .load(loaded, element_access(), address, offset);
        self.cast(ty, vector)
    }

    /// Stores the group's elements of an output.
    pub(in crate::vector) fn store_output(
        &mut self,
        operand: &Operand,
        value: ValueId,
        address: Value,
    ) {
        self.at += 1;
        let ty = self.strip.entry(value).ty;
        let mut vectors = self.whole(value);
        if let ValueType::Mask(bits) = ty {
            debug_assert_eq!(operand.scalar, Scalar::Bool);
            let masks = self.resize_masks(vectors, bits, 8);
            let one = self.constant(types::I8X16, 1);
            vectors = masks
                .into_iter()
                .map(|mask| self.builder.ins().band(mask, one))
                .collect();
        }
        let flags = element_access();
        let bytes = self.group * operand.scalar.dtype().size() as u32;
        if bytes >= 16 {
            for (j, vector) in (0_i32..).zip(vectors) {
                self.builder.ins().store(flags, vector, address, 16 * j);
            }
            return;
        }
        let low = self.cast(integer_vector(8 * bytes), vectors[0]);
        let low = self.builder.ins().extractlane(low, 0);
        self.builder.ins().store(flags, low, address, 0);
    }

    /// Stores whole vectors into a buffer with 16 bytes of room behind its elements.
    pub(in crate::vector) fn keep(&mut self, value: ValueId, address: Value) {
        self.at += 1;
        for (j, vector) in (0_i32..).zip(self.whole(value)) {
            let flags = element_access();
            self.builder.ins().store(flags, vector, address, 16 * j);
        }
    }

    /// Loads whole vectors that were kept.
    pub(in crate::vector) fn reload(&mut self, value: ValueId, address: Value) {
        self.at += 1;
        let ty = self.strip.entry(value).ty;
        let vectors = (0..self.count(ty.bits()) as i32)
            .map(|j| self.load_vector(value_vector(ty), address, 16 * j))
            .collect();
        self.set(value, vectors);
    }
}

/// The scalar of so many bytes: groups have 4 elements or more.
fn partial(bytes: u32) -> Type {
    match bytes {
        4 => types::I32,
        8 => types::I64,
        _ => unreachable!("a group has a power of two of bytes"),
    }
}
