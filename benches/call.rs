//! The overhead of one call on few elements, with criterion: `cargo bench --bench call`.

use std::hint::black_box;

use brolga::{Kernels, Mode, Runtime};
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array1;

fn calls(criterion: &mut Criterion) {
    let runtime = Runtime::builder()
        .cache_mode(Mode::Off)
        .build()
        .expect("a runtime");
    let kernels = runtime.load_str(
        "call",
        "#[vectorize] fn add(x: f64, y: f64) -> f64 { x + y }",
    );
    let add = kernels.ufunc("add").expect("the kernel is a ufunc");
    let x = Array1::<f64>::linspace(0.0, 1.0, 8);
    let y = Array1::<f64>::linspace(1.0, 2.0, 8);
    let mut out = Array1::<f64>::zeros(8);
    criterion.bench_function("add of 8 elements into a given output", |bencher| {
        bencher.iter(|| {
            let operands = [(&x).into(), (&y).into()];
            add.call_into(black_box(&operands), &mut [brolga::view_mut(&mut out)])
                .expect("the call succeeds");
        });
    });
    criterion.bench_function("add of 8 elements into a new array", |bencher| {
        bencher.iter(|| {
            add.call(&[(&x).into(), (&y).into()])
                .expect("the call succeeds")
        });
    });
    criterion.bench_function("add of 8 elements, ndarray", |bencher| {
        bencher.iter(|| black_box(&x) + black_box(&y));
    });
}

criterion_group!(benches, calls);
criterion_main!(benches);
