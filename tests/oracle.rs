//! The oracle: every kernel of the corpus, compiled by rustc and by Brolga, gives the same
//! bits and panics on the same inputs. rustc's code calls Brolga's elementary functions
//! (`tests/functions` says how and why).
//!
//! - `cargo test --workspace --test oracle`: a rotating part of the combinations of compiler
//!   settings, machines and loops (`tests/common/combinations.rs`).
//! - `BROLGA_ORACLE_ROTATION=all cargo test --workspace --test oracle --test generated`: all of
//!   them, of the generated kernels too.
//! - `BROLGA_ORACLE_ROWS=100000 cargo test --release --workspace --test oracle`: more inputs.
//! - `BROLGA_ORACLE_CASE=structs::`: only the cases whose name holds the text (they are printed
//!   before they run).

#[path = "common/combinations.rs"]
mod combinations;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use brolga::{
    ArrayBuffer, CallOptions, DType, ErrorKind, Kernels, Module, Operand, Pool, RawView,
    RawViewMut, Runtime, Target,
};
use brolga_oracle::values::{self, Random};
use brolga_oracle::{Access, Case, CaseKind, EXAMPLES, Runner, Word, cases, example_cases, source};

use combinations::{Combination, Loops, Rotation, Runtimes};

/// How many rows of inputs each scalar kernel gets, twice: edges, and random values.
fn row_limit() -> usize {
    match std::env::var("BROLGA_ORACLE_ROWS") {
        Ok(text) => text.parse().expect("BROLGA_ORACLE_ROWS: a number of rows"),
        Err(_) => 1_500,
    }
}

fn module(runtime: &Runtime, case: &Case) -> Module {
    let example = EXAMPLES.iter().find(|(name, _)| *name == case.file);
    match example {
        Some((_, path)) => {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            runtime.load_file(root.join(path)).expect("a kernel file")
        }
        None => runtime.load_str(case.file, source(case.file)),
    }
}

#[test]
fn the_corpus_is_large_enough() {
    let names: std::collections::BTreeSet<_> = cases()
        .into_iter()
        .map(|case| (case.file, case.function))
        .collect();
    println!("{} kernels", names.len());
    assert!(names.len() >= 480, "{} kernels", names.len());
}

