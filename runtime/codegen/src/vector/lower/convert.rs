//! `as` between lanes of all types, with Rust's rules: integers wrap or extend by the sign of
//! the source, floats to integers saturate and NaN becomes 0.

use brolga_lang::ir::Scalar;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::{Held, Lowering};
use crate::vector::program::{LaneType, ShiftOp, ValueId, ValueType};

impl Lowering<'_, '_> {
    /// `x as to`.
    pub(super) fn cast_value(&mut self, from: Scalar, to: Scalar, x: ValueId) -> Held {
        if let Some(scalar) = self.uniform(x) {
            return Held::Scalar(self.cast_scalar(from, to, scalar));
        }
        let lane_by_lane = match (from.is_float(), to.is_float()) {
            (true, false) => to.bits() == 64,
            (false, true) => from.bits() == 64 && to == Scalar::F32,
            _ => false,
        };
        if lane_by_lane {
            let ty = ValueType::Lane(lane_type(to));
            return Held::Vectors(
                self.lane_by_lane(&[x], ty, |this, lanes| this.cast_scalar(from, to, lanes[0])),
            );
        }
        let vectors = self.whole(x);
        Held::Vectors(match (from.is_float(), to.is_float()) {
            (true, true) if to == Scalar::F64 => self.promote(&vectors),
            (true, true) => self.demote(vectors),
            (false, true) => self.integer_to_float(vectors, from, to),
            (true, false) => self.float_to_integer(vectors, from, to),
            (false, false) if to.bits() > from.bits() => {
                self.widen(vectors, from.bits(), to.bits(), from.is_signed())
            }
            (false, false) => self.truncate(vectors, from.bits(), to.bits()),
        })
    }

    /// A cast of one number, for what is the same in all lanes or has no vector form.
    fn cast_scalar(&mut self, from: Scalar, to: Scalar, value: Value) -> Value {
        let lane = super::vector_type(lane_type(to)).lane_type();
        let ins = self.builder.ins();
        match (from.is_float(), to.is_float()) {
            (false, true) if from.is_signed() => ins.fcvt_from_sint(lane, value),
            (false, true) => ins.fcvt_from_uint(lane, value),
            (true, false) if to.is_signed() => ins.fcvt_to_sint_sat(lane, value),
            (true, false) => ins.fcvt_to_uint_sat(lane, value),
            (false, false) if to.bits() < from.bits() => ins.ireduce(lane, value),
            (false, false) if to.bits() == from.bits() => value,
            (false, false) if from.is_signed() => ins.sextend(lane, value),
            (false, false) => ins.uextend(lane, value),
            (true, true) if to == Scalar::F64 => ins.fpromote(lane, value),
            (true, true) => ins.fdemote(lane, value),
        }
    }

    /// The vectors of 64-bit lanes made of the low, then the high halves of others.
    fn halves(
        &mut self,
        vectors: &[Value],
        mut of_low: impl FnMut(&mut Self, Value) -> Value,
    ) -> Vec<Value> {
        let count = self.count(64);
        let mut made = Vec::with_capacity(count);
        for &vector in vectors {
            made.push(of_low(self, vector));
            if made.len() < count {
                let order = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
                let ty = self.builder.func.dfg.value_type(vector);
                let high = self.shuffle(vector, vector, order);
                let high = self.cast(ty, high);
                made.push(of_low(self, high));
            }
        }
        made
    }

    /// Vectors whose two 64-bit halves are the low halves of two others.
    fn join(&mut self, vectors: &[Value]) -> Vec<Value> {
        vectors
            .chunks(2)
            .map(|pair| match *pair {
                [low, high] => {
                    let ty = self.builder.func.dfg.value_type(low);
                    let order = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
                    let joined = self.shuffle(low, high, order);
                    self.cast(ty, joined)
                }
                _ => pair[0],
            })
            .collect()
    }

