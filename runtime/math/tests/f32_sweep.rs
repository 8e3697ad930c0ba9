//! Every function of one `f32` against the correctly rounded result, over a sample of all bit
//! patterns or over all of them:
//!
//! ```text
//! cargo test -p brolga-math --test f32_sweep -- --nocapture
//! BROLGA_SWEEP=all cargo test --release -p brolga-math --test f32_sweep -- --nocapture
//! ```
//!
//! Each test prints the largest error, in ulp of the exact result, and where it is. The exact result
//! is that of the function of `f64`; it is asked only where the result is not the correctly rounded
//! one, so that an error of at most a half prints as none.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use brolga_math::{Entry, Level, definition};

/// A distance between bit patterns that visits each binade some 2000 times.
const STEP: u64 = 4001;

/// How many bit patterns on each side of a special point the sample takes.
const AROUND: u32 = 3000;

/// Where formulas change, or results overflow, underflow or have zeros.
const SPECIAL: [f32; 40] = [
    0.0,
    f32::MIN_POSITIVE,
    f32::MAX,
    0.25,
    0.5,
    std::f32::consts::FRAC_1_SQRT_2,
    1.0,
    std::f32::consts::SQRT_2,
    2.0,
    4.0,
    8.0,
    10.0,
    10.1,
    17.3,
    30.0,
    87.3,
    88.7,
    89.4,
    91.0,
    103.97,
    126.0,
    128.0,
    149.0,
    150.0,
    0.001,
    std::f32::consts::FRAC_PI_4,
    std::f32::consts::FRAC_PI_2,
    3.0 * std::f32::consts::FRAC_PI_4,
    std::f32::consts::PI,
    std::f32::consts::TAU,
    1e5,
    4_294_967_296.0,
    1_099_511_627_776.0,
    1e30,
    1e-30,
    10.05,
    3.92,
    0.346_573_6,
    0.292_893_2,
    0.414_213_6,
];

struct Function {
    name: &'static str,
    single: fn(f32) -> f32,
    double: fn(f64) -> f64,
    /// The most steps between neighbouring `f32` from the correctly rounded result.
    bound: u64,
}

/// What a sweep saw.
#[derive(Clone, Copy, Default)]
struct Report {
    count: u64,
    wrongly_rounded: u64,
    steps: u64,
    at_steps: f32,
    error: f64,
    at_error: f32,
}

impl Report {
    fn add(&mut self, other: &Report) {
        self.count += other.count;
        self.wrongly_rounded += other.wrongly_rounded;
        if other.steps > self.steps {
            (self.steps, self.at_steps) = (other.steps, other.at_steps);
        }
        if other.error > self.error {
            (self.error, self.at_error) = (other.error, other.at_error);
        }
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

/// The error of `x` in ulp of the binade of `exact`; infinity counts as 2^128.
fn error(x: f32, exact: f64) -> f64 {
    let x = if x.is_infinite() {
        2f64.powi(128).copysign(f64::from(x))
    } else {
        f64::from(x)
    };
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (x - exact).abs() / 2f64.powi(exponent.clamp(-126, 127) - 23)
}

/// Compares the results for `inputs`.
fn compare(function: &Function, inputs: &[f32], report: &mut Report) {
    let name = format!("nrt_v_{}_f32", function.name);
    let Entry::UnaryStrip32(versions) = definition(&name).expect("a function").entry else {
        panic!("{name} has another type");
    };
    let strip = versions[Level::of_this_cpu() as usize];
    let mut results = vec![0.0f32; inputs.len()];
    // SAFETY: the CPU has the level, and both have the length.
    unsafe { strip(results.as_mut_ptr(), inputs.as_ptr(), inputs.len()) };
    for (&x, &result) in inputs.iter().zip(&results) {
        let distance = steps(result, (function.single)(x));
        if distance > 0 {
            report.wrongly_rounded += 1;
            if distance > report.steps {
                (report.steps, report.at_steps) = (distance, x);
            }
            let error = error(result, (function.double)(f64::from(x)));
            if error > report.error {
                (report.error, report.at_error) = (error, x);
            }
        }
    }
    report.count += inputs.len() as u64;
}

/// Sweeps over all bit patterns (every [`STEP`]th of them, unless `all`), on all cores.
fn sweep(function: &Function, all: bool) -> Report {
    const PIECES: u64 = 4096;
    let step = if all { 1 } else { STEP };
    let next = AtomicU64::new(0);
    let total = Mutex::new(Report::default());
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut report = Report::default();
                let mut inputs = Vec::new();
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    if piece >= PIECES {
                        break;
                    }
                    let size = (1 << 32) / PIECES;
                    let first = (piece * size).next_multiple_of(step);
                    inputs.clear();
                    inputs.extend(
                        (first..(piece + 1) * size)
                            .step_by(step as usize)
                            .map(|bits| f32::from_bits(bits as u32)),
                    );
                    for part in inputs.chunks(1 << 14) {
                        compare(function, part, &mut report);
                    }
                }
                total.lock().unwrap().add(&report);
            });
        }
    });
    total.into_inner().unwrap()
}

fn check(function: &Function) {
    // One function at a time has all cores.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let all = match std::env::var("BROLGA_SWEEP").as_deref() {
        Ok("all") => true,
        Ok(other) => panic!("BROLGA_SWEEP is {other:?}, which is not \"all\""),
        Err(_) => false,
    };
    let mut report = sweep(function, all);
    for special in SPECIAL {
        let bits = special.to_bits();
        let around: Vec<f32> = (bits.saturating_sub(AROUND)..bits + AROUND)
            .flat_map(|bits| [f32::from_bits(bits), -f32::from_bits(bits)])
            .collect();
        compare(function, &around, &mut report);
    }
    println!(
        "{:8} {:10} numbers, {:8} not correctly rounded; {} steps at {:e} ({:#010x}), {:.4} ulp at {:e}",
        function.name,
        report.count,
        report.wrongly_rounded,
        report.steps,
        report.at_steps,
        report.at_steps.to_bits(),
        report.error,
        report.at_error,
    );
    assert!(
        report.steps <= function.bound,
        "{} of {:e} is {} steps away from the correctly rounded result",
        function.name,
        report.at_steps,
        report.steps
    );
}

macro_rules! functions {
    ($($name:ident $single:ident $double:ident $bound:literal;)*) => {$(
        #[test]
        fn $name() {
            check(&Function {
                name: stringify!($name),
                single: core_math::$single,
                double: core_math::$double,
                bound: $bound,
            });
        }
    )*};
}

functions! {
    acos acosf acos 1;
    acosh acoshf acosh 1;
    asin asinf asin 1;
    asinh asinhf asinh 1;
    atan atanf atan 1;
    atanh atanhf atanh 1;
    cbrt cbrtf cbrt 1;
    cos cosf cos 1;
    cosh coshf cosh 1;
    erf erff erf 1;
    erfc erfcf erfc 1;
    exp expf exp 1;
    exp2 exp2f exp2 1;
    exp_m1 expm1f expm1 1;
    ln logf log 1;
    ln_1p log1pf log1p 1;
    log10 log10f log10 1;
    log2 log2f log2 1;
    sin sinf sin 1;
    sinh sinhf sinh 1;
    tan tanf tan 1;
    tanh tanhf tanh 1;
}
