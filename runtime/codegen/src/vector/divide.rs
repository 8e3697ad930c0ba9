//! Quotients and remainders by constants without divisions, and products with constants without
//! products, where there is no instruction for these. The factors of quotients are those of Granlund
//! and Montgomery, "Division by Invariant Integers using Multiplication" (PLDI 1994), figures 4.2
//! and 5.2. Whether the division may fail is `fail.rs`'s question.

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, Type, UnaryOp};

use super::build::{Builder, Symbol};
use super::constant::Constant;
use super::operators::{Made, malformed};
use super::program::{LaneBinary, ShiftOp};

impl Builder {
    /// A quotient or remainder by a constant that is not 0, of a dividend that it may divide.
    /// By powers of two with shifts, else by the upper half of a product.
    pub(super) fn divide_by_constant(
        &mut self,
        op: DivisionOp,
        a: &Symbol,
        divisor: Constant,
    ) -> Made {
        let scalar = divisor.scalar;
        let signed = scalar.is_signed();
        let value = divisor.as_integer().ok_or_else(malformed)?;
        if let Symbol::Constant(dividend) = a {
            let dividend = dividend.as_integer().ok_or_else(malformed)?;
            return Ok(Symbol::Constant(Constant::integer(
                scalar,
                match op {
                    DivisionOp::Quotient => dividend / value,
                    DivisionOp::Remainder => dividend % value,
                },
            )));
        }
        let constant = |value| Symbol::Constant(Constant::integer(scalar, value));
        match (value, op) {
            (1, DivisionOp::Quotient) => return Ok(a.clone()),
            (1 | -1, DivisionOp::Remainder) => return Ok(constant(0)),
            (-1, DivisionOp::Quotient) => {
                return self.unary(UnaryOp::Neg, a, &Type::Scalar(scalar));
            }
            _ => {}
        }
        if value < 0 || value.count_ones() != 1 {
            let quotient = match signed {
                true => self.signed_quotient(a, scalar, value)?,
                false => self.unsigned_quotient(a, scalar, value)?,
            };
            if op == DivisionOp::Quotient {
                return Ok(quotient);
            }
            let whole = self.binary(BinaryOp::Mul, &quotient, &Symbol::Constant(divisor))?;
            return self.binary(BinaryOp::Sub, a, &whole);
        }
        let power = value.trailing_zeros();
        let low = constant(value - 1);
        if !signed {
            return match op {
                DivisionOp::Quotient => self.shift(ShiftOp::RightUnsigned, a, &by(power)),
                DivisionOp::Remainder => self.binary(BinaryOp::And, a, &low),
            };
        }
        // Rounding is towards zero: a negative dividend goes up by the divisor less one.
        let sign = self.shift(ShiftOp::RightSigned, a, &by(scalar.bits() - 1))?;
        let bias = self.shift(ShiftOp::RightUnsigned, &sign, &by(scalar.bits() - power))?;
        let biased = self.binary(BinaryOp::Add, a, &bias)?;
        match op {
            DivisionOp::Quotient => self.shift(ShiftOp::RightSigned, &biased, &by(power)),
            DivisionOp::Remainder => {
                let rest = self.binary(BinaryOp::And, &biased, &low)?;
                self.binary(BinaryOp::Sub, &rest, &bias)
            }
        }
    }
    /// `a * b` of lanes that have no instruction for it. With a constant of few bits by shifts.
    pub(super) fn product(&mut self, a: &Symbol, b: &Symbol) -> Made {
        let (x, factor) = match (a, b) {
            (x, Symbol::Constant(factor)) | (Symbol::Constant(factor), x) => (x, factor),
            _ => return self.lane_binary(LaneBinary::Mul, a, b),
        };
        let bits = factor.bits & (u64::MAX >> (64 - factor.scalar.bits()));
        let (low, high) = (bits.trailing_zeros(), 63 - bits.leading_zeros().min(63));
        match bits.count_ones() {
            0 => Ok(Symbol::Constant(*factor)),
            1 if low == 0 => Ok(x.clone()),
            1 => self.shift(ShiftOp::Left, x, &by(low)),
            2 => {
                let high = self.shift(ShiftOp::Left, x, &by(high))?;
                let low = match low {
                    0 => x.clone(),
                    _ => self.shift(ShiftOp::Left, x, &by(low))?,
                };
                self.lane_binary(LaneBinary::Add, &high, &low)
            }
            ones if ones == high + 1 && high + 1 < factor.scalar.bits() => {
                let above = self.shift(ShiftOp::Left, x, &by(ones))?;
                self.lane_binary(LaneBinary::Sub, &above, x)
            }
            _ => self.lane_binary(LaneBinary::Mul, a, b),
        }
    }

    /// `a / divisor` of unsigned integers, of a divisor that is no power of two.
    fn unsigned_quotient(&mut self, a: &Symbol, scalar: Scalar, divisor: i128) -> Made {
        let reciprocal = Reciprocal::unsigned(scalar.bits(), divisor.unsigned_abs());
        let factor = Symbol::Constant(Constant::integer(scalar, reciprocal.factor));
        let upper = self.binary(BinaryOp::MulHigh, &factor, a)?;
        if !reciprocal.adds {
            return self.shift(ShiftOp::RightUnsigned, &upper, &by(reciprocal.shift));
        }
        // The sum of both has one bit more than there is room for.
        let rest = self.binary(BinaryOp::Sub, a, &upper)?;
        let half = self.shift(ShiftOp::RightUnsigned, &rest, &by(1))?;
        let sum = self.binary(BinaryOp::Add, &upper, &half)?;
        self.shift(ShiftOp::RightUnsigned, &sum, &by(reciprocal.shift - 1))
    }

