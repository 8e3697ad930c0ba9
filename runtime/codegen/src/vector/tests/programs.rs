//! Strip programs built by hand, with every operation, loops, bails and calls, against their
//! meaning one element at a time.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;

use brolga_lang::ir::{BinaryOp, DivisionOp, Scalar, UnaryOp};

use super::super::StripProgram;
use super::super::program::*;
use super::bits::{edges, next, same};
use super::evaluate::{Evaluation, cast};
use super::harness::{Array, Loop as Compiled, MACHINES, Machine, compile_strip, features};

const LANES: [(LaneType, Scalar, Scalar); 4] = [
    (LaneType::I8, Scalar::I8, Scalar::U8),
    (LaneType::I16, Scalar::I16, Scalar::U16),
    (LaneType::I32, Scalar::I32, Scalar::U32),
    (LaneType::I64, Scalar::I64, Scalar::U64),
];

const NUMBERS: [Scalar; 10] = [
    Scalar::I8,
    Scalar::U8,
    Scalar::I16,
    Scalar::U16,
    Scalar::I32,
    Scalar::U32,
    Scalar::I64,
    Scalar::U64,
    Scalar::F32,
    Scalar::F64,
];

fn lane(scalar: Scalar) -> ValueType {
    ValueType::Lane(match scalar {
        Scalar::F32 => LaneType::F32,
        Scalar::F64 => LaneType::F64,
        _ => match scalar.bits() {
            8 => LaneType::I8,
            16 => LaneType::I16,
            32 => LaneType::I32,
            _ => LaneType::I64,
        },
    })
}

/// A program under construction.
#[derive(Default)]
struct Maker {
    entries: Vec<Entry>,
    body: Vec<Node>,
    inputs: Vec<Operand>,
    outputs: Vec<(Scalar, ValueId)>,
    reductions: Vec<Reduction>,
}

impl Maker {
    fn entry(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        self.entries.push(Entry { operation, ty });
        ValueId(self.entries.len() as u32 - 1)
    }

    fn add(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        let value = self.entry(operation, ty);
        self.body.push(Node::Value(value));
        value
    }

    fn load(&mut self, scalar: Scalar) -> ValueId {
        let number = self.inputs.len();
        self.inputs.push(Operand { number, scalar });
        let ty = match scalar {
            Scalar::Bool => ValueType::Mask(8),
            _ => lane(scalar),
        };
        self.add(Operation::Load(number), ty)
    }

    fn constant(&mut self, scalar: Scalar, bits: u64) -> ValueId {
        self.add(Operation::Constant(bits), lane(scalar))
    }

    fn f64(&mut self, value: f64) -> ValueId {
        self.constant(Scalar::F64, value.to_bits())
    }

    fn binary(&mut self, op: LaneBinary, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.entries[a.0 as usize].ty;
        self.add(Operation::Binary(op, a, b), ty)
    }

    fn compare(&mut self, op: Comparison, a: ValueId, b: ValueId) -> ValueId {
        let bits = self.entries[a.0 as usize].ty.bits();
        self.add(Operation::Compare(op, a, b), ValueType::Mask(bits))
    }

    fn select(&mut self, mask: ValueId, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.entries[a.0 as usize].ty;
        self.add(Operation::Select(mask, a, b), ty)
    }

    fn store(&mut self, scalar: Scalar, value: ValueId) {
        self.outputs.push((scalar, value));
    }

    /// Takes what was added since as the body of a loop.
    fn since(&mut self, start: usize) -> Vec<Node> {
        self.body.split_off(start)
    }

    fn finish(self, machine: Machine) -> StripProgram {
        let inputs = self.inputs.len();
        StripProgram {
            fast_blend: features(machine).sse41,
            folds_loads: features(machine).fma,
            entries: self.entries,
            body: self.body,
            inputs: self.inputs,
            outputs: self
                .outputs
                .into_iter()
                .enumerate()
                .map(|(k, (scalar, value))| {
                    let number = inputs + k;
                    (Operand { number, scalar }, value)
                })
                .collect(),
            reductions: self.reductions,
        }
    }
}

fn operands(strip: &StripProgram, n: usize) -> Vec<Vec<u64>> {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let inputs = strip.inputs.iter().enumerate();
    inputs
        .map(|(k, operand)| {
            let scalar = operand.scalar;
            let edges = edges(scalar);
            let period = edges.len().pow(k as u32);
            (0..n)
                .map(|i| {
                    let random = next(&mut state) >> (64 - scalar.bits());
                    match (i % 3, scalar) {
                        (_, Scalar::Bool) => random & 1,
                        (0, _) => random,
                        // Moderate numbers, of which many conversions are inexact.
                        (1, Scalar::F64) => ((random as i64 >> 30) as f64 / 8.0).to_bits(),
                        (1, Scalar::F32) => {
                            u64::from(((random as i32 >> 3) as f32 / 8.0).to_bits())
                        }
                        _ => edges[(i / 3) / period % edges.len()],
                    }
                })
                .collect()
        })
        .collect()
}

