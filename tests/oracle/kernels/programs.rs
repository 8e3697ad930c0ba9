//! Small whole programs: bodies under gravity, a ray and a sphere, a pendulum by Runge and
//! Kutta, rotations by quaternions, a fast Fourier transform, an inverse matrix, a moving
//! median, counts in bins, and Newton's method that may give up.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Vec3<T> {
    x: T,
    y: T,
    z: T,
}

impl<T: Float> Vec3<T> {
    fn new(x: T, y: T, z: T) -> Self {
        Vec3 { x, y, z }
    }

    fn dot(self, other: Self) -> T {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    fn cross(self, o: Self) -> Self {
        Vec3::new(
            self.y * o.z - self.z * o.y,
            self.z * o.x - self.x * o.z,
            self.x * o.y - self.y * o.x,
        )
    }

    fn scaled(self, k: T) -> Self {
        Vec3::new(self.x * k, self.y * k, self.z * k)
    }
}

impl<T: Float> std::ops::Add for Vec3<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Vec3::new(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl<T: Float> std::ops::Sub for Vec3<T> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Vec3::new(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl<T: Float> std::ops::AddAssign for Vec3<T> {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}

#[derive(Clone, Copy)]
struct Body {
    at: Vec3<f64>,
    speed: Vec3<f64>,
    mass: f64,
}

fn read_body(rows: ArrayView2<f64>, i: usize) -> Body {
    let row = rows.row(i);
    Body {
        at: Vec3::new(row[0], row[1], row[2]),
        speed: Vec3::new(row[3], row[4], row[5]),
        mass: row[6],
    }
}

fn attraction(a: &Body, b: &Body) -> Vec3<f64> {
    let d = b.at - a.at;
    let r2 = d.dot(d) + 1e-3;
    d.scaled(b.mass / (r2 * r2.sqrt()))
}

impl Body {
    fn moved(&mut self, dt: f64) {
        let step = self.speed.scaled(dt);
        self.at += step;
    }
}

/// Four bodies as an array of structs.
#[guvectorize("(4,7),()->(4,7)")]
pub fn gravity(rows: ArrayView2<f64>, dt: f64, mut out: ArrayViewMut2<f64>) {
    let mut bodies = [read_body(rows, 0); 4];
    for i in 1..4 {
        bodies[i] = read_body(rows, i);
    }
    for _ in 0..3 {
        for i in 0..bodies.len() {
            let mut force = Vec3::default();
            for j in 0..bodies.len() {
                if i != j {
                    force += attraction(&bodies[i], &bodies[j]);
                }
            }
            bodies[i].speed += force.scaled(dt);
        }
        for i in 0..4 {
            bodies[i].moved(dt);
        }
    }
    for i in 0..4 {
        let b = bodies[i];
        let parts = [
            b.at.x, b.at.y, b.at.z, b.speed.x, b.speed.y, b.speed.z, b.mass,
        ];
        for (k, part) in parts.iter().enumerate() {
            out[[i, k]] = *part;
        }
    }
}

#[derive(Clone, Copy)]
struct Ray<T> {
    from: Vec3<T>,
    along: Vec3<T>,
}

#[derive(Clone, Copy)]
struct Sphere<T> {
    centre: Vec3<T>,
    radius: T,
}

impl<T: Float> Sphere<T> {
    fn hit(&self, ray: &Ray<T>) -> Option<T> {
        let to = ray.from - self.centre;
        let half_b = to.dot(ray.along);
        let a = ray.along.dot(ray.along);
        let c = to.dot(to) - self.radius * self.radius;
        let d = half_b * half_b - a * c;
        if d < T::zero() {
            return None;
        }
        let root = d.sqrt();
        let near = (-half_b - root) / a;
        let far = (-half_b + root) / a;
        [near, far].into_iter().find(|t| *t > T::zero())
    }
}

#[vectorize]
pub fn first_hit<T: Float>(x: T, y: T, dx: T, dy: T, radius: T) -> T {
    let ray = Ray {
        from: Vec3::new(x, y, T::from_f64(-3.0)),
        along: Vec3::new(dx, dy, T::one()),
    };
    let mut best: Option<T> = None;
    for k in 0..3 {
        let sphere = Sphere {
            centre: Vec3::new(T::from_i32(k), T::zero(), T::from_i32(2 * k)),
            radius,
        };
        best = match (best, sphere.hit(&ray)) {
            (Some(a), Some(b)) => Some(if b < a { b } else { a }),
            (a, b) => a.or(b),
        };
    }
    best.unwrap_or(-T::one())
}

#[derive(Clone, Copy, Debug)]
struct State {
    angle: f64,
    speed: f64,
}

impl State {
    fn slope(self, damping: f64) -> State {
        State {
            angle: self.speed,
            speed: -self.angle - damping * self.speed * self.speed.abs(),
        }
    }
}

impl std::ops::Add for State {
    type Output = State;
    fn add(self, o: State) -> State {
        State {
            angle: self.angle + o.angle,
            speed: self.speed + o.speed,
        }
    }
}

impl std::ops::Mul<State> for f64 {
    type Output = State;
    fn mul(self, s: State) -> State {
        State {
            angle: self * s.angle,
            speed: self * s.speed,
        }
    }
}

#[vectorize]
pub fn runge_kutta(angle: f64, speed: f64, damping: f64) -> (f64, f64) {
    let h = 0.1;
    let mut s = State { angle, speed };
    for _ in 0..20 {
        let a = s.slope(damping);
        let b = (s + (h / 2.0) * a).slope(damping);
        let c = (s + (h / 2.0) * b).slope(damping);
        let d = (s + h * c).slope(damping);
        s = s + (h / 6.0) * (a + 2.0 * b + 2.0 * c + d);
    }
    (s.angle, s.speed)
}

#[derive(Clone, Copy, PartialEq)]
struct Quaternion<T> {
    w: T,
    v: Vec3<T>,
}

impl<T: Float> std::ops::Mul for Quaternion<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Quaternion {
            w: self.w * o.w - self.v.dot(o.v),
            v: o.v.scaled(self.w) + self.v.scaled(o.w) + self.v.cross(o.v),
        }
    }
}

impl<T: Float> Quaternion<T> {
    fn conjugate(self) -> Self {
        Quaternion {
            v: self.v.scaled(-T::one()),
            ..self
        }
    }

