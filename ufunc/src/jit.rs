//! `#[jit]` functions: called once, with their operands as they are. Nothing broadcasts and
//! there is no loop.
//!
//! Invariant: as for gufuncs, the function sees aligned views of its own types, and what
//! it writes overlaps nothing else that it sees. Views that it writes are never converted.

use std::sync::Arc;

use brolga_abi::{FunctionMeta, KernelKind, ParamType, Target};
use smallvec::SmallVec;

use crate::broadcast::Named;
use crate::buffer::ArrayBuffer;
use crate::element::Scalar;
use crate::error::{Error, ErrorKind, ErrorLocation, Failure};
use crate::function::{Callable, Specialisation, Specialise, Surroundings};
use crate::loops::call_entry;
use crate::options::{CallOptions, Outputs};
use crate::prepared::Prepared;
use crate::staging::{Source, StagedList, operand_array, stage};
use crate::ufunc::{literal_scalar, wrong_count};
use crate::view::{ArrayRef, Operand};

/// A function that is called once for its operands.
#[derive(Debug)]
pub struct JitFunction {
    callable: Callable,
    parallel: bool,
}

/// The element index of a call without elements. Compiled code reports it back where it
/// fails outside of a `prange` loop; no loop variable has this value.
const NO_ELEMENT: u64 = i64::MIN as u64;

impl JitFunction {
    /// The callable form of a `#[jit]` function.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] when the kernel is of another kind.
    pub fn new(function: Arc<dyn Specialise>) -> Result<JitFunction, Error> {
        let callable = Callable::new(function);
        match callable.meta().kind {
            KernelKind::Jit { parallel } => Ok(JitFunction { callable, parallel }),
            KernelKind::Vectorize | KernelKind::Guvectorize(_) => Err(Error::new(
                ErrorKind::Kernel,
                format!("`{}` is not marked #[jit]", callable.name()),
            )),
        }
    }

    /// The kernel's description.
    pub fn meta(&self) -> &FunctionMeta {
        self.callable.meta()
    }

