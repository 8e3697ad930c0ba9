//! Array elements: addresses, bounds checks, loads and stores; and the lengths of axes.
//!
//! Invariant: no access without a check that the index is below the axis' length, or the
//! knowledge that it is. Loads are marked as never trapping and as nothing else: the caller
//! may let an output coincide with an input.

use brolga_lang::ir::{Element, Expr, LocalId, Scalar, SiteId, Type, ViewType};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};

use super::{Flow, Translator, malformed};
use crate::layout::machine_type;

/// The flags of all accesses to array elements.
pub(crate) fn element_flags() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

fn scalar_element(ty: ViewType) -> Flow<Scalar> {
    match ty.element {
        Element::Scalar(scalar) => Ok(scalar),
        Element::Complex(_) => Err(malformed("complex elements are not supported")),
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
    ) -> Flow<Value> {
        let (ty, address) = self.element_address(view, index, site)?;
        let machine = machine_type(scalar_element(ty)?);
        Ok(self
            .builder
            .ins()
            .load(machine, element_flags(), address, 0))
    }

    /// `view[index] = value`.
    pub(super) fn store_element(
        &mut self,
        view: LocalId,
        index: &'p [Expr],
        site: SiteId,
        value: &'p Expr,
    ) -> Flow<()> {
        let value = self.scalar(value)?;
        let (ty, address) = self.element_address(view, index, site)?;
        if !ty.mutable
            || self.builder.func.dfg.value_type(value) != machine_type(scalar_element(ty)?)
        {
            return Err(malformed("a store that the view does not take"));
        }
        self.builder.ins().store(element_flags(), value, address, 0);
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
        let mut positions = Vec::with_capacity(index.len());
        for position in index {
            positions.push(self.scalar(position)?);
        }
        let (ty, parts) = self.view(view)?;
        let (lengths, strides) = parts[1..].split_at(ndim);
        for (axis, (&position, &length)) in positions.iter().zip(lengths).enumerate() {
            if self.is_below(position, length) {
                self.unit.checks.dropped += 1;
            } else {
                self.unit.checks.kept += 1;
                self.check_bounds(position, length, axis as u64, site);
            }
        }
        let mut address = parts[0];
        for (&position, &stride) in positions.iter().zip(strides) {
            let offset = self.builder.ins().imul(position, stride);
            address = self.builder.ins().iadd(address, offset);
        }
        Ok((ty, address))
    }

    /// Whether an index is known to be below a length: it is the variable of a loop that
    /// ends there, or both are constants.
    fn is_below(&self, index: Value, length: Value) -> bool {
        let dfg = &self.builder.func.dfg;
        let length = dfg.resolve_aliases(length);
        let known_length = self.constant_bits(length);
        if let (Some(index), Some(length)) = (self.constant_bits(index), known_length) {
            return index < length;
        }
        let index = dfg.resolve_aliases(index);
        self.below.iter().any(|&(variable, end)| {
            let end = dfg.resolve_aliases(end);
            let inside = match (self.constant_bits(end), known_length) {
                (Some(end), Some(length)) => end <= length,
                _ => end == length,
            };
            variable == index && inside
        })
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
