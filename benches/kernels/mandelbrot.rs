use brolga::prelude::*;

/// How many steps, at most 100, a point stays in the disc.
#[vectorize]
pub fn mandelbrot(re: f64, im: f64) -> i32 {
    let (mut x, mut y) = (0.0, 0.0);
    let mut steps = 0;
    while steps < 100 {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            break;
        }
        y = 2.0 * x * y + im;
        x = xx - yy + re;
        steps += 1;
    }
    steps
}
