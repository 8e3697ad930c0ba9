//! Compiles and calls the corpus without catching panics: built with `panic = "abort"`, the first
//! panic of the compiler ends the program, so that nothing hides an operation that the vector loop
//! should not have let through. Not a comparison with rustc: that is tests/oracle.rs, which needs
//! unwinding, as libtest does.
//!
//! `cargo rustc --example compile_corpus -- -C panic=abort`, then
//! `target/debug/examples/compile_corpus`: only this program is built anew, the libraries are those
//! of the tests. Which panic runtime is linked decides what a panic does, wherever it begins.

#[path = "../common/combinations.rs"]
#[allow(dead_code, reason = "this program takes no part of the combinations")]
mod combinations;

use brolga::{ArrayBuffer, CallOptions, DType, ErrorKind, Kernels, Module, Operand};
use brolga_oracle::values::{self, Random};
use brolga_oracle::{Access, Case, CaseKind, Word, cases, source};

use combinations::{COUNT, Combination, Loops, Runtimes};

fn main() {
    if cfg!(panic = "unwind") {
        eprintln!("built to unwind: panics of the compiler would be caught");
        std::process::exit(2);
    }
    let runtimes = Runtimes::default();
    let settings: Vec<usize> = (0..COUNT)
        .filter(|&number| Combination::new(number).loops == Loops::Vector)
        .collect();
    let (mut compiled, mut wrong) = (0, 0);
    for (number, case) in cases().iter().enumerate() {
        for &setting in &settings {
            let module = runtimes.of(setting).load_str(case.file, source(case.file));
            match call(&module, case, number as u64) {
                Ok(()) => {}
                // The kernel's own, on some operands.
                Err(error) if error.kind() == ErrorKind::KernelPanic => {}
                Err(error) => {
                    eprintln!("{case} ({}): {error}", Combination::new(setting));
                    wrong += 1;
                }
            }
            compiled += 1;
        }
    }
    println!("{compiled} kernels compiled and called, {wrong} errors");
    if wrong > 0 {
        std::process::exit(1);
    }
}

/// An array of these elements.
fn buffer(dtype: DType, shape: &[usize], words: &[Word]) -> ArrayBuffer {
    let mut buffer = ArrayBuffer::zeros(dtype, shape).expect("a small array");
    let (view, size) = (buffer.view_mut(), dtype.size());
    for (k, word) in words.iter().enumerate() {
        // SAFETY: the buffer has as many elements as there are words.
        unsafe {
            let element = view.ptr().add(k * size);
            element.copy_from_nonoverlapping(word.to_le_bytes().as_ptr(), size);
        }
    }
    buffer
}

/// Compiles a case, and calls it on a few operands.
fn call(module: &Module, case: &Case, seed: u64) -> Result<(), brolga::Error> {
    if case.kind == CaseKind::Vectorize {
        let rows = values::rows(case, 70, seed);
        let column = |p: usize| {
            let words: Vec<Word> = rows.iter().map(|row| row[p]).collect();
            buffer(case.params[p].dtype, &[rows.len()], &words)
        };
        let columns: Vec<ArrayBuffer> = (0..case.params.len()).map(column).collect();
        let operands: Vec<Operand<'_>> = columns.iter().map(|c| c.view().into()).collect();
        return module.ufunc(case.function)?.call(&operands).map(|_| ());
    }
    let mut random = Random::new(seed);
    let shapes = case.shapes(|_| 17);
    let made = |(p, shape): (usize, &Vec<usize>)| {
        let words = values::elements(case, p, shape.iter().product(), &mut random);
        buffer(case.params[p].dtype, shape, &words)
    };
    let mut buffers: Vec<ArrayBuffer> = shapes.iter().enumerate().map(made).collect();
    let inputs = match case.kind {
        CaseKind::Guvectorize => case.signature.inputs.len(),
        CaseKind::Vectorize | CaseKind::Jit => buffers.len(),
    };
    let (inputs, outputs) = buffers.split_at_mut(inputs);
    let mut operands: Vec<Operand<'_>> = inputs
        .iter_mut()
        .zip(&case.params)
        .map(|(buffer, param)| match param.access {
            Access::ViewMut => Operand::ViewMut(buffer.view_mut()),
            Access::Scalar | Access::View => Operand::View(buffer.view()),
        })
        .collect();
    let mut options = CallOptions::new();
    for output in outputs {
        options = options.output(output.view_mut());
    }
    match case.kind {
        CaseKind::Guvectorize => module
            .gufunc(case.function)?
            .call_with(&mut operands, options),
        CaseKind::Vectorize | CaseKind::Jit => {
            module.jit(case.function)?.call_with(&mut operands, options)
        }
    }
    .map(|_| ())
}
