//! Mutable references to elements of arrays and to parts of them: in methods, operators and
//! calls, with indices that change while the place is in use.

use brolga::prelude::*;

#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
struct P {
    x: f64,
    k: [i32; 2],
    o: Option<f64>,
}
impl P {
    fn grow(&mut self, by: i32) -> i32 {
        self.k[0] += by;
        self.k[1] = self.k[0] * 2;
        self.x += by as f64;
        self.k[1]
    }
    fn first(&mut self) -> i32 {
        self.k[0] += 1;
        self.k[0]
    }
}
fn add(r: &mut i32, n: i32) -> i32 {
    *r += n;
    *r
}
fn both(a: &mut P, b: &mut i32) {
    a.x += *b as f64;
    *b += a.k[0];
    a.o = Some(a.x);
}
fn chain(o: &mut Option<f64>) -> f64 {
    let v = o.take().unwrap_or(2.0);
    *o = Some(v + 1.0);
    v
}
fn fill(a: &mut [f64; 3], x: f64) {
    for i in 0..3 {
        a[i] = x * i as f64;
    }
    a[1] += 1.0;
}
fn rec(a: &mut [i32; 4], n: usize) {
    if n < 4 {
        a[n] += n as i32 * 2;
        rec(a, n + 1);
        a[n] *= 3;
    }
}
#[vectorize]
pub fn methods_of_elements(x: f64) -> f64 {
    let mut v = [P::default(); 3];
    let n = x as i32;
    for i in 0..3 {
        let s = v[i].grow(n + i as i32);
        v[(i + 1) % 3].x += s as f64;
    }
    let k0 = v[0].k[0];
    let t = add(&mut v[1].k[0], 7) + add(&mut v[2].k[1], k0);
    let (mut q, mut z) = (v[1], n);
    both(&mut q, &mut z);
    v[2] = q;
    v[0].x
        + v[1].x * 3.0
        + v[2].x * 5.0
        + t as f64
        + z as f64
        + v[2].o.unwrap_or(0.0)
        + v[1].o.unwrap_or(100.0)
}
#[vectorize]
pub fn options_in_arrays(x: f64) -> f64 {
    let mut v = [Some(x), None, Some(3.0)];
    let mut s = 0.0;
    for i in 0..3 {
        s = s * 7.0 + chain(&mut v[i]);
        s += chain(&mut v[2 - i]);
    }
    for o in v.iter() {
        s += o.unwrap_or(0.5);
    }
    for o in v {
        s = s * 2.0 + o.unwrap();
    }
    s
}
#[vectorize]
pub fn rows_of_arrays(x: f64) -> f64 {
    let mut m = [[x; 3]; 2];
    fill(&mut m[1], x + 1.0);
    let mut i = 0;
    let r = &mut m[i];
    i = 1;
    r[i] = 50.0;
    r[2] += r[1];
    let row = &mut m[i];
    row.swap(0, 2);
    let c = &mut row[0];
    *c *= 3.0;
    let mut s = 0.0;
    for r in m.iter() {
        for v in r {
            s = s * 3.0 + v;
        }
    }
    for r in &m {
        for v in r.iter() {
            s = s * 1.5 - v;
        }
    }
    s
}
#[vectorize]
pub fn recursion_over_an_array(x: f64) -> f64 {
    let mut a = [1, 2, 3, 4];
    rec(&mut a, x as usize % 3);
    let mut t = (a, [x; 2], (1u8, [[0i16; 2]; 2]));
    t.2.1[1][0] += 5;
    t.2.1[0][t.2.0 as usize] -= 2;
    add(&mut t.0[3], 4);
    std::mem::swap(&mut t.0, &mut a);
    let old = std::mem::replace(&mut t.1[1], 9.0);
    let b = std::mem::take(&mut a[2]);
    let f = |k: usize| a[k] + t.0[3 - k];
    let mut acc = 0;
    let mut g = |k: usize| {
        acc += f(k);
        acc
    };
    let u = g(0) * g(1) - g(3);
    let w = t.2.1;
    (u + b + acc) as f64 + old + t.1[1] + w[1][0] as f64 * 10.0 + w[0][1] as f64
}
#[vectorize]
pub fn arrays_in_closures(x: f64) -> f64 {
    let mut n = 0;
    let mut log = [0i32; 6];
    let mut push = |v: i32| {
        log[n % 6] = v;
        n += 1;
        n
    };
    let a = push(1) + push(x as i32);
    push(a as i32);
    let r = 'o: {
        for i in 0..6 {
            if log[i] > 2 {
                break 'o i;
            }
        }
        9
    };
    let z: [f64; 2] = if x > 2.0 { [x, r as f64] } else { [0.0; 2] };
    let e: [i32; 0] = [];
    let s: i32 = log.iter().sum::<i32>() + e.iter().sum::<i32>() + e.len() as i32;
    s as f64
        + z[1] * 10.0
        + n as f64
        + log
            .iter()
            .rev()
            .enumerate()
            .map(|(i, v)| (i as i32 * *v) as f64)
            .sum::<f64>()
}
#[vectorize]
pub fn indices_that_change(x: f64) -> f64 {
    let mut v = [P::default(); 2];
    let mut i = 0;
    v[i].x += {
        i += 1;
        x
    };
    v[i].k[{
        i -= 1;
        i
    }] += 3;
    v[i].o = Some({
        i = 1;
        x
    });
    let w = v[i].grow({
        i = 0;
        2
    }) + v[i].first() * v[i].first();
    let [p, q] = v;
    let P {
        x: px,
        k: [k0, k1],
        o,
    } = p;
    let z = q;
    px + k0 as f64 * 3.0
        + k1 as f64 * 5.0
        + o.unwrap_or(-1.0)
        + w as f64 * 7.0
        + q.x
        + z.k[0] as f64
        + q.k[0] as f64 * 0.5
        + z.o.unwrap_or(0.25)
}

#[derive(Clone, Copy)]
struct V {
    x: f64,
    y: f64,
}
impl std::ops::AddAssign for V {
    fn add_assign(&mut self, o: Self) {
        *self = V {
            x: self.x + o.x,
            y: self.y + o.y,
        };
    }
}
fn bump(r: &mut f64, by: f64) {
    *r += by;
}
#[vectorize]
pub fn reference_keeps_its_index(x: f64) -> f64 {
    let mut a = [x; 3];
    let mut i = 0;
    let r = &mut a[i];
    i = 2;
    *r = 7.0 + i as f64;
    a[0] * 100.0 + a[2]
}
#[vectorize]
pub fn operator_keeps_its_index(x: f64) -> f64 {
    let mut a = [V { x, y: x }; 3];
    let mut i = 0;
    a[i] += V {
        x: {
            i += 1;
            1.0
        },
        y: 3.0,
    };
    a[0].x * 100.0 + a[1].x * 10.0 + a[2].x
}
#[vectorize]
pub fn call_keeps_its_index(x: f64) -> f64 {
    let mut a = [x; 3];
    let mut i = 0;
    bump(&mut a[i], {
        i += 1;
        5.0
    });
    a[i] += {
        i += 1;
        1.0
    };
    a[0] * 100.0 + a[1] * 10.0 + a[2]
}
