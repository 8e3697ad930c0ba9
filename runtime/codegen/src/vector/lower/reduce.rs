//! Reductions: what a loop carries of them, how a group is taken in, and how the cell gets the
//! result. Where the order of the elements is free there is an accumulator for each lane of the
//! group, so that a turn need not wait for the one before; else one scalar takes the lanes in.

use brolga_lang::ir::{BinaryOp, Scalar};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{ConstantData, InstBuilder, MemFlagsData, Type, Value};
use cranelift_frontend::FunctionBuilder;

use super::{Lowering, element_access, element_type, value_vector, vector_type};
use crate::vector::program::{Reduction, StripProgram};

/// Whether the lanes are taken in one by one: in order, or for want of a vector product.
fn one_by_one(reduction: &Reduction) -> bool {
    let bits = element_type(reduction.cell.scalar).bits();
    reduction.ordered || reduction.op == BinaryOp::Mul && bits == 8
}

/// How many accumulators a reduction has.
fn count(reduction: &Reduction, group: u32) -> usize {
    let bits = element_type(reduction.cell.scalar).bits();
    match one_by_one(reduction) {
        true => 1,
        false => (group * bits / 128).max(1) as usize,
    }
}

fn accumulator_type(reduction: &Reduction) -> Type {
    match one_by_one(reduction) {
        true => element_type(reduction.cell.scalar),
        false => vector_type(super::convert::lane_type(reduction.cell.scalar)),
    }
}

/// The types of everything that a loop over groups carries.
pub(in crate::vector) fn accumulator_types(strip: &StripProgram, group: u32) -> Vec<Type> {
    let of = |reduction: &Reduction| vec![accumulator_type(reduction); count(reduction, group)];
    strip.reductions.iter().flat_map(of).collect()
}

/// The accumulators before the first group, from the cells at these addresses.
pub(in crate::vector) fn begin(
    strip: &StripProgram,
    builder: &mut FunctionBuilder<'_>,
    group: u32,
    cells: &[Value],
) -> Vec<Value> {
    let mut accumulators = Vec::new();
    for (reduction, &cell) in strip.reductions.iter().zip(cells) {
        let ty = accumulator_type(reduction);
        let first = if one_by_one(reduction) {
            builder.ins().load(ty, element_access(), cell, 0)
        } else {
            let lane = identity(reduction.op, reduction.cell.scalar).to_le_bytes();
            let bytes = lane[..ty.lane_type().bytes() as usize].repeat(ty.lane_count() as usize);
            let constant = ConstantData::from(&bytes[..]);
            let constant = builder.func.dfg.constants.insert(constant);
            builder.ins().vconst(ty, constant)
        };
        accumulators.extend(vec![first; count(reduction, group)]);
    }
    accumulators
}

/// Stores the results of all groups into the cells.
pub(in crate::vector) fn end(
    strip: &StripProgram,
    builder: &mut FunctionBuilder<'_>,
    group: u32,
    cells: &[Value],
    accumulators: &[Value],
) {
    let mut rest = accumulators;
    for (reduction, &cell) in strip.reductions.iter().zip(cells) {
        let (own, others) = rest.split_at(count(reduction, group));
        rest = others;
        let mut result = own[0];
        if !one_by_one(reduction) {
            for &vector in &own[1..] {
                result = combine(builder, reduction, result, vector);
            }
            let element = element_type(reduction.cell.scalar);
            let lanes = (128 / element.bits()).min(group);
            let vector = result;
            result = builder.ins().load(element, element_access(), cell, 0);
            for lane in 0..lanes as u8 {
                let part = builder.ins().extractlane(vector, lane);
                result = combine(builder, reduction, result, part);
            }
        }
        builder.ins().store(element_access(), result, cell, 0);
    }
}

