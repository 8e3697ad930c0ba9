//! Classics of numeric code, as users write them.

use brolga::prelude::*;

const EARTH_RADIUS_KM: f64 = 6371.0088;

fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x / 2.0_f64.sqrt())
}

/// Price of a European call and put.
#[vectorize]
pub fn black_scholes(spot: f64, strike: f64, years: f64, rate: f64, sigma: f64) -> (f64, f64) {
    let root = sigma * years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * sigma * sigma) * years) / root;
    let d2 = d1 - root;
    let discounted = strike * (-rate * years).exp();
    let call = spot * normal_cdf(d1) - discounted * normal_cdf(d2);
    (call, call - spot + discounted)
}

/// Great-circle distance in km of two points in degrees.
#[vectorize]
pub fn haversine(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let dphi = (lat2 - lat1).to_radians();
    let dlambda = (lon2 - lon1).to_radians();
    let a = (dphi / 2.0).sin().powi(2) + phi1.cos() * phi2.cos() * (dlambda / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS_KM * a.sqrt().min(1.0).asin()
}

/// Iterations until the point escapes.
#[vectorize]
pub fn mandelbrot(cr: f64, ci: f64) -> u32 {
    let (mut zr, mut zi) = (0.0, 0.0);
    let mut n = 0;
    while n < 200 && zr * zr + zi * zi <= 4.0 {
        let t = zr * zr - zi * zi + cr;
        zi = 2.0 * zr * zi + ci;
        zr = t;
        n += 1;
    }
    n
}

#[vectorize]
pub fn collatz(n: u64) -> u32 {
    let mut n = n;
    let mut steps = 0;
    while n > 1 && steps < 1000 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}

#[vectorize]
pub fn gcd(a: u64, b: u64) -> u64 {
    let mut a = a;
    let mut b = b;
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[vectorize]
pub fn polynomial8(x: f64) -> f64 {
    let mut p = 1.0 / 40320.0;
    p = p * x + 1.0 / 5040.0;
    p = p * x + 1.0 / 720.0;
    p = p * x + 1.0 / 120.0;
    p = p * x + 1.0 / 24.0;
    p = p * x + 1.0 / 6.0;
    p = p * x + 0.5;
    p = p * x + 1.0;
    p * x + 1.0
}

#[vectorize]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[vectorize]
pub fn is_prime(n: u32) -> bool {
    if n < 4 {
        return n > 1;
    }
    if n % 2 == 0 {
        return false;
    }
    let mut d = 3;
    while d * d <= n && d < 1000 {
        if n % d == 0 {
            return false;
        }
        d += 2;
    }
    true
}

#[vectorize]
pub fn binomial(n: u8, k: u8) -> u64 {
    if k > n {
        return 0;
    }
    let k = if k > n - k { n - k } else { k };
    let mut c = 1_u64;
    for i in 0..k as u64 {
        c = c.wrapping_mul(n as u64 - i) / (i + 1);
    }
    c
}

/// The root of x^3 + a x + b in -100..100 by bisection.
#[vectorize]
pub fn bisection(a: f64, b: f64) -> (f64, i32) {
    let mut low = -100.0;
    let mut high = 100.0;
    let mut steps = 0;
    while high - low > 1e-9 && steps < 60 {
        let m = 0.5 * (low + high);
        if m * m * m + a * m + b > 0.0 {
            high = m;
        } else {
            low = m;
        }
        steps += 1;
    }
    (low, steps)
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
#[vectorize]
pub fn days_from_date(year: i32, month: u8, day: u8) -> i64 {
    let shifted = if month <= 2 {
        year as i64 - 1
    } else {
        year as i64
    };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month = (month as i64 + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// A step of the Lorenz system by the midpoint rule.
#[vectorize]
pub fn lorenz_step(x: f64, y: f64, z: f64) -> (f64, f64, f64) {
    let h = 0.01;
    let (dx, dy, dz) = lorenz(x, y, z);
    let (mx, my, mz) = (x + 0.5 * h * dx, y + 0.5 * h * dy, z + 0.5 * h * dz);
    let (dx, dy, dz) = lorenz(mx, my, mz);
    (x + h * dx, y + h * dy, z + h * dz)
}

fn lorenz(x: f64, y: f64, z: f64) -> (f64, f64, f64) {
    (10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z)
}

/// Luminance of 8-bit colours, in integers.
#[vectorize]
pub fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 77 * r as u16 + 150 * g as u16 + 29 * b as u16;
    (sum >> 8) as u8
}

/// Modular exponentiation; fails on a modulus of 0.
#[vectorize]
pub fn power_mod(base: u32, exponent: u32, modulus: u32) -> u32 {
    let m = modulus as u64;
    let mut result = 1 % m;
    let mut b = base as u64 % m;
    let mut e = exponent;
    while e > 0 {
        if e & 1 == 1 {
            result = result * b % m;
        }
        b = b * b % m;
        e >>= 1;
    }
    result as u32
}

#[vectorize]
pub fn huber(x: f32, delta: f32) -> f32 {
    let a = x.abs();
    if a <= delta {
        0.5 * x * x
    } else {
        delta * (a - 0.5 * delta)
    }
}
