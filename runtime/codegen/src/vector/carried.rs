//! What loops carry from turn to turn and leave behind: the locals that they assign, a parameter
//! for each scalar in one.

use std::collections::{BTreeSet, HashMap};

use brolga_lang::ir::{LocalId, Scalar};

use super::build::Symbol;
use super::control::Walk;
use super::operators::{Made, malformed, scalar_of};
use super::paths::State;
use super::program::{Operation, ValueId, ValueType};
use super::refusal::Refusal;

/// A local that a loop changes: its parameters, one for each scalar in it.
pub(super) struct CarriedLocal {
    pub(super) local: LocalId,
    pub(super) shape: Symbol,
    pub(super) parameters: Vec<ValueId>,
}

/// An exit out of a loop, with the number of its target and an exact mask.
pub(super) struct Left {
    pub(super) place: usize,
    pub(super) mask: ValueId,
    pub(super) state: State,
}

/// What a loop begins with.
pub(super) struct Initial {
    pub(super) locals: Vec<(LocalId, Symbol, Vec<ValueId>)>,
    /// The width of its masks.
    pub(super) bits: u32,
}

impl Walk<'_> {
    /// The initial values of the locals that a loop assigns and that are set before it, and the
    /// width of the loop's masks: that of the widest lanes which they freeze.
    pub(super) fn carried_locals(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        entering: Option<ValueId>,
    ) -> Result<Initial, Refusal> {
        let mut shapes = Vec::new();
        let mut bits = 0;
        for &local in assigned {
            let symbol = self.locals.get(local.0 as usize).ok_or_else(malformed)?;
            if let Some(symbol) = symbol.clone() {
                each_scalar(&symbol, &mut |part| {
                    let scalar = scalar_of(part)?;
                    if scalar != Scalar::Bool {
                        bits = bits.max(scalar.bits());
                    }
                    Ok(())
                })?;
                shapes.push((local, symbol));
            }
        }
        if bits == 0 {
            bits = entering.map_or(8, |mask| self.builder.list.entry(mask).ty.bits());
        }
        let mut locals = Vec::new();
        for (local, symbol) in shapes {
            let initial = self.flat(&symbol, bits)?;
            locals.push((local, symbol, initial));
        }
        Ok(Initial { locals, bits })
    }

    /// The values of a symbol's scalars, masks in this width.
    pub(super) fn flat(&mut self, symbol: &Symbol, bits: u32) -> Result<Vec<ValueId>, Refusal> {
        let mut parts = Vec::new();
        each_scalar(symbol, &mut |part| {
            let value = self.builder.value(part)?;
            parts.push(match scalar_of(part)? {
                Scalar::Bool => self.builder.resize(value, bits)?,
                _ => value,
            });
            Ok(())
        })?;
        Ok(parts)
    }

    /// Makes the locals that an open loop assigns what they are at the beginning of a turn.
    pub(super) fn enter_loop(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        initial: Initial,
    ) -> Result<Vec<CarriedLocal>, Refusal> {
        for &local in assigned {
            self.unset(local);
        }
        let mut carried = Vec::new();
        for (local, symbol, initial) in initial.locals {
            let parameters: Vec<ValueId> = initial
                .into_iter()
                .map(|initial| self.builder.list.carry(initial))
                .collect();
            let shape = with_values(&symbol, &parameters)?;
            self.set(local, shape.clone())?;
            carried.push(CarriedLocal {
                local,
                shape,
                parameters,
            });
        }
        Ok(carried)
    }

    /// Makes the locals that a closed loop assigned what they are after it.
    pub(super) fn leave_loop(
        &mut self,
        assigned: &BTreeSet<LocalId>,
        carried: Vec<CarriedLocal>,
        results: &HashMap<ValueId, ValueId>,
    ) -> Result<(), Refusal> {
        for &local in assigned {
            self.unset(local);
        }
        for carried in carried {
            let symbol = map_values(&carried.shape, &mut |value| results[&value]);
            self.set(carried.local, symbol)?;
        }
        Ok(())
    }

    /// Carries the locals that are first set in the loop, and may be read after it.
    pub(super) fn late_locals(
        &mut self,
        carried: &mut Vec<CarriedLocal>,
        assigned: &BTreeSet<LocalId>,
        end: Option<&[Option<Symbol>]>,
        quits: bool,
        left: &[Left],
        bits: u32,
    ) -> Result<(), Refusal> {
        let known: BTreeSet<LocalId> = carried.iter().map(|carried| carried.local).collect();
        for &local in assigned.difference(&known) {
            let at_end = end
                .filter(|_| quits)
                .and_then(|end| end[local.0 as usize].clone());
            let mut at_exits = left
                .iter()
                .filter_map(|left| left.state.locals[local.0 as usize].clone());
            if let Some(shape) = at_end.or_else(|| at_exits.next()) {
                let (shape, parameters) = self.carry_nothing(&shape, bits)?;
                carried.push(CarriedLocal {
                    local,
                    shape,
                    parameters,
                });
            }
        }
        Ok(())
    }

    /// Carries a symbol of this shape, whose first value does not matter.
    pub(super) fn carry_nothing(
        &mut self,
        shape: &Symbol,
        bits: u32,
    ) -> Result<(Symbol, Vec<ValueId>), Refusal> {
        let mut parameters = Vec::new();
        for value in self.flat(shape, bits)? {
            let ty = self.builder.list.entry(value).ty;
            let nothing = match ty {
                ValueType::Mask(bits) => self.builder.known_mask(false, bits)?,
                ValueType::Lane(_) => self.builder.add(Operation::Constant(0), ty)?,
                ValueType::Offset => return Err(malformed()),
            };
            parameters.push(self.builder.list.carry(nothing));
        }
        Ok((with_values(shape, &parameters)?, parameters))
    }

    /// The scalars of a carried local in these locals; `None` where it is not set.
    pub(super) fn parts_of(
        &mut self,
        carried: &CarriedLocal,
        locals: &[Option<Symbol>],
    ) -> Result<Vec<Option<ValueId>>, Refusal> {
        let count = carried.parameters.len();
        let Some(symbol) = &locals[carried.local.0 as usize] else {
            return Ok(vec![None; count]);
        };
        let mut parts = Vec::new();
        let mut parameters = carried.parameters.iter();
        each_scalar(symbol, &mut |part| {
            let parameter = parameters.next().ok_or_else(malformed)?;
            let value = self.builder.value(part)?;
            parts.push(Some(match self.builder.list.entry(*parameter).ty {
                ValueType::Mask(bits) => self.builder.resize(value, bits)?,
                ValueType::Lane(_) | ValueType::Offset => value,
            }));
            Ok(())
        })?;
        match parts.len() == count {
            true => Ok(parts),
            false => Err(malformed()),
        }
    }

    /// What a local is in the next turn, or after the loop: new in the lanes that go on, as it was
    /// at their exit in those that leave, and as it is in those that left before.
    pub(super) fn freeze(
        &mut self,
        carried: &CarriedLocal,
        active: ValueId,
        reached: Option<ValueId>,
        end: Option<&[Option<Symbol>]>,
        left: &[Left],
    ) -> Result<(), Refusal> {
        let count = carried.parameters.len();
        let new = match end {
            Some(locals) => self.parts_of(carried, locals)?,
            None => vec![None; count],
        };
        let mut at_exits = Vec::new();
        for left in left {
            at_exits.push((left.mask, self.parts_of(carried, &left.state.locals)?));
        }
        for (k, &parameter) in carried.parameters.iter().enumerate() {
            // Without an end, every lane that is in the loop leaves, and the last exit is as good.
            let new = end.map(|_| new[k].unwrap_or(parameter));
            let mut changing = Vec::new();
            let mut staying = Vec::new();
            for (mask, parts) in &at_exits {
                let value = parts[k].unwrap_or(parameter);
                if value == parameter {
                    staying.push(*mask);
                } else if Some(value) != new {
                    changing.push((*mask, value));
                }
            }
            let base = match new {
                Some(new) => new,
                None => match changing.pop() {
                    Some((_, value)) => value,
                    None => continue,
                },
            };
            // The lanes that take what is computed here; all others stay.
            let only_new = new.is_some() && changing.is_empty();
            let taking = match reached {
                Some(reached) if only_new && staying.len() == at_exits.len() => reached,
                _ => {
                    let mut taking = active;
                    for mask in staying {
                        let others = self.builder.mask_not(mask)?;
                        taking = self.builder.mask_and(taking, others)?;
                    }
                    taking
                }
            };
            let mut next = base;
            for (mask, value) in changing {
                next = self.choose(mask, value, next)?;
            }
            // Exits are of lanes that are in the loop: over what stays they need no more.
            let frozen = match base == parameter {
                true => next,
                false => self.choose(taking, next, parameter)?,
            };
            self.builder.list.set_next(parameter, frozen, new);
        }
        Ok(())
    }

    /// A select between values of one type.
    pub(super) fn choose(
        &mut self,
        mask: ValueId,
        a: ValueId,
        b: ValueId,
    ) -> Result<ValueId, Refusal> {
        let scalar = match self.builder.list.entry(a).ty {
            ValueType::Mask(_) => Scalar::Bool,
            ValueType::Lane(lane) => lane.scalar(),
            ValueType::Offset => return Err(malformed()),
        };
        let chosen =
            self.builder
                .select(mask, &Symbol::Value(a, scalar), &Symbol::Value(b, scalar))?;
        let value = self.builder.value(&chosen)?;
        match self.builder.list.entry(a).ty {
            ValueType::Mask(bits) => self.builder.resize(value, bits),
            ValueType::Lane(_) | ValueType::Offset => Ok(value),
        }
    }

    /// Carries the mask of the lanes that left for a place outside.
    pub(super) fn went(
        &mut self,
        place: usize,
        left: &[Left],
        never: ValueId,
    ) -> Result<ValueId, Refusal> {
        let parameter = self.builder.list.carry(never);
        let bits = self.builder.list.entry(never).ty.bits();
        let mut next = parameter;
        for left in left.iter().filter(|left| left.place == place) {
            next = self.builder.mask_or(next, left.mask)?;
        }
        let next = self.builder.resize(next, bits)?;
        self.builder.list.set_next(parameter, next, None);
        Ok(parameter)
    }

    /// Carries the value that lanes left with for a place; `None` where none did.
    pub(super) fn carried_value(
        &mut self,
        place: usize,
        left: &[Left],
        bits: u32,
    ) -> Result<Option<Symbol>, Refusal> {
        let exits = || left.iter().filter(|left| left.place == place);
        let Some(first) = exits().next() else {
            return Ok(None);
        };
        let (shape, parameters) = self.carry_nothing(&first.state.value, bits)?;
        let mut next = parameters.clone();
        for left in exits() {
            let parts = self.flat(&left.state.value, bits)?;
            if parts.len() != next.len() {
                return Err(malformed());
            }
            for (next, part) in next.iter_mut().zip(parts) {
                *next = self.choose(left.mask, part, *next)?;
            }
        }
        for (&parameter, next) in parameters.iter().zip(next) {
            self.builder.list.set_next(parameter, next, None);
        }
        Ok(Some(shape))
    }

    pub(super) fn set(&mut self, local: LocalId, symbol: Symbol) -> Result<(), Refusal> {
        *self
            .locals
            .get_mut(local.0 as usize)
            .ok_or_else(malformed)? = Some(symbol);
        Ok(())
    }

    pub(super) fn unset(&mut self, local: LocalId) {
        if let Some(symbol) = self.locals.get_mut(local.0 as usize) {
            *symbol = None;
        }
    }
}

