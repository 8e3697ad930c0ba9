//! Runs the rows of a case in turn with their native peers and prints them.
//!
//! A turn of a side is as many calls as take about two milliseconds; a round is one turn of every
//! side of every row. What counts is the best turn: whatever disturbs a turn makes it longer. The
//! results are compared before anything is timed. Of rows on one thread the time is that of the CPU, of
//! others that on the wall ([`crate::clock`]).

use std::time::{Duration, Instant};

use brolga::{GUFunc, JitFunction, Kernels, Operand, RawViewMut, Runtime, UFunc};

use crate::case::{Agreement, Case, Hold, Kind, Row};
use crate::clock::Moment;
use crate::data::Data;
use crate::native::{Buffer, Peers};
use crate::python::{Answer, Python};

/// How long the rounds of one row take altogether, about.
const BUDGET: Duration = Duration::from_millis(900);
/// How long a Python peer measures.
const PYTHON_BUDGET: Duration = Duration::from_millis(300);
const TURN: Duration = Duration::from_millis(2);
const LEAST_ROUNDS: usize = 6;

/// Everything that rows are measured with.
pub struct Bench {
    /// One for each number of threads, from 1 on.
    pub runtimes: [Runtime; 2],
    pub peers: Peers,
    pub python: Option<Python>,
}

/// What became of the ratios to hold.
#[derive(Default)]
pub struct Tally {
    pub passed: usize,
    pub missed: Vec<String>,
    pub unknown: usize,
}

/// The kernel, ready to be called again and again with the same operands.
enum Call<'a> {
    Ufunc(UFunc, Vec<Operand<'a>>, Vec<RawViewMut<'a>>),
    Gufunc(GUFunc, Vec<Operand<'a>>, Vec<RawViewMut<'a>>),
    Jit(JitFunction, Vec<Operand<'a>>),
}

impl<'a> Call<'a> {
    fn new(
        runtime: &Runtime,
        row: &Row,
        operands: &'a [Data],
        outputs: impl Iterator<Item = RawViewMut<'a>>,
    ) -> Call<'a> {
        let module = runtime.load_str(row.kernel, &text(row.kernel));
        let mut operands: Vec<Operand<'a>> = operands.iter().map(Data::operand).collect();
        let is_there = "the kernel is there";
        match row.kind {
            Kind::Ufunc => Call::Ufunc(
                module.ufunc(row.kernel).expect(is_there),
                operands,
                outputs.collect(),
            ),
            Kind::Gufunc => Call::Gufunc(
                module.gufunc(row.kernel).expect(is_there),
                operands,
                outputs.collect(),
            ),
            Kind::Jit => {
                operands.extend(outputs.map(Operand::from));
                Call::Jit(module.jit(row.kernel).expect(is_there), operands)
            }
            Kind::JitResult => Call::Jit(module.jit(row.kernel).expect(is_there), operands),
        }
    }

    /// One call; the result, if the function returns one.
    fn run(&mut self) -> Option<f64> {
        let succeeds = "the call succeeds";
        match self {
            Call::Ufunc(f, operands, outputs) => f.call_into(operands, outputs).expect(succeeds),
            Call::Gufunc(f, operands, outputs) => f.call_into(operands, outputs).expect(succeeds),
            Call::Jit(f, operands) => {
                let results = f.call(operands).expect(succeeds);
                return results.get(0).and_then(|result| result.scalar::<f64>());
            }
        }
        None
    }
}

