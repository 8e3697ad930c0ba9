use brolga::prelude::*;

mod consts {
    /// Gravity, in m/s^2.
    pub const G: f64 = 9.81;
    /// The drag coefficient: the host may bind another value.
    pub static DRAG: f64 = 0.47;
}

mod motion {
    use super::consts::{DRAG, G};
    use brolga::prelude::*;

    /// The speed after falling for `t` seconds: `brolga run modules.rs::motion::fall`.
    #[vectorize]
    pub fn fall(t: f64) -> f64 {
        terminal() * (G * t / terminal()).tanh()
    }

    /// The speed at which drag and gravity are equal.
    pub(crate) fn terminal() -> f64 {
        (2.0 * G / DRAG).sqrt()
    }
}

/// The part of the terminal speed that is reached after `t` seconds.
#[vectorize]
fn reached(t: f64) -> f64 {
    use motion::terminal;
    self::motion::fall(t) / terminal()
}
