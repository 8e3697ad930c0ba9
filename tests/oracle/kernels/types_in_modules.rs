//! Structs and enums behind module paths: literals, constructors, methods, operators and
//! `impl` blocks of other modules, variants that `use` brings in, lengths of arrays.

use brolga::prelude::*;

mod geometry {
    pub const N: usize = 2;

    #[derive(Clone, Copy, PartialEq, Debug)]
    pub struct Vec3 {
        pub x: f64,
        pub y: f64,
        z: f64,
    }

    impl Vec3 {
        pub const ZERO: Vec3 = Vec3 {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };

        pub fn new(x: f64, y: f64, z: f64) -> Self {
            Self { x, y, z }
        }

        pub fn dot(self, other: Vec3) -> f64 {
            self.x * other.x + self.y * other.y + self.z * other.z
        }
    }

    #[derive(Clone, Copy)]
    pub struct Pair<T>(pub T, pub T);

    #[derive(Clone, Copy, PartialEq)]
    pub enum Mode {
        Slow = 3,
        Fast = 7,
    }

    pub mod line {
        #[derive(Clone, Copy)]
        pub struct Line {
            pub from: super::Vec3,
            pub to: super::Vec3,
        }
    }
}

mod more {
    use super::geometry::Vec3;

    impl Vec3 {
        pub fn norm2(self) -> f64 {
            self.dot(self)
        }
    }

    impl std::ops::Sub for Vec3 {
        type Output = Vec3;

        fn sub(self, o: Vec3) -> Vec3 {
            Vec3::new(self.x - o.x, self.y - o.y, 1.0)
        }
    }
}

use geometry::Mode::Fast;
use geometry::line::*;
use geometry::{self as g, Mode, Pair};

#[derive(Clone, Copy)]
struct Mine {
    v: g::Vec3,
    mode: geometry::Mode,
    a: [f64; geometry::N + 1],
}

fn length(l: &Line) -> f64 {
    (l.from - l.to).norm2()
}

fn speed(m: Mode) -> f64 {
    use Mode::*;
    match m {
        Slow => 1.0,
        Fast => 2.0,
    }
}

#[vectorize]
pub fn lines(x: f64, y: f64) -> (f64, f64) {
    let v = g::Vec3::new(x, y, 2.0);
    let l = Line {
        from: v,
        to: geometry::Vec3::ZERO,
    };
    let geometry::Vec3 { x: first, .. } = l.from;
    (
        length(&l),
        first + v.dot(geometry::Vec3::new(1.0, 2.0, 3.0)),
    )
}

#[vectorize]
pub fn modes(x: f64) -> (f64, isize) {
    let mine = Mine {
        v: g::Vec3::ZERO,
        mode: if x > 1.0 { Fast } else { geometry::Mode::Slow },
        a: [x; 3],
    };
    let k = match mine.mode {
        Fast => 1.0,
        self::geometry::Mode::Slow => 2.0,
    };
    (
        speed(mine.mode) * k + mine.a[2] + mine.v.x,
        mine.mode as isize,
    )
}

#[vectorize]
pub fn pairs(x: i32, y: i32) -> (i32, bool) {
    let Pair(a, b) = geometry::Pair::<i32>(x, y);
    let p = g::Pair { 0: b, 1: a };
    (p.0.wrapping_sub(p.1), p.0 == y && Mode::Fast == Fast)
}
