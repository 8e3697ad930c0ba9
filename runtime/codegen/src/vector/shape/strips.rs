//! The loop over strips: stage by stage through a strip of elements that lie one behind the
//! other, in the operands themselves or gathered in buffers on the stack.
//!
//! ```text
//! entry:  an output's step is 0, or n is 0?         -> none
//!         all steps are element sizes?              -> limit
//! strip:  m = min(limit or one strip, n - done)
//!         an operand is in place if its step is its element's size and m is whole groups;
//!         else inputs are packed into buffers, and the last element repeated up to whole
//!         groups: what those lanes do (loops, bails) is what the last element does
//! stages: groups, then calls; a bail                -> finish(elements before the group)
//! finish: unpacks the outputs that are not in place; all of m, and more?  -> strip
//!         return done
//! ```
//!
//! A bail in an earlier stage than the last ends the call before the strip.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, InstBuilder, MemFlagsData, StackSlot, StackSlotData, StackSlotKind, Value, types,
};
use cranelift_frontend::FunctionBuilder;

use super::super::lower::{Externals, Lowering, Surroundings, reduce};
use super::super::program::{Operand, StripProgram};
use super::args;
use super::stages::{Place, Plan, Stage, Step, pack_symbol, unpack_symbol};

/// Writes the whole function.
pub(super) fn emit(
    strip: &StripProgram,
    plan: &Plan<'_>,
    builder: &mut FunctionBuilder<'_>,
    externals: &Externals,
) {
    let group = if plan.has_groups() { strip.group() } else { 1 };
    Strips {
        strip,
        plan,
        builder,
        externals,
        group,
        parameters: Vec::new(),
    }
    .emit();
}

struct Strips<'a, 'b> {
    strip: &'a StripProgram,
    plan: &'a Plan<'a>,
    builder: &'a mut FunctionBuilder<'b>,
    externals: &'a Externals,
    /// Elements of a group.
    group: u32,
    /// The function's parameters: args, n, steps, uniforms, cancel.
    parameters: Vec<Value>,
}

/// What a strip's stages work on.
struct Current {
    inputs: Vec<Value>,
    outputs: Vec<Value>,
    buffers: Vec<StackSlot>,
    /// Elements before the strip.
    done: Value,
    /// Elements of the strip, up to whole groups.
    rounded: Value,
    /// Takes how many elements of the strip are done.
    finish: Block,
}

/// Where a strip lies among the elements of the call, and how far the operands' elements are apart.
struct Extent {
    /// Elements before the strip.
    done: Value,
    /// Elements of the strip.
    count: Value,
    /// How many more there are up to whole groups.
    ragged: Value,
    args_pointer: Value,
    steps: Value,
}

