//! Exponentials of `f64`: special values, and the distance to the correctly rounded result.

mod f64_common;
use f64_common::{arguments, check, check_exact};
use std::f64::consts::E;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const LEAST: f64 = f64::from_bits(1);

#[test]
fn special_values_of_exp() {
    check_exact(
        "exp",
        &[
            (0.0, 1.0),
            (-0.0, 1.0),
            (1.0, E),
            (INF, INF),
            (-INF, 0.0),
            (NAN, NAN),
            (-NAN, NAN),
            (LEAST, 1.0),
            (f64::MAX, INF),
            (f64::MIN, 0.0),
            (709.782712893384, 1.797_693_134_862_273_2e308),
            (709.782712893385, INF),
            (-745.1332191019411, LEAST),
            (-745.1332191019412, 0.0),
            (2f64.powi(-54), 1.0),
        ],
    );
}

#[test]
fn special_values_of_exp2() {
    let mut cases = vec![
        (0.0, 1.0),
        (-0.0, 1.0),
        (INF, INF),
        (-INF, 0.0),
        (NAN, NAN),
        (1024.0, INF),
        (1023.9999999999999, 1.797_693_134_862_174_2e308),
        (-1075.0, 0.0),
        (-1074.9999999999998, LEAST),
        (f64::MAX, INF),
        (f64::MIN, 0.0),
        (LEAST, 1.0),
    ];
    cases.extend((-1022..=1023).map(|k| (f64::from(k), 2f64.powi(k))));
    cases.extend((0..52).map(|k| (f64::from(k - 1074), f64::from_bits(1 << k))));
    check_exact("exp2", &cases);
}

#[test]
fn special_values_of_exp_m1() {
    check_exact(
        "exp_m1",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, INF),
            (-INF, -1.0),
            (NAN, NAN),
            (LEAST, LEAST),
            (-LEAST, -LEAST),
            (f64::MIN_POSITIVE, f64::MIN_POSITIVE),
            (-50.0, -1.0),
            (f64::MIN, -1.0),
            (f64::MAX, INF),
            (709.782712893385, INF),
            (709.782712893384, 1.797_693_134_862_273_2e308),
        ],
    );
}

#[test]
fn exp_is_within_one() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-750.0, 712.0),
            (-746.0, -707.0),
            (700.0, 710.0),
            (-0.36, -0.34),
        ],
        &[(-60.0, 0.0), (0.0, 9.5)],
    );
    check("exp", &x, 1, core_math::exp);
}

#[test]
fn exp2_is_within_one() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-1080.0, 1026.0),
            (-1076.0, -1021.0),
            (1020.0, 1024.1),
            (-0.51, -0.49),
        ],
        &[(-60.0, 0.0), (0.0, 10.1)],
    );
    check("exp2", &x, 1, core_math::exp2);
}

#[test]
fn exp_m1_is_within_one() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-60.0, 712.0),
            (-40.0, 2.0),
            (700.0, 710.0),
            (0.33, 0.37),
        ],
        &[(-60.0, 0.0), (0.0, 9.5), (-1074.0, -50.0)],
    );
    check("exp_m1", &x, 1, core_math::expm1);
}
