//! The short way of a ufunc call: every operand is a single element, or contiguous, aligned
//! and of the kernel's type, all of these have one shape, and the loop runs in one piece on
//! the calling thread. One call of the entry does it. Everything else takes the long way in
//! `ufunc`, with the same result.
//!
//! Invariant: nothing is allocated but the outputs, and nothing decided that the long way
//! would decide otherwise; in doubt [`Trivial::take`] says no.

use std::mem::MaybeUninit;

use brolga_abi::{DType, Entry};
use brolga_parallel::{Pool, Split};

use crate::convert::convert_elements;
use crate::dispatch::Resolution;
use crate::error::Error;
use crate::loops::{ContextParts, LoopError, call_entry};
use crate::options::Outputs;
use crate::view::{ArrayRef, Given, Operand};
use crate::{ArrayBuffer, DTypes};

/// Calls with more operands take the long way.
const OPERANDS: usize = 8;

/// A call that takes the short way, or none yet. Filled in place and never moved: a copy of
/// the lists, just written word by word, takes longer than filling them.
pub(crate) struct Trivial<'a> {
    pub shape: &'a [usize],
    length: usize,
    count: usize,
    args: [*mut u8; OPERANDS],
    steps: [isize; OPERANDS],
    /// Room for single elements of the kernel's types; most calls leave it as it is.
    cells: [MaybeUninit<Cell>; OPERANDS],
}

/// Room for an element of any type.
pub(crate) type Cell = [u64; 2];

/// Whether the kernel can take the array as one row.
#[inline]
fn is_row(array: ArrayRef<'_>, kernel: DType) -> bool {
    // The steps of a contiguous array are multiples of the alignment.
    array.dtype == kernel && array.ptr.addr() & (kernel.align() - 1) == 0 && array.is_contiguous()
}

