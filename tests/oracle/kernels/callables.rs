//! Functions that take closures: quadrature, root finders, ODE steps, nested and changing
//! closures, early returns, panics inside of them.

use brolga::prelude::*;

fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut sum = 0.0;
    for i in 0..n {
        sum += f(a + (i as f64 + 0.5) * h);
    }
    sum * h
}

fn simpson<F>(f: &F, a: f64, b: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    (b - a) / 6.0 * (f(a) + 4.0 * f((a + b) / 2.0) + f(b))
}

fn bisect<T: Float, F: Fn(T) -> T>(f: F, mut a: T, mut b: T) -> Option<T> {
    if f(a) * f(b) > T::zero() {
        return None;
    }
    for _ in 0..40 {
        let m = (a + b) / T::from_i32(2);
        let y = f(m);
        if y == T::zero() {
            return Some(m);
        }
        if f(a) * y < T::zero() {
            b = m;
        } else {
            a = m;
        }
    }
    Some(a)
}

fn newton(f: impl Fn(f64) -> f64, df: impl Fn(f64) -> f64, mut x: f64) -> (f64, u32) {
    let mut steps = 0;
    while steps < 30 {
        let d = df(x);
        if d == 0.0 {
            return (x, steps);
        }
        let next = x - f(x) / d;
        if (next - x).abs() <= 1e-12 {
            return (next, steps);
        }
        x = next;
        steps += 1;
    }
    (x, steps)
}

fn rk4(f: &dyn Fn(f64, f64) -> f64, t: f64, y: f64, h: f64) -> f64 {
    let k1 = f(t, y);
    let k2 = f(t + h / 2.0, y + h / 2.0 * k1);
    let k3 = f(t + h / 2.0, y + h / 2.0 * k2);
    let k4 = f(t + h, y + h * k3);
    y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
}

fn each(n: u32, mut f: impl FnMut(u32, u32)) {
    for i in 0..n {
        f(i, n - i);
    }
}

fn lent(f: &mut impl FnMut(i64) -> i64, x: i64) -> i64 {
    f(x) - f(x.wrapping_mul(2))
}

fn pointer(f: fn(u8) -> u8, x: u8) -> u8 {
    f(f(x))
}

fn collatz(x: u8) -> u8 {
    if x % 2 == 0 {
        x / 2
    } else {
        x.wrapping_mul(3).wrapping_add(1)
    }
}

fn first_where<T: Number>(a: ArrayView1<T>, wanted: impl Fn(T) -> bool) -> Option<usize> {
    for i in 0..a.len() {
        if wanted(a[i]) {
            return Some(i);
        }
    }
    None
}

fn apply_to(mut a: ArrayViewMut1<f64>, f: impl Fn(f64, usize) -> f64) {
    for i in 0..a.len() {
        a[i] = f(a[i], i);
    }
}

#[derive(Clone, Copy)]
struct V {
    x: f64,
    y: f64,
}

impl V {
    fn map(self, f: impl Fn(f64) -> f64) -> V {
        V {
            x: f(self.x),
            y: f(self.y),
        }
    }

    fn zip_with(&self, other: &V, f: &impl Fn(f64, f64) -> f64) -> V {
        V {
            x: f(self.x, other.x),
            y: f(self.y, other.y),
        }
    }
}

#[vectorize]
pub fn quadrature(c: f64) -> (f64, f64, f64) {
    let f = |x: f64| x * x + c;
    (
        integrate(f, 0.0, 1.0, 7),
        integrate(|x| integrate(|y| x * y + c, 0.0, x, 3), 0.0, 2.0, 4),
        simpson(&f, -1.0, 1.0) + simpson(&|x| 1.0 / (x * x + 1.0), 0.0, 1.0),
    )
}

#[vectorize]
pub fn roots<T: Float>(a: T) -> (T, T) {
    let root = bisect(|x| x * x - a, T::zero(), T::from_i32(20));
    let other = bisect(|x: f32| x - 1.5, 0.0, 4.0);
    (
        root.unwrap_or(-T::one()),
        if other.is_some() { T::one() } else { T::zero() },
    )
}