impl Strips<'_, '_> {
    fn emit(mut self) {
        let strip = self.strip;
        let entry = self.builder.create_block();
        let begin = self.builder.create_block();
        let turn = self.builder.create_block();
        let none = self.builder.create_block();
        let finish = self.builder.create_block();
        self.builder.append_block_params_for_function_params(entry);
        self.parameters = self.builder.block_params(entry).to_vec();
        let &[args_pointer, length, steps, uniforms, _] = &self.parameters[..] else {
            unreachable!("a vector loop's signature has five parameters")
        };
        let outputs: Vec<Operand> = strip.outputs.iter().map(|(operand, _)| *operand).collect();

        self.builder.switch_to_block(entry);
        // The lanes that repeat the last element would be taken in as well.
        let n = if strip.reductions.is_empty() {
            length
        } else {
            let groups = -i64::from(self.group);
            self.builder.ins().band_imm_s(length, groups)
        };
        let mut fits = self.builder.ins().icmp_imm_u(IntCC::NotEqual, n, 0);
        let mut in_place = fits;
        for operand in strip.inputs.iter().chain(&outputs) {
            if !strip.stands_still(operand) {
                let step = self.word(steps, operand);
                let size = operand.scalar.dtype().size() as i64;
                let unit = self.builder.ins().icmp_imm_s(IntCC::Equal, step, size);
                in_place = self.builder.ins().band(in_place, unit);
            }
        }
        for operand in &outputs {
            let step = self.word(steps, operand);
            let moves = self.builder.ins().icmp_imm_s(IntCC::NotEqual, step, 0);
            fits = self.builder.ins().band(fits, moves);
        }
        self.builder.ins().brif(fits, begin, &[], none, &[]);

        self.builder.switch_to_block(begin);
        let zero = self.builder.ins().iconst(types::I64, 0);
        let short = i64::from(self.plan.strip);
        let short = self.builder.ins().iconst(types::I64, short);
        // Without calls between stages nothing is gained by short strips, but that operands
        // which are not in place need a buffer.
        let limit = if self.plan.has_calls() && !self.plan.is_one_call() {
            short
        } else {
            let whole = self.builder.ins().band_imm_s(n, -i64::from(self.group));
            let enough = self.builder.ins().icmp_imm_u(IntCC::NotEqual, whole, 0);
            let long = self.builder.ins().band(in_place, enough);
            self.builder.ins().select(long, whole, short)
        };
        let globals: Vec<Option<Value>> = strip
            .inputs
            .iter()
            .map(|operand| {
                if !strip.stands_still(operand) {
                    return None;
                }
                let address = match operand.global() {
                    Some(offset) => self.builder.ins().iadd_imm_s(uniforms, offset as i64),
                    None => self.word(args_pointer, operand),
                };
                Some(self.filled(operand, address))
            })
            .collect();
        let input_slots: Vec<Option<StackSlot>> = strip
            .inputs
            .iter()
            .map(|operand| {
                let bits = 8 * operand.scalar.dtype().size() as u32;
                (!strip.stands_still(operand)).then(|| self.buffer(bits))
            })
            .collect();
        let output_slots: Vec<StackSlot> = outputs
            .iter()
            .map(|operand| self.buffer(8 * operand.scalar.dtype().size() as u32))
            .collect();
        let buffers: Vec<StackSlot> = self
            .plan
            .buffers
            .iter()
            .map(|&bits| self.buffer(bits))
            .collect();
        let cells = super::cells(strip, self.builder, args_pointer, uniforms);
        let accumulators = reduce::begin(strip, self.builder, self.group, &cells);
        let first = [&[zero], &accumulators[..]].concat();
        self.builder.ins().jump(turn, &args(&first));

        let done = self.builder.append_block_param(turn, types::I64);
        let accumulators = self.accumulators(turn);
        self.builder.switch_to_block(turn);
        let left = self.builder.ins().isub(n, done);
        let m = self.builder.ins().umin(left, limit);
        let up = self.builder.ins().iadd_imm_s(m, i64::from(self.group) - 1);
        let rounded = self.builder.ins().band_imm_s(up, -i64::from(self.group));
        let ragged = self.builder.ins().isub(rounded, m);
        let extent = Extent {
            done,
            count: m,
            ragged,
            args_pointer,
            steps,
        };
        let inputs: Vec<Value> = strip
            .inputs
            .iter()
            .zip(globals.iter().zip(&input_slots))
            .map(|(operand, (global, slot))| match (global, slot) {
                (Some(address), _) => *address,
                (None, Some(slot)) => self.input(operand, *slot, &extent),
                (None, None) => unreachable!("an input moves or is a global"),
            })
            .collect();
        let mut targets = Vec::new();
        let mut moved = Vec::new();
        for (operand, slot) in outputs.iter().zip(&output_slots) {
            let (address, differs) = self.element(operand, &extent);
            let buffer = self.builder.ins().stack_addr(types::I64, *slot, 0);
            targets.push(self.builder.ins().select(differs, buffer, address));
            moved.push((address, differs, buffer));
        }
        let current = Current {
            inputs,
            outputs: targets,
            buffers,
            done,
            rounded,
            finish,
        };
        let mut taken = accumulators;
        for stage in &self.plan.stages {
            taken = self.stage(stage, &current, taken);
        }
        let whole = [&[m], &taken[..]].concat();
        self.builder.ins().jump(finish, &args(&whole));

        let finished = self.builder.append_block_param(finish, types::I64);
        let taken = self.accumulators(finish);
        self.builder.switch_to_block(finish);
        for (operand, (address, differs, buffer)) in outputs.iter().zip(moved) {
            let unpack = self.builder.create_block();
            let on = self.builder.create_block();
            self.builder.ins().brif(differs, unpack, &[], on, &[]);
            self.builder.switch_to_block(unpack);
            let step = self.word(steps, operand);
            let function = self.externals.get(&unpack_symbol(operand.scalar));
            self.builder
                .ins()
                .call(function, &[address, step, buffer, finished]);
            self.builder.ins().jump(on, &[]);
            self.builder.switch_to_block(on);
        }
        let after = self.builder.ins().iadd(done, finished);
        let whole = self.builder.ins().icmp(IntCC::Equal, finished, m);
        let more = self.builder.ins().icmp(IntCC::NotEqual, after, n);
        let again = self.builder.ins().band(whole, more);
        let end = self.builder.create_block();
        self.builder.ins().brif(
            again,
            turn,
            &args(&[&[after], &taken[..]].concat()),
            end,
            &[],
        );
        self.builder.switch_to_block(end);
        reduce::end(strip, self.builder, self.group, &cells, &taken);
        self.builder.ins().return_(&[after]);

        self.builder.switch_to_block(none);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.builder.ins().return_(&[zero]);
    }

