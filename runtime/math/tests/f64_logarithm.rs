//! Logarithms of `f64`: special values, and the distance to the correctly rounded result.

mod f64_common;
use f64_common::{arguments, check, check_exact};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const LEAST: f64 = f64::from_bits(1);

#[test]
fn special_values_of_logarithms() {
    for name in ["ln", "log2", "log10"] {
        check_exact(
            name,
            &[
                (1.0, 0.0),
                (0.0, -INF),
                (-0.0, -INF),
                (INF, INF),
                (-INF, NAN),
                (-LEAST, NAN),
                (-1.0, NAN),
                (NAN, NAN),
            ],
        );
    }
    check_exact(
        "ln",
        &[
            (LEAST, -744.440_071_921_381_2),
            (f64::MAX, 709.782_712_893_384),
        ],
    );
}

#[test]
fn powers_of_two_have_whole_log2() {
    let mut cases: Vec<(f64, f64)> = (-1022..=1023)
        .map(|k| (2f64.powi(k), f64::from(k)))
        .collect();
    cases.extend((0..52).map(|k| (f64::from_bits(1 << k), f64::from(k - 1074))));
    check_exact("log2", &cases);
}

#[test]
fn powers_of_ten_have_whole_log10() {
    let cases: Vec<(f64, f64)> = (0..=22)
        .map(|k| (format!("1e{k}").parse().expect("a number"), f64::from(k)))
        .collect();
    check_exact("log10", &cases);
}

#[test]
fn special_values_of_ln_1p() {
    check_exact(
        "ln_1p",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (-1.0, -INF),
            (-1.0000000000000002, NAN),
            (-INF, NAN),
            (INF, INF),
            (NAN, NAN),
            (LEAST, LEAST),
            (-LEAST, -LEAST),
            (f64::MIN_POSITIVE, f64::MIN_POSITIVE),
            (f64::MAX, 709.782_712_893_384),
            (-0.9999999999999999, -36.736_800_569_677_1),
        ],
    );
}

#[test]
fn logarithms_are_within_one() {
    let x = arguments(
        &[
            (0.9, 1.1),
            (0.0, 2.0),
            (0.0, 1e6),
            (0.7, 0.72),
            (1.4, 1.43),
            (-5.0, 5.0),
        ],
        &[(-1074.0, -1020.0), (-30.0, 30.0), (-0.51, -0.49)],
    );
    check("ln", &x, 1, core_math::log);
    check("log2", &x, 1, core_math::log2);
    check("log10", &x, 1, core_math::log10);
    // Next to 1, where the logarithm is as long as the distance.
    let near: Vec<f64> = (0..52)
        .flat_map(|k| [1.0 + 2f64.powi(-k), 1.0 - 2f64.powi(-k - 1)])
        .flat_map(|x| [x.next_down(), x, x.next_up()])
        .collect();
    check("ln", &near, 1, core_math::log);
    check("log2", &near, 1, core_math::log2);
    check("log10", &near, 1, core_math::log10);
}

#[test]
fn ln_1p_is_within_one() {
    let x = arguments(
        &[
            (-0.5, 0.5),
            (-1.0, 2.0),
            (-0.31, -0.27),
            (0.4, 0.43),
            (0.0, 1e6),
            (-1.0, -0.999),
        ],
        &[(-60.0, 0.0), (0.0, 70.0), (-1074.0, -50.0)],
    );
    check("ln_1p", &x, 1, core_math::log1p);
}
