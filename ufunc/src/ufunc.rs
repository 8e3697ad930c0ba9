//! ufuncs: kernels over scalars, called elementwise over broadcast arrays. Not gufuncs,
//! whose operands have core dimensions.
//!
//! A call goes through these steps: specialisation by element types; single elements into
//! cells of the kernel's type; the loop shape; outputs checked or allocated; inputs that
//! overlap an output copied; then a planned loop. Where everything is contiguous and of the
//! right type, `trivial` does all of it in one call of the entry.
//!
//! Invariant: inputs are never written, except through an output that the caller gave.

use std::sync::Arc;

use brolga_abi::{DType, FunctionMeta, KernelKind, ParamType, RawViewMut};
use brolga_parallel::Pool;
use ndarray::ArrayD;
use smallvec::SmallVec;

use crate::Dims;
use crate::broadcast::{Named, broadcast_strides, loop_length, loop_shape};
use crate::buffer::ArrayBuffer;
use crate::casting::{Casting, can_cast};
use crate::convert::convert_array;
use crate::dispatch::Resolution;
use crate::element::{Element, Scalar};
use crate::error::{Error, ErrorKind, ErrorLocation, counted};
use crate::function::{Callable, Specialisation, Specialise, Surroundings};
use crate::loops::{ContextParts, Loop, LoopError, multi_index};
use crate::options::{CallOptions, Outputs};
use crate::overlap::{check_written, coincide, may_overlap};
use crate::plan::LoopOperand;
use crate::prepared::Prepared;
use crate::trivial::{Cell, Trivial, fill_cell};
use crate::view::{ArrayRef, Given, Operand, WeakScalar};

/// A kernel over scalars that is called over arrays.
#[derive(Debug)]
pub struct UFunc {
    callable: Callable,
}

type Arrays<'a> = SmallVec<[ArrayRef<'a>; 8]>;

/// What the long way of a call needs beside the inputs.
struct Planned<'a> {
    specialisation: &'a Specialisation,
    given: Given<'a>,
    casting: Casting,
    parts: &'a ContextParts<'a>,
    pool: Option<&'a Pool>,
}

impl UFunc {
    /// The ufunc of a `#[vectorize]` kernel.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] when the kernel is of another kind.
    pub fn new(function: Arc<dyn Specialise>) -> Result<UFunc, Error> {
        let callable = Callable::new(function);
        let meta = callable.meta();
        let scalars = meta
            .params
            .iter()
            .all(|param| matches!(param.ty, ParamType::Scalar(_)));
        match meta.kind {
            KernelKind::Vectorize if scalars => Ok(UFunc { callable }),
            KernelKind::Vectorize => Err(Error::new(
                ErrorKind::Kernel,
                format!(
                    "`{}` is not a ufunc: it has a parameter that is no number",
                    meta.name
                ),
            )),
            KernelKind::Guvectorize(_) | KernelKind::Jit { .. } => Err(Error::new(
                ErrorKind::Kernel,
                format!(
                    "`{}` is not a ufunc: it is not marked #[vectorize]",
                    meta.name
                ),
            )),
        }
    }

    /// The kernel's description.
    pub fn meta(&self) -> &FunctionMeta {
        self.callable.meta()
    }

