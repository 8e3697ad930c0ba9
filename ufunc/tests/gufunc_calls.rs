//! gufunc calls: core and loop dimensions, conversions, operands changed in place, given
//! outputs, and the exact texts of errors.

mod support;

use brolga_abi::{DType, Target};
use brolga_parallel::Pool;
use brolga_ufunc::{CallOptions, Casting, ErrorKind, ErrorLocation, GUFunc, view_mut};
use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView2, ShapeBuilder, array, s};
use proptest::prelude::*;
use support::kernels::{cross, div_rem, matmul, repeat, scale, shared};
use support::{Layout, Strided, indices};

fn function(host: support::Host) -> GUFunc {
    GUFunc::new(shared(host)).unwrap()
}

#[test]
fn core_dimensions_are_the_last_axes_and_loop_dimensions_broadcast() {
    let matmul = function(matmul());
    let a = Array3::from_shape_fn((4, 2, 3), |(l, i, j)| (l + 2 * i + 3 * j) as f64);
    let b = Array2::from_shape_fn((3, 5), |(i, j)| (i * 5 + j) as f64);
    let c: ArrayD<f64> = matmul.call_array(&mut [(&a).into(), (&b).into()]).unwrap();
    assert_eq!(c.shape(), [4, 2, 5]);
    for l in 0..4 {
        let slice: ArrayView2<'_, f64> = a.slice(s![l, .., ..]);
        let expected: Array2<f64> = slice.dot(&b);
        assert_eq!(c.slice(s![l, .., ..]), expected);
    }
}

#[test]
fn operands_of_other_types_and_layouts_are_converted_whole() {
    let matmul = function(matmul());
    let a: Array2<i8> = array![[1, 2], [3, 4]];
    let b: Array2<u16> = array![[5, 6], [7, 8]];
    // i8 and u16 promote to i32, for which there is no variant here; i64 with i8 is i64.
    let error = matmul.call(&mut [(&a).into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Compile);
    let b = b.mapv(i64::from);
    let turned = a.t();
    let mut narrow = Array2::<i16>::zeros((2, 2).f());
    let mut operands = [(&turned).into(), (&b).into()];
    matmul
        .call_into(&mut operands, &mut [view_mut(&mut narrow)])
        .unwrap();
    assert_eq!(narrow, array![[26, 30], [38, 44]]);
    let mut unsigned = Array2::<u8>::zeros((2, 2));
    let error = matmul
        .call_into(&mut operands, &mut [view_mut(&mut unsigned)])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "output 1 `c` has dtype u8, but the result is i64, which does not cast to it under the \
         rule `same_kind`"
    );
    let options = CallOptions::new()
        .output(view_mut(&mut unsigned))
        .casting(Casting::Unsafe);
    matmul.call_with(&mut operands, options).unwrap();
    assert_eq!(unsigned, array![[26, 30], [38, 44]]);
}

#[test]
fn an_operand_left_of_the_arrow_is_changed_in_place() {
    let scale = function(scale());
    let mut x = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    let w = array![10.0, 100.0, 1000.0];
    let outputs = scale.call(&mut [(&mut x).into(), (&w).into()]).unwrap();
    assert!(outputs.is_empty());
    assert_eq!(x, array![[10.0, 20.0], [300.0, 400.0], [5000.0, 6000.0]]);
    // Through a copy of another type, and back.
    let mut narrow = array![1.0f32, 2.0];
    scale.call(&mut [(&mut narrow).into(), 3i8.into()]).unwrap();
    assert_eq!(narrow, array![3.0, 6.0]);
}

