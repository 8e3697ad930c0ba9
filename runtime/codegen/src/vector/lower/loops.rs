//! Loops of a strip program: one block, or a few, whose parameters are the carried vectors.

use std::collections::BTreeSet;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};

use super::{Held, Lowering, value_vector};
use crate::vector::program::{Loop, Node, Operation, StripProgram, Turns, ValueId, ValueType};

impl Lowering<'_, '_> {
    /// Runs a loop to its end.
    ///
    /// ```text
    ///         -> turn(initial.., 0)
    /// turn:   body; cancelled?                        -> exit
    ///         no lane wants another?                  -> after
    ///         counter + 1 < turns?                    -> turn(next.., counter + 1)
    /// after:  the results are the `next` of the last turn
    /// ```
    pub(super) fn run(&mut self, inner: &Loop) {
        self.unburden(inner);
        let once = inner.turns == Some(Turns::Known(1));
        let counts = (inner.counter.is_some() || inner.turns.is_some()) && !once;
        let limit = match inner.turns {
            Some(Turns::Word(number)) => Some(self.word(number)),
            _ => None,
        };
        self.begin_streams(&inner.body);
        let turn = self.builder.create_block();
        let after = self.builder.create_block();
        let mut initial = Vec::new();
        for carried in &inner.carried {
            let vectors = self.whole(carried.initial);
            let ty = value_vector(self.strip.entry(carried.parameter).ty);
            let parameters = vectors
                .iter()
                .map(|_| self.builder.append_block_param(turn, ty))
                .collect();
            initial.extend(vectors);
            self.set(carried.parameter, parameters);
        }
        let zero = self.builder.ins().iconst(types::I64, 0);
        let counter = if counts {
            initial.push(zero);
            self.builder.append_block_param(turn, types::I64)
        } else {
            zero
        };
        if let Some(value) = inner.counter {
            self.values[value.0 as usize] = Some(Held::Scalar(counter));
        }
        let mut steps = Vec::with_capacity(inner.along.len());
        for along in &inner.along {
            let offset = self.builder.append_block_param(turn, types::I64);
            initial.push(along.before.map_or(zero, |before| self.offset(before)));
            self.values[along.parameter.0 as usize] = Some(Held::Scalar(offset));
            let step = self.word(along.step);
            steps.push((offset, step));
        }
        self.builder.ins().jump(turn, &arguments(&initial));

        self.begin(turn);
        self.nodes(&inner.body);
        self.at += 1;
        let nexts: Vec<Vec<Value>> = inner
            .carried
            .iter()
            .map(|carried| self.whole(carried.next))
            .collect();
        let mut again = nexts.concat();
        let following = self.builder.ins().iadd_imm_u(counter, 1);
        if counts {
            again.push(following);
        }
        for (offset, step) in steps {
            again.push(self.builder.ins().iadd(offset, step));
        }
        if inner.endless {
            self.leave_if_cancelled();
        }
        if let Some(mask) = inner.again {
            let any = self.any(mask);
            if inner.turns.is_none() {
                self.builder
                    .ins()
                    .brif(any, turn, &arguments(&again), after, &[]);
            } else {
                let more = self.builder.create_block();
                self.builder.ins().brif(any, more, &[], after, &[]);
                self.begin(more);
            }
        }
        match inner.turns {
            Some(Turns::Known(1)) => {
                self.builder.ins().jump(after, &[]);
            }
            Some(turns) => {
                let limit = match (turns, limit) {
                    (Turns::Known(turns), _) => self.builder.ins().iconst(types::I64, turns as i64),
                    (Turns::Word(_), Some(limit)) => limit,
                    (Turns::Word(_), None) => unreachable!("read before the loop"),
                };
                let more = self
                    .builder
                    .ins()
                    .icmp(IntCC::UnsignedLessThan, following, limit);
                self.builder
                    .ins()
                    .brif(more, turn, &arguments(&again), after, &[]);
            }
            None => assert!(inner.again.is_some(), "a loop ends in some way"),
        }

        self.begin(after);
        for (carried, next) in inner.carried.iter().zip(nexts) {
            self.set(carried.result, next);
        }
    }

