//! What the formulas of `f32` that compute in `f64` share.
//!
//! The argument is widened (which is exact), the formula's error in `f64` is below 2^-28 of the
//! result, and the one rounding to `f32` at the end gives subnormal results, overflow and nearly
//! the smallest error possible, without care in between. Quotients and square roots of `f64` take
//! as long as a whole polynomial, so that both start from the instruction of `f32` and add one step
//! of Newton's.

/// `c0 + c1 x + c2 x^2 + ...`, by Horner's rule with one rounding a step.
macro_rules! horner {
    (@ $x:ident; $c:expr) => { $c };
    (@ $x:ident; $c:expr, $($rest:expr),+) => {
        $x.mul_add(horner!(@ $x; $($rest),+), $c)
    };
    ($x:expr; $($c:expr),+ $(,)?) => {{
        let x = $x;
        horner!(@ x; $($c),+)
    }};
}
pub(super) use horner;

/// `c0 + c1 x + c2 x^2 + ...`, by Horner's rule in `x^2` for pairs of coefficients: one product more
/// than [`horner`], for half as long a chain of dependent steps, which is what limits long formulas.
macro_rules! polynomial {
    (@ $x:ident $square:ident; $c:expr) => { $c };
    (@ $x:ident $square:ident; $c:expr, $d:expr) => { $x.mul_add($d, $c) };
    (@ $x:ident $square:ident; $c:expr, $d:expr, $($rest:expr),+) => {
        $square.mul_add(polynomial!(@ $x $square; $($rest),+), $x.mul_add($d, $c))
    };
    ($x:expr; $($c:expr),+ $(,)?) => {{
        let x = $x;
        let square = x * x;
        polynomial!(@ x square; $($c),+)
    }};
}
pub(super) use polynomial;

/// `f32` with the magnitude of `x`, which has no sign, and the sign of `sign`.
#[inline(always)]
pub(super) fn with_sign(x: f32, sign: f32) -> f32 {
    f32::from_bits(x.to_bits() | (sign.to_bits() & 0x8000_0000))
}

/// `x + ROUND` has the nearest integer to `x` in its low bits, for `x` below 2^51.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0;

/// The bits of 1.
pub(super) const ONE: u64 = 0x3ff0_0000_0000_0000;

/// `1 / d` with an error of at most 2^-43 of it, for `d` with 2^-126 <= |d| < 2^128.
#[inline(always)]
pub(super) fn reciprocal(d: f64) -> f64 {
    let r = f64::from(1.0 / (d as f32));
    r * (-d).mul_add(r, 2.0)
}

/// The square root of `v` with an error of at most 2^-45 of it, for `v` from 2^-60 to 2^120 and
/// for zero; NaN for negative numbers.
#[inline(always)]
pub(super) fn square_root(v: f64) -> f64 {
    let single = v as f32;
    let s = single.sqrt();
    // 1 / (2 s), by a quotient that does not wait for the root. The small number makes a zero's root
    // zero.
    let half = f64::from(s * (0.5 / (single + 1e-30)));
    let s = f64::from(s);
    (-s).mul_add(s, v).mul_add(half, s)
}

/// `n` and `r` with `x = n ln 2 + r`, `|r| <= ln 2 / 2`, for `|x|` below 1000. The integer `n` is in
/// the low bits of the first.
#[inline(always)]
pub(super) fn reduce_by_ln2(x: f64) -> (u64, f64) {
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    (shifted.to_bits(), n.mul_add(-std::f64::consts::LN_2, x))
}

/// `2^n` for the low bits `n`, an integer between -1022 and 1023.
#[inline(always)]
pub(super) fn power_of_two(n: u64) -> f64 {
    f64::from_bits((n << 52).wrapping_add(ONE))
}

/// `2^x` with an error of 2^-29 of it, for `|x| < 1000`.
#[inline(always)]
pub(super) fn exp2(x: f64) -> f64 {
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    let p = polynomial!(r;
        1.0000000005551386, 0.693147205766078, 0.24022646885238666, 0.05550328713226114,
        0.00961848933452007, 0.0013399957268125204, 0.0001534576607955036);
    p * power_of_two(shifted.to_bits())
}

/// `e^x - 1` with an error of 2^-32 of it, for `|x| < 700`; its zero is positive.
#[inline(always)]
pub(super) fn exp_m1(x: f64) -> f64 {
    let (n, r) = reduce_by_ln2(x);
    let p = r * polynomial!(r;
        1.0000000000311973, 0.5000000046655669, 0.16666666249686096, 0.04166635442723152,
        0.008333402887885932, 0.0013941006952887156, 0.00019841257219214953);
    let scale = power_of_two(n);
    scale.mul_add(p, scale - 1.0)
}

/// The exponent `k` of a positive normal number `2^k m` with `m` between the square roots of 1/2
/// and 2: the bits of `2^k` less those of 1, and the number itself.
#[inline(always)]
pub(super) fn exponent(x: f64) -> (u64, f64) {
    const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const BIAS: u64 = 1 << 62;
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let k = x.to_bits().wrapping_sub(ROOT_HALF) & 0xfff0_0000_0000_0000;
    let number = f64::from_bits((k.wrapping_add(BIAS) >> 52) | TWO_52);
    (k, number - (4_503_599_627_370_496.0 + 1024.0))
}

/// `ln(1 + t)` with an error of 2^-30 of it, for `t > -1` below 2^1000.
#[inline(always)]
pub(super) fn ln_1p(t: f64) -> f64 {
    let (k, number) = exponent(1.0 + t);
    let scale = f64::from_bits(ONE.wrapping_sub(k));
    // (1 + t) / 2^k - 1, without the rounding of 1 + t.
    let f = t.mul_add(scale, scale - 1.0);
    let p = polynomial!(f;
        1.0000000006312655, -0.499999996687298, 0.3333330159886286, -0.2500002693886634,
        0.20002576451985848, -0.16667918196911663, 0.1421252508326355, -0.12400978613909264,
        0.11926096793651769, -0.11718761707437819, 0.06726036772640691);
    number.mul_add(std::f64::consts::LN_2, f * p)
}
