
mod m {
    pub struct V { pub x: f64, y: f64 }
    pub struct T(f64);
    struct H;
    pub enum E { A }
    impl V { fn hidden(self) -> f64 { self.y } }
}
use m::E::B;
use m::{H, T};

fn wrong(v: m::V, h: m::Missing, n: nowhere::V) -> f64 {
    let w = m::V { x: 1.0, y: 2.0 };
    let t = T(1.0);
    v.hidden() + v.y
}
