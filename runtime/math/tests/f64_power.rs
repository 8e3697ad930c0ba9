//! Powers of `f64`: special values as in C's Annex F, exact powers, and the distance to the
//! correctly rounded result.

mod f64_common;
use brolga_math::{Entry, Level, definition};
use f64_common::{COUNT, Numbers, apart, strip2};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const LEAST: f64 = f64::from_bits(1);

/// Arguments whose exact power is next to the middle of two numbers: the nearest of 100,000.
const NEAR_HALFWAY: [(f64, f64); 4] = [
    (93.263993481075, 4.067663260614898),
    (10.842522250272712, 7.160022983064646),
    (63.409704439529676, -3.7902457883935905),
    (20.598339074019634, -2.503000948876889),
];

/// Asserts exact powers at every level of this CPU, for one pair and in a strip.
fn check_exact(cases: &[(f64, f64, f64)]) {
    let (Some(one), Some(many)) = (definition("nrt_powf_f64"), definition("nrt_v_powf_f64")) else {
        panic!("powf is defined");
    };
    let (Entry::Binary64(one), Entry::BinaryStrip64(many)) = (one.entry, many.entry) else {
        panic!("powf is a function of two f64");
    };
    for level in Level::ALL {
        if level > Level::of_this_cpu() {
            continue;
        }
        for &(x, y, right) in cases {
            // SAFETY: this CPU has the level.
            let z = unsafe { one[level as usize](x, y) };
            let mut strip = [x; 37];
            // SAFETY: 37 elements each; the destination is one source.
            unsafe {
                many[level as usize](strip.as_mut_ptr(), strip.as_ptr(), [y; 37].as_ptr(), 37);
            }
            for z in [z, strip[0], strip[36]] {
                assert_eq!(
                    apart(z, right),
                    0,
                    "powf({x:e}, {y:e}) = {z:e}, but it is {right:e} ({level:?})"
                );
            }
        }
    }
}

#[test]
fn every_pair_of_special_values() {
    let numbers = [
        0.0,
        LEAST,
        f64::MIN_POSITIVE,
        1e-300,
        0.3,
        0.5,
        0.9999999999999999,
        1.0,
        1.0000000000000002,
        1.5,
        2.0,
        2.5,
        3.0,
        1e15 + 1.0,
        4_503_599_627_370_497.5,
        9_007_199_254_740_991.0,
        9_007_199_254_740_992.0,
        2e16,
        1e300,
        f64::MAX,
        INF,
        NAN,
    ];
    let mut cases = Vec::new();
    for a in numbers {
        for b in numbers {
            for (x, y) in [(a, b), (-a, b), (a, -b), (-a, -b)] {
                let right = core_math::pow(x, y);
                let exact = x.abs() == 2.0 && y.fract() == 0.0;
                let special = !right.is_normal() || right == 1.0 || exact;
                if special {
                    cases.push((x, y, right));
                }
            }
        }
    }
    // Where C's Annex F gives a number for NaN, whatever the oracle says.
    for x in numbers {
        for x in [x, -x] {
            cases.push((x, 0.0, 1.0));
            cases.push((x, -0.0, 1.0));
            cases.push((1.0, x, 1.0));
        }
    }
    cases.push((-1.0, INF, 1.0));
    cases.push((-1.0, -INF, 1.0));
    cases.push((-1.0, NAN, NAN));
    check_exact(&cases);
}

#[test]
fn exact_powers_are_exact() {
    let mut cases = Vec::new();
    for k in -1074..=1023 {
        let right = if k < -1022 {
            f64::from_bits(1 << (k + 1074))
        } else {
            2f64.powi(k)
        };
        cases.push((2.0, f64::from(k), right));
        cases.push((-2.0, f64::from(k), if k % 2 == 0 { right } else { -right }));
    }
    // Whole powers that fit, and their roots.
    for base in 2u64..=60 {
        let mut power = base;
        for n in 2.. {
            power = match power.checked_mul(base) {
                Some(power) if power < 1 << 53 => power,
                _ => break,
            };
            cases.push((base as f64, f64::from(n), power as f64));
            cases.push((
                -(base as f64),
                f64::from(n),
                if n % 2 == 0 {
                    power as f64
                } else {
                    -(power as f64)
                },
            ));
        }
        let root = base as f64;
        cases.push((root * root, 0.5, root));
        cases.push((root * root, 1.5, root * root * root));
        cases.push((root * root * root * root, 0.25, root));
    }
    check_exact(&cases);
}

