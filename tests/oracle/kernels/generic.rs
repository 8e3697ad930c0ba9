//! Generic functions: bounds, inference of type arguments, turbofish, several parameters.

use brolga::prelude::*;

fn square<T: Number>(x: T) -> T {
    x * x
}

fn power<T: Number>(base: T, exponent: u32) -> T {
    if exponent == 0 {
        return T::one();
    }
    let half = power(base, exponent / 2);
    if exponent % 2 == 0 {
        half * half
    } else {
        half * half * base
    }
}

fn larger<T: Real>(a: T, b: T) -> T {
    if a < b { b } else { a }
}

fn pick<T: Number, U: Real>(flag: U, a: T, b: T) -> T {
    if flag > U::zero() { a } else { b }
}

#[vectorize]
pub fn square_of<T: Number>(x: T) -> T {
    square(x) + square::<T>(T::one())
}

#[vectorize]
pub fn power_of<T: Number>(x: T, n: u8) -> T {
    power(x, (n % 12) as u32)
}

#[vectorize]
pub fn largest<T: Real>(a: T, b: T, c: T) -> T {
    larger(larger(a, b), c)
}

#[vectorize]
pub fn pick_by<T: Number, U: Real>(flag: U, a: T, b: T) -> T {
    pick(flag, a, b)
}

#[vectorize]
pub fn horner<T: Float>(x: T) -> T {
    let mut p = T::from_f64(0.001);
    p = p * x + T::from_f64(-0.02);
    p = p * x + T::from_i32(3);
    p = p * x + T::one();
    p
}

/// A concrete caller of generic helpers at several types.
#[vectorize]
pub fn at_several_types(a: i32, x: f64) -> (f64, i64) {
    let wide = square(a as i64) + power(a as i64, 3);
    (square(x) + larger::<f64>(x, 2.0), larger(wide, -5))
}

#[vectorize]
pub fn gcd_generic<T: Integer>(a: T, b: T) -> T {
    let (mut a, mut b) = (a, b);
    while b != T::zero() {
        let r = a.wrapping_rem(b);
        a = b;
        b = r;
    }
    a
}

#[vectorize]
pub fn lerp<T>(a: T, b: T, t: T) -> T
where
    T: Float,
{
    a + (b - a) * t
}

/// Bits of a parametric integer type, shifted by u32.
#[vectorize]
pub fn low_half<T: Integer>(a: T) -> T {
    let mask = (T::one() << (T::BITS / 2)) - T::one();
    let mut low = a & mask;
    low |= T::one();
    low ^= a >> 1;
    low
}

/// Newton's method in whichever precision.
#[vectorize]
pub fn newton_sqrt<T: Float>(x: T) -> T {
    if !(x > T::zero()) || x == T::INFINITY {
        return x;
    }
    let half = T::from_f64(0.5);
    let mut guess = x * half + half;
    for _ in 0..20 {
        guess = half * (guess + x / guess);
    }
    guess
}
