//! The versions of small programs: with inputs of step 0 at any place, of every value that means
//! something to them, their loops give the bits that Rust gives.

use brolga_lang::Module;
use brolga_lang::ir::{Program, Scalar};

use super::bits::{edges, same};
use super::harness::{Array, Loop, MACHINES, Machine, compile, inputs};

/// A kernel `k` as Brolga and as Rust, with the type of its result.
struct Kernel {
    text: &'static str,
    result: Scalar,
    reference: fn(&[u64]) -> u64,
    /// Whether it has versions.
    has_versions: bool,
}

fn double(bits: u64) -> f64 {
    f64::from_bits(bits)
}

fn single(bits: u64) -> f32 {
    f32::from_bits(bits as u32)
}

fn of_single(value: f32) -> u64 {
    u64::from(value.to_bits())
}

// As Rust's, with the first operand where both are equal.
macro_rules! extreme {
    ($name:ident, $ty:ty, $beyond:tt) => {
        fn $name(a: $ty, b: $ty) -> $ty {
            if a.is_nan() || b $beyond a { b } else { a }
        }
    };
}
extreme!(max, f64, >);
extreme!(min, f64, <);
extreme!(max_single, f32, >);
extreme!(min_single, f32, <);

const KERNELS: &[Kernel] = &[
    Kernel {
        text: "#[vectorize] pub fn k(x: f64, low: f64, high: f64) -> f64 { x.max(low).min(high) }",
        result: Scalar::F64,
        reference: |x| min(max(double(x[0]), double(x[1])), double(x[2])).to_bits(),
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: f32, low: f32, high: f32) -> f32 { x.max(low).min(high) }",
        result: Scalar::F32,
        reference: |x| {
            of_single(min_single(
                max_single(single(x[0]), single(x[1])),
                single(x[2]),
            ))
        },
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(low: f64, x: f64) -> f64 { low.max(x) }",
        result: Scalar::F64,
        reference: |x| max(double(x[0]), double(x[1])).to_bits(),
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: f64, high: f64) -> f64 { x.min(high).max(0.0) }",
        result: Scalar::F64,
        reference: |x| max(min(double(x[0]), double(x[1])), 0.0).to_bits(),
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: f32) -> f32 { x.min(-0.0).max(0.0) }",
        result: Scalar::F32,
        reference: |x| of_single(max_single(min_single(single(x[0]), -0.0), 0.0)),
        has_versions: false,
    },
    Kernel {
        text: "#[vectorize] pub fn k(a: f64, x: f64, y: f64) -> f64 { a * x + y }",
        result: Scalar::F64,
        reference: |x| (double(x[0]) * double(x[1]) + double(x[2])).to_bits(),
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(s: f64, x: f64) -> f64 { if x < 0.0 { s * x } else { x } }",
        result: Scalar::F64,
        reference: |x| {
            let (s, x) = (double(x[0]), double(x[1]));
            if x < 0.0 { s * x } else { x }.to_bits()
        },
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: i32, y: i32) -> i32 { x.wrapping_sub(y).max(y) }",
        result: Scalar::I32,
        reference: |x| {
            let (x, y) = (x[0] as i32, x[1] as i32);
            u64::from(x.wrapping_sub(y).max(y) as u32)
        },
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: f64, first: bool, y: f32) -> f64 { if first { x } else { y as f64 } }",
        result: Scalar::F64,
        reference: |x| match x[1] {
            0 => f64::from(single(x[2])).to_bits(),
            _ => x[0],
        },
        has_versions: true,
    },
    Kernel {
        text: "#[vectorize] pub fn k(x: u8, y: u64) -> u64 { y ^ x as u64 }",
        result: Scalar::U64,
        reference: |x| x[0] ^ x[1],
        has_versions: true,
    },
];

fn program(kernel: &Kernel) -> Program {
    let module = Module::parse("kernels.rs", kernel.text)
        .unwrap_or_else(|errors| panic!("{}: {errors:?}", kernel.text));
    module
        .specialise("k", &[])
        .unwrap_or_else(|error| panic!("{}: {error:?}", kernel.text))
}

