use brolga::prelude::*;

const OVERFLOWS: u8 = 255 + 1;
const NOT_CONSTANT: f64 = 2.0_f64.sqrt();
const FIRST: i32 = SECOND;
const SECOND: i32 = FIRST + 1;
const WRONG_TYPE: i32 = 1.5;
const DIVIDES: usize = 3 % (OVERFLOW_FREE - 7);
const OVERFLOW_FREE: usize = 7;
const CALLS: f64 = twice(1.0);
const PANICS: u32 = 0_u32.ilog2();

fn twice(x: f64) -> f64 {
    2.0 * x
}
