//! Functions of the NRT: their names, references to them, and calls for one group.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use brolga_lang::ir::{BinaryOp, UnaryOp};
use cranelift_codegen::ir::{
    FuncRef, Function, InstBuilder, StackSlotData, StackSlotKind, Value, types,
};

use super::lanewise::{binary_symbol, unary_symbol};
use super::{Lowering, element_access, value_vector};
use crate::error::CodegenError;
use crate::vector::Imports;
use crate::vector::program::{Operation, StripProgram, ValueType};

/// References to all functions that a vector loop calls, by symbol.
#[derive(Default)]
pub(in crate::vector) struct Externals(HashMap<String, FuncRef>);

impl Externals {
    /// Imports what a program's operations call, and `others`.
    pub(in crate::vector) fn new(
        strip: &StripProgram,
        others: Vec<String>,
        function: &mut Function,
        imports: &mut dyn Imports,
    ) -> Result<Externals, CodegenError> {
        let of_entry = |k: usize| {
            let entry = strip.entries[k];
            match entry.operation {
                Operation::Lanewise(op, x) => unary_symbol(op, strip.entry(x).ty),
                Operation::Lanewise2(op, ..) => binary_symbol(op, entry.ty),
                operation => strip_symbol(operation, entry.ty),
            }
        };
        let mut found = HashMap::new();
        let symbols = (0..strip.entries.len()).map(of_entry).chain(others);
        for symbol in symbols.filter(|symbol| !symbol.is_empty()) {
            if let Entry::Vacant(place) = found.entry(symbol) {
                let reference = imports.import(place.key(), function)?;
                place.insert(reference);
            }
        }
        Ok(Externals(found))
    }

    pub(in crate::vector) fn get(&self, symbol: &str) -> FuncRef {
        self.0[symbol]
    }
}

/// The symbol of the strip function of a `Math` or `Math2` operation; empty for others.
pub(in crate::vector) fn strip_symbol(operation: Operation, ty: ValueType) -> String {
    let name = match operation {
        Operation::Math(op, _) => match op {
            UnaryOp::Exp => "exp",
            UnaryOp::Exp2 => "exp2",
            UnaryOp::ExpM1 => "exp_m1",
            UnaryOp::Ln => "ln",
            UnaryOp::Ln1p => "ln_1p",
            UnaryOp::Log2 => "log2",
            UnaryOp::Log10 => "log10",
            UnaryOp::Sin => "sin",
            UnaryOp::Cos => "cos",
            UnaryOp::Tan => "tan",
            UnaryOp::Asin => "asin",
            UnaryOp::Acos => "acos",
            UnaryOp::Atan => "atan",
            UnaryOp::Sinh => "sinh",
            UnaryOp::Cosh => "cosh",
            UnaryOp::Tanh => "tanh",
            UnaryOp::Asinh => "asinh",
            UnaryOp::Acosh => "acosh",
            UnaryOp::Atanh => "atanh",
            UnaryOp::Cbrt => "cbrt",
            UnaryOp::Erf => "erf",
            UnaryOp::Erfc => "erfc",
            _ => unreachable!("the builder makes no strip call of {op:?}"),
        },
        Operation::Math2(op, ..) => match op {
            BinaryOp::Atan2 => "atan2",
            BinaryOp::Hypot => "hypot",
            BinaryOp::Powf => "powf",
            BinaryOp::Powi => "powi",
            _ => unreachable!("the builder makes no strip call of {op:?}"),
        },
        _ => return String::new(),
    };
    let bits = ty.bits();
    format!("nrt_v_{name}_f{bits}")
}

impl Lowering<'_, '_> {
    /// A strip function for one group, where the strip cannot be cut: inside of a loop.
    pub(super) fn math_of_group(&mut self, operation: Operation, ty: ValueType) -> Vec<Value> {
        let flags = element_access();
        let mut sources = Vec::new();
        for operand in operation.operands() {
            let vectors = self.whole(operand);
            let buffer = self.group_buffer(vectors.len());
            for (j, vector) in (0_i32..).zip(vectors) {
                self.builder.ins().store(flags, vector, buffer, 16 * j);
            }
            sources.push(buffer);
        }
        let n = self.builder.ins().iconst(types::I64, i64::from(self.group));
        let symbol = strip_symbol(operation, ty);
        let target = sources[0];
        let mut arguments = vec![target];
        arguments.extend(&sources);
        arguments.push(n);
        let function = self.externals.get(&symbol);
        self.builder.ins().call(function, &arguments);
        self.recent.clear();
        (0..self.count(ty.bits()) as i32)
            .map(|j| self.load_vector(value_vector(ty), target, 16 * j))
            .collect()
    }

    /// Room for the vectors of one group.
    pub(super) fn group_buffer(&mut self, vectors: usize) -> Value {
        let slot = self.builder.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            16 * vectors as u32,
            4,
        ));
        self.builder.ins().stack_addr(types::I64, slot, 0)
    }
}
