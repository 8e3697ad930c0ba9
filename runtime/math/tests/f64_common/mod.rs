//! What the tests of the families of `f64` functions share: arguments, calls, and the distance to
//! the correctly rounded result of `core_math`.
#![allow(dead_code)]

use brolga_math::{Entry, Level, definition};

/// Arguments of each distribution.
pub const COUNT: usize = 50_000;

/// Multiples of a golden constant: the same numbers in every run.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// Evenly from an interval.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// Any bits, NaN and infinities too.
    pub fn any(&mut self) -> f64 {
        f64::from_bits(self.bits())
    }

    /// Of either sign, its logarithm evenly from `2^low` to `2^high`.
    pub fn sized(&mut self, low: f64, high: f64) -> f64 {
        let size = self.between(low, high).exp2();
        if self.bits() & 1 == 0 { size } else { -size }
    }
}

/// The arguments: any bits, and evenly from each interval, and of each range of exponents of two.
pub fn arguments(intervals: &[(f64, f64)], exponents: &[(f64, f64)]) -> Vec<f64> {
    let mut numbers = Numbers::new(11);
    let mut x: Vec<f64> = (0..COUNT).map(|_| numbers.any()).collect();
    for &(low, high) in intervals {
        x.extend((0..COUNT).map(|_| numbers.between(low, high)));
    }
    for &(low, high) in exponents {
        x.extend((0..COUNT).map(|_| numbers.sized(low, high)));
    }
    assert!(x.len() >= 200_000, "too few arguments: {}", x.len());
    x
}

/// The function's strip at this CPU's level.
pub fn strip(name: &str, x: &[f64]) -> Vec<f64> {
    let found = definition(&format!("nrt_v_{name}_f64")).expect(name);
    let Entry::UnaryStrip64(f) = found.entry else {
        panic!("{name} is not a function of one f64");
    };
    let mut y = vec![0.0; x.len()];
    // SAFETY: both have as many elements, and this CPU has its level.
    unsafe { f[Level::of_this_cpu() as usize](y.as_mut_ptr(), x.as_ptr(), x.len()) };
    y
}

/// As [`strip`], for two arguments.
pub fn strip2(name: &str, x: &[f64], y: &[f64]) -> Vec<f64> {
    let found = definition(&format!("nrt_v_{name}_f64")).expect(name);
    let Entry::BinaryStrip64(f) = found.entry else {
        panic!("{name} is not a function of two f64");
    };
    assert_eq!(x.len(), y.len());
    let mut z = vec![0.0; x.len()];
    // SAFETY: all have as many elements, and this CPU has its level.
    unsafe {
        f[Level::of_this_cpu() as usize](z.as_mut_ptr(), x.as_ptr(), y.as_ptr(), x.len());
    }
    z
}

/// A whole number that grows with `x`; neighbours differ by one.
fn place(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

/// How many numbers `a` and `b` lie apart; signs of zero and NaN count as far.
pub fn apart(a: f64, b: f64) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() {
            0
        } else {
            u64::MAX
        };
    }
    if a == 0.0 && b == 0.0 && a.is_sign_negative() != b.is_sign_negative() {
        return u64::MAX;
    }
    place(a).abs_diff(place(b))
}

/// Asserts that no result is more than `bound` numbers from the right one, and prints how often it
/// is not the right one.
pub fn check(name: &str, x: &[f64], bound: u64, right: impl Fn(f64) -> f64) {
    let y = strip(name, x);
    let (mut worst, mut at, mut wrong) = (0, 0.0, 0);
    for (&x, &y) in x.iter().zip(&y) {
        let distance = apart(y, right(x));
        wrong += usize::from(distance > 0);
        if distance > worst {
            (worst, at) = (distance, x);
        }
    }
    println!(
        "{name}: at most {worst} from correctly rounded (at {at:e}), {:.3}% of {} not it",
        100.0 * wrong as f64 / x.len() as f64,
        x.len()
    );
    assert!(
        worst <= bound,
        "{name}({at:e}) = {:e}, but it is {:e}: {worst} apart",
        strip(name, &[at])[0],
        right(at)
    );
}

/// Asserts a list of exact results: any NaN for NaN, else the same bits. For one number and in a
/// strip, at every level of this CPU.
pub fn check_exact(name: &str, cases: &[(f64, f64)]) {
    let scalar = definition(&format!("nrt_{name}_f64")).expect(name);
    let Entry::Unary64(one) = scalar.entry else {
        panic!("{name} is not a function of one f64");
    };
    let strips = definition(&format!("nrt_v_{name}_f64")).expect(name);
    let Entry::UnaryStrip64(many) = strips.entry else {
        panic!("{name} is not a function of one f64");
    };
    for level in Level::ALL {
        if level > Level::of_this_cpu() {
            continue;
        }
        for &(x, right) in cases {
            // SAFETY: this CPU has the level.
            let y = unsafe { one[level as usize](x) };
            let mut z = [x; 37];
            // SAFETY: one array of 37 elements, as destination and source.
            unsafe { many[level as usize](z.as_mut_ptr(), z.as_ptr(), z.len()) };
            for y in [y, z[0], z[36]] {
                assert_eq!(
                    apart(y, right),
                    0,
                    "{name}({x:e}) = {y:e}, but it is {right:e} ({level:?})"
                );
            }
        }
    }
}
