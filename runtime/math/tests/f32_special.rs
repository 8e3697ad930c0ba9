//! Special values of the functions of `f32` (C's Annex F), and that a result has the same bits at
//! every level of the CPU, as one number and anywhere in a strip.

use brolga_math::{Entry, Level, definition};
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const INF: f32 = f32::INFINITY;
const NAN: f32 = f32::NAN;
const MIN: f32 = f32::MIN_POSITIVE;
/// The smallest subnormal number.
const TINY: f32 = 1e-45;
/// Three quarters of pi.
const THREE: f32 = 2.356_194_5;

fn levels() -> impl Iterator<Item = Level> {
    Level::ALL
        .into_iter()
        .filter(|&level| level <= Level::of_this_cpu())
}

fn same(x: f32, y: f32) -> bool {
    x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan())
}

/// The function of one number at a level.
fn unary(name: &str, level: Level) -> impl Fn(f32) -> f32 {
    let Entry::Unary32(versions) = definition(&format!("nrt_{name}_f32")).unwrap().entry else {
        panic!("{name} has another type");
    };
    // SAFETY: the caller's levels are those of the CPU.
    move |x| unsafe { versions[level as usize](x) }
}

/// The function of two numbers at a level.
fn binary(name: &str, level: Level) -> impl Fn(f32, f32) -> f32 {
    let Entry::Binary32(versions) = definition(&format!("nrt_{name}_f32")).unwrap().entry else {
        panic!("{name} has another type");
    };
    // SAFETY: the caller's levels are those of the CPU.
    move |x, y| unsafe { versions[level as usize](x, y) }
}

/// The results of a strip at a level.
fn unary_strip(name: &str, level: Level, inputs: &[f32]) -> Vec<f32> {
    let entry = definition(&format!("nrt_v_{name}_f32")).unwrap().entry;
    let Entry::UnaryStrip32(versions) = entry else {
        panic!("{name} has another type");
    };
    let mut results = vec![0.0; inputs.len()];
    // SAFETY: the CPU has the level, and both have the length.
    unsafe { versions[level as usize](results.as_mut_ptr(), inputs.as_ptr(), inputs.len()) };
    results
}

/// The results of a strip at a level.
fn binary_strip(name: &str, level: Level, x: &[f32], y: &[f32]) -> Vec<f32> {
    let entry = definition(&format!("nrt_v_{name}_f32")).unwrap().entry;
    let Entry::BinaryStrip32(versions) = entry else {
        panic!("{name} has another type");
    };
    let mut results = vec![0.0; x.len()];
    // SAFETY: the CPU has the level, and all have the length.
    unsafe {
        versions[level as usize](results.as_mut_ptr(), x.as_ptr(), y.as_ptr(), x.len());
    }
    results
}

/// Names of functions, each with arguments and results.
type Cases<T> = [(&'static str, &'static [T])];

