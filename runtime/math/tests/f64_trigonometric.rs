//! sin, cos, tan and sine and cosine together of `f64`: exact results, the distance to the
//! correctly rounded ones, the same bits everywhere.

mod f64_common;

use brolga_math::{Entry, Level, definition};
use f64_common::{Numbers, arguments, check, check_exact, strip};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

/// Everyday angles, all sizes, and the neighbours of multiples of pi/2, up to the nearest that an
/// `f64` comes to one.
fn angles() -> Vec<f64> {
    let mut x = arguments(
        &[(-0.8, 0.8), (-10.0, 10.0), (-1e5, 1e5), (-1e7, 1e7)],
        &[(-30.0, 20.0), (15.0, 1024.0)],
    );
    let mut numbers = Numbers::new(3);
    for k in 1..20_000u64 {
        let near = k as f64 * std::f64::consts::FRAC_PI_2;
        x.extend([near.next_down(), near, near.next_up()]);
        let near = (numbers.bits() % (1 << 22)) as f64 * std::f64::consts::FRAC_PI_2;
        x.extend([-near, near.next_up()]);
    }
    // The worst case of reduction (J.-M. Muller, "Elementary functions"), its neighbours, and
    // where the two reductions meet.
    let worst = f64::from_bits(6381956970095103 & ((1 << 52) - 1) | (797 + 1075) << 52);
    x.extend([worst, -worst, worst.next_up(), worst.next_down()]);
    x.extend([1.6e6, 1.6e6f64.next_up(), -1.6e6, f64::MAX, 2f64.powi(1023)]);
    x
}

#[test]
fn special_values() {
    let tiny = f64::from_bits(1);
    check_exact(
        "sin",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (tiny, tiny),
            (-tiny, -tiny),
            (-f64::MIN_POSITIVE, -f64::MIN_POSITIVE),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    check_exact(
        "cos",
        &[
            (0.0, 1.0),
            (-0.0, 1.0),
            (tiny, 1.0),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    check_exact(
        "tan",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (tiny, tiny),
            (-tiny, -tiny),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
}

#[test]
fn the_worst_case_of_reduction() {
    let worst = f64::from_bits(6381956970095103 & ((1 << 52) - 1) | (797 + 1075) << 52);
    // cos(6381956970095103 * 2^797) = -4.687165924254627611...e-19.
    check_exact("cos", &[(worst, -4.687165924254628e-19)]);
    check_exact("sin", &[(worst, 1.0), (-worst, -1.0)]);
}

#[test]
fn at_most_one_from_correctly_rounded() {
    let x = angles();
    check("sin", &x, 1, core_math::sin);
    check("cos", &x, 1, core_math::cos);
    check("tan", &x, 1, core_math::tan);
}

#[test]
fn together_they_are_what_they_are_alone() {
    let x = angles();
    let Entry::PairStrip64(f) = definition("nrt_v_sin_cos_f64").unwrap().entry else {
        panic!("not a pair");
    };
    let (sines, cosines) = (strip("sin", &x), strip("cos", &x));
    for level in Level::ALL {
        if level > Level::of_this_cpu() {
            continue;
        }
        let mut first = x.clone();
        let mut second = vec![0.0; x.len()];
        // SAFETY: both have as many elements, the first is destination and source, and this CPU
        // has the level.
        unsafe {
            f[level as usize](
                first.as_mut_ptr(),
                second.as_mut_ptr(),
                first.as_ptr(),
                x.len(),
            );
        }
        for k in 0..x.len() {
            for (together, alone) in [(first[k], sines[k]), (second[k], cosines[k])] {
                assert!(
                    together.to_bits() == alone.to_bits() || together.is_nan() && alone.is_nan(),
                    "{:e} at {level:?}: {together:e} {alone:e}",
                    x[k]
                );
            }
        }
    }
}

#[test]
fn together_in_single_precision_too() {
    let x: Vec<f32> = angles().iter().map(|&x| x as f32).collect();
    let strip = |name: &str| {
        let Entry::UnaryStrip32(f) = definition(name).unwrap().entry else {
            panic!("not a strip");
        };
        let mut y = vec![0.0; x.len()];
        // SAFETY: both have as many elements, and every CPU has the level.
        unsafe { f[Level::Baseline as usize](y.as_mut_ptr(), x.as_ptr(), x.len()) };
        y
    };
    let (sines, cosines) = (strip("nrt_v_sin_f32"), strip("nrt_v_cos_f32"));
    let Entry::PairStrip32(f) = definition("nrt_v_sin_cos_f32").unwrap().entry else {
        panic!("not a pair");
    };
    for level in Level::ALL {
        if level > Level::of_this_cpu() {
            continue;
        }
        let (mut first, mut second) = (vec![0f32; x.len()], vec![0f32; x.len()]);
        // SAFETY: all have as many elements, and this CPU has the level.
        unsafe {
            f[level as usize](first.as_mut_ptr(), second.as_mut_ptr(), x.as_ptr(), x.len());
        }
        for k in 0..x.len() {
            for (together, alone) in [(first[k], sines[k]), (second[k], cosines[k])] {
                assert!(
                    together.to_bits() == alone.to_bits() || together.is_nan() && alone.is_nan(),
                    "{:e} at {level:?}: {together:e} {alone:e}",
                    x[k]
                );
            }
        }
    }
}
