//! Measures every function: nanoseconds for each element of a strip that stays in the first-level
//! cache, for each call with one number, and for each call of std's own function.
//!
//! `cargo run --release -p brolga-math --example speed [--offline] -- [part of a name]...`
//!
//! Nothing is asserted; figures depend on the machine and on what else it does.

use brolga_math::{Definition, Entry, Level, definitions};
use std::hint::black_box;
use std::time::Instant;

/// Elements of a strip.
const STRIP: usize = 512;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    println!("best of 7, ns for each element; strips of {STRIP} elements");
    println!(
        "{:<12} {:<9} {:>8} {:>8} {:>8}",
        "function", "level", "strip", "scalar", "std"
    );
    for definition in definitions() {
        let Some(name) = definition.name.strip_prefix("nrt_v_") else {
            continue;
        };
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let scalar = brolga_math::definition(&format!("nrt_{name}"));
        for level in Level::ALL {
            if level > Level::of_this_cpu() {
                continue;
            }
            let strip = time_strip(name, definition, level);
            let one = scalar.map(|scalar| time_scalar(name, scalar, level));
            let std = time_std(name);
            println!(
                "{name:<12} {:<9} {strip:>8.2} {:>8} {:>8}",
                format!("{level:?}"),
                show(one),
                show(std)
            );
        }
    }
}

fn show(time: Option<f64>) -> String {
    time.map_or("-".to_string(), |time| format!("{time:.2}"))
}

/// The best time of `body` for each of its `elements`, in nanoseconds.
fn best(elements: usize, mut body: impl FnMut()) -> f64 {
    let start = Instant::now();
    body();
    let once = start.elapsed().as_secs_f64().max(1e-8);
    let rounds = ((2e-3 / once) as usize).clamp(1, 100_000);
    (0..7)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..rounds {
                body();
            }
            start.elapsed().as_secs_f64() * 1e9 / (rounds * elements) as f64
        })
        .fold(f64::INFINITY, f64::min)
}

/// Everyday arguments of a function: from its interval, evenly.
fn arguments(name: &str, second: bool) -> Vec<f64> {
    let function = name.rsplit_once('_').map_or(name, |(function, _)| function);
    let (low, high) = match (function, second) {
        ("acos" | "asin" | "atanh", _) => (-0.999, 0.999),
        ("acosh", _) => (1.0, 100.0),
        ("ln" | "log2" | "log10", _) => (1e-3, 1e3),
        ("ln_1p", _) => (-0.9, 100.0),
        ("powf", false) => (0.01, 50.0),
        ("powf", true) => (-8.0, 8.0),
        ("erf" | "erfc", _) => (-4.0, 4.0),
        ("hypot", _) => (0.0, 100.0),
        _ => (-10.0, 10.0),
    };
    let mut state = if second { 7u64 } else { 3u64 };
    (0..STRIP)
        .map(|_| {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            low + (high - low) * ((state >> 11) as f64 / (1u64 << 53) as f64)
        })
        .collect()
}

fn narrow(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|&x| x as f32).collect()
}

fn exponents() -> Vec<i32> {
    arguments("powi_f64", true)
        .iter()
        .map(|&x| x as i32)
        .collect()
}