    fn promote(&mut self, vectors: &[Value]) -> Vec<Value> {
        self.halves(vectors, |this, low| this.builder.ins().fvpromote_low(low))
    }

    fn demote(&mut self, vectors: Vec<Value>) -> Vec<Value> {
        let demoted: Vec<Value> = vectors
            .into_iter()
            .map(|vector| self.builder.ins().fvdemote(vector))
            .collect();
        self.join(&demoted)
    }

    /// 32-bit integers as `f64`, which holds all of them.
    pub(super) fn integers_to_f64(&mut self, vectors: &[Value], signed: bool) -> Vec<Value> {
        self.halves(vectors, |this, low| {
            if signed {
                let wide = this.builder.ins().swiden_low(low);
                this.builder.ins().fcvt_from_sint(types::F64X2, wide)
            } else {
                let wide = this.builder.ins().uwiden_low(low);
                this.builder.ins().fcvt_from_uint(types::F64X2, wide)
            }
        })
    }

    fn integer_to_float(&mut self, vectors: Vec<Value>, from: Scalar, to: Scalar) -> Vec<Value> {
        if from.bits() == 64 {
            return vectors
                .into_iter()
                .map(|vector| {
                    if from.is_signed() {
                        self.i64_to_f64(vector)
                    } else {
                        self.builder.ins().fcvt_from_uint(types::F64X2, vector)
                    }
                })
                .collect();
        }
        let vectors = self.widen(vectors, from.bits(), 32, from.is_signed());
        // What was narrower is positive in 32 bits.
        let signed = from.is_signed() || from.bits() < 32;
        if to == Scalar::F64 {
            return self.integers_to_f64(&vectors, signed);
        }
        vectors
            .into_iter()
            .map(|vector| {
                if signed {
                    self.builder.ins().fcvt_from_sint(types::F32X4, vector)
                } else {
                    self.builder.ins().fcvt_from_uint(types::F32X4, vector)
                }
            })
            .collect()
    }

    /// The upper half of the bits, with its sign turned, as the fraction of a float between
    /// 2^84 and 2^85, and the lower as that of one between 2^52 and 2^53; then what was added
    /// is taken off again. The last sum alone rounds.
    fn i64_to_f64(&mut self, x: Value) -> Value {
        let upper = self.shift(ShiftOp::RightUnsigned, x, 32);
        let turn = self.constant(types::I64X2, 0x4530_0000_8000_0000);
        let upper = self.builder.ins().bxor(upper, turn);
        let upper = self.cast(types::F64X2, upper);
        // 2^84 + 2^63 + 2^52.
        let added = self.constant(types::F64X2, 0x4530_0000_8010_0000);
        let upper = self.builder.ins().fsub(upper, added);
        let low_bits = self.constant(types::I64X2, 0xffff_ffff);
        let lower = self.builder.ins().band(x, low_bits);
        let exponent = self.constant(types::I64X2, 0x4330_0000_0000_0000);
        let lower = self.builder.ins().bor(lower, exponent);
        let lower = self.cast(types::F64X2, lower);
        self.builder.ins().fadd(upper, lower)
    }

    /// To integers of at most 32 bits.
    fn float_to_integer(&mut self, vectors: Vec<Value>, from: Scalar, to: Scalar) -> Vec<Value> {
        if to == Scalar::U32 {
            return match from {
                Scalar::F32 => vectors
                    .into_iter()
                    .map(|vector| self.builder.ins().fcvt_to_uint_sat(types::I32X4, vector))
                    .collect(),
                _ => self.saturating_f64_to_u32(vectors),
            };
        }
        let wide = match from {
            Scalar::F32 => vectors
                .into_iter()
                .map(|vector| self.builder.ins().fcvt_to_sint_sat(types::I32X4, vector))
                .collect(),
            _ => self.f64_to_i32(vectors),
        };
        // Saturating twice, first to 32 bits, is saturating once.
        match to.bits() {
            32 => wide,
            16 => self.pack(&wide, to.is_signed()),
            _ => {
                let words = self.pack(&wide, true);
                self.pack(&words, to.is_signed())
            }
        }
    }

