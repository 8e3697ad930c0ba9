//! Calls between functions of the program: inlined, or to a machine function of its own.

use brolga_lang::ir::{Expr, FunctionId};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Value, types};

use super::arrays::is_simple;
use super::frame::Frame;
use super::{Flow, Translator, malformed};
use crate::layout::{WORD, array_leaves, has_arrays, has_views, machine_types, width};
use brolga_lang::layout::size_align;

impl<'p> Translator<'_, 'p> {
    /// A call.
    pub(super) fn call(&mut self, function: FunctionId, arguments: &'p [Expr]) -> Flow<Vec<Value>> {
        // Arrays may stay where they are if no argument after them can change them, and the
        // callee cannot hand them on.
        let result = self.unit.program.functions.get(function.0 as usize);
        let keeps = result.is_some_and(|callee| !has_arrays(&callee.result));
        let mut values = Vec::with_capacity(arguments.len());
        for (k, argument) in arguments.iter().enumerate() {
            let in_place = keeps && arguments[k + 1..].iter().all(is_simple);
            values.push(match in_place {
                true => self.immediate(argument)?,
                false => self.expr(argument)?,
            });
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
        let scoped = self.unit.plan.allocates[k] && !has_views(&callee.result);
        let mark = match scoped {
            true => Some(self.scratch_mark()?),
            false => None,
        };
        let values = if self.unit.plan.separate[k] {
            self.call_separate(function, arguments)?
        } else {
            self.call_inlined(function, arguments)?
        };
        self.scratch_release(mark)?;
        Ok(values)
    }

    fn call_inlined(
        &mut self,
        function: FunctionId,
        arguments: Vec<Vec<Value>>,
    ) -> Flow<Vec<Value>> {
        let k = function.0 as usize;
        let callee = &self.unit.program.functions[k];
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
        // The callee writes arrays to where their words point.
        let mut arrays = Vec::new();
        for (word, array) in array_leaves(&callee.result).into_iter().enumerate() {
            if let (Some(array), Some(out)) = (array, out) {
                let address = self.fresh_array(array)?;
                self.store_words(out, word, &[address]);
                arrays.push((word, address));
            }
        }
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
            Some(out) => {
                let mut values = self.load_words(out, 0, &parts);
                for (word, address) in arrays {
                    values[word] = address;
                }
                values
            }
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
            for (word, array) in array_leaves(&definition.result).into_iter().enumerate() {
                match array {
                    Some(array) => {
                        let address = self.load_words(out, word, &[WORD])[0];
                        self.copy_memory(address, values[word], size_align(array).0)?;
                    }
                    None => self.store_words(out, word, &values[word..=word]),
                }
            }
        }
        self.return_ok();
        Ok(())
    }
}