/// The text of the kernel's file.
pub fn text(kernel: &str) -> String {
    let path = format!("{}/benches/kernels/{kernel}.rs", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One side of a row.
struct Side<'a> {
    run: Box<dyn FnMut() + 'a>,
    /// Whether its threads wait for each other, so that only the wall clock tells its time.
    parallel: bool,
    calls: u32,
    /// Seconds for one call.
    best: f64,
}

impl<'a> Side<'a> {
    fn new(parallel: bool, run: Box<dyn FnMut() + 'a>) -> Side<'a> {
        let mut side = Side {
            run,
            parallel,
            calls: 1,
            best: f64::INFINITY,
        };
        // The first call finds cold caches.
        side.turn();
        side.turn();
        side.calls = (TURN.as_secs_f64() / side.best).ceil().clamp(1.0, 1e6) as u32;
        side
    }

    fn turn(&mut self) {
        let start = Moment::now();
        for _ in 0..self.calls {
            (self.run)();
        }
        let time = start.elapsed();
        let time = if self.parallel { time.wall } else { time.cpu };
        self.best = self.best.min(time.as_secs_f64() / f64::from(self.calls));
    }
}

/// The operands of a row, and where each side writes.
struct Arrays {
    operands: Vec<Data>,
    brolga: Vec<Data>,
    native: Vec<Data>,
    /// The operands that only the native peer has, then copies of the descriptions of the others.
    lengths: Vec<Data>,
}

impl Arrays {
    fn of(row: &Row) -> Arrays {
        let operands = (row.operands)();
        let brolga = (row.outputs)();
        Arrays {
            operands,
            native: brolga.iter().map(Data::zeros_like).collect(),
            brolga,
            lengths: row.lengths.iter().map(|&n| crate::data::count(n)).collect(),
        }
    }

    /// The table for the native peer. It is valid while the arrays are neither moved nor dropped;
    /// the peer writes the outputs only.
    fn table(&mut self) -> Vec<Buffer> {
        let inputs = self.lengths.iter_mut().chain(&mut self.operands);
        inputs.chain(&mut self.native).map(Buffer::of).collect()
    }
}

/// Measures a case and prints its rows.
pub fn run(bench: &mut Bench, case: &Case, tally: &mut Tally) {
    let mut arrays: Vec<Arrays> = case.rows.iter().map(Arrays::of).collect();
    let tables: Vec<Vec<Buffer>> = arrays.iter_mut().map(Arrays::table).collect();
    for ((row, arrays), table) in case.rows.iter().zip(&mut arrays).zip(&tables) {
        compare(bench, row, arrays, table);
    }
    let mut python = vec![Answer::default(); case.rows.len()];
    let mut sides: Vec<[Side<'_>; 2]> = Vec::new();
    let mut results = Vec::new();
    for ((row, arrays), table) in case.rows.iter().zip(&mut arrays).zip(&tables) {
        let Arrays {
            operands,
            brolga,
            native,
            ..
        } = arrays;
        let views = brolga.iter_mut().map(Data::view_mut);
        let mut call = Call::new(&bench.runtimes[row.threads - 1], row, operands, views);
        let peer = bench.peers.get(row.native);
        sides.push([
            Side::new(
                row.threads > 1,
                Box::new(move || {
                    std::hint::black_box(call.run());
                }),
            ),
            // SAFETY: the table describes arrays that live as long as the sides do, with the types
            // that the peer of this row takes.
            Side::new(
                row.threads > 1,
                Box::new(move || unsafe { peer(std::hint::black_box(table.as_ptr())) }),
            ),
        ]);
        results.push((&*operands, &*native));
    }
    // Two halves: the Python peers are measured between them.
    for half in 0..2 {
        rounds(&mut sides, BUDGET / 2 * case.rows.len() as u32);
        if half > 0 {
            continue;
        }
        for ((row, (operands, native)), answer) in case.rows.iter().zip(&results).zip(&mut python) {
            if let Some(process) = &mut bench.python {
                *answer = process.measure(row, operands, native, PYTHON_BUDGET);
            }
        }
    }
    let best: Vec<f64> = sides.iter().map(|[brolga, _]| brolga.best).collect();
    for (number, row) in case.rows.iter().enumerate() {
        let [brolga, native] = &sides[number];
        print(
            row,
            [brolga.best, native.best],
            python[number],
            &best,
            tally,
        );
    }
}

fn rounds(sides: &mut [[Side<'_>; 2]], budget: Duration) {
    let start = Instant::now();
    for round in 0.. {
        if round >= LEAST_ROUNDS && start.elapsed() >= budget {
            return;
        }
        for side in sides.iter_mut().flatten() {
            side.turn();
        }
    }
}

/// Runs both sides once, and fails unless they agree.
fn compare(bench: &Bench, row: &Row, arrays: &mut Arrays, table: &[Buffer]) {
    let runtime = &bench.runtimes[row.threads - 1];
    let views = arrays.brolga.iter_mut().map(Data::view_mut);
    let result = Call::new(runtime, row, &arrays.operands, views).run();
    if let Some(result) = result {
        arrays.brolga[0].store(result);
    }
    // SAFETY: the table describes the row's arrays, which are alive and not borrowed.
    unsafe { bench.peers.get(row.native)(table.as_ptr()) };
    for (brolga, native) in arrays.brolga.iter().zip(&arrays.native) {
        agree(row, brolga, native);
    }
}

fn agree(row: &Row, brolga: &Data, native: &Data) {
    let name = row.kernel;
    match row.agreement {
        Agreement::Bits => assert!(
            brolga.bytes() == native.bytes(),
            "{name}: both sides give the same bits"
        ),
        Agreement::Near { relative, floor } => {
            let n: usize = brolga.shape().iter().product();
            for k in 0..n {
                let (a, b) = (brolga.at(k), native.at(k));
                let near = (a - b).abs() <= relative * b.abs().max(floor);
                assert!(near, "{name}: element {k} is {a:e}, natively {b:e}");
            }
        }
    }
}

/// Above the rows.
pub fn print_head() {
    println!(
        "| case | n | ns per element: Brolga | rustc | NumPy | Numba | Brolga / rustc | to hold |"
    );
    println!("|---|---|---|---|---|---|---|---|");
}

fn print(row: &Row, times: [f64; 2], python: Answer, all: &[f64], tally: &mut Tally) {
    let [brolga, native] = times;
    let per_element = |seconds: f64| format!("{:.3}", seconds * 1e9 / row.elements as f64);
    let optional = |seconds: Option<f64>| seconds.map_or("-".to_string(), per_element);
    let title = match row.note {
        "" => row.kernel.trim_end_matches("_rows").to_string(),
        note => format!(
            "{}, {note}",
            row.native
                .trim_end_matches("_f32")
                .trim_end_matches("_parallel")
        ),
    };
    let mut verdicts = Vec::new();
    for hold in &row.holds {
        let (of, time, limit) = match *hold {
            Hold::Rustc(limit) => ("rustc", Some(native), limit),
            Hold::NumPy(limit) => ("NumPy", python.numpy, limit),
            Hold::Row(number, limit) => ("f64", Some(all[number]), limit),
        };
        let Some(time) = time else {
            tally.unknown += 1;
            verdicts.push(format!("{limit} of {of}: not measured"));
            continue;
        };
        let ratio = brolga / time;
        let word = if ratio <= limit {
            tally.passed += 1;
            "PASS"
        } else {
            tally.missed.push(format!(
                "{title}, {}: {ratio:.2} of {of}, to hold {limit}",
                row.size
            ));
            "MISS"
        };
        verdicts.push(match hold {
            Hold::Rustc(_) => format!("{limit} {word}"),
            Hold::NumPy(_) | Hold::Row(..) => format!("{limit} of {of}: {ratio:.2} {word}"),
        });
    }
    println!(
        "| {title} | {} | {} | {} | {} | {} | {:.2} | {} |",
        row.size,
        per_element(brolga),
        per_element(native),
        optional(python.numpy),
        optional(python.numba),
        brolga / native,
        verdicts.join("; "),
    );
}