#[vectorize]
pub fn newtons(a: f64, start: f64) -> (f64, u32) {
    newton(|x| x * x * x - a, |x| 3.0 * x * x, start)
}

#[vectorize]
pub fn decay(y: f64, rate: f64) -> f64 {
    let mut y = y;
    for step in 0..5 {
        y = rk4(&|t, y| -rate * y + t, f64::from(step) * 0.1, y, 0.1);
    }
    y
}

#[vectorize]
pub fn counted(n: u32) -> (u32, u32) {
    let n = n % 20;
    let (mut total, mut calls) = (0u32, 0);
    each(n, |i, rest| {
        calls += 1;
        if rest % 3 == 0 {
            return;
        }
        total += i * rest;
    });
    (total, calls)
}

#[vectorize]
pub fn states(x: i64) -> (i64, i64) {
    let mut seen = 0i64;
    let mut f = |y: i64| {
        seen = seen.wrapping_add(y);
        seen ^ y
    };
    let d = lent(&mut f, x);
    let e = lent(&mut f, d);
    (d.wrapping_add(e), seen)
}

#[vectorize]
pub fn pointers(x: u8) -> (u8, u8) {
    (pointer(collatz, x), pointer(|x| x.rotate_left(3), x))
}

#[vectorize]
pub fn mapped(x: f64, y: f64, k: f64) -> (f64, f64) {
    let v = V { x, y }.map(|c| c * k).map(f64::abs);
    let w = v.zip_with(&V { x: y, y: x }, &|a, b| if a > b { a - b } else { b });
    (w.x, w.y)
}

#[guvectorize("(n),()->()")]
pub fn position(a: ArrayView1<i32>, limit: i32, mut out: ArrayViewMut0<i64>) {
    let found = first_where(a, |x| x > limit);
    out[()] = match found {
        Some(i) => i as i64,
        None => -1,
    };
}

#[guvectorize("(n)->(n)")]
pub fn weighted(a: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..a.len() {
        out[i] = a[i];
    }
    let n = a.len();
    apply_to(out.view_mut(), |x, i| x * (i + 1) as f64 + a[n - 1 - i]);
}

#[vectorize]
pub fn failing(x: i32) -> i32 {
    fn divide(f: impl Fn(i32) -> i32, y: i32) -> i32 {
        f(y) + 1
    }
    divide(|y| if y == 3 { panic!("three") } else { 100 / y }, x)
}

#[guvectorize("(n)->(n),()")]
pub fn made_by_closures(
    a: ArrayView1<f64>,
    mut b: ArrayViewMut1<f64>,
    mut out: ArrayViewMut0<f64>,
) {
    let n = a.len();
    let c = Array1::from_shape_fn(n, |i| a[i] * 2.0);
    let d: Array2<f64> = Array2::from_shape_fn((n, 3), |(i, j)| c[i] + j as f64);
    let mut e = Array3::<i32>::from_shape_fn((2, 2, 2), |(i, j, k)| (4 * i + 2 * j + k) as i32);
    e.mapv_inplace(|x| x * x + 1);
    for i in 0..n {
        b[i] = d[[i, i % 3]] - a[n - 1 - i];
    }
    b.mapv_inplace(f64::abs);
    let mut sum = 0.0;
    for i in 0..n {
        sum += b[i];
    }
    out[()] = sum + f64::from(e[[1, 0, 1]]);
}

#[vectorize]
pub fn fixed_by_closures(x: i32, y: i32) -> (i32, i32) {
    let f: [i32; 4] = std::array::from_fn(|i| x.wrapping_mul(i as i32));
    let mut calls = 0;
    let g = f.map(|v| {
        calls += 1;
        (v.wrapping_add(y), calls)
    });
    let h = [x, y, 3].map(|v| v > 2);
    let s = if h[0] && !h[1] { 100 } else { 1 };
    (g[3].0.wrapping_sub(g[1].0), g[2].1 + s)
}
