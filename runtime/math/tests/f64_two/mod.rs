//! What the tests of functions of two `f64` share, beside `f64_common`.

use crate::f64_common::{Numbers, apart, strip2};
use brolga_math::{Entry, Level, definition};

/// Pairs: any bits; everyday numbers; numbers of like size; of any ratio; of a ratio near the
/// limits of double precision; one of them zero or equal to the other.
pub fn pairs() -> (Vec<f64>, Vec<f64>) {
    const COUNT: usize = 60_000;
    let mut numbers = Numbers::new(5);
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    for _ in 0..COUNT {
        pairs.push((numbers.any(), numbers.any()));
        pairs.push((numbers.between(-10.0, 10.0), numbers.between(-10.0, 10.0)));
        let x = numbers.sized(-1074.0, 1024.0);
        let ratio = numbers.sized(-2.0, 2.0);
        pairs.push((x, x * ratio));
        pairs.push((x, numbers.sized(-1074.0, 1024.0)));
        let ratio = numbers.sized(-60.0, 60.0);
        pairs.push((x, x * ratio));
    }
    for x in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, 5e-324] {
        for y in [0.0, -0.0, x, -x, x / 2.0, 2.0 * x] {
            pairs.push((x, y));
            pairs.push((-x, y));
        }
    }
    pairs.into_iter().unzip()
}

/// As `f64_common::check`, over [`pairs`].
pub fn check2(name: &str, bound: u64, right: impl Fn(f64, f64) -> f64) {
    let (x, y) = pairs();
    let z = strip2(name, &x, &y);
    let (mut worst, mut at, mut wrong) = (0, (0.0, 0.0, 0.0), 0);
    for ((&x, &y), &z) in x.iter().zip(&y).zip(&z) {
        let distance = apart(z, right(x, y));
        wrong += usize::from(distance > 0);
        if distance > worst {
            (worst, at) = (distance, (x, y, z));
        }
    }
    println!(
        "{name}: at most {worst} from correctly rounded, {:.3}% of {} not it",
        100.0 * wrong as f64 / x.len() as f64,
        x.len()
    );
    let (x, y, z) = at;
    assert!(
        worst <= bound,
        "{name}({x:e}, {y:e}) = {z:e}, but it is {:e}: {worst} apart",
        right(x, y)
    );
}

/// As `f64_common::check_exact`.
pub fn check_exact2(name: &str, cases: &[(f64, f64, f64)]) {
    let Entry::Binary64(one) = definition(&format!("nrt_{name}_f64")).expect(name).entry else {
        panic!("{name} is not a function of two f64");
    };
    let Entry::BinaryStrip64(many) = definition(&format!("nrt_v_{name}_f64")).expect(name).entry
    else {
        panic!("{name} is not a function of two f64");
    };
    for level in Level::ALL {
        if level > Level::of_this_cpu() {
            continue;
        }
        for &(x, y, right) in cases {
            // SAFETY: this CPU has the level.
            let z = unsafe { one[level as usize](x, y) };
            let mut strip = [x; 37];
            let other = [y; 37];
            // SAFETY: two arrays of 37 elements, one of them destination and source.
            unsafe {
                many[level as usize](strip.as_mut_ptr(), strip.as_ptr(), other.as_ptr(), 37);
            }
            for z in [z, strip[0], strip[36]] {
                assert_eq!(
                    apart(z, right),
                    0,
                    "{name}({x:e}, {y:e}) = {z:e}, but it is {right:e} ({level:?})"
                );
            }
        }
    }
}

/// Asserts that each level gives the same bits, over [`pairs`].
pub fn check_levels2(name: &str) {
    let (x, y) = pairs();
    let Entry::BinaryStrip64(f) = definition(&format!("nrt_v_{name}_f64")).expect(name).entry
    else {
        panic!("{name} is not a function of two f64");
    };
    let highest = strip2(name, &x, &y);
    for level in Level::ALL {
        if level >= Level::of_this_cpu() {
            continue;
        }
        let mut z = vec![0.0; x.len()];
        // SAFETY: all have as many elements, and this CPU has the level.
        unsafe { f[level as usize](z.as_mut_ptr(), x.as_ptr(), y.as_ptr(), x.len()) };
        for k in 0..z.len() {
            assert!(
                z[k].to_bits() == highest[k].to_bits() || z[k].is_nan() && highest[k].is_nan(),
                "{name}({:e}, {:e}) is {:e} at {level:?}, {:e} at the highest level",
                x[k],
                y[k],
                z[k],
                highest[k]
            );
        }
    }
}
