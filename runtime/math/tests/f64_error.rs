//! erf and erfc of `f64`: exact results and the distance to the correctly rounded ones.

mod f64_common;

use f64_common::{arguments, check, check_exact};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const TINY: f64 = f64::from_bits(1);

#[test]
fn special_values() {
    check_exact(
        "erf",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (TINY, TINY),
            (-TINY, -TINY),
            (6.0, 1.0),
            (-6.0, -1.0),
            (f64::MAX, 1.0),
            (INF, 1.0),
            (-INF, -1.0),
            (NAN, NAN),
        ],
    );
    check_exact(
        "erfc",
        &[
            (0.0, 1.0),
            (-0.0, 1.0),
            (TINY, 1.0),
            (-6.0, 2.0),
            (27.3, 0.0),
            (28.0, 0.0),
            (f64::MAX, 0.0),
            (-f64::MAX, 2.0),
            (INF, 0.0),
            (-INF, 2.0),
            (NAN, NAN),
        ],
    );
}

#[test]
fn at_most_one_from_correctly_rounded() {
    let x = arguments(
        &[
            (-1.0, 1.0),
            (-6.5, 6.5),
            (0.9, 1.1),
            (0.0, 28.0),
            (26.0, 27.3),
        ],
        &[(-40.0, 4.0), (-1074.0, 5.0)],
    );
    check("erf", &x, 1, core_math::erf);
    check("erfc", &x, 1, core_math::erfc);
}
