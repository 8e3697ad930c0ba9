//! Strip programs built by hand, with every operation, loops, bails and calls, against their
//! meaning one element at a time. Here how they are made, run and compared.

mod lanes;
mod loops;
mod reductions;

use std::collections::HashMap;

use brolga_lang::ir::Scalar;

use super::super::StripProgram;
use super::super::program::*;
use super::bits::{edges, next, same};
use super::evaluate::Evaluation;
use super::harness::{Array, Loop as Compiled, MACHINES, Machine, compile_strip, features};

pub(super) const LANES: [(LaneType, Scalar, Scalar); 4] = [
    (LaneType::I8, Scalar::I8, Scalar::U8),
    (LaneType::I16, Scalar::I16, Scalar::U16),
    (LaneType::I32, Scalar::I32, Scalar::U32),
    (LaneType::I64, Scalar::I64, Scalar::U64),
];

pub(super) const NUMBERS: [Scalar; 10] = [
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

pub(super) fn lane(scalar: Scalar) -> ValueType {
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
pub(super) struct Maker {
    pub(super) entries: Vec<Entry>,
    pub(super) body: Vec<Node>,
    pub(super) inputs: Vec<Operand>,
    pub(super) outputs: Vec<(Scalar, ValueId)>,
    /// The numbers of inputs that stand still.
    pub(super) still: Vec<usize>,
    pub(super) reductions: Vec<Reduction>,
}

impl Maker {
    pub(super) fn entry(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        self.entries.push(Entry { operation, ty });
        ValueId(self.entries.len() as u32 - 1)
    }

    pub(super) fn add(&mut self, operation: Operation, ty: ValueType) -> ValueId {
        let value = self.entry(operation, ty);
        self.body.push(Node::Value(value));
        value
    }

    pub(super) fn load(&mut self, scalar: Scalar) -> ValueId {
        let number = self.inputs.len();
        self.inputs.push(Operand { number, scalar });
        let ty = match scalar {
            Scalar::Bool => ValueType::Mask(8),
            _ => lane(scalar),
        };
        self.add(Operation::Load(number), ty)
    }

    pub(super) fn constant(&mut self, scalar: Scalar, bits: u64) -> ValueId {
        self.add(Operation::Constant(bits), lane(scalar))
    }

    pub(super) fn f64(&mut self, value: f64) -> ValueId {
        self.constant(Scalar::F64, value.to_bits())
    }

    pub(super) fn binary(&mut self, op: LaneBinary, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.entries[a.0 as usize].ty;
        self.add(Operation::Binary(op, a, b), ty)
    }

    pub(super) fn compare(&mut self, op: Comparison, a: ValueId, b: ValueId) -> ValueId {
        let bits = self.entries[a.0 as usize].ty.bits();
        self.add(Operation::Compare(op, a, b), ValueType::Mask(bits))
    }

    pub(super) fn select(&mut self, mask: ValueId, a: ValueId, b: ValueId) -> ValueId {
        let ty = self.entries[a.0 as usize].ty;
        self.add(Operation::Select(mask, a, b), ty)
    }

    pub(super) fn store(&mut self, scalar: Scalar, value: ValueId) {
        self.outputs.push((scalar, value));
    }

    /// Takes what was added since as the body of a loop.
    pub(super) fn since(&mut self, start: usize) -> Vec<Node> {
        self.body.split_off(start)
    }

    pub(super) fn finish(self, machine: Machine) -> StripProgram {
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
            still: self.still,
            goes_along: false,
            versions: Vec::new(),
            reductions: self.reductions,
        }
    }
}

pub(super) fn operands(strip: &StripProgram, n: usize) -> Vec<Vec<u64>> {
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
pub(super) fn check(
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
                for (i, value) in values.iter().enumerate().take(n) {
                    spread[place(i, n, steps[k])] = *value;
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
pub(super) fn place(i: usize, n: usize, step: isize) -> usize {
    match step {
        0 => 0,
        step if step < 0 => (n - 1 - i) * step.unsigned_abs(),
        step => i * step as usize,
    }
}

/// All lengths and steps, in place and not.
pub(super) fn check_all(name: &str, make: impl Fn(&mut Maker)) {
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
pub(super) fn check_bits(name: &str, make: impl Fn(&mut Maker)) {
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
