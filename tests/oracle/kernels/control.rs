//! Control flow: `if`, `match`, the three loops, labels, ranges, early return.

use brolga::prelude::*;

#[vectorize]
pub fn sign(x: f64) -> i32 {
    if x > 0.0 {
        1
    } else if x < 0.0 {
        -1
    } else {
        0
    }
}

#[vectorize]
pub fn nested_if(a: i32, b: i32) -> i32 {
    let larger = if a > b { a } else { b };
    if larger > 10 {
        if a == b {
            return 0;
        }
        larger / 2
    } else {
        let doubled = {
            let twice = larger.wrapping_mul(2);
            twice.wrapping_add(1)
        };
        doubled
    }
}

#[vectorize]
pub fn match_integer(n: i32) -> i32 {
    match n {
        0 => 100,
        1 | 2 | 3 => 200,
        -1 => 300,
        i32::MIN => 400,
        other => other ^ 1,
    }
}

#[vectorize]
pub fn match_range(n: u8) -> u8 {
    match n {
        b'0'..=b'9' => n - b'0',
        b'a'..=b'f' => n - b'a' + 10,
        b'A'..=b'F' => n - b'A' + 10,
        200.. => 254,
        ..=31 => 253,
        32..48 => 252,
        _ => 255,
    }
}

#[vectorize]
pub fn match_guard(n: i64, limit: i64) -> i64 {
    match n {
        small if small < 0 => -1,
        even if even % 2 == 0 && even < limit => even / 2,
        k @ 1..=99 => k * 3 + 1,
        _ => limit,
    }
}

#[vectorize]
pub fn match_tuple(a: i32, b: bool) -> i32 {
    match (a % 3, b) {
        (0, true) => 1,
        (0, false) => 2,
        (1, _) => 3,
        (r, true) => r,
        (-2..=-1, false) => 4,
        (_, false) => 5,
    }
}

#[vectorize]
pub fn match_bool(a: bool, b: bool) -> u8 {
    match a {
        true => match b {
            true => 3,
            false => 2,
        },
        false => b as u8,
    }
}

#[vectorize]
pub fn quadrant(x: f32, y: f32) -> u8 {
    match (x >= 0.0, y >= 0.0) {
        (true, true) => 1,
        (false, true) => 2,
        (false, false) => 3,
        (true, false) => 4,
    }
}

#[vectorize]
pub fn while_digits(n: u64) -> (u32, u64) {
    let mut rest = n;
    let mut digits = 0;
    let mut reversed: u64 = 0;
    while rest > 0 && digits < 12 {
        reversed = reversed * 10 + rest % 10;
        rest /= 10;
        digits += 1;
    }
    (digits, reversed)
}

#[vectorize]
pub fn loop_break_value(n: u32) -> u32 {
    let mut power = 1_u32;
    let found = loop {
        if power > n {
            break power;
        }
        if power >= 1 << 31 {
            break 0;
        }
        power *= 2;
    };
    found.wrapping_add(1)
}

/// The first pair of factors in 2..50, or (0, 0).
#[vectorize]
pub fn labelled_break(n: i32) -> (i32, i32) {
    let mut pair = (0, 0);
    'outer: for a in 2..50 {
        for b in a..50 {
            if a * b == n {
                pair = (a, b);
                break 'outer;
            }
            if a * b > n {
                continue 'outer;
            }
        }
    }
    pair
}

#[vectorize]
pub fn labelled_loop_value(n: u8) -> u16 {
    let mut count = 0_u16;
    let total = 'search: loop {
        let mut k = 0;
        while k < 10 {
            count += 1;
            if count > n as u16 {
                break 'search count * 2;
            }
            k += 3;
        }
    };
    total + 1
}

#[vectorize]
pub fn block_value(x: f64) -> f64 {
    let y = 'found: {
        if x < 0.0 {
            break 'found -1.0;
        }
        if x > 100.0 {
            break 'found 1.0;
        }
        x / 100.0
    };
    y * 2.0
}

#[vectorize]
pub fn ranges(n: u8) -> (u32, u32, u32, u32, i32) {
    let n = (n % 20) as u32;
    let mut up = 0;
    for i in 0..n {
        up = up * 3 + i;
    }
    let mut inclusive = 0;
    for i in 1..=n {
        inclusive += i * i;
    }
    let mut down = 0;
    for i in (0..n).rev() {
        down = down * 3 + i;
    }
    let mut stepped = 0;
    for i in (0..=n).step_by(3) {
        stepped = stepped * 5 + i;
    }
    let mut both = 0;
    for i in (-5..n as i32).rev().step_by(4) {
        both = both * 7 + i;
    }
    (up, inclusive, down, stepped, both)
}

/// Ranges that reach the ends of their type, and empty ones.
#[vectorize]
pub fn range_limits(a: u8, b: u8) -> (u32, u32, u32) {
    let mut inclusive = 0;
    for _ in a..=b {
        inclusive += 1;
    }
    let mut last = 0;
    for i in (a..=255).step_by(50) {
        last = last * 2 + i as u32;
    }
    let mut reversed = 0;
    for i in (a..b).rev() {
        reversed = reversed * 31 + i as u32;
    }
    (inclusive, last, reversed)
}

#[vectorize]
pub fn continue_odd(n: i16) -> i32 {
    let mut sum = 0;
    for i in 0..(n % 50) as i32 {
        if i % 2 == 1 {
            continue;
        }
        sum += i;
    }
    sum
}

#[vectorize]
pub fn early_return(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    for d in 2..40 {
        if n % d == 0 {
            return d;
        }
        if d * d > n {
            return n;
        }
    }
    0
}

#[vectorize]
pub fn shadowing(x: i32) -> f64 {
    let x = x as f64;
    let x = x * 0.5;
    let y = {
        let x = x + 1.0;
        x * x
    };
    let x = x > y;
    if x { y } else { -y }
}

/// A loop variable does not change the range, nor does the bound change it later.
#[vectorize]
pub fn bound_is_read_once(n: u8) -> u32 {
    let mut end = (n % 16) as u32;
    let mut count = 0;
    for _ in 0..end {
        end += 1;
        count += end;
    }
    count
}

#[vectorize]
pub fn let_later(flag: bool, x: f64) -> f64 {
    let y;
    let z: f64;
    if flag {
        y = x + 1.0;
        z = 2.0;
    } else {
        y = 0.5;
        z = x;
    }
    y * z
}

/// `&&` and `||` leave the right side alone when the left decides.
#[vectorize]
pub fn short_circuit(a: i32, b: i32) -> bool {
    b != 0 && a % b == 0 || b == 0 && a > 0
}