/// One call on `n` elements; `fixed` has the value of each input that does not move. The result
/// lies over the input `shared`.
fn check(
    kernel: &Kernel,
    compiled: &Loop,
    types: &[Scalar],
    fixed: &[Option<u64>],
    n: usize,
    shared: Option<usize>,
) {
    let values: Vec<Vec<u64>> = types
        .iter()
        .zip(fixed)
        .enumerate()
        .map(|(k, (&ty, fixed))| {
            let edges = edges(ty);
            let element = |i: usize| edges[(i + i / edges.len() * (k + 1)) % edges.len()];
            (0..n).map(|i| fixed.unwrap_or(element(i))).collect()
        })
        .collect();
    let mut arrays: Vec<Array> = types
        .iter()
        .zip(fixed)
        .zip(&values)
        .map(|((&ty, fixed), values)| match fixed {
            Some(value) => Array::new(ty, &[*value]),
            None => Array::new(ty, values),
        })
        .collect();
    let mut output = Array::blank(kernel.result, n);
    let size = |ty: &Scalar| ty.dtype().size() as isize;
    let mut args: Vec<*mut u8> = arrays.iter_mut().map(Array::pointer).collect();
    args.push(shared.map_or(output.pointer(), |k| args[k]));
    let mut steps: Vec<isize> = types
        .iter()
        .zip(fixed)
        .map(|(ty, fixed)| if fixed.is_some() { 0 } else { size(ty) })
        .collect();
    steps.push(size(&kernel.result));
    let done = compiled.call(&args, n, &steps);
    let what = format!("{}, n = {n}, {fixed:x?}, over {shared:?}", kernel.text);
    assert_eq!(done, n / compiled.group() * compiled.group(), "{what}");
    for array in arrays.iter().chain([&output]) {
        array.check_guards();
    }
    let found = shared.map_or(&output, |k| &arrays[k]).values();
    for i in 0..done {
        let element: Vec<u64> = values.iter().map(|values| values[i]).collect();
        let expected = (kernel.reference)(&element);
        assert!(
            same(kernel.result, found[i], expected),
            "{what}: element {i} {element:x?} is {:x}, expected {expected:x}",
            found[i]
        );
    }
}

#[test]
fn inputs_of_step_0_at_any_place_and_of_any_value_give_the_bits_of_rust() {
    for kernel in KERNELS {
        let program = program(kernel);
        let types = inputs(&program);
        for machine in MACHINES {
            let compiled = compile(&program, machine);
            let has_versions = !compiled.strip.versions.is_empty();
            assert_eq!(has_versions, kernel.has_versions, "{}", kernel.text);
            let group = compiled.group();
            for pattern in 0..1_usize << types.len() {
                let is_fixed = |k: usize| pattern >> k & 1 != 0;
                // All values of the fixed inputs together.
                let edges: Vec<Vec<Option<u64>>> = (0..types.len())
                    .map(|k| match is_fixed(k) {
                        true => edges(types[k]).into_iter().map(Some).collect(),
                        false => vec![None],
                    })
                    .collect();
                let count: usize = edges.iter().map(Vec::len).product();
                for mut number in (0..count).step_by(if count > 400 { 13 } else { 1 }) {
                    let mut fixed = Vec::new();
                    for edges in &edges {
                        fixed.push(edges[number % edges.len()]);
                        number /= edges.len();
                    }
                    check(kernel, &compiled, &types, &fixed, 3 * group + 1, None);
                    if number % 5 > 0 {
                        continue;
                    }
                    for n in [0, 1, group - 1, group, group + 1] {
                        check(kernel, &compiled, &types, &fixed, n, None);
                    }
                    for k in 0..types.len() {
                        if !is_fixed(k) && types[k].bits() == kernel.result.bits() {
                            check(kernel, &compiled, &types, &fixed, 3 * group, Some(k));
                        }
                    }
                }
            }
        }
    }
}

/// The bound of a maximum that is known to be a number: a NaN becomes the lowest number, then the
/// maximum; after that the minimum alone.
#[test]
fn a_clip_between_numbers_is_three_minima_and_maxima() {
    let compiled = compile(&program(&KERNELS[0]), Machine::Host);
    let version = &compiled.strip.versions[0];
    assert_eq!(version.numbers.len(), 1);
    // A comparison and a select each.
    assert_eq!(version.strip.operations(), 6);
}
