//! Kernels in source, each compiled by rustc as well: the strip program of the builder gives, in
//! each lane of a group, what the Rust function gives, and bails where one of them panics.

#![allow(
    clippy::identity_op,
    clippy::modulo_one,
    clippy::manual_is_multiple_of,
    clippy::precedence,
    clippy::collapsible_else_if,
    clippy::assign_op_pattern,
    clippy::needless_range_loop,
    clippy::explicit_counter_loop,
    clippy::manual_range_contains,
    reason = "kernels in every style, constants at their limits"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use brolga_lang::Module;
use brolga_lang::ir::{Element, Program, Scalar};

use super::super::build::build;
use super::super::program::StripProgram;
use super::bits::{operands, same};
use super::harness::{Machine, features, inputs};
use super::interpret::{Interpreter, Ran};

/// A kernel as Brolga and as Rust.
pub(super) struct Source {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    reference: fn(&[u64]) -> Vec<u64>,
}

impl Source {
    pub(super) fn program(&self) -> Program {
        let module = Module::parse("kernels.rs", self.text)
            .unwrap_or_else(|errors| panic!("{}: {errors:?}", self.name));
        module
            .specialise(self.name, &[])
            .unwrap_or_else(|error| panic!("{}: {error:?}", self.name))
    }

    /// Its strip program, whatever that costs.
    pub(super) fn strip(&self, machine: Machine) -> StripProgram {
        build(&self.program(), features(machine))
            .unwrap_or_else(|refusal| panic!("{} is refused: {refusal}", self.name))
    }

    /// The results of an element; `None` where Rust panics.
    pub(super) fn expected(&self, element: &[u64]) -> Option<Vec<u64>> {
        catch_unwind(AssertUnwindSafe(|| (self.reference)(element))).ok()
    }
}

trait Bits: Copy {
    fn of(bits: u64) -> Self;
    fn bits(self) -> u64;
}

macro_rules! integer_bits {
    ($($ty:ty as $unsigned:ty),*) => {$(
        impl Bits for $ty {
            fn of(bits: u64) -> Self {
                bits as $ty
            }
            fn bits(self) -> u64 {
                self as $unsigned as u64
            }
        }
    )*};
}

integer_bits!(
    i8 as u8,
    u8 as u8,
    i16 as u16,
    u16 as u16,
    i32 as u32,
    u32 as u32,
    i64 as u64,
    u64 as u64,
    usize as u64,
    isize as u64
);