    /// Calls the kernel for every element of the broadcast inputs and allocates the
    /// outputs.
    ///
    /// # Errors
    /// See [`ErrorKind`]: the number, types or shapes of the operands; compiling; the
    /// kernel's own failure, with the first failing element in C order.
    pub fn call(&self, inputs: &[Operand<'_>]) -> Result<Outputs, Error> {
        let surroundings = Surroundings::default();
        let mut outputs = Outputs::default();
        self.execute(
            inputs,
            Given::NONE,
            Casting::default(),
            &surroundings,
            &mut outputs,
        )?;
        Ok(outputs)
    }

    /// As [`UFunc::call`], for a kernel with one output of type `T`.
    ///
    /// # Errors
    /// As [`UFunc::call`], and [`ErrorKind::DType`] when the output has another type.
    pub fn call_array<T: Element>(&self, inputs: &[Operand<'_>]) -> Result<ArrayD<T>, Error> {
        self.call(inputs)?.into_array()
    }

    /// As [`UFunc::call`], into the given outputs, which must have exactly the shape to
    /// which the inputs broadcast. An output may be one of the inputs. After an error the
    /// outputs hold the results of some elements and the old values of the others.
    ///
    /// # Errors
    /// As [`UFunc::call`], and when an output does not fit.
    pub fn call_into(
        &self,
        inputs: &[Operand<'_>],
        outputs: &mut [RawViewMut<'_>],
    ) -> Result<(), Error> {
        let count = self.meta().results.len();
        if outputs.len() != count {
            return Err(wrong_outputs(self.callable.name(), count, outputs.len()));
        }
        let given = Given::All(outputs);
        let surroundings = Surroundings::default();
        let mut outputs = Outputs::default();
        self.execute(
            inputs,
            given,
            Casting::default(),
            &surroundings,
            &mut outputs,
        )
    }

    /// As [`UFunc::call`], with options.
    ///
    /// # Errors
    /// As [`UFunc::call`], and when an output does not fit.
    pub fn call_with(
        &self,
        inputs: &[Operand<'_>],
        options: CallOptions<'_>,
    ) -> Result<Outputs, Error> {
        options.check_outputs(self.callable.name(), self.meta().results.len())?;
        let given = Given::Some(&options.outputs);
        let mut outputs = Outputs::default();
        self.execute(
            inputs,
            given,
            options.casting,
            &options.surroundings,
            &mut outputs,
        )?;
        Ok(outputs)
    }

    /// Finds what a call with these inputs would give, and compiles it.
    ///
    /// # Errors
    /// As [`UFunc::call`], but for the kernel's own failure.
    pub fn prepare(&self, inputs: &[Operand<'_>]) -> Result<Prepared, Error> {
        let meta = self.meta();
        if inputs.len() != meta.params.len() {
            return Err(wrong_count(&meta.name, meta.params.len(), inputs.len()));
        }
        let types = inputs.iter().map(|operand| Some(operand.argument_type()));
        let resolution = &self.callable.specialisation(types)?.resolution;
        let shapes: SmallVec<[&[usize]; 8]> = inputs.iter().map(Operand::shape).collect();
        let names: SmallVec<[Named<'_>; 8]> =
            (0..inputs.len()).map(|k| self.operand_name(k)).collect();
        let shape = loop_shape(&shapes, &names, "shape")?;
        let outputs = resolution.results.iter();
        Ok(Prepared::new(
            resolution,
            outputs.map(|&dtype| (dtype, shape.clone())),
        ))
    }

    fn operand_name(&self, number: usize) -> Named<'_> {
        Named {
            role: "operand",
            number,
            name: &self.meta().params[number].name,
        }
    }

    /// Runs a call. The outputs that it allocates go to `outputs`, one place for each
    /// output; where all are given it may stay empty.
    fn execute(
        &self,
        inputs: &[Operand<'_>],
        given: Given<'_>,
        casting: Casting,
        surroundings: &Surroundings<'_>,
        outputs: &mut Outputs,
    ) -> Result<(), Error> {
        let meta = self.meta();
        if inputs.len() != meta.params.len() {
            return Err(wrong_count(&meta.name, meta.params.len(), inputs.len()));
        }
        let types = inputs.iter().map(|operand| Some(operand.argument_type()));
        let specialisation = self.callable.specialisation(types)?;
        let pool = self.callable.loop_pool(surroundings);
        let parts = self.callable.context_parts(specialisation, surroundings);
        let (entry, resolution) = (&specialisation.entry, &specialisation.resolution);
        let mut call = Trivial::new();
        if call.take(inputs, given, resolution) && call.is_one_piece(entry, &parts, pool) {
            call.allocate(given, &resolution.results, outputs)?;
            // SAFETY: just taken up, with its outputs.
            return unsafe { call.run(entry, &parts) }
                .map_err(|error| self.error(error, specialisation, call.shape));
        }
        let planned = Planned {
            specialisation,
            given,
            casting,
            parts: &parts,
            pool,
        };
        self.execute_planned(inputs, &planned, outputs)
    }

    /// The long way: any layouts and types, on several threads if need be.
    #[inline(never)]
    fn execute_planned(
        &self,
        inputs: &[Operand<'_>],
        planned: &Planned<'_>,
        outputs: &mut Outputs,
    ) -> Result<(), Error> {
        let &Planned {
            specialisation,
            given,
            casting,
            parts,
            pool,
        } = planned;
        let resolution = &specialisation.resolution;
        // Declared before what refers to them.
        let copies;
        let mut cells: SmallVec<[Cell; 8]> = SmallVec::from_elem([0; 2], inputs.len());
        let mut arrays = Arrays::new();
        for (number, operand) in inputs.iter().enumerate() {
            let kernel = resolution.params[number];
            arrays.push(self.input(operand, number, kernel, &mut cells[number])?);
        }
        let shape = match uniform_shape(&arrays) {
            Some(shape) => Dims::from_slice(shape),
            None => {
                let shapes: SmallVec<[&[usize]; 8]> = arrays.iter().map(|a| a.shape).collect();
                let names: SmallVec<[Named<'_>; 8]> =
                    (0..arrays.len()).map(|k| self.operand_name(k)).collect();
                loop_shape(&shapes, &names, "shape")?
            }
        };
        let length = loop_length(&shape)?;
        for (number, &dtype) in resolution.results.iter().enumerate() {
            outputs.buffers.push(match given.get(number) {
                Some(array) => {
                    check_output(output_name(number), array, &shape)?;
                    check_output_cast(output_name(number), dtype, array.dtype, casting)?;
                    None
                }
                // SAFETY: the kernel writes every element of an output, or the call fails
                // and drops the buffer.
                None => Some(unsafe { ArrayBuffer::allocate(dtype, &shape, false)? }),
            });
        }
        copies = separate(&arrays, given, resolution, &shape)?;
        if length > 0 {
            let run = Run {
                specialisation,
                shape: &shape,
                inputs: arrays.len(),
            };
            for (number, copy) in &copies {
                arrays[*number] = copy.array();
            }
            for (number, buffer) in outputs.buffers.iter().enumerate() {
                let own = buffer.as_ref().map(ArrayBuffer::array);
                arrays.extend(own.or_else(|| given.get(number)));
            }
            let cost = u64::from(specialisation.entry.cost);
            // SAFETY: the shapes were broadcast together, outputs overlap no operand but
            // element by element, and the loop deals with types and alignment.
            unsafe { run.plan(&arrays, parts.clone()).run(pool, cost) }
                .map_err(|error| self.error(error, specialisation, &shape))?;
        }
        Ok(())
    }

    #[cold]
    fn error(&self, error: LoopError, specialisation: &Specialisation, shape: &[usize]) -> Error {
        error.into_error(|failure| {
            let location = multi_index(&failure.error, shape)
                .map_or(ErrorLocation::None, ErrorLocation::Element);
            self.callable.failure(specialisation, failure, location)
        })
    }

    /// An input as the loop takes it: single elements move into `cell`, as elements of the
    /// kernel's type.
    fn input<'a>(
        &self,
        operand: &'a Operand<'_>,
        number: usize,
        kernel: DType,
        cell: &mut Cell,
    ) -> Result<ArrayRef<'a>, Error> {
        let place = std::ptr::from_mut(cell).cast::<u8>();
        let in_cell = |shape: &'a [usize]| ArrayRef {
            ptr: place,
            dtype: kernel,
            shape,
            strides: &[0; 0],
        };
        if let Operand::Weak(literal) = operand {
            let scalar = literal_scalar(*literal, kernel, self.operand_name(number))?;
            *cell = scalar.words();
        }
        match operand.array() {
            None => Ok(in_cell(&[])),
            Some(array) if !array.is_single() => Ok(array),
            Some(array) => {
                // SAFETY: the array has one element, and the cell is borrowed.
                unsafe { fill_cell(array, kernel, place.cast()) };
                Ok(ArrayRef {
                    strides: array.strides,
                    ..in_cell(array.shape)
                })
            }
        }
    }
}

/// A literal as an element of the kernel's type.
pub(crate) fn literal_scalar(
    literal: WeakScalar,
    kernel: DType,
    name: Named<'_>,
) -> Result<Scalar, Error> {
    literal.to_scalar(kernel).ok_or_else(|| {
        Error::new(
            ErrorKind::Value,
            format!("{name} is {literal}, which does not fit in {kernel}"),
        )
    })
}

#[cold]
pub(crate) fn wrong_count(name: &str, expected: usize, found: usize) -> Error {
    Error::new(
        ErrorKind::ArgumentCount,
        format!(
            "`{name}` takes {}, but {found} were given",
            counted(expected, "operand")
        ),
    )
}

#[cold]
pub(crate) fn wrong_outputs(name: &str, expected: usize, found: usize) -> Error {
    Error::new(
        ErrorKind::ArgumentCount,
        format!(
            "`{name}` has {}, but {found} were given",
            counted(expected, "output")
        ),
    )
}

fn output_name(number: usize) -> Named<'static> {
    Named {
        role: "output",
        number,
        name: "",
    }
}

fn check_output(name: Named<'_>, output: ArrayRef<'_>, shape: &[usize]) -> Result<(), Error> {
    if output.shape == shape {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::OutputShape,
        format!(
            "{name} has shape {:?}, but the operands broadcast to shape {shape:?}",
            output.shape
        ),
    ))
}

/// Whether a result may go into a given output.
pub(crate) fn check_output_cast(
    name: Named<'_>,
    result: DType,
    output: DType,
    casting: Casting,
) -> Result<(), Error> {
    if can_cast(result, output, casting) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Casting,
        format!(
            "{name} has dtype {output}, but the result is {result}, which does not cast to it \
             under the rule `{casting}`"
        ),
    ))
}

/// The loop shape where no axis needs stretching: all arrays have one shape, but for
/// single elements with no more axes.
fn uniform_shape<'a>(arrays: &[ArrayRef<'a>]) -> Option<&'a [usize]> {
    let mut whole: Option<&'a [usize]> = None;
    let mut single: &'a [usize] = &[];
    for array in arrays {
        if array.is_single() {
            if array.shape.len() > single.len() {
                single = array.shape;
            }
        } else if *whole.get_or_insert(array.shape) != array.shape {
            return None;
        }
    }
    match whole {
        None => Some(single),
        Some(shape) => (single.len() <= shape.len()).then_some(shape),
    }
}

