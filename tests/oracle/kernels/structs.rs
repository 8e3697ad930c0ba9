//! Structs and their `impl` blocks: literals, patterns, methods, constants, operators,
//! generic ones, and values that are moved, copied and compared.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
struct V {
    x: f64,
    y: f64,
}

impl V {
    const ZERO: V = V { x: 0.0, y: 0.0 };
    const UNIT: Self = Self { x: 1.0, ..V::ZERO };

    fn new(x: f64, y: f64) -> Self {
        V { x, y }
    }

    fn dot(&self, other: &V) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn norm(&self) -> f64 {
        self.dot(self).sqrt()
    }

    fn scale(&mut self, k: f64) {
        self.x *= k;
        self.y *= k;
    }

    fn scaled(mut self, k: f64) -> V {
        self.scale(k);
        self
    }

    fn normalise(&mut self) -> bool {
        let n = self.norm();
        if !(n > 0.0) {
            return false;
        }
        self.scale(1.0 / n);
        true
    }
}

impl std::ops::Add for V {
    type Output = V;
    fn add(self, rhs: V) -> V {
        V {
            y: self.y + rhs.y,
            x: self.x + rhs.x,
        }
    }
}

impl std::ops::Sub for V {
    type Output = Self;
    fn sub(self, rhs: Self) -> Self::Output {
        V::new(self.x - rhs.x, self.y - rhs.y)
    }
}

impl std::ops::Mul<f64> for V {
    type Output = V;
    fn mul(self, k: f64) -> V {
        self.scaled(k)
    }
}

impl std::ops::Mul<V> for f64 {
    type Output = V;
    fn mul(self, v: V) -> V {
        v * self
    }
}

impl std::ops::Neg for V {
    type Output = V;
    fn neg(self) -> V {
        V::new(-self.x, -self.y)
    }
}

impl std::ops::AddAssign for V {
    fn add_assign(&mut self, rhs: V) {
        self.x += rhs.x;
        self.y += rhs.y;
    }
}

#[vectorize]
pub fn unit_vector(x: f64, y: f64) -> (f64, f64, bool) {
    let mut v = V::new(x, y);
    let done = v.normalise();
    let V { x, y: height } = v;
    (x, height, done)
}

#[vectorize]
pub fn vector_operators(x: f64, y: f64, k: f64) -> (f64, f64) {
    let mut a = V { x, y } + V::UNIT * k - 2.0 * V::new(y, x);
    a += -a.scaled(0.25);
    a += V { x: k, ..a };
    (a.x, a.y)
}

#[vectorize]
pub fn vector_comparisons(x: f64, y: f64, z: f64) -> (bool, bool, bool, bool, bool) {
    let (a, b) = (V { x, y }, V { x, y: z });
    (a == b, a != b, a < b, a <= b, a >= b)
}

#[derive(Clone, Copy)]
struct Body<T> {
    at: V3<T>,
    speed: V3<T>,
    mass: T,
}

#[derive(Clone, Copy, PartialEq)]
struct V3<T>(T, T, T);

impl<T: Float> V3<T> {
    const AXES: usize = 3;

    fn map2(self, other: V3<T>, k: T) -> V3<T> {
        let V3(a, b, c) = self;
        V3(
            a.mul_add(k, other.0),
            b.mul_add(k, other.1),
            c.mul_add(k, other.2),
        )
    }

    fn dot(&self, other: &Self) -> T {
        self.0 * other.0 + self.1 * other.1 + self.2 * other.2
    }
}

impl<T: Float> Body<T> {
    fn at_rest(at: V3<T>, mass: T) -> Self {
        let zero = T::zero();
        Self {
            mass,
            at,
            speed: V3(zero, zero, zero),
        }
    }

    fn step(&mut self, force: V3<T>, dt: T) -> T {
        let a = dt / self.mass;
        self.speed = force.map2(self.speed, a);
        self.at = self.speed.map2(self.at, dt);
        self.energy()
    }

    fn energy(&self) -> T {
        T::from_f64(0.5) * self.mass * self.speed.dot(&self.speed)
    }
}

#[vectorize]
pub fn falling<T: Float>(height: T, mass: T, gravity: T) -> (T, T) {
    let mut body = Body::at_rest(V3(T::zero(), T::zero(), height), mass);
    let dt = T::from_f64(0.125);
    let mut energy = T::zero();
    for _ in 0..8 {
        let force = V3(T::zero(), T::zero(), -gravity * body.mass);
        energy = body.step(force, dt);
        if body.at.2 < T::zero() {
            body.at.2 = -body.at.2;
            body.speed.2 = -body.speed.2;
        }
    }
    (body.at.2, energy)
}

