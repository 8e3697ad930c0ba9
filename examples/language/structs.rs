use brolga::prelude::*;

/// A point with its operators and methods.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Point<T> {
    x: T,
    y: T,
}

impl<T: Float> Point<T> {
    fn new(x: T, y: T) -> Self {
        Point { x, y }
    }

    fn norm(&self) -> T {
        self.x.hypot(self.y)
    }

    fn turn(&mut self, angle: T) {
        let (sin, cos) = angle.sin_cos();
        *self = Point {
            x: self.x * cos - self.y * sin,
            y: self.x * sin + self.y * cos,
        };
    }
}

impl<T: Float> std::ops::Sub for Point<T> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Point::new(self.x - other.x, self.y - other.y)
    }
}

/// The distance of two points, the first of which is turned around the origin before.
#[vectorize]
fn turned_distance<T: Float>(x0: T, y0: T, x1: T, y1: T, angle: T) -> T {
    let mut from = Point::new(x0, y0);
    from.turn(angle);
    (Point::new(x1, y1) - from).norm()
}

/// What to do at the border.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Border {
    Clamp,
    Wrap,
    Zero,
}

impl Border {
    fn of(code: u8) -> Border {
        match code {
            0 => Border::Clamp,
            1 => Border::Wrap,
            _ => Border::Zero,
        }
    }
}

/// Shifts a signal by one; `border` says what comes in at the left.
#[guvectorize("(n),()->(n)")]
fn shift(x: ArrayView1<f64>, border: u8, mut out: ArrayViewMut1<f64>) {
    let n = x.len();
    for i in 1..n {
        out[i] = x[i - 1];
    }
    if n > 0 {
        out[0] = match Border::of(border) {
            Border::Clamp => x[0],
            Border::Wrap => x[n - 1],
            Border::Zero => 0.0,
        };
    }
}

/// The larger goes to `high`.
fn order(low: &mut f64, high: &mut f64) {
    if *high < *low {
        std::mem::swap(low, high);
    }
}

/// The middle one of three numbers.
#[vectorize]
fn median3(mut a: f64, mut b: f64, mut c: f64) -> f64 {
    order(&mut a, &mut b);
    order(&mut b, &mut c);
    order(&mut a, &mut b);
    b
}
