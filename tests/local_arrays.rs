//! Local arrays and constant tables through the public API: how often memory is taken from the
//! system, what sizes are errors, and that a table is made once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use brolga::{ErrorKind, Kernels, Mode, Module, Operand, Pool, Runtime, Target};
use brolga_nrt::{scratch_counts, scratch_totals, scratch_used};
use ndarray::{Array2, ArrayD};

const TEXT: &str = r#"use brolga::prelude::*;
#[guvectorize("(n)->()")]
fn spread(a: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut copy = a.to_owned();
    let twice = copy.clone();
    copy.scaled_add(1.0, &twice);
    for i in 0..a.len() {
        let mut turn = Array1::<f64>::zeros(i + 1);
        turn[i] = copy[i];
        out[()] += turn[i];
    }
}
#[jit(parallel)]
fn rows(m: usize, n: usize) -> f64 {
    let mut total = 0.0;
    for i in prange(0..m) {
        let row = Array1::from_elem(n, i as f64);
        total += row[n - 1];
    }
    total
}
#[jit]
fn length(n: usize) -> u64 {
    let a = Array1::<f64>::zeros(n);
    a.len() as u64
}
#[jit]
fn grid(m: usize, n: usize) -> u64 {
    let a = Array2::<f32>::ones((m, n));
    (a.len() + a.nrows()) as u64
}
#[vectorize]
fn lengths(n: usize) -> u64 {
    Array1::<i64>::zeros(n).len() as u64
}
#[jit]
fn sliced(a: ArrayView1<f64>, from: isize, to: isize, step: isize) -> f64 {
    let part = a.slice(s![from..to;step]);
    let again = part.slice(s![..;-1]);
    let none = again.slice(s![0..0]);
    again.iter().fold(0.0, |s, x| s * 10.0 + x) + none.len() as f64 + none.sum()
}
"#;

/// One test at a time: the totals are those of all threads.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn module(threads: usize) -> (Runtime, Module) {
    let builder = Runtime::builder().cache_mode(Mode::Off).threads(threads);
    let runtime = builder.build().expect("a runtime");
    let module = runtime.load_str("local_arrays", TEXT);
    (runtime, module)
}

fn jit<T: brolga::Element>(
    module: &Module,
    name: &str,
    operands: &mut [Operand<'_>],
) -> Result<T, brolga::Error> {
    let outputs = module.jit(name)?.call(operands)?;
    let output = outputs.get(0).expect("a result");
    Ok(output.scalar().expect("the type of the result"))
}

#[test]
fn a_call_takes_memory_at_most_once_and_a_chunk_too() {
    let _alone = alone();
    let (_runtime, module) = module(1);
    let a = Array2::<f64>::ones((50, 30));
    let spread = module.gufunc("spread").unwrap();
    let out: ArrayD<f64> = spread.call_array(&mut [(&a).into()]).unwrap();
    assert_eq!(out[[7]], 60.0);
    let before = scratch_counts();
    for _ in 0..20 {
        let _: ArrayD<f64> = spread.call_array(&mut [(&a).into()]).unwrap();
    }
    let after = scratch_counts();
    assert!(after.allocations - before.allocations <= 20, "{after:?}");
    assert_eq!(scratch_used(), 0);

    for threads in [1, 3] {
        let pool = Pool::builder().threads(threads).build().unwrap();
        let before = scratch_totals();
        let options = brolga::CallOptions::new().pool(&pool);
        let mut operands: [Operand<'_>; 2] = [1000_usize.into(), 50_usize.into()];
        let rows = module.jit("rows").unwrap();
        let outputs = rows.call_with(&mut operands, options).unwrap();
        assert_eq!(outputs.get(0).unwrap().scalar(), Some(499_500.0));
        let taken = scratch_totals().allocations - before.allocations;
        // The caller may take part besides the pool's threads.
        assert!(taken <= threads as u64 + 1, "{threads} threads: {taken}");

        let before = scratch_totals();
        let options = brolga::CallOptions::new()
            .pool(&pool)
            .target(Target::Parallel);
        spread.call_with(&mut [(&a).into()], options).unwrap();
        let taken = scratch_totals().allocations - before.allocations;
        assert!(taken <= 50, "{threads} threads: {taken}");
    }
}

#[test]
fn a_size_beyond_memory_is_an_error_and_nothing_else() {
    let _alone = alone();
    let (_runtime, module) = module(1);
    let failed = |result: Result<u64, brolga::Error>| {
        let error = result.expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::KernelPanic, "{error}");
        error.to_string()
    };
    for n in [usize::MAX, usize::MAX / 2, usize::MAX / 8, 1 << 46] {
        failed(jit(&module, "length", &mut [n.into()]));
        failed(jit(&module, "grid", &mut [n.into(), 3_usize.into()]));
        failed(jit(&module, "grid", &mut [n.into(), n.into()]));
        let lengths = module.ufunc("lengths").unwrap();
        let error = lengths.call(&[n.into()]).expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
    }
    // ndarray asks for the product of the lengths that are not 0.
    failed(jit(
        &module,
        "grid",
        &mut [usize::MAX.into(), 0_usize.into()],
    ));
    assert_eq!(
        jit::<u64>(&module, "grid", &mut [9_usize.into(), 0_usize.into()]).unwrap(),
        9
    );
    assert_eq!(
        jit::<u64>(&module, "length", &mut [0_usize.into()]).unwrap(),
        0
    );
    assert_eq!(
        jit::<u64>(&module, "length", &mut [7_usize.into()]).unwrap(),
        7
    );
    assert_eq!(scratch_used(), 0);
}

/// Slices of views of every layout, against ndarray.
#[test]
fn slices_of_empty_reversed_and_spread_views_are_those_of_ndarray() {
    let _alone = alone();
    let (_runtime, module) = module(1);
    let data = ndarray::Array1::from_iter((1..=12).map(f64::from));
    let views = [
        data.view(),
        data.slice(ndarray::s![..;-1]),
        data.slice(ndarray::s![..;-3]),
        data.slice(ndarray::s![3..4]),
        data.slice(ndarray::s![4..4]),
        data.slice(ndarray::s![4..4;-2]),
    ];
    for view in views {
        let n = view.len() as isize;
        for from in -n..=n {
            for to in -n..=n {
                for step in [1, -1, 2, -2, 5, -5, 13, isize::MAX, isize::MIN + 1] {
                    // A range that ends before it begins is empty.
                    let part = view.slice(ndarray::s![from..to;step]);
                    let expected = part.iter().rev().fold(0.0, |s, x| s * 10.0 + x);
                    let mut operands = [(&view).into(), from.into(), to.into(), step.into()];
                    let found = jit::<f64>(&module, "sliced", &mut operands);
                    assert_eq!(found.unwrap(), expected, "{view}: {from}..{to};{step}");
                }
            }
        }
    }
}
