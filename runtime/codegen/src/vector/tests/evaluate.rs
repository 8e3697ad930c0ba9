//! The meaning of strip programs, one element at a time: what the code is compared with.

use std::collections::HashMap;

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, UnaryOp};

use super::super::program::*;

/// Values of one element, by their bits; a mask is 0 or 1.
pub(super) struct Evaluation<'a> {
    strip: &'a StripProgram,
    inputs: HashMap<usize, u64>,
    position: u64,
    values: HashMap<ValueId, u64>,
}

fn low(bits: u32, value: u64) -> u64 {
    value & (u64::MAX >> (64 - bits))
}

fn signed(bits: u32, value: u64) -> i64 {
    (value << (64 - bits)) as i64 >> (64 - bits)
}

fn float(bits: u32, value: u64) -> f64 {
    match bits {
        32 => f64::from(f32::from_bits(value as u32)),
        _ => f64::from_bits(value),
    }
}

/// `$x as` the type of a scalar, as bits.
macro_rules! as_bits {
    ($x:expr, $to:expr) => {
        match $to {
            Scalar::Bool => panic!("a cast to bool"),
            Scalar::I8 => $x as i8 as u8 as u64,
            Scalar::U8 => $x as u8 as u64,
            Scalar::I16 => $x as i16 as u16 as u64,
            Scalar::U16 => $x as u16 as u64,
            Scalar::I32 => $x as i32 as u32 as u64,
            Scalar::U32 => $x as u32 as u64,
            Scalar::I64 | Scalar::Isize => $x as i64 as u64,
            Scalar::U64 | Scalar::Usize => $x as u64,
            Scalar::F32 => u64::from(($x as f32).to_bits()),
            Scalar::F64 => ($x as f64).to_bits(),
        }
    };
}

pub(super) fn cast(from: Scalar, to: Scalar, x: u64) -> u64 {
    match from {
        Scalar::Bool => panic!("a cast from bool"),
        Scalar::I8 => as_bits!(x as i8, to),
        Scalar::U8 => as_bits!(x as u8, to),
        Scalar::I16 => as_bits!(x as i16, to),
        Scalar::U16 => as_bits!(x as u16, to),
        Scalar::I32 => as_bits!(x as i32, to),
        Scalar::U32 => as_bits!(x as u32, to),
        Scalar::I64 | Scalar::Isize => as_bits!(x as i64, to),
        Scalar::U64 | Scalar::Usize => as_bits!(x, to),
        Scalar::F32 => as_bits!(f32::from_bits(x as u32), to),
        Scalar::F64 => as_bits!(f64::from_bits(x), to),
    }
}

/// A function of the NRT, called as the strip code calls it.
fn nrt1(name: &str, bits: u32, x: u64) -> u64 {
    let address = brolga_nrt::address(&format!("nrt_{name}_f{bits}")).expect("a symbol");
    if bits == 32 {
        // SAFETY: the NRT's scalar functions of this suffix have this type.
        let function: extern "C" fn(f32) -> f32 = unsafe { std::mem::transmute(address) };
        u64::from(function(f32::from_bits(x as u32)).to_bits())
    } else {
        // SAFETY: as above.
        let function: extern "C" fn(f64) -> f64 = unsafe { std::mem::transmute(address) };
        function(f64::from_bits(x)).to_bits()
    }
}

impl<'a> Evaluation<'a> {
    /// The outputs of an element, or `None` where it bails.
    pub(super) fn run(
        strip: &'a StripProgram,
        inputs: HashMap<usize, u64>,
        position: u64,
    ) -> Option<Vec<u64>> {
        let mut evaluation = Evaluation {
            strip,
            inputs,
            position,
            values: HashMap::new(),
        };
        evaluation.nodes(&strip.body)?;
        let outputs = strip.outputs.iter();
        Some(outputs.map(|(_, value)| evaluation.get(*value)).collect())
    }

    fn get(&self, value: ValueId) -> u64 {
        match self.strip.entry(value).operation {
            Operation::Constant(bits) => low(self.strip.entry(value).ty.bits(), bits),
            Operation::MaskConstant(truth) => u64::from(truth),
            _ => self.values[&value],
        }
    }

    fn nodes(&mut self, nodes: &[Node]) -> Option<()> {
        for node in nodes {
            match node {
                Node::Value(value) => {
                    let entry = self.strip.entry(*value);
                    let is_set = matches!(
                        entry.operation,
                        Operation::Constant(_) | Operation::MaskConstant(_) | Operation::Parameter
                    );
                    if !is_set {
                        let result = self.operation(entry);
                        self.values.insert(*value, result);
                    }
                }
                Node::Bail(mask) => {
                    if self.get(*mask) != 0 {
                        return None;
                    }
                }
                Node::Loop(inner) => self.run_loop(inner)?,
            }
        }
        Some(())
    }

