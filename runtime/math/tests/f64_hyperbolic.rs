//! Hyperbolic functions of `f64` and their inverses: special values, and the distance to the
//! correctly rounded result.

mod f64_common;
use f64_common::{arguments, check, check_exact};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const LEAST: f64 = f64::from_bits(1);

#[test]
fn special_values() {
    for name in ["sinh", "tanh", "asinh", "atanh"] {
        check_exact(
            name,
            &[
                (0.0, 0.0),
                (-0.0, -0.0),
                (LEAST, LEAST),
                (-LEAST, -LEAST),
                (f64::MIN_POSITIVE, f64::MIN_POSITIVE),
                (NAN, NAN),
            ],
        );
    }
    check_exact(
        "sinh",
        &[(INF, INF), (-INF, -INF), (f64::MAX, INF), (f64::MIN, -INF)],
    );
    check_exact(
        "sinh",
        &[(710.475860073944, INF), (-710.475860073944, -INF)],
    );
    check_exact(
        "cosh",
        &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (NAN, NAN)],
    );
    check_exact(
        "cosh",
        &[(f64::MAX, INF), (LEAST, 1.0), (710.475860073944, INF)],
    );
    check_exact(
        "tanh",
        &[(INF, 1.0), (-INF, -1.0), (f64::MAX, 1.0), (-20.0, -1.0)],
    );
    check_exact(
        "asinh",
        &[(INF, INF), (-INF, -INF), (f64::MAX, 710.475_860_073_944)],
    );
    check_exact(
        "acosh",
        &[(1.0, 0.0), (INF, INF), (NAN, NAN), (-INF, NAN), (0.0, NAN)],
    );
    check_exact(
        "acosh",
        &[(0.9999999999999999, NAN), (f64::MAX, 710.475_860_073_944)],
    );
    check_exact(
        "atanh",
        &[(1.0, INF), (-1.0, -INF), (1.0000000000000002, NAN)],
    );
    check_exact("atanh", &[(-2.0, NAN), (INF, NAN), (-INF, NAN)]);
}

#[test]
fn sinh_cosh_and_tanh_are_within_one() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-40.0, 40.0),
            (0.3, 0.4),
            (700.0, 711.0),
            (-712.0, 712.0),
            (0.17, 0.18),
        ],
        &[(-60.0, 0.0), (-30.0, -24.0), (0.0, 9.5), (-1074.0, -50.0)],
    );
    check("sinh", &x, 1, core_math::sinh);
    check("cosh", &x, 1, core_math::cosh);
    check("tanh", &x, 1, core_math::tanh);
}

#[test]
fn inverses_are_within_one() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-100.0, 100.0),
            (1.0, 1.1),
            (0.99, 1.0),
            (0.3, 0.4),
        ],
        &[(-60.0, 0.0), (-30.0, -24.0), (0.0, 70.0), (-1074.0, -50.0)],
    );
    check("asinh", &x, 1, core_math::asinh);
    check("acosh", &x, 1, core_math::acosh);
    check("atanh", &x, 1, core_math::atanh);
    let near: Vec<f64> = (0..53)
        .flat_map(|k| [1.0 + 2f64.powi(-k), 1.0 - 2f64.powi(-k)])
        .flat_map(|x| [x.next_down(), x, x.next_up()])
        .collect();
    check("asinh", &near, 1, core_math::asinh);
    check("acosh", &near, 1, core_math::acosh);
    check("atanh", &near, 1, core_math::atanh);
}
