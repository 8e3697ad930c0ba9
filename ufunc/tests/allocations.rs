//! How often a call allocates: a contiguous ufunc call only for its output.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use brolga_abi::Bound;
use brolga_ufunc::{Operand, UFunc, view_mut};
use ndarray::{Array1, Array2};
use support::kernels::{axpy, shared};

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