fn time_strip(name: &str, definition: &Definition, level: Level) -> f64 {
    let x = arguments(name, false);
    let y = arguments(name, true);
    let (x32, y32) = (narrow(&x), narrow(&y));
    let powers = exponents();
    let mut out = vec![0f64; STRIP];
    let mut out32 = vec![0f32; STRIP];
    let (mut second, mut second32) = (out.clone(), out32.clone());
    let (dst, dst32) = (out.as_mut_ptr(), out32.as_mut_ptr());
    let k = level as usize;
    // SAFETY (each call below): all vectors have `STRIP` elements and are distinct, and this CPU
    // has the level.
    match definition.entry {
        Entry::UnaryStrip64(f) => best(STRIP, || unsafe { f[k](dst, x.as_ptr(), STRIP) }),
        Entry::UnaryStrip32(f) => best(STRIP, || unsafe { f[k](dst32, x32.as_ptr(), STRIP) }),
        Entry::BinaryStrip64(f) => best(STRIP, || unsafe {
            f[k](dst, x.as_ptr(), y.as_ptr(), STRIP)
        }),
        Entry::BinaryStrip32(f) => best(STRIP, || unsafe {
            f[k](dst32, x32.as_ptr(), y32.as_ptr(), STRIP)
        }),
        Entry::PairStrip64(f) => best(STRIP, || unsafe {
            f[k](dst, second.as_mut_ptr(), x.as_ptr(), STRIP)
        }),
        Entry::PairStrip32(f) => best(STRIP, || unsafe {
            f[k](dst32, second32.as_mut_ptr(), x32.as_ptr(), STRIP)
        }),
        Entry::PowiStrip64(f) => best(STRIP, || unsafe {
            f[k](dst, x.as_ptr(), powers.as_ptr(), STRIP)
        }),
        Entry::PowiStrip32(f) => best(STRIP, || unsafe {
            f[k](dst32, x32.as_ptr(), powers.as_ptr(), STRIP)
        }),
        Entry::Unary64(_) | Entry::Unary32(_) | Entry::Binary64(_) | Entry::Binary32(_) => {
            unreachable!("{} is not a strip", definition.name)
        }
    }
}

fn time_scalar(name: &str, definition: &Definition, level: Level) -> f64 {
    let x = arguments(name, false);
    let y = arguments(name, true);
    let (x32, y32) = (narrow(&x), narrow(&y));
    let k = level as usize;
    // SAFETY (each call below): this CPU has the level.
    match definition.entry {
        Entry::Unary64(f) => each(&x, |&x| unsafe { f[k](x) }),
        Entry::Unary32(f) => each(&x32, |&x| unsafe { f[k](x) }),
        Entry::Binary64(f) => each2(&x, &y, |x, y| unsafe { f[k](x, y) }),
        Entry::Binary32(f) => each2(&x32, &y32, |x, y| unsafe { f[k](x, y) }),
        _ => unreachable!("{} is a strip", definition.name),
    }
}

fn each<T: Copy, R>(x: &[T], f: impl Fn(&T) -> R) -> f64 {
    best(STRIP, || {
        for x in x {
            black_box(f(x));
        }
    })
}

fn each2<T: Copy, U: Copy, R>(x: &[T], y: &[U], f: impl Fn(T, U) -> R) -> f64 {
    best(STRIP, || {
        for (&x, &y) in x.iter().zip(y) {
            black_box(f(x, y));
        }
    })
}

/// std's function of the same name, if it has one.
fn time_std(name: &str) -> Option<f64> {
    let x = arguments(name, false);
    let y = arguments(name, true);
    let (x32, y32) = (narrow(&x), narrow(&y));
    let powers = exponents();
    let (function, single) = match name.rsplit_once('_')? {
        (function, "f32") => (function, true),
        (function, _) => (function, false),
    };
    macro_rules! unary {
        ($($f:ident)*) => {
            $(if function == stringify!($f) {
                return Some(if single { each(&x32, |x| x.$f()) } else { each(&x, |x| x.$f()) });
            })*
        };
    }
    macro_rules! binary {
        ($($f:ident)*) => {
            $(if function == stringify!($f) {
                return Some(if single {
                    each2(&x32, &y32, |x, y| x.$f(y))
                } else {
                    each2(&x, &y, |x, y| x.$f(y))
                });
            })*
        };
    }
    unary!(acos acosh asin asinh atan atanh cbrt cos cosh exp exp2 exp_m1);
    unary!(ln ln_1p log10 log2 sin sinh tan tanh);
    binary!(atan2 hypot powf);
    match name {
        "powi_f64" => Some(each2(&x, &powers, |x, n| x.powi(n))),
        "powi_f32" => Some(each2(&x32, &powers, |x, n| x.powi(n))),
        _ => None,
    }
}
