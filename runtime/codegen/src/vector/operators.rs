//! The operators of the kernel IR as operations on lanes and masks; shifts and powers are in
//! `powers.rs`, integer division in `fail.rs`. What has no form at all is a [`Refusal`].

use brolga_lang::ir::{BinaryOp, Scalar, Type, UnaryOp};

use super::build::{Builder, Symbol, lane_type};
use super::constant::Constant;
use super::program::{Comparison, LaneBinary, LaneUnary, Operation, ShiftOp, ValueId, ValueType};
use super::refusal::Refusal;

pub(super) type Made = Result<Symbol, Refusal>;

fn scalar_type(ty: &Type) -> Result<Scalar, Refusal> {
    match ty {
        Type::Scalar(scalar) => Ok(*scalar),
        Type::Tuple(_) | Type::View(_) | Type::Array(..) | Type::Never => Err(malformed()),
    }
}

pub(super) fn malformed() -> Refusal {
    Refusal::new("has IR that is not well formed")
}

pub(super) fn scalar_of(symbol: &Symbol) -> Result<Scalar, Refusal> {
    match symbol {
        Symbol::Constant(constant) => Ok(constant.scalar),
        Symbol::Input(_, scalar) | Symbol::Value(_, scalar) => Ok(*scalar),
        Symbol::Tuple(_) => Err(malformed()),
    }
}

/// Whether the operand of `op` must be a float; `otherwise` where both are allowed.
fn wants_float(op: UnaryOp, otherwise: bool) -> bool {
    match op {
        UnaryOp::Neg | UnaryOp::Abs => otherwise,
        UnaryOp::Not
        | UnaryOp::FromBits
        | UnaryOp::CountOnes
        | UnaryOp::LeadingZeros
        | UnaryOp::TrailingZeros
        | UnaryOp::SwapBytes
        | UnaryOp::ReverseBits
        | UnaryOp::F32FromF16
        | UnaryOp::F32FromBf16 => false,
        _ => true,
    }
}

/// Whether this is known to be no NaN and neither zero.
fn is_number_but_zero(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Constant(constant)
        if constant.is_number() && constant.unary(UnaryOp::Abs).is_some_and(|abs| abs.bits != 0))
}

impl Builder {
    /// `op x` with a result of type `ty`.
    pub(super) fn unary(&mut self, op: UnaryOp, x: &Symbol, ty: &Type) -> Made {
        let scalar = scalar_of(x)?;
        if let Symbol::Constant(constant) = x
            && let Some(folded) = constant.unary(op)
        {
            return Ok(Symbol::Constant(folded));
        }
        let is_float = scalar.is_float();
        if is_float != wants_float(op, is_float) {
            return Err(malformed());
        }
        let lane = match op {
            UnaryOp::Not if scalar == Scalar::Bool => {
                let mask = self.value(x)?;
                return Ok(Symbol::Value(self.mask_not(mask)?, Scalar::Bool));
            }
            UnaryOp::Not => {
                let ones = Symbol::Constant(Constant::integer(scalar, -1));
                return self.lane_binary(LaneBinary::Xor, x, &ones);
            }
            UnaryOp::Neg if is_float => {
                let sign = self.sign_bit(scalar);
                return self.lane_binary(LaneBinary::Xor, x, &sign);
            }
            UnaryOp::Abs if is_float => {
                let magnitude = self.magnitude_bits(scalar);
                return self.lane_binary(LaneBinary::And, x, &magnitude);
            }
            UnaryOp::Neg => LaneUnary::Negate,
            UnaryOp::Abs => LaneUnary::Absolute,
            UnaryOp::ToBits | UnaryOp::FromBits => {
                return self.reinterpret(x, scalar_type(ty)?);
            }
            UnaryOp::Sqrt => LaneUnary::Sqrt,
            UnaryOp::Floor if self.features.sse41 => LaneUnary::Floor,
            UnaryOp::Ceil if self.features.sse41 => LaneUnary::Ceil,
            UnaryOp::Trunc if self.features.sse41 => LaneUnary::Trunc,
            UnaryOp::RoundTiesEven if self.features.sse41 => LaneUnary::Nearest,
            UnaryOp::SwapBytes if scalar.bits() == 8 => return Ok(x.clone()),
            UnaryOp::Floor
            | UnaryOp::Ceil
            | UnaryOp::Trunc
            | UnaryOp::RoundTiesEven
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
            | UnaryOp::Bf16FromF64
            | UnaryOp::Gamma
            | UnaryOp::Lgamma => return self.one(Operation::Lanewise, op, x, scalar_type(ty)?),
            UnaryOp::Exp
            | UnaryOp::Exp2
            | UnaryOp::ExpM1
            | UnaryOp::Ln
            | UnaryOp::Ln1p
            | UnaryOp::Log2
            | UnaryOp::Log10
            | UnaryOp::Sin
            | UnaryOp::Cos
            | UnaryOp::Tan
            | UnaryOp::Asin
            | UnaryOp::Acos
            | UnaryOp::Atan
            | UnaryOp::Sinh
            | UnaryOp::Cosh
            | UnaryOp::Tanh
            | UnaryOp::Asinh
            | UnaryOp::Acosh
            | UnaryOp::Atanh
            | UnaryOp::Cbrt
            | UnaryOp::Erf
            | UnaryOp::Erfc => return self.one(Operation::Math, op, x, scalar),
        };
        self.lane_unary(lane, x, scalar)
    }

