use brolga::prelude::*;

mod shapes {
    pub fn area(x: f64) -> f64 {
        x
    }
}

#[derive(Clone, Copy)]
struct Point {
    alpha: f64,
    beta: f64,
}

impl Point {
    const ORIGIN: Point = Point { alpha: 0.0, beta: 0.0 };

    fn length(self) -> f64 {
        self.alpha.hypot(self.beta)
    }
}

#[derive(Clone, Copy)]
enum Mode {
    Fast,
    Careful,
}

fn structs(p: Point, q: Piont) -> f64 {
    let r = Point { alpa: 1.0, beta: 2.0 };
    let s = Pont { alpha: 1.0, beta: 2.0 };
    let Point { bta, .. } = p;
    let o = Point::ORIGN;
    let t = Piont::ORIGIN;
    p.aplha + p.lenght()
}

fn variants(m: Mode) -> f64 {
    let n = Mode::Fats;
    let o = Moed::Fast;
    match m {
        Mode::Fsat => 1.0,
        Mode::Careful => 2.0,
    }
}

fn options(o: Option<f64>, n: Optoin<f64>) -> Option<f64> {
    if o.is_soem() {
        return Smoe(o.unwrp_or(1.0));
    }
    match o {
        Smoe(_) => Noen,
        None => o,
    }
}

fn numbers(z: Complex<f64>, h: f16, x: f64, n: i32) -> f64 {
    let a = Compelx::new(x, x);
    let b = z.nrom() + z.ree;
    let c = h.to_f23();
    let d = f46::from(n);
    let e = std::mem::swpa(x, x);
    n.wraping_add(1);
    x.sqtr()
}

fn arrays(a: ArrayView1<f64>, b: [f64; 3], c: ArrayVeiw1<f64>, n: usize) -> f64 {
    let d = Arary1::<f64>::zeros(n);
    let e = Array1::<f64>::zeors(n);
    let f = a.iter().smu::<f64>();
    let g = a.iter().mpa(|x| x * 2.0).sum::<f64>();
    let h = a.itre().sum::<f64>();
    let i = std::iter::reapet(1.0).take(2).sum::<f64>();
    b.lne() + a.lenn()
}

fn modules(x: f64) -> f64 {
    shapes::arae(x) + shaeps::area(x)
}
