//! The formulas of `f64` that look numbers up, for lanes of any number.

use super::bits::ROUNDER;
use super::logarithm::{LN_2_REST, LN_2_SHORT};
use super::tables::{
    EXP_PRECISE, EXP_SHORT, EXP2_SINGLE, LN_PRECISE, LN_SHORT, LOG2_SINGLE, LOGS, LOGS_2,
    LOGS_REST, POWERS, POWERS_REST, RECIPROCALS, START,
};
use crate::lanes::{Lanes, polynomial};
use std::f64::consts::{LN_2, LOG2_E};

const LN_2_LO: f64 = 2.319_046_813_846_299_6e-17;

/// `e^x`, and whether it is: `|x|` is below 708.
#[inline(always)]
pub(crate) fn exp<L: Lanes>(x: L) -> (L, L::Mask) {
    (exp_of_sum(x, x, None), x.within(-708.0, 708.0))
}

/// `e^(x + below)` for `sum = x + below`, rounded, of less than 708; `below` is at most 1/16.
#[inline(always)]
fn exp_of_sum<L: Lanes>(sum: L, x: L, below: Option<L>) -> L {
    let shifted = sum.mul_add(x.all(16.0 * LOG2_E), x.all(ROUNDER));
    let k = shifted.minus(x.all(ROUNDER));
    // Of a multiple of 2^-58 below 2^-5 (or 2^-3, with a `below`), hence exact or nearly so.
    let r = k.mul_add(x.all(-LN_2 / 16.0), x);
    let rest = shifted.lookup(&POWERS_REST);
    let rest = match below {
        Some(below) => rest.plus(below),
        None => rest,
    };
    let r = k.mul_add(x.all(-LN_2_LO / 16.0), r).plus(rest);
    let r2 = r.times(r);
    let curve = match below {
        Some(_) => polynomial(r, r2, &EXP_PRECISE),
        None => polynomial(r, r2, &EXP_SHORT),
    };
    let tail = r2.mul_add(curve, r);
    let power = shifted.lookup(&POWERS).plus_bits(shifted.up_48());
    power.mul_add(tail, power)
}

/// `k`, `m - 1` of `c` and the bits to look `c` up, of `x = 2^k m`.
#[inline(always)]
fn split<L: Lanes>(x: L) -> (L, L, L) {
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const UNSIGNED: u64 = 0x4330_0000_0000_0000;
    const FRACTION: u64 = (1 << 52) - 1;
    let moved = x.minus_bits(x.all_bits(START.wrapping_sub(ONE)));
    let k = moved.down_52().or(x.all_bits(UNSIGNED));
    let k = k.minus(x.all(4_503_599_627_370_496.0 + 1023.0));
    let m = moved.and(x.all_bits(FRACTION)).plus_bits(x.all_bits(START));
    let index = moved.down_48();
    let r = m.mul_add(index.lookup(&RECIPROCALS), x.all(-1.0));
    (k, r, index)
}

/// `ln x`, and whether it is: `x` is positive and normal.
#[inline(always)]
pub(crate) fn ln<L: Lanes>(x: L) -> (L, L::Mask) {
    let (k, r, index) = split(x);
    // Exact: multiples of 2^-41 below 2^11.
    let constant = k.mul_add(x.all(LN_2_SHORT), index.lookup(&LOGS));
    let hi = constant.plus(r);
    let lo = r.minus(hi.minus(constant));
    let lo = lo.plus(k.mul_add(x.all(LN_2_REST), index.lookup(&LOGS_REST)));
    let r2 = r.times(r);
    let curve = r.mul_add(polynomial(r, r2, &LN_SHORT), x.all(-0.5));
    let holds = x.within(f64::MIN_POSITIVE, f64::INFINITY);
    (hi.plus(r2.mul_add(curve, lo)), holds)
}

/// `ln x` of a positive normal `x` in two parts.
#[inline(always)]
fn ln_precise<L: Lanes>(x: L) -> (L, L) {
    let (k, r, index) = split(x);
    let constant = k.mul_add(x.all(LN_2_SHORT), index.lookup(&LOGS));
    let line = constant.plus(r);
    let line_lo = r.minus(line.minus(constant));
    let constant_lo = k.mul_add(x.all(LN_2_REST), index.lookup(&LOGS_REST));
    let half = r.times(x.all(-0.5));
    let square = r.times(half);
    let square_lo = r.mul_sub(half, square);
    let curve = line.plus(square);
    let curve_lo = square.minus(curve.minus(line));
    let r2 = r.times(r);
    // The rest of the series, as a part of the square in its two parts.
    let part = r.times(x.all(-2.0)).times(polynomial(r, r2, &LN_PRECISE));
    let lo = line_lo.plus(curve_lo).plus(constant_lo.plus(square_lo));
    (curve, square.mul_add(part, square_lo.mul_add(part, lo)))
}

/// `x^y`, and whether it is: `x` is positive and normal, and the power is too.
#[inline(always)]
pub(crate) fn powf<L: Lanes>(x: L, y: L) -> (L, L::Mask) {
    let (ln, ln_lo) = ln_precise(x);
    let product = y.times(ln);
    let below = y.mul_add(ln_lo, y.mul_sub(ln, product));
    let sum = product.plus(below);
    let normal = x.within(f64::MIN_POSITIVE, f64::INFINITY);
    let holds = L::both(normal, sum.within(-708.0, 708.0));
    (exp_of_sum(sum, product, Some(below)), holds)
}

/// `x^y` with an error of 2^-29 of it, and whether it is that: `x` is positive and normal, and the
/// power is between `2^-1000` and `2^1000`.
#[inline(always)]
pub(crate) fn powf_single<L: Lanes>(x: L, y: L) -> (L, L::Mask) {
    // Its last place is 1/16.
    const ROUNDER_16: f64 = ROUNDER / 16.0;
    let (k, r, index) = split(x);
    let line = k.plus(index.lookup(&LOGS_2));
    let log = r.mul_add(polynomial(r, r.times(r), &LOG2_SINGLE), line);
    let power = y.times(log);
    let shifted = power.plus(x.all(ROUNDER_16));
    let rest = power.minus(shifted.minus(x.all(ROUNDER_16)));
    let near = polynomial(rest, rest.times(rest), &EXP2_SINGLE);
    let scale = shifted.lookup(&POWERS).plus_bits(shifted.up_48());
    let normal = x.within(f64::MIN_POSITIVE, f64::INFINITY);
    let holds = L::both(normal, power.within(-1000.0, 1000.0));
    (near.times(scale), holds)
}