    /// An operation of one value.
    fn one(
        &mut self,
        operation: fn(UnaryOp, ValueId) -> Operation,
        op: UnaryOp,
        x: &Symbol,
        to: Scalar,
    ) -> Made {
        let ty = ValueType::Lane(lane_type(to)?);
        let x = self.value(x)?;
        Ok(Symbol::Value(self.add(operation(op, x), ty)?, to))
    }

    /// An operation of two values, of the type of the first.
    pub(super) fn two(
        &mut self,
        operation: fn(BinaryOp, ValueId, ValueId) -> Operation,
        op: BinaryOp,
        a: &Symbol,
        b: &Symbol,
    ) -> Made {
        let scalar = scalar_of(a)?;
        let ty = ValueType::Lane(lane_type(scalar)?);
        let (a, b) = (self.value(a)?, self.value(b)?);
        Ok(Symbol::Value(self.add(operation(op, a, b), ty)?, scalar))
    }

    pub(super) fn lane_unary(&mut self, op: LaneUnary, x: &Symbol, to: Scalar) -> Made {
        let ty = ValueType::Lane(lane_type(to)?);
        let x = self.value(x)?;
        Ok(Symbol::Value(self.add(Operation::Unary(op, x), ty)?, to))
    }

    /// The same bits as another type of the same width.
    fn reinterpret(&mut self, x: &Symbol, to: Scalar) -> Made {
        let from = scalar_of(x)?;
        if from.bits() != to.bits() {
            return Err(malformed());
        }
        if let Symbol::Constant(constant) = x {
            return Ok(Symbol::Constant(Constant {
                scalar: to,
                bits: constant.bits,
            }));
        }
        if lane_type(from)? == lane_type(to)? {
            return Ok(Symbol::Value(self.value(x)?, to));
        }
        self.lane_unary(LaneUnary::Reinterpret, x, to)
    }

    /// `x as ty`.
    pub(super) fn cast(&mut self, x: &Symbol, ty: &Type) -> Made {
        let (from, to) = (scalar_of(x)?, scalar_type(ty)?);
        if let Symbol::Constant(constant) = x {
            return Ok(Symbol::Constant(constant.cast(to)));
        }
        if from == to {
            return Ok(x.clone());
        }
        let lane = lane_type(to)?;
        if from == Scalar::Bool {
            if lane.is_float() {
                return Err(malformed());
            }
            let mask = self.value(x)?;
            let mask = self.resize(mask, lane.bits())?;
            let value = self.add(Operation::MaskToInteger(mask), ValueType::Lane(lane))?;
            return Ok(Symbol::Value(value, to));
        }
        if lane_type(from)? == lane {
            return Ok(Symbol::Value(self.value(x)?, to));
        }
        let x = self.value(x)?;
        let (from, into) = plain_cast(from, to);
        let value = self.add(Operation::Cast(from, into, x), ValueType::Lane(lane))?;
        Ok(Symbol::Value(value, to))
    }

    /// `a * b + c`, rounded once.
    pub(super) fn fma(&mut self, a: &Symbol, b: &Symbol, c: &Symbol) -> Made {
        if !self.features.fma {
            return Err(Refusal::new("uses `mul_add`, which needs FMA"));
        }
        let scalar = scalar_of(a)?;
        let ty = ValueType::Lane(lane_type(scalar)?);
        let (a, b, c) = (self.value(a)?, self.value(b)?, self.value(c)?);
        Ok(Symbol::Value(
            self.add(Operation::Fma(a, b, c), ty)?,
            scalar,
        ))
    }

