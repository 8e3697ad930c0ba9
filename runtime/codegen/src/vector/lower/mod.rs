//! One group of elements of a strip program as 128-bit CLIF, operation by operation across
//! the group's vectors, so that their latencies overlap. Not the loops around it (`shape`).
//!
//! A value of lanes of `w` bits has `group * w / 128` vectors, and never less than one: lanes
//! that do not fill a vector are its low ones, and what is above them means nothing.
//!
//! Invariant: every operation has its lowering here, and each of them is one that Cranelift's
//! x86-64 back end has for its type with SSE2 alone (SSE4.1 for rounding, AVX and FMA for
//! `Fma`, which the builder lets through only there).

mod arithmetic;
mod convert;
mod lanewise;
mod loops;
mod masks;
mod math;
mod memory;
mod nest;
pub(super) mod reduce;

use std::collections::HashMap;

use cranelift_codegen::ir::immediates::V128Imm;
use cranelift_codegen::ir::{
    Block, ConstantData, Endianness, InstBuilder, MemFlagsData, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;

use super::program::{LaneType, Node, Operation, StripProgram, ValueId, ValueType};
pub(super) use loops::of_loop;
pub(super) use math::{Externals, strip_symbol};
pub(super) use memory::{element_access, element_type, last_effect};

/// The vector type of a lane type.
pub(super) const fn vector_type(lane: LaneType) -> Type {
    match lane {
        LaneType::I8 => types::I8X16,
        LaneType::I16 => types::I16X8,
        LaneType::I32 => types::I32X4,
        LaneType::I64 => types::I64X2,
        LaneType::F32 => types::F32X4,
        LaneType::F64 => types::F64X2,
    }
}

/// The vector type of integers of this width.
pub(super) const fn integer_vector(bits: u32) -> Type {
    match bits {
        8 => types::I8X16,
        16 => types::I16X8,
        32 => types::I32X4,
        _ => types::I64X2,
    }
}

/// The vector type of a value.
pub(super) const fn value_vector(ty: ValueType) -> Type {
    match ty {
        ValueType::Lane(lane) => vector_type(lane),
        ValueType::Mask(bits) => integer_vector(bits),
        // In no vector; whoever asks means its address register.
        ValueType::Offset => types::I64X2,
    }
}

/// A value of the strip program in the group.
#[derive(Clone)]
enum Held {
    /// Emitted anew where it is used: from memory it costs no register between its uses.
    Constant,
    /// The same number in all lanes.
    Scalar(Value),
    /// Vectors in memory, from this address on: loaded where they are used.
    Memory(Value),
    Vectors(Vec<Value>),
}

/// A constant or splat that was just made, for the operation that follows.
struct Recent {
    value: ValueId,
    vector: Value,
    /// The number of the operation it was made for.
    at: usize,
}

/// What a group needs of the loop around it.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    /// The addresses of the group's elements of the inputs, in their order.
    pub(super) inputs: &'s [Value],
    /// The number of the group's first element in the call.
    pub(super) position: Value,
    /// Where a bail goes, and a cancelled call.
    pub(super) exit: Block,
    /// The address of the array of the operands' addresses, and of that of their steps.
    pub(super) tables: (Value, Value),
    /// The address of the cancel flag.
    pub(super) cancel: Value,
}

/// The lowering of one group.
pub(super) struct Lowering<'a, 'b> {
    strip: &'a StripProgram,
    builder: &'a mut FunctionBuilder<'b>,
    externals: &'a Externals,
    around: Surroundings<'a>,
    /// How many elements it has.
    group: u32,
    /// The address of the group's first element in operands that loops go along, by number.
    streams: HashMap<usize, Value>,
    values: Vec<Option<Held>>,
    recent: Vec<Recent>,
    /// The number of the operation at hand.
    at: usize,
}

impl<'a, 'b> Lowering<'a, 'b> {
    pub(super) fn new(
        strip: &'a StripProgram,
        builder: &'a mut FunctionBuilder<'b>,
        externals: &'a Externals,
        group: u32,
        around: Surroundings<'a>,
    ) -> Self {
        let constants = strip.entries.iter().map(|entry| match entry.operation {
            Operation::Constant(_) | Operation::MaskConstant(_) => Some(Held::Constant),
            _ => None,
        });
        Lowering {
            strip,
            values: constants.collect(),
            builder,
            externals,
            around,
            group,
            streams: HashMap::new(),
            recent: Vec::new(),
            at: 0,
        }
    }

    /// How many vectors a value with lanes of this width has.
    fn count(&self, bits: u32) -> usize {
        (self.group * bits / 128).max(1) as usize
    }