    /// Signed lanes in lanes of half the width, saturated to these, signed or unsigned.
    fn pack(&mut self, vectors: &[Value], signed: bool) -> Vec<Value> {
        vectors
            .chunks(2)
            .map(|pair| {
                let (low, high) = (pair[0], pair[pair.len() - 1]);
                if signed {
                    self.builder.ins().snarrow(low, high)
                } else {
                    self.builder.ins().unarrow(low, high)
                }
            })
            .collect()
    }

    /// Saturating.
    pub(super) fn f64_to_i32(&mut self, vectors: Vec<Value>) -> Vec<Value> {
        let narrow: Vec<Value> = vectors
            .into_iter()
            .map(|vector| {
                // The form that Cranelift knows as one conversion.
                let wide = self.builder.ins().fcvt_to_sint_sat(types::I64X2, vector);
                let zero = self.constant(types::I64X2, 0);
                self.builder.ins().snarrow(wide, zero)
            })
            .collect();
        self.join(&narrow)
    }

    /// NaN and what is less becomes 0, what is more the largest.
    fn saturating_f64_to_u32(&mut self, vectors: Vec<Value>) -> Vec<Value> {
        let clamped = vectors
            .into_iter()
            .map(|x| {
                let zero = self.constant(types::F64X2, 0);
                let positive = self.builder.ins().fcmp(FloatCC::GreaterThan, x, zero);
                let positive = self.cast(types::F64X2, positive);
                let x = self.builder.ins().bitselect(positive, x, zero);
                let largest = self.constant(types::F64X2, f64::from(u32::MAX).to_bits());
                let less = self.builder.ins().fcmp(FloatCC::LessThan, x, largest);
                let less = self.cast(types::F64X2, less);
                self.builder.ins().bitselect(less, x, largest)
            })
            .collect();
        self.f64_to_u32(clamped)
    }

    /// Of numbers that are at least 0 and less than 2^32: 2^31 is taken off where there is
    /// so much, which is exact, and put back as a bit.
    pub(super) fn f64_to_u32(&mut self, vectors: Vec<Value>) -> Vec<Value> {
        let mut tops = Vec::with_capacity(vectors.len());
        let mut rests = Vec::with_capacity(vectors.len());
        for x in vectors {
            let half = self.constant(types::F64X2, 2_147_483_648.0_f64.to_bits());
            let large = self
                .builder
                .ins()
                .fcmp(FloatCC::GreaterThanOrEqual, x, half);
            let bits = self.cast(types::I64X2, half);
            let taken = self.builder.ins().band(large, bits);
            let taken = self.cast(types::F64X2, taken);
            rests.push(self.builder.ins().fsub(x, taken));
            tops.push(large);
        }
        let rests = self.f64_to_i32(rests);
        let tops = self.truncate(tops, 64, 32);
        rests
            .into_iter()
            .zip(tops)
            .map(|(rest, top)| {
                let sign = self.constant(types::I32X4, 1 << 31);
                let top = self.builder.ins().band(top, sign);
                self.builder.ins().bor(rest, top)
            })
            .collect()
    }
}

/// The lane that holds a number of this type.
pub(super) fn lane_type(scalar: Scalar) -> LaneType {
    match scalar {
        Scalar::F32 => LaneType::F32,
        Scalar::F64 => LaneType::F64,
        Scalar::Bool | Scalar::I8 | Scalar::U8 => LaneType::I8,
        Scalar::I16 | Scalar::U16 => LaneType::I16,
        Scalar::I32 | Scalar::U32 => LaneType::I32,
        Scalar::I64 | Scalar::U64 | Scalar::Isize | Scalar::Usize => LaneType::I64,
    }
}
