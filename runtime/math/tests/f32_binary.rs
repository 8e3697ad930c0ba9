//! The functions of two `f32` against the correctly rounded results, over random pairs of several
//! distributions. Run with `-- --nocapture` to see the largest errors.

use brolga_math::{Entry, Level, definition};

/// How many pairs of each distribution.
const PAIRS: usize = 800_000;

/// A generator of pseudo-random numbers (xorshift, by Marsaglia).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Between `low` and `high`, evenly.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.bits() >> 40) as f32 / 16_777_216.0;
        low + (high - low) * unit
    }

    /// Any bit pattern, but for signalling NaN, which C lets a function treat otherwise.
    fn pattern(&mut self) -> f32 {
        let x = f32::from_bits((self.bits() >> 32) as u32);
        if x.is_nan() { f32::NAN } else { x }
    }

    /// One of the numbers that tables of special values name.
    fn special(&mut self) -> f32 {
        const SPECIAL: [f32; 20] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            2.0,
            -2.0,
            3.0,
            -3.0,
            0.5,
            -0.5,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            f32::MAX,
            f32::MIN,
            f32::MIN_POSITIVE,
            1e-45,
            -1e-45,
            1e-40,
            16_777_215.0,
        ];
        SPECIAL[(self.bits() >> 32) as usize % SPECIAL.len()]
    }
}

/// The place of a number among all numbers; infinity follows the largest.
fn place(x: f32) -> i64 {
    let magnitude = i64::from(x.to_bits() & 0x7fff_ffff);
    if x.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// The distance in steps; any two NaN are equal, zeros of different sign are far apart.
fn steps(x: f32, y: f32) -> u64 {
    if x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()) {
        0
    } else if x.is_nan() || y.is_nan() || (x == 0.0 && y == 0.0) {
        u64::MAX
    } else {
        place(x).abs_diff(place(y))
    }
}

/// Checks the function over one distribution.
fn check(
    name: &str,
    expected: fn(f32, f32) -> f32,
    exact: fn(f64, f64) -> f64,
    distribution: &str,
    pair: fn(&mut Random) -> (f32, f32),
) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (x, y): (Vec<f32>, Vec<f32>) = (0..PAIRS).map(|_| pair(&mut random)).unzip();
    let Entry::BinaryStrip32(versions) = definition(name).expect("a function").entry else {
        panic!("{name} has another type");
    };
    let mut results = vec![0.0f32; PAIRS];
    // SAFETY: the CPU has the level, and all have the length.
    unsafe {
        versions[Level::of_this_cpu() as usize](
            results.as_mut_ptr(),
            x.as_ptr(),
            y.as_ptr(),
            PAIRS,
        );
    }
    let (mut wrongly_rounded, mut most, mut error) = (0, 0, 0.0f64);
    let mut at = (0.0, 0.0);
    for ((&x, &y), &result) in x.iter().zip(&y).zip(&results) {
        let distance = steps(result, expected(x, y));
        if distance == 0 {
            continue;
        }
        wrongly_rounded += 1;
        if distance > most {
            (most, at) = (distance, (x, y));
        }
        let exact = exact(f64::from(x), f64::from(y));
        let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
        let ulp = 2f64.powi(exponent.clamp(-126, 127) - 23);
        error = error.max((f64::from(result) - exact).abs() / ulp);
    }
    println!(
        "{name:16} {distribution:24} {PAIRS} pairs, {wrongly_rounded} not correctly rounded, \
         {most} steps at {at:?}, {error:.4} ulp"
    );
    assert!(
        most <= 1,
        "{name} of {at:?} is {most} steps away from the correctly rounded result"
    );
}

#[test]
fn atan2() {
    let check = |distribution, pair| {
        check(
            "nrt_v_atan2_f32",
            core_math::atan2f,
            core_math::atan2,
            distribution,
            pair,
        );
    };
    check("everyday", |r| {
        (r.between(-10.0, 10.0), r.between(-10.0, 10.0))
    });
    check("any bits", |r| (r.pattern(), r.pattern()));
    check("special", |r| (r.special(), r.special()));
    check("special and any", |r| (r.special(), r.pattern()));
    check("subnormal", |r| {
        (r.pattern() * 1e-38, r.between(-1e-38, 1e-38))
    });
    check("near an axis", |r| {
        (r.between(-1e-3, 1e-3), r.between(-1e3, 1e3))
    });
}

#[test]
fn hypot() {
    let check = |distribution, pair| {
        check(
            "nrt_v_hypot_f32",
            core_math::hypotf,
            core_math::hypot,
            distribution,
            pair,
        );
    };
    check("everyday", |r| {
        (r.between(-10.0, 10.0), r.between(-10.0, 10.0))
    });
    check("any bits", |r| (r.pattern(), r.pattern()));
    check("special", |r| (r.special(), r.special()));
    check("special and any", |r| (r.special(), r.pattern()));
    check("subnormal", |r| {
        (r.between(-1e-38, 1e-38), r.between(-1e-38, 1e-38))
    });
    check("smallest", |r| {
        (r.between(-1e-43, 1e-43), r.between(-1e-43, 1e-43))
    });
    check("near overflow", |r| {
        (r.between(1e38, 3.4e38), r.between(1e38, 3.4e38))
    });
    check("one small", |r| {
        (r.between(1.0, 4.0), r.between(1e-4, 1e-2))
    });
}

#[test]
fn powf() {
    let check = |distribution, pair| {
        check(
            "nrt_v_powf_f32",
            core_math::powf,
            core_math::pow,
            distribution,
            pair,
        );
    };
    check("everyday", |r| {
        (r.between(0.0, 10.0), r.between(-10.0, 10.0))
    });
    check("any bits", |r| (r.pattern(), r.pattern()));
    check("special", |r| (r.special(), r.special()));
    check("special and any", |r| (r.special(), r.pattern()));
    check("any and special", |r| (r.pattern(), r.special()));
    check("integer exponents", |r| {
        (r.between(-3.0, 3.0), r.between(-60.0, 60.0).round())
    });
    check("near one", |r| {
        (r.between(0.999, 1.001), r.between(-1e5, 1e5))
    });
    check("whole range of results", |r| {
        (r.pattern().abs(), r.between(-3.0, 3.0))
    });
    check("subnormal results", |r| {
        let x = r.between(1.5, 100.0);
        (x, r.between(-150.0, -124.0) / x.log2())
    });
}
