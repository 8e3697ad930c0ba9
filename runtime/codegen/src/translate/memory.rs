//! Array elements: addresses, bounds checks, loads and stores; and the lengths of axes.
//!
//! Invariant: no access without a check that the index is below the axis' length, or the
//! knowledge that it is. Loads are marked as never trapping and as nothing else: the caller
//! may let an output coincide with an input.

use brolga_lang::ir::{Element, Expr, LocalId, Scalar, SiteId, Type, ViewType};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, Value};

use super::{Flow, Translator, malformed};
use crate::layout::machine_type;

/// How many minima inside each other are looked through to know an index to be inside.
const MOST_MINIMA: u32 = 6;

/// The flags of all accesses to array elements.
pub(crate) fn element_flags() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// The type of an element's parts, and how many there are.
fn element_parts(element: Element) -> (Scalar, i32) {
    match element {
        Element::Scalar(scalar) => (scalar, 1),
        Element::Complex(scalar) => (scalar, 2),
    }
}

impl<'p> Translator<'_, 'p> {
    fn view(&mut self, local: LocalId) -> Flow<(ViewType, Vec<Value>)> {
        match self.frame().local_type(local)? {
            Type::View(view) => Ok((*view, self.local(local)?)),
            other => Err(malformed(format!(
                "local {} of type {other:?} is used as a view",
                local.0
            ))),
        }
    }

    /// `view[index]`.
    pub(super) fn load_element(
        &mut self,
        view: LocalId,
        index: &'p [Expr],
        site: SiteId,
    ) -> Flow<Vec<Value>> {
        if let Some(values) = self.known_values(view, index) {
            return Ok(values);
        }
        let (ty, address) = self.element_address(view, index, site)?;
        Ok(self.load_operand(ty.element, address))
    }

    /// `view[index] = value`.
    pub(super) fn store_element(
        &mut self,
        view: LocalId,
        index: &'p [Expr],
        site: SiteId,
        value: &'p Expr,
    ) -> Flow<()> {
        let values = self.expr(value)?;
        let (ty, address) = self.element_address(view, index, site)?;
        if !ty.mutable {
            return Err(malformed("a store that the view does not take"));
        }
        self.store_operand(ty.element, address, &values)
    }

    /// Reads an element that the host sees.
    pub(crate) fn load_operand(&mut self, element: Element, address: Value) -> Vec<Value> {
        let flags = element_flags();
        let (scalar, parts) = element_parts(element);
        let size = scalar.dtype().size() as i32;
        (0..parts)
            .map(|k| {
                let ty = machine_type(scalar);
                self.builder.ins().load(ty, flags, address, k * size)
            })
            .collect()
    }

    /// Writes an element that the host sees.
    pub(crate) fn store_operand(
        &mut self,
        element: Element,
        address: Value,
        values: &[Value],
    ) -> Flow<()> {
        let (scalar, parts) = element_parts(element);
        let size = scalar.dtype().size() as i32;
        if values.len() != parts as usize {
            return Err(malformed("a store that the element does not take"));
        }
        for (&value, k) in values.iter().zip(0..) {
            if self.builder.func.dfg.value_type(value) != machine_type(scalar) {
                return Err(malformed("a store that the element does not take"));
            }
            self.builder
                .ins()
                .store(element_flags(), value, address, k * size);
        }
        Ok(())
    }

    fn element_address(
        &mut self,
        view: LocalId,
        index: &'p [Expr],
        site: SiteId,
    ) -> Flow<(ViewType, Value)> {
        let ndim = match self.frame().local_type(view)? {
            Type::View(ty) => usize::from(ty.ndim),
            _ => usize::MAX,
        };
        if ndim != index.len() {
            return Err(malformed(format!(
                "local {} is indexed by {} numbers",
                view.0,
                index.len()
            )));
        }
        if let Some(address) = self.known_address(view, index) {
            return match self.frame().local_type(view)? {
                Type::View(ty) => Ok((*ty, address)),
                _ => Err(malformed("an element of no view")),
            };
        }
        let mut positions = Vec::with_capacity(index.len());
        for position in index {
            positions.push(self.scalar(position)?);
        }
        let (ty, parts) = self.view(view)?;
        let (lengths, strides) = parts[1..].split_at(ndim);
        for (axis, (&position, &length)) in positions.iter().zip(lengths).enumerate() {
            self.check_index(position, length, axis as u64, site);
        }
        let mut address = parts[0];
        for (&position, &stride) in positions.iter().zip(strides) {
            let offset = self.builder.ins().imul(position, stride);
            address = self.builder.ins().iadd(address, offset);
        }
        Ok((ty, address))
    }

    /// The check of an index, unless it is known to be inside.
    pub(super) fn check_index(&mut self, index: Value, length: Value, axis: u64, site: SiteId) {
        if self.is_below(index, length) {
            self.unit.loops.not_needed();
        } else {
            self.unit.loops.kept_bounds(site, axis);
            self.check_bounds(index, length, axis, site);
        }
    }

    /// Whether an index is known to be below a length: it is the variable of a loop that
    /// ends there, or both are constants.
    pub(super) fn is_below(&self, index: Value, length: Value) -> bool {
        let dfg = &self.builder.func.dfg;
        if let (Some(index), Some(length)) = (self.constant_bits(index), self.constant_bits(length))
        {
            return index < length;
        }
        let index = dfg.resolve_aliases(index);
        self.below
            .iter()
            .any(|&(variable, end)| variable == index && self.is_at_most(end, length))
    }

    /// Whether one value is known to be at most another, both unsigned: it is the same, or a
    /// minimum of it and others, or both are constants.
    pub(super) fn is_at_most(&self, end: Value, length: Value) -> bool {
        self.is_at_most_within(end, length, MOST_MINIMA)
    }

    fn is_at_most_within(&self, end: Value, length: Value, depth: u32) -> bool {
        let dfg = &self.builder.func.dfg;
        let end = dfg.resolve_aliases(end);
        let length = dfg.resolve_aliases(length);
        if let (Some(end), Some(length)) = (self.constant_bits(end), self.constant_bits(length)) {
            return end <= length;
        }
        if end == length {
            return true;
        }
        let ir::ValueDef::Result(inst, _) = dfg.value_def(end) else {
            return false;
        };
        match dfg.insts[inst] {
            ir::InstructionData::Binary {
                opcode: ir::Opcode::Umin,
                args,
            } if depth > 0 => args
                .iter()
                .any(|&part| self.is_at_most_within(part, length, depth - 1)),
            _ => false,
        }
    }

    /// The length of an axis.
    pub(super) fn dim(&mut self, view: LocalId, axis: u8) -> Flow<Value> {
        let (ty, parts) = self.view(view)?;
        if axis >= ty.ndim {
            return Err(malformed(format!("axis {axis} of a view of {}", ty.ndim)));
        }
        Ok(parts[1 + usize::from(axis)])
    }
}
