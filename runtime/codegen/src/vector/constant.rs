//! Arithmetic on constants of the kernel IR, so that a constant of another width (an
//! exponent, a shift amount, a cast literal) never becomes a lane value. Folds what gives
//! the same bits as compiled code; what it does not know stays an operation.

use brolga_lang::ir::{BinaryOp, Scalar, UnaryOp};

/// A constant with its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Constant {
    pub(super) scalar: Scalar,
    /// As in `ExprKind::Const`: zero-extended.
    pub(super) bits: u64,
}

impl Constant {
    pub(super) const fn bool(value: bool) -> Constant {
        Constant {
            scalar: Scalar::Bool,
            bits: value as u64,
        }
    }

    /// An integer or bool, wrapped into the type.
    pub(super) fn integer(scalar: Scalar, value: i128) -> Constant {
        let mask = u64::MAX >> (64 - scalar.bits());
        Constant {
            scalar,
            bits: value as u64 & mask,
        }
    }

    fn float(scalar: Scalar, value: f64) -> Constant {
        let bits = match scalar {
            Scalar::F32 => u64::from((value as f32).to_bits()),
            _ => value.to_bits(),
        };
        Constant { scalar, bits }
    }

    /// An infinity of a type of floats.
    pub(super) fn infinity(scalar: Scalar, negative: bool) -> Constant {
        let value = if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
        Constant::float(scalar, value)
    }

    /// The value of an integer or bool.
    pub(super) fn as_integer(self) -> Option<i128> {
        if self.scalar.is_float() {
            return None;
        }
        let unused = 64 - self.scalar.bits();
        Some(if self.scalar.is_signed() {
            i128::from((self.bits << unused) as i64 >> unused)
        } else {
            i128::from(self.bits)
        })
    }

    /// The value of a float; `f32` is exact in it.
    fn as_float(self) -> Option<f64> {
        match self.scalar {
            Scalar::F32 => Some(f64::from(f32::from_bits(self.bits as u32))),
            Scalar::F64 => Some(f64::from_bits(self.bits)),
            _ => None,
        }
    }

    /// Whether this is a number and not a NaN.
    pub(super) fn is_number(self) -> bool {
        self.as_float().is_none_or(|value| !value.is_nan())
    }

    /// `self as to`.
    pub(super) fn cast(self, to: Scalar) -> Constant {
        match (self.as_integer(), self.as_float()) {
            (Some(value), _) if to == Scalar::F32 => Constant {
                scalar: to,
                bits: u64::from((value as f32).to_bits()),
            },
            (Some(value), _) if to == Scalar::F64 => Constant::float(to, value as f64),
            (Some(value), _) => Constant::integer(to, value),
            (None, Some(value)) if to.is_float() => Constant::float(to, value),
            (None, Some(value)) => {
                let unsigned_max = i128::from(u64::MAX >> (64 - to.bits()));
                let (low, high) = if to.is_signed() {
                    (-(unsigned_max / 2) - 1, unsigned_max / 2)
                } else {
                    (0, unsigned_max)
                };
                Constant::integer(to, (value as i128).clamp(low, high))
            }
            (None, None) => self,
        }
    }

    /// `op self`, where it is known.
    pub(super) fn unary(self, op: UnaryOp) -> Option<Constant> {
        let Constant { scalar, bits } = self;
        let sign = 1 << (scalar.bits() - 1);
        if scalar.is_float() {
            let bits = match op {
                UnaryOp::Neg => bits ^ sign,
                UnaryOp::Abs => bits & !sign,
                _ => return None,
            };
            return Some(Constant { scalar, bits });
        }
        let value = self.as_integer()?;
        Some(match op {
            UnaryOp::Neg => Constant::integer(scalar, -value),
            UnaryOp::Abs => Constant::integer(scalar, value.abs()),
            UnaryOp::Not if scalar == Scalar::Bool => Constant::bool(value == 0),
            UnaryOp::Not => Constant::integer(scalar, !value),
            _ => return None,
        })
    }