#[rustfmt::skip]
const UNARY: &Cases<(f32, f32)> = &[
    ("acos", &[
        (1.0, 0.0), (-1.0, PI), (0.0, FRAC_PI_2), (-0.0, FRAC_PI_2), (1.0000001, NAN),
        (-1.0000001, NAN), (INF, NAN), (-INF, NAN), (NAN, NAN),
    ]),
    ("acosh", &[
        (1.0, 0.0), (0.99999994, NAN), (0.0, NAN), (-1.0, NAN), (-INF, NAN), (INF, INF),
        (f32::MAX, 89.415985), (NAN, NAN),
    ]),
    ("asin", &[
        (0.0, 0.0), (-0.0, -0.0), (1.0, FRAC_PI_2), (-1.0, -FRAC_PI_2), (1.0000001, NAN),
        (-INF, NAN), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("asinh", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (f32::MAX, 89.415985),
        (f32::MIN, -89.415985), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("atan", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, FRAC_PI_2), (-INF, -FRAC_PI_2), (1.0, FRAC_PI_4),
        (f32::MAX, FRAC_PI_2), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("atanh", &[
        (0.0, 0.0), (-0.0, -0.0), (1.0, INF), (-1.0, -INF), (1.0000001, NAN), (-1.0000001, NAN),
        (INF, NAN), (-INF, NAN), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("cbrt", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (8.0, 2.0), (-27.0, -3.0),
        (1e-45, 1.1190347e-15), (NAN, NAN),
    ]),
    ("cos", &[
        (0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (TINY, 1.0), (f32::MAX, 0.853021),
        (NAN, NAN),
    ]),
    ("cosh", &[
        (0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (90.0, INF), (-90.0, INF),
        (f32::MIN, INF), (NAN, NAN),
    ]),
    ("erf", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (f32::MAX, 1.0), (4.0, 1.0),
        (-5.0, -1.0), (NAN, NAN),
    ]),
    ("erfc", &[
        (0.0, 1.0), (-0.0, 1.0), (INF, 0.0), (-INF, 2.0), (11.0, 0.0), (f32::MIN, 2.0),
        (f32::MAX, 0.0), (NAN, NAN),
    ]),
    ("exp", &[
        (0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (88.72284, INF), (f32::MAX, INF),
        (f32::MIN, 0.0), (-104.0, 0.0), (-103.97208, TINY), (-103.97209, 0.0), (TINY, 1.0),
        (NAN, NAN),
    ]),
    ("exp2", &[
        (0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (128.0, INF), (f32::MAX, INF),
        (-126.0, MIN), (-149.0, TINY), (-150.0, 0.0), (f32::MIN, 0.0), (3.0, 8.0),
        (127.0, 1.7014118e38), (NAN, NAN),
    ]),
    ("exp_m1", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (89.0, INF), (f32::MIN, -1.0),
        (-20.0, -1.0), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("ln", &[
        (1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-1.0, NAN), (-TINY, NAN),
        (-INF, NAN), (TINY, -103.27893), (f32::MAX, 88.72284), (NAN, NAN),
    ]),
    ("ln_1p", &[
        (0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (-1.0000001, NAN), (-INF, NAN), (INF, INF),
        (f32::MAX, 88.72284), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("log10", &[
        (1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-1.0, NAN), (-INF, NAN),
        (10.0, 1.0), (1000.0, 3.0), (1e10, 10.0), (NAN, NAN),
    ]),
    ("log2", &[
        (1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-1.0, NAN), (-INF, NAN), (8.0, 3.0),
        (MIN, -126.0), (TINY, -149.0), (NAN, NAN),
    ]),
    ("sin", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (TINY, TINY), (-MIN, -MIN),
        (f32::MAX, -0.5218765), (f32::MIN, 0.5218765), (NAN, NAN),
    ]),
    ("sinh", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (90.0, INF), (-90.0, -INF),
        (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
    ("tan", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (TINY, TINY), (-MIN, -MIN),
        (f32::MAX, -0.6117979), (f32::MIN, 0.6117979), (NAN, NAN),
    ]),
    ("tanh", &[
        (0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (f32::MAX, 1.0), (10.0, 1.0),
        (-12.0, -1.0), (TINY, TINY), (-MIN, -MIN), (NAN, NAN),
    ]),
];

#[rustfmt::skip]
const BINARY: &Cases<(f32, f32, f32)> = &[
    ("atan2", &[
        (0.0, -0.0, PI), (-0.0, -0.0, -PI), (0.0, 0.0, 0.0), (-0.0, 0.0, -0.0), (0.0, -1.0, PI),
        (-0.0, -1.0, -PI), (0.0, 1.0, 0.0), (-0.0, 1.0, -0.0), (-1.0, 0.0, -FRAC_PI_2),
        (-1.0, -0.0, -FRAC_PI_2), (1.0, 0.0, FRAC_PI_2), (1.0, -0.0, FRAC_PI_2),
        (1.0, -INF, PI), (-1.0, -INF, -PI), (1.0, INF, 0.0), (-1.0, INF, -0.0),
        (INF, 1.0, FRAC_PI_2), (-INF, -1.0, -FRAC_PI_2), (INF, -INF, THREE),
        (-INF, -INF, -THREE), (INF, INF, FRAC_PI_4), (-INF, INF, -FRAC_PI_4), (NAN, 1.0, NAN),
        (1.0, NAN, NAN), (NAN, INF, NAN), (INF, NAN, NAN), (NAN, 0.0, NAN), (0.0, NAN, NAN),
        (TINY, TINY, FRAC_PI_4), (TINY, -TINY, THREE), (-TINY, 1.0, -TINY),
        (TINY, f32::MAX, 0.0), (f32::MAX, TINY, FRAC_PI_2), (f32::MAX, f32::MAX, FRAC_PI_4),
    ]),
    ("hypot", &[
        (INF, NAN, INF), (NAN, -INF, INF), (-INF, 1.0, INF), (1.0, INF, INF), (INF, -INF, INF),
        (NAN, 1.0, NAN), (0.0, NAN, NAN), (0.0, -0.0, 0.0), (-0.0, -0.0, 0.0), (-3.0, 4.0, 5.0),
        (TINY, 0.0, TINY), (-0.0, -TINY, TINY), (f32::MAX, 0.0, f32::MAX),
        (f32::MAX, f32::MAX, INF), (f32::MAX, 1.0, f32::MAX), (3.0 * MIN, 4.0 * MIN, 5.0 * MIN),
        (1e-45, f32::MAX, f32::MAX),
    ]),
    ("powf", &[
        (0.0, -3.0, INF), (-0.0, -3.0, -INF), (0.0, -2.0, INF), (-0.0, -2.0, INF),
        (-0.0, -2.5, INF), (0.0, -INF, INF), (-0.0, -INF, INF), (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0), (-0.0, 2.0, 0.0), (-0.0, 0.5, 0.0), (0.0, INF, 0.0),
        (-0.0, INF, 0.0), (-1.0, INF, 1.0), (-1.0, -INF, 1.0), (1.0, NAN, 1.0), (1.0, INF, 1.0),
        (1.0, -INF, 1.0), (NAN, 0.0, 1.0), (NAN, -0.0, 1.0), (0.0, 0.0, 1.0), (-0.0, -0.0, 1.0),
        (INF, 0.0, 1.0), (-INF, 0.0, 1.0), (-2.0, 0.5, NAN), (-2.0, -2.5, NAN),
        (-TINY, 0.5, NAN), (0.5, -INF, INF), (-0.5, -INF, INF), (2.0, -INF, 0.0),
        (-2.0, -INF, 0.0), (0.5, INF, 0.0), (-0.5, INF, 0.0), (2.0, INF, INF), (-2.0, INF, INF),
        (-INF, -3.0, -0.0), (-INF, -2.0, 0.0), (-INF, -2.5, 0.0), (-INF, 3.0, -INF),
        (-INF, 2.0, INF), (-INF, 2.5, INF), (INF, -1.0, 0.0), (INF, 1.0, INF), (INF, TINY, INF),
        (NAN, 1.0, NAN), (2.0, NAN, NAN), (-1.0, NAN, NAN), (0.0, NAN, NAN), (INF, NAN, NAN),
        (NAN, INF, NAN), (0.0, TINY, 0.0), (0.0, -TINY, INF), (-2.0, 3.0, -8.0),
        (-2.0, -1.0, -0.5), (2.0, 127.0, 1.7014118e38), (2.0, 128.0, INF), (-2.0, 129.0, -INF),
        (2.0, -149.0, TINY), (-2.0, -149.0, -TINY), (2.0, -151.0, 0.0), (-2.0, -151.0, -0.0),
        (-1.0, 16_777_215.0, -1.0), (-1.0, 16_777_216.0, 1.0), (-1.0, 8_388_607.0, -1.0),
        (-1.0, 4_194_305.0, -1.0), (-1.0, 4_194_304.5, NAN), (-1.0, 4_194_303.0, -1.0),
        (-1.0, 4_194_302.5, NAN), (-1.0, f32::MAX, 1.0), (4.0, 0.5, 2.0), (0.0, f32::MAX, 0.0),
        (-0.0, f32::MIN, INF), (f32::MAX, f32::MIN, 0.0), (TINY, -1.0, INF),
    ]),
];

#[test]
fn special_values_of_one_number() {
    for level in levels() {
        for &(name, cases) in UNARY {
            let function = unary(name, level);
            let inputs: Vec<f32> = cases.iter().map(|case| case.0).collect();
            let strip = unary_strip(name, level, &inputs);
            for (&(x, expected), &in_strip) in cases.iter().zip(&strip) {
                let result = function(x);
                assert!(
                    same(result, expected),
                    "{name}({x:e}) = {result:e}, not {expected:e}"
                );
                assert!(
                    same(in_strip, expected),
                    "{name}({x:e}) = {in_strip:e} in a strip"
                );
            }
        }
    }
}

#[test]
fn special_values_of_two_numbers() {
    for level in levels() {
        for &(name, cases) in BINARY {
            let function = binary(name, level);
            let x: Vec<f32> = cases.iter().map(|case| case.0).collect();
            let y: Vec<f32> = cases.iter().map(|case| case.1).collect();
            let strip = binary_strip(name, level, &x, &y);
            for (&(x, y, expected), &in_strip) in cases.iter().zip(&strip) {
                let result = function(x, y);
                assert!(
                    same(result, expected),
                    "{name}({x:e}, {y:e}) = {result:e}, not {expected:e}"
                );
                assert!(
                    same(in_strip, expected),
                    "{name}({x:e}, {y:e}) = {in_strip:e} in a strip"
                );
            }
        }
    }
}

/// Bit patterns all over, everyday numbers between them, in no order.
fn mixture() -> Vec<f32> {
    (0..40_000u32)
        .map(|k| {
            let bits = k.wrapping_mul(0x9e37_79b9);
            match k % 3 {
                0 => f32::from_bits(bits),
                1 => (bits as f32 / 4_294_967_296.0 - 0.5) * 30.0,
                _ => bits as f32 / 4_294_967_296.0,
            }
        })
        .collect()
}

#[test]
fn one_number_has_the_same_bits_everywhere() {
    let inputs = mixture();
    for &(name, _) in UNARY {
        let expected = unary_strip(name, Level::of_this_cpu(), &inputs);
        for level in levels() {
            let function = unary(name, level);
            // Another position in the blocks, and a tail.
            let strip = unary_strip(name, level, &inputs[5..inputs.len() - 2]);
            for (&x, (&expected, &in_strip)) in
                inputs[5..].iter().zip(expected[5..].iter().zip(&strip))
            {
                assert!(same(function(x), expected), "{name}({x:e}) at {level:?}");
                assert!(
                    same(in_strip, expected),
                    "{name}({x:e}) at {level:?} in a strip"
                );
            }
        }
    }
}

#[test]
fn two_numbers_have_the_same_bits_everywhere() {
    let x = mixture();
    let y: Vec<f32> = x.iter().rev().copied().collect();
    for &(name, _) in BINARY {
        let expected = binary_strip(name, Level::of_this_cpu(), &x, &y);
        for level in levels() {
            let function = binary(name, level);
            let used = 5..x.len() - 2;
            let strip = binary_strip(name, level, &x[used.clone()], &y[used.clone()]);
            for k in used.clone() {
                let (x, y) = (x[k], y[k]);
                assert!(
                    same(function(x, y), expected[k]),
                    "{name}({x:e}, {y:e}) at {level:?}"
                );
                assert!(
                    same(strip[k - used.start], expected[k]),
                    "{name}({x:e}, {y:e}) at {level:?} in a strip"
                );
            }
        }
    }
}

#[test]
fn a_strip_may_be_its_own_destination() {
    let inputs = mixture();
    for &(name, _) in UNARY {
        let expected = unary_strip(name, Level::of_this_cpu(), &inputs);
        let entry = definition(&format!("nrt_v_{name}_f32")).unwrap().entry;
        let Entry::UnaryStrip32(versions) = entry else {
            panic!("{name} has another type");
        };
        let mut strip = inputs.clone();
        let (data, n) = (strip.as_mut_ptr(), strip.len());
        // SAFETY: the CPU has the level; the source is the destination, as is allowed.
        unsafe { versions[Level::of_this_cpu() as usize](data, data, n) };
        for (&result, &expected) in strip.iter().zip(&expected) {
            assert!(same(result, expected), "{name}");
        }
    }
}
