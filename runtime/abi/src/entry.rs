//! The one shape of all compiled entry points.

use crate::context::KernelContext;

/// A compiled entry point, in NumPy's inner-loop convention plus a context. Returns a
/// [`crate::Status`] code.
///
/// * `args`: one pointer for each operand, inputs first. A scalar operand's pointer is to
///   its first element; a view operand's to the first element of its first core array.
/// * `dims`: `dims[0]` is the loop length; then the core dimensions in order of first
///   appearance (for `#[jit]` functions: every axis of every view operand, operand by
///   operand, with a loop length of 1).
/// * `steps`: in bytes; the outer step of each operand; then, operand by operand, one
///   stride for each core axis.
///
/// # Safety
/// `args`, `dims` and `steps` must have the lengths that the function's operands require,
/// every element that they span must be readable (for outputs and mutable views: writable
/// and not aliased by another operand, except that an elementwise output may coincide
/// exactly with an input), aligned to its type, and `ctx` must point to a context that no
/// other thread uses.
pub type KernelFn = unsafe extern "C" fn(
    args: *const *mut u8,
    dims: *const usize,
    steps: *const isize,
    ctx: *mut KernelContext,
) -> u32;

/// An entry point with what a caller must know to schedule it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The machine code. Whoever holds an `Entry` also holds the code alive.
    pub function: KernelFn,
    /// Whether any panic site can be reached. Entries that cannot fail may be run in any
    /// order of the loop's elements.
    pub can_fail: bool,
    /// An estimate of the work of one loop element, in units of about one simple
    /// operation (at least 1).
    pub cost: u32,
}
