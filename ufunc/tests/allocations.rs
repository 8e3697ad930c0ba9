//! How often a warm call allocates (only for outputs that are not given), and what it asks
//! of whatever compiles its kernel.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use brolga_abi::{Bound, DType, FunctionMeta};
use brolga_ufunc::{
    CallEnvironment, Error, GUFunc, JitFunction, Operand, Specialise, Specialised, UFunc,
    WeakScalar, view_mut,
};
use ndarray::{Array1, Array2, arr0, s};
use support::Host;
use support::kernels::{axpy, matmul, shared, total};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: by the caller's word.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: by the caller's word.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(call: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    call();
    COUNT.with(Cell::get) - before
}

#[test]
fn a_contiguous_call_allocates_its_output_and_nothing_else() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let x = Array1::<f64>::ones(8);
    let y = Array1::<f64>::ones(8);
    let mut out = Array1::<f64>::zeros(8);
    let operands = || -> [Operand<'_>; 3] { [2f64.into(), (&x).into(), (&y).into()] };
    // The first call makes the specialisation.
    axpy.call(&operands()).unwrap();

    let fresh = allocations(|| drop(axpy.call(&operands()).unwrap()));
    assert_eq!(fresh, 1);
    let array = allocations(|| drop(axpy.call_array::<f64>(&operands()).unwrap()));
    assert_eq!(array, 1);
    let given = allocations(|| {
        axpy.call_into(&operands(), &mut [view_mut(&mut out)])
            .unwrap();
    });
    assert_eq!(given, 0);
    assert_eq!(out, Array1::from_elem(8, 3.0));
}

#[test]
fn a_call_into_a_given_output_allocates_nothing() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let table = Array2::<f64>::from_shape_fn((6, 8), |(i, k)| (8 * i + k) as f64);
    let whole = Array1::<f64>::from_iter((0..16).map(f64::from));
    let (sparse, row) = (whole.slice(s![..;2]), whole.slice(s![..8]));
    let (numbers, one) = (Array1::<i32>::from_iter(0..8), arr0(3.0));
    let mut out = Array1::<f64>::zeros(8);
    let mut wide = Array2::<f64>::zeros((6, 8));
    for warm in [false, true] {
        let mut given = |inputs: &[Operand<'_>; 3]| {
            let count = allocations(|| {
                axpy.call_into(inputs, &mut [view_mut(&mut out)]).unwrap();
            });
            assert!(!warm || count == 0, "{count} allocations for {inputs:?}");
        };
        given(&[2f64.into(), (&row).into(), (&sparse).into()]);
        given(&[(&one).into(), (&row).into(), WeakScalar::Int(3).into()]);
        given(&[(&row).into(), (&numbers).into(), (&sparse).into()]);
        let (turned, short) = (table.t(), row.slice(s![..6]));
        let count = allocations(|| {
            let inputs = [(&row).into(), (&table).into(), 1f64.into()];
            axpy.call_into(&inputs, &mut [view_mut(&mut wide)]).unwrap();
            let inputs = [(&short).into(), (&turned).into(), 1f64.into()];
            let mut turned_out = wide.view_mut().reversed_axes();
            axpy.call_into(&inputs, &mut [view_mut(&mut turned_out)])
                .unwrap();
        });
        assert!(!warm || count == 0, "{count} allocations");
    }
}

#[test]
fn gufuncs_and_jit_functions_allocate_their_outputs_and_nothing_else() {
    let matmul = GUFunc::new(shared(matmul())).unwrap();
    let (a, b) = (Array2::<f64>::ones((3, 4)), Array2::<f64>::ones((4, 5)));
    let mut out = Array2::<f64>::zeros((3, 5));
    let mut inputs = [(&a).into(), (&b).into()];
    matmul.call(&mut inputs).unwrap();
    assert_eq!(allocations(|| drop(matmul.call(&mut inputs).unwrap())), 1);
    let given = allocations(|| {
        matmul
            .call_into(&mut inputs, &mut [view_mut(&mut out)])
            .unwrap();
    });
    assert_eq!((given, out), (0, Array2::from_elem((3, 5), 4.0)));

    let total = JitFunction::new(shared(total(false))).unwrap();
    let mut rows = Array1::<f64>::zeros(3);
    let mut operands = [(&a).into(), 0.5.into(), (&mut rows).into()];
    total.call(&mut operands).unwrap();
    assert_eq!(allocations(|| drop(total.call(&mut operands).unwrap())), 1);
}

/// A kernel that counts what it is asked.
struct Asked {
    host: Host,
    count: AtomicUsize,
}

impl Asked {
    fn count(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Specialise for Asked {
    fn meta(&self) -> &FunctionMeta {
        self.count();
        self.host.meta()
    }
    fn specialise(&self, types: &[DType]) -> Result<Arc<dyn Specialised>, Error> {
        self.count();
        self.host.specialise(types)
    }
    fn environment(&self) -> CallEnvironment<'_> {
        self.count();
        self.host.environment()
    }
}

#[test]
fn a_warm_call_asks_the_compiler_nothing() {
    let asked = Arc::new(Asked {
        host: axpy(Bound::Float),
        count: AtomicUsize::new(0),
    });
    let axpy = UFunc::new(asked.clone()).unwrap();
    let x = Array1::<f64>::ones(8);
    let halves = Array1::<f32>::ones(8);
    let calls = || {
        for operand in [(&x).into(), (&halves).into()] {
            let inputs: [Operand<'_>; 3] = [2f64.into(), (&x).into(), operand];
            axpy.call(&inputs).unwrap();
        }
    };
    calls();
    let before = asked.count.load(Ordering::Relaxed);
    // Each of the two sets of types was compiled.
    assert!(before >= 2);
    calls();
    assert_eq!(asked.count.load(Ordering::Relaxed), before);
}

#[test]
fn a_strided_call_allocates_its_output_and_nothing_else() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let x = Array2::<f64>::ones((50, 40));
    let turned = x.t();
    let y = Array1::<f64>::ones(50);
    let operands = || -> [Operand<'_>; 3] { [2f64.into(), (&turned).into(), (&y).into()] };
    axpy.call(&operands()).unwrap();
    assert_eq!(allocations(|| drop(axpy.call(&operands()).unwrap())), 1);
}

#[test]
fn a_small_converting_call_allocates_its_output_and_nothing_else() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let (x, y) = (Array1::<i32>::ones(8), Array1::<f64>::ones(8));
    let operands = || -> [Operand<'_>; 3] { [2f64.into(), (&x).into(), (&y).into()] };
    axpy.call(&operands()).unwrap();
    assert_eq!(allocations(|| drop(axpy.call(&operands()).unwrap())), 1);
}
