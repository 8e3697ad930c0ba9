//! The locals of one function of the program while it is translated, inlined or not.
//!
//! A local that is defined once is *bound*: its values are known within the block that
//! defines it, without going through the builder's variables. That is what lets two uses of
//! one length be recognised as the same value before the surrounding loop is finished.
//!
//! Invariant: a bound local also has its builder variables defined, so that it may be read
//! where its binding has ended.

use brolga_lang::ir::{Function, LocalId, LoopId, Step};
use cranelift_codegen::ir::{Type, Value};
use cranelift_frontend::Variable;

use super::{Flow, Target, Translator, malformed};
use crate::layout::{machine_types, member, width};

/// Where `Break` and `Continue` of one loop or labelled block go.
pub(super) struct Jumps {
    pub id: LoopId,
    pub exit: Target,
    /// `None` for labelled blocks.
    pub next: Option<Target>,
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
    variables: Vec<Option<Vec<Variable>>>,
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
    pub(super) fn local_type(&self, local: LocalId) -> Flow<&'p brolga_lang::ir::Type> {
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

    /// The values of a local.
    pub(super) fn local(&mut self, local: LocalId) -> Flow<Vec<Value>> {
        let k = local.0 as usize;
        if let Some(Some(values)) = self.frame().bound.get(k) {
            return Ok(values.clone());
        }
        let ty = self.frame().local_type(local)?;
        if width(ty) == 0 {
            return Ok(Vec::new());
        }
        let Some(variables) = self.frame().variables[k].clone() else {
            return Err(malformed(format!(
                "function `{}` reads local {k} before it is initialised",
                self.frame().function.name.0
            )));
        };
        Ok(variables
            .into_iter()
            .map(|variable| self.builder.use_var(variable))
            .collect())
    }

    /// Sets a local as a whole.
    pub(super) fn define_local(&mut self, local: LocalId, values: Vec<Value>) -> Flow<()> {
        let variables = self.variables(local)?;
        if variables.len() != values.len() {
            return Err(malformed(format!(
                "function `{}` sets local {} of {} machine values to {}",
                self.frame().function.name.0,
                local.0,
                variables.len(),
                values.len()
            )));
        }
        for (&variable, &value) in variables.iter().zip(&values) {
            self.define_variable(variable, value)?;
        }
        let number = self.frame().number;
        if self.unit.plan.definitions[number][local.0 as usize] == 1 {
            let frame = self.frame_mut();
            frame.bound[local.0 as usize] = Some(values);
            frame.binding_order.push(local);
        }
        Ok(())
    }

    /// Sets a local, or the part of it that `path` names.
    pub(super) fn assign(&mut self, local: LocalId, path: &[Step], values: Vec<Value>) -> Flow<()> {
        if path.is_empty() {
            return self.define_local(local, values);
        }
        let mut ty = self.frame().local_type(local)?;
        let mut first = 0;
        for step in path {
            let Step::Member(number) = *step else {
                return Err(malformed("arrays are not supported"));
            };
            let (offset, inner) = member(ty, number)?;
            first += offset;
            ty = inner;
        }
        let variables = self.variables(local)?;
        if values.len() != width(ty) {
            return Err(malformed("a tuple's member is set to another type"));
        }
        for (k, &value) in values.iter().enumerate() {
            self.define_variable(variables[first + k], value)?;
        }
        self.frame_mut().bound[local.0 as usize] = None;
        Ok(())
    }

    fn define_variable(&mut self, variable: Variable, value: Value) -> Flow<()> {
        self.builder
            .try_def_var(variable, value)
            .map_err(|error| malformed(format!("a local is set to another type: {error}")))
    }

    fn variables(&mut self, local: LocalId) -> Flow<Vec<Variable>> {
        let types: Vec<Type> = machine_types(self.frame().local_type(local)?);
        let k = local.0 as usize;
        if let Some(variables) = &self.frame().variables[k] {
            return Ok(variables.clone());
        }
        let variables: Vec<Variable> = types
            .into_iter()
            .map(|ty| self.builder.declare_var(ty))
            .collect();
        self.frame_mut().variables[k] = Some(variables.clone());
        Ok(variables)
    }
}
