//! The loop over the loop dimensions of a call: walks over the planned axes and calls the
//! kernel's entry for each inner row or block. Not the order of the walk (`plan`), nor the
//! matching of shapes.
//!
//! Two ways, chosen once for a loop:
//!
//! 1. *Direct*: the entry works on the operands where they are, one call for each row.
//! 2. *Buffered*: an operand of another type, or not aligned, goes through an aligned
//!    block of scratch memory; the others stay where they are. Blocks end with the row.
//!
//! Rows that are short are not packed into longer blocks: that costs a copy for every
//! operand and row, more than the calls of the entry that it saves (a call over 8 x 8
//! elements took 1.25 us packed and takes 0.94 us, on a busy machine).
//!
//! Invariant: an element of an output is written only after every input element of the
//! same place has been read, and no element is visited twice; a failed block of a buffered
//! output is not written back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use brolga_abi::{Entry, GlobalBlock, KernelContext, KernelError, Status};
use brolga_parallel::Pool;
use smallvec::SmallVec;

use crate::Dims;
use crate::convert::convert_elements;
use crate::error::{Error, Failure};
use crate::plan::{LoopOperand, simplify};

/// The elements of a block of scratch memory: 8 KiB of 8-byte elements, so that the blocks
/// of several operands stay in the first-level cache together.
const BLOCK: usize = 1024;

/// After about so many simple operations a loop looks whether it was cancelled: below a
/// millisecond, and far more than looking costs.
const CANCEL_WORK: u64 = 1 << 20;

/// What every chunk's context is made of.
#[derive(Clone)]
pub(crate) struct ContextParts<'a> {
    pub stack_limit: fn() -> usize,
    pub cancel: Option<&'a AtomicU32>,
    pub globals: Option<Arc<GlobalBlock>>,
    /// For kernels that run `prange` loops themselves.
    pub kernel_pool: Option<&'a Pool>,
}

impl ContextParts<'_> {
    /// The context of a chunk, made on the thread that runs it.
    #[inline]
    pub fn context(&self, first_index: u64) -> KernelContext {
        let mut context = KernelContext::new(first_index, (self.stack_limit)());
        context.cancel = self
            .cancel
            .map_or(std::ptr::null(), |flag| flag.as_ptr().cast_const());
        if let Some(block) = &self.globals {
            context.globals = block.as_ptr();
        }
        if let Some(pool) = self.kernel_pool {
            context.pool = std::ptr::from_ref(pool).cast();
        }
        context
    }

    /// After how many elements of this cost the loop looks whether it was cancelled.
    #[inline]
    pub fn interval(&self, cost: u64) -> usize {
        match self.cancel {
            None => usize::MAX,
            Some(_) => (CANCEL_WORK / cost.max(1)).max(1) as usize,
        }
    }

    /// Fails once the call is cancelled.
    #[inline]
    pub fn check_cancelled(&self) -> Result<(), Failure> {
        match self.cancel {
            Some(flag) if flag.load(Ordering::Relaxed) != 0 => Err(Failure {
                status: Status::Cancelled,
                error: KernelError::default(),
            }),
            Some(_) | None => Ok(()),
        }
    }
}

/// Calls an entry once.
///
/// # Safety
/// As for [`brolga_abi::KernelFn`].
#[inline]
pub(crate) unsafe fn call_entry(
    entry: &Entry,
    args: &[*mut u8],
    dims: &[usize],
    steps: &[isize],
    context: &mut KernelContext,
) -> Result<(), Failure> {
    // SAFETY: by the caller's word.
    let code = unsafe { (entry.function)(args.as_ptr(), dims.as_ptr(), steps.as_ptr(), context) };
    match Status::from_code(code) {
        Status::Ok => Ok(()),
        status => Err(Failure {
            status,
            error: context.error,
        }),
    }
}

/// A loop ready to run, in parts and on several threads if need be.
pub(crate) struct Loop<'a> {
    entry: Entry,
    parts: ContextParts<'a>,
    /// Outermost axis first, at least one.
    lengths: Dims,
    operands: SmallVec<[LoopOperand; 4]>,
    buffered: bool,
    /// What follows the loop length in `dims`.
    core_dims: &'a [usize],
    /// What follows the outer steps in `steps`.
    core_steps: &'a [isize],
    len: usize,
}

// SAFETY: the pointers are to operands that the maker of the loop has borrowed for as long
// as the loop lives; parts of the loop touch different elements of the outputs.
unsafe impl Sync for Loop<'_> {}

/// A place in a loop: the index along each axis.
struct Cursor {
    index: Dims,
}

