//! The compiler's text of `Ordering` and of the comparisons, compiled by rustc, gives what std
//! gives.

use std::cmp::Ordering;

// Kernel language, where every form stands on purpose.
#[allow(clippy::all)]
mod library {
    mod brolga {
        pub mod prelude {
            pub use brolga_prelude::*;
        }
    }
    include!("../../lang/src/library/ordering.rs");

    /// What the comparisons of two floats give, as numbers; 2 for none.
    pub fn floats(a: f64, b: f64) -> [i8; 4] {
        let (x, y) = (a as f32, b as f32);
        [
            partial_cmp(a, b).map_or(2, |o| o as i8),
            total_cmp_f64(a, b) as i8,
            partial_cmp(x, y).map_or(2, |o| o as i8),
            total_cmp_f32(x, y) as i8,
        ]
    }

    /// What the comparisons of two integers and of two conditions give, and all methods.
    pub fn integers(a: i32, b: i32) -> Vec<i8> {
        let o = cmp(a, b);
        let (p, q) = (a > 0, b > 0);
        let mut all = vec![
            o as i8,
            cmp_bool(p, q) as i8,
            partial_cmp_bool(p, q).map_or(2, |o| o as i8),
            o.reverse() as i8,
            o.then(cmp_bool(q, p)) as i8,
        ];
        let tests = [
            o.is_lt(),
            o.is_le(),
            o.is_gt(),
            o.is_ge(),
            o.is_eq(),
            o.is_ne(),
        ];
        all.extend(tests.map(i8::from));
        all
    }
}

#[test]
fn comparisons_of_floats_are_those_of_std() {
    let negative_nan = f64::from_bits(f64::NAN.to_bits() | 1 << 63);
    let payload = f64::from_bits(f64::NAN.to_bits() | 1 << 40);
    let values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1.5,
        -2.5,
        1e-42,
        -1e-42,
        1e200,
        -1e200,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        negative_nan,
        payload,
    ];
    for a in values {
        for b in values {
            let (x, y) = (a as f32, b as f32);
            let wanted = [
                a.partial_cmp(&b).map_or(2, |o| o as i8),
                a.total_cmp(&b) as i8,
                x.partial_cmp(&y).map_or(2, |o| o as i8),
                x.total_cmp(&y) as i8,
            ];
            assert_eq!(library::floats(a, b), wanted, "{a} {b}");
        }
    }
}

#[test]
fn comparisons_of_integers_and_methods_are_those_of_std() {
    let values = [0, 1, -1, 7, i32::MIN, i32::MAX];
    for a in values {
        for b in values {
            let o: Ordering = a.cmp(&b);
            let (p, q) = (a > 0, b > 0);
            let mut wanted = vec![
                o as i8,
                p.cmp(&q) as i8,
                p.partial_cmp(&q).map_or(2, |o| o as i8),
                o.reverse() as i8,
                o.then(q.cmp(&p)) as i8,
            ];
            let tests = [
                o.is_lt(),
                o.is_le(),
                o.is_gt(),
                o.is_ge(),
                o.is_eq(),
                o.is_ne(),
            ];
            wanted.extend(tests.map(i8::from));
            assert_eq!(library::integers(a, b), wanted, "{a} {b}");
        }
    }
}
