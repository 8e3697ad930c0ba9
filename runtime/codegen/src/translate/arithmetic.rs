//! Operations on two values, and the fused multiply-add. Not powers ([`super::power`]).
//!
//! Nothing here can trap: divisors are tested first, and signed quotients are taken from
//! the magnitudes, because the instruction for signed division brings a trap along.

use brolga_lang::ir::{BinaryOp, DivisionOp, Expr, ExprKind, Scalar, SiteId};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

use super::{Flow, Translator, malformed};
use crate::layout::{machine_type, scalar_of};

impl<'p> Translator<'_, 'p> {
    /// An operation on two values.
    pub(super) fn binary(&mut self, op: BinaryOp, lhs: &'p Expr, rhs: &'p Expr) -> Flow<Value> {
        let scalar = scalar_of(&lhs.ty)?;
        if let Some(fused) = self.contract(op, scalar, lhs, rhs) {
            return fused;
        }
        let a = self.scalar(lhs)?;
        let b = self.scalar(rhs)?;
        let own_type = !matches!(
            op,
            BinaryOp::Shl
                | BinaryOp::Shr
                | BinaryOp::RotateLeft
                | BinaryOp::RotateRight
                | BinaryOp::Pow
                | BinaryOp::Powi
        );
        let type_of = |value| self.builder.func.dfg.value_type(value);
        if own_type && type_of(a) != type_of(b) {
            return Err(malformed(format!("{op:?} of values that differ in type")));
        }
        self.binary_values(op, scalar, a, b)
    }

    /// An operation on two values of a type.
    pub(super) fn binary_values(
        &mut self,
        op: BinaryOp,
        scalar: Scalar,
        a: Value,
        b: Value,
    ) -> Flow<Value> {
        let wrong = || malformed(format!("{op:?} of `{}`", scalar.name()));
        if let Some(value) = self.compare(op, scalar, a, b) {
            return Ok(value);
        }
        if scalar.is_float() {
            return self.float_binary(op, scalar, a, b).ok_or_else(wrong)?;
        }
        let bitwise = matches!(
            op,
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Min | BinaryOp::Max
        );
        if scalar == Scalar::Bool && !bitwise {
            return Err(wrong());
        }
        self.integer_binary(op, scalar, a, b).ok_or_else(wrong)
    }

    fn compare(&mut self, op: BinaryOp, scalar: Scalar, a: Value, b: Value) -> Option<Value> {
        let (float, signed, unsigned) = match op {
            BinaryOp::Eq => (FloatCC::Equal, IntCC::Equal, IntCC::Equal),
            BinaryOp::Ne => (FloatCC::NotEqual, IntCC::NotEqual, IntCC::NotEqual),
            BinaryOp::Lt => (
                FloatCC::LessThan,
                IntCC::SignedLessThan,
                IntCC::UnsignedLessThan,
            ),
            BinaryOp::Le => (
                FloatCC::LessThanOrEqual,
                IntCC::SignedLessThanOrEqual,
                IntCC::UnsignedLessThanOrEqual,
            ),
            BinaryOp::Gt => (
                FloatCC::GreaterThan,
                IntCC::SignedGreaterThan,
                IntCC::UnsignedGreaterThan,
            ),
            BinaryOp::Ge => (
                FloatCC::GreaterThanOrEqual,
                IntCC::SignedGreaterThanOrEqual,
                IntCC::UnsignedGreaterThanOrEqual,
            ),
            _ => return None,
        };
        Some(if scalar.is_float() {
            self.builder.ins().fcmp(float, a, b)
        } else if scalar.is_signed() {
            self.builder.ins().icmp(signed, a, b)
        } else {
            self.builder.ins().icmp(unsigned, a, b)
        })
    }

    fn float_binary(
        &mut self,
        op: BinaryOp,
        scalar: Scalar,
        a: Value,
        b: Value,
    ) -> Option<Flow<Value>> {
        Some(match op {
            BinaryOp::Add => Ok(self.builder.ins().fadd(a, b)),
            BinaryOp::Sub => Ok(self.builder.ins().fsub(a, b)),
            BinaryOp::Mul => Ok(self.builder.ins().fmul(a, b)),
            BinaryOp::Div => Ok(self.builder.ins().fdiv(a, b)),
            BinaryOp::Copysign => Ok(self.builder.ins().fcopysign(a, b)),
            BinaryOp::Min => {
                let smaller = self.builder.ins().fcmp(FloatCC::LessThan, b, a);
                Ok(self.unless_nan(smaller, a, b))
            }
            BinaryOp::Max => {
                let smaller = self.builder.ins().fcmp(FloatCC::LessThan, a, b);
                Ok(self.unless_nan(smaller, a, b))
            }
            BinaryOp::Rem => self.math("fmod", scalar, &[a, b]),
            BinaryOp::Atan2 => self.math("atan2", scalar, &[a, b]),
            BinaryOp::Hypot => self.math("hypot", scalar, &[a, b]),
            BinaryOp::Powf => self.math("powf", scalar, &[a, b]),
            BinaryOp::Powi => Ok(self.powi(scalar, a, b)),
            _ => return None,
        })
    }

    /// `b` if the comparison holds or `a` is NaN, else `a`. The inner selection has the
    /// form of the minimum and maximum instructions, which give `a` for a NaN in `b` and
    /// for zeros; the outer one is a jump that is hardly ever taken.
    fn unless_nan(&mut self, takes_b: Value, a: Value, b: Value) -> Value {
        let chosen = self.builder.ins().select(takes_b, b, a);
        let nan = self.builder.ins().fcmp(FloatCC::Unordered, a, a);
        self.builder.ins().select(nan, b, chosen)
    }

    fn integer_binary(
        &mut self,
        op: BinaryOp,
        scalar: Scalar,
        a: Value,
        b: Value,
    ) -> Option<Value> {
        let signed = scalar.is_signed();
        if op == BinaryOp::Mul {
            return Some(self.product(a, b));
        }
        let ins = self.builder.ins();
        Some(match op {
            BinaryOp::Add => ins.iadd(a, b),
            BinaryOp::Sub => ins.isub(a, b),
            BinaryOp::And => ins.band(a, b),
            BinaryOp::Or => ins.bor(a, b),
            BinaryOp::Xor => ins.bxor(a, b),
            // CLIF takes shift and rotation amounts modulo the width, as Rust's wrapping
            // forms do.
            BinaryOp::Shl => ins.ishl(a, b),
            BinaryOp::Shr if signed => ins.sshr(a, b),
            BinaryOp::Shr => ins.ushr(a, b),
            BinaryOp::RotateLeft => ins.rotl(a, b),
            BinaryOp::RotateRight => ins.rotr(a, b),
            BinaryOp::Min if signed => ins.smin(a, b),
            BinaryOp::Min => ins.umin(a, b),
            BinaryOp::Max if signed => ins.smax(a, b),
            BinaryOp::Max => ins.umax(a, b),
            BinaryOp::SaturatingAdd => self.saturating(scalar, a, b, true),
            BinaryOp::SaturatingSub => self.saturating(scalar, a, b, false),
            BinaryOp::MulHigh => self.multiply_high(scalar, a, b),
            BinaryOp::Pow => self.pow(scalar, a, b),
            _ => return None,
        })
    }

    /// A product of integers. By 3, 5 and 9 it is a shift and a sum, which x86-64 has as one
    /// instruction that takes a third of a multiplication's time.
    fn product(&mut self, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let wide = ty == types::I32 || ty == types::I64;
        for (factor, other) in [(a, b), (b, a)] {
            let shift = match self.constant_bits(factor) {
                Some(3) => 1,
                Some(5) => 2,
                Some(9) => 3,
                _ => continue,
            };
            if wide {
                let scaled = self.builder.ins().ishl_imm_u(other, shift);
                return self.builder.ins().iadd(other, scaled);
            }
        }
        self.builder.ins().imul(a, b)
    }

    fn saturating(&mut self, scalar: Scalar, a: Value, b: Value, add: bool) -> Value {
        let ty = machine_type(scalar);
        let wrapped = if add {
            self.builder.ins().iadd(a, b)
        } else {
            self.builder.ins().isub(a, b)
        };
        if !scalar.is_signed() {
            let (outside, limit) = if add { (wrapped, u64::MAX) } else { (b, 0) };
            // a + b wrapped below a; a - b with b above a.
            let overflow = if add {
                self.builder.ins().icmp(IntCC::UnsignedLessThan, outside, a)
            } else {
                self.builder
                    .ins()
                    .icmp(IntCC::UnsignedGreaterThan, outside, a)
            };
            let limit = self.constant(scalar, limit);
            return self.builder.ins().select(overflow, limit, wrapped);
        }
        // A sum overflows when both operands differ from it in sign, a difference when the
        // first operand differs in sign from both the second and the result.
        let from_result = self.builder.ins().bxor(a, wrapped);
        let other = if add {
            self.builder.ins().bxor(b, wrapped)
        } else {
            self.builder.ins().bxor(a, b)
        };
        let signs = self.builder.ins().band(from_result, other);
        let overflow = self
            .builder
            .ins()
            .icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        let sign = self.builder.ins().sshr_imm_u(a, i64::from(ty.bits()) - 1);
        let largest = self.constant(scalar, u64::MAX >> (65 - ty.bits()));
        let limit = self.builder.ins().bxor(sign, largest);
        self.builder.ins().select(overflow, limit, wrapped)
    }

    fn multiply_high(&mut self, scalar: Scalar, a: Value, b: Value) -> Value {
        let ty = machine_type(scalar);
        let ins = self.builder.ins();
        if ty == types::I64 {
            return if scalar.is_signed() {
                ins.smulhi(a, b)
            } else {
                ins.umulhi(a, b)
            };
        }
        let a = self.extend(scalar.is_signed(), types::I64, a);
        let b = self.extend(scalar.is_signed(), types::I64, b);
        let product = self.builder.ins().imul(a, b);
        let upper = self.builder.ins().ushr_imm_u(product, i64::from(ty.bits()));
        self.builder.ins().ireduce(ty, upper)
    }

    /// An integer in a wider type.
    fn extend(&mut self, signed: bool, ty: Type, value: Value) -> Value {
        if signed {
            self.builder.ins().sextend(ty, value)
        } else {
            self.builder.ins().uextend(ty, value)
        }
    }

    /// Integer `/` and `%`.
    pub(super) fn division(
        &mut self,
        op: DivisionOp,
        lhs: &'p Expr,
        rhs: &'p Expr,
        by_zero: SiteId,
        overflow: Option<SiteId>,
    ) -> Flow<Value> {
        let scalar = scalar_of(&lhs.ty)?;
        if !scalar.is_integer() || rhs.ty != lhs.ty {
            return Err(malformed(format!("a division of `{}`", scalar.name())));
        }
        let a = self.scalar(lhs)?;
        let b = self.scalar(rhs)?;
        let minus_one = u64::MAX >> (64 - scalar.bits());
        let constant = match &rhs.kind {
            ExprKind::Const(bits) => Some(bits & minus_one),
            _ => None,
        };
        match constant {
            Some(0) => return Err(self.panic(by_zero)),
            Some(_) => {}
            None if self.is_never(b, 0) => {}
            None => {
                let zero = self.builder.ins().icmp_imm_u(IntCC::Equal, b, 0);
                self.panic_if(zero, by_zero);
                self.decided.differs(b, 0);
            }
        }
        if scalar.is_signed()
            && constant.is_none_or(|bits| bits == minus_one)
            && !self.is_never(b, minus_one)
        {
            let Some(overflow) = overflow else {
                return Err(malformed("a signed division without a site for overflow"));
            };
            let smallest = self.constant(scalar, minus_one - (minus_one >> 1));
            let all_ones = self.constant(scalar, minus_one);
            let at_limit = self.builder.ins().icmp(IntCC::Equal, a, smallest);
            let negates = self.builder.ins().icmp(IntCC::Equal, b, all_ones);
            let overflows = self.builder.ins().band(at_limit, negates);
            self.panic_if(overflows, overflow);
        }
        let safe_constant = constant.is_some_and(|bits| bits != minus_one);
        Ok(self.divide(op, scalar, a, b, safe_constant))
    }

    /// A division whose operands are known to be good. `safe_constant`: the divisor is a
    /// constant, neither 0 nor all ones.
    fn divide(
        &mut self,
        op: DivisionOp,
        scalar: Scalar,
        a: Value,
        b: Value,
        safe_constant: bool,
    ) -> Value {
        let ty = machine_type(scalar);
        let signed = scalar.is_signed();
        // The 8 and 16 bit forms are slow, and unknown to the rules for constant divisors.
        let narrow = ty.bits() < 32;
        let (a, b) = if narrow {
            (
                self.extend(signed, types::I32, a),
                self.extend(signed, types::I32, b),
            )
        } else {
            (a, b)
        };
        let result = match (op, signed) {
            (DivisionOp::Remainder, true) if safe_constant => self.builder.ins().srem(a, b),
            (_, false) | (DivisionOp::Remainder, true) => self.by_size(op, signed, a, b),
            (DivisionOp::Quotient, true) if safe_constant => self.builder.ins().sdiv(a, b),
            (DivisionOp::Quotient, true) => {
                let magnitude = self.builder.ins().iabs(a);
                let divisor = self.builder.ins().iabs(b);
                let quotient = self.by_size(op, false, magnitude, divisor);
                let signs = self.builder.ins().bxor(a, b);
                let bits = i64::from(self.builder.func.dfg.value_type(signs).bits());
                let mask = self.builder.ins().sshr_imm_u(signs, bits - 1);
                let flipped = self.builder.ins().bxor(quotient, mask);
                self.builder.ins().isub(flipped, mask)
            }
        };
        if narrow {
            self.builder.ins().ireduce(ty, result)
        } else {
            result
        }
    }

    /// A division of good operands, not of signed numbers to a quotient. Where the machine
    /// divides 64 bits more slowly than 32, operands that fit into 32 are divided so.
    fn by_size(&mut self, op: DivisionOp, signed: bool, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let fixed = self.constant_bits(b).is_some();
        if ty != types::I64 || fixed || !self.unit.slow_wide_division {
            return self.plain_division(op, signed, a, b);
        }
        let narrow = self.builder.create_block();
        let wide = self.builder.create_block();
        let end = self.builder.create_block();
        let result = self.builder.append_block_param(end, ty);
        let either = self.builder.ins().bor(a, b);
        let upper = self.builder.ins().ushr_imm_u(either, 32);
        self.builder.ins().brif(upper, wide, &[], narrow, &[]);
        self.open(narrow);
        let [low_a, low_b] = [a, b].map(|value| self.builder.ins().ireduce(types::I32, value));
        let low = self.plain_division(op, false, low_a, low_b);
        let low = self.builder.ins().uextend(ty, low);
        self.jump(end, &[low]);
        self.open(wide);
        let whole = self.plain_division(op, signed, a, b);
        self.jump(end, &[whole]);
        self.open(end);
        result
    }

    fn plain_division(&mut self, op: DivisionOp, signed: bool, a: Value, b: Value) -> Value {
        match (op, signed) {
            (DivisionOp::Quotient, _) => self.builder.ins().udiv(a, b),
            (DivisionOp::Remainder, false) => self.builder.ins().urem(a, b),
            (DivisionOp::Remainder, true) => self.builder.ins().srem(a, b),
        }
    }

    /// `a * b + c` with one rounding.
    pub(super) fn fma(&mut self, scalar: Scalar, a: Value, b: Value, c: Value) -> Flow<Value> {
        if !scalar.is_float() {
            return Err(malformed(format!(
                "a fused multiply-add of `{}`",
                scalar.name()
            )));
        }
        if self.unit.has_fma {
            Ok(self.builder.ins().fma(a, b, c))
        } else {
            self.math("fma", scalar, &[a, b, c])
        }
    }

    /// Under `fastmath`, a sum with a product in one instruction, where there is one.
    fn contract(
        &mut self,
        op: BinaryOp,
        scalar: Scalar,
        lhs: &'p Expr,
        rhs: &'p Expr,
    ) -> Option<Flow<Value>> {
        let allowed = self.unit.program.fastmath && self.unit.has_fma && scalar.is_float();
        let subtracts = match op {
            BinaryOp::Add => false,
            BinaryOp::Sub => true,
            _ => return None,
        };
        let product = |e: &'p Expr| match &e.kind {
            ExprKind::Binary(BinaryOp::Mul, a, b) => Some((&**a, &**b)),
            _ => None,
        };
        let fused = |t: &mut Self, a, b, addend, first: bool| {
            let (x, y, z) = if first {
                let (x, y) = (t.scalar(a)?, t.scalar(b)?);
                (x, y, t.scalar(addend)?)
            } else {
                let z = t.scalar(addend)?;
                (t.scalar(a)?, t.scalar(b)?, z)
            };
            Ok(match (subtracts, first) {
                (false, _) => t.builder.ins().fma(x, y, z),
                (true, true) => {
                    let z = t.builder.ins().fneg(z);
                    t.builder.ins().fma(x, y, z)
                }
                (true, false) => {
                    let x = t.builder.ins().fneg(x);
                    t.builder.ins().fma(x, y, z)
                }
            })
        };
        match (allowed, product(lhs), product(rhs)) {
            (true, Some((a, b)), _) => Some(fused(self, a, b, rhs, true)),
            (true, None, Some((a, b))) => Some(fused(self, a, b, lhs, false)),
            _ => None,
        }
    }

    /// A function of the NRT's math library, by its name without prefix and suffix.
    pub(super) fn math(&mut self, name: &str, scalar: Scalar, args: &[Value]) -> Flow<Value> {
        if !scalar.is_float() {
            return Err(malformed(format!("{name} of `{}`", scalar.name())));
        }
        let symbol = format!("nrt_{name}_{}", scalar.name());
        self.call_nrt(&symbol, args)
    }
}