#[test]
fn brolga_agrees_with_rustc() {
    let only = std::env::var("BROLGA_ORACLE_CASE").ok();
    let rotation = Rotation::of_this_run();
    let all: Vec<Case> = cases().into_iter().chain(example_cases()).collect();
    let (runtimes, next) = (Runtimes::default(), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = all.get(number) else { break };
            let name = case.to_string();
            if only.as_ref().is_some_and(|part| !name.contains(part)) {
                continue;
            }
            if only.is_some() {
                eprintln!("{name}");
            }
            if let Err(why) = agree(&runtimes, rotation, case, number) {
                let mut failures = failures.lock().expect("nobody panics with the lock");
                failures.push(format!("{name}: {why}"));
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        (1..threads).for_each(|_| {
            scope.spawn(work);
        });
        work();
    });
    let failures = failures.into_inner().expect("nobody panicked");
    assert!(
        failures.is_empty(),
        "{rotation:?}: {} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Compares a case under its combinations.
fn agree(
    runtimes: &Runtimes,
    rotation: Rotation,
    case: &Case,
    number: usize,
) -> Result<(), String> {
    let combinations = rotation.of_kernel(number);
    let under = |number: &usize| {
        let (combination, runtime) = (Combination::new(*number), runtimes.of(*number));
        (combination, runtime)
    };
    let combinations = combinations.iter().map(under);
    let named = |combination: Combination, why| format!("{combination}: {why}");
    match case.runner {
        Runner::Scalar(rustc) if case.kind == CaseKind::Vectorize => {
            let rows = values::rows(case, row_limit(), number as u64);
            let one = |row: &Vec<Word>| {
                let mut results = vec![0; case.results.len()];
                rustc(row, &mut results).map(|()| results)
            };
            let expected: Vec<Expected> = rows.iter().map(one).collect();
            for (combination, runtime) in combinations {
                vectorize(combination, runtime, case, &rows, &expected)
                    .map_err(|why| named(combination, why))?;
            }
        }
        Runner::Scalar(_) | Runner::Array(_) => {
            for (combination, runtime) in combinations {
                arrays(combination, runtime, case, number as u64)
                    .map_err(|why| named(combination, why))?;
            }
        }
    }
    Ok(())
}

/// What rustc's version makes of one row: the results, or the panic's message.
type Expected = Result<Vec<Word>, brolga_oracle::Panic>;

/// Columns of words as an array in memory, every `step`-th element used, backwards if
/// negative.
struct Column {
    dtype: DType,
    bytes: Vec<u64>,
    length: usize,
    step: isize,
}

impl Column {
    fn new(dtype: DType, words: impl ExactSizeIterator<Item = Word>, step: isize) -> Column {
        let length = words.len();
        let mut column = Column::zeros(dtype, length, step);
        for (k, word) in words.enumerate() {
            let at = column.offset(k);
            let size = dtype.size();
            column.as_bytes_mut()[at..at + size].copy_from_slice(&word.to_le_bytes()[..size]);
        }
        column
    }

    fn zeros(dtype: DType, length: usize, step: isize) -> Column {
        let size = length * step.unsigned_abs() * dtype.size();
        Column {
            dtype,
            bytes: vec![0; size.div_ceil(8)],
            length,
            step,
        }
    }

    /// Where element `k` lies, in bytes.
    fn offset(&self, k: usize) -> usize {
        let place = if self.step < 0 {
            self.length - 1 - k
        } else {
            k
        };
        place * self.step.unsigned_abs() * self.dtype.size()
    }

    fn as_bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: any bytes are valid words and the other way round.
        unsafe { self.bytes.align_to_mut::<u8>().1 }
    }

    fn word(&self, k: usize) -> Word {
        // SAFETY: as above.
        let bytes = unsafe { self.bytes.align_to::<u8>().1 };
        word(&bytes[self.offset(k)..], self.dtype)
    }

    fn stride(&self) -> isize {
        self.step * self.dtype.size() as isize
    }

    /// Whether two runs of `n` elements of a column of step 1 have the same bytes.
    fn same_elements(&self, a: usize, b: usize, n: usize) -> bool {
        // SAFETY: as above.
        let bytes = unsafe { self.bytes.align_to::<u8>().1 };
        let run = |from: usize| &bytes[self.offset(from)..][..n * self.dtype.size()];
        self.step == 1 && run(a) == run(b)
    }

    /// The column, `again` times.
    fn view(&self, again: usize) -> RawView<'_> {
        let start = if self.length == 0 { 0 } else { self.offset(0) };
        // SAFETY: `length` elements, `stride` bytes apart, lie in `bytes`; the outer axis stays
        // where it is.
        unsafe {
            let first = self.bytes.as_ptr().cast::<u8>().add(start);
            let (shape, strides) = ([again, self.length], [0, self.stride()]);
            RawView::new(first, self.dtype, &shape, &strides)
        }
    }

    /// The column, as `rows` rows.
    fn view_mut(&mut self, rows: usize) -> RawViewMut<'_> {
        let start = if self.length == 0 { 0 } else { self.offset(0) };
        let (length, stride) = (self.length / rows, self.stride());
        // SAFETY: as above, with rows one behind the other, and the column is borrowed uniquely.
        unsafe {
            let first = self.bytes.as_mut_ptr().cast::<u8>().add(start);
            let strides = [length as isize * stride, stride];
            RawViewMut::new(first, self.dtype, &[rows, length], &strides)
        }
    }
}

/// The element at the start of `bytes`, zero-extended.
fn word(bytes: &[u8], dtype: DType) -> Word {
    let mut word = [0; 16];
    word[..dtype.size()].copy_from_slice(&bytes[..dtype.size()]);
    Word::from_le_bytes(word)
}

/// Below this many elements a call runs on one thread, whatever the kernel.
const ELEMENTS_FOR_THREADS: usize = 100_000;

