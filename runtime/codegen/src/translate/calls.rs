//! Calls between functions of the program: inlined, or to a machine function of its own.

use brolga_lang::ir::{Expr, FunctionId};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Value, types};

use super::frame::Frame;
use super::{Flow, Translator, malformed};
use crate::layout::{machine_types, width};

impl<'p> Translator<'_, 'p> {
    /// A call.
    pub(super) fn call(&mut self, function: FunctionId, arguments: &'p [Expr]) -> Flow<Vec<Value>> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.expr(argument)?);
        }
        self.call_with(function, values)
    }

    /// A call with one row of values for each parameter.
    pub(crate) fn call_with(
        &mut self,
        function: FunctionId,
        arguments: Vec<Vec<Value>>,
    ) -> Flow<Vec<Value>> {
        let k = function.0 as usize;
        let Some(callee) = self.unit.program.functions.get(k) else {
            return Err(malformed(format!("a call of function {k}")));
        };
        if callee.params.len() != arguments.len() {
            return Err(malformed(format!(
                "`{}` is called with {} arguments",
                callee.name.0,
                arguments.len()
            )));
        }
        if self.unit.plan.separate[k] {
            return self.call_separate(function, arguments);
        }
        let result = self.target(&callee.result);
        self.frames.push(Frame::new(callee, k, Some(result)));
        for (&param, values) in callee.params.iter().zip(arguments) {
            self.define_local(param, values)?;
        }
        let values = self.block(&callee.body);
        let frame = self.frames.pop();
        let Some(mut result) = frame.and_then(|frame| frame.result) else {
            return Err(malformed("a function that was not begun"));
        };
        if !result.reached {
            // Nothing returns early: no join is needed.
            return values;
        }
        self.join(&mut result, values)?;
        self.enter(&result)
    }

    fn call_separate(
        &mut self,
        function: FunctionId,
        arguments: Vec<Vec<Value>>,
    ) -> Flow<Vec<Value>> {
        let callee = &self.unit.program.functions[function.0 as usize];
        let parts = machine_types(&callee.result);
        let mut values = vec![self.context];
        values.extend(arguments.into_iter().flatten());
        let out = self.words_on_stack(parts.len());
        values.extend(out);
        let id = self.unit.separate(function)?;
        let reference = self.reference(id);
        let signature = self.builder.func.dfg.ext_funcs[reference].signature;
        let expected = self.builder.func.dfg.signatures[signature].params.len();
        if expected != values.len() {
            return Err(malformed(format!(
                "`{}` is called with values of the wrong types",
                callee.name.0
            )));
        }
        let call = self.builder.ins().call(reference, &values);
        let status = self.builder.inst_results(call)[0];
        self.check_status(status);
        Ok(match out {
            None => Vec::new(),
            Some(out) => self.load_words(out, 0, &parts),
        })
    }

    /// The address of so many fresh 8-byte words on the stack; `None` for no words.
    pub(super) fn words_on_stack(&mut self, words: usize) -> Option<Value> {
        (words > 0).then(|| {
            let slot = self.builder.create_sized_stack_slot(ir::StackSlotData::new(
                ir::StackSlotKind::ExplicitSlot,
                8 * words as u32,
                3,
            ));
            self.builder.ins().stack_addr(types::I64, slot, 0)
        })
    }

    /// Stores values into 8-byte words, from word number `first` on.
    pub(super) fn store_words(&mut self, address: Value, first: usize, values: &[Value]) {
        for (k, &value) in values.iter().enumerate() {
            let offset = 8 * (first + k) as i32;
            self.builder
                .ins()
                .store(MemFlagsData::trusted(), value, address, offset);
        }
    }

    /// Loads values from 8-byte words, from word number `first` on.
    pub(super) fn load_words(
        &mut self,
        address: Value,
        first: usize,
        parts: &[ir::Type],
    ) -> Vec<Value> {
        parts
            .iter()
            .enumerate()
            .map(|(k, &ty)| {
                let offset = 8 * (first + k) as i32;
                self.builder
                    .ins()
                    .load(ty, MemFlagsData::trusted(), address, offset)
            })
            .collect()
    }

    /// The whole of a machine function `(context, parameters.., out?) -> status`.
    pub(super) fn separate_function(&mut self, function: FunctionId, params: &[Value]) -> Flow<()> {
        let k = function.0 as usize;
        let definition = &self.unit.program.functions[k];
        if definition.recursive {
            self.check_stack();
        }
        if self.unit.plan.endless[k] {
            self.find_cancel_flag();
        }
        let result = self.target(&definition.result);
        self.frames.push(Frame::new(definition, k, Some(result)));
        let mut next = 1;
        for &param in &definition.params {
            let parts = width(self.frame().local_type(param)?);
            self.define_local(param, params[next..next + parts].to_vec())?;
            next += parts;
        }
        let values = self.block(&definition.body);
        let frame = self.frames.pop();
        let Some(mut result) = frame.and_then(|frame| frame.result) else {
            return Err(malformed("a function that was not begun"));
        };
        self.join(&mut result, values)?;
        let values = self.enter(&result)?;
        if let Some(&out) = params.get(next) {
            self.store_words(out, 0, &values);
        }
        self.return_ok();
        Ok(())
    }
}