    /// `a / divisor` of signed integers, of a divisor beyond -1 and 1.
    fn signed_quotient(&mut self, a: &Symbol, scalar: Scalar, divisor: i128) -> Made {
        let reciprocal = Reciprocal::signed(scalar.bits(), divisor.unsigned_abs());
        let factor = Symbol::Constant(Constant::integer(scalar, reciprocal.factor));
        let mut upper = self.binary(BinaryOp::MulHigh, &factor, a)?;
        if reciprocal.adds {
            upper = self.binary(BinaryOp::Add, &upper, a)?;
        }
        let down = self.shift(ShiftOp::RightSigned, &upper, &by(reciprocal.shift))?;
        // Rounding is towards zero: one more where the dividend is negative.
        let sign = self.shift(ShiftOp::RightSigned, a, &by(scalar.bits() - 1))?;
        match divisor < 0 {
            true => self.binary(BinaryOp::Sub, &sign, &down),
            false => self.binary(BinaryOp::Sub, &down, &sign),
        }
    }
}

fn by(amount: u32) -> Symbol {
    Symbol::Constant(Constant::integer(Scalar::U32, amount.into()))
}

/// A factor whose product with a dividend, cut off, is the quotient: the upper half of the product
/// (where `adds` is set, of the dividend's and the factor's with 2^bits more), shifted.
struct Reciprocal {
    factor: i128,
    shift: u32,
    adds: bool,
}

impl Reciprocal {
    /// For unsigned numbers of `bits` bits and a divisor of at least 3 that is no power of two.
    fn unsigned(bits: u32, divisor: u128) -> Reciprocal {
        let most = divisor.ilog2() + 1;
        // A factor that is too large by at most 2^shift / divisor is right for all dividends;
        // with the shift `most` there always is one, of one bit more.
        for shift in 0..most {
            let power = 1_u128 << (bits + shift);
            let factor = power / divisor + 1;
            if factor * divisor - power <= 1 << shift && factor >> bits == 0 {
                return Reciprocal {
                    factor: factor as i128,
                    shift,
                    adds: false,
                };
            }
        }
        let above = (((1_u128 << most) - divisor) << bits) / divisor + 1;
        Reciprocal {
            factor: above as i128,
            shift: most,
            adds: true,
        }
    }

    /// For signed numbers of `bits` bits and a divisor with a magnitude of at least 2.
    fn signed(bits: u32, magnitude: u128) -> Reciprocal {
        // The smallest power of two that is not below the divisor, halved.
        let shift = (magnitude - 1).ilog2();
        let factor = (1_u128 << (bits + shift)) / magnitude + 1;
        // It is 2^(bits - 1) or more: as a signed factor 2^bits less.
        Reciprocal {
            factor: factor as i128 - (1 << bits),
            shift,
            adds: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divisors(bits: u32) -> impl Iterator<Item = u128> {
        let most = u128::MAX >> (128 - bits);
        let edges = (0..bits).flat_map(move |k| [(1 << k) - 1, 1 << k, (1 << k) + 1, most >> k]);
        (1..2000)
            .chain(edges)
            .filter(move |&divisor| divisor > 1 && divisor <= most)
    }

    /// The dividends around multiples of the divisor, where an error would show first.
    fn dividends(bits: u32, divisor: u128) -> impl Iterator<Item = u128> {
        let most = u128::MAX >> (128 - bits);
        let last = most / divisor * divisor;
        let around = [
            0,
            divisor,
            last / divisor / 2 * divisor,
            last,
            most,
            most / 2 + 1,
        ];
        around
            .into_iter()
            .flat_map(|x| [x.saturating_sub(1), x, x + 1])
            .filter(move |&x| x <= most)
    }

    #[test]
    fn reciprocals_give_the_quotients_of_unsigned_numbers() {
        for bits in [8, 16, 32, 64] {
            for divisor in divisors(bits).filter(|divisor| !divisor.is_power_of_two()) {
                let Reciprocal {
                    factor,
                    shift,
                    adds,
                } = Reciprocal::unsigned(bits, divisor);
                let every = (bits == 8).then_some(0..256).into_iter().flatten();
                for x in dividends(bits, divisor).chain(every) {
                    let upper = (x * factor as u128) >> bits;
                    let sum = if adds { upper + x } else { upper };
                    assert_eq!(sum >> shift, x / divisor, "{x} / {divisor} of {bits} bits");
                }
            }
        }
    }

    #[test]
    fn reciprocals_give_the_quotients_of_signed_numbers() {
        for bits in [8, 16, 32, 64] {
            let least = 1_u128 << (bits - 1);
            for divisor in divisors(bits).filter(|&divisor| divisor <= least) {
                let Reciprocal {
                    factor,
                    shift,
                    adds,
                } = Reciprocal::signed(bits, divisor);
                assert!(adds && (-(least as i128)..least as i128).contains(&factor));
                for x in dividends(bits, divisor).filter(|&x| x <= least) {
                    for x in [x as i128, -(x as i128)] {
                        if x == least as i128 {
                            continue;
                        }
                        let upper = ((x * factor) >> bits) + x;
                        let quotient = (upper >> shift) - (x >> (bits - 1));
                        assert_eq!(
                            quotient,
                            x / divisor as i128,
                            "{x} / {divisor} of {bits} bits"
                        );
                    }
                }
            }
        }
    }
}