    /// `a op b`.
    pub(super) fn binary(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        if let (Symbol::Constant(a), Symbol::Constant(b)) = (a, b)
            && let Some(folded) = a.binary(op, *b)
        {
            return Ok(Symbol::Constant(folded));
        }
        if scalar == Scalar::Bool {
            return self.mask_operator(op, a, b);
        }
        let is_float = scalar.is_float();
        match op {
            BinaryOp::Add => self.lane_binary(LaneBinary::Add, a, b),
            BinaryOp::Sub => self.lane_binary(LaneBinary::Sub, a, b),
            BinaryOp::Mul if !is_float && matches!(scalar.bits(), 8 | 64) => self.product(a, b),
            BinaryOp::Mul => self.lane_binary(LaneBinary::Mul, a, b),
            BinaryOp::Div if is_float => self.lane_binary(LaneBinary::Div, a, b),
            BinaryOp::Div => Err(malformed()),
            BinaryOp::And => self.lane_binary(LaneBinary::And, a, b),
            BinaryOp::Or => self.lane_binary(LaneBinary::Or, a, b),
            BinaryOp::Xor => self.lane_binary(LaneBinary::Xor, a, b),
            BinaryOp::Shl => self.shift(ShiftOp::Left, a, b),
            BinaryOp::Shr if scalar.is_signed() => self.shift(ShiftOp::RightSigned, a, b),
            BinaryOp::Shr => self.shift(ShiftOp::RightUnsigned, a, b),
            BinaryOp::RotateLeft => self.rotate(a, b, false),
            BinaryOp::RotateRight => self.rotate(a, b, true),
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge => {
                let comparison = comparison(op, is_float || scalar.is_signed());
                Ok(Symbol::Value(self.compare(comparison, a, b)?, Scalar::Bool))
            }
            BinaryOp::Min | BinaryOp::Max if is_float => self.float_extreme(op, a, b),
            BinaryOp::Min | BinaryOp::Max => self.integer_extreme(op, a, b),
            BinaryOp::Copysign => {
                let (magnitude, sign) = (self.magnitude_bits(scalar), self.sign_bit(scalar));
                let magnitude = self.lane_binary(LaneBinary::And, a, &magnitude)?;
                let sign = self.lane_binary(LaneBinary::And, b, &sign)?;
                self.lane_binary(LaneBinary::Or, &magnitude, &sign)
            }
            BinaryOp::SaturatingAdd | BinaryOp::SaturatingSub => self.saturating(op, a, b),
            BinaryOp::Powi => self.powi(a, b),
            BinaryOp::Pow => self.pow(a, b),
            BinaryOp::Rem if is_float => self.two(Operation::Lanewise2, op, a, b),
            BinaryOp::Atan2 | BinaryOp::Hypot | BinaryOp::Powf if is_float => {
                self.two(Operation::Math2, op, a, b)
            }
            BinaryOp::MulHigh if scalar.is_signed() => {
                self.two(|_, a, b| Operation::MulHigh(true, a, b), op, a, b)
            }
            BinaryOp::MulHigh if !is_float => {
                self.two(|_, a, b| Operation::MulHigh(false, a, b), op, a, b)
            }
            BinaryOp::Rem
            | BinaryOp::Atan2
            | BinaryOp::Hypot
            | BinaryOp::Powf
            | BinaryOp::MulHigh => Err(malformed()),
        }
    }

    pub(super) fn lane_binary(&mut self, op: LaneBinary, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        let ty = ValueType::Lane(lane_type(scalar)?);
        let (a, b) = (self.value(a)?, self.value(b)?);
        Ok(Symbol::Value(
            self.add(Operation::Binary(op, a, b), ty)?,
            scalar,
        ))
    }

    fn sign_bit(&self, scalar: Scalar) -> Symbol {
        Symbol::Constant(Constant {
            scalar,
            bits: 1 << (scalar.bits() - 1),
        })
    }

    fn magnitude_bits(&self, scalar: Scalar) -> Symbol {
        Symbol::Constant(Constant {
            scalar,
            bits: (1 << (scalar.bits() - 1)) - 1,
        })
    }

