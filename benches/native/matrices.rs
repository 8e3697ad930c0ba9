//! Loops over matrices. Each is square or has its lengths from the slices.

use crate::buffer::export;

export! {
    softmax = softmax_rows: (u64, &[f64], &mut [f64]);
    matmul = matmul_square: (u64, &[f64], &[f64], &mut [f64]);
    pairwise = pairwise_rows: (u64, &[f64], &mut [f64]);
    jacobi = jacobi_step: (u64, &[f64], &mut [f64]);
    jacobi_parallel = jacobi_two_threads: (u64, &[f64], &mut [f64]);
}

#[inline(never)]
fn softmax_rows(columns: u64, x: &[f64], out: &mut [f64]) {
    let columns = columns as usize;
    for (out, x) in out.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
        let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for (out, &x) in out.iter_mut().zip(x) {
            *out = (x - max).exp();
            sum += *out;
        }
        let scale = 1.0 / sum;
        for out in out {
            *out *= scale;
        }
    }
}

#[inline(never)]
fn matmul_square(n: u64, a: &[f64], b: &[f64], c: &mut [f64]) {
    let n = n as usize;
    for (c, a) in c.chunks_exact_mut(n).zip(a.chunks_exact(n)) {
        c.fill(0.0);
        for (&a, b) in a.iter().zip(b.chunks_exact(n)) {
            for (c, &b) in c.iter_mut().zip(b) {
                *c += a * b;
            }
        }
    }
}

#[inline(never)]
fn pairwise_rows(axes: u64, points: &[f64], distances: &mut [f64]) {
    let axes = axes as usize;
    let n = points.len() / axes;
    for (row, p) in distances.chunks_exact_mut(n).zip(points.chunks_exact(axes)) {
        for (distance, q) in row.iter_mut().zip(points.chunks_exact(axes)) {
            let mut sum = 0.0;
            for (p, q) in p.iter().zip(q) {
                let d = p - q;
                sum += d * d;
            }
            *distance = sum.sqrt();
        }
    }
}

#[inline(never)]
fn jacobi_step(columns: u64, old: &[f64], new: &mut [f64]) {
    let columns = columns as usize;
    jacobi_rows(columns, old, &mut new[columns..old.len() - columns]);
}

/// The rows that `new` holds, of which the first has the row number 1 in `old`.
fn jacobi_rows(columns: usize, old: &[f64], new: &mut [f64]) {
    let above = old.chunks_exact(columns);
    let here = old[columns..].chunks_exact(columns);
    let below = old[2 * columns..].chunks_exact(columns);
    for (((new, above), here), below) in new
        .chunks_exact_mut(columns)
        .zip(above)
        .zip(here)
        .zip(below)
    {
        let inner = columns - 2;
        let new = &mut new[1..][..inner];
        let (above, below) = (&above[1..][..inner], &below[1..][..inner]);
        let (left, right) = (&here[..inner], &here[2..][..inner]);
        for j in 0..inner {
            new[j] = 0.25 * (above[j] + below[j] + left[j] + right[j]);
        }
    }
}

fn jacobi_two_threads(columns: u64, old: &[f64], new: &mut [f64]) {
    let columns = columns as usize;
    let rows = old.len() / columns - 2;
    let half = rows / 2 * columns;
    let (first, second) = new[columns..old.len() - columns].split_at_mut(half);
    std::thread::scope(|scope| {
        scope.spawn(|| jacobi_rows(columns, &old[half..], second));
        jacobi_rows(columns, old, first);
    });
}