fn each_scalar(
    symbol: &Symbol,
    f: &mut dyn FnMut(&Symbol) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match symbol {
        Symbol::Tuple(parts) => parts.iter().try_for_each(|part| each_scalar(part, f)),
        part => f(part),
    }
}

/// The symbol with other values in its scalars, in order.
fn with_values(symbol: &Symbol, values: &[ValueId]) -> Result<Symbol, Refusal> {
    fn part(symbol: &Symbol, values: &mut dyn Iterator<Item = ValueId>) -> Made {
        match symbol {
            Symbol::Tuple(parts) => parts
                .iter()
                .map(|inner| part(inner, values))
                .collect::<Result<Vec<_>, _>>()
                .map(Symbol::Tuple),
            other => {
                let value = values.next().ok_or_else(malformed)?;
                Ok(Symbol::Value(value, scalar_of(other)?))
            }
        }
    }
    part(symbol, &mut values.iter().copied())
}

pub(super) fn map_values(symbol: &Symbol, f: &mut dyn FnMut(ValueId) -> ValueId) -> Symbol {
    match symbol {
        Symbol::Tuple(parts) => {
            Symbol::Tuple(parts.iter().map(|part| map_values(part, f)).collect())
        }
        Symbol::Value(value, scalar) => Symbol::Value(f(*value), *scalar),
        Symbol::Constant(_) | Symbol::Input(..) => symbol.clone(),
    }
}
