use brolga::prelude::*;

/// The cube root by Newton's method, and in how many steps; `x` is positive.
#[vectorize]
pub fn newton(x: f64) -> (f64, u32) {
    let mut root = if x > 1.0 { x } else { 1.0 };
    let mut steps = 0;
    loop {
        let next = (2.0 * root + x / (root * root)) / 3.0;
        steps += 1;
        if (next - root).abs() <= 1e-14 * root || steps == 100 {
            return (next, steps);
        }
        root = next;
    }
}
