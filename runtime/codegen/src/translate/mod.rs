//! From the trees of the kernel IR to CLIF, one machine function at a time. Not the loop
//! over elements (that is [`crate::entry`]) and not what becomes a function of its own
//! (that is [`crate::plan`]).
//!
//! Each expression becomes a row of machine values ([`crate::layout`]). Code that cannot be
//! reached is not translated: an expression that does not end normally gives
//! [`Stop::Diverged`], which travels up to the next place where control flow joins.
//!
//! Invariant: whenever translation of a part gives values, the builder stands in an open
//! block; whenever it gives `Diverged`, the last block is closed.

mod arithmetic;
mod arrays;
mod calls;
mod casts;
mod control;
mod decided;
mod failure;
mod frame;
mod inner;
mod loops;
mod memory;
mod parallel;
mod power;
mod scratch;
mod turns;
mod unary;
mod views;

use std::collections::HashMap;

use brolga_lang::ir::{Block, Expr, ExprKind, FunctionId, Scalar, Statement, Type};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;
use cranelift_module::FuncId;

use crate::error::CodegenError;
use crate::layout::{machine_type, machine_types, scalar_of};
use crate::unit::Unit;

pub(crate) use failure::Element;
pub(crate) use inner::Compiled as InnerLoop;
pub(crate) use loops::{WhileCondition, while_condition};
pub(crate) use memory::element_flags;
pub(crate) use parallel::ParallelBody;

use decided::{Decided, Known};
use failure::Failures;
use frame::Frame;
use scratch::Scratch;

/// Why translation of a part gives no value.
pub(crate) enum Stop {
    /// The end of the part is not reached when it runs.
    Diverged,
    /// It cannot be translated.
    Failed(CodegenError),
}

impl From<CodegenError> for Stop {
    fn from(error: CodegenError) -> Stop {
        Stop::Failed(error)
    }
}

/// The outcome of translating a part.
pub(crate) type Flow<T> = Result<T, Stop>;

fn malformed(what: impl Into<String>) -> Stop {
    Stop::Failed(CodegenError::malformed(what))
}

/// The function in translation.
pub(crate) struct Translator<'a, 'p> {
    /// The object that it belongs to.
    pub unit: &'a mut Unit<'p>,
    /// Where instructions go.
    pub builder: FunctionBuilder<'a>,
    /// The kernel context of the call.
    context: Value,
    /// The function of the program that is translated, below it those it is inlined into.
    frames: Vec<Frame<'p>>,
    failures: Failures,
    /// Variables of the enclosing loops with a value that each of them, as unsigned 64
    /// bits, is below. A variable is a block parameter of its loop, so this holds wherever
    /// it can be used.
    below: Vec<(Value, Value)>,
    /// What conditions have decided about integers.
    decided: Decided,
    /// Whether loops are worth more code, so that they run faster: not where they only do what
    /// a vector loop leaves.
    pub loops_run: bool,
    /// The address of the cancel flag, once a loop needs it.
    cancel: Option<Value>,
    references: HashMap<FuncId, ir::FuncRef>,
    /// The bytes of all stack slots for arrays so far.
    stack_bytes: u64,
    /// The use of the arena for local arrays, once it has begun.
    scratch: Option<Scratch>,
}

/// Translates one machine function: `body` gets the translator and the function's
/// parameters, and must leave no block open. Gives the bytes of stack that arrays take.
pub(crate) fn define<'p>(
    unit: &mut Unit<'p>,
    id: FuncId,
    context_param: usize,
    body: impl FnOnce(&mut Translator<'_, 'p>, &[Value]) -> Flow<()>,
) -> Result<u64, CodegenError> {
    let mut function = unit.new_function(id);
    let mut builder_context = std::mem::take(&mut unit.builder_context);
    let config = unit.frontend_config();
    let mut builder = FunctionBuilder::new(&mut function, &mut builder_context);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let params = builder.block_params(entry).to_vec();
    let mut translator = Translator {
        unit,
        builder,
        context: params[context_param],
        frames: Vec::new(),
        failures: Failures::default(),
        below: Vec::new(),
        decided: Decided::default(),
        loops_run: true,
        cancel: None,
        references: HashMap::new(),
        stack_bytes: 0,
        scratch: None,
    };
    match body(&mut translator, &params) {
        Ok(()) | Err(Stop::Diverged) => {}
        Err(Stop::Failed(error)) => return Err(error),
    }
    translator.define_failures();
    translator.builder.seal_all_blocks();
    let bytes = translator.stack_bytes;
    translator.builder.finalize(config);
    unit.builder_context = builder_context;
    unit.define(id, function, unit.opt);
    Ok(bytes)
}

/// Frames up to this size, in bytes, fit below the stack limit ([`brolga_abi`]'s contexts
/// promise more).
const SMALL_FRAME: u64 = 16 << 10;

