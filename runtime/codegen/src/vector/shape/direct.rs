//! The loop of a cheap program: group after group, from memory to memory. One loop serves all
//! patterns of steps that it takes: an input with step 0 is first splatted into a buffer of
//! one group on the stack, and its pointer then stands still. The patterns that the program has
//! versions for ([`super::super::versions`]) have loops of their own. Other steps are left to the
//! scalar loop, which is as fast as gathering would be.
//!
//! ```text
//! entry:   n < group?                             -> none
//! check:   all steps are element sizes?           -> start(operands)
//! version: outputs' are, and inputs' are or 0, as this version wants it?
//!          no NaN where it wants none?          else -> the next version
//!                                                 -> its turns, inputs of step 0 in registers
//! uniform: outputs' are, and inputs' are or 0?  else -> none
//! splat:   buffers for those of 0                 -> start(operands or buffers)
//! start:   a pointer goes on by group * step      -> turn
//! turn:    one group; a bail?                     -> exit
//!          n - done >= group?                     -> turn
//! end:     return done
//! exit:    return done, without this group
//! none:    return 0
//! ```
//!
//! Steps are read again where they are needed: they would hold registers otherwise.

use std::collections::HashMap;

use brolga_lang::ir::Scalar;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{
    Block, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;

use super::super::lower::{
    Externals, Lowering, Surroundings, element_access, element_type, integer_vector, last_effect,
    reduce, value_vector,
};
use super::super::program::{Operand, Operation, StripProgram, ValueId, Version};
use super::args;

/// Writes the whole function.
pub(super) fn emit(
    strip: &StripProgram,
    builder: &mut FunctionBuilder<'_>,
    externals: &Externals,
    group: u32,
) {
    LoopShape {
        strip,
        externals,
        group: i64::from(group),
        sized: false,
        builder,
    }
    .emit();
}

/// The parameters of the function.
#[derive(Clone, Copy)]
struct Call {
    args_pointer: Value,
    n: Value,
    steps_pointer: Value,
    globals: Value,
    cancel: Value,
}

struct LoopShape<'a, 'b> {
    strip: &'a StripProgram,
    externals: &'a Externals,
    /// Elements of a group.
    group: i64,
    /// Whether it is known of every input that moves that its step is its element's size.
    sized: bool,
    builder: &'a mut FunctionBuilder<'b>,
}

/// What the loop takes along from before its start.
#[derive(Default)]
struct Kept {
    /// The addresses of the cells of reductions.
    cells: Vec<Value>,
    /// The values of inputs that stand still.
    vectors: Vec<(ValueId, Value)>,
    /// Where these lie, by their operands' numbers.
    addresses: HashMap<usize, Value>,
}

/// How far an input goes on with each group.
enum Advance {
    By(i64),
    Of(Value),
}

/// Whether an input is in a register all the time, and not among those that have a pointer.
fn is_kept(strip: &StripProgram, operand: &Operand) -> bool {
    strip.is_kept(Operation::Load(operand.number))
}

fn output_operands(strip: &StripProgram) -> Vec<Operand> {
    strip.outputs.iter().map(|(operand, _)| *operand).collect()
}

impl LoopShape<'_, '_> {
    fn emit(mut self) {
        let entry = self.builder.create_block();
        let check = self.builder.create_block();
        let none = self.builder.create_block();
        let start = self.builder.create_block();
        self.builder.append_block_params_for_function_params(entry);
        let [args_pointer, n, steps_pointer, globals, cancel] = *self.builder.block_params(entry)
        else {
            unreachable!("a vector loop's signature has five parameters")
        };
        let call = Call {
            args_pointer,
            n,
            steps_pointer,
            globals,
            cancel,
        };

        self.builder.switch_to_block(entry);
        let enough =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, n, self.group);
        self.builder.ins().brif(enough, check, &[], none, &[]);

        self.builder.switch_to_block(check);
        let inputs = self.input_addresses(args_pointer, globals);
        let outputs: Vec<Value> = self.slots(args_pointer, output_operands);
        for _ in &inputs {
            self.builder.append_block_param(start, types::I64);
        }
        let misfit = self.misfit(steps_pointer, output_operands, Self::differs);
        match self.misfit(steps_pointer, |strip| strip.inputs.clone(), Self::differs) {
            None => self.start_or(misfit, start, &inputs, none),
            Some(of_inputs) => {
                let uniform = self.builder.create_block();
                let misfit = self.or(misfit, of_inputs);
                self.start_or(Some(misfit), start, &inputs, uniform);
                self.builder.switch_to_block(uniform);
                for version in &self.strip.versions {
                    self.version(version, call);
                }
                self.uniform(steps_pointer, &inputs, start, none);
            }
        }

        self.builder.switch_to_block(start);
        let addresses = self.builder.block_params(start).to_vec();
        self.turns(call, &addresses, &outputs);

        self.builder.switch_to_block(none);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.builder.ins().return_(&[zero]);
    }

    /// The loop of a version and, ahead of it, the question whether the call fits it; goes on where
    /// it does not.
    fn version(&mut self, version: &Version, call: Call) {
        let strip = &version.strip;
        let otherwise = self.builder.create_block();
        let start = self.builder.create_block();
        let mut shape = LoopShape {
            strip,
            externals: self.externals,
            group: self.group,
            sized: true,
            builder: self.builder,
        };
        let inputs = |strip: &StripProgram| strip.inputs.clone();
        let of_outputs = shape.misfit(call.steps_pointer, output_operands, LoopShape::differs);
        let of_inputs = shape.misfit(call.steps_pointer, inputs, LoopShape::differs);
        let mut misfit = match (of_outputs, of_inputs) {
            (a, Some(b)) => Some(shape.or(a, b)),
            (a, None) => a,
        };
        for operand in &version.fixed {
            let step = shape.slot(call.steps_pointer, operand);
            misfit = Some(shape.or(misfit, step));
        }
        shape.start_or(misfit, start, &[], otherwise);
        shape.builder.switch_to_block(start);
        for operand in &version.numbers {
            let address = shape.slot(call.args_pointer, operand);
            let (element, flags) = (element_type(operand.scalar), element_access());
            let number = shape.builder.ins().load(element, flags, address, 0);
            let nan = shape.builder.ins().fcmp(FloatCC::Unordered, number, number);
            let next = shape.builder.create_block();
            shape.builder.ins().brif(nan, otherwise, &[], next, &[]);
            shape.builder.switch_to_block(next);
        }
        let inputs = shape.input_addresses(call.args_pointer, call.globals);
        let outputs = shape.slots(call.args_pointer, output_operands);
        shape.turns(call, &inputs, &outputs);
        self.builder.switch_to_block(otherwise);
    }

    /// The inputs' addresses; a global's is that of a buffer with one group of it.
    fn input_addresses(&mut self, args_pointer: Value, globals: Value) -> Vec<Value> {
        let strip = self.strip;
        strip
            .inputs
            .iter()
            .filter(|operand| !is_kept(strip, operand))
            .map(|operand| {
                let address = self.address(operand, args_pointer, globals);
                match strip.stands_still(operand) {
                    true => self.splat(operand, address),
                    false => address,
                }
            })
            .collect()
    }

    /// The address of an input's first element.
    fn address(&mut self, operand: &Operand, args_pointer: Value, globals: Value) -> Value {
        match operand.global() {
            None => self.slot(args_pointer, operand),
            Some(offset) => self.builder.ins().iadd_imm_s(globals, offset as i64),
        }
    }

    /// What the loop takes along.
    fn kept(&mut self, args_pointer: Value, globals: Value) -> Kept {
        let strip = self.strip;
        let mut kept = Kept {
            cells: super::cells(strip, self.builder, args_pointer, globals),
            ..Kept::default()
        };
        for input in strip.inputs.iter().filter(|input| is_kept(strip, input)) {
            let address = self.address(input, args_pointer, globals);
            kept.addresses.insert(input.number, address);
            let flags = element_access();
            let element = element_type(input.scalar);
            let scalar = self.builder.ins().load(element, flags, address, 0);
            for (k, entry) in strip.entries.iter().enumerate() {
                if entry.operation == Operation::Load(input.number) {
                    let vector = self.builder.ins().splat(value_vector(entry.ty), scalar);
                    kept.vectors.push((ValueId(k as u32), vector));
                }
            }
        }
        kept
    }

    /// Goes to `otherwise` when there is a misfit, else to `start`.
    fn start_or(
        &mut self,
        misfit: Option<Value>,
        start: Block,
        inputs: &[Value],
        otherwise: Block,
    ) {
        match misfit {
            Some(misfit) => self
                .builder
                .ins()
                .brif(misfit, otherwise, &[], start, &args(inputs)),
            None => self.builder.ins().jump(start, &args(inputs)),
        };
    }

    /// Some input's step is not its element's size: splats the inputs of step 0, or gives up.
    fn uniform(&mut self, steps_pointer: Value, inputs: &[Value], start: Block, none: Block) {
        let strip = self.strip;
        let operands = &strip.inputs;
        let of_outputs = self.misfit(steps_pointer, output_operands, Self::differs);
        let of_inputs = self.misfit(
            steps_pointer,
            |strip| strip.inputs.clone(),
            Self::differs_from_both,
        );
        let splat = self.builder.create_block();
        let misfit = match (of_outputs, of_inputs) {
            (a, Some(b)) => Some(self.or(a, b)),
            (a, None) => a,
        };
        self.start_or(misfit, splat, &[], none);

        self.builder.switch_to_block(splat);
        let mut addresses = Vec::new();
        let operands: Vec<&Operand> = operands
            .iter()
            .filter(|operand| !is_kept(strip, operand))
            .collect();
        for (operand, &address) in operands.into_iter().zip(inputs) {
            if self.strip.stands_still(operand) {
                addresses.push(address);
                continue;
            }
            let buffer = self.splat(operand, address);
            let step = self.slot(steps_pointer, operand);
            addresses.push(self.builder.ins().select(step, address, buffer));
        }
        self.builder.ins().jump(start, &args(&addresses));
    }

    /// An operand's word in an array of words.
    fn slot(&mut self, array: Value, operand: &Operand) -> Value {
        let offset = 8 * operand.number as i32;
        self.builder
            .ins()
            .load(types::I64, MemFlagsData::trusted(), array, offset)
    }

    fn slots(&mut self, array: Value, of: fn(&StripProgram) -> Vec<Operand>) -> Vec<Value> {
        of(self.strip)
            .iter()
            .map(|operand| self.slot(array, operand))
            .collect()
    }

    /// A value that is not 0 when the step of one of these operands is wrong; `None` without
    /// operands.
    fn misfit(
        &mut self,
        steps_pointer: Value,
        of: fn(&StripProgram) -> Vec<Operand>,
        wrong: fn(&mut Self, Value, i64) -> Value,
    ) -> Option<Value> {
        let mut misfit = None;
        for operand in of(self.strip) {
            if self.strip.stands_still(&operand) {
                continue;
            }
            let step = self.slot(steps_pointer, &operand);
            let wrong = wrong(self, step, operand.scalar.dtype().size() as i64);
            misfit = Some(self.or(misfit, wrong));
        }
        misfit
    }

    fn or(&mut self, a: Option<Value>, b: Value) -> Value {
        match a {
            Some(a) => self.builder.ins().bor(a, b),
            None => b,
        }
    }

    /// Not 0 when `step` is not `size`.
    fn differs(&mut self, step: Value, size: i64) -> Value {
        self.builder.ins().bxor_imm_s(step, size)
    }

    /// Not 0 when `step` is neither 0 nor `size`, which is a power of two: a bit of it other
    /// than that of `size`.
    fn differs_from_both(&mut self, step: Value, size: i64) -> Value {
        self.builder.ins().band_imm_s(step, !size)
    }

    /// A buffer on the stack with one group of the element at `address`.
    fn splat(&mut self, operand: &Operand, address: Value) -> Value {
        let element: Type = element_type(operand.scalar);
        let vector = match operand.scalar {
            Scalar::F32 => types::F32X4,
            Scalar::F64 => types::F64X2,
            _ => integer_vector(element.bits()),
        };
        let bytes = (operand.scalar.dtype().size() as i64 * self.group).max(16);
        let buffer = self.builder.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            bytes as u32,
            4,
        ));
        let buffer = self.builder.ins().stack_addr(types::I64, buffer, 0);
        let scalar = self
            .builder
            .ins()
            .load(element, element_access(), address, 0);
        let splat = self.builder.ins().splat(vector, scalar);
        for offset in (0..bytes as i32).step_by(16) {
            self.builder
                .ins()
                .store(MemFlagsData::trusted(), splat, buffer, offset);
        }
        buffer
    }

    /// From the inputs' addresses to the end.
    fn turns(&mut self, call: Call, addresses: &[Value], outputs: &[Value]) {
        let strip = self.strip;
        let n = call.n;
        let kept = &self.kept(call.args_pointer, call.globals);
        let cells = &kept.cells;
        let inputs = addresses.len();
        let advances: Vec<Advance> = strip
            .inputs
            .iter()
            .filter(|operand| !kept.addresses.contains_key(&operand.number))
            .map(|operand| {
                if strip.stands_still(operand) {
                    return Advance::By(0);
                }
                if self.sized {
                    return Advance::By(operand.scalar.dtype().size() as i64 * self.group);
                }
                let step = self.slot(call.steps_pointer, operand);
                Advance::Of(self.builder.ins().imul_imm_s(step, self.group))
            })
            .collect();
        let turn = self.builder.create_block();
        let end = self.builder.create_block();
        let exit = self.builder.create_block();
        for _ in 0..inputs + outputs.len() + 1 {
            self.builder.append_block_param(turn, types::I64);
        }
        let group = self.group as u32;
        for ty in reduce::accumulator_types(strip, group) {
            self.builder.append_block_param(turn, ty);
        }
        let accumulators = reduce::begin(strip, self.builder, group, cells);

        let begin = [addresses, outputs, &[n], &accumulators].concat();
        self.builder.ins().jump(turn, &args(&begin));

        self.builder.switch_to_block(turn);
        let parameters = self.builder.block_params(turn).to_vec();
        let (addresses, rest) = parameters.split_at(inputs);
        let (outputs, rest) = rest.split_at(outputs.len());
        let (left, accumulators) = rest.split_at(1);
        let position = self.builder.ins().isub(n, left[0]);
        let mut moving = addresses.iter();
        let all: Vec<Value> = strip
            .inputs
            .iter()
            .map(|operand| match kept.addresses.get(&operand.number) {
                Some(address) => *address,
                None => *moving
                    .next()
                    .expect("a pointer for every input that is not kept"),
            })
            .collect();
        let mut lowering = Lowering::new(
            strip,
            self.builder,
            self.externals,
            self.group as u32,
            Surroundings {
                inputs: &all,
                position,
                exit,
                cancel: call.cancel,
                tables: (call.args_pointer, call.steps_pointer),
            },
        );
        for &(value, vector) in &kept.vectors {
            lowering.set_all(value, vector);
        }
        let stored = last_effect(strip);
        for (k, node) in strip.body.iter().enumerate() {
            lowering.node_unless_set(node);
            for ((operand, value), &address) in strip.outputs.iter().zip(outputs) {
                if stored.after(*value) == k {
                    lowering.store_output(operand, *value, address);
                }
            }
        }
        let taken = lowering.reduce(accumulators);
        let mut next = Vec::new();
        for (&address, advance) in addresses.iter().zip(&advances) {
            next.push(match *advance {
                Advance::By(0) => address,
                Advance::By(bytes) => self.builder.ins().iadd_imm_s(address, bytes),
                Advance::Of(bytes) => self.builder.ins().iadd(address, bytes),
            });
        }
        for (&address, (operand, _)) in outputs.iter().zip(&strip.outputs) {
            let bytes = operand.scalar.dtype().size() as i64 * self.group;
            next.push(self.builder.ins().iadd_imm_s(address, bytes));
        }
        let rest = self.builder.ins().iadd_imm_s(left[0], -self.group);
        next.push(rest);
        next.extend(&taken);
        let more =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, rest, self.group);
        self.builder.ins().brif(more, turn, &args(&next), end, &[]);

        self.builder.switch_to_block(end);
        reduce::end(strip, self.builder, group, cells, &taken);
        let done = self.builder.ins().isub(n, rest);
        self.builder.ins().return_(&[done]);
        self.builder.switch_to_block(exit);
        reduce::end(strip, self.builder, group, cells, accumulators);
        let done = self.builder.ins().isub(n, left[0]);
        self.builder.ins().return_(&[done]);
    }
}
