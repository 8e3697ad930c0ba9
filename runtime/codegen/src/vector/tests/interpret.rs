//! Runs strip programs lane by lane, without a back end, and checks on the way what they promise:
//! types of operands, divisors and amounts of shifts, and that values stand before their uses.

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, UnaryOp};

use super::super::constant::Constant;
use super::super::program::{
    Comparison, LaneBinary, LaneType, LaneUnary, Loop, MaskBinary, Node, Operation, ShiftOp,
    StripProgram, Turns, ValueId, ValueType,
};

/// More turns than any loop of a test makes.
const MOST_TURNS: u64 = 100_000;

/// What a group comes to.
#[derive(PartialEq, Debug)]
pub(super) enum Ran {
    /// The results of each lane.
    Done(Vec<Vec<u64>>),
    Bailed,
}

/// The turns that loops made.
pub(super) struct Interpreter<'s> {
    strip: &'s StripProgram,
    inputs: &'s [Vec<u64>],
    values: Vec<Option<Vec<u64>>>,
    pub(super) turns: u64,
}

struct Bail;

impl<'s> Interpreter<'s> {
    /// `inputs`: the operands of each lane.
    pub(super) fn new(strip: &'s StripProgram, inputs: &'s [Vec<u64>]) -> Interpreter<'s> {
        Interpreter {
            strip,
            inputs,
            values: vec![None; strip.entries.len()],
            turns: 0,
        }
    }

    pub(super) fn run(&mut self) -> Ran {
        let strip = self.strip;
        if self.nodes(&strip.body).is_err() {
            return Ran::Bailed;
        }
        Ran::Done(
            (0..self.inputs.len())
                .map(|lane| {
                    strip
                        .outputs
                        .iter()
                        .map(|(operand, value)| {
                            if operand.scalar == Scalar::Bool {
                                assert_eq!(strip.entry(*value).ty, ValueType::Mask(8));
                            }
                            self.lanes(*value)[lane]
                        })
                        .collect()
                })
                .collect(),
        )
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<(), Bail> {
        for node in nodes {
            match node {
                Node::Value(value) => {
                    let lanes = self.operation(*value);
                    self.values[value.0 as usize] = Some(lanes);
                }
                Node::Bail(mask) => {
                    assert!(matches!(self.strip.entry(*mask).ty, ValueType::Mask(_)));
                    if self.lanes(*mask).iter().any(|&truth| truth != 0) {
                        return Err(Bail);
                    }
                }
                Node::Loop(inner) => self.repeat(inner)?,
            }
        }
        Ok(())
    }

    fn repeat(&mut self, inner: &Loop) -> Result<(), Bail> {
        let mut next: Vec<Vec<u64>> = Vec::new();
        for carried in &inner.carried {
            let types = [
                carried.parameter,
                carried.initial,
                carried.next,
                carried.result,
            ]
            .map(|value| self.strip.entry(value).ty);
            assert!(types.iter().all(|ty| *ty == types[0]), "{types:?}");
            next.push(self.lanes(carried.initial).to_vec());
        }
        assert!(inner.turns.is_some() || inner.again.is_some());
        for turn in 0.. {
            assert!(turn < MOST_TURNS, "a loop that does not end");
            self.turns += 1;
            for (carried, next) in inner.carried.iter().zip(next) {
                self.values[carried.parameter.0 as usize] = Some(next);
            }
            if let Some(counter) = inner.counter {
                self.values[counter.0 as usize] = Some(vec![turn; self.inputs.len()]);
            }
            self.nodes(&inner.body)?;
            next = inner
                .carried
                .iter()
                .map(|carried| self.lanes(carried.next).to_vec())
                .collect();
            let wanted = inner
                .again
                .is_none_or(|again| self.lanes(again).iter().any(|&truth| truth != 0));
            if !wanted || inner.turns == Some(Turns::Known(turn + 1)) {
                break;
            }
        }
        for (carried, next) in inner.carried.iter().zip(next) {
            self.values[carried.result.0 as usize] = Some(next);
        }
        Ok(())
    }

    fn lanes(&self, value: ValueId) -> &[u64] {
        self.values[value.0 as usize]
            .as_deref()
            .expect("a value that is computed before")
    }

    fn operation(&self, value: ValueId) -> Vec<u64> {
        let entry = self.strip.entry(value);
        (0..self.inputs.len())
            .map(|lane| self.lane(entry.operation, entry.ty, lane))
            .collect()
    }

    /// The type of lanes, with the sign that an operation gives them.
    fn signed(&self, value: ValueId, signed: bool) -> Scalar {
        match self.strip.entry(value).ty {
            ValueType::Mask(_) => Scalar::Bool,
            ValueType::Offset => unreachable!("no kernel's own loop goes along operands"),
            ValueType::Lane(lane) => match (lane, signed) {
                (LaneType::I8, true) => Scalar::I8,
                (LaneType::I16, true) => Scalar::I16,
                (LaneType::I32, true) => Scalar::I32,
                (LaneType::I64, true) => Scalar::I64,
                (lane, _) => lane.scalar(),
            },
        }
    }

    fn lane(&self, operation: Operation, ty: ValueType, lane: usize) -> u64 {
        let get = |value: ValueId| self.lanes(value)[lane];
        let typed = |value: ValueId, signed| Constant {
            scalar: self.signed(value, signed),
            bits: get(value),
        };
        let same = |values: &[ValueId]| {
            for value in values {
                assert_eq!(
                    self.strip.entry(*value).ty,
                    ty,
                    "an operand of {operation:?}"
                );
            }
        };
        let folded = |op, a: ValueId, b, signed| {
            let (a, b) = (typed(a, signed), typed(b, signed));
            let folded = a.binary(op, b);
            folded.unwrap_or_else(|| panic!("{op:?}")).bits
        };
        match operation {
            Operation::Constant(bits) => bits,
            Operation::MaskConstant(truth) => truth.into(),
            Operation::Load(number) => self.inputs[lane][number],
            Operation::Parameter => panic!("a parameter as a node"),
            Operation::LoadAt(..) => unreachable!("no kernel's own loop goes along operands"),
            Operation::Position => lane as u64,
            Operation::Unary(LaneUnary::Reinterpret, x) => {
                assert_eq!(self.strip.entry(x).ty.bits(), ty.bits());
                get(x)
            }
            Operation::Unary(op, x) => {
                same(&[x]);
                let constant = typed(x, true);
                let as_float = |f: fn(f64) -> f64| match constant.scalar {
                    Scalar::F32 => u64::from(
                        (f(f64::from(f32::from_bits(constant.bits as u32))) as f32).to_bits(),
                    ),
                    _ => f(f64::from_bits(constant.bits)).to_bits(),
                };
                match op {
                    LaneUnary::Sqrt => as_float(f64::sqrt),
                    LaneUnary::Floor => as_float(f64::floor),
                    LaneUnary::Ceil => as_float(f64::ceil),
                    LaneUnary::Trunc => as_float(f64::trunc),
                    LaneUnary::Nearest => as_float(f64::round_ties_even),
                    LaneUnary::Negate => constant.unary(UnaryOp::Neg).expect("known").bits,
                    LaneUnary::Absolute => constant.unary(UnaryOp::Abs).expect("known").bits,
                    LaneUnary::Reinterpret => unreachable!("done above"),
                }
            }
            Operation::Binary(op, a, b) => {
                same(&[a, b]);
                match op {
                    LaneBinary::Add => folded(BinaryOp::Add, a, b, false),
                    LaneBinary::Sub => folded(BinaryOp::Sub, a, b, false),
                    LaneBinary::Mul => folded(BinaryOp::Mul, a, b, false),
                    LaneBinary::Div => folded(BinaryOp::Div, a, b, false),
                    LaneBinary::And => get(a) & get(b),
                    LaneBinary::Or => get(a) | get(b),
                    LaneBinary::Xor => get(a) ^ get(b),
                    LaneBinary::SignedMin => folded(BinaryOp::Min, a, b, true),
                    LaneBinary::SignedMax => folded(BinaryOp::Max, a, b, true),
                    LaneBinary::UnsignedMin => folded(BinaryOp::Min, a, b, false),
                    LaneBinary::UnsignedMax => folded(BinaryOp::Max, a, b, false),
                }
            }
            Operation::Shift(op, x, amount) => {
                same(&[x]);
                shift(op, typed(x, true), amount.into())
            }
            Operation::ShiftLanes(op, x, amount) => {
                same(&[x, amount]);
                shift(op, typed(x, true), get(amount))
            }
            Operation::Cast(from, to, x) => {
                let lanes = self.signed(x, from.is_signed());
                assert_eq!(lanes, from, "the source of a cast");
                let bits = typed(x, from.is_signed()).cast(to).bits;
                assert_eq!(to.bits(), ty.bits(), "the result of a cast");
                bits
            }
            Operation::Division(op, signed, a, b) => {
                same(&[a, b]);
                let (x, y) = (typed(a, signed), typed(b, signed));
                let [x, y] = [x, y].map(|c| c.as_integer().expect("an integer"));
                assert_ne!(y, 0, "a divisor");
                let bits = ty.bits();
                assert!(!signed || y != -1 || x != -(1 << (bits - 1)), "a quotient");
                let result = match op {
                    DivisionOp::Quotient => x / y,
                    DivisionOp::Remainder => x % y,
                };
                Constant::integer(self.signed(a, signed), result).bits
            }
            Operation::MulHigh(signed, a, b) => {
                same(&[a, b]);
                let [x, y] = [a, b].map(|v| typed(v, signed).as_integer().expect("an integer"));
                let high = match signed {
                    true => (x * y) >> ty.bits(),
                    false => ((x as u128 * y as u128) >> ty.bits()) as i128,
                };
                Constant::integer(self.signed(a, signed), high).bits
            }
            Operation::Lanewise(UnaryOp::CountOnes, x) => get(x).count_ones().into(),
            Operation::Lanewise(..)
            | Operation::Lanewise2(..)
            | Operation::Math(..)
            | Operation::Math2(..) => panic!("{operation:?} has no meaning here"),
            Operation::Fma(a, b, c) => {
                same(&[a, b, c]);
                let [a, b, c] = [a, b, c].map(get);
                if ty.bits() == 32 {
                    let [a, b, c] = [a, b, c].map(|bits| f32::from_bits(bits as u32));
                    u64::from(a.mul_add(b, c).to_bits())
                } else {
                    let [a, b, c] = [a, b, c].map(f64::from_bits);
                    a.mul_add(b, c).to_bits()
                }
            }
            Operation::Compare(op, a, b) => {
                assert_eq!(self.strip.entry(a).ty, self.strip.entry(b).ty);
                assert_eq!(self.strip.entry(a).ty.bits(), ty.bits());
                let holds = |op, signed| folded(op, a, b, signed);
                match op {
                    Comparison::Equal => holds(BinaryOp::Eq, false),
                    Comparison::NotEqual => holds(BinaryOp::Ne, false),
                    Comparison::Less => holds(BinaryOp::Lt, true),
                    Comparison::LessEqual => holds(BinaryOp::Le, true),
                    Comparison::Greater => holds(BinaryOp::Gt, true),
                    Comparison::GreaterEqual => holds(BinaryOp::Ge, true),
                    Comparison::Below => holds(BinaryOp::Lt, false),
                    Comparison::BelowEqual => holds(BinaryOp::Le, false),
                    Comparison::Above => holds(BinaryOp::Gt, false),
                    Comparison::AboveEqual => holds(BinaryOp::Ge, false),
                    Comparison::Unordered => {
                        u64::from(!typed(a, false).is_number() || !typed(b, false).is_number())
                    }
                }
            }
            Operation::Select(mask, a, b) => {
                same(&[a, b]);
                assert_eq!(self.strip.entry(mask).ty, ValueType::Mask(ty.bits()));
                if get(mask) != 0 { get(a) } else { get(b) }
            }
            Operation::MaskNot(mask) => {
                same(&[mask]);
                1 - get(mask)
            }
            Operation::MaskBinary(op, a, b) => {
                same(&[a, b]);
                match op {
                    MaskBinary::And => get(a) & get(b),
                    MaskBinary::Or => get(a) | get(b),
                    MaskBinary::Xor => get(a) ^ get(b),
                }
            }
            Operation::MaskToInteger(mask) => {
                assert_eq!(self.strip.entry(mask).ty, ValueType::Mask(ty.bits()));
                get(mask)
            }
            Operation::MaskResize(mask) => {
                let from = self.strip.entry(mask).ty;
                assert!(
                    from != ty && matches!((from, ty), (ValueType::Mask(_), ValueType::Mask(_)))
                );
                get(mask)
            }
        }
    }
}

fn shift(op: ShiftOp, x: Constant, amount: u64) -> u64 {
    assert!(amount < u64::from(x.scalar.bits()), "an amount");
    let value = x.as_integer().expect("an integer");
    let shifted = match op {
        ShiftOp::Left => value << amount,
        ShiftOp::RightSigned => value >> amount,
        ShiftOp::RightUnsigned => i128::from(x.bits) >> amount,
    };
    Constant::integer(x.scalar, shifted).bits
}
