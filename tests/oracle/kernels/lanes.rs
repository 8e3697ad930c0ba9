//! Bodies that try a vectoriser: lanes of different widths in one body, masks of one width
//! applied at another, long and short paths, loops of which each element needs another count.

use brolga::prelude::*;

#[vectorize]
pub fn mixed_widths(a: u8, b: i32, c: f64, d: f32) -> (f64, u8, i32) {
    let wide = a as f64 * c + d as f64;
    let narrow = if wide > b as f64 { a >> 1 } else { a | 1 };
    let middle = if narrow > 7 { b ^ a as i32 } else { -b };
    (wide, narrow, middle)
}

/// A condition on f64 lanes selects u8 lanes, and the reverse.
#[vectorize]
pub fn masks_change_width(x: f64, a: u8, b: u8) -> (u8, f64) {
    let narrow = if x > 0.5 { a } else { b };
    let wide = if a > b { x } else { x * 2.0 };
    (narrow, wide)
}

#[vectorize]
pub fn saturate_to_u8(x: i32) -> u8 {
    if x < 0 {
        0
    } else if x > 255 {
        255
    } else {
        x as u8
    }
}

#[vectorize]
pub fn nested_branches(x: f32, y: f32) -> f32 {
    if x > 0.0 {
        if y > x {
            y - x
        } else if y > 0.0 {
            y * x
        } else {
            y / (x + 1.0)
        }
    } else {
        let z = if y < 0.0 { -y } else { y };
        if z > 10.0 { 10.0 } else { z + x }
    }
}

/// A division that only some elements need; the others have a divisor of 0.
#[vectorize]
pub fn masked_division(a: i32, b: i32) -> i32 {
    if b > 0 { a / b + a % b } else { a }
}

/// Variables that only one branch changes.
#[vectorize]
pub fn partial_updates(x: i16, y: i16) -> (i16, i16, i16) {
    let mut low = x;
    let mut high = y;
    let mut swaps = 0;
    if low > high {
        let t = low;
        low = high;
        high = t;
        swaps += 1;
    }
    if low < 0 {
        low = -low;
    } else {
        swaps += 10;
    }
    (low, high, swaps)
}

/// Each element runs another number of rounds, some none.
#[vectorize]
pub fn rounds_differ(n: u32, x: f64) -> f64 {
    let mut y = x;
    let mut k = n % 13;
    while k > 0 {
        y = y * 0.5 + k as f64;
        if y > 1e6 {
            break;
        }
        k -= 1;
        if k == 5 {
            continue;
        }
        y -= 0.25;
    }
    y
}

#[vectorize]
pub fn loop_with_return(x: f32) -> f32 {
    let mut y = x;
    for k in 0..8 {
        if y > 100.0 {
            return y - k as f32;
        }
        y = y * 1.5 + 1.0;
    }
    -y
}

#[vectorize]
pub fn bool_lanes(x: f32, y: f32, flag: bool) -> bool {
    let inside = x * x + y * y <= 1.0;
    inside && flag || !inside && x > y
}

#[vectorize]
pub fn wide_products(a: i64, b: i64, c: u64) -> (i64, u64, i64) {
    (a * b - b, c * c ^ c >> 32, a >> (c & 63) | b << 1)
}

#[vectorize]
pub fn byte_blend(a: u8, b: u8, weight: u8) -> u8 {
    let w = weight as u16;
    let sum = a as u16 * w + b as u16 * (255 - w) + 127;
    (sum / 255) as u8
}

/// The same argument returned, a constant, and an argument that is not used.
#[vectorize]
pub fn copies(x: f64, _unused: i8) -> (f64, f64, u8) {
    (x, 1.5, 7)
}

#[vectorize]
pub fn no_parameter_matters(_: f32) -> i32 {
    -3
}

/// Many values live at once.
#[vectorize]
pub fn many_live_values(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let (s, t, u, v) = (a + b, a - b, c + d, c - d);
    let (p, q, r, w) = (s * u, t * v, s * v, t * u);
    let (e, f, g, h) = (p + q, p - q, r + w, r - w);
    let (i, j, k, l) = (e * a, f * b, g * c, h * d);
    (i + j) * (k + l) + (e + f) * (g + h) + (p - w) * (q - r) + (s + t) * (u + v)
}
