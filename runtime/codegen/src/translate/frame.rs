//! The locals of one function of the program while it is translated, inlined or not.
//!
//! A local that is defined once is *bound*: its values are known within the block that
//! defines it, without going through the builder's variables. That is what lets two uses of
//! one length be recognised as the same value before the surrounding loop is finished.
//!
//! An array is the address of memory that nobody writes to while the value is used. A local
//! that is defined once takes over its value's memory: whatever could write there again
//! (another run of the expression that made it) defines the local again, too, before it can
//! be read. Any other local has a stack slot of its own for each array in it.
//!
//! Invariant: a bound local also has its builder variables defined, so that it may be read
//! where its binding has ended.

use brolga_lang::ir::{Function, LocalId, LoopId, Step, Type};
use brolga_lang::layout::size_align;
use cranelift_codegen::ir::{InstBuilder, StackSlot, Value};
use cranelift_frontend::Variable;

use super::turns::Known;
use super::{Flow, Target, Translator, malformed};
use crate::layout::{WORD, array_leaves, machine_types, member, width};

/// Where `Break` and `Continue` of one loop or labelled block go.
pub(super) struct Jumps {
    pub id: LoopId,
    pub exit: Target,
    /// `None` for labelled blocks.
    pub next: Option<Target>,
}

/// Where one machine value of a local is kept.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    Variable(Variable),
    /// An array, in memory of the local's own.
    Slot(StackSlot),
}

/// A function of the program in translation.
pub(super) struct Frame<'p> {
    pub function: &'p Function,
    /// Its number in the program.
    pub number: usize,
    /// The enclosing loops and labelled blocks, innermost last.
    pub jumps: Vec<Jumps>,
    /// Where `Return` goes; `None` in the outlined body of a `prange`.
    pub result: Option<Target>,
    /// The elements of views that are known to be inside in the loop at hand, and where they lie.
    pub places: Vec<Known<'p>>,
    variables: Vec<Option<Vec<Cell>>>,
    bound: Vec<Option<Vec<Value>>>,
    binding_order: Vec<LocalId>,
}

/// The bindings at one point.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl<'p> Frame<'p> {
    pub(super) fn new(function: &'p Function, number: usize, result: Option<Target>) -> Frame<'p> {
        Frame {
            function,
            number,
            jumps: Vec::new(),
            result,
            places: Vec::new(),
            variables: vec![None; function.locals.len()],
            bound: vec![None; function.locals.len()],
            binding_order: Vec::new(),
        }
    }

    /// The bindings so far, for [`Frame::release`].
    pub(super) fn mark(&self) -> Mark {
        Mark(self.binding_order.len())
    }

    /// Ends the bindings that were made since `mark`.
    pub(super) fn release(&mut self, mark: Mark) {
        for local in self.binding_order.drain(mark.0..) {
            self.bound[local.0 as usize] = None;
        }
    }

    /// Whether a local was defined somewhere before.
    pub(super) fn is_defined(&self, local: LocalId) -> bool {
        matches!(self.variables.get(local.0 as usize), Some(Some(_)))
    }

    /// The type of a local.
    pub(super) fn local_type(&self, local: LocalId) -> Flow<&'p Type> {
        let found = self.function.locals.get(local.0 as usize);
        found.map(|local| &local.ty).ok_or_else(|| {
            malformed(format!(
                "function `{}` has no local {}",
                self.function.name.0, local.0
            ))
        })
    }
}