impl Cursor {
    fn at(position: usize, lengths: &[usize]) -> Cursor {
        let mut rest = position;
        let mut index = Dims::from_elem(0, lengths.len());
        for (place, &n) in index.iter_mut().zip(lengths).rev() {
            *place = rest % n;
            rest /= n;
        }
        Cursor { index }
    }

    /// How far the place is from the first element, in bytes.
    fn offset(&self, strides: &[isize]) -> isize {
        let steps = self.index.iter().zip(strides);
        steps.map(|(&k, &stride)| k as isize * stride).sum()
    }

    /// Goes `count` elements on, at most to the end of the row.
    fn advance(&mut self, count: usize, lengths: &[usize]) {
        let last = lengths.len() - 1;
        self.index[last] += count;
        let mut axis = last;
        while self.index[axis] == lengths[axis] && axis > 0 {
            self.index[axis] = 0;
            axis -= 1;
            self.index[axis] += 1;
        }
    }

    fn left_in_row(&self, lengths: &[usize]) -> usize {
        let last = lengths.len() - 1;
        lengths[last] - self.index[last]
    }
}

impl<'a> Loop<'a> {
    /// Plans the loop of an elementwise kernel over a shape without empty axes.
    pub fn elementwise(
        entry: Entry,
        parts: ContextParts<'a>,
        shape: &[usize],
        operands: SmallVec<[LoopOperand; 4]>,
    ) -> Loop<'a> {
        let mut plan = Loop::with_core(entry, parts, shape, operands, &[], &[]);
        plan.buffered = plan.operands.iter().any(LoopOperand::needs_buffer);
        plan
    }

    /// Plans the loop of a kernel over core arrays, none of which needs a buffer.
    pub fn with_core(
        entry: Entry,
        parts: ContextParts<'a>,
        shape: &[usize],
        mut operands: SmallVec<[LoopOperand; 4]>,
        core_dims: &'a [usize],
        core_steps: &'a [isize],
    ) -> Loop<'a> {
        let mut lengths = Dims::from_slice(shape);
        simplify(&mut lengths, &mut operands, entry.can_fail);
        let len = lengths.iter().product();
        Loop {
            entry,
            parts,
            lengths,
            operands,
            buffered: false,
            core_dims,
            core_steps,
            len,
        }
    }

    /// Runs the whole loop, on `pool` if there is one. `cost` is the work of one element.
    ///
    /// # Safety
    /// The operands must be as the entry wants them ([`brolga_abi::KernelFn`]) but for
    /// types and alignment where the loop is elementwise, and in bounds for the loop shape.
    pub unsafe fn run(&self, pool: Option<&Pool>, cost: u64) -> Result<(), LoopError> {
        match pool {
            // SAFETY: by the caller's word.
            None => unsafe { self.run_range(0, self.len, cost) },
            Some(pool) => pool.for_chunks(self.len as u64, cost, &|chunk| {
                // SAFETY: by the caller's word; chunks do not intersect.
                unsafe { self.run_range(chunk.begin as usize, chunk.end as usize, cost) }
            }),
        }
    }

    /// # Safety
    /// As for [`Loop::run`].
    unsafe fn run_range(&self, begin: usize, end: usize, cost: u64) -> Result<(), LoopError> {
        // SAFETY: by the caller's word.
        unsafe {
            if self.buffered {
                self.run_buffered(begin, end)
            } else {
                self.run_direct(begin, end, cost)
            }
        }
    }

    /// # Safety
    /// As for [`Loop::run`].
    unsafe fn run_direct(&self, begin: usize, end: usize, cost: u64) -> Result<(), LoopError> {
        let last = self.lengths.len() - 1;
        let mut context = self.parts.context(begin as u64);
        let mut args: SmallVec<[*mut u8; 8]> =
            SmallVec::from_elem(std::ptr::null_mut(), self.operands.len());
        let mut dims: SmallVec<[usize; 8]> = SmallVec::new();
        dims.push(0);
        dims.extend_from_slice(self.core_dims);
        let mut steps: SmallVec<[isize; 16]> = self
            .operands
            .iter()
            .map(|operand| operand.strides[last])
            .collect();
        steps.extend_from_slice(self.core_steps);
        let interval = self.parts.interval(cost);
        let mut cursor = Cursor::at(begin, &self.lengths);
        let mut position = begin;
        while position < end {
            self.parts.check_cancelled()?;
            let left = cursor.left_in_row(&self.lengths);
            let count = left.min(end - position).min(interval);
            for (arg, operand) in args.iter_mut().zip(&self.operands) {
                *arg = operand.ptr.wrapping_offset(cursor.offset(&operand.strides));
            }
            dims[0] = count;
            context.first_index = position as u64;
            // SAFETY: the row lies within the loop shape.
            unsafe { call_entry(&self.entry, &args, &dims, &steps, &mut context)? };
            position += count;
            cursor.advance(count, &self.lengths);
        }
        Ok(())
    }

    /// # Safety
    /// As for [`Loop::run`]; there are no core dimensions.
    unsafe fn run_buffered(&self, begin: usize, end: usize) -> Result<(), LoopError> {
        let last = self.lengths.len() - 1;
        let through: SmallVec<[bool; 8]> = self
            .operands
            .iter()
            .map(LoopOperand::needs_buffer)
            .collect();
        let blocks = through.iter().filter(|&&buffered| buffered).count();
        let block = BLOCK.min(end - begin).min(self.lengths[last]);
        // The words of an element: two for a complex number of two `f64`, else one.
        let kernels = self.operands.iter().zip(&through);
        let width = kernels
            .filter(|(_, buffered)| **buffered)
            .map(|(operand, _)| operand.kernel.size().div_ceil(8))
            .fold(1, usize::max);
        let words = blocks * block * width;
        let mut scratch: SmallVec<[u64; 64]> = SmallVec::new();
        scratch
            .try_reserve_exact(words)
            .map_err(|_| LoopError::OutOfMemory(words * 8))?;
        scratch.resize(words, 0);
        let memory = scratch.as_mut_ptr().cast::<u8>();

        let mut args: SmallVec<[*mut u8; 8]> = SmallVec::new();
        let mut steps: SmallVec<[isize; 16]> = SmallVec::new();
        let mut used = 0;
        for (operand, &buffered) in self.operands.iter().zip(&through) {
            if buffered {
                args.push(memory.wrapping_add(used * block * width * 8));
                steps.push(operand.kernel.size() as isize);
                used += 1;
            } else {
                args.push(operand.ptr);
                steps.push(operand.strides[last]);
            }
        }

        let mut context = self.parts.context(begin as u64);
        let mut cursor = Cursor::at(begin, &self.lengths);
        let mut position = begin;
        while position < end {
            self.parts.check_cancelled()?;
            let left = cursor.left_in_row(&self.lengths);
            let count = left.min(end - position).min(block);
            for (k, operand) in self.operands.iter().enumerate() {
                if !through[k] {
                    args[k] = operand.ptr.wrapping_offset(cursor.offset(&operand.strides));
                } else if !operand.output {
                    // SAFETY: `count` elements of the row, and a block with room for them.
                    unsafe { transfer(operand, &cursor, args[k], count) };
                }
            }
            context.first_index = position as u64;
            // SAFETY: `count` elements of each operand: in a block, or within the row.
            unsafe { call_entry(&self.entry, &args, &[count], &steps, &mut context)? };
            for (k, operand) in self.operands.iter().enumerate() {
                if through[k] && operand.output {
                    // SAFETY: as above; the entry has filled the block.
                    unsafe { transfer(operand, &cursor, args[k], count) };
                }
            }
            position += count;
            cursor.advance(count, &self.lengths);
        }
        Ok(())
    }
}