#[test]
fn what_is_changed_must_be_writable_and_is_not_stretched() {
    let scale = function(scale());
    let x = array![1.0, 2.0];
    let error = scale.call(&mut [(&x).into(), 2f64.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(
        error.to_string(),
        "operand 1 `x` is changed by the kernel, but was given as read-only"
    );
    let mut x = x;
    let w = array![2.0, 3.0];
    let error = scale.call(&mut [(&mut x).into(), (&w).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutputShape);
    assert_eq!(
        error.to_string(),
        "operand 1 `x` has loop shape [], but the operands broadcast to loop shape [2]"
    );
    let mut integers = array![1i64, 2];
    let error = scale
        .call(&mut [(&mut integers).into(), 2f64.into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Casting);
}

#[test]
fn fixed_dimensions_must_have_their_size() {
    let cross = function(cross());
    let a = array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    let b = array![0.0, 0.0, 1.0];
    let c: ArrayD<f64> = cross.call_array(&mut [(&a).into(), (&b).into()]).unwrap();
    assert_eq!(c, array![[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]].into_dyn());
    let short = array![1.0, 2.0];
    let error = cross.call(&mut [(&short).into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CoreDimension);
    assert_eq!(
        error.to_string(),
        "core dimension `3` is 2 in operand 1 `a`, but has a fixed size; signature (3),(3)->(3)"
    );
}

#[test]
fn core_dimensions_that_disagree_are_named_with_both_operands() {
    let matmul = function(matmul());
    let (a, b) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((4, 5)));
    let error = matmul.call(&mut [(&a).into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CoreDimension);
    assert_eq!(
        error.to_string(),
        "core dimension `n` is 4 in operand 2 `b`, but 3 in operand 1 `a`; signature \
         (m,n),(n,p)->(m,p)"
    );
    let b = Array2::<f64>::zeros((3, 5));
    let mut c = Array2::<f64>::zeros((2, 1));
    let error = matmul
        .call_into(&mut [(&a).into(), (&b).into()], &mut [view_mut(&mut c)])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "core dimension `p` is 1 in output 1 `c`, but 5 in operand 2 `b`; signature \
         (m,n),(n,p)->(m,p)"
    );
}

#[test]
fn missing_axes_and_loop_shapes_that_disagree_are_errors() {
    let matmul = function(matmul());
    let row = Array1::<f64>::zeros(3);
    let b = Array3::<f64>::zeros((2, 3, 3));
    let error = matmul.call(&mut [(&row).into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Dimensions);
    assert_eq!(
        error.to_string(),
        "operand 1 `a` has 1 axis, but the signature (m,n),(n,p)->(m,p) wants at least 2"
    );
    let a = Array3::<f64>::zeros((5, 3, 3));
    let error = matmul.call(&mut [(&a).into(), (&b).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Broadcast);
    assert_eq!(
        error.to_string(),
        "operands could not be broadcast together: operand 1 `a` has loop shape [5], operand 2 \
         `b` has loop shape [2]"
    );
}

#[test]
fn a_size_that_no_input_gives_needs_a_given_output() {
    let repeat = function(repeat());
    let x = array![1.0, 2.0];
    let error = repeat.call(&mut [(&x).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CoreDimension);
    assert_eq!(
        error.to_string(),
        "core dimension `n` of output 1 `out` follows from no input, so the output must be given; \
         signature ()->(n)"
    );
    // The kernel sees the old values of a given output, converted ones too.
    let mut out = array![[0.0, 10.0, 20.0], [30.0, 40.0, 50.0]];
    repeat
        .call_into(&mut [(&x).into()], &mut [view_mut(&mut out)])
        .unwrap();
    assert_eq!(out, array![[1.0, 11.0, 21.0], [32.0, 42.0, 52.0]]);
    let mut narrow = array![[1.0f32, 2.0], [3.0, 4.0]];
    repeat
        .call_into(&mut [(&x).into()], &mut [view_mut(&mut narrow)])
        .unwrap();
    assert_eq!(narrow, array![[2.0, 3.0], [5.0, 6.0]]);
}

#[test]
fn empty_loops_call_nothing_and_empty_cores_are_called() {
    let matmul = function(matmul());
    let (a, b) = (
        Array3::<f64>::zeros((0, 2, 3)),
        Array2::<f64>::zeros((3, 4)),
    );
    let c: ArrayD<f64> = matmul.call_array(&mut [(&a).into(), (&b).into()]).unwrap();
    assert_eq!(c.shape(), [0, 2, 4]);
    let (a, b) = (Array2::<f64>::zeros((2, 0)), Array2::<f64>::zeros((0, 4)));
    let c: ArrayD<f64> = matmul.call_array(&mut [(&a).into(), (&b).into()]).unwrap();
    assert_eq!(c, Array2::<f64>::zeros((2, 4)).into_dyn());
}

#[test]
fn a_panic_names_the_callee_the_numbers_and_the_first_loop_element() {
    let mut x = Array3::<f64>::ones((3, 4, 2));
    let mut w = Array2::<f64>::ones((3, 4).f());
    for index in [[2, 0], [1, 2], [1, 3]] {
        w[index] = f64::NAN;
    }
    for threads in [1, 3] {
        let mut host = scale().on_threads(threads);
        host.meta.options.target = Target::Parallel;
        host.cost = 1_000_000;
        let scale = function(host);
        let error = scale.call(&mut [(&mut x).into(), (&w).into()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KernelPanic);
        assert_eq!(
            error.to_string(),
            "kernel `scale` panicked in `pick` at kernels.rs:20:5: index out of bounds: the length \
             of axis 1 is 5 but the index is 7 (element [1, 2])"
        );
        assert_eq!(
            error.location(),
            &ErrorLocation::Element([1, 2].as_slice().into())
        );
    }
}

#[test]
fn descriptions_that_do_not_follow_the_signature_are_refused() {
    let mut host = cross();
    host.meta.params.pop();
    let error = GUFunc::new(shared(host)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Kernel);
    assert_eq!(
        error.to_string(),
        "the parameters of `cross` do not follow its signature (3),(3)->(3): expected one for \
         each operand, with as many axes, and mutable views for the outputs"
    );
    let error = GUFunc::new(shared(div_rem())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`div_rem` is not a gufunc: it is not marked #[guvectorize]"
    );
}

fn layout() -> impl Strategy<Value = Layout> {
    let gap = prop::array::uniform6(0..2u8);
    let shift = prop_oneof![2 => Just(0usize), 1 => 1..8usize];
    (any::<[u8; 6]>(), any::<[bool; 6]>(), gap, shift).prop_map(|(order, flip, gap, shift)| {
        Layout {
            order,
            flip,
            gap,
            shift,
            ..Layout::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn products_of_any_layout_are_what_the_naive_loop_finds(
        (m, n, p) in (0..4usize, 0..4usize, 0..4usize),
        lengths in prop::collection::vec(0..4usize, 0..3),
        single in any::<[bool; 4]>(),
        types in prop::array::uniform2(prop::sample::select(vec![DType::F64, DType::F32, DType::I32])),
        layouts in prop::array::uniform3(layout()),
        output in prop::sample::select(vec![None, Some(DType::F64), Some(DType::F32)]),
        parallel in any::<bool>(),
    ) {
        prop_assume!(types.contains(&DType::F64) || types == [DType::F32, DType::I32]);
        let ndim = lengths.len();
        let shape_of = |operand: usize, core: [usize; 2]| -> Vec<usize> {
            let own = (0..ndim).map(|axis| if single[2 * operand + axis % 2] { 1 } else { lengths[axis] });
            own.chain(core).collect()
        };
        let mut a = Strided::new(types[0], &shape_of(0, [m, n]), &layouts[0]);
        let mut b = Strided::new(types[1], &shape_of(1, [n, p]), &layouts[1]);
        for (array, factor) in [(&mut a, 3), (&mut b, 5)] {
            for (k, index) in indices(&array.shape.clone()).iter().enumerate() {
                array.set(index, (k * factor % 11) as f64 - 5.0);
            }
        }
        let loops = brolga_ufunc::broadcast_shapes(&[&a.shape[..ndim], &b.shape[..ndim]]).unwrap();
        let whole: Vec<usize> = loops.iter().copied().chain([m, p]).collect();
        let mut given = output.map(|dtype| Strided::new(dtype, &whole, &layouts[2]));

        let mut host = matmul();
        host.cost = 100_000;
        let matmul = function(host);
        let pool = Pool::builder().threads(2).build().unwrap();
        let mut options = CallOptions::new().pool(&pool);
        if parallel {
            options = options.target(Target::Parallel);
        }
        if let Some(array) = &mut given {
            options = options.output(array.view_mut());
        }
        let outputs = matmul.call_with(&mut [a.view().into(), b.view().into()], options).unwrap();
        let found = match &given {
            Some(array) => array.values(),
            None => outputs.get(0).unwrap().as_slice::<f64>().unwrap().to_vec(),
        };
        let mut expected = Vec::new();
        for index in indices(&whole) {
            let (lead, core) = index.split_at(ndim);
            let at = |array: &Strided, i: usize, j: usize| {
                array.get_broadcast(&[lead, &[i, j]].concat())
            };
            // A core dimension of 1 is looked up as it is.
            expected.push((0..n).map(|k| at(&a, core[0], k) * at(&b, k, core[1])).sum::<f64>());
        }
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(found == expected, "{} instead of {}", found, expected);
        }
    }
}
