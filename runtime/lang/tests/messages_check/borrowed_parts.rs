use brolga::prelude::*;

struct P {
    x: f64,
    y: f64,
}

struct Two {
    a: P,
    b: P,
}

impl P {
    fn shift(&mut self, by: f64) {
        self.x += by;
    }
}

fn eat(p: P) -> f64 {
    p.x + p.y
}

fn field(mut p: P) -> f64 {
    let r = &p.x;
    p.shift(1.0);
    *r
}

fn read_while_lent() -> f64 {
    let mut x = 1.0;
    let r = &mut x;
    let y = x;
    *r = y;
    x
}

fn guard(mut x: i32) -> i32 {
    match x {
        1 => 5,
        _ if {
            x = 2;
            x > 1
        } =>
        {
            x
        }
        _ => 0,
    }
}

fn partly_moved(t: Two) -> f64 {
    let m = eat(t.a);
    m + t.b.x + t.a.x
}

fn whole_after_part(t: Two) -> f64 {
    let m = eat(t.a);
    let u = t;
    m + u.b.x
}

fn captured(mut x: f64) -> f64 {
    let mut f = |y: f64| x += y;
    x = 2.0;
    f(1.0);
    x
}

fn chain(mut a: ArrayViewMut1<f64>) {
    for (i, x) in a.iter().enumerate() {
        a[i] = *x;
    }
}

fn row(mut a: ArrayViewMut2<f64>) -> f64 {
    let r = a.row(0);
    a[[0, 0]] = 1.0;
    r[0]
}

fn arguments() -> f64 {
    let f = |x: f64| x + 1.0;
    let a = Array1::from_elem::<usize>(2, 1.0);
    f::<f64>(a[0])
}