/// Whether the two are equal. A loop, as a call of the C library takes longer than the few
/// lengths of a shape.
#[inline]
fn same_shape(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// Puts the only element of an array into a cell, as one of the kernel's type.
///
/// # Safety
/// The array must have one element, which is readable, and `cell` must be writable.
#[inline]
pub(crate) unsafe fn fill_cell(array: ArrayRef<'_>, kernel: DType, cell: *mut Cell) {
    // Most numbers are of the kernel's type, and of these sizes. (A bool is not only copied.)
    // SAFETY: by the caller's word; a cell has room for an element of any type.
    unsafe {
        match kernel.size() {
            8 if array.dtype == kernel => {
                cell.cast::<u64>()
                    .write(array.ptr.cast::<u64>().read_unaligned());
            }
            4 if array.dtype == kernel => {
                cell.cast::<u32>()
                    .write(array.ptr.cast::<u32>().read_unaligned());
            }
            _ => convert_elements(array.dtype, array.ptr, 0, kernel, cell.cast(), 0, 1),
        }
    }
}

impl<'a> Trivial<'a> {
    /// No call yet.
    #[inline]
    pub fn new() -> Trivial<'a> {
        Trivial {
            shape: &[],
            length: 0,
            count: 0,
            args: [std::ptr::null_mut(); OPERANDS],
            steps: [0; OPERANDS],
            cells: [const { MaybeUninit::uninit() }; OPERANDS],
        }
    }

    /// Takes the call up, if it can go the short way; `given` has no more outputs than the
    /// kernel.
    #[inline]
    pub fn take(
        &mut self,
        inputs: &'a [Operand<'_>],
        given: Given<'_>,
        resolution: &Resolution,
    ) -> bool {
        let results: &[DType] = &resolution.results;
        let count = inputs.len() + results.len();
        if count > OPERANDS {
            return false;
        }
        let Trivial {
            args, steps, cells, ..
        } = self;
        let mut whole: Option<&'a [usize]> = None;
        let mut single: &'a [usize] = &[];
        let kernels = resolution.params.iter().zip(cells);
        for (number, (operand, (&kernel, cell))) in inputs.iter().zip(kernels).enumerate() {
            let Some(array) = operand.array() else {
                let Operand::Weak(literal) = operand else {
                    return false;
                };
                let Some(scalar) = literal.to_scalar(kernel) else {
                    return false;
                };
                let cell = cell.write(scalar.words());
                args[number] = std::ptr::from_mut(cell).cast();
                continue;
            };
            // Most arrays have the shape of the one before them: no need to look for ones.
            let again = whole.is_some_and(|shape| same_shape(shape, array.shape));
            if !again && array.is_single() {
                // SAFETY: the array has one element, and the cell is borrowed.
                unsafe { fill_cell(array, kernel, cell.as_mut_ptr()) };
                args[number] = cell.as_mut_ptr().cast();
                if array.shape.len() > single.len() {
                    single = array.shape;
                }
            } else {
                if !is_row(array, kernel) || (!again && whole.is_some()) {
                    return false;
                }
                whole = Some(array.shape);
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
            return false;
        }
        for (number, &kernel) in results.iter().enumerate() {
            let Some(output) = given.get(number) else {
                continue;
            };
            if !is_row(output, kernel) || !same_shape(output.shape, shape) {
                return false;
            }
            let place = inputs.len() + number;
            let size = kernel.size();
            let start = output.ptr.addr();
            let bytes = length * size;
            for other in 0..place {
                // Cells are apart from everything, and so are outputs that are yet to be
                // allocated.
                let step = steps[other].unsigned_abs();
                let from = args[other].addr();
                // Element by element the same memory is right for an input of one size.
                let same = other < inputs.len() && from == start && step == size;
                if !same && step != 0 && from < start + bytes && start < from + length * step {
                    return false;
                }
            }
            args[place] = output.ptr;
            steps[place] = size as isize;
        }
        self.shape = shape;
        self.length = length;
        self.count = count;
        true
    }

    /// Whether the loop would run in one piece on the calling thread.
    #[inline]
    pub fn is_one_piece(
        &self,
        entry: &Entry,
        parts: &ContextParts<'_>,
        pool: Option<&Pool>,
    ) -> bool {
        let cost = u64::from(entry.cost);
        let tasks = |pool: &Pool| Split::new(self.length as u64, cost, pool.threads()).tasks();
        self.length <= parts.interval(cost) && pool.is_none_or(|pool| tasks(pool) == 1)
    }

    /// Allocates the outputs that are not given.
    #[inline]
    pub fn allocate(
        &mut self,
        given: Given<'_>,
        results: &DTypes,
        outputs: &mut Outputs,
    ) -> Result<(), Error> {
        if let Given::All(_) = given {
            return Ok(());
        }
        let first = self.count - results.len();
        for (number, &dtype) in results.iter().enumerate() {
            outputs.buffers.push(match given.get(number) {
                Some(_) => None,
                None => {
                    // SAFETY: the kernel writes every element of an output, or the call
                    // fails and drops the buffer.
                    let buffer = unsafe { ArrayBuffer::allocate(dtype, self.shape, false)? };
                    self.args[first + number] = buffer.array().ptr;
                    self.steps[first + number] = dtype.size() as isize;
                    Some(buffer)
                }
            });
        }
        Ok(())
    }

    /// Calls the entry.
    ///
    /// # Safety
    /// A call must have been taken up, not moved since, and have all its outputs, which must
    /// still be alive; the entry must be the one of the resolution that it was taken up for.
    #[inline]
    pub unsafe fn run(&self, entry: &Entry, parts: &ContextParts<'_>) -> Result<(), LoopError> {
        parts.check_cancelled()?;
        let mut context = parts.context(0);
        let (args, steps) = (&self.args[..self.count], &self.steps[..self.count]);
        // SAFETY: every operand is a cell with step 0, or a row of `length` aligned elements
        // of the kernel's type; outputs overlap no operand but element by element.
        unsafe { call_entry(entry, args, &[self.length], steps, &mut context)? };
        Ok(())
    }
}
