//! The exported entry point: the loop over elements around the kernel function, by NumPy's
//! inner-loop convention ([`brolga_abi::KernelFn`]). Elements are at any byte step.
//! Where the kernel has a vector loop ([`crate::vector`]), that goes first and this loop does
//! the rest.
//!
//! Invariant: elements are computed in order, each stored before the next begins, so that a
//! failure is that of the first failing element and all before it are done.

use std::time::Instant;

use brolga_lang::ir::{Element as Kind, FunctionId, Operand, Scalar, Type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};
use cranelift_module::FuncId;

use crate::error::CodegenError;
use crate::layout::WORD;
use crate::switches::Opt;
use crate::translate::{self, Element, Flow, Stop, Translator};
use crate::unit::Unit;
use crate::vector;

/// Defines the entry point and gives its symbol.
pub(crate) fn define(unit: &mut Unit<'_>, name: &str) -> Result<String, CodegenError> {
    check(unit)?;
    let symbol = symbol(name);
    let signature = unit.signature(&[WORD; 4], &[types::I32]);
    let id = unit.declare_entry(&symbol, &signature)?;
    let vector_loop = vector_loop(unit)?;
    let inner = unit.guarded(id)?;
    let bytes = translate::define(unit, inner, 3, |translator, params| {
        let &[args, dims, steps, _] = params else {
            return Err(CodegenError::malformed("an entry with the wrong signature").into());
        };
        body(translator, args, dims, steps, vector_loop)
    })?;
    if inner != id {
        translate::define_guard(unit, id, inner, 3, bytes)?;
    }
    Ok(symbol)
}

/// Defines the vector loop where there can be one, and reports which loops there are.
fn vector_loop(unit: &mut Unit<'_>) -> Result<Option<FuncId>, CodegenError> {
    let program = unit.program;
    if !program.entry.looped {
        unit.loops.once();
        return Ok(None);
    }
    let start = Instant::now();
    let strip = unit.vector_loop.clone().and_then(|emit| {
        vector::try_vectorise(program, unit.vector_features)
            .map(|mut strip| {
                vector::add_versions(&mut strip, program, unit.vector_features);
                (strip, emit)
            })
            .map_err(|why| why.to_string())
    });
    unit.timings.vector += start.elapsed();
    match strip {
        Ok((strip, emit)) => {
            let id = unit.declare_local("vector_", &vector::signature())?;
            let mut function = unit.new_function(id);
            emit(&strip, &mut function, unit)?;
            unit.define(id, function, Opt::None);
            unit.loops.elements(Ok(&strip));
            Ok(Some(id))
        }
        Err(why) => {
            unit.loops.elements(Err(why));
            Ok(None)
        }
    }
}

/// The symbol of a kernel's entry: its name with everything that is not a letter, a digit
/// or `_` replaced.
fn symbol(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("brolga_{}", name.chars().map(plain).collect::<String>())
}

/// Checks the entry's description against the kernel function.
fn check(unit: &Unit<'_>) -> Result<(), CodegenError> {
    let entry = &unit.program.entry;
    let function = &unit.program.functions[0];
    if entry.params.len() != function.params.len() {
        return Err(CodegenError::malformed(format!(
            "the entry has {} parameters, its function {}",
            entry.params.len(),
            function.params.len()
        )));
    }
    for (operand, param) in entry.params.iter().zip(&function.params) {
        let expected = match &operand.ty {
            Type::Scalar(_) => 0,
            Type::View(view) => usize::from(view.ndim),
            Type::Tuple(parts) if complex_part(parts).is_some() => 0,
            Type::Tuple(_) | Type::Array(..) | Type::Never => usize::MAX,
        };
        let known = operand.core.iter().all(|&core| core < entry.core_dims);
        let local = function.locals.get(param.0 as usize);
        if operand.core.len() != expected || !known || local.map(|l| &l.ty) != Some(&operand.ty) {
            return Err(CodegenError::malformed(format!(
                "the entry's operand {operand:?} does not fit its parameter"
            )));
        }
    }
    let parts = entry
        .results
        .iter()
        .flat_map(|e| crate::layout::machine_types(&e.ty()));
    if function.result != Type::Never && !parts.eq(crate::layout::machine_types(&function.result)) {
        return Err(CodegenError::malformed(
            "the entry's results are not those of its function",
        ));
    }
    Ok(())
}

/// The type of the parts of a complex number.
fn complex_part(parts: &[Type]) -> Option<Scalar> {
    match parts {
        [Type::Scalar(re), Type::Scalar(im)] if re == im && re.is_float() => Some(*re),
        _ => None,
    }
}

/// What the loop over elements keeps of one operand.
struct Access {
    /// The outer step, in bytes.
    step: Value,
    /// Lengths, then strides of the core axes.
    axes: Vec<Value>,
}

