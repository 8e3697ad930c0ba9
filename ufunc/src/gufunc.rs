//! gufuncs: kernels over core arrays, called over loop dimensions. Not ufuncs, which have
//! no core dimensions and may visit elements in blocks.
//!
//! The last axes of an operand are its core dimensions, which must agree exactly wherever
//! the signature names them; the axes before them are loop dimensions and broadcast.
//! An operand that is both read and written stands left of the arrow as a mutable view.
//!
//! Invariant: the kernel sees aligned arrays of its own types, and nothing that it writes
//! overlaps anything else that it sees.

use std::sync::Arc;

use brolga_abi::{CoreDim, ElementType, FunctionMeta, GufuncSignature, KernelKind, RawViewMut};
use ndarray::ArrayD;
use smallvec::SmallVec;

use crate::Dims;
use crate::broadcast::{Named, broadcast_strides, loop_length, loop_shape};
use crate::buffer::ArrayBuffer;
use crate::casting::Casting;
use crate::element::{Element, Scalar};
use crate::error::{Error, ErrorKind, ErrorLocation};
use crate::function::{Callable, Specialisation, Specialise, Surroundings};
use crate::loops::{Loop, multi_index};
use crate::options::{CallOptions, Outputs};
use crate::plan::LoopOperand;
use crate::prepared::Prepared;
use crate::promotion::ArgumentType;
use crate::staging::{Source, StagedList, operand_array, stage};
use crate::ufunc::{check_output_cast, literal_scalar, wrong_count, wrong_outputs};
use crate::view::{ArrayRef, Given, Operand};

/// A kernel over core arrays that is called over loop dimensions.
#[derive(Debug)]
pub struct GUFunc {
    callable: Callable,
    signature: GufuncSignature,
}

impl GUFunc {
    /// The gufunc of a `#[guvectorize]` kernel.
    ///
    /// # Errors
    /// [`ErrorKind::Kernel`] when the kernel is of another kind, or its parameters do not
    /// follow its signature.
    pub fn new(function: Arc<dyn Specialise>) -> Result<GUFunc, Error> {
        let callable = Callable::new(function);
        let meta = callable.meta();
        let KernelKind::Guvectorize(signature) = &meta.kind else {
            return Err(Error::new(
                ErrorKind::Kernel,
                format!(
                    "`{}` is not a gufunc: it is not marked #[guvectorize]",
                    meta.name
                ),
            ));
        };
        let signature = signature.clone();
        let inputs = signature.inputs.len();
        let count = inputs + signature.outputs.len();
        let known = |dims: &[usize]| dims.iter().all(|&dim| dim < signature.dims.len());
        let agree = meta
            .params
            .iter()
            .zip(signature.operands())
            .enumerate()
            .all(|(number, (param, dims))| {
                param.ty.ndim() == dims.len()
                    && known(dims)
                    && (number < inputs || param.ty.is_mutable())
            });
        if meta.params.len() != count || !agree || !meta.results.is_empty() {
            return Err(Error::new(
                ErrorKind::Kernel,
                format!(
                    "the parameters of `{}` do not follow its signature {signature}: expected \
                     one for each operand, with as many axes, and mutable views for the outputs",
                    meta.name
                ),
            ));
        }
        Ok(GUFunc {
            callable,
            signature,
        })
    }

    /// The kernel's description.
    pub fn meta(&self) -> &FunctionMeta {
        self.callable.meta()
    }

    /// The core dimensions of the operands.
    pub fn signature(&self) -> &GufuncSignature {
        &self.signature
    }

