//! Versions of a small program for calls in which some inputs are one number for all elements:
//! arrays first and numbers behind them, or a number first. In the loop of such a version these
//! inputs stay in registers, where the loop for all calls reads a buffer in every turn.

use std::collections::BTreeSet;

use brolga_lang::ir::{Program, Scalar};

use super::build::build_with;
use super::numbers::Numbers;
use super::program::{Node, Operand, Operation, StripProgram, Version};
use super::{VectorFeatures, by_strips};

/// The most operations of a program with versions: beyond, the reads are lost in the work, and
/// each loop has its price at compile time.
const MOST_OPERATIONS: usize = 8;

/// Gives a program that [`super::try_vectorise`] made of `program` its versions.
pub(crate) fn add_versions(strip: &mut StripProgram, program: &Program, features: VectorFeatures) {
    if by_strips(strip) || strip.operations() > MOST_OPERATIONS || !strip.is_simple() {
        return;
    }
    let mut moving: Vec<Operand> = strip
        .inputs
        .iter()
        .filter(|input| !strip.stands_still(input))
        .copied()
        .collect();
    moving.sort_by_key(|input| input.number);
    if moving.len() < 2 {
        return;
    }
    let (first, others) = moving.split_at(1);
    strip.versions = [others, first]
        .into_iter()
        // A bool is no register that anything reads as it is.
        .filter(|fixed| fixed.iter().all(|input| input.scalar != Scalar::Bool))
        .filter_map(|fixed| version(fixed, program, features))
        .filter(|version| {
            let own = &version.strip;
            // All loops of a function take the same groups; the estimate of what fits into the
            // registers has one vector to spare.
            !by_strips(own)
                && own.lanes() == strip.lanes()
                && own.group_vectors() + 1 >= strip.group_vectors()
        })
        .collect();
}

impl StripProgram {
    /// Whether nothing that it does is long beside a read from memory.
    fn is_simple(&self) -> bool {
        self.body.iter().all(|node| match node {
            Node::Value(value) => !matches!(
                self.entry(*value).operation,
                Operation::Division(..)
                    | Operation::MulHigh(..)
                    | Operation::Lanewise(..)
                    | Operation::Lanewise2(..)
                    | Operation::ShiftLanes(..)
            ),
            Node::Bail(_) => true,
            Node::Loop(_) => false,
        })
    }
}

/// The program for calls in which these inputs do not move.
fn version(fixed: &[Operand], program: &Program, features: VectorFeatures) -> Option<Version> {
    let floats = fixed.iter().filter(|input| input.scalar.is_float());
    let allowed = Numbers {
        allowed: floats.map(|input| input.number).collect(),
        used: BTreeSet::new(),
    };
    let (mut strip, numbers) = build_with(program, features, allowed).ok()?;
    strip.still = fixed.iter().map(|input| input.number).collect();
    Some(Version {
        fixed: fixed.to_vec(),
        numbers: fixed
            .iter()
            .filter(|input| numbers.used.contains(&input.number))
            .copied()
            .collect(),
        strip,
    })
}
