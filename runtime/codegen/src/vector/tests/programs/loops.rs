//! Positions, loops, bails, and calls of strip functions.

use std::sync::atomic::AtomicU32;

use brolga_lang::ir::{Scalar, UnaryOp};

use super::super::super::program::*;
use super::super::harness::{Array, MACHINES, compile_strip};
use super::{Maker, check, check_all, lane, operands};

#[test]
fn positions_count_from_the_first_element() {
    check_all("position", |m| {
        let x = m.load(Scalar::I64);
        let position = m.add(Operation::Position, lane(Scalar::I64));
        let sum = m.binary(LaneBinary::Add, x, position);
        m.store(Scalar::I64, sum);
    });
}

/// `steps = 0; while x != 1 && steps < 30 { x = if odd { 3x + 1 } else { x / 2 }; steps += 1 }`
fn collatz(m: &mut Maker, endless: bool) {
    let ty = lane(Scalar::I64);
    let mask = ValueType::Mask(64);
    let x = m.load(Scalar::I64);
    let low = m.constant(Scalar::I64, 0x3f);
    let one = m.constant(Scalar::I64, 1);
    let x = m.binary(LaneBinary::And, x, low);
    let x = m.binary(LaneBinary::Add, x, one);
    let zero = m.constant(Scalar::I64, 0);
    let three = m.constant(Scalar::I64, 3);
    let start = m.body.len();
    let [current, steps, last, result, unused] =
        [(); 5].map(|()| m.entry(Operation::Parameter, ty));
    let counter = m.entry(Operation::Parameter, ty);
    let active = m.compare(Comparison::NotEqual, current, one);
    let odd = m.binary(LaneBinary::And, current, one);
    let is_odd = m.compare(Comparison::Equal, odd, one);
    let tripled = m.binary(LaneBinary::Mul, current, three);
    let up = m.binary(LaneBinary::Add, tripled, one);
    let down = m.add(Operation::Shift(ShiftOp::RightUnsigned, current, 1), ty);
    let stepped = m.select(is_odd, up, down);
    let next = m.select(active, stepped, current);
    let more = m.binary(LaneBinary::Add, steps, one);
    let counted = m.select(active, more, steps);
    let sum = m.binary(LaneBinary::Add, last, counter);
    let summed = m.select(active, sum, last);
    let again = m.compare(Comparison::NotEqual, next, one);
    let inner = m.entry(Operation::Parameter, ty);
    let body = m.since(start);
    let _ = mask;
    m.body.push(Node::Loop(Loop {
        carried: vec![
            Carried {
                parameter: current,
                initial: x,
                next,
                result: unused,
            },
            Carried {
                parameter: steps,
                initial: zero,
                next: counted,
                result,
            },
            Carried {
                parameter: last,
                initial: zero,
                next: summed,
                result: inner,
            },
        ],
        counter: Some(counter),
        along: Vec::new(),
        turns: (!endless).then_some(Turns::Known(30)),
        again: Some(again),
        endless,
        body,
    }));
    m.store(Scalar::I64, result);
    m.store(Scalar::I64, inner);
}

#[test]
fn loops_run_while_a_lane_is_in_them() {
    check_all("collatz to 30", |m| collatz(m, false));
    check_all("collatz", |m| collatz(m, true));
}

#[test]
fn a_cancelled_loop_ends_the_call() {
    for machine in MACHINES {
        let mut maker = Maker::default();
        collatz(&mut maker, true);
        let compiled = compile_strip(maker.finish(machine), machine);
        let mut from = Array::new(Scalar::I64, &[27; 40]);
        let mut outputs = [0; 2].map(|_| Array::new(Scalar::I64, &[5; 40]));
        let [first, second] = &mut outputs;
        let args = [from.pointer(), first.pointer(), second.pointer()];
        let flag = AtomicU32::new(1);
        assert_eq!(compiled.call_with_flag(&args, 40, &[8; 3], &flag), 0);
        assert!(outputs.iter().all(|output| output.values() == [5; 40]));
    }
}

#[test]
fn a_bail_ends_the_call_before_its_group() {
    for position in (0..40).chain([100, 513, 799]) {
        for heavy in [false, true] {
            for machine in MACHINES {
                let mut m = Maker::default();
                let (x, y) = (m.load(Scalar::I32), m.load(Scalar::F64));
                let bad = m.constant(Scalar::I32, 77);
                let is_bad = m.compare(Comparison::Equal, x, bad);
                let y = if heavy {
                    m.add(Operation::Math(UnaryOp::Exp, y), lane(Scalar::F64))
                } else {
                    y
                };
                m.body.push(Node::Bail(is_bad));
                let z = m.binary(LaneBinary::Add, y, y);
                m.store(Scalar::F64, z);
                let compiled = compile_strip(m.finish(machine), machine);
                let mut values = operands(&compiled.strip, 800);
                for (i, x) in values[0].iter_mut().enumerate() {
                    *x = if i == position { 77 } else { 5 };
                }
                let what = format!("bail at {position}, {machine:?}");
                for steps in [[1, 1, 1], [1, 2, 1], [1, 1, 2]] {
                    check(&what, &compiled, &values, 800, &steps, None);
                }
                check(&what, &compiled, &values, 800, &[1, 1, 1], Some(1));
            }
        }
    }
}