fn vectorize(
    combination: Combination,
    runtime: &Runtime,
    case: &Case,
    rows: &[Vec<Word>],
    expected: &[Expected],
) -> Result<(), String> {
    let module = module(runtime, case);
    let ufunc = module.ufunc(case.function).map_err(|e| e.to_string())?;
    let fine: Vec<usize> = (0..rows.len()).filter(|&k| expected[k].is_ok()).collect();
    let n = fine.len();
    for step in [1, -3] {
        // Threads get work only from many elements: the rows again and again.
        let again = match combination.loops {
            Loops::Parallel if step == 1 && n > 0 && !case.params.is_empty() => {
                ELEMENTS_FOR_THREADS.div_ceil(n)
            }
            _ => 1,
        };
        let inputs: Vec<Column> = case
            .params
            .iter()
            .enumerate()
            .map(|(p, param)| Column::new(param.dtype, fine.iter().map(|&k| rows[k][p]), step))
            .collect();
        let operands: Vec<Operand<'_>> = inputs.iter().map(|c| c.view(again).into()).collect();
        let mut outputs: Vec<Column> = case
            .results
            .iter()
            .map(|&dtype| Column::zeros(dtype, again * n, step))
            .collect();
        let mut options = CallOptions::new()
            .target(combination.target())
            .pool(runtime.pool());
        for output in &mut outputs {
            let mut view = output.view_mut(again);
            if case.params.is_empty() {
                // SAFETY: the first element of the column, as a 0-d array.
                view = unsafe { RawViewMut::new(view.ptr(), view.dtype(), &[], &[]) };
            }
            options = options.output(view);
        }
        ufunc
            .call_with(&operands, options)
            .map_err(|e| format!("rustc's version is fine, Brolga's fails: {e}"))?;
        for (r, output) in outputs.iter().enumerate() {
            for round in 0..again {
                // What is the same as in the first round was compared there.
                if round > 0 && output.same_elements(0, round * n, n) {
                    continue;
                }
                for (position, &k) in fine.iter().enumerate() {
                    let Ok(results) = &expected[k] else { continue };
                    let (left, right) = (output.word(round * n + position), results[r]);
                    if !case.agreement.holds(output.dtype, left, right) {
                        return Err(format!(
                            "step {step}, round {round}: {:#x?} gives {left:#x}, rustc {right:#x} ({})",
                            rows[k], output.dtype
                        ));
                    }
                }
            }
        }
    }
    panics(case, &ufunc, rows, expected)
}

/// Each row on which rustc's version panics, by itself; and the first of all in one call.
fn panics(
    case: &Case,
    ufunc: &brolga::UFunc,
    rows: &[Vec<Word>],
    expected: &[Expected],
) -> Result<(), String> {
    let mut wrong = expected
        .iter()
        .enumerate()
        .filter_map(|(k, e)| Some((k, e.as_ref().err()?)));
    let Some((first, _)) = wrong.clone().next() else {
        return Ok(());
    };
    let call = |rows: &[Vec<Word>]| {
        let inputs: Vec<Column> = case
            .params
            .iter()
            .enumerate()
            .map(|(p, param)| Column::new(param.dtype, rows.iter().map(|row| row[p]), 1))
            .collect();
        let operands: Vec<Operand<'_>> = inputs.iter().map(|c| c.view(1).into()).collect();
        ufunc.call(&operands).map(|_| ())
    };
    let at = |place: usize| brolga::ErrorLocation::Element([0, place].as_slice().into());
    match call(rows) {
        Err(error) if *error.location() == at(first) => {}
        other => {
            return Err(format!(
                "row {first} is the first to panic, Brolga says {other:?}"
            ));
        }
    }
    wrong.try_for_each(|(k, panic)| {
        let error = match call(&rows[k..=k]) {
            Err(error) if error.kind() == ErrorKind::KernelPanic => error,
            other => {
                return Err(format!(
                    "{:#x?} panics ({}), Brolga says {other:?}",
                    rows[k], panic.message
                ));
            }
        };
        let site = error.site().ok_or("the error has no site")?;
        let same_text = panic.message.starts_with(&site.kind.to_string());
        // Panics of std point into std; the kernel's own line is known to Brolga alone.
        let same_line =
            !panic.file.ends_with(&format!("{}.rs", case.file)) || panic.line == site.line;
        if same_text && same_line {
            Ok(())
        } else {
            Err(format!(
                "{:#x?}: rustc says {:?} in line {}, Brolga {:?} in line {}",
                rows[k],
                panic.message,
                panic.line,
                site.kind.to_string(),
                site.line
            ))
        }
    })
}

/// An operand of an array kernel in Brolga's hands.
fn buffer(dtype: DType, shape: &[usize], words: &[Word]) -> ArrayBuffer {
    let mut buffer = ArrayBuffer::zeros(dtype, shape).expect("a small array");
    let view = buffer.view_mut();
    for (k, word) in words.iter().enumerate() {
        let size = dtype.size();
        // SAFETY: the buffer has as many elements as there are words.
        unsafe {
            view.ptr()
                .add(k * size)
                .copy_from_nonoverlapping(word.to_le_bytes().as_ptr(), size);
        }
    }
    buffer
}

fn words(buffer: &ArrayBuffer) -> Vec<Word> {
    let dtype = buffer.dtype();
    buffer
        .as_bytes()
        .chunks_exact(dtype.size())
        .map(|bytes| word(bytes, dtype))
        .collect()
}