    fn normalised(self) -> Option<Self> {
        let n = (self.w * self.w + self.v.dot(self.v)).sqrt();
        if n > T::zero() && n.is_finite() {
            Some(Quaternion {
                w: self.w / n,
                v: self.v.scaled(T::one() / n),
            })
        } else {
            None
        }
    }
}

#[vectorize]
pub fn rotated<T: Float>(w: T, x: T, y: T, z: T, px: T, py: T, pz: T) -> (T, T, T) {
    let v = Vec3::new(x, y, z);
    let Some(q) = (Quaternion { w, v }).normalised() else {
        return (px, py, pz);
    };
    let p = Quaternion {
        w: T::zero(),
        v: Vec3::new(px, py, pz),
    };
    let r = q * p * q.conjugate();
    (r.v.x, r.v.y, r.v.z)
}

/// One step of a transform: two halves, whose sums and differences stand there afterwards.
fn butterfly(mut a: ArrayViewMut1<Complex<f64>>, sign: f64) {
    let half = a.len() / 2;
    for k in 0..half {
        let turn = Complex::cis(sign * std::f64::consts::PI * k as f64 / half as f64);
        let (even, odd) = (a[k], turn * a[k + half]);
        a[k] = even + odd;
        a[k + half] = even - odd;
    }
}

/// The transform of eight complex numbers, in place after the bits of the indices are reversed.
#[guvectorize("(8)->(8)")]
pub fn fourier(x: ArrayView1<Complex<f64>>, mut out: ArrayViewMut1<Complex<f64>>) {
    for i in 0..8_usize {
        let j = i.reverse_bits() >> (usize::BITS - 3);
        out[j] = x[i];
    }
    let mut width = 2;
    while width <= 8 {
        let mut start = 0;
        while start < 8 {
            butterfly(out.slice_mut(s![start..start + width]), -1.0);
            start += width;
        }
        width *= 2;
    }
}

fn inverse(m: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant = (0..3).map(|j| m[0][j] * minor(0, j)).sum::<f64>();
    if determinant == 0.0 || !determinant.is_finite() {
        return None;
    }
    let mut result = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            result[j][i] = minor(i, j) / determinant;
        }
    }
    Some(result)
}

#[guvectorize("(3,3)->(3,3),()")]
pub fn inverse_matrix(
    a: ArrayView2<f64>,
    mut out: ArrayViewMut2<f64>,
    mut found: ArrayViewMut0<bool>,
) {
    let mut m = [[0.0; 3]; 3];
    for ((i, j), x) in a.indexed_iter() {
        m[i][j] = *x;
    }
    let solution = inverse(m);
    found[()] = solution.is_some();
    let rows = solution.unwrap_or([[f64::NAN; 3]; 3]);
    for (mut row, values) in out.rows_mut().into_iter().zip(rows) {
        for (o, v) in row.iter_mut().zip(values.iter()) {
            *o = *v;
        }
    }
}

fn median(window: ArrayView1<f64>) -> f64 {
    let mut sorted = window.to_owned();
    for i in 1..sorted.len() {
        let mut j = i;
        while j > 0 && sorted[j - 1] > sorted[j] {
            sorted.swap(j - 1, j);
            j -= 1;
        }
    }
    sorted[sorted.len() / 2]
}

/// Fewer than five numbers have no median here.
#[guvectorize("(n)->(n)")]
pub fn moving_median(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    out.fill(0.0);
    for (i, window) in x.windows(5).into_iter().enumerate() {
        out[i + 2] = median(window);
    }
}

/// How often the slope lies in which of four bins.
#[guvectorize("(n)->(4)")]
pub fn histogram_of_slopes(x: ArrayView1<i32>, mut out: ArrayViewMut1<u32>) {
    const EDGES: [i64; 3] = [-10, 0, 10];
    let mut counts = [0_u32; 4];
    for pair in x.windows(2) {
        let slope = pair[1] as i64 - pair[0] as i64;
        let bin = EDGES.iter().filter(|edge| slope >= **edge).count();
        counts[bin] += 1;
    }
    for (o, n) in out.iter_mut().zip(counts) {
        *o = n;
    }
}

fn quotient(a: f64, b: f64) -> Option<f64> {
    let q = a / b;
    if q.is_finite() { Some(q) } else { None }
}

fn newton(c: f64, start: f64) -> Option<(f64, u32)> {
    let mut x = start;
    for k in 0..40 {
        let step = quotient(x * x * x - c, 3.0 * x * x)?;
        x -= step;
        if step.abs() < 1e-12 * x.abs() {
            return Some((x, k));
        }
    }
    None
}

#[vectorize]
pub fn cube_root_by_newton(c: f64, start: f64) -> (f64, u32) {
    newton(c, start).unwrap_or((f64::NAN, u32::MAX))
}
