//! The oracle: every kernel of the corpus, compiled by rustc and by Brolga, gives the same
//! bits and panics on the same inputs. Runs under several compiler settings; more inputs
//! with `BROLGA_ORACLE_ROWS=100000 cargo test --release --test oracle`, and only the cases whose
//! name holds a text with `BROLGA_ORACLE_CASE=structs::` (they are printed before they run).

use brolga::{
    ArrayBuffer, CallOptions, DType, ErrorKind, Kernels, Mode, Module, Operand, Pool, RawView,
    RawViewMut, Runtime, Switches, Target, TargetSpec,
};
use brolga_oracle::values::{self, Random};
use brolga_oracle::{Access, Case, CaseKind, EXAMPLES, Runner, Word, cases, example_cases, source};

/// How many rows of inputs each scalar kernel gets, twice: edges, and random values.
fn row_limit() -> usize {
    match std::env::var("BROLGA_ORACLE_ROWS") {
        Ok(text) => text.parse().expect("BROLGA_ORACLE_ROWS: a number of rows"),
        Err(_) => 1_500,
    }
}

fn runtime(target: TargetSpec, switches: Switches) -> Runtime {
    let switches = Switches {
        verify: true,
        ..switches
    };
    let builder = Runtime::builder().cache_mode(Mode::Off).threads(2);
    builder
        .target(target)
        .switches(switches)
        .build()
        .expect("a runtime")
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

fn agree_on_all_cases(runtime: &Runtime) {
    let only = std::env::var("BROLGA_ORACLE_CASE").ok();
    let mut failures = Vec::new();
    let all = cases().into_iter().chain(example_cases());
    for (number, case) in all.enumerate() {
        let name = case.to_string();
        if only.as_ref().is_some_and(|part| !name.contains(part)) {
            continue;
        }
        if only.is_some() {
            eprintln!("{name}");
        }
        let outcome = match case.runner {
            Runner::Scalar(rustc) if case.kind == CaseKind::Vectorize => {
                vectorize(runtime, &case, rustc, number as u64)
            }
            Runner::Scalar(_) | Runner::Array(_) => arrays(runtime, &case, number as u64),
        };
        if let Err(why) = outcome {
            failures.push(format!("{case}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
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
fn brolga_agrees_with_rustc_on_this_machine() {
    agree_on_all_cases(&runtime(TargetSpec::host(), Switches::default()));
}

#[test]
fn brolga_agrees_with_rustc_without_vectors_and_without_the_optimiser() {
    let switches = Switches {
        opt: brolga::Opt::None,
        vectorise: false,
        ..Switches::default()
    };
    agree_on_all_cases(&runtime(TargetSpec::host(), switches));
}

#[test]
fn brolga_agrees_with_rustc_on_a_cpu_with_sse2_alone() {
    agree_on_all_cases(&runtime(TargetSpec::baseline(), Switches::default()));
}

#[test]
fn brolga_agrees_with_rustc_on_a_cpu_without_fma() {
    agree_on_all_cases(&runtime(
        TargetSpec::host().without("has_fma"),
        Switches::default(),
    ));
}

type ScalarRunner = fn(&[Word], &mut [Word]) -> Result<(), brolga_oracle::Panic>;

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
        let spacing = step.unsigned_abs();
        let mut column = Column {
            dtype,
            bytes: vec![0; (length * spacing * dtype.size()).div_ceil(8)],
            length,
            step,
        };
        for (k, word) in words.enumerate() {
            let at = column.offset(k);
            let size = dtype.size();
            column.as_bytes_mut()[at..at + size].copy_from_slice(&word.to_le_bytes()[..size]);
        }
        column
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

    fn view(&self) -> RawView<'_> {
        let start = if self.length == 0 { 0 } else { self.offset(0) };
        // SAFETY: `length` elements, `stride` bytes apart, lie in `bytes`.
        unsafe {
            let first = self.bytes.as_ptr().cast::<u8>().add(start);
            RawView::new(first, self.dtype, &[self.length], &[self.stride()])
        }
    }

    fn view_mut(&mut self) -> RawViewMut<'_> {
        let start = if self.length == 0 { 0 } else { self.offset(0) };
        let (length, stride) = (self.length, self.stride());
        // SAFETY: as above, and the column is borrowed uniquely.
        unsafe {
            let first = self.bytes.as_mut_ptr().cast::<u8>().add(start);
            RawViewMut::new(first, self.dtype, &[length], &[stride])
        }
    }
}

/// The element at the start of `bytes`, zero-extended.
fn word(bytes: &[u8], dtype: DType) -> Word {
    let mut word = [0; 16];
    word[..dtype.size()].copy_from_slice(&bytes[..dtype.size()]);
    Word::from_le_bytes(word)
}

fn vectorize(runtime: &Runtime, case: &Case, rustc: ScalarRunner, seed: u64) -> Result<(), String> {
    let module = module(runtime, case);
    let ufunc = module.ufunc(case.function).map_err(|e| e.to_string())?;
    let rows = values::rows(case, row_limit(), seed);
    let expected: Vec<Expected> = rows
        .iter()
        .map(|row| {
            let mut results = vec![0; case.results.len()];
            rustc(row, &mut results).map(|()| results)
        })
        .collect();

    let fine: Vec<usize> = (0..rows.len()).filter(|&k| expected[k].is_ok()).collect();
    for (step, target) in [(1, Target::Cpu), (-3, Target::Cpu), (1, Target::Parallel)] {
        let inputs: Vec<Column> = case
            .params
            .iter()
            .enumerate()
            .map(|(p, param)| Column::new(param.dtype, fine.iter().map(|&k| rows[k][p]), step))
            .collect();
        let operands: Vec<Operand<'_>> = inputs.iter().map(|c| c.view().into()).collect();
        let mut outputs: Vec<Column> = case
            .results
            .iter()
            .map(|&dtype| Column::new(dtype, vec![0; fine.len()].into_iter(), step))
            .collect();
        if case.params.is_empty() {
            outputs
                .iter_mut()
                .for_each(|column| column.length = fine.len());
        }
        let mut options = CallOptions::new().target(target).pool(runtime.pool());
        for output in &mut outputs {
            let mut view = output.view_mut();
            if case.params.is_empty() {
                // SAFETY: the first element of the column, as a 0-d array.
                view = unsafe { RawViewMut::new(view.ptr(), view.dtype(), &[], &[]) };
            }
            options = options.output(view);
        }
        ufunc
            .call_with(&operands, options)
            .map_err(|e| format!("rustc's version is fine, Brolga's fails: {e}"))?;
        for (position, &k) in fine.iter().enumerate() {
            let Ok(results) = &expected[k] else { continue };
            for (output, &right) in outputs.iter().zip(results) {
                let left = output.word(position);
                if !case.agreement.holds(output.dtype, left, right) {
                    return Err(format!(
                        "step {step}: {:#x?} gives {left:#x}, rustc {right:#x} ({})",
                        rows[k], output.dtype
                    ));
                }
            }
        }
    }
    panics(case, &ufunc, &rows, &expected)
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
        let operands: Vec<Operand<'_>> = inputs.iter().map(|c| c.view().into()).collect();
        ufunc.call(&operands).map(|_| ())
    };
    let at = |place: usize| brolga::ErrorLocation::Element([place].as_slice().into());
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

fn arrays(runtime: &Runtime, case: &Case, seed: u64) -> Result<(), String> {
    let module = module(runtime, case);
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
            compare_arrays(runtime, &module, case, &shapes, &inputs)
                .map_err(|why| format!("shapes {shapes:?}: {why}"))?;
        }
    }
    Ok(())
}

fn compare_arrays(
    runtime: &Runtime,
    module: &Module,
    case: &Case,
    shapes: &[Vec<usize>],
    inputs: &[Vec<Word>],
) -> Result<(), String> {
    let (expected, expected_results) = by_rustc(case, shapes, inputs);
    for threads in [1, 3] {
        let pool = Pool::builder().threads(threads).build().expect("a pool");
        let mut buffers: Vec<ArrayBuffer> = case
            .params
            .iter()
            .zip(shapes)
            .zip(inputs)
            .map(|((param, shape), words)| buffer(param.dtype, shape, words))
            .collect();
        let outcome = call(module, case, &mut buffers, &pool);
        let results = match (outcome, &expected) {
            (Ok(results), Ok(_)) => results,
            (Err(e), Err(_)) if e.kind() == ErrorKind::KernelPanic => continue,
            (Ok(_), Err(panic)) => return Err(format!("rustc panics: {}", panic.message)),
            (Err(e), _) => return Err(format!("Brolga fails: {e}; rustc {expected:?}")),
        };
        for (p, buffer) in buffers.iter().enumerate() {
            let Ok(expected) = &expected else { continue };
            let dtype = buffer.dtype();
            for (k, (&left, &right)) in words(buffer).iter().zip(&expected[p]).enumerate() {
                if !case.agreement.holds(dtype, left, right) {
                    return Err(format!(
                        "operand {p}, element {k}: {left:#x}, rustc {right:#x} ({dtype}, {threads} threads)"
                    ));
                }
            }
        }
        for ((&left, &right), &dtype) in results.iter().zip(&expected_results).zip(&case.results) {
            if !case.agreement.holds(dtype, left, right) {
                return Err(format!("result {left:#x}, rustc {right:#x} ({dtype})"));
            }
        }
    }
    let _ = runtime;
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
    pool: &Pool,
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
            .call_with(&mut operands, options.target(Target::Parallel))?,
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
