//! Whole programs: the entry, the functions, and which calls which.

use super::arrays::holds_no_view;
use super::control::complex_part;
use super::{Result, State, Verifier, demand};
use crate::ir::{Element, ExprKind, Function, LocalId, Program, Type};
use crate::walk;

/// The longest message, in bytes; expressions in it may be large.
const MAX_MESSAGE: usize = 1000;

/// Checks every invariant of [`crate::ir`].
///
/// # Errors
/// The first violation, with the function that it is in.
pub fn verify(program: &Program) -> std::result::Result<(), String> {
    entry(program).map_err(|message| format!("entry: {message}"))?;
    globals(program)?;
    for (number, function) in program.functions.iter().enumerate() {
        verify_function(program, function).map_err(|mut message| {
            message.truncate(message.floor_char_boundary(MAX_MESSAGE));
            format!("function {number} ({}): {message}", function.name.0)
        })?;
    }
    calls(program)
}

fn entry(program: &Program) -> Result {
    let Some(kernel) = program.functions.first() else {
        return Err("there is no function".to_string());
    };
    let entry = &program.entry;
    demand(entry.params.len() == kernel.params.len(), || {
        format!(
            "{} operands for {} parameters",
            entry.params.len(),
            kernel.params.len()
        )
    })?;
    for (number, (operand, param)) in entry.params.iter().zip(&kernel.params).enumerate() {
        let declared = kernel.locals.get(param.0 as usize).map(|local| &local.ty);
        demand(declared == Some(&operand.ty), || {
            format!("operand {number} is {}, its parameter is not", operand.ty)
        })?;
        let axes = match &operand.ty {
            Type::Scalar(_) => 0,
            Type::View(view) => usize::from(view.ndim),
            Type::Tuple(parts) if complex_part(parts).is_some() => 0,
            other => return Err(format!("operand {number} has the type {other}")),
        };
        demand(operand.core.len() == axes, || {
            format!(
                "operand {number} has {} core dimensions for {axes} axes",
                operand.core.len()
            )
        })?;
        demand(
            operand.core.iter().all(|&dim| dim < entry.core_dims),
            || format!("operand {number} names an unknown core dimension"),
        )?;
    }
    for (number, (dim, _)) in entry.fixed_dims.iter().enumerate() {
        let again = entry.fixed_dims[..number].iter().any(|(d, _)| d == dim);
        demand(*dim < entry.core_dims && !again, || {
            format!("fixed dimension {dim} is unknown or given twice")
        })?;
    }
    demand(result_fits(&kernel.result, &entry.results), || {
        format!(
            "the results {:?} of a function that gives {}",
            entry.results, kernel.result
        )
    })
}

/// Globals can lie in memory, and their defaults have one value for each scalar.
fn globals(program: &Program) -> Result {
    for (number, global) in program.globals.iter().enumerate() {
        demand(holds_no_view(&global.ty), || {
            format!("global {number} has the type {}", global.ty)
        })?;
        let scalars = scalar_count(&global.ty);
        demand(scalars == global.default.0.len() as u64, || {
            format!(
                "global {number} of {scalars} scalars has a default of {}",
                global.default.0.len()
            )
        })?;
        let again = program.globals[..number]
            .iter()
            .any(|g| g.name == global.name);
        demand(!again, || {
            format!("global {number} has the name of another")
        })?;
    }
    Ok(())
}

fn scalar_count(ty: &Type) -> u64 {
    match ty {
        Type::Tuple(parts) => parts
            .iter()
            .fold(0, |sum: u64, part| sum.saturating_add(scalar_count(part))),
        Type::Array(element, length) => scalar_count(element).saturating_mul(u64::from(*length)),
        _ => 1,
    }
}

/// Whether a function's result is what the entry stores. A tuple of two equal floats may be
/// one complex number or two results, at any place.
fn result_fits(result: &Type, stored: &[Element]) -> bool {
    match result {
        Type::Never => true,
        one if stored.len() == 1 && stored[0].ty() == *one => true,
        Type::Tuple(parts) => stored.iter().map(|e| e.ty()).eq(parts.iter().cloned()),
        _ => false,
    }
}

fn verify_function(program: &Program, function: &Function) -> Result {
    for (number, param) in function.params.iter().enumerate() {
        demand(*param == LocalId(number as u32), || {
            format!("parameter {number} is local {}", param.0)
        })?;
    }
    demand(function.params.len() <= function.locals.len(), || {
        "more parameters than locals".to_string()
    })?;
    for (number, local) in function.locals.iter().enumerate() {
        demand(storable(&local.ty), || {
            format!("local {number} has the type {}", local.ty)
        })?;
    }
    let mut initialised = vec![false; function.locals.len()];
    initialised[..function.params.len()].fill(true);
    let mut verifier = Verifier {
        program,
        function,
        state: State {
            reached: true,
            initialised,
        },
        enclosing: Vec::new(),
        loops: Vec::new(),
        parallel: Vec::new(),
        updating: None,
    };
    verifier.block(&function.body, &function.result)
}

/// Whether a variable can hold it.
fn storable(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::View(view) => view.ndim <= 6,
        Type::Tuple(parts) => parts.iter().all(storable),
        Type::Array(element, _) => holds_no_view(element),
        Type::Never => false,
    }
}

/// Every function is reached from the first one, and `recursive` says the truth.
fn calls(program: &Program) -> Result {
    let callees: Vec<Vec<usize>> = program
        .functions
        .iter()
        .map(|function| {
            let mut found = Vec::new();
            walk::each(&function.body, &mut |_| {}, &mut |e| {
                if let ExprKind::Call(number, _) = &e.kind {
                    found.push(number.0 as usize);
                }
            });
            found
        })
        .collect();
    let reach = |from: &[usize]| {
        let mut reached = vec![false; callees.len()];
        let mut open = from.to_vec();
        while let Some(number) = open.pop() {
            if !std::mem::replace(&mut reached[number], true) {
                open.extend(&callees[number]);
            }
        }
        reached
    };
    let reached = reach(&[0]);
    for (number, function) in program.functions.iter().enumerate() {
        demand(reached[number], || {
            format!("function {number} is never called")
        })?;
        let recursive = reach(&callees[number])[number];
        demand(recursive == function.recursive, || {
            format!(
                "function {number} is marked as recursive: {}, but it is: {recursive}",
                function.recursive
            )
        })?;
    }
    Ok(())
}