#[test]
fn calls_of_strip_functions_cut_the_body() {
    let exp = |m: &mut Maker, x| m.add(Operation::Math(UnaryOp::Exp, x), lane(Scalar::F64));
    let sin = |m: &mut Maker, x| m.add(Operation::Math(UnaryOp::Sin, x), lane(Scalar::F64));
    check_all("exp", |m| {
        let x = m.load(Scalar::F64);
        let y = exp(m, x);
        m.store(Scalar::F64, y);
    });
    check_all("exp of f32", |m| {
        let x = m.load(Scalar::F32);
        let y = m.add(Operation::Math(UnaryOp::Exp, x), lane(Scalar::F32));
        m.store(Scalar::F32, y);
    });
    check_all("exp of sin", |m| {
        let x = m.load(Scalar::F64);
        let y = sin(m, x);
        let y = exp(m, y);
        m.store(Scalar::F64, y);
    });
    check_all("exp and sin of one", |m| {
        let x = m.load(Scalar::F64);
        let y = exp(m, x);
        let z = sin(m, x);
        m.store(Scalar::F64, y);
        m.store(Scalar::F64, z);
    });
    check_all("logistic", |m| {
        let x = m.load(Scalar::F64);
        let sign = m.f64(-0.0);
        let one = m.f64(1.0);
        let x = m.binary(LaneBinary::Xor, x, sign);
        let y = exp(m, x);
        let y = m.binary(LaneBinary::Add, one, y);
        let y = m.binary(LaneBinary::Div, one, y);
        m.store(Scalar::F64, y);
    });
    check_all("two stages with values across both", |m| {
        let (x, k) = (m.load(Scalar::F64), m.load(Scalar::I16));
        let half = m.f64(0.5);
        let scale = m.add(
            Operation::Cast(Scalar::I16, Scalar::F64, k),
            lane(Scalar::F64),
        );
        let a = m.binary(LaneBinary::Mul, scale, x);
        let a = m.binary(LaneBinary::Mul, a, half);
        let a = m.binary(LaneBinary::Add, a, x);
        let small = m.compare(Comparison::Less, a, half);
        let y = sin(m, a);
        let y = m.binary(LaneBinary::Mul, y, half);
        let z = exp(m, y);
        let chosen = m.select(small, z, a);
        m.store(Scalar::F64, chosen);
        let mask = m.add(Operation::MaskResize(small), ValueType::Mask(8));
        m.store(Scalar::Bool, mask);
        m.store(Scalar::I16, k);
    });
    check_all("a call inside of a loop", |m| {
        let ty = lane(Scalar::F64);
        let x = m.load(Scalar::F64);
        let start = m.body.len();
        let [value, result] = [(); 2].map(|()| m.entry(Operation::Parameter, ty));
        let y = m.add(Operation::Math(UnaryOp::Sin, value), ty);
        let next = m.binary(LaneBinary::Add, y, x);
        let body = m.since(start);
        m.body.push(Node::Loop(Loop {
            carried: vec![Carried {
                parameter: value,
                initial: x,
                next,
                result,
            }],
            counter: None,
            along: Vec::new(),
            turns: Some(Turns::Known(3)),
            again: None,
            endless: false,
            body,
        }));
        let z = exp(m, result);
        m.store(Scalar::F64, z);
        m.store(Scalar::F64, result);
    });
}

/// More of them than registers are kept for, of every width and a truth value, into narrow and
/// wide results.
#[test]
fn inputs_that_stand_still_are_read_once() {
    for heavy in [false, true] {
        for machine in MACHINES {
            let mut m = Maker::default();
            let still = [
                Scalar::F64,
                Scalar::I16,
                Scalar::Bool,
                Scalar::U8,
                Scalar::F64,
                Scalar::F64,
            ]
            .map(|scalar| m.load(scalar));
            m.still = (0..still.len()).collect();
            let (x, k) = (m.load(Scalar::F64), m.load(Scalar::I16));
            let mut y = m.binary(LaneBinary::Mul, still[0], x);
            if heavy {
                y = m.add(Operation::Math(UnaryOp::Exp, still[4]), lane(Scalar::F64));
                y = m.binary(LaneBinary::Add, y, x);
            }
            let y = m.binary(LaneBinary::Add, y, still[4]);
            let wide = m.add(Operation::MaskResize(still[2]), ValueType::Mask(64));
            let y = m.select(wide, y, still[5]);
            m.store(Scalar::F64, y);
            let k = m.binary(LaneBinary::Sub, k, still[1]);
            m.store(Scalar::I16, k);
            m.store(Scalar::U8, still[3]);
            let compiled = compile_strip(m.finish(machine), machine);
            assert_eq!(compiled.by_strips(), heavy);
            let values = operands(&compiled.strip, 900);
            let name = format!("still, heavy {heavy}, {machine:?}");
            let steps = |x, k| [0, 0, 0, 0, 0, 0, x, k, 1, 1, 1];
            for n in (1..40).chain([64, 300, 900]) {
                for steps in [steps(1, 1), steps(0, 1), steps(2, 1), steps(1, -1)] {
                    check(&name, &compiled, &values, n, &steps, None);
                }
                check(&name, &compiled, &values, n, &steps(1, 1), Some(6));
            }
        }
    }
}