/// Converts `count` elements from a place on into a block, or for an output out of it.
///
/// # Safety
/// The elements must lie within the row, and `block` must have room for them.
unsafe fn transfer(operand: &LoopOperand, cursor: &Cursor, block: *mut u8, count: usize) {
    let place = operand.ptr.wrapping_offset(cursor.offset(&operand.strides));
    let step = operand.strides[operand.strides.len() - 1];
    let size = operand.kernel.size() as isize;
    let (memory, kernel) = (operand.dtype, operand.kernel);
    // SAFETY: by the caller's word; scratch memory overlaps no operand.
    unsafe {
        if operand.output {
            convert_elements(kernel, block, size, memory, place, step, count);
        } else {
            convert_elements(memory, place, step, kernel, block, size, count);
        }
    }
}

/// Why a loop stopped.
pub(crate) enum LoopError {
    Kernel(Failure),
    OutOfMemory(usize),
}

impl From<Failure> for LoopError {
    fn from(failure: Failure) -> LoopError {
        LoopError::Kernel(failure)
    }
}

impl LoopError {
    /// In words, given the failure's.
    pub fn into_error(self, kernel: impl FnOnce(&Failure) -> Error) -> Error {
        match self {
            LoopError::Kernel(failure) => kernel(&failure),
            LoopError::OutOfMemory(bytes) => Error::out_of_memory(bytes),
        }
    }
}

/// The index along each axis of an element, from its number in C order. `None` when it is
/// outside of the shape, which a sound kernel never reports.
pub(crate) fn multi_index(error: &KernelError, shape: &[usize]) -> Option<Dims> {
    let length = shape
        .iter()
        .try_fold(1u64, |a, &n| a.checked_mul(n as u64))?;
    (error.element < length).then(|| Cursor::at(error.element as usize, shape).index)
}
