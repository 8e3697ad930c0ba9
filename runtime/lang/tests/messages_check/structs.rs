use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq)]
struct V {
    x: f64,
    y: f64,
}

struct Pair(f64, i32);

struct W<T> {
    inner: T,
}

struct Unit;

impl V {
    const ZERO: V = V { x: 0.0, y: 0.0 };

    fn new(x: f64, y: f64) -> V {
        V { x, y }
    }

    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn scale(&mut self, k: f64) {
        self.x *= k;
    }

    fn broken(&self) {
        self.x = 1.0;
        self.scale(2.0);
    }

    fn no_receiver() -> f64 {
        self.x
    }
}

impl W<f64> {
    fn of_doubles(&self) -> f64 {
        self.inner
    }
}

fn literals() {
    let _ = V { x: 1.0 };
    let _ = V { x: 1.0, z: 2.0 };
    let _ = V { x: 1.0, x: 2.0, y: 0.0 };
    let _ = V { x: 1, y: 0.0 };
    let _ = V { y: 0.0, ..1.0 };
    let _ = Vv { x: 1.0, y: 0.0 };
    let _ = f64 { x: 1.0 };
    let _ = V(1.0, 2.0);
    let _ = V;
    let _ = Pair(1.0);
    let _ = Pair(1.0, 2.0);
    let _ = Pair;
    let _ = Unit();
    let _ = W::<f64, f64> { inner: 1.0 };
    let _: W<i32> = W { inner: 1.0 };
}

fn fields(v: V, p: Pair, w: W<f32>) {
    let _ = v.z;
    let _ = v.norn();
    let _ = v.norm;
    let _ = v.x();
    let _ = v.0;
    let _ = p.2;
    let _ = p.first;
    let _ = V::origin();
    let _ = V::ZER0;
    let _ = V::ZERO();
    let _ = V::new;
    let _ = v.new(1.0, 2.0);
    let _ = V::new(1.0);
    let _ = v.norm(1.0);
    let _ = w.of_doubles();
    let _ = v.norm::<f64>();
    v.x = 2.0;
    v.scale(2.0);
}

fn patterns(v: V, p: Pair) {
    let V { x, z, .. } = v;
    let V { x, x: other, y } = v;
    let V { x } = v;
    let Pair(a) = p;
    let Pair(a, b, c) = p;
    let V(a, b) = v;
    let Pair { 0: a, .. } = v;
    match v {
        V { x: 0.0, .. } => {}
    }
    let V { x: 0.0, .. } = v;
}

fn comparisons(v: V, p: &Pair, q: &Pair) {
    let _ = p == q;
    let _ = v < v;
    let _ = v == 1.0;
    let _ = v + v;
    let _ = -v;
    let _ = v as f64;
    let _ = 1.0 as V;
    assert!(v);
    let _ = p.clone();
}

fn moves(p: Pair, w: W<W<f64>>, r: &W<Pair>) -> f64 {
    let q = p;
    let s = p.0 + q.0;
    let inner = w.inner;
    let t = r.inner;
    for _ in 0..2 {
        let again = q;
    }
    s + w.inner.inner
}

fn self_outside(x: f64) -> Self {
    Self::new(x)
}

#[vectorize]
fn kernel(v: V) -> f64 {
    v.x
}

#[vectorize]
fn result(x: f64) -> Unit {
    Unit
}