    pub(super) fn compare(
        &mut self,
        op: Comparison,
        a: &Symbol,
        b: &Symbol,
    ) -> Result<ValueId, Refusal> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        let bits = self.list.entry(a).ty.bits();
        self.add(Operation::Compare(op, a, b), ValueType::Mask(bits))
    }

    /// `f64::min` and `max` with the first operand where both are equal. A comparison with
    /// a NaN is false, so the operand to give then stands on the right.
    fn float_extreme(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let is_min = op == BinaryOp::Min;
        if is_number_but_zero(b) {
            // Equal operands are the same bits, so this may give either: it is one
            // instruction, `minpd` or `maxpd`.
            let (low, high) = if is_min { (a, b) } else { (b, a) };
            let keep = self.compare(Comparison::Less, low, high)?;
            return self.select(keep, a, b);
        }
        // With a number on the left one comparison tells all.
        if self.is_number(a) {
            return self.other_if_beyond(op, a, b);
        }
        if self.is_number(b) {
            // A NaN becomes what every number takes the place of.
            let farthest = Symbol::Constant(Constant::infinity(scalar_of(a)?, !is_min));
            let (low, high) = if is_min {
                (a, &farthest)
            } else {
                (&farthest, a)
            };
            let keep = self.compare(Comparison::Less, low, high)?;
            let number = self.select(keep, a, &farthest)?;
            return self.other_if_beyond(op, &number, b);
        }
        let extreme = self.other_if_beyond(op, a, b)?;
        let is_nan = self.compare(Comparison::Unordered, a, a)?;
        self.select(is_nan, b, &extreme)
    }

    /// `b` where it is less, or for a maximum greater, than `a`, else `a`: one instruction.
    fn other_if_beyond(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let (low, high) = if op == BinaryOp::Min { (b, a) } else { (a, b) };
        let replace = self.compare(Comparison::Less, low, high)?;
        self.select(replace, b, a)
    }

    fn integer_extreme(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        let is_min = op == BinaryOp::Min;
        if scalar.bits() < 64 {
            let op = match (is_min, scalar.is_signed()) {
                (true, true) => LaneBinary::SignedMin,
                (true, false) => LaneBinary::UnsignedMin,
                (false, true) => LaneBinary::SignedMax,
                (false, false) => LaneBinary::UnsignedMax,
            };
            return self.lane_binary(op, a, b);
        }
        let less = comparison(BinaryOp::Lt, scalar.is_signed());
        let (low, high) = if is_min { (a, b) } else { (b, a) };
        let keep = self.compare(less, low, high)?;
        self.select(keep, a, b)
    }

    fn saturating(&mut self, op: BinaryOp, a: &Symbol, b: &Symbol) -> Made {
        let scalar = scalar_of(a)?;
        let is_add = op == BinaryOp::SaturatingAdd;
        let lane = if is_add {
            LaneBinary::Add
        } else {
            LaneBinary::Sub
        };
        let constant = |value| Symbol::Constant(Constant::integer(scalar, value));
        if !scalar.is_signed() {
            // No more than what is there to the limit.
            let room = match is_add {
                true => self.lane_binary(LaneBinary::Xor, a, &constant(-1))?,
                false => a.clone(),
            };
            let most = self.integer_extreme(BinaryOp::Min, &room, b)?;
            return self.lane_binary(lane, a, &most);
        }
        let wrapped = self.lane_binary(lane, a, b)?;
        // Overflow: the result's sign differs from a's, and b's sign allowed it.
        let turned = self.lane_binary(LaneBinary::Xor, a, &wrapped)?;
        let other = if is_add { &wrapped } else { a };
        let allowed = self.lane_binary(LaneBinary::Xor, b, other)?;
        let both = self.lane_binary(LaneBinary::And, &turned, &allowed)?;
        let overflow = self.compare(Comparison::Less, &both, &constant(0))?;
        let max = (1_i128 << (scalar.bits() - 1)) - 1;
        let negative = self.compare(Comparison::Less, a, &constant(0))?;
        let limit = self.select(negative, &constant(-max - 1), &constant(max))?;
        self.select(overflow, &limit, &wrapped)
    }
}

/// A cast that does the same, one for all that do: the sign of an integer matters where it
/// becomes a float or comes from one, and that of the source where it becomes wider.
fn plain_cast(from: Scalar, to: Scalar) -> (Scalar, Scalar) {
    let sized = |scalar: Scalar| match scalar {
        Scalar::Isize => Scalar::I64,
        Scalar::Usize => Scalar::U64,
        other => other,
    };
    let unsigned = |scalar: Scalar| match scalar {
        Scalar::I8 => Scalar::U8,
        Scalar::I16 => Scalar::U16,
        Scalar::I32 => Scalar::U32,
        Scalar::I64 => Scalar::U64,
        other => other,
    };
    let (from, to) = (sized(from), sized(to));
    if from.is_float() || to.is_float() {
        (from, to)
    } else if from.bits() < to.bits() {
        (from, unsigned(to))
    } else {
        (unsigned(from), unsigned(to))
    }
}

fn comparison(op: BinaryOp, signed: bool) -> Comparison {
    match (op, signed) {
        (BinaryOp::Ne, _) => Comparison::NotEqual,
        (BinaryOp::Lt, true) => Comparison::Less,
        (BinaryOp::Lt, false) => Comparison::Below,
        (BinaryOp::Le, true) => Comparison::LessEqual,
        (BinaryOp::Le, false) => Comparison::BelowEqual,
        (BinaryOp::Gt, true) => Comparison::Greater,
        (BinaryOp::Gt, false) => Comparison::Above,
        (BinaryOp::Ge, true) => Comparison::GreaterEqual,
        (BinaryOp::Ge, false) => Comparison::AboveEqual,
        _ => Comparison::Equal,
    }
}