/// Runs the program over `n` elements at these steps (in elements) and compares. `shared`: the
/// first output lies over this input.
fn check(
    name: &str,
    compiled: &Compiled,
    values: &[Vec<u64>],
    n: usize,
    steps: &[isize],
    shared: Option<usize>,
) {
    let strip = &compiled.strip;
    let operands: Vec<Operand> = strip
        .inputs
        .iter()
        .copied()
        .chain(strip.outputs.iter().map(|(operand, _)| *operand))
        .collect();
    let what = format!("{name}, n = {n}, steps {steps:?}, over {shared:?}");
    let mut arrays: Vec<Array> = operands
        .iter()
        .enumerate()
        .map(|(k, operand)| {
            let length = n * steps[k].unsigned_abs().max(1);
            let mut spread = vec![0; length];
            if let Some(values) = values.get(k) {
                for i in 0..n {
                    let place = place(i, n, steps[k]);
                    spread[place] = values[i];
                }
            }
            Array::new(operand.scalar, &spread)
        })
        .collect();
    let mut args: Vec<*mut u8> = arrays
        .iter_mut()
        .enumerate()
        .map(|(k, array)| {
            let size = operands[k].scalar.dtype().size();
            // SAFETY: the first element lies in the array.
            unsafe { array.pointer().add(place(0, n.max(1), steps[k]) * size) }
        })
        .collect();
    let first = strip.inputs.len();
    if let Some(k) = shared {
        args[first] = args[k];
    }
    let bytes: Vec<isize> = operands
        .iter()
        .zip(steps)
        .map(|(operand, step)| step * operand.scalar.dtype().size() as isize)
        .collect();
    let done = compiled.call(&args, n, &bytes);

    let mut expected = Vec::new();
    for i in 0..n {
        let inputs: HashMap<usize, u64> = (0..first)
            .map(|k| {
                let i = if steps[k] == 0 { n - 1 } else { i };
                (k, values[k][i])
            })
            .collect();
        match Evaluation::run(strip, inputs, i as u64) {
            Some(outputs) => expected.push(outputs),
            None => break,
        }
    }
    let bailed = expected.len() < n;
    let fits = steps
        .iter()
        .enumerate()
        .all(|(k, &step)| step == 1 || step == 0 && k < first);
    match (compiled.by_strips(), fits, bailed) {
        (true, _, false) => assert_eq!(done, n, "{what}"),
        (false, false, _) => assert_eq!(done, 0, "{what}"),
        (false, true, false) => assert_eq!(done, n / compiled.group() * compiled.group(), "{what}"),
        (_, _, true) => assert!(done <= expected.len(), "{what}: {done} done"),
    }
    for array in &arrays {
        array.check_guards();
    }
    for (o, (operand, _)) in strip.outputs.iter().enumerate() {
        let k = match shared {
            Some(k) if o == 0 => k,
            _ => first + o,
        };
        let found = arrays[k].values();
        for (i, expected) in expected.iter().enumerate().take(done) {
            let found = found[place(i, n, steps[k])];
            assert!(
                same(operand.scalar, found, expected[o]),
                "{what}: output {o} of element {i} of {:x?} is {found:x}, expected {:x}",
                values.iter().map(|values| values[i]).collect::<Vec<_>>(),
                expected[o],
            );
        }
        for i in done..n {
            let before = values.get(k).map_or(0, |values| values[i]);
            assert_eq!(
                found[place(i, n, steps[k])],
                before,
                "{what}: element {i} is not done"
            );
        }
    }
}

/// The element `i` of `n` in memory.
fn place(i: usize, n: usize, step: isize) -> usize {
    match step {
        0 => 0,
        step if step < 0 => (n - 1 - i) * step.unsigned_abs(),
        step => i * step as usize,
    }
}

/// All lengths and steps, in place and not.
fn check_all(name: &str, make: impl Fn(&mut Maker)) {
    for machine in MACHINES {
        let mut maker = Maker::default();
        make(&mut maker);
        let compiled = compile_strip(maker.finish(machine), machine);
        let strip = &compiled.strip;
        let count = strip.inputs.len() + strip.outputs.len();
        let name = format!("{name}, {machine:?}");
        let values = operands(strip, 1400);
        check(&name, &compiled, &values, 1400, &vec![1; count], None);
        for n in (0..=34).chain([63, 64, 65, 70, 300]) {
            check(&name, &compiled, &values, n, &vec![1; count], None);
            for k in 0..count {
                for step in [0, 2, -1, 3] {
                    let mut steps = vec![1; count];
                    steps[k] = step;
                    if step != 0 || k < strip.inputs.len() {
                        check(&name, &compiled, &values, n, &steps, None);
                    }
                }
            }
            if n % 7 == 0 {
                check(&name, &compiled, &values, n, &vec![2; count], None);
                for k in 0..strip.inputs.len() {
                    if strip.inputs[k].scalar.bits() == strip.outputs[0].0.scalar.bits() {
                        check(&name, &compiled, &values, n, &vec![1; count], Some(k));
                        check(&name, &compiled, &values, n, &vec![2; count], Some(k));
                    }
                }
            }
        }
    }
}

/// One long run and one short one: for the many operations that differ in a lane alone.
fn check_bits(name: &str, make: impl Fn(&mut Maker)) {
    for machine in MACHINES {
        let mut maker = Maker::default();
        make(&mut maker);
        let compiled = compile_strip(maker.finish(machine), machine);
        let count = compiled.strip.inputs.len() + compiled.strip.outputs.len();
        let values = operands(&compiled.strip, 2000);
        let name = format!("{name}, {machine:?}");
        for n in [2000, 77] {
            check(&name, &compiled, &values, n, &vec![1; count], None);
        }
    }
}

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
        turns: (!endless).then_some(30),
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
            turns: Some(3),
            again: None,
            endless: false,
            body,
        }));
        let z = exp(m, result);
        m.store(Scalar::F64, z);
        m.store(Scalar::F64, result);
    });
}

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
