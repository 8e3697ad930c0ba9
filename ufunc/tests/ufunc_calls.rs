//! ufunc calls as users make them: ndarray arrays in and out, several outputs, given
//! outputs, 0-d and empty arrays, and the exact texts of errors.

mod support;

use brolga_abi::{Bound, DType, RawView, Target};
use brolga_parallel::Pool;
use brolga_ufunc::{
    CallOptions, Casting, ErrorKind, ErrorLocation, Operand, Scalar, UFunc, WeakScalar, view_mut,
};
use ndarray::{Array1, Array2, ArrayD, ShapeBuilder, arr0, array, s};
use support::kernels::{axpy, cross, div_rem, double, mixed, shared};

fn function(host: support::Host) -> UFunc {
    UFunc::new(shared(host)).unwrap()
}

#[test]
fn ndarray_arrays_go_in_and_come_out() {
    let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let y = array![10.0, 20.0, 30.0];
    let a = WeakScalar::Int(2);
    let axpy = function(axpy(Bound::Float));
    let sum: ArrayD<f64> = axpy
        .call_array(&[a.into(), (&x).into(), (&y).into()])
        .unwrap();
    assert_eq!(
        sum,
        array![[12.0, 24.0, 36.0], [18.0, 30.0, 42.0]].into_dyn()
    );
    // Views with other strides, dynamic dimensions, and slices.
    let turned = x.t();
    let every = turned.slice(s![..;2, ..]);
    let sum: ArrayD<f64> = axpy
        .call_array(&[1f64.into(), (&every).into(), (&[100.0, 200.0][..]).into()])
        .unwrap();
    assert_eq!(sum, array![[101.0, 204.0], [103.0, 206.0]].into_dyn());
    let dynamic = x.clone().into_dyn();
    let sum: ArrayD<f64> = axpy
        .call_array(&[1f64.into(), (&dynamic).into(), 0f64.into()])
        .unwrap();
    assert_eq!(sum, dynamic);
}

#[test]
fn isize_and_usize_are_64_bit_integers() {
    let div_rem = function(div_rem());
    let a: Array1<isize> = array![7, -7];
    let outputs = div_rem.call(&[(&a).into(), 2i8.into()]).unwrap();
    assert_eq!(outputs.get(0).unwrap().dtype(), DType::I64);
    let mut outputs = outputs.into_iter();
    let quotient: ArrayD<isize> = outputs.next().unwrap().into_array().unwrap();
    let remainder: ArrayD<i64> = outputs.next().unwrap().into_array().unwrap();
    assert_eq!(quotient, array![3isize, -3].into_dyn());
    assert_eq!(remainder, array![1i64, -1].into_dyn());
    assert_eq!(Scalar::new(5usize).dtype(), DType::U64);
}

#[test]
fn zero_dimensional_operands_give_zero_dimensional_outputs() {
    let double = function(double());
    for operand in [Operand::from(&arr0(2.5)), Operand::from(2.5f64)] {
        let result = double.call(&[operand]).unwrap().into_single().unwrap();
        assert_eq!(result.shape(), &[] as &[usize]);
        assert_eq!(result.scalar(), Some(5.0));
    }
    let ones = Array2::<f64>::ones((1, 1));
    let result = double
        .call(&[(&ones).into()])
        .unwrap()
        .into_single()
        .unwrap();
    assert_eq!(
        (result.shape(), result.scalar::<f64>()),
        (&[1, 1][..], None)
    );
    assert_eq!(result.as_slice(), Some(&[2.0][..]));
}

#[test]
fn a_single_element_with_more_axes_gives_the_result_its_axes() {
    let axpy = function(axpy(Bound::Float));
    let (x, one) = (array![1.0, 2.0, 3.0], Array2::<f64>::ones((1, 1)));
    let sum = axpy
        .call(&[2f64.into(), (&x).into(), (&one).into()])
        .unwrap();
    let sum = sum.into_single().unwrap();
    assert_eq!(sum.shape(), [1, 3]);
    assert_eq!(sum.as_slice(), Some(&[3.0, 5.0, 7.0][..]));
}