    /// Parameters of a block for what reductions have taken in.
    fn accumulators(&mut self, block: Block) -> Vec<Value> {
        reduce::accumulator_types(self.strip, self.group)
            .into_iter()
            .map(|ty| self.builder.append_block_param(block, ty))
            .collect()
    }

    /// An operand's word in an array of words.
    fn word(&mut self, array: Value, operand: &Operand) -> Value {
        let offset = 8 * operand.number as i32;
        let flags = MemFlagsData::trusted();
        self.builder.ins().load(types::I64, flags, array, offset)
    }

    /// Room for a strip, and for whole vectors at its last element.
    fn buffer(&mut self, bits: u32) -> StackSlot {
        let bytes = self.plan.strip * bits / 8 + 16;
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
        self.builder.create_sized_stack_slot(slot)
    }

    /// A buffer of one group of the element at an address.
    fn filled(&mut self, operand: &Operand, address: Value) -> Value {
        let size = operand.scalar.dtype().size() as u32;
        let bytes = (self.group * size).max(16);
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
        let slot = self.builder.create_sized_stack_slot(slot);
        let buffer = self.builder.ins().stack_addr(types::I64, slot, 0);
        let count = self
            .builder
            .ins()
            .iconst(types::I64, i64::from(bytes / size));
        let zero = self.builder.ins().iconst(types::I64, 0);
        let function = self.externals.get(&fill_symbol(operand));
        self.builder
            .ins()
            .call(function, &[buffer, address, zero, count]);
        buffer
    }

    /// The address of an operand's first element in the strip, and a value that is not 0
    /// where the strip cannot be used in place.
    fn element(&mut self, operand: &Operand, strip: &Extent) -> (Value, Value) {
        let Extent {
            done,
            ragged,
            args_pointer,
            steps,
            ..
        } = *strip;
        let first = self.word(args_pointer, operand);
        let step = self.word(steps, operand);
        let offset = self.builder.ins().imul(done, step);
        let address = self.builder.ins().iadd(first, offset);
        let size = operand.scalar.dtype().size() as i64;
        let other = self.builder.ins().bxor_imm_s(step, size);
        (address, self.builder.ins().bor(other, ragged))
    }

    /// The address of a strip of an input: its own, or that of a packed copy.
    fn input(&mut self, operand: &Operand, slot: StackSlot, strip: &Extent) -> Value {
        let (address, differs) = self.element(operand, strip);
        let Extent {
            count,
            ragged,
            steps,
            ..
        } = *strip;
        let pack = self.builder.create_block();
        let on = self.builder.create_block();
        let found = self.builder.append_block_param(on, types::I64);
        self.builder
            .ins()
            .brif(differs, pack, &[], on, &args(&[address]));

        self.builder.switch_to_block(pack);
        let step = self.word(steps, operand);
        let buffer = self.builder.ins().stack_addr(types::I64, slot, 0);
        let function = self.externals.get(&pack_symbol(operand.scalar));
        self.builder
            .ins()
            .call(function, &[buffer, address, step, count]);
        let size = operand.scalar.dtype().size() as i64;
        let bytes = self.builder.ins().imul_imm_s(count, size);
        let end = self.builder.ins().iadd(buffer, bytes);
        let last = self.builder.ins().iadd_imm_s(end, -size);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.builder
            .ins()
            .call(function, &[end, last, zero, ragged]);
        self.builder.ins().jump(on, &args(&[buffer]));
        self.builder.switch_to_block(on);
        found
    }

