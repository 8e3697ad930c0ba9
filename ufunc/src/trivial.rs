//! The short way of a ufunc call: every operand is a single element, or contiguous, aligned
//! and of the kernel's type, and all of these have one shape. One call of the entry does
//! it. Everything else takes the long way in `ufunc`, with the same result.
//!
//! Invariant: nothing is allocated but the outputs, and nothing decided that the long way
//! would decide otherwise; in doubt [`Trivial::of`] says no.

use brolga_abi::{DType, Entry};

use crate::convert::convert_elements;
use crate::dispatch::Resolution;
use crate::error::Error;
use crate::loops::{ContextParts, LoopError, call_entry};
use crate::options::Outputs;
use crate::view::{ArrayRef, Operand};
use crate::{ArrayBuffer, DTypes};

/// Calls with more operands take the long way.
const OPERANDS: usize = 8;

/// A call that takes the short way.
pub(crate) struct Trivial<'a> {
    pub shape: &'a [usize],
    length: usize,
    count: usize,
    args: [*mut u8; OPERANDS],
    steps: [isize; OPERANDS],
}

/// Room for single elements of the kernel's types.
pub(crate) type Cells = [Cell; OPERANDS];

/// Room for an element of any type.
pub(crate) type Cell = [u64; 2];

/// Whether the kernel can take the array as one row.
fn is_row(array: ArrayRef<'_>, kernel: DType) -> bool {
    array.dtype == kernel && array.is_contiguous() && array.is_aligned()
}

impl<'a> Trivial<'a> {
    /// The call, if it can take the short way; `given` has no more outputs than the kernel.
    #[inline]
    pub fn of(
        inputs: &'a [Operand<'_>],
        given: &[Option<ArrayRef<'_>>],
        resolution: &Resolution,
        cells: &mut Cells,
    ) -> Option<Trivial<'a>> {
        let count = inputs.len() + resolution.results.len();
        if count > OPERANDS {
            return None;
        }
        let mut args = [std::ptr::null_mut(); OPERANDS];
        let mut steps = [0; OPERANDS];
        let mut whole: Option<&'a [usize]> = None;
        let mut single: &'a [usize] = &[];
        for (number, operand) in inputs.iter().enumerate() {
            let kernel = resolution.params[number];
            let cell = &mut cells[number];
            let Some(array) = operand.array() else {
                let Operand::Weak(literal) = operand else {
                    return None;
                };
                *cell = literal.to_scalar(kernel)?.words();
                args[number] = std::ptr::from_mut(cell).cast();
                continue;
            };
            if array.is_single() {
                let place = std::ptr::from_mut(cell).cast();
                // SAFETY: the array has one element, and a cell has room for any.
                unsafe { convert_elements(array.dtype, array.ptr, 0, kernel, place, 0, 1) };
                args[number] = place;
                if array.shape.len() > single.len() {
                    single = array.shape;
                }
            } else {
                if *whole.get_or_insert(array.shape) != array.shape || !is_row(array, kernel) {
                    return None;
                }
                args[number] = array.ptr;
                steps[number] = kernel.size() as isize;
            }
        }
        let shape = whole.unwrap_or(single);
        // The elements of a contiguous array fit in memory, so the product cannot overflow.
        let length = shape
            .iter()
            .fold(1usize, |length, &n| length.wrapping_mul(n));
        if single.len() > shape.len() || length == 0 {
            return None;
        }
        for (number, output) in given.iter().enumerate() {
            let Some(output) = output else { continue };
            let kernel = resolution.results[number];
            if output.shape != shape || !is_row(*output, kernel) {
                return None;
            }
            let place = inputs.len() + number;
            args[place] = output.ptr;
            let start = output.ptr.addr();
            let bytes = length * kernel.size();
            for other in (0..place).filter(|&other| other >= inputs.len() || steps[other] != 0) {
                let step = steps[other].unsigned_abs();
                let from = args[other].addr();
                // Element by element the same memory is right for an input of one size.
                let same = other < inputs.len() && from == start && step == kernel.size();
                if !same && from < start + bytes && start < from + length * step {
                    return None;
                }
            }
            steps[place] = kernel.size() as isize;
        }
        Some(Trivial {
            shape,
            length,
            count,
            args,
            steps,
        })
    }

    /// Allocates the outputs that are not given.
    pub fn outputs(
        &mut self,
        given: &[Option<ArrayRef<'_>>],
        results: &DTypes,
    ) -> Result<Outputs, Error> {
        let mut outputs = Outputs::default();
        let first = self.count - results.len();
        for (number, &dtype) in results.iter().enumerate() {
            outputs.buffers.push(match given.get(number) {
                Some(Some(_)) => None,
                Some(None) | None => {
                    // SAFETY: the kernel writes every element of an output, or the call
                    // fails and drops the buffer.
                    let buffer = unsafe { ArrayBuffer::allocate(dtype, self.shape, false)? };
                    self.args[first + number] = buffer.array().ptr;
                    self.steps[first + number] = dtype.size() as isize;
                    Some(buffer)
                }
            });
        }
        Ok(outputs)
    }

    /// Calls the entry.
    ///
    /// # Safety
    /// The cells and the outputs must still be alive, and the entry must be the one that
    /// the call was made for.
    pub unsafe fn run(&self, entry: &Entry, parts: &ContextParts<'_>) -> Result<(), LoopError> {
        let mut context = parts.context(0);
        let (args, steps) = (&self.args[..self.count], &self.steps[..self.count]);
        // SAFETY: every operand is a cell with step 0, or a row of `length` aligned elements
        // of the kernel's type; outputs overlap no operand but element by element.
        unsafe { call_entry(entry, args, &[self.length], steps, &mut context)? };
        Ok(())
    }
}
