//! `as` between scalars, with Rust's rules: integers wrap or extend by the sign of the
//! source, floats to integers saturate and NaN becomes 0.

use brolga_lang::ir::Scalar;
use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Value, types};

use super::{Flow, Translator, malformed};
use crate::layout::machine_type;

impl Translator<'_, '_> {
    /// A cast.
    pub(super) fn cast(&mut self, from: Scalar, to: Scalar, value: Value) -> Flow<Value> {
        match (from, to) {
            _ if from == to => Ok(value),
            (_, Scalar::Bool) | (Scalar::Bool, Scalar::F32 | Scalar::F64) => Err(malformed(
                format!("a cast from `{}` to `{}`", from.name(), to.name()),
            )),
            (Scalar::F32, Scalar::F64) => Ok(self.builder.ins().fpromote(types::F64, value)),
            (Scalar::F64, Scalar::F32) => Ok(self.builder.ins().fdemote(types::F32, value)),
            _ if from.is_float() => Ok(self.float_to_integer(to, value)),
            _ if to.is_float() => Ok(self.integer_to_float(from, to, value)),
            _ => Ok(self.integer_to_integer(from, to, value)),
        }
    }

    fn integer_to_integer(&mut self, from: Scalar, to: Scalar, value: Value) -> Value {
        let ty = machine_type(to);
        match (from.bits().cmp(&to.bits()), from.is_signed()) {
            (std::cmp::Ordering::Equal, _) => value,
            (std::cmp::Ordering::Greater, _) => self.builder.ins().ireduce(ty, value),
            (std::cmp::Ordering::Less, true) => self.builder.ins().sextend(ty, value),
            (std::cmp::Ordering::Less, false) => self.builder.ins().uextend(ty, value),
        }
    }

    /// By way of the smallest signed type of at least 32 bits that holds every value of the
    /// source, because there are instructions for these; `u64` has none.
    fn integer_to_float(&mut self, from: Scalar, to: Scalar, value: Value) -> Value {
        let ty = machine_type(to);
        match from {
            Scalar::U64 | Scalar::Usize if to == Scalar::F64 => self.wide_to_float(value),
            Scalar::U64 | Scalar::Usize => self.builder.ins().fcvt_from_uint(ty, value),
            Scalar::U32 => {
                let wide = self.builder.ins().uextend(types::I64, value);
                self.builder.ins().fcvt_from_sint(ty, wide)
            }
            _ => {
                let wide = if from.bits() < 32 {
                    self.integer_to_integer(from, Scalar::I32, value)
                } else {
                    value
                };
                self.builder.ins().fcvt_from_sint(ty, wide)
            }
        }
    }

    /// `u64` to `f64`, each half put below the bits of a power of two; only the last sum rounds.
    /// Unlike the conversion instruction it waits for nothing that its register held before.
    fn wide_to_float(&mut self, value: Value) -> Value {
        /// 2^52, and 2^84, whose last places are 1 and 2^32.
        const LOW: u64 = 0x4330_0000_0000_0000;
        const HIGH: u64 = 0x4530_0000_0000_0000;
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        let low_half = self.word(0xffff_ffff);
        let low_bits = self.word(LOW);
        let high_bits = self.word(HIGH);
        let low = self.builder.ins().band(value, low_half);
        let low = self.builder.ins().bor(low, low_bits);
        let low = self.builder.ins().bitcast(types::F64, flags, low);
        let high = self.builder.ins().ushr_imm_u(value, 32);
        let high = self.builder.ins().bor(high, high_bits);
        let high = self.builder.ins().bitcast(types::F64, flags, high);
        let both = f64::from_bits(HIGH) + f64::from_bits(LOW);
        let both = self.constant(Scalar::F64, both.to_bits());
        let high = self.builder.ins().fsub(high, both);
        self.builder.ins().fadd(high, low)
    }

    fn float_to_integer(&mut self, to: Scalar, value: Value) -> Value {
        let ty = machine_type(to);
        let ins = self.builder.ins();
        match to {
            Scalar::U64 | Scalar::Usize | Scalar::U32 => ins.fcvt_to_uint_sat(ty, value),
            Scalar::I32 | Scalar::I64 | Scalar::Isize => ins.fcvt_to_sint_sat(ty, value),
            _ => {
                // Saturating twice, first to 32 bits, is saturating once.
                let wide = ins.fcvt_to_sint_sat(types::I32, value);
                let ones = (1_i64 << to.bits()) - 1;
                let (smallest, largest) = if to.is_signed() {
                    (-(ones >> 1) - 1, ones >> 1)
                } else {
                    (0, ones)
                };
                let smallest = self.constant(Scalar::I32, smallest as u64);
                let largest = self.constant(Scalar::I32, largest as u64);
                let above = self.builder.ins().smax(wide, smallest);
                let inside = self.builder.ins().smin(above, largest);
                self.builder.ins().ireduce(ty, inside)
            }
        }
    }
}
