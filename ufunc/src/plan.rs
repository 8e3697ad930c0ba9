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
const SHORT_INNER: usize = 16;

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Operands of `f64` at address 4096, the first an output.
    fn operands(strides: &[&[isize]]) -> Vec<LoopOperand> {
        strides
            .iter()
            .enumerate()
            .map(|(number, strides)| LoopOperand {
                ptr: std::ptr::without_provenance_mut(4096),
                strides: Strides::from_slice(strides),
                dtype: DType::F64,
                kernel: DType::F64,
                output: number == 0,
            })
            .collect()
    }

    /// The lengths, and for each operand the strides and how far its start has moved.
    type Planned = (Vec<usize>, Vec<(Vec<isize>, isize)>);

    fn planned(lengths: &[usize], strides: &[&[isize]], keep_order: bool) -> Planned {
        let mut lengths = Dims::from_slice(lengths);
        let mut operands = operands(strides);
        simplify(&mut lengths, &mut operands, keep_order);
        let operands = operands.iter().map(|operand| {
            let moved = operand.ptr.addr() as isize - 4096;
            (operand.strides.to_vec(), moved)
        });
        (lengths.to_vec(), operands.collect())
    }

    #[test]
    fn contiguous_axes_are_joined_in_either_order() {
        let c: &[isize] = &[480, 96, 8];
        let one_axis = (vec![240], vec![(vec![8], 0), (vec![8], 0)]);
        assert_eq!(planned(&[4, 5, 12], &[c, c], true), one_axis);
        assert_eq!(planned(&[4, 5, 12], &[c, c], false), one_axis);
        let f: &[isize] = &[8, 32, 160];
        assert_eq!(planned(&[4, 5, 12], &[f, f], false), one_axis);
        // C order must be kept: nothing can be joined.
        let (lengths, _) = planned(&[4, 5, 12], &[f, f], true);
        assert_eq!(lengths, [4, 5, 12]);
    }

    #[test]
    fn axes_that_all_run_down_are_turned_unless_the_order_counts() {
        let down: &[isize] = &[-160, -8];
        let start = -(160 * 29 + 8 * 19);
        assert_eq!(
            planned(&[30, 20], &[down, down], false),
            (vec![600], vec![(vec![8], start), (vec![8], start)])
        );
        assert_eq!(
            planned(&[30, 20], &[down, down], true),
            (vec![600], vec![(vec![-8], 0), (vec![-8], 0)])
        );
        // One operand runs up: the axis stays.
        let up: &[isize] = &[160, 8];
        let (_, operands) = planned(&[30, 20], &[up, down], false);
        assert_eq!(operands, [(vec![8], 0), (vec![-8], 0)]);
    }

    #[test]
    fn broadcast_axes_join_where_every_operand_is_broadcast() {
        let (output, column, scalar): (&[isize], &[isize], &[isize]) =
            (&[160, 8], &[8, 0], &[0, 0]);
        let (lengths, operands) = planned(&[30, 20], &[output, scalar], true);
        assert_eq!((lengths, operands[1].0.clone()), (vec![600], vec![0]));
        let (lengths, _) = planned(&[30, 20], &[output, column], true);
        assert_eq!(lengths, [30, 20]);
    }

    #[test]
    fn a_short_inner_axis_changes_places_with_a_long_one() {
        let strides: &[&[isize]] = &[&[24, 8], &[0, 8]];
        let (lengths, operands) = planned(&[1000, 3], strides, false);
        assert_eq!(
            (lengths, operands[0].0.clone()),
            (vec![3, 1000], vec![8, 24])
        );
        let (lengths, _) = planned(&[1000, 3], strides, true);
        assert_eq!(lengths, [1000, 3]);
    }

    #[test]
    fn a_loop_without_axes_has_one_of_length_1() {
        assert_eq!(planned(&[], &[&[]], false), (vec![1], vec![(vec![0], 0)]));
        assert_eq!(
            planned(&[1, 1], &[&[8, 64]], true),
            (vec![1], vec![(vec![0], 0)])
        );
    }
}
