//! In which order the elements of a loop are visited: axes are dropped, sorted, flipped and
//! joined. Not the loop itself, which is in `loops`.
//!
//! Invariant: every element of the loop shape is visited exactly once; where the order
//! must be kept it is the C order of the loop shape.

use brolga_abi::DType;

use crate::{Dims, Strides};

/// An operand as the loop walks over it.
#[derive(Clone, Debug)]
pub(crate) struct LoopOperand {
    /// The first element.
    pub ptr: *mut u8,
    /// In bytes, one for each loop axis; 0 where the operand is broadcast.
    pub strides: Strides,
    /// The type of the elements in memory.
    pub dtype: DType,
    /// The type that the kernel takes or gives.
    pub kernel: DType,
    /// Whether the kernel writes it.
    pub output: bool,
}

impl LoopOperand {
    /// Whether the kernel cannot work on the elements where they are.
    pub fn needs_buffer(&self) -> bool {
        let bits = self
            .strides
            .iter()
            .fold(self.ptr.addr(), |bits, &s| bits | s as usize);
        self.dtype != self.kernel || bits & (self.dtype.align() - 1) != 0
    }
}

/// Simplifies the axes of a loop in place. With `keep_order` the elements stay in C order.
/// At least one axis is left.
pub(crate) fn simplify(lengths: &mut Dims, operands: &mut [LoopOperand], keep_order: bool) {
    drop_single_axes(lengths, operands);
    if !keep_order {
        sort_axes(lengths, operands);
        flip_axes(lengths, operands);
    }
    join_axes(lengths, operands);
    if !keep_order {
        lengthen_inner_axis(lengths, operands);
    }
}

fn drop_single_axes(lengths: &mut Dims, operands: &mut [LoopOperand]) {
    for axis in (0..lengths.len()).rev() {
        if lengths[axis] == 1 {
            lengths.remove(axis);
            for operand in operands.iter_mut() {
                operand.strides.remove(axis);
            }
        }
    }
    if lengths.is_empty() {
        lengths.push(1);
        for operand in operands.iter_mut() {
            operand.strides.push(0);
        }
    }
}

/// Whether axis `a` should be outside of axis `b`: outputs are asked first, as they are
/// written and read back, and then the inputs in order.
fn belongs_outside(operands: &[LoopOperand], a: usize, b: usize) -> bool {
    let outputs = operands.iter().filter(|operand| operand.output);
    let inputs = operands.iter().filter(|operand| !operand.output);
    for operand in outputs.chain(inputs) {
        let (sa, sb) = (
            operand.strides[a].unsigned_abs(),
            operand.strides[b].unsigned_abs(),
        );
        if sa != 0 && sb != 0 && sa != sb {
            return sa > sb;
        }
    }
    false
}

/// Insertion sort, because the order of two axes is not always transitive.
fn sort_axes(lengths: &mut Dims, operands: &mut [LoopOperand]) {
    for start in 1..lengths.len() {
        let mut axis = start;
        while axis > 0 && belongs_outside(operands, axis, axis - 1) {
            swap_axes(lengths, operands, axis, axis - 1);
            axis -= 1;
        }
    }
}

fn swap_axes(lengths: &mut Dims, operands: &mut [LoopOperand], a: usize, b: usize) {
    lengths.swap(a, b);
    for operand in operands {
        operand.strides.swap(a, b);
    }
}

/// Walks an axis upwards in memory where all operands go down.
fn flip_axes(lengths: &Dims, operands: &mut [LoopOperand]) {
    for (axis, &n) in lengths.iter().enumerate() {
        let down = operands.iter().any(|operand| operand.strides[axis] < 0);
        let up = operands.iter().any(|operand| operand.strides[axis] > 0);
        if down && !up {
            for operand in operands.iter_mut() {
                let stride = operand.strides[axis];
                operand.ptr = operand.ptr.wrapping_offset(stride * (n as isize - 1));
                operand.strides[axis] = -stride;
            }
        }
    }
}

/// Joins neighbouring axes that every operand walks over in one even step.
fn join_axes(lengths: &mut Dims, operands: &mut [LoopOperand]) {
    for axis in (1..lengths.len()).rev() {
        let n = lengths[axis] as isize;
        let even = |operand: &LoopOperand| {
            operand.strides[axis].checked_mul(n) == Some(operand.strides[axis - 1])
        };
        if operands.iter().all(even) {
            lengths[axis - 1] *= lengths[axis];
            lengths.remove(axis);
            for operand in operands.iter_mut() {
                operand.strides.remove(axis - 1);
            }
        }
    }
}

/// Below this length of the inner axis a call of the kernel costs more than its work.
pub(crate) const SHORT_INNER: usize = 16;

/// Makes a longer axis the inner one when the inner one is short.
fn lengthen_inner_axis(lengths: &mut Dims, operands: &mut [LoopOperand]) {
    let last = lengths.len() - 1;
    if lengths[last] < SHORT_INNER
        && let Some(longest) = (0..last).max_by_key(|&axis| lengths[axis])
        && lengths[longest] >= 4 * lengths[last]
    {
        swap_axes(lengths, operands, last, longest);
    }
}
