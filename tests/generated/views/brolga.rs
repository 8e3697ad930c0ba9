//! Brolga's side: the kernels under one combination of settings, on operands of some layout.

use brolga::{
    CallOptions, DType, Error, ErrorKind, GUFunc, JitFunction, Kernels, Module, Operand, RawView,
    RawViewMut, Runtime,
};

use super::super::combinations::Combination;
use super::inputs::{Call, Layout};
use super::kernel::{Kind, Param, ViewKernel};
use super::rustc::{Given, text};

/// One kernel in a module of its own, placed so that its lines are those of rustc's text.
pub fn module(runtime: &Runtime, kernels: &[ViewKernel], number: usize) -> Module {
    let attribute = |kernel: &ViewKernel| kernel.attribute();
    let before = text("", &attribute, &kernels[..number]).lines().count();
    let own = &kernels[number..=number];
    let own = text("use brolga::prelude::*;", &attribute, own);
    runtime.load_str("kernels.rs", &format!("{}{own}", "\n".repeat(before - 1)))
}

/// What is called.
pub enum Function {
    Guvectorize(GUFunc),
    Jit(JitFunction),
}

/// The function of a kernel, compiled.
pub fn function(module: &Module, kernel: &ViewKernel) -> Result<Function, String> {
    let name = &kernel.kernel.name;
    let function = match kernel.kind {
        Kind::Guvectorize => module.gufunc(name).map(Function::Guvectorize),
        Kind::Jit => module.jit(name).map(Function::Jit),
    };
    function.map_err(|e| e.to_string())
}

/// An operand in memory, with elements before, between and behind that nobody may write.
struct Memory {
    dtype: DType,
    bytes: Vec<u64>,
    shape: Vec<usize>,
    /// Where each element lies, in C order, in bytes.
    offsets: Vec<usize>,
    first: usize,
    strides: Vec<isize>,
}

/// How many bytes before and behind the elements nobody may write.
const FENCE: usize = 64;
const UNTOUCHED: u8 = 0xa5;

impl Memory {
    fn new(param: &Param, shape: &[usize], words: &[u64], layout: Layout) -> Memory {
        let dtype = param.scalar.dtype();
        let (size, first, strides) = layout.of(shape);
        let bytes = (size * dtype.size()).next_multiple_of(8) + 2 * FENCE;
        let first = FENCE + first * dtype.size();
        let strides: Vec<isize> = strides.iter().map(|s| s * dtype.size() as isize).collect();
        let offset = |mut number: usize| {
            let mut at = first as isize;
            for (&length, &stride) in shape.iter().zip(&strides).rev() {
                at += (number % length) as isize * stride;
                number /= length;
            }
            at as usize
        };
        let offsets = (0..words.len()).map(offset).collect();
        let mut memory = Memory {
            dtype,
            bytes: vec![u64::from_ne_bytes([UNTOUCHED; 8]); bytes / 8],
            shape: shape.to_vec(),
            offsets,
            first,
            strides,
        };
        for (k, word) in words.iter().enumerate() {
            let at = memory.offsets[k];
            memory.as_bytes_mut()[at..at + dtype.size()]
                .copy_from_slice(&word.to_le_bytes()[..dtype.size()]);
        }
        memory
    }

    fn as_bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: any bytes are valid words and the other way round.
        unsafe { self.bytes.align_to_mut::<u8>().1 }
    }

    fn as_bytes(&self) -> &[u8] {
        // SAFETY: as above.
        unsafe { self.bytes.align_to::<u8>().1 }
    }

    fn view(&self) -> RawView<'_> {
        // SAFETY: the strides lead from the first element to those of `offsets`, all in `bytes`.
        unsafe {
            let first = self.bytes.as_ptr().cast::<u8>().add(self.first);
            RawView::new(first, self.dtype, &self.shape, &self.strides)
        }
    }

    fn view_mut(&mut self) -> RawViewMut<'_> {
        // SAFETY: as above, and the memory is borrowed uniquely.
        unsafe {
            let first = self.bytes.as_mut_ptr().cast::<u8>().add(self.first);
            RawViewMut::new(first, self.dtype, &self.shape, &self.strides)
        }
    }

    fn words(&self) -> Vec<u64> {
        let word = |&at: &usize| word(&self.as_bytes()[at..at + self.dtype.size()]);
        self.offsets.iter().map(word).collect()
    }

    /// Whether all that is no element is as it was.
    fn is_whole(&self) -> bool {
        let mut bytes = self.as_bytes().to_vec();
        for &at in &self.offsets {
            bytes[at..at + self.dtype.size()].fill(UNTOUCHED);
        }
        bytes.iter().all(|&byte| byte == UNTOUCHED)
    }
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// What a call gives: the results or the error, and the elements of mutable views after it.
struct Outcome {
    results: Result<Vec<u64>, Error>,
    written: Vec<Vec<u64>>,
}

