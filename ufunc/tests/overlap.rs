//! Outputs that share memory with inputs, with each other, or with themselves.

mod support;

use brolga_abi::{Bound, DType, RawView, RawViewMut};
use brolga_ufunc::{CallOptions, ErrorKind, GUFunc, Operand, UFunc};
use support::kernels::{axpy, cross, double, matmul, mixed, scale, shared, total};

/// A view of part of a buffer: first element, number of elements and step, in elements.
type Part = (usize, usize, isize);

fn raw<'a>(buffer: *mut f64, (first, count, step): Part) -> RawView<'a> {
    // SAFETY: every test keeps its parts inside of its buffer, which it keeps alive.
    unsafe { RawView::new(buffer.add(first).cast(), DType::F64, &[count], &[step * 8]) }
}

fn raw_mut<'a>(buffer: *mut f64, (first, count, step): Part) -> RawViewMut<'a> {
    // SAFETY: as above; sharing memory is what these tests are about.
    unsafe { RawViewMut::new(buffer.add(first).cast(), DType::F64, &[count], &[step * 8]) }
}

fn places((first, count, step): Part) -> Vec<usize> {
    (0..count as isize)
        .map(|k| (first as isize + k * step) as usize)
        .collect()
}

/// Every part of six elements of a buffer of 24, with steps -2 to 2 but 0.
fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    for step in [-2isize, -1, 1, 2] {
        for first in 0..24isize {
            if (0..24).contains(&(first + 5 * step)) {
                parts.push((first as usize, 6, step));
            }
        }
    }
    parts
}

#[test]
fn an_output_that_overlaps_inputs_gets_what_separate_memory_would() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let mut calls = 0;
    for output in parts() {
        for x in parts() {
            let y: Part = (12, 6, 1);
            let mut buffer: Vec<f64> = (0..24).map(f64::from).collect();
            let mut expected = buffer.clone();
            for k in 0..6 {
                let (x, y) = (places(x)[k] as f64, places(y)[k] as f64);
                expected[places(output)[k]] = 2.0 * x + y;
            }
            let memory = buffer.as_mut_ptr();
            let operands = [2f64.into(), raw(memory, x).into(), raw(memory, y).into()];
            axpy.call_into(&operands, &mut [raw_mut(memory, output)])
                .unwrap();
            assert_eq!(buffer, expected, "x {x:?}, output {output:?}");
            calls += 1;
        }
    }
    assert!(calls > 3000);
}

