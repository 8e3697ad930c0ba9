//! What a kernel finds in its context: the number of its first element, the stack limit,
//! the globals, the cancel flag.

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use brolga_abi::{DType, Target};
use brolga_parallel::Pool;
use brolga_ufunc::{CallOptions, ErrorKind, UFunc};
use ndarray::Array1;
use support::kernels::{shared, witness};
use support::{Layout, Strided};

#[test]
fn elements_are_numbered_in_c_order_in_every_kind_of_loop() {
    let layouts = [
        Layout::default(),
        Layout {
            order: [5, 4, 3, 2, 1, 0],
            ..Layout::default()
        },
        Layout {
            flip: [true; 6],
            gap: [1; 6],
            ..Layout::default()
        },
        Layout {
            shift: 3,
            ..Layout::default()
        },
    ];
    let mut host = witness();
    host.cost = 1000;
    let function = UFunc::new(shared(host)).unwrap();
    let pool = Pool::builder().threads(3).build().unwrap();
    for shape in [
        vec![],
        vec![3000],
        vec![7, 500],
        vec![400, 3],
        vec![20, 5, 3, 2],
    ] {
        for layout in &layouts {
            // Of its own type, and converted block by block.
            for dtype in [DType::F64, DType::I16] {
                for target in [Target::Cpu, Target::Parallel] {
                    let x = Strided::new(dtype, &shape, layout);
                    let mut out = Strided::new(DType::I64, &shape, layout);
                    let options = CallOptions::new().target(target).pool(&pool);
                    let options = options.output(out.view_mut());
                    function.call_with(&[x.view().into()], options).unwrap();
                    let numbers: Vec<f64> = (0..out.values().len()).map(|k| k as f64).collect();
                    assert_eq!(
                        out.values(),
                        numbers,
                        "{shape:?} {layout:?} {dtype} {target:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_cancelled_call_stops_between_parts_of_a_long_row() {
    let function = UFunc::new(shared(witness())).unwrap();
    let x = Array1::<f64>::zeros(8_000_000);
    for target in [Target::Cpu, Target::Parallel] {
        let pool = Pool::builder().threads(2).build().unwrap();
        // The kernel itself raises the flag.
        let flag = AtomicU32::new(0);
        let options = CallOptions::new().target(target).pool(&pool).cancel(&flag);
        let error = function.call_with(&[(&x).into()], options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert_eq!(
            error.to_string(),
            "the call of kernel `witness` was cancelled"
        );
        assert!((1..4).contains(&flag.load(Ordering::Relaxed)));
    }
}