    /// Puts what a loop reads and does not change into memory where the registers would not
    /// hold it beside what is carried: an operand that is loaded costs next to nothing, but
    /// what the register allocator spills it stores again in each turn.
    fn unburden(&mut self, inner: &Loop) {
        const MOST: usize = 8;
        let mut inside = BTreeSet::new();
        let mut read = BTreeSet::new();
        of_loop(self.strip, inner, &mut inside, &mut read);
        let in_registers = |this: &Self, value: ValueId| match &this.values[value.0 as usize] {
            Some(Held::Vectors(vectors)) => vectors.len(),
            _ => 0,
        };
        let carried = inner.carried.iter();
        let carried = carried.map(|c| self.count(self.strip.entry(c.parameter).ty.bits()));
        let mut registers: usize = carried.sum();
        let outer: Vec<ValueId> = read
            .difference(&inside)
            .copied()
            .filter(|value| in_registers(self, *value) > 0)
            .collect();
        registers += outer
            .iter()
            .map(|value| in_registers(self, *value))
            .sum::<usize>();
        if registers <= MOST {
            return;
        }
        for value in outer {
            let address = match self.own_memory(value) {
                Some(address) => address,
                None => {
                    let vectors = self.whole(value);
                    let buffer = self.group_buffer(vectors.len());
                    for (j, vector) in (0_i32..).zip(vectors) {
                        let trusted = MemFlagsData::trusted();
                        self.builder.ins().store(trusted, vector, buffer, 16 * j);
                    }
                    buffer
                }
            };
            self.values[value.0 as usize] = Some(Held::Memory(address));
        }
    }

    /// Where the vectors of an input lie as they are.
    fn own_memory(&self, value: ValueId) -> Option<Value> {
        let entry = self.strip.entry(value);
        let Operation::Load(number) = entry.operation else {
            return None;
        };
        let as_it_is = matches!(entry.ty, ValueType::Lane(_));
        let inputs = self.strip.inputs.iter().zip(self.around.inputs);
        inputs
            .into_iter()
            .find(|(operand, _)| operand.number == number)
            .filter(|_| as_it_is && self.group * entry.ty.bits() >= 128)
            .map(|(_, &address)| address)
    }

    /// Leaves the group if the call was cancelled.
    fn leave_if_cancelled(&mut self) {
        let flag =
            self.builder
                .ins()
                .atomic_load(types::I32, MemFlagsData::trusted(), self.around.cancel);
        let on = self.builder.create_block();
        let exit = self.around.exit;
        self.builder.ins().brif(flag, exit, &[], on, &[]);
        self.begin(on);
    }

    /// The number that all lanes of a value have, where that is known to be one.
    pub(super) fn uniform(&self, value: ValueId) -> Option<Value> {
        match self.values[value.0 as usize] {
            Some(Held::Scalar(scalar)) => Some(scalar),
            _ => None,
        }
    }
}

/// What a loop reads, and what it sets itself.
pub(in crate::vector) fn of_loop(
    strip: &StripProgram,
    inner: &Loop,
    inside: &mut BTreeSet<ValueId>,
    read: &mut BTreeSet<ValueId>,
) {
    inside.extend(inner.counter);
    inside.extend(inner.along.iter().map(|along| along.parameter));
    read.extend(inner.along.iter().filter_map(|along| along.before));
    read.extend(inner.again);
    for carried in &inner.carried {
        inside.insert(carried.parameter);
        inside.insert(carried.result);
        read.insert(carried.initial);
        read.insert(carried.next);
    }
    for node in &inner.body {
        match node {
            Node::Value(value) => {
                inside.insert(*value);
                read.extend(strip.entry(*value).operation.operands());
            }
            Node::Bail(mask) => {
                read.insert(*mask);
            }
            Node::Loop(inner) => of_loop(strip, inner, inside, read),
        }
    }
}

fn arguments(values: &[Value]) -> Vec<BlockArg> {
    values.iter().copied().map(BlockArg::Value).collect()
}