#[test]
fn an_output_of_another_type_may_lie_over_its_input() {
    // f64 elements and f32 elements of the same memory: copied, never half converted.
    let double = UFunc::new(shared(double())).unwrap();
    for first in 0..4usize {
        let mut buffer: Vec<f64> = (0..8).map(f64::from).collect();
        let memory = buffer.as_mut_ptr();
        // SAFETY: 8 elements of 4 bytes from byte 8 * `first` on lie inside of the buffer.
        let output = unsafe { RawViewMut::new(memory.add(first).cast(), DType::F32, &[8], &[4]) };
        let input = raw(memory, (0, 8, 1));
        double.call_into(&[input.into()], &mut [output]).unwrap();
        let found: Vec<f32> = (0..8)
            // SAFETY: as above.
            .map(|k| unsafe { memory.add(first).cast::<f32>().add(k).read() })
            .collect();
        assert_eq!(found, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
    }
}

#[test]
fn a_single_input_element_inside_of_the_output_is_read_first() {
    let axpy = UFunc::new(shared(axpy(Bound::Float))).unwrap();
    let mut buffer = vec![1.0, 2.0, 3.0, 4.0];
    let memory = buffer.as_mut_ptr();
    let whole = (0, 4, 1);
    let factor = raw(memory, (2, 1, 1));
    let operands = [factor.into(), raw(memory, whole).into(), 0f64.into()];
    axpy.call_into(&operands, &mut [raw_mut(memory, whole)])
        .unwrap();
    assert_eq!(buffer, [3.0, 6.0, 9.0, 12.0]);
}

#[test]
fn a_broadcast_input_that_is_a_row_of_the_output_is_copied() {
    let double = UFunc::new(shared(double())).unwrap();
    let mut buffer: Vec<f64> = (0..6).map(f64::from).collect();
    let memory = buffer.as_mut_ptr();
    // SAFETY: both are inside of the buffer.
    let (row, whole) = unsafe {
        (
            RawView::new(memory.cast(), DType::F64, &[2, 3], &[0, 8]),
            RawViewMut::new(memory.cast(), DType::F64, &[2, 3], &[24, 8]),
        )
    };
    double.call_into(&[row.into()], &mut [whole]).unwrap();
    assert_eq!(buffer, [0.0, 2.0, 4.0, 0.0, 2.0, 4.0]);
}

#[test]
fn an_output_that_overlaps_itself_is_refused() {
    let double = UFunc::new(shared(double())).unwrap();
    let mut buffer = vec![0.0f64; 16];
    let memory = buffer.as_mut_ptr();
    // SAFETY: all layouts reach 16 elements at most.
    let output = |shape: &[usize], strides: &[isize]| unsafe {
        RawViewMut::new(memory.cast(), DType::F64, shape, strides)
    };
    for (shape, strides, refused) in [
        (vec![4], vec![0isize], true),
        (vec![4], vec![4], true),
        (vec![3, 3], vec![8, 8], true),
        (vec![2, 3], vec![8, 16], false),
        (vec![3, 2], vec![16, 24], false),
        (vec![3, 4], vec![16, 24], false),
        (vec![4, 4], vec![16, 24], true),
        (vec![2, 2], vec![8, 16], false),
        (vec![1, 4], vec![0, 8], false),
        (vec![0, 4], vec![0, 0], false),
    ] {
        let input = ndarray::ArrayD::<f64>::ones(shape.clone());
        let found = double.call_into(&[(&input).into()], &mut [output(&shape, &strides)]);
        assert_eq!(
            found.is_err(),
            refused,
            "shape {shape:?}, strides {strides:?}"
        );
        if let Err(error) = found {
            assert_eq!(error.kind(), ErrorKind::Overlap);
            assert_eq!(
                error.to_string(),
                format!(
                    "output 1 overlaps itself: two of its elements share memory (shape \
                     {shape:?}, strides {strides:?} bytes), so it cannot be written"
                )
            );
        }
    }
}

#[test]
fn outputs_that_overlap_each_other_are_refused() {
    let mixed = UFunc::new(shared(mixed(false))).unwrap();
    let mut buffer = vec![0.0f64; 8];
    let memory = buffer.as_mut_ptr();
    for (offset, refused) in [(0, true), (3, true), (4, false)] {
        // SAFETY: both are inside of the buffer.
        let second = unsafe { RawViewMut::new(memory.add(offset).cast(), DType::I64, &[4], &[8]) };
        let options = CallOptions::new()
            .output(raw_mut(memory, (0, 4, 1)))
            .output(second);
        let input = ndarray::Array1::<f64>::ones(4);
        let found = mixed.call_with(&[(&input).into(), 1i32.into()], options);
        assert_eq!(found.is_err(), refused, "offset {offset}");
        if let Err(error) = found {
            assert_eq!(
                error.to_string(),
                "output 1 and output 2 overlap in memory, but both are written"
            );
        }
    }
}

#[test]
fn a_gufunc_copies_inputs_that_its_output_overlaps() {
    let cross = GUFunc::new(shared(cross())).unwrap();
    // Even the very same memory: the kernel reads after it has written.
    let mut buffer = vec![1.0, 2.0, 3.0, 0.0, 1.0, 4.0];
    let memory = buffer.as_mut_ptr();
    let (a, b) = ((0, 3, 1), (3, 3, 1));
    let mut operands = [raw(memory, a).into(), raw(memory, b).into()];
    cross
        .call_into(&mut operands, &mut [raw_mut(memory, a)])
        .unwrap();
    assert_eq!(buffer, [5.0, -4.0, 1.0, 0.0, 1.0, 4.0]);

    let matmul = GUFunc::new(shared(matmul())).unwrap();
    let mut buffer = vec![1.0, 2.0, 3.0, 4.0];
    let memory = buffer.as_mut_ptr();
    // SAFETY: all are the whole buffer.
    let (square, output) = unsafe {
        (
            RawView::new(memory.cast(), DType::F64, &[2, 2], &[16, 8]),
            RawViewMut::new(memory.cast(), DType::F64, &[2, 2], &[16, 8]),
        )
    };
    let mut operands = [Operand::from(square.clone()), square.into()];
    matmul.call_into(&mut operands, &mut [output]).unwrap();
    assert_eq!(buffer, [7.0, 10.0, 15.0, 22.0]);
}

#[test]
fn an_operand_changed_in_place_may_overlap_inputs_but_not_itself() {
    let scale = GUFunc::new(shared(scale())).unwrap();
    let mut buffer = vec![2.0, 3.0, 4.0];
    let memory = buffer.as_mut_ptr();
    let factor = raw(memory, (1, 1, 1));
    // SAFETY: one element of the buffer.
    let factor = unsafe { RawView::new(factor.ptr(), DType::F64, &[], &[]) };
    let mut operands = [raw_mut(memory, (0, 3, 1)).into(), factor.into()];
    scale.call(&mut operands).unwrap();
    assert_eq!(buffer, [6.0, 9.0, 12.0]);

    let memory = buffer.as_mut_ptr();
    let mut operands = [raw_mut(memory, (0, 3, 0)).into(), 2f64.into()];
    let error = scale.call(&mut operands).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overlap);
    assert_eq!(
        error.to_string(),
        "operand 1 `x` overlaps itself: two of its elements share memory (shape [3], strides [0] \
         bytes), so it cannot be written"
    );
}

#[test]
fn a_jit_function_gets_a_copy_of_what_it_also_writes() {
    let total = brolga_ufunc::JitFunction::new(shared(total(false))).unwrap();
    let mut buffer = vec![1.0, 2.0, 3.0, 4.0];
    let memory = buffer.as_mut_ptr();
    // SAFETY: the whole buffer.
    let x = unsafe { RawView::new(memory.cast(), DType::F64, &[2, 2], &[16, 8]) };
    // The first row sum is written over an element of the second row.
    let rows = raw_mut(memory, (2, 2, 1));
    let mut operands = [x.into(), 0f64.into(), rows.into()];
    let sum = total.call(&mut operands).unwrap().into_single().unwrap();
    assert_eq!(sum.scalar(), Some(10.0));
    assert_eq!(buffer, [1.0, 2.0, 3.0, 7.0]);
}