impl V3<f32> {
    fn widened(self) -> V3<f64> {
        V3(self.0 as f64, self.1 as f64, self.2 as f64)
    }
}

#[vectorize]
pub fn concrete_impl(x: f32, y: f32) -> f64 {
    let v = V3(x, y, 1.0).widened();
    v.dot(&v) * V3::<f64>::AXES as f64
}

/// Fields are evaluated in the order in which they are written.
#[vectorize]
pub fn order_of_fields(n: u32) -> (u32, u32, u32) {
    struct Three {
        a: u32,
        b: u32,
        c: u32,
    }
    let mut next = n;
    let mut draw = 0;
    let three = Three {
        c: {
            draw += 1;
            next = next.wrapping_mul(3);
            next
        },
        a: {
            next = next.wrapping_add(7);
            next ^ draw
        },
        b: next,
    };
    (three.a, three.b, three.c)
}

#[derive(Debug, PartialEq)]
struct Owned {
    count: u64,
    total: u64,
}

impl Owned {
    fn take(mut self, x: u64) -> Owned {
        self.count += 1;
        self.total = self.total.wrapping_add(x);
        self
    }

    fn into_mean(self) -> u64 {
        self.total / self.count
    }
}

/// Fails where `n` is 0.
#[vectorize]
pub fn moved_along(n: u8, x: u64) -> u64 {
    let mut sum = Owned { count: 0, total: 0 };
    for i in 0..n {
        sum = sum.take(x ^ i as u64);
    }
    sum.into_mean()
}

#[vectorize]
pub fn struct_patterns(x: i32, y: i32) -> i32 {
    struct P {
        x: i32,
        y: i32,
    }
    match (P { x, y }) {
        P { x: 0, y: 0 } => 0,
        P { x: 0, .. } => 1,
        P { y: 0, x: n @ 1..=9 } => n,
        P { x, y } if x == y => 2,
        P { x: a, y: b } => a.wrapping_sub(b),
    }
}

struct Marker;

impl Marker {
    fn answer(&self, x: i64) -> i64 {
        if x <= 1 {
            1
        } else {
            self.answer(x - 1).wrapping_mul(x)
        }
    }
}

#[vectorize]
pub fn unit_struct(x: i8) -> i64 {
    let m = Marker;
    m.answer(x as i64 & 15)
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Settings {
    level: u8,
    flags: (bool, i16),
    span: Range16,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Range16 {
    low: i16,
    high: i16,
}

#[vectorize]
pub fn nested_defaults(level: u8, low: i16) -> (bool, i16, bool) {
    let plain = Settings::default();
    let mut own = Settings {
        level,
        ..Default::default()
    };
    own.span.low = low;
    own.flags.1 -= 1;
    (
        own < plain,
        own.flags.1.max(own.span.high),
        own.clone() == own,
    )
}

#[derive(Clone, Copy)]
struct Welford<T> {
    n: u32,
    mean: T,
    m2: T,
}

impl<T: Float> Welford<T> {
    fn new() -> Self {
        Welford {
            n: 0,
            mean: T::zero(),
            m2: T::zero(),
        }
    }

    fn push(&mut self, x: T) {
        self.n += 1;
        let delta = x - self.mean;
        self.mean += delta / T::from_i32(self.n as i32);
        self.m2 += delta * (x - self.mean);
    }

    fn variance(self) -> T {
        if self.n < 2 {
            T::zero()
        } else {
            self.m2 / T::from_i32(self.n as i32 - 1)
        }
    }
}

#[guvectorize("(n)->()")]
pub fn variance<T: Float>(x: ArrayView1<T>, mut out: ArrayViewMut0<T>) {
    let mut state = Welford::new();
    for v in x.iter() {
        state.push(*v);
    }
    out[()] = state.variance();
}

#[guvectorize("(n),(n)->()")]
pub fn closest(xs: ArrayView1<f64>, ys: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut best = V::new(f64::INFINITY, f64::INFINITY);
    let (mut i, n) = (0, xs.len());
    while i < n {
        let here = V { x: xs[i], y: ys[i] };
        if here.norm() < best.norm() {
            best = here;
        }
        i += 1;
    }
    out[()] = best.norm();
}