impl Bits for f64 {
    fn of(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

impl Bits for f32 {
    fn of(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Bits for bool {
    fn of(bits: u64) -> bool {
        bits != 0
    }
    fn bits(self) -> u64 {
        self.into()
    }
}

/// The kernels, whose results are one value each.
macro_rules! sources {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) -> $result:ty $body:block)*) => {
        $(fn $name($($arg: $ty),*) -> $result $body)*

        pub(super) fn all() -> Vec<Source> {
            vec![$(Source {
                name: stringify!($name),
                text: stringify!(
                    #[vectorize]
                    pub fn $name($($arg: $ty),*) -> $result $body
                ),
                reference: |element| {
                    let mut element = element.iter();
                    $(let $arg = <$ty>::of(*element.next().expect("an operand"));)*
                    vec![$name($($arg),*).bits()]
                },
            }),*]
        }
    };
}

/// The elements that a kernel is tried with.
fn elements(program: &Program, n: usize) -> Vec<Vec<u64>> {
    let columns = operands(program, n);
    (0..n)
        .map(|i| columns.iter().map(|column| column[i]).collect())
        .collect()
}

/// Groups of several sizes, so that lanes with few turns meet those with many.
fn check_program(source: &Source) {
    let program = source.program();
    let strip = source.strip(Machine::Host);
    let elements = elements(&program, 450);
    for size in [1, 7, 16] {
        for group in elements.chunks(size) {
            let expected: Option<Vec<Vec<u64>>> = group
                .iter()
                .map(|element| source.expected(element))
                .collect();
            let found = Interpreter::new(&strip, group).run();
            compare(source, &program, group, expected, found);
        }
    }
}

fn result_of(program: &Program) -> Scalar {
    match program.entry.results[0] {
        Element::Scalar(scalar) => scalar,
        Element::Complex(_) => panic!("a complex result"),
    }
}

fn compare(
    source: &Source,
    program: &Program,
    group: &[Vec<u64>],
    expected: Option<Vec<Vec<u64>>>,
    found: Ran,
) {
    let (expected, found) = match (expected, found) {
        (Some(expected), Ran::Done(found)) => (expected, found),
        (None, Ran::Bailed) => return,
        (expected, found) => panic!(
            "{}: {found:?}, expected {expected:?} for {group:x?} of {:?}",
            source.name,
            inputs(program)
        ),
    };
    let scalar = result_of(program);
    for (k, element) in group.iter().enumerate() {
        assert!(
            same(scalar, found[k][0], expected[k][0]),
            "{}: {element:x?} gives {:x}, expected {:x}",
            source.name,
            found[k][0],
            expected[k][0]
        );
    }
}

/// Checks every kernel, and says which fail and how.
fn each(check: impl Fn(&Source)) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let failed: Vec<String> = all()
        .iter()
        .filter_map(|source| {
            let cause = catch_unwind(AssertUnwindSafe(|| check(source))).err()?;
            let text = cause.downcast_ref::<String>().cloned();
            Some(text.unwrap_or_else(|| format!("{} fails", source.name)))
        })
        .collect();
    std::panic::set_hook(hook);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn programs_of_kernels_in_source_give_the_values_of_rust() {
    each(check_program);
}

sources! {
    fn casts(a: i8, b: u16, c: f32, d: i64) -> f64 {
        let e = a as i64 + b as i64;
        let f = (c as f64 * 0.5) as i16;
        let g = d as u8 as f32 + c;
        (e ^ f as i64) as f64 + g as f64 + (d as f32) as f64
    }
    fn bytes(a: u8, b: u8, c: bool) -> u8 {
        let d = a.wrapping_mul(3).wrapping_add(b);
        if (d > 100) == c { d.wrapping_sub(b) ^ a } else { a.min(b) >> 1 }
    }
    fn words(a: i16, b: i16) -> i16 {
        let c = a.wrapping_mul(b).wrapping_add(7);
        if c < a { (c >> 3).max(b) } else { c.saturating_add(a) }
    }
    fn truth(a: bool, x: f64, y: f32) -> bool {
        (a && x < 1.0) || (y > 0.5 && !a) != (x == 2.0)
    }
    fn count(a: bool, x: f64) -> u64 {
        (a as u64) + ((x > 0.0) as u64) * 2
    }
    fn shifts(a: u32, b: u32, c: i64) -> i64 {
        let d = a.rotate_left(b) ^ a.rotate_right(b);
        (c.wrapping_shl(b) ^ c.wrapping_shr(a)) ^ (d.wrapping_shl(a) as i64)
    }
    fn quotient(a: i32, b: i32) -> i32 {
        a / b
    }
    fn remainder(a: u64, b: u64) -> u64 {
        a % b
    }
    fn guarded(a: i8, b: i8) -> i8 {
        if b == 0 || b == -1 { 3 } else { a / b + a % b }
    }
    fn by_constants(a: i32, b: u16, c: i64) -> i64 {
        let d = (a / 8).wrapping_add(a % 16).wrapping_sub(a / 7).wrapping_add(a % -3);
        let e = (b / 4 + b % 32) / 10;
        let f = (c / 2).wrapping_sub(c % 64).wrapping_add(c / 1).wrapping_add(c % 1);
        (f / 1000).wrapping_add(d as i64).wrapping_add(e as i64)
    }
    fn negated(a: i16) -> i16 {
        a / -1
    }
    fn checked(x: f64) -> f64 {
        assert!(x != 2.0, "two");
        if x > 1e200 { panic!("large") } else { x * 2.0 }
    }
    fn power(a: u32, n: u32) -> u32 {
        a.wrapping_pow(n & 31) ^ (a & 3).wrapping_pow(n)
    }
    fn ones(a: u16, b: u64) -> u32 {
        a.count_ones() + b.count_ones()
    }
    fn mandelbrot(cr: f64, ci: f64) -> u32 {
        let mut zr = 0.0;
        let mut zi = 0.0;
        let mut n = 0;
        while n < 50 && zr * zr + zi * zi <= 4.0 {
            let t = zr * zr - zi * zi + cr;
            zi = 2.0 * zr * zi + ci;
            zr = t;
            n += 1;
        }
        n
    }
    fn escape(cr: f64, ci: f64) -> f64 {
        let (mut zr, mut zi) = (cr, ci);
        for k in 0..40_i64 {
            let (a, b) = (zr * zr, zi * zi);
            if a + b > 4.0 {
                return a + b + k as f64;
            }
            zi = 2.0 * zr * zi + ci;
            zr = a - b + cr;
        }
        -zr
    }
    fn collatz(a: u64) -> u32 {
        let mut n = a % 1000 + 1;
        let mut count = 0;
        while n != 1 {
            n = if n % 2 == 0 { n / 2 } else { n.wrapping_mul(3).wrapping_add(1) };
            count += 1;
        }
        count
    }
    fn newton(a: f64) -> f64 {
        let mut x = if a > 1.0 { a } else { 1.0 };
        let mut turns = 0;
        loop {
            let next = 0.5 * (x + a / x);
            turns += 1;
            if next == x || turns >= 60 {
                break next;
            }
            x = next;
        }
    }
    fn gcd(a: u32, b: u32) -> u32 {
        let mut a = a;
        let mut b = b;
        while b != 0 {
            let t = b;
            b = a % b;
            a = t;
        }
        a
    }
    fn triangle(n: u8) -> u32 {
        let mut sum = 0;
        for k in 0..n {
            sum += k as u32 * 3 + 1;
        }
        sum
    }
    fn inclusive(a: u8, b: u8) -> u32 {
        let mut sum = 0;
        for k in a..=b {
            sum += k as u32 + 1;
        }
        sum
    }
    fn signed_range(a: i8, b: i8) -> i32 {
        let mut sum = 5;
        for k in (a..b).rev() {
            if k == 3 {
                continue;
            }
            sum = sum * 3 + k as i32;
            sum %= 10007;
        }
        sum
    }
    fn stepped(a: u8, b: u8, c: u8) -> u32 {
        let mut sum = 1_u32;
        for k in (a..=b).step_by((c % 7 + 1) as usize) {
            sum = sum.wrapping_mul(31).wrapping_add(k as u32);
        }
        for k in (a..b).rev().step_by(300) {
            sum = sum.wrapping_mul(31).wrapping_add(k as u32);
        }
        for k in (a..b).step_by(5).rev() {
            sum = sum.wrapping_mul(31).wrapping_add(k as u32);
        }
        sum
    }
    fn steps_that_vary(a: i16, c: u8) -> i64 {
        let mut sum = 1_i64;
        for k in (-20..a % 64).step_by((c % 7 + 1) as usize).rev() {
            sum = sum.wrapping_mul(31).wrapping_add(k as i64);
        }
        sum
    }
    fn step_of_zero(a: u8, c: u8) -> u32 {
        let mut sum = 0;
        if a > 10 {
            for k in (0..a).step_by(c as usize) {
                sum += k as u32;
            }
        }
        sum
    }
    fn uniform(x: f64) -> f64 {
        let mut sum = 0.0;
        for k in 0..20_i32 {
            sum += x * (k as f64);
        }
        for k in (3..100_u64).rev().step_by(7) {
            sum -= x / (k as f64);
        }
        sum
    }
    fn written_out(x: f32) -> f32 {
        let mut sum = x;
        for k in 0..4_u8 {
            if sum > 100.0 {
                break;
            }
            if k == 2 {
                continue;
            }
            sum = sum * 1.5 + k as f32;
        }
        sum
    }
    fn nested(a: u8, b: u8) -> u32 {
        let mut sum = 0_u32;
        'outer: for i in 0..a % 16 {
            let mut product = 1_u32;
            for j in i..b % 32 {
                if product > 5000 {
                    continue 'outer;
                }
                if i + j == 29 {
                    break 'outer;
                }
                product = product.wrapping_mul(j as u32 + 1);
                sum = sum.wrapping_add(product);
            }
            sum = sum.wrapping_add(1000);
        }
        sum
    }
    fn returns(a: u32, b: f64) -> f64 {
        let mut k = a % 100;
        if b > 0.0 {
            loop {
                k += 3;
                if k % 7 == 1 {
                    return b + k as f64;
                }
                if k > 200 {
                    break;
                }
                let mut j = 0;
                while j < k % 5 {
                    j += 1;
                    if j * k == 36 {
                        return -b;
                    }
                }
            }
        }
        k as f64
    }
    fn deferred(a: u8) -> u32 {
        let found;
        let mut k = a as u32;
        loop {
            k += 1;
            if k % 5 == 2 {
                found = k * 2;
                break;
            }
            if k % 11 == 3 {
                found = k + 7;
                break;
            }
        }
        found + k
    }
    fn flags(a: u16) -> bool {
        let mut odd = false;
        let mut seen = false;
        let mut n = a;
        while n != 0 && !seen {
            odd = odd != (n & 1 == 1);
            seen = n & 0xff == 0x5a;
            n >>= 1;
        }
        odd || seen
    }
    fn blocks(a: i32, x: f64) -> f64 {
        let y = 'found: {
            let mut k = 0;
            while k < 12 {
                if a.wrapping_mul(k) & 15 == 9 {
                    break 'found k as f64;
                }
                k += 1;
            }
            x
        };
        y + 1.0
    }
    fn fails_inside(a: u8, b: u8) -> u32 {
        let mut k = 0_u32;
        if a < 200 {
            while k < (a % 8) as u32 {
                k += 1;
                if k == 6 && b == 5 {
                    panic!("six");
                }
                k += 12 / (b.wrapping_add(k as u8)) as u32 & 1;
            }
        }
        k
    }
    fn picks(a: u8, x: f64) -> f64 {
        let table = [1.5, 2.5, x, -4.0];
        let mut own = [x; 3];
        own[(a % 3) as usize] = 7.0;
        for k in 0..3 {
            own[k] += table[k + 1];
        }
        own[0] * own[1] + own[2] + table[(a % 8) as usize]
    }
    fn wide_products(a: i64) -> i64 {
        let few = a.wrapping_mul(8) ^ a.wrapping_mul(3) ^ a.wrapping_mul(i64::MIN);
        let more = a.wrapping_mul(7) ^ a.wrapping_mul(i64::MAX) ^ a.wrapping_mul(-1);
        few ^ more ^ a.wrapping_mul(40) ^ a.wrapping_mul(11) ^ a.wrapping_mul(1)
    }
    fn narrow_products(a: u8) -> u8 {
        let few = a.wrapping_mul(8) ^ a.wrapping_mul(3) ^ a.wrapping_mul(128);
        let more = a.wrapping_mul(7) ^ a.wrapping_mul(127) ^ a.wrapping_mul(255);
        few ^ more ^ a.wrapping_mul(129) ^ a.wrapping_mul(11) ^ a.wrapping_mul(0)
    }
    fn negative_zero(x: f64, n: u8) -> f64 {
        let mut y = -0.0;
        for _ in 0..n % 4 {
            y += x * 0.0;
        }
        y
    }
    fn pairs(x: f32, n: u8) -> f32 {
        let mut p = (x, 1.0_f32);
        let mut k = 0_u8;
        while k < n % 9 {
            p = (p.1, p.0 * 0.5 + p.1);
            k += 1;
        }
        p.0 - p.1
    }
}
