//! How many elements a group has: as many as the vector registers hold.

use std::collections::HashMap;

use brolga_lang::ir::Scalar;

use super::program::{Loop, Node, Operation, StripProgram, ValueId, ValueType};

/// Vector registers.
const REGISTERS: usize = 16;

/// How many vectors of the widest lanes a group has: as many as fit, 2 to 4. One in flight
/// leaves the latency of the operations uncovered, and more than 4 spill. Where narrower lanes
/// are in memory or in registers a power of two, so that their bytes are whole accesses.
pub(super) fn group_vectors(strip: &StripProgram) -> u32 {
    let kept = strip
        .entries
        .iter()
        .filter(|entry| strip.is_kept(entry.operation));
    let free = REGISTERS - kept.count().min(REGISTERS / 2);
    let fit = (free / most_live(strip).max(1)) as u32;
    let widest = strip.widest();
    let operands = strip
        .inputs
        .iter()
        .chain(strip.outputs.iter().map(|(operand, _)| operand));
    let mut entries = strip.entries.iter();
    let mixed = entries.any(|entry| entry.ty != ValueType::Offset && entry.ty.bits() != widest)
        || operands
            .into_iter()
            .any(|operand| operand.scalar == Scalar::Bool);
    match fit.clamp(2, 4) {
        3 if mixed || super::by_strips(strip) => 2,
        vectors => vectors,
    }
}

/// When each value is made and needed last, in steps of the whole body.
#[derive(Default)]
struct Lives {
    step: usize,
    born: HashMap<ValueId, usize>,
    last: HashMap<ValueId, usize>,
}

impl Lives {
    fn nodes(&mut self, strip: &StripProgram, nodes: &[Node]) {
        for node in nodes {
            self.step += 1;
            match node {
                Node::Value(value) => {
                    for operand in strip.entry(*value).operation.operands() {
                        self.last.insert(operand, self.step);
                    }
                    self.born.entry(*value).or_insert(self.step);
                }
                Node::Bail(mask) => {
                    self.last.insert(*mask, self.step);
                }
                Node::Loop(inner) => self.inner(strip, inner),
            }
        }
    }

    /// What a loop needs of what was made before lives to its end.
    fn inner(&mut self, strip: &StripProgram, inner: &Loop) {
        let start = self.step;
        for carried in &inner.carried {
            self.last.insert(carried.initial, start);
            self.born.insert(carried.parameter, start);
        }
        self.nodes(strip, &inner.body);
        self.step += 1;
        let end = self.step;
        if let Some(again) = inner.again {
            self.last.insert(again, end);
        }
        for carried in &inner.carried {
            // The parameter's registers are those of the next value.
            self.last.insert(carried.next, end);
            self.born.insert(carried.result, end);
        }
        for (value, last) in &mut self.last {
            let before = self.born.get(value).is_none_or(|born| *born < start);
            if before && *last > start {
                *last = end;
            }
        }
    }
}

/// The largest number of values, constants and what is kept aside, that are needed at the same time.
fn most_live(strip: &StripProgram) -> usize {
    let mut lives = Lives::default();
    lives.nodes(strip, &strip.body);
    lives.step += 1;
    for value in strip.results() {
        lives.last.insert(value, lives.step);
    }
    let mut change = vec![0_isize; lives.step + 2];
    for (value, &born) in &lives.born {
        let operation = strip.entry(*value).operation;
        let is_constant = matches!(
            operation,
            Operation::Constant(_) | Operation::MaskConstant(_)
        );
        if !is_constant && !strip.is_kept(operation) {
            let last = lives.last.get(value).copied().unwrap_or(born).max(born);
            change[born] += 1;
            change[last + 1] -= 1;
        }
    }
    let mut live = 0;
    change
        .into_iter()
        .map(|change| {
            live += change;
            live as usize
        })
        .max()
        .unwrap_or(0)
}