    /// Computes nodes, in order.
    pub(super) fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    /// Computes one node, unless it is a value that was set.
    pub(super) fn node_unless_set(&mut self, node: &Node) {
        match node {
            Node::Value(value)
                if matches!(self.values[value.0 as usize], Some(Held::Vectors(_))) => {}
            _ => self.node(node),
        }
    }

    /// Sets a value whose vectors are all the same.
    pub(super) fn set_all(&mut self, value: ValueId, vector: Value) {
        let count = self.count(self.strip.entry(value).ty.bits());
        self.set(value, vec![vector; count]);
    }

    /// Computes one node.
    pub(super) fn node(&mut self, node: &Node) {
        self.at += 1;
        match node {
            Node::Value(value) => self.compute(*value),
            Node::Loop(inner) => self.run(inner),
            Node::Bail(mask) => self.bail(*mask),
        }
    }

    fn compute(&mut self, value: ValueId) {
        let entry = self.strip.entry(value);
        let held = match entry.operation {
            Operation::Constant(_) | Operation::MaskConstant(_) => Held::Constant,
            // The loop that it belongs to has set it.
            Operation::Parameter => return,
            operation => self.operation(operation, entry.ty),
        };
        self.values[value.0 as usize] = Some(held);
    }

    /// All vectors of a value.
    pub(super) fn whole(&mut self, value: ValueId) -> Vec<Value> {
        let count = self.count(self.strip.entry(value).ty.bits());
        (0..count).map(|j| self.vector(value, j)).collect()
    }

    /// Sets a value that was computed elsewhere.
    pub(super) fn set(&mut self, value: ValueId, vectors: Vec<Value>) {
        self.values[value.0 as usize] = Some(Held::Vectors(vectors));
    }

    /// Vector `j` of a value.
    fn vector(&mut self, value: ValueId, j: usize) -> Value {
        let scalar = match &self.values[value.0 as usize] {
            Some(Held::Vectors(vectors)) => return vectors[j],
            Some(Held::Scalar(scalar)) => Some(*scalar),
            Some(Held::Memory(address)) => {
                let address = *address;
                let ty = value_vector(self.strip.entry(value).ty);
                return self.load_vector(ty, address, 16 * j as i32);
            }
            Some(Held::Constant) => None,
            None => unreachable!("an operand stands before its use"),
        };
        // A comparison and the select on it must share a constant for Cranelift to see a
        // minimum or maximum in them; beyond the next operation it would hold a register.
        let at = self.at;
        self.recent.retain(|recent| at - recent.at <= 1);
        if let Some(recent) = self.recent.iter_mut().find(|recent| recent.value == value) {
            recent.at = at;
            return recent.vector;
        }
        let entry = self.strip.entry(value);
        let ty = value_vector(entry.ty);
        let vector = match (scalar, entry.operation) {
            (Some(scalar), _) => self.builder.ins().splat(ty, scalar),
            (None, Operation::Constant(bits)) => self.constant(ty, bits),
            (None, Operation::MaskConstant(true)) => self.constant(ty, u64::MAX),
            (None, _) => self.constant(ty, 0),
        };
        self.recent.push(Recent { value, vector, at });
        vector
    }

    /// Forgets what was made in a block that need not come before the one that begins.
    fn begin(&mut self, block: Block) {
        self.builder.switch_to_block(block);
        self.recent.clear();
    }

    /// A vector with these bits in every lane.
    fn constant(&mut self, ty: Type, bits: u64) -> Value {
        let lane = &bits.to_le_bytes()[..ty.lane_type().bytes() as usize];
        let bytes = lane.repeat(16 / lane.len());
        self.constant_bytes(ty, &bytes)
    }

    fn constant_bytes(&mut self, ty: Type, bytes: &[u8]) -> Value {
        let constant = self
            .builder
            .func
            .dfg
            .constants
            .insert(ConstantData::from(bytes));
        self.builder.ins().vconst(ty, constant)
    }

    /// The same bits as another vector type.
    fn cast(&mut self, ty: Type, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == ty {
            return value;
        }
        let little = MemFlagsData::new().with_endianness(Endianness::Little);
        self.builder.ins().bitcast(ty, little, value)
    }

    /// Bytes of two vectors in a new order: 0 to 15 are those of `a`, 16 to 31 those of `b`.
    fn shuffle(&mut self, a: Value, b: Value, order: [u8; 16]) -> Value {
        let (a, b) = (self.cast(types::I8X16, a), self.cast(types::I8X16, b));
        let order = self
            .builder
            .func
            .dfg
            .immediates
            .push(ConstantData::from(V128Imm(order).as_slice()));
        self.builder.ins().shuffle(a, b, order)
    }