#[test]
fn empty_operands_give_empty_outputs_without_a_call() {
    // A division by zero for every element, but there is none.
    let div_rem = function(div_rem());
    for shape in [vec![0], vec![3, 0, 2], vec![0, 1]] {
        let a = ArrayD::<i64>::zeros(shape.clone());
        let outputs = div_rem.call(&[(&a).into(), 0i64.into()]).unwrap();
        assert_eq!(outputs.get(1).unwrap().shape(), &shape[..]);
        let quotient: ArrayD<i64> = outputs.into_iter().next().unwrap().into_array().unwrap();
        assert_eq!(quotient.shape(), &shape[..]);
    }
    let (row, column) = (Array2::<i64>::zeros((1, 0)), Array2::<i64>::zeros((4, 1)));
    let outputs = div_rem.call(&[(&row).into(), (&column).into()]).unwrap();
    assert_eq!(outputs.get(0).unwrap().shape(), [4, 0]);
}

#[test]
fn given_outputs_take_any_layout_and_types_of_the_same_kind() {
    let double = function(double());
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    let mut column_major = Array2::<f64>::zeros((2, 2).f());
    double
        .call_into(&[(&x).into()], &mut [view_mut(&mut column_major)])
        .unwrap();
    assert_eq!(column_major, array![[2.0, 4.0], [6.0, 8.0]]);
    let mut narrow = Array2::<f32>::zeros((2, 2));
    double
        .call_into(&[(&x).into()], &mut [view_mut(&mut narrow)])
        .unwrap();
    assert_eq!(narrow, array![[2.0, 4.0], [6.0, 8.0]]);
    let mut integers = Array2::<i8>::zeros((2, 2));
    let error = double
        .call_into(&[(&x).into()], &mut [view_mut(&mut integers)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Casting);
    assert_eq!(
        error.to_string(),
        "output 1 has dtype i8, but the result is f64, which does not cast to it under the rule \
         `same_kind`"
    );
    let options = CallOptions::new()
        .output(view_mut(&mut integers))
        .casting(Casting::Unsafe);
    double.call_with(&[(&x).into()], options).unwrap();
    assert_eq!(integers, array![[2, 4], [6, 8]]);
}

#[test]
fn one_of_two_outputs_may_be_given() {
    let mixed = function(mixed(false));
    let mut second = Array1::<i64>::zeros(2);
    let options = CallOptions::new()
        .allocate_output()
        .output(view_mut(&mut second));
    let a = array![1.0, 2.0];
    let outputs = mixed
        .call_with(&[(&a).into(), 3i32.into()], options)
        .unwrap();
    assert_eq!(outputs.len(), 2);
    assert!(outputs.get(1).is_none());
    let first: ArrayD<f64> = outputs.into_array().unwrap();
    assert_eq!(first, array![5.0, 7.0].into_dyn());
    assert_eq!(second, array![-2, -1]);
}

#[test]
fn shapes_that_do_not_broadcast_are_named_with_their_operands() {
    let axpy = function(axpy(Bound::Float));
    let (x, y) = (Array1::<f64>::zeros(3), Array1::<f64>::zeros(4));
    let error = axpy
        .call(&[1f64.into(), (&x).into(), (&y).into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Broadcast);
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together: operand 2 `x` has shape [3], operand 3 `y` has \
         shape [4]"
    );
}

#[test]
fn outputs_must_have_exactly_the_broadcast_shape() {
    let double = function(double());
    let x = array![1.0, 2.0, 3.0];
    for shape in [vec![1, 3], vec![4], vec![1], vec![]] {
        let mut output = ArrayD::<f64>::zeros(shape.clone());
        let error = double
            .call_into(&[(&x).into()], &mut [view_mut(&mut output)])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutputShape);
        assert_eq!(
            error.to_string(),
            format!("output 1 has shape {shape:?}, but the operands broadcast to shape [3]")
        );
    }
    // An output does not stretch the inputs.
    let one = array![1.0];
    let mut output = Array1::<f64>::zeros(3);
    let error = double
        .call_into(&[(&one).into()], &mut [view_mut(&mut output)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutputShape);
}

#[test]
fn counts_of_operands_and_outputs_are_checked() {
    let double = function(double());
    let error = double.call(&[1f64.into(), 2f64.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ArgumentCount);
    assert_eq!(
        error.to_string(),
        "`double` takes 1 operand, but 2 were given"
    );
    let error = double.call_into(&[1f64.into()], &mut []).unwrap_err();
    assert_eq!(error.to_string(), "`double` has 1 output, but 0 were given");
    let options = CallOptions::new().allocate_output().allocate_output();
    let error = double.call_with(&[1f64.into()], options).unwrap_err();
    assert_eq!(error.to_string(), "`double` has 1 output, but 2 were given");
    let error = function(div_rem())
        .call_array::<i64>(&[1i64.into(), 2i64.into()])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "one output was expected, but the call allocated 2"
    );
    let error = double.call_array::<f32>(&[1f64.into()]).unwrap_err();
    assert_eq!(error.to_string(), "the array has dtype f64, not f32");
}

#[test]
fn a_kernel_of_another_kind_is_refused() {
    let error = UFunc::new(shared(cross())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Kernel);
    assert_eq!(
        error.to_string(),
        "`cross` is not a ufunc: it is not marked #[vectorize]"
    );
}

#[test]
fn a_panic_names_the_kernel_the_line_and_the_first_failing_element() {
    let div_rem = function(div_rem());
    let mut b = Array2::<i64>::ones((4, 5));
    b[[3, 4]] = 0;
    b[[3, 1]] = 0;
    let error = div_rem.call(&[10i64.into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KernelPanic);
    assert_eq!(
        error.to_string(),
        "kernel `div_rem` panicked at kernels.rs:12:5: attempt to divide by zero (element [3, 1])"
    );
    assert_eq!(
        error.location(),
        &ErrorLocation::Element([3, 1].as_slice().into())
    );
    assert_eq!(error.site().unwrap().line, 12);
    let error = div_rem
        .call(&[i64::MIN.into(), (-1i64).into()])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "kernel `div_rem` panicked at kernels.rs:12:5: attempt to divide with overflow"
    );
}

#[test]
fn the_first_failing_element_is_the_lowest_in_c_order_for_any_layout_and_thread_count() {
    let (rows, columns) = (300, 700);
    let bad = [[250, 3], [17, 650], [17, 651], [299, 0]];
    for threads in [1, 2, 3, 7] {
        let mut host = div_rem().on_threads(threads);
        host.meta.options.target = Target::Parallel;
        host.cost = 50;
        let div_rem = function(host);
        let c_order = Array2::<i64>::ones((rows, columns));
        let f_order = Array2::<i64>::ones((rows, columns).f());
        for mut b in [c_order, f_order] {
            for index in bad {
                b[index] = 0;
            }
            let narrow = b.mapv(|v| v as i8);
            for operand in [Operand::from(&b), Operand::from(&narrow)] {
                let error = div_rem.call(&[1i64.into(), operand]).unwrap_err();
                assert_eq!(
                    error.location(),
                    &ErrorLocation::Element([17, 650].as_slice().into()),
                    "{threads} threads"
                );
            }
            let reversed = b.slice(s![..;-1, ..;-1]);
            let error = div_rem
                .call(&[1i64.into(), (&reversed).into()])
                .unwrap_err();
            assert_eq!(
                error.location(),
                &ErrorLocation::Element([0, 699].as_slice().into())
            );
        }
    }
}

#[test]
fn after_an_error_given_outputs_hold_results_or_their_old_values() {
    let div_rem = function(div_rem());
    let b = Array1::from_iter((0..5000i64).map(|k| if k == 3000 { 0 } else { 2 }));
    let mut quotient = Array1::<i64>::from_elem(5000, -9);
    let mut remainder = Array1::<i32>::from_elem(5000, -9);
    let error = div_rem
        .call_into(
            &[7i64.into(), (&b).into()],
            &mut [view_mut(&mut quotient), view_mut(&mut remainder)],
        )
        .unwrap_err();
    assert_eq!(
        error.location(),
        &ErrorLocation::Element([3000].as_slice().into())
    );
    for k in 0..5000 {
        assert!(
            [3, -9].contains(&quotient[k]),
            "quotient {k} is {}",
            quotient[k]
        );
        assert!(
            [1, -9].contains(&remainder[k]),
            "remainder {k} is {}",
            remainder[k]
        );
    }
    assert_eq!((quotient[0], remainder[0]), (3, 1));
    assert_eq!((quotient[3000], remainder[3000]), (-9, -9));
}

#[test]
fn parallel_results_do_not_depend_on_the_thread_count() {
    let x = Array2::from_shape_fn((400, 500), |(i, j)| (i * 500 + j) as f32 / 7.0);
    let y = Array1::from_iter((0..500).map(|k| f64::from(k) * 0.1));
    let axpy = function(axpy(Bound::Float));
    let operands = [3i16.into(), (&x).into(), (&y).into()];
    let serial: ArrayD<f64> = axpy.call_array(&operands).unwrap();
    for threads in [1, 2, 5] {
        let pool = Pool::builder().threads(threads).build().unwrap();
        let options = CallOptions::new().target(Target::Parallel).pool(&pool);
        let parallel: ArrayD<f64> = axpy
            .call_with(&operands, options)
            .unwrap()
            .into_array()
            .unwrap();
        assert_eq!(parallel, serial);
        assert_eq!(pool.is_started(), threads > 1);
    }
}

#[test]
fn a_shape_too_large_for_memory_is_an_error() {
    let double = function(double());
    let element = 1.0f64;
    // More than any address space holds, however freely memory is promised.
    let huge = 1usize << 46;
    for (shape, kind) in [
        ([huge, 1, 1], ErrorKind::OutOfMemory),
        ([huge, huge, 1], ErrorKind::Broadcast),
        ([1 << 21, 1 << 20, 1 << 20], ErrorKind::OutOfMemory),
    ] {
        // SAFETY: all strides are 0, so only one element is ever read.
        let view =
            unsafe { RawView::new((&raw const element).cast(), DType::F64, &shape, &[0, 0, 0]) };
        let error = double.call(&[view.into()]).unwrap_err();
        assert_eq!(error.kind(), kind, "{shape:?}: {error}");
    }
}

#[test]
fn outputs_are_inputs_of_the_next_call() {
    let double = function(double());
    let x = Array2::<f64>::ones((1, 3));
    let once = double.call(&[(&x).into()]).unwrap().into_single().unwrap();
    let twice: ArrayD<f64> = double.call_array(&[(&once).into()]).unwrap();
    assert_eq!(twice, Array2::from_elem((1, 3), 4.0).into_dyn());
}

#[test]
fn callables_buffers_and_errors_may_go_to_other_threads() {
    fn check<T: Send + Sync>() {}
    check::<UFunc>();
    check::<brolga_ufunc::GUFunc>();
    check::<brolga_ufunc::JitFunction>();
    check::<brolga_ufunc::ArrayBuffer>();
    check::<brolga_ufunc::Error>();
}

#[test]
fn arrays_of_many_axes_keep_their_shape() {
    let double = function(double());
    let shape = vec![2, 1, 3, 1, 2, 1, 2];
    let x = ArrayD::<f64>::from_shape_fn(shape.clone(), |index| (index[0] * 10 + index[6]) as f64);
    let y: ArrayD<f64> = double.call_array(&[(&x).into()]).unwrap();
    assert_eq!(y.shape(), shape);
    assert_eq!(y, x.mapv(|v| v + v));
    let turned = x.t();
    let y: ArrayD<f64> = double.call_array(&[(&turned).into()]).unwrap();
    assert_eq!(y, turned.mapv(|v| v + v));
}
