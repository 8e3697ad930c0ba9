//! Operations without a vector form: each lane out of its vector, the scalar operation, and
//! back into a vector.

use brolga_lang::ir::{BinaryOp, UnaryOp};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

use super::{Lowering, value_vector};
use crate::vector::program::{LaneType, ValueId, ValueType};

impl Lowering<'_, '_> {
    /// Computes every lane of the result from the lanes of the operands.
    pub(super) fn lane_by_lane(
        &mut self,
        operands: &[ValueId],
        ty: ValueType,
        mut compute: impl FnMut(&mut Self, &[Value]) -> Value,
    ) -> Vec<Value> {
        let wholes: Vec<(u32, Vec<Value>)> = operands
            .iter()
            .map(|&operand| (self.strip.entry(operand).ty.bits(), self.whole(operand)))
            .collect();
        let vector = value_vector(ty);
        let lanes = 128 / ty.bits();
        let mut results = Vec::new();
        for first in (0..self.group).step_by(lanes as usize) {
            let mut result = self.constant(vector, 0);
            for lane in 0..lanes.min(self.group - first) {
                let element = first + lane;
                let parts: Vec<Value> = wholes
                    .iter()
                    .map(|(bits, vectors)| {
                        let lanes = 128 / bits;
                        let vector = vectors[(element / lanes) as usize];
                        let lane = (element % lanes) as u8;
                        self.builder.ins().extractlane(vector, lane)
                    })
                    .collect();
                let made = compute(self, &parts);
                result = self.builder.ins().insertlane(result, made, lane as u8);
            }
            results.push(result);
        }
        results
    }

    /// [`crate::vector::program::Operation::Lanewise`].
    pub(super) fn lanewise(&mut self, op: UnaryOp, x: ValueId, ty: ValueType) -> Vec<Value> {
        let from = self.strip.entry(x).ty;
        let to = value_vector(ty).lane_type();
        self.lane_by_lane(&[x], ty, |this, lanes| {
            let x = lanes[0];
            let ins = this.builder.ins();
            match op {
                UnaryOp::CountOnes => {
                    let count = ins.popcnt(x);
                    this.resized(to, count)
                }
                UnaryOp::LeadingZeros => {
                    let count = ins.clz(x);
                    this.resized(to, count)
                }
                UnaryOp::TrailingZeros => {
                    let count = ins.ctz(x);
                    this.resized(to, count)
                }
                UnaryOp::SwapBytes if from.bits() == 8 => x,
                UnaryOp::SwapBytes => ins.bswap(x),
                UnaryOp::ReverseBits => ins.bitrev(x),
                UnaryOp::F32FromF16 | UnaryOp::F32FromBf16 => {
                    let bits = ins.uextend(types::I32, x);
                    this.call_scalar(&unary_symbol(op, from), &[bits])
                }
                UnaryOp::F16FromF32
                | UnaryOp::F16FromF64
                | UnaryOp::Bf16FromF32
                | UnaryOp::Bf16FromF64 => {
                    let bits = this.call_scalar(&unary_symbol(op, from), &[x]);
                    this.resized(to, bits)
                }
                _ => this.call_scalar(&unary_symbol(op, from), &[x]),
            }
        })
    }

    /// [`crate::vector::program::Operation::Lanewise2`].
    pub(super) fn lanewise2(
        &mut self,
        op: BinaryOp,
        a: ValueId,
        b: ValueId,
        ty: ValueType,
    ) -> Vec<Value> {
        self.lane_by_lane(&[a, b], ty, |this, lanes| {
            let &[a, b] = lanes else {
                unreachable!("two operands")
            };
            let ins = this.builder.ins();
            match op {
                BinaryOp::RotateLeft => ins.rotl(a, b),
                BinaryOp::RotateRight => ins.rotr(a, b),
                BinaryOp::Pow => this.power(a, b),
                _ => this.call_scalar(&binary_symbol(op, ty), &[a, b]),
            }
        })
    }

    /// A non-negative integer in another type.
    fn resized(&mut self, ty: Type, value: Value) -> Value {
        let from = self.builder.func.dfg.value_type(value);
        match from.bits().cmp(&ty.bits()) {
            std::cmp::Ordering::Equal => value,
            std::cmp::Ordering::Greater => self.builder.ins().ireduce(ty, value),
            std::cmp::Ordering::Less => self.builder.ins().uextend(ty, value),
        }
    }

    fn call_scalar(&mut self, symbol: &str, arguments: &[Value]) -> Value {
        let function = self.externals.get(symbol);
        let call = self.builder.ins().call(function, arguments);
        self.builder.inst_results(call)[0]
    }

    /// `x` to the power of an `u32`, wrapping: by repeated squaring, while there are bits.
    fn power(&mut self, x: Value, n: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(x);
        let turn = self.builder.create_block();
        let after = self.builder.create_block();
        for part in [ty, ty, types::I32] {
            self.builder.append_block_param(turn, part);
        }
        let one = self.builder.ins().iconst(ty, 1);
        self.builder
            .ins()
            .jump(turn, &[one.into(), x.into(), n.into()]);
        self.begin(turn);
        let &[result, square, rest] = self.builder.block_params(turn) else {
            unreachable!("three parameters were appended")
        };
        let odd = self.builder.ins().band_imm_u(rest, 1);
        let odd = self.builder.ins().icmp_imm_u(IntCC::NotEqual, odd, 0);
        let product = self.builder.ins().imul(result, square);
        let result = self.builder.ins().select(odd, product, result);
        let rest = self.builder.ins().ushr_imm_u(rest, 1);
        let square = self.builder.ins().imul(square, square);
        self.builder.ins().brif(
            rest,
            turn,
            &[result.into(), square.into(), rest.into()],
            after,
            &[],
        );
        self.begin(after);
        result
    }
}

/// The NRT's symbol of a lanewise operation that is a call; empty for one that is none.
pub(super) fn unary_symbol(op: UnaryOp, from: ValueType) -> String {
    let suffix = match from {
        ValueType::Lane(LaneType::F32) => "f32",
        _ => "f64",
    };
    let name = match op {
        UnaryOp::F32FromF16 => return "nrt_f32_from_f16".to_owned(),
        UnaryOp::F32FromBf16 => return "nrt_f32_from_bf16".to_owned(),
        UnaryOp::F16FromF32 => return "nrt_f16_from_f32".to_owned(),
        UnaryOp::F16FromF64 => return "nrt_f16_from_f64".to_owned(),
        UnaryOp::Bf16FromF32 => return "nrt_bf16_from_f32".to_owned(),
        UnaryOp::Bf16FromF64 => return "nrt_bf16_from_f64".to_owned(),
        UnaryOp::Floor => "floor",
        UnaryOp::Ceil => "ceil",
        UnaryOp::Trunc => "trunc",
        UnaryOp::RoundTiesEven => "round_ties_even",
        UnaryOp::Gamma => "gamma",
        UnaryOp::Lgamma => "lgamma",
        _ => return String::new(),
    };
    format!("nrt_{name}_{suffix}")
}

/// As [`unary_symbol`], of two values.
pub(super) fn binary_symbol(op: BinaryOp, ty: ValueType) -> String {
    match (op, ty) {
        (BinaryOp::Rem, ValueType::Lane(LaneType::F32)) => "nrt_fmod_f32".to_owned(),
        (BinaryOp::Rem, _) => "nrt_fmod_f64".to_owned(),
        _ => String::new(),
    }
}