fn body(
    t: &mut Translator<'_, '_>,
    args: Value,
    dims: Value,
    steps: Value,
    vector_loop: Option<FuncId>,
) -> Flow<()> {
    if t.unit.plan.allocates[0] {
        t.begin_scratch()?;
    }
    let program = t.unit.program;
    let entry = &program.entry;
    let operands = entry.params.len() + entry.results.len();
    let core_dims = core_dims(t, dims);
    let mut pointers = Vec::with_capacity(operands);
    let mut accesses = Vec::with_capacity(operands);
    let mut next_stride = operands;
    for k in 0..operands {
        pointers.push(load_word(t, args, k));
        let core: &[usize] = entry.params.get(k).map_or(&[], |operand| &operand.core);
        let mut axes: Vec<Value> = core.iter().map(|&dim| core_dims[dim]).collect();
        for _ in core {
            axes.push(load_word(t, steps, next_stride));
            next_stride += 1;
        }
        accesses.push(Access {
            step: load_word(t, steps, k),
            axes,
        });
    }
    if t.unit.plan.endless[0] {
        t.find_cancel_flag();
    }
    if !entry.looped {
        element(t, &entry.params, &pointers, &accesses)?;
        t.return_ok();
        return Ok(());
    }
    let length = load_word(t, dims, 0);
    let header = t.builder.create_block();
    let exit = t.builder.create_block();
    let index = t.builder.append_block_param(header, types::I64);
    let moving: Vec<Value> = pointers
        .iter()
        .map(|_| t.builder.append_block_param(header, types::I64))
        .collect();
    t.loops_run = vector_loop.is_none();
    let (first, left) = match vector_loop {
        Some(id) => {
            let function = t.unit.reference(id, t.builder.func);
            let globals = t.globals();
            let cancel = t.cancel_flag().unwrap_or(globals);
            let call = t
                .builder
                .ins()
                .call(function, &[args, length, steps, globals, cancel]);
            let done = t.builder.inst_results(call)[0];
            for (pointer, access) in pointers.iter_mut().zip(&accesses) {
                let offset = t.builder.ins().imul(done, access.step);
                *pointer = t.builder.ins().iadd(*pointer, offset);
            }
            (done, t.builder.ins().isub(length, done))
        }
        None => (t.builder.ins().iconst(types::I64, 0), length),
    };
    let mut initial = vec![BlockArg::from(first)];
    initial.extend(pointers.iter().map(|&pointer| BlockArg::from(pointer)));
    t.builder.ins().brif(left, header, &initial, exit, &[]);
    t.builder.switch_to_block(header);
    t.set_element(Element::Position(index));
    match element(t, &entry.params, &moving, &accesses) {
        Ok(()) => {
            let next = t.builder.ins().iadd_imm_u(index, 1);
            let mut following = vec![BlockArg::from(next)];
            for (&pointer, access) in moving.iter().zip(&accesses) {
                let moved = t.builder.ins().iadd(pointer, access.step);
                following.push(BlockArg::from(moved));
            }
            let more = t.builder.ins().icmp(IntCC::NotEqual, next, length);
            t.builder.ins().brif(more, header, &following, exit, &[]);
        }
        Err(Stop::Diverged) => {}
        Err(failed) => return Err(failed),
    }
    t.builder.seal_block(header);
    t.builder.switch_to_block(exit);
    t.builder.seal_block(exit);
    t.return_ok();
    Ok(())
}

/// The core dimensions: constants where their size is fixed.
fn core_dims(t: &mut Translator<'_, '_>, dims: Value) -> Vec<Value> {
    let entry = &t.unit.program.entry;
    (0..entry.core_dims)
        .map(|k| {
            let fixed = entry.fixed_dims.iter().find(|(number, _)| *number == k);
            match fixed {
                Some((_, size)) => t.builder.ins().iconst(types::I64, *size as i64),
                None => load_word(t, dims, 1 + k),
            }
        })
        .collect()
}

fn load_word(t: &mut Translator<'_, '_>, table: Value, k: usize) -> Value {
    // Not `readonly`: such loads are moved to their uses, into the innermost loops.
    let flags = MemFlagsData::trusted();
    t.builder.ins().load(types::I64, flags, table, 8 * k as i32)
}

/// One element: parameters in, the kernel function, results out.
fn element(
    t: &mut Translator<'_, '_>,
    params: &[Operand],
    pointers: &[Value],
    accesses: &[Access],
) -> Flow<()> {
    let mut values = Vec::with_capacity(params.len());
    for (k, operand) in params.iter().enumerate() {
        values.push(match &operand.ty {
            Type::Scalar(scalar) => t.load_operand(Kind::Scalar(*scalar), pointers[k]),
            Type::Tuple(parts) => match complex_part(parts) {
                Some(part) => t.load_operand(Kind::Complex(part), pointers[k]),
                None => return Err(CodegenError::malformed("a tuple as an operand").into()),
            },
            _ => {
                let mut parts = vec![pointers[k]];
                parts.extend(&accesses[k].axes);
                parts
            }
        });
    }
    let results = t.call_with(FunctionId(0), values)?;
    let mut values = &results[..];
    let stored = &t.unit.program.entry.results;
    for (&result, &pointer) in stored.iter().zip(&pointers[params.len()..]) {
        let parts = crate::layout::width(&result.ty()).min(values.len());
        let (value, rest) = values.split_at(parts);
        t.store_operand(result, pointer, value)?;
        values = rest;
    }
    Ok(())
}
