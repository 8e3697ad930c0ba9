//! Divisions under conditions on their divisors: which checks are left out, and that what is
//! computed and what fails is as rustc has it.

#![allow(clippy::all, reason = "kernels as users may write them")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use brolga_abi::Status;
use brolga_lang::Module;

use crate::support::*;

/// The same function for both compilers: the kernel's text, and what rustc makes of it.
macro_rules! kernel {
    ($a:ident, $b:ident: $ty:ty $body:block) => {{
        fn k($a: $ty, $b: $ty) -> $ty $body
        let text = concat!(
            "#[vectorize] pub fn k(", stringify!($a), ": ", stringify!($ty), ", ",
            stringify!($b), ": ", stringify!($ty), ") -> ", stringify!($ty), stringify!($body)
        );
        (text, k as fn($ty, $ty) -> $ty)
    }};
}

/// Checks a kernel on all pairs of values, and whether it has any check at all.
fn agree<T: Bits>((text, native): (&str, fn(T, T) -> T), values: &[T], fails: bool) {
    let module = Module::parse("k.rs", text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let program = module.specialise("k", &[]);
    let program = program.unwrap_or_else(|error| panic!("{text}: {error:?}"));
    for (name, compiler) in compilers() {
        let loaded = Loaded::new(compiler, &program);
        assert_eq!(loaded.object.can_fail, fails, "{text} on {name}");
        for (&a, &b) in values
            .iter()
            .flat_map(|a| values.iter().map(move |b| (a, b)))
        {
            let expected = catch_unwind(AssertUnwindSafe(|| native(a, b).bits())).ok();
            let mut operands = [a, b, a].map(|value| Array::new(&[value]));
            let outcome = loaded.run(1, &mut operands);
            let found = (outcome.status == Status::Ok).then(|| operands[2].get(0));
            let pair = (a.bits(), b.bits());
            assert_eq!(found, expected, "{text} on {name}, of {pair:x?}");
        }
    }
}

const UNSIGNED: [u64; 11] = [
    0,
    1,
    2,
    3,
    6,
    7,
    u32::MAX as u64,
    1 << 32,
    (1 << 32) + 1,
    1 << 63,
    u64::MAX,
];

const SIGNED: [i64; 9] = [0, 1, 2, 7, -1, -2, 1 << 32, i64::MIN, i64::MAX];

#[test]
fn a_divisor_that_a_condition_keeps_from_0_is_not_checked() {
    let gcd = kernel!(a, b: u64 {
        let (mut a, mut b) = (a, b);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    });
    agree(gcd, &UNSIGNED, false);
    agree(
        kernel!(a, b: u64 { if b == 0 { return a; } a % b }),
        &UNSIGNED,
        false,
    );
    agree(
        kernel!(a, b: u64 { if a < b { a / b } else { a } }),
        &UNSIGNED,
        false,
    );
    agree(
        kernel!(a, b: u64 { if b != 0 && a % b == 0 { 1 } else { 2 } }),
        &UNSIGNED,
        false,
    );
    agree(
        kernel!(a, b: u64 { if b == 0 || a % b == 0 { 1 } else { 2 } }),
        &UNSIGNED,
        false,
    );
    agree(
        kernel!(a, b: i64 { if b > 0 { a / b } else { a } }),
        &SIGNED,
        false,
    );
    agree(
        kernel!(a, b: i64 { if !(b >= -1) { a % b } else { a } }),
        &SIGNED,
        false,
    );
    let ranges = kernel!(a, b: u64 {
        let mut n = 0;
        for d in 1..9_u64 {
            n ^= a % d;
        }
        for d in 0..9_u64 {
            if d > b {
                n ^= a / d;
            }
        }
        n
    });
    agree(ranges, &UNSIGNED, false);
}

#[test]
fn a_divisor_that_may_be_0_or_overflow_is_checked() {
    agree(
        kernel!(a, b: i64 { if b != 0 { a / b } else { a } }),
        &SIGNED,
        true,
    );
    agree(
        kernel!(a, b: i64 { if b != -1 { a / b } else { a } }),
        &SIGNED,
        true,
    );
    agree(
        kernel!(a, b: i64 { if b >= 0 { a % b } else { a } }),
        &SIGNED,
        true,
    );
    agree(kernel!(a, b: u64 { (a / b) ^ (a % b) }), &UNSIGNED, true);
    agree(
        kernel!(a, b: u64 { if b != 0 || a > 1 { a / b } else { a } }),
        &UNSIGNED,
        true,
    );
}

#[test]
fn what_a_condition_decided_ends_where_control_joins() {
    let after = kernel!(a, b: u64 {
        let mut c = a;
        if b != 0 {
            c = a / b;
        }
        c % b
    });
    agree(after, &UNSIGNED, true);
    let left = kernel!(a, b: u64 {
        let mut b = b;
        let mut n = 0;
        loop {
            if b == 0 {
                break;
            }
            n ^= a % b;
            b >>= 1;
        }
        n ^ (a / b)
    });
    agree(left, &UNSIGNED, true);
    let block = kernel!(a, b: u64 {
        let c = 'x: {
            if b == 0 {
                break 'x 1;
            }
            a % b
        };
        c / b
    });
    agree(block, &UNSIGNED, true);
    let next = kernel!(a, b: u64 {
        let mut n = 0;
        for i in 0..3_u64 {
            if b == 0 {
                continue;
            }
            n ^= a % b ^ i;
        }
        n ^ (a / b)
    });
    agree(next, &UNSIGNED, true);
    let lazily = kernel!(a, b: u64 {
        let c = b != 0 && a % b == 0;
        if c { a } else { a / b }
    });
    agree(lazily, &UNSIGNED, true);
}

#[test]
fn what_a_condition_decided_does_not_outlive_an_assignment() {
    let in_arm = kernel!(a, b: u64 {
        let mut b = b;
        if b != 0 {
            b &= 1;
            a / b
        } else {
            a
        }
    });
    agree(in_arm, &UNSIGNED, true);
    let in_the_only_arm = kernel!(a, b: u64 {
        let mut b = b;
        if b == 0 {
            return a;
        } else {
            b &= 1;
        }
        a / b
    });
    agree(in_the_only_arm, &UNSIGNED, true);
    let in_condition = kernel!(a, b: u64 {
        let mut b = b;
        if b != 0 && { b &= 1; true } {
            a / b
        } else {
            a
        }
    });
    agree(in_condition, &UNSIGNED, true);
    let in_loop = kernel!(a, b: u64 {
        let mut n = 0_u64;
        let mut b = b;
        while b != 0 {
            b >>= 1;
            n = n.wrapping_add(a % b);
        }
        n
    });
    agree(in_loop, &UNSIGNED, true);
}

#[test]
fn turns_without_a_look_at_the_cancel_flag_are_like_the_others() {
    let turns = kernel!(a, b: u64 {
        let mut n = 0_u64;
        let mut sum = 0_u64;
        while n < b % 64 {
            n += 1;
            if n % 3 == 0 {
                continue;
            }
            if n > a {
                break;
            }
            sum ^= n << (n % 7);
        }
        sum.wrapping_mul(100).wrapping_add(n)
    });
    let values: Vec<u64> = (0..12).chain([62, 63, 64, u64::MAX]).collect();
    agree(turns, &values, false);
}