/// Translates a function that fails with a status if the stack has no room for the arrays
/// of another, and else is that other. A function's own check would come too late: its frame
/// is made, and touched, before its first instruction.
pub(crate) fn define_guard(
    unit: &mut Unit<'_>,
    id: FuncId,
    guarded: FuncId,
    context_param: usize,
    bytes: u64,
) -> Result<(), CodegenError> {
    define(unit, id, context_param, |translator, params| {
        if bytes > SMALL_FRAME {
            translator.check_room(bytes);
        }
        let guarded = translator.reference(guarded);
        let call = translator.builder.ins().call(guarded, params);
        let status = translator.builder.inst_results(call)[0];
        translator.builder.ins().return_(&[status]);
        Ok(())
    })
    .map(|_| ())
}

/// Translates a function of the program that is compiled on its own.
pub(crate) fn function(
    unit: &mut Unit<'_>,
    function: FunctionId,
    id: FuncId,
) -> Result<(), CodegenError> {
    let inner = unit.guarded(id)?;
    let bytes = define(unit, inner, 0, |translator, params| {
        translator.separate_function(function, params)
    })?;
    match inner == id {
        true => Ok(()),
        false => define_guard(unit, id, inner, 0, bytes),
    }
}

/// Translates the outlined body of a `prange` loop.
pub(crate) fn parallel_body<'p>(
    unit: &mut Unit<'p>,
    body: ParallelBody<'p>,
    id: FuncId,
) -> Result<(), CodegenError> {
    let inner = unit.guarded(id)?;
    let bytes = define(unit, inner, 4, |translator, params| {
        translator.outlined_body(&body, params)
    })?;
    match inner == id {
        true => Ok(()),
        false => define_guard(unit, id, inner, 4, bytes),
    }
}

/// A block where control flow joins, with the parts of a value as parameters.
pub(crate) struct Target {
    block: ir::Block,
    /// How many machine values a jump to it carries. The builder adds parameters of its
    /// own while a block is not sealed.
    width: usize,
    /// Whether a jump to it was emitted.
    reached: bool,
    /// What was known where it was made, from where alone it can be reached.
    known: Known,
}