    /// Calls the function; its results come back as 0-d arrays. A view that it writes must
    /// be an [`Operand::ViewMut`] of exactly its type.
    ///
    /// # Errors
    /// See [`ErrorKind`]: the number, types or shapes of the operands; compiling; the
    /// function's own failure.
    pub fn call(&self, operands: &mut [Operand<'_>]) -> Result<Outputs, Error> {
        self.execute(operands, &Surroundings::default())
    }

    /// As [`JitFunction::call`], with options; there are no outputs to give.
    ///
    /// # Errors
    /// As [`JitFunction::call`].
    pub fn call_with(
        &self,
        operands: &mut [Operand<'_>],
        options: CallOptions<'_>,
    ) -> Result<Outputs, Error> {
        options.check_outputs(self.callable.name(), 0)?;
        self.execute(operands, &options.surroundings)
    }

    /// Finds what a call with these operands would give, and compiles it. Views that the
    /// function writes may be given as [`Operand::View`] here.
    ///
    /// # Errors
    /// As [`JitFunction::call`], but for the function's own failure.
    pub fn prepare(&self, operands: &[Operand<'_>]) -> Result<Prepared, Error> {
        let meta = self.meta();
        if operands.len() != meta.params.len() {
            return Err(wrong_count(&meta.name, meta.params.len(), operands.len()));
        }
        for (number, operand) in operands.iter().enumerate() {
            self.check_axes(number, operand.shape())?;
        }
        let types = operands.iter().map(|operand| Some(operand.argument_type()));
        let resolution = &self.callable.specialisation(types)?.resolution;
        let results = resolution.results.iter();
        Ok(Prepared::new(
            resolution,
            results.map(|&dtype| (dtype, crate::Dims::new())),
        ))
    }

    fn name(&self, number: usize) -> Named<'_> {
        Named {
            role: "operand",
            number,
            name: &self.meta().params[number].name,
        }
    }

    /// Whether an operand has the axes that its parameter wants.
    fn check_axes(&self, number: usize, shape: &[usize]) -> Result<(), Error> {
        let ty = &self.meta().params[number].ty;
        if ty.ndim() == shape.len() {
            return Ok(());
        }
        let wanted = match ty {
            ParamType::Scalar(_) => "a number".to_string(),
            ParamType::View { ndim, .. } => format!("{ndim} axes"),
        };
        Err(Error::new(
            ErrorKind::Dimensions,
            format!(
                "{} has shape {shape:?}, but `{}` wants {wanted}",
                self.name(number),
                self.callable.name()
            ),
        ))
    }

    fn execute(
        &self,
        operands: &mut [Operand<'_>],
        surroundings: &Surroundings<'_>,
    ) -> Result<Outputs, Error> {
        let operands: &[Operand<'_>] = operands;
        let meta = self.meta();
        if operands.len() != meta.params.len() {
            return Err(wrong_count(&meta.name, meta.params.len(), operands.len()));
        }
        for (number, operand) in operands.iter().enumerate() {
            self.check_axes(number, operand.shape())?;
        }
        let types = operands.iter().map(|operand| Some(operand.argument_type()));
        let specialisation = self.callable.specialisation(types)?;
        let kernel = &specialisation.resolution.params;

        let mut literals: SmallVec<[Option<Scalar>; 4]> = SmallVec::new();
        for (number, operand) in operands.iter().enumerate() {
            literals.push(match operand {
                Operand::Weak(literal) => {
                    Some(literal_scalar(*literal, kernel[number], self.name(number))?)
                }
                _ => None,
            });
        }
        let mut sources: SmallVec<[Source<'_>; 6]> = SmallVec::new();
        for (number, operand) in operands.iter().enumerate() {
            let name = self.name(number);
            let written = meta.params[number].ty.is_mutable();
            let array = operand_array(operand, literals[number].as_ref(), written, name)?;
            if written && array.dtype != kernel[number] {
                return Err(Error::new(
                    ErrorKind::DType,
                    format!(
                        "{name} is {}, but the kernel takes {} here; a view that it changes \
                         must have exactly this type",
                        array.dtype, kernel[number]
                    ),
                ));
            }
            sources.push(Source {
                name,
                array,
                kernel: kernel[number],
                written,
            });
        }
        let mut staged = StagedList::new();
        // SAFETY: operands are readable.
        unsafe { stage(sources.iter().copied(), &mut staged)? };
        let arrays: SmallVec<[ArrayRef<'_>; 6]> = staged.iter().map(|item| item.array()).collect();
        let results = &specialisation.resolution.results;
        let mut outputs = Outputs::default();
        for &dtype in results {
            outputs.buffers.push(Some(ArrayBuffer::zeros(dtype, &[])?));
        }
        let places = outputs
            .buffers
            .iter()
            .flatten()
            .map(|buffer| buffer.array().ptr);
        let args: SmallVec<[*mut u8; 8]> =
            arrays.iter().map(|array| array.ptr).chain(places).collect();
        self.call_once(specialisation, &arrays, &args, surroundings)?;
        for item in &staged {
            // SAFETY: written operands are given as mutable.
            unsafe { item.finish() };
        }
        Ok(outputs)
    }

    fn call_once(
        &self,
        specialisation: &Specialisation,
        arrays: &[ArrayRef<'_>],
        args: &[*mut u8],
        surroundings: &Surroundings<'_>,
    ) -> Result<(), Error> {
        let mut dims: SmallVec<[usize; 8]> = SmallVec::from_slice(&[1]);
        let mut steps: SmallVec<[isize; 16]> = SmallVec::from_elem(0, args.len());
        for array in arrays {
            dims.extend_from_slice(array.shape);
            steps.extend_from_slice(array.strides);
        }
        let mut parts = self.callable.context_parts(specialisation, surroundings);
        if self.parallel && surroundings.target != Some(Target::Cpu) {
            parts.kernel_pool = self.callable.pool(surroundings);
        }
        let mut context = parts.context(NO_ELEMENT);
        context.error.element = NO_ELEMENT;
        let failed = |failure: Failure| self.failure(specialisation, &failure);
        parts.check_cancelled().map_err(failed)?;
        // SAFETY: the operands are aligned, of the kernel's types and apart; dims and steps
        // are laid out as the calling convention says.
        unsafe { call_entry(&specialisation.entry, args, &dims, &steps, &mut context) }
            .map_err(failed)
    }

    fn failure(&self, specialisation: &Specialisation, failure: &Failure) -> Error {
        let location = match failure.error.element {
            NO_ELEMENT => ErrorLocation::None,
            _ if !self.parallel => ErrorLocation::None,
            value => ErrorLocation::LoopVariable(value as i64),
        };
        self.callable.failure(specialisation, failure, location)
    }
}
