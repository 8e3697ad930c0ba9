//! Operations on one value.

use brolga_lang::ir::{Scalar, UnaryOp};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

use super::{Flow, Translator, malformed};
use crate::layout::machine_type;

impl Translator<'_, '_> {
    /// An operation on one value of a type.
    pub(super) fn unary(&mut self, op: UnaryOp, scalar: Scalar, value: Value) -> Flow<Value> {
        if let Some(converted) = self.half(op, scalar, value) {
            return converted;
        }
        let found = if scalar.is_float() {
            self.float_unary(op, scalar, value)
        } else if scalar == Scalar::Bool {
            (op == UnaryOp::Not).then(|| Ok(self.builder.ins().bxor_imm_u(value, 1)))
        } else {
            self.integer_unary(op, scalar, value).map(Ok)
        };
        found.unwrap_or_else(|| Err(malformed(format!("{op:?} of `{}`", scalar.name()))))
    }

    /// Conversions from and to half precision numbers, by the NRT.
    fn half(&mut self, op: UnaryOp, scalar: Scalar, value: Value) -> Option<Flow<Value>> {
        let (from, name) = match op {
            UnaryOp::F32FromF16 => (Scalar::U16, "nrt_f32_from_f16"),
            UnaryOp::F32FromBf16 => (Scalar::U16, "nrt_f32_from_bf16"),
            UnaryOp::F16FromF32 => (Scalar::F32, "nrt_f16_from_f32"),
            UnaryOp::F16FromF64 => (Scalar::F64, "nrt_f16_from_f64"),
            UnaryOp::Bf16FromF32 => (Scalar::F32, "nrt_bf16_from_f32"),
            UnaryOp::Bf16FromF64 => (Scalar::F64, "nrt_bf16_from_f64"),
            _ => return None,
        };
        if scalar != from {
            return Some(Err(malformed(format!("{op:?} of `{}`", scalar.name()))));
        }
        if from == Scalar::U16 {
            let bits = self.builder.ins().uextend(types::I32, value);
            return Some(self.call_nrt(name, &[bits]));
        }
        let bits = self.call_nrt(name, &[value]);
        Some(bits.map(|bits| self.builder.ins().ireduce(types::I16, bits)))
    }

    fn integer_unary(&mut self, op: UnaryOp, scalar: Scalar, value: Value) -> Option<Value> {
        let ty = machine_type(scalar);
        let ins = self.builder.ins();
        Some(match op {
            UnaryOp::Neg => ins.ineg(value),
            UnaryOp::Not => ins.bnot(value),
            UnaryOp::Abs if scalar.is_signed() => ins.iabs(value),
            UnaryOp::Abs => value,
            UnaryOp::CountOnes => {
                let count = ins.popcnt(value);
                self.count(count)
            }
            UnaryOp::LeadingZeros => {
                let count = ins.clz(value);
                self.count(count)
            }
            UnaryOp::TrailingZeros => {
                let count = ins.ctz(value);
                self.count(count)
            }
            UnaryOp::SwapBytes if ty == types::I8 => value,
            UnaryOp::SwapBytes => ins.bswap(value),
            UnaryOp::ReverseBits => ins.bitrev(value),
            UnaryOp::FromBits if scalar == Scalar::U32 => {
                ins.bitcast(types::F32, MemFlagsData::new(), value)
            }
            UnaryOp::FromBits if scalar == Scalar::U64 => {
                ins.bitcast(types::F64, MemFlagsData::new(), value)
            }
            _ => return None,
        })
    }

    /// A count of bits as an `u32`.
    fn count(&mut self, count: Value) -> Value {
        match self.builder.func.dfg.value_type(count) {
            types::I32 => count,
            types::I64 => self.builder.ins().ireduce(types::I32, count),
            _ => self.builder.ins().uextend(types::I32, count),
        }
    }

    fn float_unary(&mut self, op: UnaryOp, scalar: Scalar, value: Value) -> Option<Flow<Value>> {
        let has_round = self.unit.has_round;
        let ins = self.builder.ins();
        let name = match op {
            UnaryOp::Neg => return Some(Ok(ins.fneg(value))),
            UnaryOp::Abs => return Some(Ok(ins.fabs(value))),
            UnaryOp::Sqrt => return Some(Ok(ins.sqrt(value))),
            UnaryOp::ToBits => {
                let bits = if scalar == Scalar::F32 {
                    types::I32
                } else {
                    types::I64
                };
                return Some(Ok(ins.bitcast(bits, MemFlagsData::new(), value)));
            }
            UnaryOp::Floor if has_round => return Some(Ok(ins.floor(value))),
            UnaryOp::Ceil if has_round => return Some(Ok(ins.ceil(value))),
            UnaryOp::Trunc if has_round => return Some(Ok(ins.trunc(value))),
            UnaryOp::RoundTiesEven if has_round => return Some(Ok(ins.nearest(value))),
            UnaryOp::Floor => "floor",
            UnaryOp::Ceil => "ceil",
            UnaryOp::Trunc => "trunc",
            UnaryOp::RoundTiesEven => "round_ties_even",
            UnaryOp::Exp => "exp",
            UnaryOp::Exp2 => "exp2",
            UnaryOp::ExpM1 => "exp_m1",
            UnaryOp::Ln => "ln",
            UnaryOp::Ln1p => "ln_1p",
            UnaryOp::Log2 => "log2",
            UnaryOp::Log10 => "log10",
            UnaryOp::Sin => "sin",
            UnaryOp::Cos => "cos",
            UnaryOp::Tan => "tan",
            UnaryOp::Asin => "asin",
            UnaryOp::Acos => "acos",
            UnaryOp::Atan => "atan",
            UnaryOp::Sinh => "sinh",
            UnaryOp::Cosh => "cosh",
            UnaryOp::Tanh => "tanh",
            UnaryOp::Asinh => "asinh",
            UnaryOp::Acosh => "acosh",
            UnaryOp::Atanh => "atanh",
            UnaryOp::Cbrt => "cbrt",
            UnaryOp::Erf => "erf",
            UnaryOp::Erfc => "erfc",
            UnaryOp::Gamma => "gamma",
            UnaryOp::Lgamma => "lgamma",
            UnaryOp::Not
            | UnaryOp::FromBits
            | UnaryOp::CountOnes
            | UnaryOp::LeadingZeros
            | UnaryOp::TrailingZeros
            | UnaryOp::SwapBytes
            | UnaryOp::ReverseBits
            | UnaryOp::F32FromF16
            | UnaryOp::F16FromF32
            | UnaryOp::F16FromF64
            | UnaryOp::F32FromBf16
            | UnaryOp::Bf16FromF32
            | UnaryOp::Bf16FromF64 => return None,
        };
        Some(self.math(name, scalar, &[value]))
    }
}