impl<'p> Translator<'_, 'p> {
    /// A new join point for values of a type.
    fn target(&mut self, ty: &Type) -> Target {
        let block = self.builder.create_block();
        let parts = machine_types(ty);
        for &part in &parts {
            self.builder.append_block_param(block, part);
        }
        Target {
            block,
            width: parts.len(),
            reached: false,
            known: self.decided.mark(),
        }
    }

    /// A new join point without values.
    fn bare_target(&mut self) -> Target {
        self.target(&Type::UNIT)
    }

    /// Ends the block with a jump.
    fn jump(&mut self, block: ir::Block, values: &[Value]) {
        let args: Vec<BlockArg> = values.iter().map(|&value| value.into()).collect();
        self.builder.ins().jump(block, &args);
    }

    /// Takes what a part gave to where it joins.
    fn join(&mut self, target: &mut Target, values: Flow<Vec<Value>>) -> Flow<()> {
        match values {
            Ok(values) => {
                if values.len() != target.width {
                    return Err(malformed("a value of the wrong type reaches a join"));
                }
                self.jump(target.block, &values);
                target.reached = true;
                Ok(())
            }
            Err(Stop::Diverged) => Ok(()),
            Err(failed) => Err(failed),
        }
    }

    /// Goes on at a join point that no further jump reaches.
    fn enter(&mut self, target: &Target) -> Flow<Vec<Value>> {
        self.decided.forget(target.known);
        if !target.reached {
            return Err(Stop::Diverged);
        }
        self.builder.switch_to_block(target.block);
        self.builder.seal_block(target.block);
        Ok(self.builder.block_params(target.block)[..target.width].to_vec())
    }

    /// Goes on in a fresh block that has all its predecessors.
    fn open(&mut self, block: ir::Block) {
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
    }

    /// Translates a block; its bindings end with it.
    fn block(&mut self, block: &'p Block) -> Flow<Vec<Value>> {
        let mark = self.frame().mark();
        let result = self.open_block(block);
        self.frame_mut().release(mark);
        result
    }

    fn open_block(&mut self, block: &'p Block) -> Flow<Vec<Value>> {
        for statement in &block.statements {
            self.statement(statement)?;
        }
        match &block.value {
            Some(value) => self.expr(value),
            None => Ok(Vec::new()),
        }
    }

    fn statement(&mut self, statement: &'p Statement) -> Flow<()> {
        match statement {
            Statement::Assign { .. } => self.assignment(statement),
            Statement::Store {
                view,
                index,
                site,
                value,
            } => self.store_element(*view, index, *site, value),
            Statement::Expr(value) => self.expr(value).map(|_| ()),
        }
    }

    /// Translates an expression that is one machine value.
    fn scalar(&mut self, e: &'p Expr) -> Flow<Value> {
        match self.expr(e)?[..] {
            [value] => Ok(value),
            ref values => Err(malformed(format!(
                "a scalar is needed where {} machine values stand",
                values.len()
            ))),
        }
    }

    /// Translates an expression.
    fn expr(&mut self, e: &'p Expr) -> Flow<Vec<Value>> {
        let one = |value: Flow<Value>| value.map(|value| vec![value]);
        match &e.kind {
            ExprKind::Const(bits) => match &e.ty {
                Type::Scalar(scalar) => one(Ok(self.constant(*scalar, *bits))),
                Type::Tuple(members) if members.is_empty() => Ok(Vec::new()),
                other => Err(malformed(format!("a constant of type {other:?}"))),
            },
            ExprKind::Local(_)
            | ExprKind::Member(..)
            | ExprKind::Index { .. }
            | ExprKind::Global(_) => self.part(e),
            ExprKind::Array(_) | ExprKind::Repeat(_) => self.new_array(e),
            ExprKind::Allocate {
                dims,
                fill,
                too_large,
                no_memory,
            } => self.allocate(&e.ty, dims, fill, *too_large, *no_memory),
            ExprKind::Slice { view, axes } => self.slice(view, axes),
            ExprKind::Permute(view, axes) => self.permute(view, axes),
            ExprKind::Reduce(op, view) => one(self.reduce(*op, view)),
            ExprKind::Dot(a, b) => one(self.dot(a, b)),
            ExprKind::Tuple(members) => {
                let mut values = Vec::new();
                for member in members {
                    values.extend(self.expr(member)?);
                }
                Ok(values)
            }
            ExprKind::Unary(op, value) => {
                let scalar = scalar_of(&value.ty)?;
                let value = self.scalar(value)?;
                one(self.unary(*op, scalar, value))
            }
            ExprKind::Binary(op, lhs, rhs) => one(self.binary(*op, lhs, rhs)),
            ExprKind::Division {
                op,
                lhs,
                rhs,
                by_zero,
                overflow,
            } => one(self.division(*op, lhs, rhs, *by_zero, *overflow)),
            ExprKind::Lazy(..) => one(self.lazy(e)),
            ExprKind::Cast(value) => {
                let from = scalar_of(&value.ty)?;
                let to = scalar_of(&e.ty)?;
                let value = self.scalar(value)?;
                one(self.cast(from, to, value))
            }
            ExprKind::Fma(a, b, c) => {
                let scalar = scalar_of(&e.ty)?;
                let a = self.scalar(a)?;
                let b = self.scalar(b)?;
                let c = self.scalar(c)?;
                one(self.fma(scalar, a, b, c))
            }
            ExprKind::Call(function, arguments) => self.call(*function, arguments),
            ExprKind::Load { view, index, site } => self.load_element(*view, index, *site),
            ExprKind::Dim(view, axis) => one(self.dim(*view, *axis)),
            ExprKind::If(condition, then, otherwise) => {
                self.conditional(&e.ty, condition, then, otherwise)
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::Loop(id, body) => self.endless(*id, &e.ty, body),
            ExprKind::For(range) => match &range.parallel {
                None => self.counted(range).map(|()| Vec::new()),
                Some(parallel) => self.prange(range, parallel).map(|()| Vec::new()),
            },
            ExprKind::Labelled(id, body) => self.labelled(*id, &e.ty, body),
            ExprKind::Break(id, value) => self.leave(*id, value.as_deref()),
            ExprKind::Continue(id) => self.proceed(*id),
            ExprKind::Return(value) => self.give(value.as_deref()),
            ExprKind::Panic(site) => Err(self.panic(*site)),
        }
    }

    /// A constant from its bits.
    fn constant(&mut self, scalar: Scalar, bits: u64) -> Value {
        match scalar {
            Scalar::F32 => self
                .builder
                .ins()
                .f32const(ir::immediates::Ieee32::with_bits(bits as u32)),
            Scalar::F64 => self
                .builder
                .ins()
                .f64const(ir::immediates::Ieee64::with_bits(bits)),
            _ => {
                let masked = bits & (u64::MAX >> (64 - scalar.bits()));
                let ty = machine_type(scalar);
                self.builder.ins().iconst(ty, masked as i64)
            }
        }
    }

    /// A 64-bit constant.
    fn word(&mut self, value: u64) -> Value {
        self.builder.ins().iconst(types::I64, value as i64)
    }

    /// The bits of an integer constant, if `value` is one.
    fn constant_bits(&self, value: Value) -> Option<u64> {
        let dfg = &self.builder.func.dfg;
        let ir::ValueDef::Result(inst, _) = dfg.value_def(dfg.resolve_aliases(value)) else {
            return None;
        };
        match dfg.insts[inst] {
            ir::InstructionData::UnaryImm {
                opcode: ir::Opcode::Iconst,
                imm,
            } => Some(imm.bits() as u64),
            _ => None,
        }
    }

    /// Calls an NRT function with one result.
    fn call_nrt(&mut self, name: &str, args: &[Value]) -> Flow<Value> {
        let id = self.unit.import(name)?;
        let reference = self.reference(id);
        let call = self.builder.ins().call(reference, args);
        match self.builder.inst_results(call) {
            [value] => Ok(*value),
            _ => Err(malformed(format!("`{name}` has no single result"))),
        }
    }

    fn reference(&mut self, id: FuncId) -> ir::FuncRef {
        let (unit, function) = (&mut *self.unit, &mut *self.builder.func);
        *self
            .references
            .entry(id)
            .or_insert_with(|| unit.reference(id, function))
    }
}
