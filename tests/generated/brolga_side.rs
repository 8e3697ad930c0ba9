//! Brolga's side: the kernels as ufuncs under one compiler setting.

use brolga::{
    ArrayBuffer, DType, ErrorKind, ErrorLocation, Mode, Module, Operand, Runtime, Switches,
    TargetSpec, UFunc,
};
use brolga::{Kernels, Opt};

use super::node::Kernel;
use super::rustc_side::{Row, text};

/// The compiler settings that take turns: the machine's own; scalar code without the optimiser;
/// SSE2 alone; no fused multiply-add.
pub fn runtimes() -> Vec<Runtime> {
    let plain = Switches::default;
    let scalar = Switches {
        opt: Opt::None,
        vectorise: false,
        ..plain()
    };
    [
        (TargetSpec::host(), plain()),
        (TargetSpec::host(), scalar),
        (TargetSpec::baseline(), plain()),
        (TargetSpec::host().without("has_fma"), plain()),
    ]
    .into_iter()
    .map(|(target, switches)| {
        Runtime::builder()
            .cache_mode(Mode::Off)
            .threads(1)
            .target(target)
            .switches(Switches {
                verify: true,
                ..switches
            })
            .build()
            .expect("a runtime")
    })
    .collect()
}

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

fn call(
    ufunc: &UFunc,
    kernel: &Kernel,
    rows: &[&Vec<u64>],
) -> Result<Vec<Vec<u64>>, brolga::Error> {
    let columns: Vec<ArrayBuffer> = kernel
        .params
        .iter()
        .enumerate()
        .map(|(p, param)| buffer(param.scalar().dtype(), rows.iter().map(|row| row[p])))
        .collect();
    let operands: Vec<Operand<'_>> = columns.iter().map(|c| c.view().into()).collect();
    let outputs = ufunc.call(&operands)?;
    Ok((0..kernel.results.len())
        .filter_map(|k| outputs.get(k))
        .map(words)
        .collect())
}

/// Whether the ufunc gives what rustc's version gave; else how not.
pub fn check(
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
    let outputs = call(ufunc, kernel, &fine)
        .map_err(|e| format!("rustc's version is fine, Brolga's fails: {e}"))?;
    for (column, (output, ty)) in outputs.iter().zip(&kernel.results).enumerate() {
        for ((row, left), right) in fine.iter().zip(output).zip(&wanted) {
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
    let Some(first) = expected.iter().position(Result::is_err) else {
        return Ok(());
    };
    let all: Vec<&Vec<u64>> = rows.iter().collect();
    match call(ufunc, kernel, &all) {
        Err(e) if *e.location() == ErrorLocation::Element([first].as_slice().into()) => {}
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
        let error = match call(ufunc, kernel, &[row]) {
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