    fn operation(&mut self, operation: Operation, ty: ValueType) -> Held {
        let count = self.count(ty.bits());
        let each = |this: &mut Self, emit: &mut dyn FnMut(&mut Self, usize) -> Value| {
            Held::Vectors((0..count).map(|j| emit(this, j)).collect())
        };
        match operation {
            Operation::Load(number) => Held::Vectors(self.load_input(number, ty)),
            Operation::LoadAt(number, spread, offset) => {
                Held::Vectors(self.load_along(number, spread, offset, ty))
            }
            Operation::Position => Held::Vectors(self.position()),
            Operation::Unary(op, x) => each(self, &mut |this, j| {
                let x = this.vector(x, j);
                this.unary(op, x, value_vector(ty))
            }),
            Operation::Binary(op, a, b) => self.binary(op, a, b, ty),
            Operation::Shift(op, x, amount) => each(self, &mut |this, j| {
                let x = this.vector(x, j);
                this.shift(op, x, amount)
            }),
            Operation::Fma(a, b, c) => each(self, &mut |this, j| {
                let (a, b) = (this.vector(a, j), this.vector(b, j));
                let c = this.vector(c, j);
                this.builder.ins().fma(a, b, c)
            }),
            Operation::Compare(op, a, b) => {
                let is_float = self.strip.entry(a).ty.is_float();
                if let Some((op, limit)) = self.inclusive(op, a, b) {
                    let ty = value_vector(self.strip.entry(a).ty);
                    return each(self, &mut |this, j| {
                        let a = this.vector(a, j);
                        let limit = this.constant(ty, limit);
                        this.compare(op, a, limit, false)
                    });
                }
                if let Some((op, limit)) = self.flipped(op, a, b) {
                    let ty = value_vector(self.strip.entry(a).ty);
                    return each(self, &mut |this, j| {
                        let a = this.vector(a, j);
                        let sign = this.constant(ty, masks::SIGN);
                        let a = this.builder.ins().bxor(a, sign);
                        let limit = this.constant(ty, limit);
                        this.compare(op, a, limit, false)
                    });
                }
                each(self, &mut |this, j| {
                    let (a, b) = (this.vector(a, j), this.vector(b, j));
                    this.compare(op, a, b, is_float)
                })
            }
            Operation::Select(mask, a, b) => {
                let made_by = self.strip.entry(mask).operation;
                each(self, &mut |this, j| {
                    let mask = this.vector(mask, j);
                    let (a, b) = (this.vector(a, j), this.vector(b, j));
                    this.select(made_by, mask, a, b)
                })
            }
            Operation::MaskNot(mask) => each(self, &mut |this, j| {
                let mask = this.vector(mask, j);
                this.builder.ins().bnot(mask)
            }),
            Operation::MaskBinary(op, a, b) => each(self, &mut |this, j| {
                let (a, b) = (this.vector(a, j), this.vector(b, j));
                this.mask_binary(op, a, b)
            }),
            Operation::MaskToInteger(mask) => each(self, &mut |this, j| {
                let mask = this.vector(mask, j);
                let one = this.constant(value_vector(ty), 1);
                this.builder.ins().band(mask, one)
            }),
            Operation::MaskResize(mask) => {
                let from = self.strip.entry(mask).ty.bits();
                let masks = self.whole(mask);
                Held::Vectors(self.resize_masks(masks, from, ty.bits()))
            }
            Operation::Cast(from, to, x) => self.cast_value(from, to, x),
            Operation::ShiftLanes(op, x, amounts) => {
                Held::Vectors(self.shift_lanes(op, x, amounts, ty))
            }
            Operation::Division(op, signed, a, b) => {
                Held::Vectors(self.division(op, signed, a, b, ty))
            }
            Operation::MulHigh(signed, a, b) => Held::Vectors(self.multiply_high(signed, a, b, ty)),
            Operation::Lanewise(op, x) => Held::Vectors(self.lanewise(op, x, ty)),
            Operation::Lanewise2(op, a, b) => Held::Vectors(self.lanewise2(op, a, b, ty)),
            Operation::Math(..) | Operation::Math2(..) => {
                Held::Vectors(self.math_of_group(operation, ty))
            }
            Operation::Constant(_) | Operation::MaskConstant(_) | Operation::Parameter => {
                unreachable!("`compute` keeps leaves to itself")
            }
        }
    }

    /// How many elements stand before each in the call.
    fn position(&mut self) -> Vec<Value> {
        let first = self.builder.ins().splat(types::I64X2, self.around.position);
        (0..self.count(64) as u64)
            .map(|j| {
                let mut bytes = (2 * j).to_le_bytes().to_vec();
                bytes.extend((2 * j + 1).to_le_bytes());
                let offsets = self.constant_bytes(types::I64X2, &bytes);
                self.builder.ins().iadd(first, offsets)
            })
            .collect()
    }
}
