//! Loads of loops that go along operands ([`crate::vector::program::Along`]).

use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};

use super::{Held, Lowering, element_access, value_vector};
use crate::vector::program::{Node, Operation, Spread, ValueId, ValueType};

impl Lowering<'_, '_> {
    /// What stands in the place of the address of an operand.
    pub(super) fn word(&mut self, number: usize) -> Value {
        let (args, _) = self.around.tables;
        self.table_entry(args, number)
    }

    fn table_entry(&mut self, table: Value, number: usize) -> Value {
        let flags = MemFlagsData::trusted();
        let ins = self.builder.ins();
        ins.load(types::I64, flags, table, 8 * number as i32)
    }

    /// Finds the group's first elements of what the nodes of a loop go along, before the loop.
    pub(super) fn begin_streams(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Value(value) => {
                    let operation = self.strip.entry(*value).operation;
                    if let Operation::LoadAt(number, spread, _) = operation {
                        self.begin_stream(number, spread);
                    }
                }
                Node::Loop(inner) => self.begin_streams(&inner.body),
                Node::Bail(_) => {}
            }
        }
    }

    fn begin_stream(&mut self, number: usize, spread: Spread) {
        if self.streams.contains_key(&number) {
            return;
        }
        let first = self.word(number);
        let address = match spread {
            Spread::Same => first,
            Spread::Dense | Spread::Apart => {
                let step = self.step(number);
                let passed = self.builder.ins().imul(self.around.position, step);
                self.builder.ins().iadd(first, passed)
            }
        };
        self.streams.insert(number, address);
    }

    /// The distance of neighbouring lanes' elements.
    fn step(&mut self, number: usize) -> Value {
        let (_, steps) = self.around.tables;
        self.table_entry(steps, number)
    }

    /// The value of an offset.
    pub(super) fn offset(&self, value: ValueId) -> Value {
        match self.values[value.0 as usize] {
            Some(Held::Scalar(offset)) => offset,
            _ => unreachable!("an offset belongs to a loop that is open"),
        }
    }

    /// The group's elements at an offset.
    pub(super) fn load_along(
        &mut self,
        number: usize,
        spread: Spread,
        offset: ValueId,
        ty: ValueType,
    ) -> Vec<Value> {
        let base = self.streams[&number];
        let offset = self.offset(offset);
        let address = self.builder.ins().iadd(base, offset);
        let vector = value_vector(ty);
        match spread {
            Spread::Dense => self.load(vector, address),
            Spread::Same => {
                let element = self.element(vector.lane_type(), address);
                let splat = self.builder.ins().splat(vector, element);
                vec![splat; self.count(ty.bits())]
            }
            Spread::Apart => self.gather(number, vector, address),
        }
    }

    fn element(&mut self, ty: Type, address: Value) -> Value {
        self.builder.ins().load(ty, element_access(), address, 0)
    }

    /// Lane by lane, from the address of the first one's element on.
    fn gather(&mut self, number: usize, ty: Type, first: Value) -> Vec<Value> {
        let step = self.step(number);
        let lanes = (ty.lane_count()).min(self.group);
        let mut address = first;
        let mut vectors = Vec::new();
        for j in 0..self.count(ty.lane_bits()) {
            let mut vector = None;
            for lane in 0..lanes {
                if j > 0 || lane > 0 {
                    address = self.builder.ins().iadd(address, step);
                }
                let element = self.element(ty.lane_type(), address);
                vector = Some(match vector {
                    // Cheaper than `scalar_to_vector`, which clears the other lanes first.
                    None => self.builder.ins().splat(ty, element),
                    Some(vector) => self.builder.ins().insertlane(vector, element, lane as u8),
                });
            }
            vectors.extend(vector);
        }
        vectors
    }
}
