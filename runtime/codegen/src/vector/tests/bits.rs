//! The vector loop gives the bits that Rust gives, at every length, step and position.

use brolga_lang::ir::{Element, Program, Scalar};

use super::harness::{Array, Loop, MACHINES, Machine, Step, compile, features, inputs};
use super::kernels::{self, Kernel};

/// Values where operations change their behaviour.
pub(super) fn edges(scalar: Scalar) -> Vec<u64> {
    match scalar {
        Scalar::Bool => vec![0, 1],
        Scalar::F64 => [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -1.5,
            2.0,
            3.7,
            -1e-3,
            1e300,
            -1e300,
            5e-324,
            -2.2e-308,
            f64::MAX,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ]
        .map(f64::to_bits)
        .to_vec(),
        Scalar::F32 => [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -1.5,
            2.0,
            3.7,
            1e-45,
            -1e-40,
            2_147_483_520.0,
            2_147_483_648.0,
            -2_147_483_648.0,
            4_294_967_040.0,
            4_294_967_296.0,
            f32::MAX,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
        ]
        .map(|value: f32| u64::from(value.to_bits()))
        .to_vec(),
        integer => {
            let mask = u64::MAX >> (64 - integer.bits());
            let top = 1 << (integer.bits() - 1);
            [
                0,
                1,
                2,
                5,
                77,
                top - 1,
                top,
                top + 1,
                mask,
                mask - 1,
                mask / 3,
                0x1_0000,
            ]
            .map(|value: u64| value & mask)
            .to_vec()
        }
    }
}

pub(super) fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Operands of `n` elements, in which all pairs of edge values meet, then random ones.
pub(super) fn operands(program: &Program, n: usize) -> Vec<Vec<u64>> {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    inputs(program)
        .iter()
        .enumerate()
        .map(|(k, &scalar)| {
            let edges = edges(scalar);
            let period = edges.len().pow(k as u32);
            (0..n)
                .map(|i| {
                    let random = next(&mut state) >> (64 - scalar.bits());
                    match (i < 400, scalar) {
                        (true, _) => edges[i / period % edges.len()],
                        (false, Scalar::Bool) => random & 1,
                        (false, _) => random,
                    }
                })
                .collect()
        })
        .collect()
}

pub(super) fn same(scalar: Scalar, found: u64, expected: u64) -> bool {
    let is_nan = |bits: u64| match scalar {
        Scalar::F64 => f64::from_bits(bits).is_nan(),
        Scalar::F32 => f32::from_bits(bits as u32).is_nan(),
        _ => false,
    };
    found == expected || (is_nan(found) && is_nan(expected))
}

/// Runs `n` elements and compares; the first result lies over the input `shared`.
fn check(
    kernel: &Kernel,
    compiled: &Loop,
    values: &[Vec<u64>],
    n: usize,
    steps: &[Step],
    shared: Option<usize>,
) {
    let types = inputs(&kernel.program);
    let results = &outputs(&kernel.program);
    let what = format!("{}, n = {n}, {steps:?}, over {shared:?}", kernel.name);
    let mut arrays: Vec<Array> = types
        .iter()
        .zip(steps)
        .zip(values)
        .map(|((&ty, step), values)| match step {
            Step::Unit => Array::new(ty, &values[..n]),
            Step::Zero => Array::new(ty, &values[n / 2..n / 2 + 1]),
            Step::Two => Array::new(
                ty,
                &values[..n]
                    .iter()
                    .flat_map(|&value| [value; 2])
                    .collect::<Vec<_>>(),
            ),
        })
        .collect();
    let mut outputs: Vec<Array> = results.iter().map(|&ty| Array::blank(ty, n)).collect();
    let before: Vec<u64> = match shared {
        Some(k) => arrays[k].values(),
        None => outputs[0].values(),
    };

    let size = |ty: &Scalar| ty.dtype().size() as isize;
    let mut args: Vec<*mut u8> = arrays.iter_mut().map(Array::pointer).collect();
    args.extend(outputs.iter_mut().map(Array::pointer));
    if let Some(k) = shared {
        args[types.len()] = args[k];
    }
    let bytes: Vec<isize> = types
        .iter()
        .zip(steps)
        .map(|(ty, step)| match step {
            Step::Unit => size(ty),
            Step::Zero => 0,
            Step::Two => 2 * size(ty),
        })
        .chain(results.iter().map(size))
        .collect();
    let done = compiled.call(&args, n, &bytes);

    let read = |k: usize| {
        compiled
            .strip
            .inputs
            .iter()
            .any(|operand| operand.number == k)
    };
    let fits = (0..types.len()).all(|k| steps[k] != Step::Two || !read(k));
    let expected = match (compiled.by_strips(), fits) {
        (true, _) => n,
        (false, true) => n / compiled.group() * compiled.group(),
        (false, false) => 0,
    };
    assert_eq!(done, expected, "elements done: {what}");

    for array in arrays.iter().chain(&outputs) {
        array.check_guards();
    }
    for (r, &ty) in results.iter().enumerate() {
        let found = match shared {
            Some(k) if r == 0 => arrays[k].values(),
            _ => outputs[r].values(),
        };
        for i in 0..done {
            let element: Vec<u64> = (0..types.len())
                .map(|k| match steps[k] {
                    Step::Zero => values[k][n / 2],
                    Step::Unit | Step::Two => values[k][i],
                })
                .collect();
            let expected = (kernel.reference)(&element)[r];
            assert!(
                same(ty, found[i], expected),
                "{what}: result {r} of element {i} {element:x?} is {:x}, expected {expected:x}",
                found[i],
            );
        }
        if r == 0 {
            assert_eq!(
                found[done..],
                before[done..],
                "beyond the last group: {what}"
            );
        }
    }
}