/// Copies of inputs, with the inputs' numbers.
type Copies = SmallVec<[(usize, ArrayBuffer); 1]>;

/// Copies of the inputs that overlap a given output other than element by element.
fn separate(
    inputs: &[ArrayRef<'_>],
    given: Given<'_>,
    resolution: &Resolution,
    shape: &[usize],
) -> Result<Copies, Error> {
    let written: SmallVec<[(Named<'_>, ArrayRef<'_>); 2]> = given
        .iter()
        .map(|(number, output)| (output_name(number), output))
        .collect();
    let mut copies = Copies::new();
    if written.is_empty() {
        return Ok(copies);
    }
    check_written(&written)?;
    for (number, &input) in inputs.iter().enumerate() {
        let clash = |&(_, output): &(Named<'_>, ArrayRef<'_>)| {
            may_overlap(input, output) && {
                let strides = broadcast_strides(input.shape, input.strides, shape);
                let stretched = ArrayRef {
                    shape,
                    strides: &strides,
                    ..input
                };
                !coincide(stretched, output)
            }
        };
        if written.iter().any(clash) {
            let kernel = resolution.params[number];
            // SAFETY: the conversion below writes every element.
            let copy = unsafe { ArrayBuffer::allocate(kernel, input.shape, false)? };
            // SAFETY: the input is readable, and the copy is new memory of its shape.
            unsafe { convert_array(input, copy.array()) };
            copies.push((number, copy));
        }
    }
    Ok(copies)
}

/// A call whose operands are settled.
struct Run<'a> {
    specialisation: &'a Specialisation,
    shape: &'a [usize],
    /// How many of the arrays are inputs.
    inputs: usize,
}

impl Run<'_> {
    fn kernel_dtype(&self, number: usize) -> DType {
        let resolution = &self.specialisation.resolution;
        match number.checked_sub(self.inputs) {
            None => resolution.params[number],
            Some(output) => resolution.results[output],
        }
    }

    fn plan<'p>(&self, arrays: &[ArrayRef<'_>], parts: ContextParts<'p>) -> Loop<'p> {
        let operands = arrays
            .iter()
            .enumerate()
            .map(|(number, array)| LoopOperand {
                ptr: array.ptr,
                strides: broadcast_strides(array.shape, array.strides, self.shape),
                dtype: array.dtype,
                kernel: self.kernel_dtype(number),
                output: number >= self.inputs,
            })
            .collect();
        Loop::elementwise(self.specialisation.entry, parts, self.shape, operands)
    }
}
