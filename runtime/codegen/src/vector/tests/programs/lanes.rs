//! Operations that work in each lane by itself, in every type.

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, UnaryOp};

use super::super::super::program::*;
use super::{LANES, NUMBERS, check_all, check_bits, lane};

#[test]
fn casts_between_all_types_are_rusts() {
    for from in NUMBERS {
        for to in NUMBERS {
            if from == to {
                continue;
            }
            check_bits(&format!("{} as {}", from.name(), to.name()), |m| {
                let x = m.load(from);
                let y = m.add(Operation::Cast(from, to, x), lane(to));
                m.store(to, y);
            });
        }
    }
}

#[test]
fn narrow_lanes_beside_wide_ones_are_parts_of_vectors() {
    for from in NUMBERS {
        check_all(&format!("{} beside f64", from.name()), |m| {
            let x = m.load(from);
            let y = m.load(Scalar::F64);
            let wide = if from == Scalar::F64 {
                x
            } else {
                m.add(Operation::Cast(from, Scalar::F64, x), lane(Scalar::F64))
            };
            let sum = m.binary(LaneBinary::Add, wide, y);
            m.store(Scalar::F64, sum);
            let less = m.compare(Comparison::Less, wide, y);
            let bool = m.add(Operation::MaskResize(less), ValueType::Mask(8));
            m.store(Scalar::Bool, bool);
        });
    }
}

#[test]
fn integer_operations_of_every_width() {
    let binary = [
        LaneBinary::Add,
        LaneBinary::Sub,
        LaneBinary::Mul,
        LaneBinary::And,
        LaneBinary::Or,
        LaneBinary::Xor,
        LaneBinary::SignedMin,
        LaneBinary::SignedMax,
        LaneBinary::UnsignedMin,
        LaneBinary::UnsignedMax,
    ];
    for (ty, scalar, _) in LANES {
        let ty = ValueType::Lane(ty);
        for op in binary {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let (a, b) = (m.load(scalar), m.load(scalar));
                let result = m.binary(op, a, b);
                m.store(scalar, result);
            });
        }
        for op in [LaneUnary::Negate, LaneUnary::Absolute] {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let x = m.load(scalar);
                let result = m.add(Operation::Unary(op, x), ty);
                m.store(scalar, result);
            });
        }
        for op in [ShiftOp::Left, ShiftOp::RightUnsigned, ShiftOp::RightSigned] {
            for amount in [1, 3, ty.bits() - 1] {
                check_bits(&format!("{op:?} {amount} of {}", scalar.name()), |m| {
                    let x = m.load(scalar);
                    let result = m.add(Operation::Shift(op, x, amount), ty);
                    m.store(scalar, result);
                });
            }
            check_bits(&format!("{op:?} of {} by lanes", scalar.name()), |m| {
                let (x, amount) = (m.load(scalar), m.load(scalar));
                let most = m.constant(scalar, u64::from(ty.bits()) - 1);
                let amount = m.binary(LaneBinary::And, amount, most);
                let result = m.add(Operation::ShiftLanes(op, x, amount), ty);
                m.store(scalar, result);
            });
        }
        for signed in [false, true] {
            check_bits(&format!("upper half of {}, {signed}", scalar.name()), |m| {
                let (a, b) = (m.load(scalar), m.load(scalar));
                let result = m.add(Operation::MulHigh(signed, a, b), ty);
                m.store(scalar, result);
            });
        }
    }
}

#[test]
fn divisions_of_every_width() {
    for (ty, signed, unsigned) in LANES {
        for (scalar, is_signed) in [(signed, true), (unsigned, false)] {
            for op in [DivisionOp::Quotient, DivisionOp::Remainder] {
                check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                    let (a, b) = (m.load(scalar), m.load(scalar));
                    // 0 and -1 become 3.
                    let ones = m.constant(scalar, u64::MAX);
                    let zero = m.constant(scalar, 0);
                    let three = m.constant(scalar, 3);
                    let is_zero = m.compare(Comparison::Equal, b, zero);
                    let b = m.select(is_zero, three, b);
                    let is_ones = m.compare(Comparison::Equal, b, ones);
                    let b = m.select(is_ones, three, b);
                    let result = m.add(
                        Operation::Division(op, is_signed, a, b),
                        ValueType::Lane(ty),
                    );
                    m.store(scalar, result);
                });
            }
        }
    }
}

