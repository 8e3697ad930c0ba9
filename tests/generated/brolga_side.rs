//! Brolga's side: the kernels as ufuncs under one combination of settings.

use brolga::{
    ArrayBuffer, CallOptions, DType, ErrorKind, ErrorLocation, Kernels, Module, Operand, RawView,
    Runtime, UFunc,
};

use super::combinations::{Combination, Loops};
use super::node::Kernel;
use super::rustc_side::{Row, text};

/// One kernel in a module of its own, placed so that its lines are those of rustc's text.
pub fn module(runtime: &Runtime, kernels: &[Kernel], number: usize) -> Module {
    let before = text("", "", &kernels[..number]).lines().count();
    let own = text(
        "use brolga::prelude::*;",
        "#[vectorize]",
        &kernels[number..=number],
    );
    let text = format!("{}{own}", "\n".repeat(before - 1));
    runtime.load_str("kernels.rs", &text)
}

fn buffer(dtype: DType, words: impl ExactSizeIterator<Item = u64>) -> ArrayBuffer {
    let mut buffer = ArrayBuffer::zeros(dtype, &[words.len()]).expect("a small array");
    let view = buffer.view_mut();
    for (k, word) in words.enumerate() {
        // SAFETY: the buffer has as many elements as there are words.
        unsafe {
            view.ptr()
                .add(k * dtype.size())
                .copy_from_nonoverlapping(word.to_le_bytes().as_ptr(), dtype.size());
        }
    }
    buffer
}

fn words(buffer: &ArrayBuffer) -> Vec<u64> {
    let size = buffer.dtype().size();
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..size].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    buffer.as_bytes().chunks_exact(size).map(word).collect()
}

/// Below this many elements a call runs on one thread, whatever the kernel.
const ELEMENTS_FOR_THREADS: usize = 100_000;

/// The results of a call: the columns, each with all rows as often as `again` says.
fn call(
    (combination, runtime): (Combination, &Runtime),
    ufunc: &UFunc,
    kernel: &Kernel,
    rows: &[&Vec<u64>],
    again: usize,
) -> Result<Vec<Vec<u64>>, brolga::Error> {
    let columns: Vec<ArrayBuffer> = kernel
        .params
        .iter()
        .enumerate()
        .map(|(p, param)| buffer(param.scalar().dtype(), rows.iter().map(|row| row[p])))
        .collect();
    let view = |column: &'_ ArrayBuffer| {
        let (dtype, shape) = (column.dtype(), [again, rows.len()]);
        let strides = [0, dtype.size() as isize];
        // SAFETY: the buffer has an element for each row; the outer axis stays where it is. The
        // view lives no longer than the buffers.
        unsafe { RawView::new(column.view().ptr(), dtype, &shape, &strides) }
    };
    let operands: Vec<Operand<'_>> = columns.iter().map(|c| view(c).into()).collect();
    let options = CallOptions::new();
    let options = options.target(combination.target()).pool(runtime.pool());
    let outputs = ufunc.call_with(&operands, options)?;
    Ok((0..kernel.results.len())
        .filter_map(|k| outputs.get(k))
        .map(words)
        .collect())
}

/// Whether the ufunc gives what rustc's version gave; else how not.
pub fn check(
    under: (Combination, &Runtime),
    ufunc: &UFunc,
    kernel: &Kernel,
    rows: &[Vec<u64>],
    expected: &[Row],
) -> Result<(), String> {
    let (mut fine, mut wanted) = (Vec::new(), Vec::new());
    for (row, expected) in rows.iter().zip(expected) {
        if let Ok(results) = expected {
            fine.push(row);
            wanted.push(results);
        }
    }
    // Threads get work only from many elements: the rows again and again.
    let again = match under.0.loops {
        Loops::Parallel if !fine.is_empty() && !kernel.params.is_empty() => {
            ELEMENTS_FOR_THREADS.div_ceil(fine.len())
        }
        _ => 1,
    };
    let outputs = call(under, ufunc, kernel, &fine, again)
        .map_err(|e| format!("rustc's version is fine, Brolga's fails: {e}"))?;
    for (column, (output, ty)) in outputs.iter().zip(&kernel.results).enumerate() {
        let first = &output[..fine.len().min(output.len())];
        for round in output.chunks(fine.len().max(1)) {
            // What is the same as in the first round was compared there.
            if round == first && !std::ptr::eq(round, first) {
                continue;
            }
            for ((row, left), right) in fine.iter().zip(round).zip(&wanted) {
                let right = right[column];
                if !kernel
                    .agreement
                    .holds(ty.dtype(), (*left).into(), right.into())
                {
                    return Err(format!(
                        "{row:#x?}: result {column} is {left:#x}, rustc's {right:#x}"
                    ));
                }
            }
        }
    }
    let Some(first) = expected.iter().position(Result::is_err) else {
        return Ok(());
    };
    let all: Vec<&Vec<u64>> = rows.iter().collect();
    match call(under, ufunc, kernel, &all, 1) {
        Err(e) if *e.location() == ErrorLocation::Element([0, first].as_slice().into()) => {}
        other => {
            return Err(format!(
                "row {first} is the first to panic, Brolga: {other:?}"
            ));
        }
    }
    for (row, panic) in rows.iter().zip(expected) {
        let Err((line, message)) = panic else {
            continue;
        };
        let error = match call(under, ufunc, kernel, &[row], 1) {
            Err(error) if error.kind() == ErrorKind::KernelPanic => error,
            other => return Err(format!("{row:#x?} panics ({message}), Brolga: {other:?}")),
        };
        let site = error.site().ok_or("the error has no site")?;
        let text = site.kind.to_string();
        let first_line = text.lines().next().unwrap_or_default();
        // Panics inside of std have no line of the kernel.
        // Brolga's word for all views; ndarray's has the numbers where it is not optimised.
        let of_a_view =
            first_line == "index out of bounds" && message.starts_with("ndarray: index");
        if !(message.starts_with(first_line) || of_a_view) || (*line != 0 && *line != site.line) {
            return Err(format!(
                "{row:#x?}: rustc says {message:?} in line {line}, Brolga {text:?} in line {}",
                site.line
            ));
        }
    }
    Ok(())
}

/// The ufunc of a kernel, compiled.
pub fn ufunc(module: &Module, kernel: &Kernel) -> Result<UFunc, String> {
    let ufunc = module.ufunc(&kernel.name).map_err(|e| e.to_string())?;
    Ok(ufunc)
}
