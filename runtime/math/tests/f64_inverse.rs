//! asin, acos, atan and atan2 of `f64`: exact results and the distance to the correctly rounded
//! ones.

mod f64_common;
mod f64_two;

use f64_common::{arguments, check, check_exact};
use f64_two::{check_exact2, check_levels2, check2};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const TINY: f64 = f64::from_bits(1);

#[test]
fn special_values() {
    check_exact(
        "asin",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (TINY, TINY),
            (-TINY, -TINY),
            (1.0, FRAC_PI_2),
            (-1.0, -FRAC_PI_2),
            (1f64.next_up(), NAN),
            ((-1f64).next_down(), NAN),
            (1e300, NAN),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    check_exact(
        "acos",
        &[
            (1.0, 0.0),
            (0.0, FRAC_PI_2),
            (-0.0, FRAC_PI_2),
            (TINY, FRAC_PI_2),
            (-1.0, PI),
            (1f64.next_up(), NAN),
            ((-1f64).next_down(), NAN),
            (-1e300, NAN),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    check_exact(
        "atan",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (TINY, TINY),
            (-TINY, -TINY),
            (1.0, FRAC_PI_4),
            (-1.0, -FRAC_PI_4),
            (f64::MAX, FRAC_PI_2),
            (INF, FRAC_PI_2),
            (-INF, -FRAC_PI_2),
            (NAN, NAN),
        ],
    );
}

/// C's Annex F, and where one argument is too small to count.
#[test]
fn the_table_of_signs_of_atan2() {
    let three = 3.0 * FRAC_PI_4;
    let mut cases = vec![
        (0.0, 0.0, 0.0),
        (0.0, -0.0, PI),
        (1.0, 1.0, FRAC_PI_4),
        (1.0, -1.0, three),
        (INF, INF, FRAC_PI_4),
        (INF, -INF, three),
        (TINY, TINY, FRAC_PI_4),
        (TINY, -TINY, three),
        (f64::MAX, f64::MAX, FRAC_PI_4),
        (f64::MAX, -f64::MAX, three),
        (TINY, f64::MAX, 0.0),
        (TINY, -f64::MAX, PI),
        (f64::MAX, TINY, FRAC_PI_2),
        (f64::MAX, -TINY, FRAC_PI_2),
        (INF, NAN, NAN),
        (NAN, INF, NAN),
        (NAN, 1.0, NAN),
        (1.0, NAN, NAN),
        (NAN, 0.0, NAN),
        (0.0, NAN, NAN),
        (NAN, NAN, NAN),
    ];
    for x in [TINY, 1e-300, 1.0, 1e300, f64::MAX, INF] {
        cases.extend([(0.0, x, 0.0), (0.0, -x, PI)]);
        cases.extend([(x, 0.0, FRAC_PI_2), (x, -0.0, FRAC_PI_2)]);
    }
    for x in [0.0, TINY, 1e-300, 1.0, 1e300, f64::MAX] {
        cases.extend([(x, INF, 0.0), (x, -INF, PI)]);
        cases.extend([(INF, x, FRAC_PI_2), (INF, -x, FRAC_PI_2)]);
    }
    // An odd function of the first argument.
    let negative: Vec<_> = cases.iter().map(|&(y, x, angle)| (-y, x, -angle)).collect();
    check_exact2("atan2", &cases);
    check_exact2("atan2", &negative);
}

#[test]
fn at_most_one_from_correctly_rounded() {
    let mut inside = arguments(
        &[(-1.0, 1.0), (0.99, 1.0), (-1.0, -0.99), (0.45, 0.55)],
        &[(-40.0, 0.0), (-1074.0, 0.0)],
    );
    let mut ends = (1f64, -1f64);
    for _ in 0..2000 {
        inside.extend([ends.0, ends.1]);
        ends = (ends.0.next_down(), ends.1.next_up());
    }
    for k in 0..=60 {
        let x = 1.0 - 2f64.powi(-k);
        inside.extend([x, -x, 0.5 * x]);
    }
    check("asin", &inside, 1, core_math::asin);
    check("acos", &inside, 1, core_math::acos);
    let all = arguments(
        &[(-1.0, 1.0), (-10.0, 10.0), (0.45, 0.55), (1.9, 2.1)],
        &[(-40.0, 60.0), (-1074.0, 1024.0)],
    );
    check("atan", &all, 1, core_math::atan);
    check2("atan2", 1, core_math::atan2);
}

#[test]
fn every_level_gives_the_same_bits_of_two_arguments() {
    check_levels2("atan2");
}
