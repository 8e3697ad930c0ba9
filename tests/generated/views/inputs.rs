//! The operands: lengths around those of vectors, and how they lie in memory.

use brolga_oracle::values::{Domain, Random, edge_values};

use super::kernel::{AXES, ViewKernel};
use brolga_lang::ir::Scalar;

/// The operands of a call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// The lengths of each parameter's axes.
    pub shapes: Vec<Vec<usize>>,
    /// The elements of each parameter, in C order.
    pub words: Vec<Vec<u64>>,
}

/// Lengths of the first axis: none, one, around the lanes of each type, and long ones.
const LENGTHS: [usize; 12] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 33, 101];
/// The other axes are shorter, since loops over two axes are inside of each other.
const LONGEST_OF_OTHERS: usize = 19;

/// Two calls of each length of the first axis, with the same shapes.
pub fn calls(kernel: &ViewKernel, random: &mut Random) -> Vec<Call> {
    let mut calls = Vec::new();
    for (number, &length) in LENGTHS.iter().enumerate() {
        let mut lengths = [length; AXES];
        for other in &mut lengths[1..] {
            *other = match random.below(5) {
                0 => length + 1,
                1 => length.saturating_sub(1),
                2 => length,
                _ => LENGTHS[random.below(LENGTHS.len())],
            };
            *other = (*other).min(LONGEST_OF_OTHERS);
        }
        for fill in 0..2 {
            let wild = (number + fill) % 2 == 0;
            let shapes: Vec<Vec<usize>> = kernel
                .axes
                .iter()
                .map(|axes| axes.iter().map(|&axis| lengths[axis]).collect())
                .collect();
            let words = kernel
                .params()
                .iter()
                .zip(&shapes)
                .map(|(param, shape)| {
                    let count = shape.iter().product();
                    let each = (0..count).map(|_| word(param.scalar, wild, param.view, random));
                    each.collect()
                })
                .collect();
            calls.push(Call { shapes, words });
        }
    }
    calls
}

/// An element; a number that is no view is small where it is a width.
fn word(scalar: Scalar, wild: bool, view: bool, random: &mut Random) -> u64 {
    let dtype = scalar.dtype();
    let edges = edge_values(dtype);
    let value = match random.below(8) {
        _ if scalar == Scalar::Usize && !view => random.below(6) as u128,
        0 if wild => edges[random.below(edges.len())],
        1..=3 if wild => random.value(dtype, Domain::Any),
        _ => random.value(dtype, Domain::Between(-6.0, 20.0)),
    };
    value as u64
}

/// How the elements of an operand lie in memory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Layout {
    /// In C order, without gaps.
    Tight,
    /// The last axis first, backwards.
    Backwards,
    /// The axes the other way round, without gaps.
    Fortran,
    /// With gaps of this many elements.
    Steps(usize),
}

impl Layout {
    pub fn random(random: &mut Random) -> Layout {
        match random.below(5) {
            0 => Layout::Backwards,
            1 => Layout::Fortran,
            2 => Layout::Steps(1 + random.below(3)),
            _ => Layout::Tight,
        }
    }

    /// For these lengths: how many elements the memory has, where the first element lies, and
    /// the strides, in elements.
    pub fn of(self, shape: &[usize]) -> (usize, usize, Vec<isize>) {
        let step = match self {
            Layout::Steps(gap) => gap + 1,
            _ => 1,
        };
        let mut order: Vec<usize> = (0..shape.len()).rev().collect();
        if self == Layout::Fortran {
            order.reverse();
        }
        let (mut strides, mut size) = (vec![0; shape.len()], step);
        for axis in order {
            strides[axis] = size as isize;
            size *= shape[axis];
        }
        let mut first = 0;
        if let (Layout::Backwards, Some(last)) = (self, strides.last_mut()) {
            first = shape[shape.len() - 1].saturating_sub(1) * last.unsigned_abs();
            *last = -*last;
        }
        (size, first, strides)
    }
}