    /// One stage; gives what reductions have taken in after it.
    fn stage(&mut self, stage: &Stage<'_>, current: &Current, taken: Vec<Value>) -> Vec<Value> {
        let taken = if stage.steps.is_empty() && !stage.stores {
            taken
        } else {
            self.groups(stage, current, taken)
        };
        for call in &stage.calls {
            let mut arguments = vec![self.place(call.target, current)];
            for source in &call.sources {
                arguments.push(self.place(*source, current));
            }
            arguments.push(current.rounded);
            let function = self.externals.get(&call.symbol);
            self.builder.ins().call(function, &arguments);
        }
        taken
    }

    fn place(&mut self, place: Place, current: &Current) -> Value {
        match place {
            Place::Input(k) => current.inputs[k],
            Place::Output(k) => current.outputs[k],
            Place::Buffer(k) => self
                .builder
                .ins()
                .stack_addr(types::I64, current.buffers[k], 0),
        }
    }

    /// One stage's loop over the strip's groups.
    fn groups(&mut self, stage: &Stage<'_>, current: &Current, taken: Vec<Value>) -> Vec<Value> {
        let turn = self.builder.create_block();
        let after = self.builder.create_block();
        let exit = self.builder.create_block();
        let zero = self.builder.ins().iconst(types::I64, 0);
        let begin = [&[zero], &taken[..]].concat();
        self.builder.ins().jump(turn, &args(&begin));
        let first = self.builder.append_block_param(turn, types::I64);
        let accumulators = self.accumulators(turn);

        self.builder.switch_to_block(turn);
        let mut inputs = Vec::new();
        for (operand, &address) in self.strip.inputs.iter().zip(&current.inputs) {
            inputs.push(match self.strip.stands_still(operand) {
                true => address,
                false => self.at(address, first, 8 * operand.scalar.dtype().size() as u32),
            });
        }
        let position = self.builder.ins().iadd(current.done, first);
        let mut addresses = Vec::new();
        for step in &stage.steps {
            addresses.push(match step {
                Step::Keep(value, buffer) | Step::Reload(value, buffer) => {
                    let base = self.place(Place::Buffer(*buffer), current);
                    let bits = self.strip.entry(*value).ty.bits();
                    Some(self.at(base, first, bits))
                }
                Step::Node(_) => None,
            });
        }
        let mut targets = Vec::new();
        for ((operand, _), &address) in self.strip.outputs.iter().zip(&current.outputs) {
            targets.push(self.at(address, first, 8 * operand.scalar.dtype().size() as u32));
        }
        let mut lowering = Lowering::new(
            self.strip,
            self.builder,
            self.externals,
            self.group,
            Surroundings {
                inputs: &inputs,
                position,
                exit,
                cancel: self.parameters[4],
                tables: (self.parameters[0], self.parameters[2]),
            },
        );
        for (step, address) in stage.steps.iter().zip(addresses) {
            match (step, address) {
                (Step::Keep(value, _), Some(address)) => lowering.keep(*value, address),
                (Step::Reload(value, _), Some(address)) => lowering.reload(*value, address),
                (Step::Node(node), _) => lowering.node(node),
                (Step::Keep(..) | Step::Reload(..), None) => {
                    unreachable!("a buffer has an address")
                }
            }
        }
        if stage.stores {
            for ((operand, value), address) in self.strip.outputs.iter().zip(targets) {
                lowering.store_output(operand, *value, address);
            }
        }
        let taken = if stage.stores {
            lowering.reduce(&accumulators)
        } else {
            accumulators.clone()
        };
        let next = self.builder.ins().iadd_imm_u(first, i64::from(self.group));
        let more = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, next, current.rounded);
        self.builder.ins().brif(
            more,
            turn,
            &args(&[&[next], &taken[..]].concat()),
            after,
            &[],
        );

        self.builder.switch_to_block(exit);
        let done = if stage.stores { first } else { zero };
        let end = [&[done], &accumulators[..]].concat();
        self.builder.ins().jump(current.finish, &args(&end));
        self.builder.switch_to_block(after);
        taken
    }

    /// The address of the element `first` behind `base`.
    fn at(&mut self, base: Value, first: Value, bits: u32) -> Value {
        let offset = match (bits / 8).ilog2() {
            0 => first,
            shift => self.builder.ins().ishl_imm_u(first, i64::from(shift)),
        };
        self.builder.ins().iadd(base, offset)
    }
}

/// The NRT's function that repeats an element: packing at step 0.
fn fill_symbol(operand: &Operand) -> String {
    pack_symbol(operand.scalar)
}
