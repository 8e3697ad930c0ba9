//! One group of elements of a strip program as 128-bit CLIF, operation by operation across
//! the group's vectors, so that their latencies overlap. Not the loop around it
//! (`loop_shape.rs`).
//!
//! Invariant: every operation of the allow-list has its lowering here, and each of them is
//! one that Cranelift's x86-64 back end has for its type with SSE2 alone (SSE4.1 for
//! rounding, AVX and FMA for `Fma`, which the builder lets through only there).

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::immediates::V128Imm;
use cranelift_codegen::ir::{
    ConstantData, Endianness, InstBuilder, MemFlagsData, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;

use super::program::{
    Comparison, LaneBinary, LaneType, LaneUnary, MaskBinary, Operand, Operation, ShiftOp,
    StripProgram, ValueId, ValueType,
};
use brolga_lang::ir::Scalar;

/// The vector type of a lane type.
pub(super) fn vector_type(lane: LaneType) -> Type {
    match lane {
        LaneType::I8 => types::I8X16,
        LaneType::I16 => types::I16X8,
        LaneType::I32 => types::I32X4,
        LaneType::I64 => types::I64X2,
        LaneType::F32 => types::F32X4,
        LaneType::F64 => types::F64X2,
    }
}

/// Accesses to operands: within what the caller vouches for, aligned to an element only.
pub(super) fn element_access() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// A value of the strip program in the group.
enum Group {
    /// Emitted anew where it is used: from memory it costs no register between its uses.
    Constant,
    /// One vector for each of the group.
    Vectors(Vec<Value>),
}

/// A constant that was just loaded, for the operation that follows.
struct Recent {
    value: ValueId,
    vector: Value,
    /// The number of the entry it was loaded for.
    at: usize,
}

/// The lowering of one group.
pub(super) struct GroupLowering<'a, 'b> {
    strip: &'a StripProgram,
    builder: &'a mut FunctionBuilder<'b>,
    /// How many vectors each value has.
    vectors: u32,
    groups: Vec<Group>,
    recent: Vec<Recent>,
}

impl<'a, 'b> GroupLowering<'a, 'b> {
    pub(super) fn new(
        strip: &'a StripProgram,
        builder: &'a mut FunctionBuilder<'b>,
        vectors: u32,
    ) -> Self {
        GroupLowering {
            strip,
            builder,
            vectors,
            groups: Vec::with_capacity(strip.entries.len()),
            recent: Vec::new(),
        }
    }

    /// Loads, computes and stores the group whose operands begin at these addresses, which
    /// are in the order of the program's inputs and outputs.
    pub(super) fn emit(mut self, inputs: &[Value], outputs: &[Value]) {
        let strip = self.strip;
        let stores: Vec<usize> = strip.stores().collect();
        for k in 0..strip.entries.len() {
            let group = self.entry(k, inputs);
            self.groups.push(group);
            for (o, (operand, value)) in strip.outputs.iter().enumerate() {
                if stores[o] == k {
                    let vectors = (0..self.vectors as usize)
                        .map(|j| self.vector(*value, j, k))
                        .collect();
                    self.store(operand, vectors, outputs[o]);
                }
            }
        }
    }

    fn entry(&mut self, at: usize, inputs: &[Value]) -> Group {
        let entry = self.strip.entries[at];
        match entry.operation {
            Operation::Constant(_) | Operation::MaskConstant(_) => Group::Constant,
            Operation::Load(number) => {
                let (operand, &address) = self
                    .strip
                    .inputs
                    .iter()
                    .zip(inputs)
                    .find(|(operand, _)| operand.number == number)
                    .expect("an input for every load");
                Group::Vectors(self.load(*operand, address))
            }
            _ => Group::Vectors(
                (0..self.vectors as usize)
                    .map(|j| self.operation(at, entry.operation, entry.ty, j))
                    .collect(),
            ),
        }
    }

    /// Vector `j` of a value, for the entry number `at`.
    fn vector(&mut self, value: ValueId, j: usize, at: usize) -> Value {
        if let Group::Vectors(vectors) = &self.groups[value.0 as usize] {
            return vectors[j];
        }
        // A comparison and the select on it must share a constant for Cranelift to see a
        // minimum or maximum in them; beyond the next operation it would hold a register.
        self.recent.retain(|recent| at - recent.at <= 1);
        if let Some(recent) = self.recent.iter_mut().find(|recent| recent.value == value) {
            recent.at = at;
            return recent.vector;
        }
        let entry = self.strip.entry(value);
        let bits = match entry.operation {
            Operation::Constant(bits) => bits,
            Operation::MaskConstant(true) => u64::MAX,
            _ => 0,
        };
        let vector = self.constant(self.value_type(entry.ty), bits);
        self.recent.push(Recent { value, vector, at });
        vector
    }

    /// A vector with these bits in every lane.
    fn constant(&mut self, ty: Type, bits: u64) -> Value {
        let lane = &bits.to_le_bytes()[..ty.lane_type().bytes() as usize];
        let bytes = lane.repeat((16 / lane.len()).max(1));
        let constant = self
            .builder
            .func
            .dfg
            .constants
            .insert(ConstantData::from(&bytes[..]));
        self.builder.ins().vconst(ty, constant)
    }

    fn value_type(&self, ty: ValueType) -> Type {
        match ty {
            ValueType::Lane(lane) => vector_type(lane),
            ValueType::Mask(_) => self.mask_type(),
        }
    }

    fn mask_type(&self) -> Type {
        match self.strip.widest() {
            64 => types::I64X2,
            32 => types::I32X4,
            _ => types::I8X16,
        }
    }

    fn cast(&mut self, ty: Type, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == ty {
            return value;
        }
        let little = MemFlagsData::new().with_endianness(Endianness::Little);
        self.builder.ins().bitcast(ty, little, value)
    }

    fn operation(&mut self, at: usize, operation: Operation, ty: ValueType, j: usize) -> Value {
        match operation {
            Operation::Unary(op, x) => {
                let x = self.vector(x, j, at);
                self.unary(op, x, self.value_type(ty))
            }
            Operation::Binary(op, a, b) => {
                let (a, b) = (self.vector(a, j, at), self.vector(b, j, at));
                let is_float = matches!(ty, ValueType::Lane(lane) if lane.is_float());
                self.binary(op, a, b, is_float)
            }
            Operation::Shift(op, x, amount) => {
                let x = self.vector(x, j, at);
                let ins = self.builder.ins().iconst(types::I32, i64::from(amount));
                match op {
                    ShiftOp::Left => self.builder.ins().ishl(x, ins),
                    ShiftOp::RightUnsigned => self.builder.ins().ushr(x, ins),
                    ShiftOp::RightSigned => self.builder.ins().sshr(x, ins),
                }
            }
            Operation::Fma(a, b, c) => {
                let (a, b) = (self.vector(a, j, at), self.vector(b, j, at));
                let c = self.vector(c, j, at);
                self.builder.ins().fma(a, b, c)
            }
            Operation::Compare(op, a, b) => {
                let is_float =
                    matches!(self.strip.entry(a).ty, ValueType::Lane(lane) if lane.is_float());
                let (a, b) = (self.vector(a, j, at), self.vector(b, j, at));
                match comparison(op) {
                    (Some(float), _) if is_float => self.builder.ins().fcmp(float, a, b),
                    (_, integer) => self.builder.ins().icmp(integer, a, b),
                }
            }
            Operation::Select(mask, a, b) => {
                let made_by = self.strip.entry(mask).operation;
                let mask = self.vector(mask, j, at);
                let (a, b) = (self.vector(a, j, at), self.vector(b, j, at));
                self.select(made_by, mask, a, b)
            }
            Operation::MaskNot(mask) => {
                let mask = self.vector(mask, j, at);
                self.builder.ins().bnot(mask)
            }
            Operation::MaskBinary(op, a, b) => {
                let (a, b) = (self.vector(a, j, at), self.vector(b, j, at));
                match op {
                    MaskBinary::And => self.builder.ins().band(a, b),
                    MaskBinary::Or => self.builder.ins().bor(a, b),
                    MaskBinary::Xor => self.builder.ins().bxor(a, b),
                }
            }
            Operation::MaskToInteger(mask) => {
                let mask = self.vector(mask, j, at);
                let one = self.constant(self.mask_type(), 1);
                self.builder.ins().band(mask, one)
            }
            Operation::Cast(from, to, x) => {
                let x = self.vector(x, j, at);
                let ty = self.value_type(ty);
                match (from.is_float(), from.is_signed(), to.is_signed()) {
                    (false, true, _) => self.builder.ins().fcvt_from_sint(ty, x),
                    (false, false, _) => self.builder.ins().fcvt_from_uint(ty, x),
                    (true, _, true) => self.builder.ins().fcvt_to_sint_sat(ty, x),
                    (true, _, false) => self.builder.ins().fcvt_to_uint_sat(ty, x),
                }
            }
            _ => unreachable!("leaves are lowered by `entry`, the others not yet made"),
        }
    }

    fn unary(&mut self, op: LaneUnary, x: Value, ty: Type) -> Value {
        let ins = self.builder.ins();
        match op {
            LaneUnary::Sqrt => ins.sqrt(x),
            LaneUnary::Floor => ins.floor(x),
            LaneUnary::Ceil => ins.ceil(x),
            LaneUnary::Trunc => ins.trunc(x),
            LaneUnary::Nearest => ins.nearest(x),
            LaneUnary::Negate => ins.ineg(x),
            LaneUnary::Absolute => ins.iabs(x),
            LaneUnary::Reinterpret => self.cast(ty, x),
        }
    }

    fn binary(&mut self, op: LaneBinary, a: Value, b: Value, is_float: bool) -> Value {
        let ins = self.builder.ins();
        match op {
            LaneBinary::Add if is_float => ins.fadd(a, b),
            LaneBinary::Sub if is_float => ins.fsub(a, b),
            LaneBinary::Mul if is_float => ins.fmul(a, b),
            LaneBinary::Add => ins.iadd(a, b),
            LaneBinary::Sub => ins.isub(a, b),
            LaneBinary::Mul => ins.imul(a, b),
            LaneBinary::Div => ins.fdiv(a, b),
            LaneBinary::And => ins.band(a, b),
            LaneBinary::Or => ins.bor(a, b),
            LaneBinary::Xor => ins.bxor(a, b),
            LaneBinary::SignedMin => ins.smin(a, b),
            LaneBinary::SignedMax => ins.smax(a, b),
            LaneBinary::UnsignedMin => ins.umin(a, b),
            LaneBinary::UnsignedMax => ins.umax(a, b),
        }
    }

    /// Cranelift makes one blend of a `bitselect` only where it sees that the mask is whole
    /// lanes: right behind a comparison. `blendv` takes it on trust.
    fn select(&mut self, made_by: Operation, mask: Value, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        if let Operation::Compare(_, operand, _) = made_by {
            let compared_floats =
                matches!(self.strip.entry(operand).ty, ValueType::Lane(lane) if lane.is_float());
            if compared_floats || ty.lane_type().is_int() {
                let mask = self.cast(ty, mask);
                return self.builder.ins().bitselect(mask, a, b);
            }
        }
        let integers = self.builder.func.dfg.value_type(mask);
        let (a, b) = (self.cast(integers, a), self.cast(integers, b));
        let selected = match made_by {
            Operation::Compare(..) => self.builder.ins().bitselect(mask, a, b),
            _ if self.strip.fast_blend => self.builder.ins().blendv(mask, a, b),
            _ => self.builder.ins().bitselect(mask, a, b),
        };
        self.cast(ty, selected)
    }

    fn load(&mut self, operand: Operand, address: Value) -> Vec<Value> {
        let flags = element_access();
        if operand.scalar != Scalar::Bool {
            let ty = operand_vector(operand.scalar);
            return (0..self.vectors as i32)
                .map(|j| self.builder.ins().load(ty, flags, address, 16 * j))
                .collect();
        }
        if self.strip.widest() == 8 {
            return (0..self.vectors as i32)
                .map(|j| {
                    let bytes = self
                        .builder
                        .ins()
                        .load(types::I8X16, flags, address, 16 * j);
                    self.bytes_to_mask(bytes)
                })
                .collect();
        }
        let elements = self.vectors * self.strip.lanes();
        let bytes = match elements {
            16 => self.builder.ins().load(types::I8X16, flags, address, 0),
            8 => {
                let scalar = self.builder.ins().load(types::I64, flags, address, 0);
                self.builder.ins().scalar_to_vector(types::I64X2, scalar)
            }
            4 => {
                let scalar = self.builder.ins().load(types::I32, flags, address, 0);
                self.builder.ins().scalar_to_vector(types::I32X4, scalar)
            }
            _ => {
                let scalar = self.builder.ins().uload16(types::I32, flags, address, 0);
                self.builder.ins().scalar_to_vector(types::I32X4, scalar)
            }
        };
        let bytes = self.cast(types::I8X16, bytes);
        let mut masks = vec![self.bytes_to_mask(bytes)];
        let mut width = 1;
        while width * 8 < self.strip.widest() {
            let mut wider = Vec::new();
            for mask in masks {
                wider.push(self.interleave(mask, width, 0));
                wider.push(self.interleave(mask, width, 8));
            }
            width *= 2;
            wider.truncate((elements * width).div_ceil(16) as usize);
            masks = wider;
        }
        let ty = self.mask_type();
        masks.into_iter().map(|mask| self.cast(ty, mask)).collect()
    }

    /// 0 and 1 to no bits and all bits.
    fn bytes_to_mask(&mut self, bytes: Value) -> Value {
        let zero = self.constant(types::I8X16, 0);
        self.builder.ins().isub(zero, bytes)
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
        let mask = self.cast(types::I8X16, mask);
        let order = self
            .builder
            .func
            .dfg
            .immediates
            .push(ConstantData::from(V128Imm(order).as_slice()));
        self.builder.ins().shuffle(mask, mask, order)
    }

    fn store(&mut self, operand: &Operand, vectors: Vec<Value>, address: Value) {
        let flags = element_access();
        if operand.scalar != Scalar::Bool {
            for (j, vector) in (0_i32..).zip(vectors) {
                self.builder.ins().store(flags, vector, address, 16 * j);
            }
            return;
        }
        let one = self.constant(types::I8X16, 1);
        if self.strip.widest() == 8 {
            for (j, mask) in (0_i32..).zip(vectors) {
                let bytes = self.builder.ins().band(mask, one);
                self.builder.ins().store(flags, bytes, address, 16 * j);
            }
            return;
        }
        let elements = self.vectors * self.strip.lanes();
        let mut width = self.strip.widest() / 8;
        let mut masks = vectors;
        while width > 1 {
            // Narrowing with saturation keeps none and all bits as they are; a lane of 64
            // bits counts as two of 32.
            let ty = if width == 2 {
                types::I16X8
            } else {
                types::I32X4
            };
            let mut narrower = Vec::new();
            for pair in masks.chunks(2) {
                let low = self.cast(ty, pair[0]);
                let high = self.cast(ty, pair[pair.len() - 1]);
                narrower.push(self.builder.ins().snarrow(low, high));
            }
            masks = narrower;
            width /= 2;
        }
        let bytes = self.cast(types::I8X16, masks[0]);
        let bytes = self.builder.ins().band(bytes, one);
        let stored = match elements {
            16 => bytes,
            8 => self.low_lane(types::I64X2, bytes),
            4 => self.low_lane(types::I32X4, bytes),
            _ => self.low_lane(types::I16X8, bytes),
        };
        self.builder.ins().store(flags, stored, address, 0);
    }

    fn low_lane(&mut self, ty: Type, vector: Value) -> Value {
        let vector = self.cast(ty, vector);
        self.builder.ins().extractlane(vector, 0)
    }
}

/// The vector type of an operand that is not of bools.
pub(super) fn operand_vector(scalar: Scalar) -> Type {
    match scalar {
        Scalar::F64 => types::F64X2,
        Scalar::F32 => types::F32X4,
        Scalar::I64 | Scalar::U64 | Scalar::Isize | Scalar::Usize => types::I64X2,
        Scalar::I32 | Scalar::U32 => types::I32X4,
        // Such integers have no lanes.
        Scalar::Bool | Scalar::I8 | Scalar::U8 | Scalar::I16 | Scalar::U16 => types::I8X16,
    }
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
