use brolga::prelude::*;

struct Endless {
    next: Endless,
}

struct Even {
    odd: (f64, Odd),
}

struct Odd {
    even: Even,
}

struct Twice {
    x: f64,
    x: f64,
}

struct Unused<T, U> {
    x: T,
}

struct View<'a> {
    data: ArrayView1<'a, f64>,
}

struct Reference<'a> {
    place: &'a mut f64,
}

struct Missing {
    x: Nothing,
    y: Endles,
    z: Unused<f64>,
}

#[derive(Copy)]
struct NoClone {
    x: f64,
}

struct Plain {
    x: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Derives {
    plain: Plain,
    float: f64,
}

struct Plain {
    y: f64,
}

enum Empty {}

enum Same {
    A = 1,
    B = 0,
    C,
    A,
}

#[repr(u8)]
enum TooFar {
    A = 255,
    B,
}

#[repr(u8)]
enum Negative {
    A = -1,
}

#[derive(Default)]
enum NoDefault {
    A,
}

enum Mode {
    Slow,
    Fast,
}

impl Mode {
    fn go(self) {}
    fn go(&self) {}
}

impl f64 {
    fn half(self) -> f64 {
        self / 2.0
    }
}

impl<T: Float> Plain {
    fn f(&self) {}
}

impl std::ops::Add for f64 {
    type Output = f64;
    fn add(self, rhs: f64) -> f64 {
        rhs
    }
}

impl std::ops::Sub for Plain {
    fn sub(self, rhs: Plain) -> Plain {
        rhs
    }
}

impl std::ops::Mul for Plain {
    type Output = f64;
    fn mul(self, rhs: f64) -> f64 {
        rhs
    }
}

impl std::ops::Neg for Plain {
    type Output = Plain;
    fn negate(self) -> Plain {
        self
    }
}

fn enums(m: Mode, n: &Mode) {
    let _ = Mode::Slwo;
    let _ = Mode::Slow(1);
    let _ = Mode;
    let _ = m == Mode::Fast;
    let _ = *n as f64;
    let _ = 1 as Mode;
    match n {
        Mode::Slow => {}
    }
    let _ = Mode::Slow { x: 1.0 };
    let _ = m.walk();
    let _ = m.Slow;
}