fn call(
    (combination, runtime): (Combination, &Runtime),
    function: &Function,
    kernel: &ViewKernel,
    call: &Call,
    layouts: &[Layout],
) -> Result<Outcome, String> {
    let params = kernel.params();
    let mut memories: Vec<Memory> = params
        .iter()
        .enumerate()
        .map(|(k, param)| Memory::new(param, &call.shapes[k], &call.words[k], layouts[k]))
        .collect();
    let mut options = CallOptions::new().pool(runtime.pool());
    let mut operands: Vec<Operand<'_>> = Vec::new();
    for (memory, param) in memories.iter_mut().zip(&params) {
        if !param.mutable {
            operands.push(memory.view().into());
        } else if kernel.kind == Kind::Jit {
            operands.push(memory.view_mut().into());
        } else {
            options = options.output(memory.view_mut());
        }
    }
    let outputs = match function {
        Function::Guvectorize(gufunc) => {
            gufunc.call_with(&mut operands, options.target(combination.target()))
        }
        Function::Jit(jit) => jit.call_with(&mut operands, options),
    };
    drop(operands);
    let count = kernel.kernel.results.len();
    let results = outputs.map(|outputs| {
        let each = (0..count).filter_map(|k| outputs.get(k));
        each.map(|buffer| word(buffer.as_bytes())).collect()
    });
    if let Some(broken) = memories.iter().position(|memory| !memory.is_whole()) {
        return Err(format!(
            "memory beside the elements of p{broken} is written"
        ));
    }
    let mutable = memories.iter().zip(&params).filter(|(_, p)| p.mutable);
    Ok(Outcome {
        results,
        written: mutable.map(|(memory, _)| memory.words()).collect(),
    })
}

/// How the text begins where Brolga refuses a kernel, which it says at the first call.
pub const REFUSED: &str = "refused: ";

/// Whether a call gives what rustc's version gave; else how not.
pub fn check(
    under: (Combination, &Runtime),
    function: &Function,
    kernel: &ViewKernel,
    operands: &Call,
    layouts: &[Layout],
    expected: &Given,
) -> Result<(), String> {
    let outcome = call(under, function, kernel, operands, layouts)?;
    match (&outcome.results, &expected.results) {
        (Ok(left), Ok(right)) => {
            for (k, ty) in kernel.kernel.results.iter().enumerate() {
                let (left, right) = (left[k], right[k]);
                let agreement = kernel.kernel.agreement;
                if !agreement.holds(ty.dtype(), left.into(), right.into()) {
                    return Err(format!("result {k} is {left:#x}, rustc's {right:#x}"));
                }
            }
        }
        (Err(error), _) if error.kind() == ErrorKind::Compile => {
            return Err(format!("{REFUSED}{error}"));
        }
        (Err(error), Err(panic)) => same_panic(error, panic)?,
        (Ok(_), Err((line, text))) => {
            return Err(format!(
                "rustc's panics ({text}, line {line}), Brolga's does not"
            ));
        }
        (Err(error), Ok(_)) => {
            return Err(format!("rustc's version is fine, Brolga's fails: {error}"));
        }
    }
    same_elements(kernel, &outcome.written, &expected.written)
}

fn same_elements(kernel: &ViewKernel, left: &[Vec<u64>], right: &[Vec<u64>]) -> Result<(), String> {
    let params = kernel.params();
    let mutable = params.iter().enumerate().filter(|(_, p)| p.mutable);
    for ((p, param), (left, right)) in mutable.zip(left.iter().zip(right)) {
        for (k, (&left, &right)) in left.iter().zip(right).enumerate() {
            let agreement = kernel.kernel.agreement;
            if !agreement.holds(param.scalar.dtype(), left.into(), right.into()) {
                return Err(format!("p{p}, element {k}: {left:#x}, rustc's {right:#x}"));
            }
        }
    }
    Ok(())
}

fn same_panic(error: &Error, (line, message): &(u32, String)) -> Result<(), String> {
    if error.kind() != ErrorKind::KernelPanic {
        return Err(format!("rustc's panics ({message}), Brolga: {error}"));
    }
    let site = error.site().ok_or("the error has no site")?;
    let text = site.kind.to_string();
    let first_line = text.lines().next().unwrap_or_default();
    // Brolga has one text for all indices of views, and one for all slices.
    let of_a_view = match first_line {
        "index out of bounds" => {
            message.starts_with("ndarray: ") || message.starts_with("collapse_axis: ")
        }
        "slice out of bounds" => message.to_lowercase().contains("slice"),
        _ => false,
    };
    // Panics inside of std and ndarray have no line of the kernel.
    if (message.starts_with(first_line) || of_a_view) && (*line == 0 || *line == site.line) {
        return Ok(());
    }
    Err(format!(
        "rustc says {message:?} in line {line}, Brolga {text:?} in line {}",
        site.line
    ))
}

/// How often two calls are repeated in one call over an outer axis.
const ROUNDS: usize = 3;

/// Whether a gufunc gives the same for several calls of the same shapes, none of which panics, in
/// one call over an outer axis.
pub fn check_together(
    under: (Combination, &Runtime),
    function: &Function,
    kernel: &ViewKernel,
    operands: &[Call],
    layouts: &[Layout],
    expected: &[Given],
) -> Result<(), String> {
    let rounds = ROUNDS * operands.len();
    let outer = |shape: &Vec<usize>| [&[rounds], shape.as_slice()].concat();
    let together = |part: &dyn Fn(usize) -> Vec<u64>| {
        (0..rounds).flat_map(|k| part(k % operands.len())).collect()
    };
    let all = Call {
        shapes: operands[0].shapes.iter().map(outer).collect(),
        words: (0..operands[0].words.len())
            .map(|p| together(&|k| operands[k].words[p].clone()))
            .collect(),
    };
    let written: Vec<Vec<u64>> = (0..expected[0].written.len())
        .map(|p| together(&|k| expected[k].written[p].clone()))
        .collect();
    let outcome = call(under, function, kernel, &all, layouts)?;
    if let Err(error) = outcome.results {
        return Err(format!(
            "together: rustc's version is fine, Brolga's fails: {error}"
        ));
    }
    same_elements(kernel, &outcome.written, &written).map_err(|why| format!("together: {why}"))
}
