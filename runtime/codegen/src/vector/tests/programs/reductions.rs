//! Scalars that take in every element.

use brolga_lang::ir::{BinaryOp, Scalar, UnaryOp};

use super::super::super::program::*;
use super::super::bits::same;
use super::super::evaluate::cast;
use super::super::harness::{Array, MACHINES, compile_strip};
use super::{Maker, NUMBERS, lane, operands};

#[test]
fn reductions_take_in_every_element_once() {
    use BinaryOp::{Add, And, Max, Min, Mul, Or, Xor};
    for scalar in NUMBERS {
        for op in [Add, Mul, Min, Max, And, Or, Xor] {
            for (ordered, heavy) in [(true, false), (false, false), (false, true), (true, true)] {
                let bitwise = matches!(op, And | Or | Xor);
                let reorders = !ordered && matches!(op, Add | Mul);
                if scalar.is_float() && (bitwise || reorders) {
                    continue;
                }
                reduce(scalar, op, ordered, heavy);
            }
        }
    }
}

/// A sum or the like of one input, beside a wide output: the output's value goes through a
/// call where the program is to be heavy.
fn reduce(scalar: Scalar, op: BinaryOp, ordered: bool, heavy: bool) {
    for machine in MACHINES {
        let mut m = Maker::default();
        let (x, y) = (m.load(scalar), m.load(Scalar::F64));
        let y = if heavy {
            m.add(Operation::Math(UnaryOp::Exp, y), lane(Scalar::F64))
        } else {
            y
        };
        let y = m.binary(LaneBinary::Add, y, y);
        m.store(Scalar::F64, y);
        let cell = Operand { number: 3, scalar };
        m.reductions.push(Reduction {
            cell,
            op,
            value: x,
            ordered,
        });
        let compiled = compile_strip(m.finish(machine), machine);
        let values = operands(&compiled.strip, 900);
        for n in [0, 1, 7, 8, 40, 67, 900] {
            let mut arrays = [
                Array::new(scalar, &values[0][..n]),
                Array::new(Scalar::F64, &values[1][..n]),
            ];
            let mut output = Array::blank(Scalar::F64, n);
            let start = cast(Scalar::U8, scalar, 3);
            let mut total = Array::new(scalar, &[start]);
            let [a, b] = &mut arrays;
            let args = [a.pointer(), b.pointer(), output.pointer(), total.pointer()];
            let size = scalar.dtype().size() as isize;
            let done = compiled.call(&args, n, &[size, 8, 8, 0]);
            assert_eq!(done, n / compiled.group() * compiled.group());
            let expected = values[0][..done]
                .iter()
                .fold(start, |total, &value| combined(scalar, op, total, value));
            let found = total.values()[0];
            assert!(
                same(scalar, found, expected),
                "{op:?} of {} of {n}, ordered {ordered}, heavy {heavy}, {machine:?}: {found:x}, expected {expected:x}",
                scalar.name()
            );
            total.check_guards();
        }
    }
}

fn combined(scalar: Scalar, op: BinaryOp, a: u64, b: u64) -> u64 {
    let bits = scalar.bits();
    match scalar {
        Scalar::F64 => {
            let (a, b) = (f64::from_bits(a), f64::from_bits(b));
            float_combined(op, a, b).to_bits()
        }
        Scalar::F32 => {
            let (a, b) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
            u64::from((float_combined(op, a.into(), b.into()) as f32).to_bits())
        }
        _ => {
            let order = if scalar.is_signed() {
                let signed = |x: u64| (x << (64 - bits)) as i64;
                signed(a).cmp(&signed(b))
            } else {
                a.cmp(&b)
            };
            let result = match op {
                BinaryOp::Add => a.wrapping_add(b),
                BinaryOp::Mul => a.wrapping_mul(b),
                BinaryOp::And => a & b,
                BinaryOp::Or => a | b,
                BinaryOp::Xor => a ^ b,
                BinaryOp::Min if order.is_lt() => a,
                BinaryOp::Max if order.is_gt() => a,
                _ => b,
            };
            result & (u64::MAX >> (64 - bits))
        }
    }
}

/// Of zeros the first, as [`BinaryOp::Min`] says.
fn float_combined(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Mul => a * b,
        _ if a.is_nan() => b,
        BinaryOp::Min if b < a => b,
        BinaryOp::Max if b > a => b,
        _ => a,
    }
}
