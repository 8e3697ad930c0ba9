//! Prints arguments and results of a function of `f64`, for `scripts/ulp_f64.py`, which measures the
//! errors in fractions of an ulp.
//!
//! `cargo run --release -p brolga-math --example values -- NAME COUNT LOW HIGH [LOW HIGH]`
//!
//! Arguments are evenly from the interval (the second's from the second one); each line has the bits
//! of the arguments and of the result, in hexadecimal.

use brolga_math::{Entry, Level, definition};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, count, interval @ ..] = arguments.as_slice() else {
        return Err("NAME COUNT LOW HIGH [LOW HIGH]".into());
    };
    let count: usize = count.parse()?;
    let interval = interval
        .iter()
        .map(|number| number.parse())
        .collect::<Result<Vec<f64>, _>>()?;
    let found = definition(&format!("nrt_v_{name}_f64")).ok_or("no such function")?;
    let mut state = 77u64;
    let mut column = |low: f64, high: f64| -> Vec<f64> {
        (0..count)
            .map(|_| {
                state = state
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                low + (high - low) * ((state >> 11) as f64 / (1u64 << 53) as f64)
            })
            .collect()
    };
    let level = Level::of_this_cpu() as usize;
    let mut out = vec![0.0; count];
    match (found.entry, interval.as_slice()) {
        (Entry::UnaryStrip64(f), &[low, high]) => {
            let x = column(low, high);
            // SAFETY: both have `count` elements, and this CPU has its level.
            unsafe { f[level](out.as_mut_ptr(), x.as_ptr(), count) };
            for (x, out) in x.iter().zip(&out) {
                println!("{:x} {:x}", x.to_bits(), out.to_bits());
            }
        }
        (Entry::BinaryStrip64(f), &[low, high, low2, high2]) => {
            let (x, y) = (column(low, high), column(low2, high2));
            // SAFETY: all have `count` elements, and this CPU has its level.
            unsafe { f[level](out.as_mut_ptr(), x.as_ptr(), y.as_ptr(), count) };
            for ((x, y), out) in x.iter().zip(&y).zip(&out) {
                println!("{:x} {:x} {:x}", x.to_bits(), y.to_bits(), out.to_bits());
            }
        }
        _ => return Err("the function does not take that many arguments".into()),
    }
    Ok(())
}