fn arrays(
    combination: Combination,
    runtime: &Runtime,
    case: &Case,
    seed: u64,
) -> Result<(), String> {
    let module = module(runtime, case);
    let pool = Pool::builder().threads(combination.threads()).build();
    let pool = pool.expect("a pool");
    let mut random = Random::new(seed);
    for size in [0, 1, 2, 3, 7, 17] {
        // Different names get different sizes, so that axes cannot be taken for each other.
        let shapes = case.shapes(|name| {
            size + usize::from(size > 1)
                * (name.len()
                    + name
                        .as_bytes()
                        .iter()
                        .map(|&b| usize::from(b))
                        .sum::<usize>())
                % 2
        });
        for square in [false, true] {
            let shapes = if square {
                case.shapes(|_| size)
            } else {
                shapes.clone()
            };
            let inputs: Vec<Vec<Word>> = shapes
                .iter()
                .enumerate()
                .map(|(p, shape)| values::elements(case, p, shape.iter().product(), &mut random))
                .collect();
            compare_arrays(
                (combination.target(), &pool),
                &module,
                case,
                &shapes,
                &inputs,
            )
            .map_err(|why| format!("shapes {shapes:?}: {why}"))?;
        }
    }
    Ok(())
}

fn compare_arrays(
    (target, pool): (Target, &Pool),
    module: &Module,
    case: &Case,
    shapes: &[Vec<usize>],
    inputs: &[Vec<Word>],
) -> Result<(), String> {
    let (expected, expected_results) = by_rustc(case, shapes, inputs);
    let mut buffers: Vec<ArrayBuffer> = case
        .params
        .iter()
        .zip(shapes)
        .zip(inputs)
        .map(|((param, shape), words)| buffer(param.dtype, shape, words))
        .collect();
    let outcome = call(module, case, &mut buffers, (target, pool));
    let results = match (outcome, &expected) {
        (Ok(results), Ok(_)) => results,
        (Err(e), Err(_)) if e.kind() == ErrorKind::KernelPanic => return Ok(()),
        (Ok(_), Err(panic)) => return Err(format!("rustc panics: {}", panic.message)),
        (Err(e), _) => return Err(format!("Brolga fails: {e}; rustc {expected:?}")),
    };
    for (p, buffer) in buffers.iter().enumerate() {
        let Ok(expected) = &expected else { continue };
        let dtype = buffer.dtype();
        for (k, (&left, &right)) in words(buffer).iter().zip(&expected[p]).enumerate() {
            if !case.agreement.holds(dtype, left, right) {
                return Err(format!(
                    "operand {p}, element {k}: {left:#x}, rustc {right:#x} ({dtype})"
                ));
            }
        }
    }
    for ((&left, &right), &dtype) in results.iter().zip(&expected_results).zip(&case.results) {
        if !case.agreement.holds(dtype, left, right) {
            return Err(format!("result {left:#x}, rustc {right:#x} ({dtype})"));
        }
    }
    Ok(())
}

/// The operands' elements after rustc's version ran, and what it returned.
fn by_rustc(
    case: &Case,
    shapes: &[Vec<usize>],
    inputs: &[Vec<Word>],
) -> (Result<Vec<Vec<Word>>, brolga_oracle::Panic>, Vec<Word>) {
    let mut results = vec![0; case.results.len()];
    let outcome = match case.runner {
        Runner::Scalar(run) => {
            let row: Vec<Word> = inputs.iter().map(|words| words[0]).collect();
            run(&row, &mut results).map(|()| inputs.to_vec())
        }
        Runner::Array(run) => {
            let mut operands: Vec<_> = case
                .params
                .iter()
                .zip(shapes)
                .zip(inputs)
                .map(|((param, shape), words)| param.operand(shape, words))
                .collect();
            run(&mut operands, &mut results)
                .map(|()| operands.iter().map(brolga_oracle::Operand::words).collect())
        }
    };
    (outcome, results)
}

/// Calls Brolga's version; the results' words.
fn call(
    module: &Module,
    case: &Case,
    buffers: &mut [ArrayBuffer],
    (target, pool): (Target, &Pool),
) -> Result<Vec<Word>, brolga::Error> {
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
    let mut options = CallOptions::new().pool(pool);
    for output in outputs {
        options = options.output(output.view_mut());
    }
    let outputs = match case.kind {
        CaseKind::Guvectorize => module
            .gufunc(case.function)?
            .call_with(&mut operands, options.target(target))?,
        CaseKind::Vectorize => module.ufunc(case.function)?.call_with(&operands, options)?,
        CaseKind::Jit => module
            .jit(case.function)?
            .call_with(&mut operands, options)?,
    };
    Ok((0..case.results.len())
        .filter_map(|k| outputs.get(k))
        .map(|b| words(b)[0])
        .collect())
}
