//! Arithmetic on lanes: what CLIF has for whole vectors, and integer products and quotients
//! that it lacks, by wider lanes.

use brolga_lang::ir::DivisionOp;
use cranelift_codegen::ir::{InstBuilder, Value, types};

use super::{Held, Lowering, integer_vector};
use crate::vector::program::{LaneBinary, LaneType, LaneUnary, ShiftOp, ValueId, ValueType};

impl Lowering<'_, '_> {
    pub(super) fn unary(
        &mut self,
        op: LaneUnary,
        x: Value,
        ty: cranelift_codegen::ir::Type,
    ) -> Value {
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

    pub(super) fn binary(&mut self, op: LaneBinary, a: ValueId, b: ValueId, ty: ValueType) -> Held {
        if op == LaneBinary::Mul && ty == ValueType::Lane(LaneType::I8) {
            let a = self.whole(a);
            let b = self.whole(b);
            let (a, b) = (self.widen(a, 8, 16, false), self.widen(b, 8, 16, false));
            let products = a
                .into_iter()
                .zip(b)
                .map(|(a, b)| self.builder.ins().imul(a, b))
                .collect();
            return Held::Vectors(self.truncate(products, 16, 8));
        }
        let count = self.count(ty.bits());
        let vectors = (0..count).map(|j| {
            let (a, b) = (self.vector(a, j), self.vector(b, j));
            self.binary_vector(op, a, b, ty.is_float())
        });
        Held::Vectors(vectors.collect())
    }

    fn binary_vector(&mut self, op: LaneBinary, a: Value, b: Value, is_float: bool) -> Value {
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

    /// A shift of all lanes by a constant.
    pub(super) fn shift(&mut self, op: ShiftOp, x: Value, amount: u32) -> Value {
        let amount = self.builder.ins().iconst(types::I32, i64::from(amount));
        match op {
            ShiftOp::Left => self.builder.ins().ishl(x, amount),
            ShiftOp::RightUnsigned => self.builder.ins().ushr(x, amount),
            ShiftOp::RightSigned => self.builder.ins().sshr(x, amount),
        }
    }

    /// Shifts by lanes. There is no such vector operation in CLIF.
    pub(super) fn shift_lanes(
        &mut self,
        op: ShiftOp,
        x: ValueId,
        amounts: ValueId,
        ty: ValueType,
    ) -> Vec<Value> {
        self.lane_by_lane(&[x, amounts], ty, |this, lanes| {
            let ins = this.builder.ins();
            match op {
                ShiftOp::Left => ins.ishl(lanes[0], lanes[1]),
                ShiftOp::RightUnsigned => ins.ushr(lanes[0], lanes[1]),
                ShiftOp::RightSigned => ins.sshr(lanes[0], lanes[1]),
            }
        })
    }

    /// The upper half of the product: the product of lanes twice as wide, shifted.
    pub(super) fn multiply_high(
        &mut self,
        signed: bool,
        a: ValueId,
        b: ValueId,
        ty: ValueType,
    ) -> Vec<Value> {
        let bits = ty.bits();
        if bits == 64 {
            return self.lane_by_lane(&[a, b], ty, |this, lanes| {
                if signed {
                    this.builder.ins().smulhi(lanes[0], lanes[1])
                } else {
                    this.builder.ins().umulhi(lanes[0], lanes[1])
                }
            });
        }
        let (a, b) = (self.whole(a), self.whole(b));
        let a = self.widen(a, bits, 2 * bits, signed);
        let b = self.widen(b, bits, 2 * bits, signed);
        let products: Vec<Value> = a
            .into_iter()
            .zip(b)
            .map(|(a, b)| self.builder.ins().imul(a, b))
            .collect();
        if bits == 32 {
            let order = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];
            let pairs = products.chunks(2);
            return pairs
                .map(|pair| {
                    let upper = self.shuffle(pair[0], pair[pair.len() - 1], order);
                    self.cast(types::I32X4, upper)
                })
                .collect();
        }
        let upper = products
            .into_iter()
            .map(|product| self.shift(ShiftOp::RightUnsigned, product, bits))
            .collect();
        self.truncate(upper, 2 * bits, bits)
    }

    /// Quotients of integers. A quotient of floats, cut off, is exact where both operands have
    /// at most half the digits of a float's fraction: it differs from the integer above by
    /// more than the rounding can bridge. So 32-bit lanes go by `f64`, narrower by `f32`.
    pub(super) fn division(
        &mut self,
        op: DivisionOp,
        signed: bool,
        a: ValueId,
        b: ValueId,
        ty: ValueType,
    ) -> Vec<Value> {
        let bits = ty.bits();
        if bits == 64 {
            return self.lane_by_lane(&[a, b], ty, |this, lanes| {
                this.scalar_division(op, signed, lanes[0], lanes[1])
            });
        }
        let (a, b) = (self.whole(a), self.whole(b));
        // Lanes of 32 bits keep all quotients of narrower ones, and their remainders.
        let a = self.widen(a, bits, 32, signed);
        let b = self.widen(b, bits, 32, signed);
        let quotients = if bits == 32 {
            let x = self.integers_to_f64(&a, signed);
            let y = self.integers_to_f64(&b, signed);
            let exact: Vec<Value> = x
                .into_iter()
                .zip(y)
                .map(|(x, y)| self.builder.ins().fdiv(x, y))
                .collect();
            if signed {
                self.f64_to_i32(exact)
            } else {
                self.f64_to_u32(exact)
            }
        } else {
            a.iter()
                .zip(&b)
                .map(|(&a, &b)| {
                    let x = self.builder.ins().fcvt_from_sint(types::F32X4, a);
                    let y = self.builder.ins().fcvt_from_sint(types::F32X4, b);
                    let exact = self.builder.ins().fdiv(x, y);
                    self.builder.ins().x86_cvtt2dq(types::I32X4, exact)
                })
                .collect()
        };
        let results = match op {
            DivisionOp::Quotient => quotients,
            DivisionOp::Remainder => quotients
                .into_iter()
                .zip(a.into_iter().zip(b))
                .map(|(quotient, (a, b))| {
                    let whole = self.builder.ins().imul(quotient, b);
                    self.builder.ins().isub(a, whole)
                })
                .collect(),
        };
        self.truncate(results, 32, bits)
    }

    /// 64 bits; as in the scalar loop, without the instruction for signed quotients, which
    /// brings a trap along.
    fn scalar_division(&mut self, op: DivisionOp, signed: bool, a: Value, b: Value) -> Value {
        match (op, signed) {
            (DivisionOp::Quotient, false) => self.builder.ins().udiv(a, b),
            (DivisionOp::Remainder, false) => self.builder.ins().urem(a, b),
            (DivisionOp::Remainder, true) => self.builder.ins().srem(a, b),
            (DivisionOp::Quotient, true) => {
                let magnitude = self.builder.ins().iabs(a);
                let divisor = self.builder.ins().iabs(b);
                let quotient = self.builder.ins().udiv(magnitude, divisor);
                let signs = self.builder.ins().bxor(a, b);
                let mask = self.builder.ins().sshr_imm_u(signs, 63);
                let flipped = self.builder.ins().bxor(quotient, mask);
                self.builder.ins().isub(flipped, mask)
            }
        }
    }

    /// Integer lanes in wider ones.
    pub(super) fn widen(
        &mut self,
        vectors: Vec<Value>,
        from: u32,
        to: u32,
        signed: bool,
    ) -> Vec<Value> {
        let (mut vectors, mut bits) = (vectors, from);
        while bits < to {
            let count = self.count(2 * bits);
            let mut wider = Vec::with_capacity(count);
            for vector in vectors {
                let low = if signed {
                    self.builder.ins().swiden_low(vector)
                } else {
                    self.builder.ins().uwiden_low(vector)
                };
                wider.push(low);
                if wider.len() < count {
                    wider.push(if signed {
                        self.builder.ins().swiden_high(vector)
                    } else {
                        self.builder.ins().uwiden_high(vector)
                    });
                }
            }
            vectors = wider;
            bits *= 2;
        }
        vectors
    }

    /// The low bits of integer lanes, in narrower ones.
    pub(super) fn truncate(&mut self, vectors: Vec<Value>, from: u32, to: u32) -> Vec<Value> {
        let (mut vectors, mut bits) = (vectors, from);
        while bits > to {
            vectors = vectors
                .chunks(2)
                .map(|pair| self.truncate_pair(pair[0], pair[pair.len() - 1], bits))
                .collect();
            bits /= 2;
        }
        vectors
    }

    fn truncate_pair(&mut self, low: Value, high: Value, bits: u32) -> Value {
        match bits {
            64 => {
                let order = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
                let lanes = self.shuffle(low, high, order);
                self.cast(types::I32X4, lanes)
            }
            32 if !self.strip.fast_blend => {
                // Packing unsigned lanes of 32 bits came with SSE4.1: the sign keeps what is
                // packed from saturating.
                let [low, high] = [low, high].map(|vector| {
                    let high = self.shift(ShiftOp::Left, vector, 16);
                    self.shift(ShiftOp::RightSigned, high, 16)
                });
                self.builder.ins().snarrow(low, high)
            }
            _ => {
                let ones = self.constant(integer_vector(bits), (1 << (bits / 2)) - 1);
                let low = self.builder.ins().band(low, ones);
                let high = self.builder.ins().band(high, ones);
                self.builder.ins().unarrow(low, high)
            }
        }
    }
}
