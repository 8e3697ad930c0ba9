//! cbrt and hypot of `f64`: exact results and the distance to the correctly rounded ones.

mod f64_common;
mod f64_two;

use f64_common::{arguments, check, check_exact};
use f64_two::{check_exact2, check_levels2, check2};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const TINY: f64 = f64::from_bits(1);

#[test]
fn special_values_of_cbrt() {
    let mut cases = vec![
        (0.0, 0.0),
        (-0.0, -0.0),
        (INF, INF),
        (-INF, -INF),
        (NAN, NAN),
        (2f64.powi(-1074), 2f64.powi(-358)),
        (-(2f64.powi(-1074)), -(2f64.powi(-358))),
        (2f64.powi(1023), 2f64.powi(341)),
    ];
    for k in 1..2000 {
        let root = f64::from(k) * 3.0;
        cases.extend([(root * root * root, root), (-root * root * root, -root)]);
    }
    check_exact("cbrt", &cases);
}

#[test]
fn special_values_of_hypot() {
    let mut cases = vec![
        (3.0, 4.0, 5.0),
        (-5.0, 12.0, 13.0),
        (0.0, 0.0, 0.0),
        (-0.0, 0.0, 0.0),
        (-0.0, -0.0, 0.0),
        (INF, NAN, INF),
        (-INF, NAN, INF),
        (INF, INF, INF),
        (INF, TINY, INF),
        (-INF, 0.0, INF),
        (NAN, NAN, NAN),
        (NAN, 0.0, NAN),
        (NAN, f64::MAX, NAN),
        (NAN, TINY, NAN),
        (f64::MAX, f64::MAX, INF),
        (f64::MAX, 0.0, f64::MAX),
        (f64::MAX, 1.0, f64::MAX),
        (f64::MAX, TINY, f64::MAX),
        (TINY, 0.0, TINY),
        (TINY, TINY, TINY),
        (3.0 * TINY, 4.0 * TINY, 5.0 * TINY),
        (1.0, TINY, 1.0),
    ];
    for k in [
        -1050, -600, -500, -450, -300, 0, 300, 500, 509, 510, 600, 1020,
    ] {
        let unit = if k < -1000 {
            f64::from_bits(1 << (k + 1074))
        } else {
            2f64.powi(k)
        };
        cases.push((3.0 * unit, -4.0 * unit, 5.0 * unit));
    }
    let swapped: Vec<_> = cases.iter().map(|&(x, y, length)| (y, x, length)).collect();
    check_exact2("hypot", &cases);
    check_exact2("hypot", &swapped);
}

#[test]
fn at_most_one_from_correctly_rounded() {
    let x = arguments(
        &[(-1.0, 1.0), (-1000.0, 1000.0), (1.0, 8.0)],
        &[(-1074.0, 1024.0), (-1074.0, -900.0), (1000.0, 1024.0)],
    );
    check("cbrt", &x, 1, core_math::cbrt);
    check2("hypot", 1, core_math::hypot);
}

#[test]
fn every_level_gives_the_same_bits_of_two_arguments() {
    check_levels2("hypot");
}