    /// `self op rhs` for operands of one type, where it is known.
    pub(super) fn binary(self, op: BinaryOp, rhs: Constant) -> Option<Constant> {
        if self.scalar != rhs.scalar {
            return None;
        }
        if let (Some(a), Some(b)) = (self.as_float(), rhs.as_float()) {
            return self.float_binary(op, a, b);
        }
        let (a, b) = (self.as_integer()?, rhs.as_integer()?);
        let value = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a.wrapping_mul(b),
            BinaryOp::And => a & b,
            BinaryOp::Or => a | b,
            BinaryOp::Xor => a ^ b,
            BinaryOp::Min => a.min(b),
            BinaryOp::Max => a.max(b),
            _ => return compare(op, a.partial_cmp(&b)),
        };
        Some(Constant::integer(self.scalar, value))
    }

    fn float_binary(self, op: BinaryOp, a: f64, b: f64) -> Option<Constant> {
        // An f32 operation done in f64 and rounded once more gives the same bits: f64 has
        // more than twice the digits of f32 and two to spare.
        let value = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            BinaryOp::Div => a / b,
            _ => return compare(op, a.partial_cmp(&b)),
        };
        Some(Constant::float(self.scalar, value))
    }
}

fn compare(op: BinaryOp, order: Option<std::cmp::Ordering>) -> Option<Constant> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let holds = match op {
        BinaryOp::Eq => order == Some(Equal),
        BinaryOp::Ne => order != Some(Equal),
        BinaryOp::Lt => order == Some(Less),
        BinaryOp::Le => matches!(order, Some(Less | Equal)),
        BinaryOp::Gt => order == Some(Greater),
        BinaryOp::Ge => matches!(order, Some(Greater | Equal)),
        _ => return None,
    };
    Some(Constant::bool(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_follow_rust() {
        let f64_bits = |value: f64| Constant {
            scalar: Scalar::F64,
            bits: value.to_bits(),
        };
        for value in [0.0, -0.0, 1.9, -1.9, 300.0, -300.0, 1e300, -1e300, f64::NAN] {
            let constant = f64_bits(value);
            assert_eq!(constant.cast(Scalar::U8).bits, u64::from(value as u8));
            assert_eq!(constant.cast(Scalar::I8).bits, u64::from(value as i8 as u8));
            assert_eq!(constant.cast(Scalar::U64).bits, value as u64);
            assert_eq!(constant.cast(Scalar::I64).bits, value as i64 as u64);
            assert_eq!(
                constant.cast(Scalar::F32).bits,
                u64::from((value as f32).to_bits())
            );
        }
        for value in [0_i64, -1, i64::MAX, i64::MIN, (1 << 53) + 1, 16_777_217] {
            let constant = Constant::integer(Scalar::I64, i128::from(value));
            assert_eq!(constant.cast(Scalar::F64).bits, (value as f64).to_bits());
            assert_eq!(
                constant.cast(Scalar::F32).bits,
                u64::from((value as f32).to_bits())
            );
            assert_eq!(constant.cast(Scalar::I16).bits, u64::from(value as u16));
            assert_eq!(constant.cast(Scalar::U64).bits, value as u64);
        }
    }

    #[test]
    fn integers_wrap_and_comparisons_know_nan() {
        let max = Constant::integer(Scalar::I32, i128::from(i32::MAX));
        let one = Constant::integer(Scalar::I32, 1);
        let min = Constant::integer(Scalar::I32, i128::from(i32::MIN));
        assert_eq!(max.binary(BinaryOp::Add, one), Some(min));
        assert_eq!(min.unary(UnaryOp::Neg), Some(min));
        assert_eq!(min.unary(UnaryOp::Abs), Some(min));
        let nan = Constant {
            scalar: Scalar::F64,
            bits: f64::NAN.to_bits(),
        };
        assert_eq!(nan.binary(BinaryOp::Ne, nan), Some(Constant::bool(true)));
        assert_eq!(nan.binary(BinaryOp::Ge, nan), Some(Constant::bool(false)));
        assert!(!nan.is_number());
    }
}
