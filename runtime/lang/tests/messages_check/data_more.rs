use brolga::prelude::*;

mod hidden {
    pub struct Account {
        pub id: i32,
        balance: f64,
    }

    pub fn made(balance: f64) -> Account {
        Account { id: 1, balance }
    }

    impl Account {
        fn secret(&self) -> f64 {
            self.balance
        }
    }
}

enum Twice {
    A = 1,
    B = 1,
}

#[derive(Clone, Copy)]
enum Mode {
    Fast,
    Slow,
}

struct V {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy)]
struct Plain(f64);

#[derive(Clone, Copy)]
struct A(f64, f64, f64, f64, f64, f64, f64, f64, f64, f64);

#[derive(Clone, Copy)]
struct B(A, A, A, A, A, A, A, A, A, A);

#[derive(Clone, Copy)]
struct C(B, B, B, B, B, B, B, B, B, B, B);

const ORIGIN: Plain = Plain(0.0);

struct Wrap<T: Float>(T);

impl<T: Float> Wrap<T<f64>> {}

fn private() -> f64 {
    let a = hidden::made(1.0);
    a.secret() + a.balance
}

fn variants(m: Mode, v: V, p: Plain) -> i32 {
    let _ = Mode { x: 1 };
    match p {
        ORIGIN => 0,
        _ => 1,
    };
    match m {
        Fast => 1,
    }
}

fn assigned(mut v: V) {
    V { x: 1.0, y: 2.0 } = v;
}

fn complex(z: Complex<f64>, mut a: ArrayViewMut1<Complex<f64>>) -> Complex<f64> {
    let re = &mut a[0].re;
    Complex { re: 1.0, ..z }
}

fn temporary(x: f64) -> f64 {
    Some(x).take().unwrap_or(x)
}
