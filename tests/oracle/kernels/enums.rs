//! Enums without values: discriminants, casts, patterns, comparisons, defaults.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
enum Mode {
    Slow,
    #[default]
    Normal = 5,
    Fast,
    Negative = -3,
}

impl Mode {
    const ALL: i32 = 4;

    fn of(n: u32) -> Mode {
        match n % 4 {
            0 => Mode::Slow,
            1 => Mode::Normal,
            2 => Self::Fast,
            _ => Mode::Negative,
        }
    }

    fn factor(self) -> f64 {
        match self {
            Mode::Slow => 0.5,
            Mode::Normal => 1.0,
            Mode::Fast | Mode::Negative => 2.0,
        }
    }

    fn is_fast(&self) -> bool {
        *self == Mode::Fast
    }
}

#[repr(u8)]
#[derive(Clone, Copy, PartialEq)]
enum Small {
    First = 250,
    Second,
    Last = 255,
}

const CHOSEN: Mode = Mode::Fast;
const FIRST: u8 = Small::First as u8;

#[vectorize]
pub fn discriminants(n: u32) -> (isize, i8, u64, f64) {
    let mode = Mode::of(n);
    (mode as isize, mode as i8, mode as i64 as u64, mode.factor())
}

#[vectorize]
pub fn enum_order(m: u32, n: u32) -> (bool, bool, bool, bool) {
    let (a, b) = (Mode::of(m), Mode::of(n));
    (a == b, a < b, a >= b, a.is_fast() || b == Mode::default())
}

#[vectorize]
pub fn small_casts(x: u8) -> (u8, i8, u32) {
    let s = if x == FIRST {
        Small::First
    } else if x > 100 {
        Small::Second
    } else {
        Small::Last
    };
    (s as u8, s as u8 as i8, s as u32 + Small::Second as u32)
}

#[vectorize]
pub fn enum_constants(n: u32) -> i32 {
    match Mode::of(n) {
        CHOSEN => Mode::ALL,
        Mode::Negative => -1,
        other => other as i32,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

#[derive(Clone, Copy)]
struct Turn {
    side: Side,
    times: u8,
}

#[vectorize]
pub fn machine(start: i64, steps: u8) -> i64 {
    let mut turn = Turn {
        side: Side::Left,
        times: steps,
    };
    let mut at = start;
    loop {
        turn = match turn {
            Turn { times: 0, .. } => break at,
            Turn {
                side: Side::Left,
                times,
            } => {
                at = at.wrapping_mul(2);
                Turn {
                    side: Side::Right,
                    times: times - 1,
                }
            }
            Turn { side, times } => {
                at = at.wrapping_sub(side as i64 + 1);
                Turn {
                    side: if at % 3 == 0 { Side::Left } else { Side::Right },
                    times: times - 1,
                }
            }
        };
    }
}

#[vectorize]
pub fn two_enums(m: u32, n: u32) -> u8 {
    let side = if n & 1 == 0 { Side::Left } else { Side::Right };
    match (Mode::of(m), side) {
        (Mode::Slow, Side::Left) => 0,
        (Mode::Slow, Side::Right) | (Mode::Fast, Side::Left) => 1,
        (_, Side::Right) => 2,
        (Mode::Normal | Mode::Negative, _) => 3,
    }
}
