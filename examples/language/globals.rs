use brolga::prelude::*;

/// The gain of the amplifier.
static GAIN: f64 = 1.0;

/// The coefficients of the correction, lowest first.
static CURVE: [f64; 3] = [0.0, 1.0, 0.0];

/// What a constant computes stays as it is.
const SCALE: f64 = 1.0 / 32768.0;

/// The voltage behind a sample.
#[vectorize]
fn voltage(sample: i16) -> f64 {
    let x = f64::from(sample) * SCALE;
    GAIN * (CURVE[0] + x * (CURVE[1] + x * CURVE[2]))
}