impl<'p> Translator<'_, 'p> {
    pub(super) fn frame(&self) -> &Frame<'p> {
        self.frames.last().expect("a frame while translating")
    }

    pub(super) fn frame_mut(&mut self) -> &mut Frame<'p> {
        self.frames.last_mut().expect("a frame while translating")
    }

    /// The values of a local, which stay what they are whatever happens to the local.
    pub(super) fn local(&mut self, local: LocalId) -> Flow<Vec<Value>> {
        let values = self.local_in_place(local)?;
        if !self.may_change(local) {
            return Ok(values);
        }
        let ty = self.frame().local_type(local)?;
        self.copied(ty, values)
    }

    /// Whether the arrays among a local's values are the memory that the next assignment to
    /// the local writes to.
    pub(super) fn may_change(&self, local: LocalId) -> bool {
        let frame = self.frame();
        let k = local.0 as usize;
        let bound = matches!(frame.bound.get(k), Some(Some(_)));
        let cells = frame.variables.get(k).and_then(Option::as_deref);
        !bound && cells.is_some_and(|cells| cells.iter().any(|c| matches!(c, Cell::Slot(_))))
    }

    /// The values of a local until it is next assigned.
    pub(super) fn local_in_place(&mut self, local: LocalId) -> Flow<Vec<Value>> {
        let k = local.0 as usize;
        if let Some(Some(values)) = self.frame().bound.get(k) {
            return Ok(values.clone());
        }
        let ty = self.frame().local_type(local)?;
        if width(ty) == 0 {
            return Ok(Vec::new());
        }
        let Some(cells) = self.frame().variables[k].clone() else {
            return Err(malformed(format!(
                "function `{}` reads local {k} before it is initialised",
                self.frame().function.name.0
            )));
        };
        Ok(cells
            .into_iter()
            .map(|cell| match cell {
                Cell::Variable(variable) => self.builder.use_var(variable),
                Cell::Slot(slot) => self.builder.ins().stack_addr(WORD, slot, 0),
            })
            .collect())
    }

    /// Sets a local as a whole.
    pub(super) fn define_local(&mut self, local: LocalId, values: Vec<Value>) -> Flow<()> {
        let cells = self.cells(local)?;
        if cells.len() != values.len() {
            return Err(malformed(format!(
                "function `{}` sets local {} of {} machine values to {}",
                self.frame().function.name.0,
                local.0,
                cells.len(),
                values.len()
            )));
        }
        let ty = self.frame().local_type(local)?;
        self.define_cells(ty, &cells, &values)?;
        if self.is_defined_once(local) {
            let frame = self.frame_mut();
            frame.bound[local.0 as usize] = Some(values);
            frame.binding_order.push(local);
        }
        Ok(())
    }

    /// Gives a local values that hold for the whole machine function.
    pub(super) fn bind(&mut self, local: LocalId, values: Vec<Value>) -> Flow<()> {
        let k = local.0 as usize;
        let types = machine_types(self.frame().local_type(local)?);
        let mut cells = Vec::with_capacity(values.len());
        for (ty, &value) in types.into_iter().zip(&values) {
            let variable = self.builder.declare_var(ty);
            self.define_variable(variable, value)?;
            cells.push(Cell::Variable(variable));
        }
        let frame = self.frame_mut();
        frame.variables[k] = Some(cells);
        frame.bound[k] = Some(values);
        Ok(())
    }

    pub(super) fn is_defined_once(&self, local: LocalId) -> bool {
        let counts = &self.unit.plan.definitions[self.frame().number];
        counts.get(local.0 as usize) == Some(&1)
    }

    /// Sets the part of a local that `path` names, or all of it.
    pub(super) fn assign(
        &mut self,
        local: LocalId,
        path: &'p [Step],
        values: Vec<Value>,
    ) -> Flow<()> {
        if path.is_empty() {
            return self.define_local(local, values);
        }
        let mut ty = self.frame().local_type(local)?;
        let cells = self.cells(local)?;
        let mut first = 0;
        let mut steps = path.iter();
        let mut memory = None;
        for step in steps.by_ref() {
            match step {
                Step::Member(number) => {
                    let (offset, inner) = member(ty, *number)?;
                    first += offset;
                    ty = inner;
                }
                Step::Index(index, site) => {
                    let Some(Cell::Slot(slot)) = cells.get(first) else {
                        return Err(malformed("an element of no array is set"));
                    };
                    let address = self.builder.ins().stack_addr(WORD, *slot, 0);
                    let place = self.element((address, 0), ty, index, *site)?;
                    memory = Some(place.0);
                    ty = place.1;
                    break;
                }
            }
        }
        self.frame_mut().bound[local.0 as usize] = None;
        let Some(mut place) = memory else {
            let cells = cells.get(first..first + width(ty));
            let cells = cells.ok_or_else(|| malformed("a member of too short a value"))?;
            if values.len() != cells.len() {
                return Err(malformed("a tuple's member is set to another type"));
            }
            return self.define_cells(ty, cells, &values);
        };
        for step in steps {
            (place, ty) = match step {
                Step::Member(number) => self.member_place(place, ty, *number)?,
                Step::Index(index, site) => self.element(place, ty, index, *site)?,
            };
        }
        self.store_memory(place, ty, &values)
    }

    fn define_cells(&mut self, ty: &Type, cells: &[Cell], values: &[Value]) -> Flow<()> {
        for ((cell, &value), array) in cells.iter().zip(values).zip(array_leaves(ty)) {
            match (cell, array) {
                (Cell::Variable(variable), _) => self.define_variable(*variable, value)?,
                (Cell::Slot(slot), Some(array)) => {
                    let address = self.builder.ins().stack_addr(WORD, *slot, 0);
                    self.copy_memory(address, value, size_align(array).0)?;
                }
                (Cell::Slot(_), None) => return Err(malformed("a slot without an array")),
            }
        }
        Ok(())
    }

    fn define_variable(&mut self, variable: Variable, value: Value) -> Flow<()> {
        self.builder
            .try_def_var(variable, value)
            .map_err(|error| malformed(format!("a local is set to another type: {error}")))
    }

    /// The memory of a local that is an array of its own.
    pub(super) fn own_array(&mut self, local: LocalId) -> Flow<Option<Value>> {
        Ok(match self.cells(local)?[..] {
            [Cell::Slot(slot)] => Some(self.builder.ins().stack_addr(WORD, slot, 0)),
            _ => None,
        })
    }

    fn cells(&mut self, local: LocalId) -> Flow<Vec<Cell>> {
        let ty = self.frame().local_type(local)?;
        let k = local.0 as usize;
        if let Some(cells) = &self.frame().variables[k] {
            return Ok(cells.clone());
        }
        let once = self.is_defined_once(local);
        let mut cells = Vec::new();
        for (part, array) in machine_types(ty).into_iter().zip(array_leaves(ty)) {
            cells.push(match array {
                Some(array) if !once => Cell::Slot(self.array_slot(array)?),
                _ => Cell::Variable(self.builder.declare_var(part)),
            });
        }
        self.frame_mut().variables[k] = Some(cells.clone());
        Ok(cells)
    }
}
