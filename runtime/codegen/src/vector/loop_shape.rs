//! The loop around the groups of a strip program: checks of length and steps, pointers, and
//! the count of what is done. Not what happens to an element (`lower.rs`).
//!
//! One loop serves all patterns of steps. An input with step 0 is first splatted into a
//! buffer of one group on the stack, and its pointer then stands still.
//!
//! ```text
//! entry:   n < group?  -> none
//!          all steps are element sizes?  -> start(operands, group bytes)
//! uniform: inputs' steps are element sizes or 0, outputs' element sizes?  else -> none
//!          splat                         -> start(operands or buffers, group bytes or 0)
//! start:                                 -> turn
//! turn:    one group; pointers on; n - done >= group?  -> turn
//! end:     return done
//! none:    return 0
//! ```

use brolga_abi::DType;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, BlockArg, Function, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, Type,
    Value, types,
};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use super::lower::{GroupLowering, element_access, operand_vector};
use super::program::{Operand, StripProgram};

/// Writes the whole function; its signature is already set.
pub(super) fn emit(strip: &StripProgram, function: &mut Function, config: TargetFrontendConfig) {
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(function, &mut context);
    let vectors = strip.group_vectors();
    LoopShape {
        strip,
        vectors,
        group: i64::from(vectors * strip.lanes()),
        builder: &mut builder,
    }
    .emit();
    builder.seal_all_blocks();
    builder.finalize(config);
}

struct LoopShape<'a, 'b> {
    strip: &'a StripProgram,
    vectors: u32,
    /// Elements of a group.
    group: i64,
    builder: &'a mut FunctionBuilder<'b>,
}

fn args(values: &[Value]) -> Vec<BlockArg> {
    values.iter().copied().map(BlockArg::Value).collect()
}

impl LoopShape<'_, '_> {
    fn emit(mut self) {
        let entry = self.builder.create_block();
        let check = self.builder.create_block();
        let none = self.builder.create_block();
        let start = self.builder.create_block();
        self.builder.append_block_params_for_function_params(entry);
        let [args_pointer, n, steps_pointer] = *self.builder.block_params(entry) else {
            unreachable!("a vector loop's signature has three parameters")
        };

        self.builder.switch_to_block(entry);
        let enough =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, n, self.group);
        self.builder.ins().brif(enough, check, &[], none, &[]);

        self.builder.switch_to_block(check);
        let outputs = self.operands(args_pointer, steps_pointer, start, none);
        self.turns(start, &outputs, n);

