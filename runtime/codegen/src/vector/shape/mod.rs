//! The loops around the groups of a strip program: checks of length and steps, addresses, and
//! the count of what is done. Not what happens to an element (`lower`).
//!
//! A cheap program goes straight through its operands (`direct.rs`). One with calls of strip
//! functions, or with so much work that gathering elements at other steps is worth it, goes
//! strip by strip (`strips.rs`). One whose loops go along operands goes straight through, too.

mod direct;
mod stages;
mod strips;
mod summary;

use cranelift_codegen::ir::{BlockArg, Function, InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use super::Imports;
use super::lower::Externals;
use super::program::{Node, Operation, StripProgram};
use crate::error::CodegenError;
use stages::Plan;
pub(super) use summary::strip_report;

/// From so many operations on a strided operand is better packed than left to the scalar loop.
const WORTH_PACKING: usize = 12;

/// Writes the whole function; its signature is already set.
pub(super) fn emit(
    strip: &StripProgram,
    function: &mut Function,
    imports: &mut dyn Imports,
) -> Result<(), CodegenError> {
    let plan = by_strips(strip).then(|| Plan::new(strip));
    let others = plan.as_ref().map_or(Vec::new(), Plan::symbols);
    let externals = Externals::new(strip, others, function, imports)?;
    let config = imports.frontend_config();
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(function, &mut context);
    match plan {
        Some(plan) => strips::emit(strip, &plan, &mut builder, &externals),
        None => direct::emit(strip, &mut builder, &externals, strip.group()),
    }
    builder.seal_all_blocks();
    builder.finalize(config);
    Ok(())
}

/// Whether a program goes strip by strip.
pub(super) fn by_strips(strip: &StripProgram) -> bool {
    let is_math = |node: &Node| match node {
        Node::Value(value) => matches!(
            strip.entry(*value).operation,
            Operation::Math(..) | Operation::Math2(..)
        ),
        Node::Loop(_) => true,
        Node::Bail(_) => false,
    };
    !strip.goes_along && (strip.operations() >= WORTH_PACKING || strip.body.iter().any(is_math))
}

fn args(values: &[Value]) -> Vec<BlockArg> {
    values.iter().copied().map(BlockArg::Value).collect()
}

/// The addresses of the cells that reductions go into.
fn cells(
    strip: &StripProgram,
    builder: &mut FunctionBuilder<'_>,
    args_pointer: Value,
    uniforms: Value,
) -> Vec<Value> {
    let mut cells = Vec::with_capacity(strip.reductions.len());
    for reduction in &strip.reductions {
        cells.push(match reduction.cell.global() {
            Some(offset) => builder.ins().iadd_imm_s(uniforms, offset as i64),
            None => {
                let offset = 8 * reduction.cell.number as i32;
                let flags = MemFlagsData::trusted();
                builder.ins().load(types::I64, flags, args_pointer, offset)
            }
        });
    }
    cells
}
