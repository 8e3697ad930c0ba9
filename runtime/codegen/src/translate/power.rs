//! Integer exponents. Repeated squaring, exactly as rustc's runtime does it for floats;
//! integers wrap, so that for them any order gives the same.
//!
//! ```text
//! r = 1
//! loop { if n odd { r *= x }  n /= 2  if n == 0 { break }  x *= x }
//! ```

use brolga_lang::ir::Scalar;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::Translator;
use crate::layout::machine_type;

impl Translator<'_, '_> {
    /// `x.powi(n)` with an `i32`.
    pub(super) fn powi(&mut self, scalar: Scalar, x: Value, n: Value) -> Value {
        let one = match scalar {
            Scalar::F32 => 1.0_f32.to_bits().into(),
            _ => 1.0_f64.to_bits(),
        };
        let one = self.constant(scalar, one);
        if let Some(bits) = self.constant_bits(n) {
            let n = bits as i32;
            let power = self.unrolled(scalar, x, n.unsigned_abs()).unwrap_or(one);
            return if n < 0 {
                self.builder.ins().fdiv(one, power)
            } else {
                power
            };
        }
        let magnitude = self.builder.ins().iabs(n);
        let power = self.squaring(scalar, x, magnitude, one);
        let inverse = self.builder.ins().fdiv(one, power);
        let negative = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, n, 0);
        self.builder.ins().select(negative, inverse, power)
    }

    /// `x.wrapping_pow(n)` with an `u32`.
    pub(super) fn pow(&mut self, scalar: Scalar, x: Value, n: Value) -> Value {
        let one = self.constant(scalar, 1);
        match self.constant_bits(n) {
            Some(bits) => self.unrolled(scalar, x, bits as u32).unwrap_or(one),
            None => self.squaring(scalar, x, n, one),
        }
    }

    fn multiply(&mut self, scalar: Scalar, a: Value, b: Value) -> Value {
        if scalar.is_float() {
            self.builder.ins().fmul(a, b)
        } else {
            self.builder.ins().imul(a, b)
        }
    }

    /// The power for a known exponent; `None` for 0. Leaves out the first multiplication,
    /// which is by 1.
    fn unrolled(&mut self, scalar: Scalar, x: Value, n: u32) -> Option<Value> {
        let mut result = None;
        let mut square = x;
        let mut rest = n;
        while rest != 0 {
            if rest & 1 == 1 {
                result = Some(match result {
                    None => square,
                    Some(result) => self.multiply(scalar, result, square),
                });
            }
            rest >>= 1;
            if rest != 0 {
                square = self.multiply(scalar, square, square);
            }
        }
        result
    }

    fn squaring(&mut self, scalar: Scalar, x: Value, n: Value, one: Value) -> Value {
        let ty = machine_type(scalar);
        let header = self.builder.create_block();
        let again = self.builder.create_block();
        let end = self.builder.create_block();
        for part in [ty, ty, types::I32] {
            self.builder.append_block_param(header, part);
        }
        self.builder.append_block_param(end, ty);
        self.jump(header, &[one, x, n]);
        self.builder.switch_to_block(header);
        let &[result, square, rest] = self.builder.block_params(header) else {
            unreachable!("three parameters were appended");
        };
        let product = self.multiply(scalar, result, square);
        let odd = self.builder.ins().band_imm_u(rest, 1);
        let result = self.builder.ins().select(odd, product, result);
        let rest = self.builder.ins().ushr_imm_u(rest, 1);
        self.builder
            .ins()
            .brif(rest, again, &[], end, &[result.into()]);
        self.open(again);
        let square = self.multiply(scalar, square, square);
        self.jump(header, &[result, square, rest]);
        self.builder.seal_block(header);
        self.open(end);
        self.builder.block_params(end)[0]
    }
}