    fn run_loop(&mut self, inner: &Loop) -> Option<()> {
        for carried in &inner.carried {
            let initial = self.get(carried.initial);
            self.values.insert(carried.parameter, initial);
        }
        let mut turn = 0;
        loop {
            if let Some(counter) = inner.counter {
                self.values.insert(counter, turn);
            }
            self.nodes(&inner.body)?;
            turn += 1;
            let nexts: Vec<u64> = inner.carried.iter().map(|c| self.get(c.next)).collect();
            let again = inner.again.is_none_or(|again| self.get(again) != 0)
                && inner
                    .turns
                    .is_none_or(|turns| turns.known().is_some_and(|turns| turn < turns));
            for (carried, next) in inner.carried.iter().zip(nexts) {
                self.values.insert(carried.parameter, next);
                self.values.insert(carried.result, next);
            }
            if !again {
                return Some(());
            }
        }
    }

    fn operation(&self, entry: Entry) -> u64 {
        let bits = entry.ty.bits();
        let width = |value: ValueId| self.strip.entry(value).ty.bits();
        let is_float = |value: ValueId| self.strip.entry(value).ty.is_float();
        match entry.operation {
            Operation::Load(number) => self.inputs[&number],
            Operation::LoadAt(..) => unreachable!("no kernel's own loop goes along operands"),
            Operation::Position => self.position,
            Operation::Binary(op, a, b) if entry.ty.is_float() => {
                self.float_binary(op, bits, self.get(a), self.get(b))
            }
            Operation::Binary(op, a, b) => {
                let (a, b) = (self.get(a), self.get(b));
                let (x, y) = (signed(bits, a), signed(bits, b));
                let result = match op {
                    LaneBinary::Add => a.wrapping_add(b),
                    LaneBinary::Sub => a.wrapping_sub(b),
                    LaneBinary::Mul => a.wrapping_mul(b),
                    LaneBinary::Div => panic!("floats"),
                    LaneBinary::And => a & b,
                    LaneBinary::Or => a | b,
                    LaneBinary::Xor => a ^ b,
                    LaneBinary::SignedMin => x.min(y) as u64,
                    LaneBinary::SignedMax => x.max(y) as u64,
                    LaneBinary::UnsignedMin => a.min(b),
                    LaneBinary::UnsignedMax => a.max(b),
                };
                low(bits, result)
            }
            Operation::Unary(op, x) => {
                let x = self.get(x);
                match op {
                    LaneUnary::Negate => low(bits, x.wrapping_neg()),
                    LaneUnary::Absolute => low(bits, signed(bits, x).wrapping_abs() as u64),
                    LaneUnary::Reinterpret => x,
                    LaneUnary::Sqrt if bits == 64 => f64::from_bits(x).sqrt().to_bits(),
                    _ => panic!("no test has it"),
                }
            }
            Operation::Shift(op, x, amount) => shift(op, bits, self.get(x), amount),
            Operation::ShiftLanes(op, x, amount) => {
                shift(op, bits, self.get(x), self.get(amount) as u32)
            }
            Operation::Cast(from, to, x) => cast(from, to, self.get(x)),
            Operation::Division(op, is_signed, a, b) => {
                let (a, b) = (self.get(a), self.get(b));
                let (x, y) = (signed(bits, a), signed(bits, b));
                low(
                    bits,
                    match (op, is_signed) {
                        (DivisionOp::Quotient, true) => (x / y) as u64,
                        (DivisionOp::Remainder, true) => (x % y) as u64,
                        (DivisionOp::Quotient, false) => a / b,
                        (DivisionOp::Remainder, false) => a % b,
                    },
                )
            }
            Operation::MulHigh(is_signed, a, b) => {
                let (a, b) = (self.get(a), self.get(b));
                let product = if is_signed {
                    i128::from(signed(bits, a)) * i128::from(signed(bits, b))
                } else {
                    (u128::from(a) * u128::from(b)) as i128
                };
                low(bits, (product >> bits) as u64)
            }
            Operation::Math(UnaryOp::Exp, x) => nrt1("exp", bits, self.get(x)),
            Operation::Math(UnaryOp::Sin, x) => nrt1("sin", bits, self.get(x)),
            Operation::Lanewise(op, x) => self.lanewise(op, width(x), bits, self.get(x)),
            Operation::Lanewise2(BinaryOp::Rem, a, b) => match bits {
                32 => {
                    let (a, b) = (self.get(a) as u32, self.get(b) as u32);
                    u64::from((f32::from_bits(a) % f32::from_bits(b)).to_bits())
                }
                _ => (f64::from_bits(self.get(a)) % f64::from_bits(self.get(b))).to_bits(),
            },
            Operation::Lanewise2(BinaryOp::Pow, a, b) => {
                let (mut result, base) = (1_u64, self.get(a));
                for _ in 0..self.get(b) {
                    result = result.wrapping_mul(base);
                }
                low(bits, result)
            }
            Operation::Lanewise2(BinaryOp::RotateLeft, a, b) => {
                let (x, by) = (self.get(a), self.get(b) as u32 % bits);
                low(
                    bits,
                    if by == 0 {
                        x
                    } else {
                        x << by | x >> (bits - by)
                    },
                )
            }
            Operation::Compare(op, a, b) => {
                let w = width(a);
                let (floats, a, b) = (is_float(a), self.get(a), self.get(b));
                u64::from(compare(op, w, floats, a, b))
            }
            Operation::Select(mask, a, b) => self.get(if self.get(mask) != 0 { a } else { b }),
            Operation::MaskNot(mask) => 1 - self.get(mask),
            Operation::MaskBinary(op, a, b) => match op {
                MaskBinary::And => self.get(a) & self.get(b),
                MaskBinary::Or => self.get(a) | self.get(b),
                MaskBinary::Xor => self.get(a) ^ self.get(b),
            },
            Operation::MaskToInteger(mask) | Operation::MaskResize(mask) => self.get(mask),
            other => panic!("no test has {other:?}"),
        }
    }

