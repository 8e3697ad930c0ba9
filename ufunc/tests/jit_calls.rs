//! Calls of `#[jit]` functions: operands as they are, results as numbers.

mod support;

use brolga_abi::DType;
use brolga_ufunc::{CallOptions, ErrorKind, ErrorLocation, JitFunction, WeakScalar};
use ndarray::{Array1, Array2, ShapeBuilder, array, s};
use support::kernels::{double, shared, total};

fn function(parallel: bool) -> JitFunction {
    JitFunction::new(shared(total(parallel))).unwrap()
}

#[test]
fn views_go_in_as_they_are_and_numbers_come_out() {
    let total = function(false);
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let columns_first = {
        let mut other = Array2::zeros((2, 3).f());
        other.assign(&x);
        other
    };
    let reversed = x.slice(s![..;-1, ..;-1]);
    for (view, rows) in [
        ((&x).into(), [6.0, 15.0]),
        ((&columns_first).into(), [6.0, 15.0]),
        ((&reversed).into(), [15.0, 6.0]),
    ] {
        let mut sums = Array1::<f64>::zeros(2);
        let mut operands = [view, WeakScalar::Int(100).into(), (&mut sums).into()];
        let outputs = total.call(&mut operands).unwrap();
        let sum = outputs.into_single().unwrap();
        assert_eq!(sum.shape(), &[] as &[usize]);
        assert_eq!(sum.scalar(), Some(121.0));
        assert_eq!(sums.to_vec(), rows);
    }
}

#[test]
fn views_that_are_only_read_are_converted_and_written_ones_are_not() {
    let total = function(false);
    let x = array![[1i16, 2], [3, 4]];
    let mut rows = Array1::<f64>::zeros(2);
    let mut operands = [(&x).into(), 0u8.into(), (&mut rows).into()];
    let sum = total.call(&mut operands).unwrap().into_single().unwrap();
    assert_eq!(sum.scalar(), Some(10.0));
    assert_eq!(rows, array![3.0, 7.0]);

    let mut narrow = Array1::<f32>::zeros(2);
    let mut operands = [(&x).into(), 0f64.into(), (&mut narrow).into()];
    let error = total.call(&mut operands).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DType);
    assert_eq!(
        error.to_string(),
        "operand 3 `rows` is f32, but the kernel takes f64 here; a view that it changes must have \
         exactly this type"
    );
    let rows = Array1::<f64>::zeros(2);
    let mut operands = [(&x).into(), 0f64.into(), (&rows).into()];
    let error = total.call(&mut operands).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
}

#[test]
fn a_misaligned_written_view_gets_its_values_back() {
    let total = function(false);
    let x = Array2::<f64>::ones((2, 2));
    let layout = support::Layout {
        shift: 3,
        ..Default::default()
    };
    let mut rows = support::Strided::new(DType::F64, &[2], &layout);
    let mut operands = [(&x).into(), 0f64.into(), rows.view_mut().into()];
    total.call(&mut operands).unwrap();
    assert_eq!(rows.values(), [2.0, 2.0]);
}

#[test]
fn axes_must_be_as_many_as_the_parameter_has() {
    let total = function(false);
    let flat = array![1.0, 2.0];
    let mut rows = Array1::<f64>::zeros(2);
    let mut operands = [(&flat).into(), 0f64.into(), (&mut rows).into()];
    let error = total.call(&mut operands).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Dimensions);
    assert_eq!(
        error.to_string(),
        "operand 1 `x` has shape [2], but `total` wants 2 axes"
    );
    let x = Array2::<f64>::ones((2, 2));
    let mut operands = [(&x).into(), (&flat).into(), (&mut rows).into()];
    let error = total.call(&mut operands).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operand 2 `bias` has shape [2], but `total` wants a number"
    );
}

#[test]
fn errors_name_the_loop_variable_of_a_parallel_loop_only() {
    let x = array![[1.0, 2.0], [f64::NAN, 0.0]];
    let panicked = "kernel `total` panicked at kernels.rs:30:5: row is NaN";
    for (parallel, text, location) in [
        (false, panicked.to_string(), ErrorLocation::None),
        (
            true,
            format!("{panicked} (loop variable 1)"),
            ErrorLocation::LoopVariable(1),
        ),
    ] {
        let mut rows = Array1::<f64>::zeros(2);
        let mut operands = [(&x).into(), 0f64.into(), (&mut rows).into()];
        let error = function(parallel).call(&mut operands).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
        assert_eq!((error.to_string(), error.location()), (text, &location));
    }
    // Outside of the loop there is no loop variable.
    let x = Array2::<f64>::ones((3, 1));
    let mut rows = Array1::<f64>::zeros(2);
    let mut operands = [(&x).into(), 0f64.into(), (&mut rows).into()];
    let error = function(true).call(&mut operands).unwrap_err();
    assert_eq!(
        error.to_string(),
        "kernel `total` panicked at kernels.rs:31:5: index out of bounds: the length of axis 0 is \
         2 but the index is 2"
    );
}

#[test]
fn there_are_no_outputs_to_give_and_operands_are_counted() {
    let total = function(false);
    let error = total.call(&mut [1f64.into()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`total` takes 3 operands, but 1 were given"
    );
    let options = CallOptions::new().allocate_output();
    let error = total.call_with(&mut [1f64.into()], options).unwrap_err();
    assert_eq!(error.to_string(), "`total` has 0 outputs, but 1 were given");
    let error = JitFunction::new(shared(double())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Kernel);
    assert_eq!(error.to_string(), "`double` is not marked #[jit]");
}