fn check(what: &str, pairs: &[(f64, f64)]) {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let z = strip2("powf", &x, &y);
    let (mut worst, mut at, mut wrong) = (0, 0, 0);
    for k in 0..z.len() {
        let distance = apart(z[k], core_math::pow(x[k], y[k]));
        wrong += usize::from(distance > 0);
        if distance > worst {
            (worst, at) = (distance, k);
        }
    }
    println!(
        "powf, {what}: at most {worst} from correctly rounded (at {:e}, {:e}), {:.3}% of {} not it",
        x[at],
        y[at],
        100.0 * wrong as f64 / z.len() as f64,
        z.len()
    );
    assert!(
        worst <= 1,
        "powf({:e}, {:e}) = {:e}, but it is {:e}",
        x[at],
        y[at],
        z[at],
        core_math::pow(x[at], y[at])
    );
}

#[test]
fn powf_is_within_one() {
    let mut numbers = Numbers::new(5);
    let mut make = |f: &mut dyn FnMut(&mut Numbers) -> (f64, f64)| -> Vec<(f64, f64)> {
        (0..COUNT).map(|_| f(&mut numbers)).collect()
    };
    let any = make(&mut |n| (n.any(), n.any()));
    check("any bits", &any);
    let everyday = make(&mut |n| (n.between(0.0, 100.0), n.between(-10.0, 10.0)));
    check("everyday", &everyday);
    let signed = make(&mut |n| (n.between(-50.0, 50.0), n.between(-20.0, 20.0).round()));
    check("whole exponents", &signed);
    let near_one = make(&mut |n| (1.0 + n.sized(-52.0, -2.0), n.sized(0.0, 60.0)));
    check("near one", &near_one);
    let ends = make(&mut |n| {
        let x = n.sized(-1070.0, 1023.0).abs();
        let end = n.between(-1080.0, 1030.0);
        (x, end / x.log2())
    });
    check("of any size", &ends);
    let large = make(&mut |n| {
        let x = n.between(0.5, 2.0);
        let end = n.between(1000.0, 1024.0);
        (x, end / x.log2() * n.sized(0.0, 0.0))
    });
    check("near the ends", &large);
    let subnormal = make(&mut |n| {
        let x = n.between(0.5, 2.0);
        (x, n.between(-1076.0, -1020.0) / x.log2())
    });
    check("subnormal results", &subnormal);
    check("next to the middle of two numbers", &NEAR_HALFWAY);
}

#[test]
fn powi_has_the_bits_of_rustc() {
    let Some(Entry::PowiStrip64(powi)) = definition("nrt_v_powi_f64").map(|found| found.entry)
    else {
        panic!("powi is defined for strips");
    };
    let mut numbers = Numbers::new(3);
    let mut x: Vec<f64> = vec![0.0, -0.0, INF, -INF, 1.0, -1.0, LEAST, f64::MAX, 0.5, -2.0];
    let mut n = vec![0, 1, -1, 2, -2, 63, -63, 64, i32::MAX, i32::MIN];
    for k in 0..10_000 {
        x.push(numbers.sized(-3.0, 3.0));
        let wide = if k % 7 == 0 { 31 } else { 58 };
        n.push((numbers.bits() as i64 >> wide) as i32);
    }
    for shift in 0..10 {
        n[..10].rotate_left(usize::from(shift > 0));
        for level in Level::ALL {
            if level > Level::of_this_cpu() {
                continue;
            }
            let mut y = x.clone();
            // SAFETY: as many elements in all, and this CPU has the level.
            unsafe { powi[level as usize](y.as_mut_ptr(), y.as_ptr(), n.as_ptr(), y.len()) };
            for k in 0..x.len() {
                let right = std::hint::black_box(x[k]).powi(std::hint::black_box(n[k]));
                assert_eq!(y[k].to_bits(), right.to_bits(), "{:e}.powi({})", x[k], n[k]);
            }
        }
    }
}