#[test]
fn comparisons_masks_and_selects_of_every_width() {
    use Comparison::*;
    let integers = [
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        Below,
        BelowEqual,
        Above,
        AboveEqual,
    ];
    for (_, scalar, _) in LANES {
        for op in integers {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let (a, b, truth) = (m.load(scalar), m.load(scalar), m.load(Scalar::Bool));
                let bits = scalar.bits();
                let mask = m.compare(op, a, b);
                let wide = m.add(Operation::MaskResize(truth), ValueType::Mask(bits));
                let both = m.add(
                    Operation::MaskBinary(MaskBinary::Xor, mask, wide),
                    ValueType::Mask(bits),
                );
                let chosen = m.select(both, a, b);
                m.store(scalar, chosen);
                let direct = m.select(mask, b, a);
                m.store(scalar, direct);
                let number = m.add(Operation::MaskToInteger(both), lane(scalar));
                m.store(scalar, number);
                let not = m.add(Operation::MaskNot(both), ValueType::Mask(bits));
                let bytes = m.add(Operation::MaskResize(not), ValueType::Mask(8));
                m.store(Scalar::Bool, bytes);
            });
        }
    }
}

#[test]
fn comparisons_with_constants_of_every_width() {
    use Comparison::{Above, Below};
    for (_, _, scalar) in LANES {
        let most = u64::MAX >> (64 - scalar.bits());
        for op in [Below, Above] {
            for limit in [0, 1, 77, most / 2, most - 1, most] {
                check_bits(&format!("{op:?} {limit} of {}", scalar.name()), |m| {
                    let x = m.load(scalar);
                    let limit = m.constant(scalar, limit);
                    let mask = m.compare(op, x, limit);
                    let bytes = m.add(Operation::MaskResize(mask), ValueType::Mask(8));
                    m.store(Scalar::Bool, if scalar.bits() == 8 { mask } else { bytes });
                });
            }
        }
    }
}

#[test]
fn masks_go_from_every_width_to_every_other() {
    for (_, from, _) in LANES {
        for (_, to, _) in LANES {
            if from == to {
                continue;
            }
            check_bits(&format!("masks, {} to {}", from.name(), to.name()), |m| {
                let (a, b) = (m.load(from), m.load(from));
                let (x, y) = (m.load(to), m.load(to));
                let mask = m.compare(Comparison::Less, a, b);
                let mask = m.add(Operation::MaskResize(mask), ValueType::Mask(to.bits()));
                let chosen = m.select(mask, x, y);
                m.store(to, chosen);
            });
        }
    }
}

#[test]
fn operations_lane_by_lane() {
    for (ty, scalar, _) in LANES {
        for op in [
            UnaryOp::CountOnes,
            UnaryOp::LeadingZeros,
            UnaryOp::TrailingZeros,
        ] {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let x = m.load(scalar);
                let count = m.add(Operation::Lanewise(op, x), lane(Scalar::U32));
                m.store(Scalar::U32, count);
            });
        }
        for op in [UnaryOp::SwapBytes, UnaryOp::ReverseBits] {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let x = m.load(scalar);
                let result = m.add(Operation::Lanewise(op, x), ValueType::Lane(ty));
                m.store(scalar, result);
            });
        }
        for op in [BinaryOp::Pow, BinaryOp::RotateLeft] {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let (x, by) = (m.load(scalar), m.load(Scalar::U32));
                let most = m.constant(Scalar::U32, 77);
                let by = m.binary(LaneBinary::UnsignedMin, by, most);
                let result = m.add(Operation::Lanewise2(op, x, by), ValueType::Lane(ty));
                m.store(scalar, result);
            });
        }
    }
    for scalar in [Scalar::F32, Scalar::F64] {
        for op in [UnaryOp::Gamma, UnaryOp::Floor] {
            check_bits(&format!("{op:?} of {}", scalar.name()), |m| {
                let x = m.load(scalar);
                let result = m.add(Operation::Lanewise(op, x), lane(scalar));
                m.store(scalar, result);
            });
        }
        check_bits(&format!("remainder of {}", scalar.name()), |m| {
            let (a, b) = (m.load(scalar), m.load(scalar));
            let result = m.add(Operation::Lanewise2(BinaryOp::Rem, a, b), lane(scalar));
            m.store(scalar, result);
        });
    }
}

#[test]
fn a_comparison_may_read_its_operand_from_memory_at_any_alignment() {
    for scalar in [Scalar::F32, Scalar::F64] {
        check_bits(&format!("0 < {}", scalar.name()), |m| {
            let x = m.load(scalar);
            let zero = m.constant(scalar, 0);
            let above = m.compare(Comparison::Less, zero, x);
            let number = m.add(
                Operation::MaskToInteger(above),
                lane(if scalar == Scalar::F32 {
                    Scalar::U32
                } else {
                    Scalar::U64
                }),
            );
            m.store(
                if scalar == Scalar::F32 {
                    Scalar::U32
                } else {
                    Scalar::U64
                },
                number,
            );
        });
    }
}
