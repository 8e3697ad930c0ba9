//! The loops around the elementwise kernels.

use crate::buffer::export;
use crate::kernels as k;

/// `name = kernel(arguments) -> output`, where an argument is `x: &T`, one for each element, or
/// `a: T`, the same for all.
macro_rules! unary {
    ($($name:ident = $kernel:path: $ty:ty => $out:ty;)*) => {
        $(
            #[inline(never)]
            fn $name(x: &[$ty], out: &mut [$out]) {
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = $kernel(x);
                }
            }
        )*
        mod unary_symbols {
            $crate::buffer::export! { $($name = super::$name: (&[$ty], &mut [$out]);)* }
        }
    };
}

macro_rules! binary {
    ($($name:ident = $kernel:path: $ty:ty => $out:ty;)*) => {
        $(
            #[inline(never)]
            fn $name(x: &[$ty], y: &[$ty], out: &mut [$out]) {
                for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
                    *out = $kernel(x, y);
                }
            }
        )*
        mod binary_symbols {
            $crate::buffer::export! { $($name = super::$name: (&[$ty], &[$ty], &mut [$out]);)* }
        }
    };
}

unary! {
    poly8 = k::poly8::poly8: f64 => f64;
    poly8_f32 = k::poly8::poly8: f32 => f32;
    exp = k::exp::exp: f64 => f64;
    exp_f32 = k::exp::exp: f32 => f32;
    ln = k::ln::ln: f64 => f64;
    ln_f32 = k::ln::ln: f32 => f32;
    sin = k::sin::sin: f64 => f64;
    sin_f32 = k::sin::sin: f32 => f32;
    logistic = k::logistic::logistic: f64 => f64;
    logistic_f32 = k::logistic::logistic: f32 => f32;
    collatz = k::collatz::collatz: u64 => u32;
}

binary! {
    add = k::add::add: f64 => f64;
    pow = k::pow::pow: f64 => f64;
    pow_f32 = k::pow::pow: f32 => f32;
    hypot = k::hypot::hypot: f64 => f64;
    hypot_f32 = k::hypot::hypot: f32 => f32;
    mandelbrot = k::mandelbrot::mandelbrot: f64 => i32;
    gcd = k::gcd::gcd: u64 => u64;
}

export! {
    axpy = axpy_loop: (f64, &[f64], &[f64], &mut [f64]);
    leaky_relu = leaky_relu_loop: (f64, &[f64], &mut [f64]);
    clip = clip_loop: (&[f64], f64, f64, &mut [f64]);
    newton = newton_loop: (&[f64], &mut [f64], &mut [u32]);
    black_scholes = black_scholes_loop:
        (&[f64], &[f64], &[f64], &[f64], &[f64], &mut [f64], &mut [f64]);
    haversine = haversine_loop: (&[f64], &[f64], &[f64], &[f64], &mut [f64]);
}

#[inline(never)]
fn axpy_loop(a: f64, x: &[f64], y: &[f64], out: &mut [f64]) {
    for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
        *out = k::axpy::axpy(a, x, y);
    }
}

#[inline(never)]
fn leaky_relu_loop(slope: f64, x: &[f64], out: &mut [f64]) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = k::leaky_relu::leaky_relu(slope, x);
    }
}

#[inline(never)]
fn clip_loop(x: &[f64], low: f64, high: f64, out: &mut [f64]) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = k::clip::clip(x, low, high);
    }
}

#[inline(never)]
fn newton_loop(x: &[f64], roots: &mut [f64], steps: &mut [u32]) {
    for ((root, steps), &x) in roots.iter_mut().zip(steps).zip(x) {
        (*root, *steps) = k::newton::newton(x);
    }
}

#[inline(never)]
fn black_scholes_loop(
    spot: &[f64],
    strike: &[f64],
    years: &[f64],
    rate: &[f64],
    volatility: &[f64],
    calls: &mut [f64],
    puts: &mut [f64],
) {
    let inputs = spot.iter().zip(strike).zip(years).zip(rate).zip(volatility);
    for ((call, put), ((((&s, &x), &t), &r), &v)) in calls.iter_mut().zip(puts).zip(inputs) {
        (*call, *put) = k::black_scholes::black_scholes(s, x, t, r, v);
    }
}

#[inline(never)]
fn haversine_loop(a: &[f64], b: &[f64], c: &[f64], d: &[f64], out: &mut [f64]) {
    for ((((out, &a), &b), &c), &d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *out = k::haversine::haversine(a, b, c, d);
    }
}
