//! Arrays of a fixed length: as values, parameters and results of helpers, constants, nested,
//! in tuples, in patterns, compared, and indexed beyond their end.

use brolga::prelude::*;

const N: usize = 4;
const TABLE: [f64; 2 * N - 3] = [0.5, -1.0, 2.0, 1.0 / 3.0, 1e300];
const GRID: [[i32; 3]; N / 2] = [[1, -2, 3], [i32::MAX, 5, -6]];
const CORNER: i32 = GRID[1][2] + GRID[0][0];
const FLAGS: [bool; N] = [true; N];

fn cross<T: Number>(a: [T; 3], b: [T; 3]) -> [T; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn dot<T: Number, U: Number>(a: &[T; 3], b: [U; 3], scale: U) -> (T, U) {
    let mut s = T::zero();
    let mut t = U::zero();
    for i in 0..a.len() {
        s += a[i] * a[i];
        t += b[i] * scale;
    }
    (s, t)
}

#[vectorize]
pub fn triple_product<T: Number>(x: T, y: T, z: T) -> (T, T, T) {
    let a = [x, y, z];
    let b = [z, z, x];
    let [p, q, r] = cross(cross(a, b), [y; 3]);
    let (s, t) = dot(&a, b, p);
    (p + s, q - t, r)
}

/// A polynomial by the table, by Horner's rule from the end.
#[vectorize]
pub fn from_a_table(x: f64) -> (f64, i32) {
    let mut s = 0.0;
    for i in (0..TABLE.len()).rev() {
        s = s * x + TABLE[i];
    }
    (s, CORNER)
}

#[vectorize]
pub fn table_entry(i: i64) -> f64 {
    TABLE[i as usize]
}

#[vectorize]
pub fn grid_entry(i: u8, j: u8) -> i32 {
    GRID[i as usize][j as usize]
}

/// The matrix to the power, by repeated multiplication.
#[vectorize]
pub fn fibonacci(n: u8) -> u64 {
    let mut m = [[1_u64, 0], [0, 1]];
    let base = [[1_u64, 1], [1, 0]];
    for _ in 0..n {
        let mut next = [[0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    next[i][j] += m[i][k] * base[k][j];
                }
            }
        }
        m = next;
    }
    m[0][1]
}

/// The value comes before the index, for compound assignments too.
#[vectorize]
pub fn order_of_evaluation(x: i32) -> (i32, i32, i32, i32) {
    let mut a = [x; 4];
    let mut i = 0;
    a[i] = {
        i = 1;
        7
    };
    a[{
        i += 1;
        i
    }] += {
        i += 1;
        a[0] + i as i32
    };
    let b = a;
    a[0] = 100;
    (a[0], b[0] + a[1], a[2], a[3])
}

#[vectorize]
pub fn parts(x: f32, k: u8) -> (f32, u64) {
    let mut t = ([(x, 1_u64, [x; 2]); 3], 5_u8);
    let k = k as usize % 3;
    t.0[k].0 += 1.0;
    t.0[2].1 <<= k;
    t.0[k].2[1] *= t.0[k].0;
    let copy = t.0[k];
    t.0[0] = (0.0, 9, [-1.0; 2]);
    t.0[1].2 = copy.2;
    (t.0[0].0 + t.0[1].2[1] + copy.2[0], t.0[2].1 + t.0[0].1)
}

#[vectorize]
pub fn methods(x: i32, y: i32, k: i8) -> (i32, i32, bool, u64) {
    let mut a = [x, y, x ^ y, 3, 4];
    a.reverse();
    a.swap(0, k as usize);
    let b = a;
    a.fill(y);
    let c = [[x, 1], [y, 2]].contains(&[3, 2]) || b.contains(&7);
    (b[0], b[4] - a[3], c, (a.len() + b.len()) as u64)
}

#[vectorize]
pub fn comparisons(x: f64, y: f64) -> (bool, bool, bool, bool, bool, bool) {
    let a = [x, 1.0, y];
    let b = [y, 1.0, x];
    (a == b, a != b, a < b, a <= b, a > b, a >= b)
}

#[vectorize]
pub fn nested_comparisons(x: i16, y: i16) -> (bool, bool, bool) {
    let a = ([[x, 1], [y, 2]], true);
    let b = ([[y, 1], [x, 2]], FLAGS[3]);
    (a == b, a < b, (a.0, 1) >= (b.0, 1))
}

#[vectorize]
pub fn patterns(x: i32, y: i32) -> i32 {
    match [x, y, x / 2] {
        [0, ..] => 1,
        [.., 7] | [7, _, _] => 2,
        [a, .., c] if a == c => 3,
        [a @ 1..=9, b, _] => a * 100 + b,
        [_, b, c] => b ^ c,
    }
}

#[vectorize]
pub fn taken_apart(x: f64, y: f64) -> f64 {
    let [[a, b], [c, _]] = [[x, y], [y, 1.0]];
    let [first, .., last] = [a; 5];
    let (mut u, mut v) = ([a, b], [c, first]);
    std::mem::swap(&mut u, &mut v);
    let [p, q] = u;
    std::mem::swap(&mut u[0], &mut v[1]);
    p - q * last + u[0] / v[0]
}

#[vectorize]
pub fn beyond_the_end(k: i32) -> i32 {
    let mut a = [1, 2, 3];
    a[k as usize] = 5;
    a[0] + a[k as usize / 2]
}

#[vectorize]
pub fn swapped_beyond_the_end(i: u32, j: u32) -> u8 {
    let mut a = [1_u8, 2, 3];
    a.swap(i as usize, j as usize);
    a[0] * 16 + a[2]
}

#[vectorize]
pub fn large(x: u32) -> u32 {
    let mut seen = [0_u8; 1000];
    let mut n = x % 1000;
    let mut steps = 0;
    while seen[n as usize] == 0 {
        seen[n as usize] = 1;
        n = (n * n + x) % 1000;
        steps += 1;
    }
    steps
}

/// Sorts five numbers.
#[guvectorize("(5)->(5)")]
pub fn sorted(a: ArrayView1<f32>, mut out: ArrayViewMut1<f32>) {
    let mut v = [0.0; 5];
    for i in 0..5 {
        v[i] = a[i];
    }
    for i in 1..5 {
        let mut j = i;
        while j > 0 && v[j - 1] > v[j] {
            v.swap(j - 1, j);
            j -= 1;
        }
    }
    for i in 0..v.len() {
        out[i] = v[i];
    }
}