    fn float_binary(&self, op: LaneBinary, bits: u32, a: u64, b: u64) -> u64 {
        let (x, y) = (float(bits, a), float(bits, b));
        let result = match op {
            LaneBinary::Add => x + y,
            LaneBinary::Sub => x - y,
            LaneBinary::Mul => x * y,
            LaneBinary::Div => x / y,
            LaneBinary::And => return a & b,
            LaneBinary::Or => return a | b,
            LaneBinary::Xor => return a ^ b,
            _ => panic!("integers"),
        };
        // An f32 operation done in f64 and rounded once more gives the same bits.
        match bits {
            32 => u64::from((result as f32).to_bits()),
            _ => result.to_bits(),
        }
    }

    fn lanewise(&self, op: UnaryOp, from: u32, to: u32, x: u64) -> u64 {
        match op {
            UnaryOp::CountOnes => u64::from(x.count_ones()),
            UnaryOp::LeadingZeros => u64::from(x.leading_zeros() - (64 - from)),
            UnaryOp::TrailingZeros => u64::from(x.trailing_zeros().min(from)),
            UnaryOp::SwapBytes => x.swap_bytes() >> (64 - from),
            UnaryOp::ReverseBits => x.reverse_bits() >> (64 - from),
            UnaryOp::Gamma => nrt1("gamma", to, x),
            UnaryOp::Floor => nrt1("floor", to, x),
            other => panic!("no test has {other:?}"),
        }
    }
}

fn shift(op: ShiftOp, bits: u32, x: u64, amount: u32) -> u64 {
    low(
        bits,
        match op {
            ShiftOp::Left => x << amount,
            ShiftOp::RightUnsigned => x >> amount,
            ShiftOp::RightSigned => (signed(bits, x) >> amount) as u64,
        },
    )
}

fn compare(op: Comparison, bits: u32, floats: bool, a: u64, b: u64) -> bool {
    let order = if floats {
        float(bits, a).partial_cmp(&float(bits, b))
    } else {
        Some(signed(bits, a).cmp(&signed(bits, b)))
    };
    match op {
        Comparison::Equal => order.is_some_and(|order| order.is_eq()),
        Comparison::NotEqual => order.is_none_or(|order| order.is_ne()),
        Comparison::Less => order.is_some_and(|order| order.is_lt()),
        Comparison::LessEqual => order.is_some_and(|order| order.is_le()),
        Comparison::Greater => order.is_some_and(|order| order.is_gt()),
        Comparison::GreaterEqual => order.is_some_and(|order| order.is_ge()),
        Comparison::Below => a < b,
        Comparison::BelowEqual => a <= b,
        Comparison::Above => a > b,
        Comparison::AboveEqual => a >= b,
        Comparison::Unordered => order.is_none(),
    }
}