        self.builder.switch_to_block(none);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.builder.ins().return_(&[zero]);
    }

    /// Checks the steps and jumps to `start` with the inputs' addresses and then their
    /// bytes per group, or to `none`. Gives the outputs' addresses.
    fn operands(
        &mut self,
        args_pointer: Value,
        steps_pointer: Value,
        start: Block,
        none: Block,
    ) -> Vec<Value> {
        let strip = self.strip;
        let inputs = &strip.inputs;
        let mut addresses = Vec::new();
        let mut steps = Vec::new();
        let mut all_unit = None;
        for operand in inputs {
            addresses.push(self.slot(args_pointer, operand));
            let step = self.slot(steps_pointer, operand);
            let unit = self.step_is(step, operand.dtype.size());
            all_unit = Some(self.both(all_unit, unit));
            steps.push((step, unit));
        }
        let mut outputs = Vec::new();
        let mut outputs_unit = None;
        for (operand, _) in &strip.outputs {
            outputs.push(self.slot(args_pointer, operand));
            let step = self.slot(steps_pointer, operand);
            let unit = self.step_is(step, operand.dtype.size());
            outputs_unit = Some(self.both(outputs_unit, unit));
        }
        let advances: Vec<Value> = inputs
            .iter()
            .map(|operand| {
                let bytes = operand.dtype.size() as i64 * self.group;
                self.builder.ins().iconst(types::I64, bytes)
            })
            .collect();
        for &address in addresses.iter().chain(&advances) {
            let ty = self.builder.func.dfg.value_type(address);
            self.builder.append_block_param(start, ty);
        }
        let straight = args(&[addresses.as_slice(), &advances].concat());
        let outputs_fit = match outputs_unit {
            Some(fit) => fit,
            None => self.builder.ins().iconst(types::I8, 1),
        };
        let all_fit = self.both(all_unit, outputs_fit);
        if inputs.is_empty() {
            self.builder
                .ins()
                .brif(all_fit, start, &straight, none, &[]);
            return outputs;
        }

        let uniform = self.builder.create_block();
        let splat = self.builder.create_block();
        self.builder
            .ins()
            .brif(all_fit, start, &straight, uniform, &[]);

        self.builder.switch_to_block(uniform);
        let mut fit = outputs_fit;
        let mut still = Vec::new();
        for (step, unit) in steps {
            let zero = self.step_is(step, 0);
            let either = self.builder.ins().bor(unit, zero);
            fit = self.builder.ins().band(fit, either);
            still.push(zero);
        }
        self.builder.ins().brif(fit, splat, &[], none, &[]);

        self.builder.switch_to_block(splat);
        let mut begin = Vec::new();
        let mut advance = Vec::new();
        let zero = self.builder.ins().iconst(types::I64, 0);
        for (k, operand) in inputs.iter().enumerate() {
            let buffer = self.splat(operand, addresses[k]);
            begin.push(self.builder.ins().select(still[k], buffer, addresses[k]));
            advance.push(self.builder.ins().select(still[k], zero, advances[k]));
        }
        begin.append(&mut advance);
        self.builder.ins().jump(start, &args(&begin));
        outputs
    }

    /// An operand's word in an array of words.
    fn slot(&mut self, array: Value, operand: &Operand) -> Value {
        let offset = 8 * operand.number as i32;
        self.builder
            .ins()
            .load(types::I64, MemFlagsData::trusted(), array, offset)
    }

    fn step_is(&mut self, step: Value, bytes: usize) -> Value {
        self.builder
            .ins()
            .icmp_imm_s(IntCC::Equal, step, bytes as i64)
    }

    fn both(&mut self, a: Option<Value>, b: Value) -> Value {
        match a {
            Some(a) => self.builder.ins().band(a, b),
            None => b,
        }
    }

    /// A buffer on the stack with one group of the element at `address`.
    fn splat(&mut self, operand: &Operand, address: Value) -> Value {
        let (element, vector): (Type, Type) = match operand.dtype {
            DType::Bool => (types::I8, types::I8X16),
            dtype => {
                let vector = operand_vector(dtype);
                (vector.lane_type(), vector)
            }
        };
        let bytes = (operand.dtype.size() as i64 * self.group).max(16);
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

    fn turns(&mut self, start: Block, outputs: &[Value], n: Value) {
        let strip = self.strip;
        let inputs = strip.inputs.len();
        let turn = self.builder.create_block();
        let end = self.builder.create_block();
        for _ in 0..inputs + outputs.len() + 1 {
            self.builder.append_block_param(turn, types::I64);
        }

        self.builder.switch_to_block(start);
        let parameters = self.builder.block_params(start).to_vec();
        let (addresses, advances) = parameters.split_at(inputs);
        let begin = [addresses, outputs, &[n]].concat();
        self.builder.ins().jump(turn, &args(&begin));

        self.builder.switch_to_block(turn);
        let parameters = self.builder.block_params(turn).to_vec();
        let (addresses, rest) = parameters.split_at(inputs);
        let (outputs, left) = rest.split_at(outputs.len());
        GroupLowering::new(strip, self.builder, self.vectors).emit(addresses, outputs);
        let mut next = Vec::new();
        for (&address, &advance) in addresses.iter().zip(advances) {
            next.push(self.builder.ins().iadd(address, advance));
        }
        for (&address, (operand, _)) in outputs.iter().zip(&strip.outputs) {
            let bytes = operand.dtype.size() as i64 * self.group;
            next.push(self.builder.ins().iadd_imm_s(address, bytes));
        }
        let left = self.builder.ins().iadd_imm_s(left[0], -self.group);
        next.push(left);
        let more =
            self.builder
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, left, self.group);
        self.builder.ins().brif(more, turn, &args(&next), end, &[]);

        self.builder.switch_to_block(end);
        let done = self.builder.ins().isub(n, left);
        self.builder.ins().return_(&[done]);
    }
}