fn each(mut check: impl FnMut(&Kernel, &Loop, Machine)) {
    for kernel in kernels::all() {
        for machine in MACHINES {
            check(&kernel, &compile(&kernel.program, machine), machine);
        }
    }
    let features = features(Machine::Host);
    if features.fma && features.sse41 {
        for kernel in kernels::for_modern_machines() {
            check(
                &kernel,
                &compile(&kernel.program, Machine::Host),
                Machine::Host,
            );
        }
    }
}

#[test]
fn the_kernels_try_every_size_of_group() {
    let mut seen = std::collections::BTreeSet::new();
    each(|_, compiled, _| {
        seen.insert(compiled.strip.group_vectors());
    });
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn every_kernel_gives_the_bits_of_rust() {
    each(|kernel, compiled, _| {
        let n = 1024;
        let values = operands(&kernel.program, n);
        let steps = vec![Step::Unit; values.len()];
        check(kernel, compiled, &values, n, &steps, None);
    });
}

#[test]
fn every_length_and_every_pattern_of_steps_gives_the_same_bits() {
    each(|kernel, compiled, _| {
        let values = operands(&kernel.program, 80);
        let count = values.len() as u32;
        for pattern in 0..3_u32.pow(count) {
            let steps: Vec<Step> = (0..count)
                .map(|k| [Step::Unit, Step::Zero, Step::Two][(pattern / 3_u32.pow(k) % 3) as usize])
                .collect();
            for n in (1..=40).chain([67]) {
                check(kernel, compiled, &values, n, &steps, None);
            }
        }
    });
}

#[test]
fn a_result_may_lie_over_an_operand() {
    each(|kernel, compiled, _| {
        let types = inputs(&kernel.program);
        let results = &outputs(&kernel.program);
        let values = operands(&kernel.program, 80);
        let steps = vec![Step::Unit; types.len()];
        let same_size = |k: &usize| types[*k].bits() == results[0].bits();
        for shared in (0..types.len()).filter(same_size) {
            for n in [8, 40, 67] {
                check(kernel, compiled, &values, n, &steps, Some(shared));
            }
        }
    });
}

#[test]
fn a_result_that_is_not_contiguous_is_left_to_the_scalar_loop() {
    for machine in MACHINES {
        let compiled = compile(&kernels::leaky(), machine);
        let mut from = Array::new(Scalar::F64, &[0; 64]);
        let mut to = Array::blank(Scalar::F64, 64);
        let before = to.values();
        for step in [0, 16, -8, 4] {
            assert_eq!(
                compiled.call(&[from.pointer(), to.pointer()], 32, &[8, step]),
                0
            );
        }
        assert_eq!(
            compiled.call(&[from.pointer(), to.pointer()], 0, &[8, 8]),
            0
        );
        assert_eq!(to.values(), before);
    }
}

fn outputs(program: &Program) -> Vec<Scalar> {
    let scalar = |element: &Element| match element {
        Element::Scalar(scalar) => *scalar,
        Element::Complex(_) => panic!("a complex result"),
    };
    program.entry.results.iter().map(scalar).collect()
}