/// `a op b`, of vectors or scalars.
fn combine(builder: &mut FunctionBuilder<'_>, reduction: &Reduction, a: Value, b: Value) -> Value {
    let scalar = reduction.cell.scalar;
    let signed = scalar.is_signed();
    if !scalar.is_float() {
        let ins = builder.ins();
        return match reduction.op {
            BinaryOp::Add => ins.iadd(a, b),
            BinaryOp::Mul => ins.imul(a, b),
            BinaryOp::And => ins.band(a, b),
            BinaryOp::Or => ins.bor(a, b),
            BinaryOp::Xor => ins.bxor(a, b),
            BinaryOp::Min if signed => ins.smin(a, b),
            BinaryOp::Min => ins.umin(a, b),
            BinaryOp::Max if signed => ins.smax(a, b),
            BinaryOp::Max => ins.umax(a, b),
            other => unreachable!("{other:?} is no reduction"),
        };
    }
    let takes_b = match reduction.op {
        BinaryOp::Add => return builder.ins().fadd(a, b),
        BinaryOp::Mul => return builder.ins().fmul(a, b),
        BinaryOp::Min => builder.ins().fcmp(FloatCC::LessThan, b, a),
        BinaryOp::Max => builder.ins().fcmp(FloatCC::LessThan, a, b),
        other => unreachable!("{other:?} is no reduction of floats"),
    };
    // The other number where one is NaN.
    let chosen = choose(builder, takes_b, b, a);
    let nan = builder.ins().fcmp(FloatCC::Unordered, a, a);
    choose(builder, nan, b, chosen)
}

fn choose(builder: &mut FunctionBuilder<'_>, condition: Value, a: Value, b: Value) -> Value {
    let ty = builder.func.dfg.value_type(a);
    if !ty.is_vector() {
        return builder.ins().select(condition, a, b);
    }
    let little = MemFlagsData::new().with_endianness(cranelift_codegen::ir::Endianness::Little);
    let mask = builder.ins().bitcast(ty, little, condition);
    builder.ins().bitselect(mask, a, b)
}

/// What changes nothing when it is combined with any number.
fn identity(op: BinaryOp, scalar: Scalar) -> u64 {
    let ones = u64::MAX >> (64 - scalar.bits());
    let largest = if scalar.is_signed() { ones >> 1 } else { ones };
    match (op, scalar) {
        // -0.0 + x is x, of whatever sign.
        (BinaryOp::Add, Scalar::F64) => (-0.0_f64).to_bits(),
        (BinaryOp::Add, Scalar::F32) => u64::from((-0.0_f32).to_bits()),
        (BinaryOp::Mul, Scalar::F64) => 1.0_f64.to_bits(),
        (BinaryOp::Mul, Scalar::F32) => u64::from(1.0_f32.to_bits()),
        (BinaryOp::Min | BinaryOp::Max, Scalar::F64) => f64::NAN.to_bits(),
        (BinaryOp::Min | BinaryOp::Max, Scalar::F32) => u64::from(f32::NAN.to_bits()),
        (BinaryOp::Mul, _) => 1,
        (BinaryOp::And, _) => ones,
        (BinaryOp::Min, _) => largest,
        (BinaryOp::Max, _) => ones & !largest,
        _ => 0,
    }
}

impl Lowering<'_, '_> {
    /// The accumulators with this group taken in.
    pub(in crate::vector) fn reduce(&mut self, accumulators: &[Value]) -> Vec<Value> {
        let strip = self.strip;
        let mut rest = accumulators;
        let mut taken = Vec::with_capacity(accumulators.len());
        for reduction in &strip.reductions {
            self.at += 1;
            let (own, others) = rest.split_at(count(reduction, self.group));
            rest = others;
            let ty = strip.entry(reduction.value).ty;
            debug_assert_eq!(
                value_vector(ty).lane_type(),
                element_type(reduction.cell.scalar)
            );
            let vectors = self.whole(reduction.value);
            if !one_by_one(reduction) {
                for (&accumulator, vector) in own.iter().zip(vectors) {
                    taken.push(combine(self.builder, reduction, accumulator, vector));
                }
                continue;
            }
            let mut cell = own[0];
            let lanes = 128 / ty.bits();
            for element in 0..self.group {
                let vector = vectors[(element / lanes) as usize];
                let lane = (element % lanes) as u8;
                let part = self.builder.ins().extractlane(vector, lane);
                cell = combine(self.builder, reduction, cell, part);
            }
            taken.push(cell);
        }
        taken
    }
}
