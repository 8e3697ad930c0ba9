//! Loops of a strip program: one block, or a few, whose parameters are the carried vectors.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};

use super::{Held, Lowering, value_vector};
use crate::vector::program::{Loop, ValueId};

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
        let counts = (inner.counter.is_some() || inner.turns.is_some()) && inner.turns != Some(1);
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
            Some(1) => {
                self.builder.ins().jump(after, &[]);
            }
            Some(turns) => {
                let limit = self.builder.ins().iconst(types::I64, turns as i64);
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

fn arguments(values: &[Value]) -> Vec<BlockArg> {
    values.iter().copied().map(BlockArg::Value).collect()
}