    /// Calls the kernel for every element of the broadcast loop dimensions and allocates
    /// the outputs, which start as zeros. An operand that the kernel changes in place must
    /// be an [`Operand::ViewMut`].
    ///
    /// # Errors
    /// See [`ErrorKind`]: the number, types or shapes of the operands; compiling; the
    /// kernel's own failure, with the first failing loop element in C order.
    pub fn call(&self, inputs: &mut [Operand<'_>]) -> Result<Outputs, Error> {
        let surroundings = Surroundings::default();
        self.execute(inputs, Given::NONE, Casting::default(), &surroundings)
    }

    /// As [`GUFunc::call`], for a kernel with one output of type `T`.
    ///
    /// # Errors
    /// As [`GUFunc::call`], and [`ErrorKind::DType`] when the output has another type.
    pub fn call_array<T: Element>(&self, inputs: &mut [Operand<'_>]) -> Result<ArrayD<T>, Error> {
        self.call(inputs)?.into_array()
    }

    /// As [`GUFunc::call`], into the given outputs, whose old values the kernel sees. After
    /// an error they hold the results of some elements and the old values of the others.
    ///
    /// # Errors
    /// As [`GUFunc::call`], and when an output does not fit.
    pub fn call_into(
        &self,
        inputs: &mut [Operand<'_>],
        outputs: &mut [RawViewMut<'_>],
    ) -> Result<(), Error> {
        let count = self.signature.outputs.len();
        if outputs.len() != count {
            return Err(wrong_outputs(self.callable.name(), count, outputs.len()));
        }
        let given = Given::All(outputs);
        let surroundings = Surroundings::default();
        self.execute(inputs, given, Casting::default(), &surroundings)
            .map(|_| ())
    }

    /// As [`GUFunc::call`], with options.
    ///
    /// # Errors
    /// As [`GUFunc::call`], and when an output does not fit.
    pub fn call_with(
        &self,
        inputs: &mut [Operand<'_>],
        options: CallOptions<'_>,
    ) -> Result<Outputs, Error> {
        options.check_outputs(self.callable.name(), self.signature.outputs.len())?;
        let given = Given::Some(&options.outputs);
        self.execute(inputs, given, options.casting, &options.surroundings)
    }

    /// Finds what a call with these inputs would give, and compiles it. Operands that the
    /// kernel changes in place may be given as [`Operand::View`] here.
    ///
    /// # Errors
    /// As [`GUFunc::call`], but for the kernel's own failure.
    pub fn prepare(&self, inputs: &[Operand<'_>]) -> Result<Prepared, Error> {
        let meta = self.meta();
        let nin = self.signature.inputs.len();
        if inputs.len() != nin {
            return Err(wrong_count(&meta.name, nin, inputs.len()));
        }
        let types = self.argument_types(inputs, Given::NONE);
        let resolution = &self
            .callable
            .specialisation(types.iter().copied())?
            .resolution;
        let number = Scalar::new(0_u8);
        let mut arrays: SmallVec<[Option<ArrayRef<'_>>; 6]> = inputs
            .iter()
            .map(|operand| Some(operand.array().unwrap_or_else(|| number.array())))
            .collect();
        arrays.resize(meta.params.len(), None);
        let sizes = self.core_sizes(&arrays)?;
        let shape = self.loop_dimensions(&arrays)?;
        let mut outputs = Vec::new();
        for (k, dims) in self.signature.outputs.iter().enumerate() {
            let mut whole = shape.clone();
            for &dim in dims {
                whole.push(self.known_size(&sizes, dim, nin + k)?);
            }
            outputs.push((resolution.params[nin + k], whole));
        }
        Ok(Prepared::new(resolution, outputs.into_iter()))
    }

    /// The place of a parameter in messages; outputs count from 1 again.
    fn name(&self, number: usize) -> Named<'_> {
        let inputs = self.signature.inputs.len();
        let (role, place) = match number.checked_sub(inputs) {
            None => ("operand", number),
            Some(output) => ("output", output),
        };
        Named {
            role,
            number: place,
            name: &self.meta().params[number].name,
        }
    }

    /// The types that decide the specialisation. A given output has a say only in type
    /// parameters that no input has.
    fn argument_types(
        &self,
        inputs: &[Operand<'_>],
        given: Given<'_>,
    ) -> SmallVec<[Option<ArgumentType>; 8]> {
        let params = &self.meta().params;
        let mut types: SmallVec<[Option<ArgumentType>; 8]> = inputs
            .iter()
            .map(|operand| Some(operand.argument_type()))
            .collect();
        for (number, param) in params.iter().enumerate().skip(inputs.len()) {
            let element = param.ty.element();
            let open = matches!(element, ElementType::Param(_))
                && params[..inputs.len()]
                    .iter()
                    .all(|input| input.ty.element() != element);
            let output = given.get(number - inputs.len());
            let output = output.filter(|_| open);
            types.push(output.map(|array| ArgumentType::Strong(array.dtype)));
        }
        types
    }

    fn execute(
        &self,
        inputs: &mut [Operand<'_>],
        given: Given<'_>,
        casting: Casting,
        surroundings: &Surroundings<'_>,
    ) -> Result<Outputs, Error> {
        let inputs: &[Operand<'_>] = inputs;
        let meta = self.meta();
        let nin = self.signature.inputs.len();
        if inputs.len() != nin {
            return Err(wrong_count(&meta.name, nin, inputs.len()));
        }
        let types = self.argument_types(inputs, given);
        let specialisation = self.callable.specialisation(types.iter().copied())?;
        let kernel = &specialisation.resolution.params;

        let mut literals: SmallVec<[Option<Scalar>; 4]> = SmallVec::new();
        for (number, operand) in inputs.iter().enumerate() {
            literals.push(match operand {
                Operand::Weak(literal) => {
                    Some(literal_scalar(*literal, kernel[number], self.name(number))?)
                }
                _ => None,
            });
        }
        let mut arrays: SmallVec<[Option<ArrayRef<'_>>; 6]> = SmallVec::new();
        for (number, operand) in inputs.iter().enumerate() {
            let written = meta.params[number].ty.is_mutable();
            let literal = literals[number].as_ref();
            let array = operand_array(operand, literal, written, self.name(number))?;
            if written {
                check_output_cast(self.name(number), kernel[number], array.dtype, casting)?;
            }
            arrays.push(Some(array));
        }
        for number in 0..self.signature.outputs.len() {
            let output = given.get(number);
            if let Some(array) = output {
                let name = self.name(nin + number);
                check_output_cast(name, kernel[nin + number], array.dtype, casting)?;
            }
            arrays.push(output);
        }
        let sizes = self.core_sizes(&arrays)?;
        let shape = self.loop_dimensions(&arrays)?;
        let length = loop_length(&shape)?;

        let mut outputs = Outputs::default();
        for (number, dims) in self.signature.outputs.iter().enumerate() {
            outputs.buffers.push(if arrays[nin + number].is_some() {
                None
            } else {
                let mut whole = shape.clone();
                for &dim in dims {
                    whole.push(self.known_size(&sizes, dim, nin + number)?);
                }
                Some(ArrayBuffer::zeros(kernel[nin + number], &whole)?)
            });
        }
        let core_dims: SmallVec<[usize; 6]> = (0..self.signature.dims.len())
            .map(|dim| sizes[dim].map_or(0, |(size, _)| size))
            .collect();
        if length > 0 {
            let sources = arrays.iter().enumerate().filter_map(|(number, array)| {
                let fresh = || outputs.buffers.get(number.checked_sub(nin)?)?.as_ref();
                Some(Source {
                    name: self.name(number),
                    array: (*array).or_else(|| fresh().map(ArrayBuffer::array))?,
                    kernel: kernel[number],
                    written: meta.params[number].ty.is_mutable(),
                })
            });
            self.run(sources, specialisation, &shape, &core_dims, surroundings)?;
        }
        Ok(outputs)
    }

    fn run<'s>(
        &self,
        sources: impl Iterator<Item = Source<'s>> + Clone,
        specialisation: &Specialisation,
        shape: &[usize],
        core_dims: &[usize],
        surroundings: &Surroundings<'_>,
    ) -> Result<(), Error> {
        let mut staged = StagedList::new();
        // SAFETY: operands are readable, given outputs are initialised and fresh ones zero.
        unsafe { stage(sources, &mut staged)? };
        let meta = self.meta();
        let mut operands: SmallVec<[LoopOperand; 4]> = SmallVec::new();
        let mut core_steps: SmallVec<[isize; 12]> = SmallVec::new();
        let mut largest_core = 1usize;
        for ((item, dims), param) in staged
            .iter()
            .zip(self.signature.operands())
            .zip(&meta.params)
        {
            let array = item.array();
            let (lead, core) = array.shape.split_at(array.shape.len() - dims.len());
            operands.push(LoopOperand {
                ptr: array.ptr,
                strides: broadcast_strides(lead, &array.strides[..lead.len()], shape),
                dtype: array.dtype,
                kernel: array.dtype,
                output: param.ty.is_mutable(),
            });
            core_steps.extend_from_slice(&array.strides[lead.len()..]);
            let elements = core.iter().fold(1usize, |a, &n| a.saturating_mul(n));
            largest_core = largest_core.max(elements);
        }
        let parts = self.callable.context_parts(specialisation, surroundings);
        let pool = self.callable.loop_pool(surroundings);
        let entry = specialisation.entry;
        let cost = u64::from(entry.cost).saturating_mul(largest_core as u64);
        let plan = Loop::with_core(entry, parts, shape, operands, core_dims, &core_steps);
        // SAFETY: core dimensions agree, loop dimensions were broadcast together, and
        // staging has seen to types, alignment and overlap.
        unsafe { plan.run(pool, cost) }.map_err(|error| {
            error.into_error(|failure| {
                let location = multi_index(&failure.error, shape)
                    .map_or(ErrorLocation::None, ErrorLocation::Element);
                self.callable.failure(specialisation, failure, location)
            })
        })?;
        for item in &staged {
            // SAFETY: written operands are given as mutable.
            unsafe { item.finish() };
        }
        Ok(())
    }

    /// The sizes of the core dimensions, each with the number of the parameter that says
    /// so first (`None` for a fixed size).
    fn core_sizes(&self, arrays: &[Option<ArrayRef<'_>>]) -> Result<Sizes, Error> {
        let fixed = |dim: &CoreDim| match dim {
            CoreDim::Named(_) => None,
            CoreDim::Fixed(size) => Some((*size, None)),
        };
        let mut sizes: Sizes = self.signature.dims.iter().map(fixed).collect();
        for (number, (array, dims)) in arrays.iter().zip(self.signature.operands()).enumerate() {
            let Some(array) = array else { continue };
            let name = self.name(number);
            let Some(lead) = array.shape.len().checked_sub(dims.len()) else {
                return Err(Error::new(
                    ErrorKind::Dimensions,
                    format!(
                        "{name} has {}, but the signature {} wants at least {}",
                        if array.shape.len() == 1 {
                            "1 axis".to_string()
                        } else {
                            format!("{} axes", array.shape.len())
                        },
                        self.signature,
                        dims.len()
                    ),
                ));
            };
            for (&dim, &found) in dims.iter().zip(&array.shape[lead..]) {
                match sizes[dim] {
                    None => sizes[dim] = Some((found, Some(number))),
                    Some((expected, _)) if expected == found => {}
                    Some((expected, by)) => {
                        let core = &self.signature.dims[dim];
                        let wanted = match by {
                            Some(by) => format!("{expected} in {}", self.name(by)),
                            None => "has a fixed size".to_string(),
                        };
                        return Err(Error::new(
                            ErrorKind::CoreDimension,
                            format!(
                                "core dimension `{core}` is {found} in {name}, but {wanted}; \
                                 signature {}",
                                self.signature
                            ),
                        ));
                    }
                }
            }
        }
        Ok(sizes)
    }

    fn known_size(&self, sizes: &Sizes, dim: usize, number: usize) -> Result<usize, Error> {
        sizes[dim].map(|(size, _)| size).ok_or_else(|| {
            Error::new(
                ErrorKind::CoreDimension,
                format!(
                    "core dimension `{}` of {} follows from no input, so the output must be \
                     given; signature {}",
                    self.signature.dims[dim],
                    self.name(number),
                    self.signature
                ),
            )
        })
    }

    /// The loop shape: the inputs' loop dimensions broadcast. What is written is not
    /// stretched. Every array has its core axes ([`GUFunc::core_sizes`]).
    fn loop_dimensions(&self, arrays: &[Option<ArrayRef<'_>>]) -> Result<Dims, Error> {
        let loops = (0..arrays.len()).filter_map(|number| {
            let shape: &[usize] = arrays[number]?.shape;
            let core = self.meta().params[number].ty.ndim();
            Some((number, &shape[..shape.len() - core]))
        });
        let nin = self.signature.inputs.len();
        let read = loops.clone().filter(|(number, _)| *number < nin);
        let shapes: SmallVec<[&[usize]; 6]> = read.clone().map(|(_, shape)| shape).collect();
        let names: SmallVec<[Named<'_>; 6]> = read.map(|(number, _)| self.name(number)).collect();
        let shape = loop_shape(&shapes, &names, "loop shape")?;
        for (number, own) in loops {
            if self.meta().params[number].ty.is_mutable() && own != shape.as_slice() {
                return Err(Error::new(
                    ErrorKind::OutputShape,
                    format!(
                        "{} has loop shape {own:?}, but the operands broadcast to loop shape {:?}",
                        self.name(number),
                        shape.as_slice()
                    ),
                ));
            }
        }
        Ok(shape)
    }
}

type Sizes = SmallVec<[Option<(usize, Option<usize>)>; 6]>;
