//! Loops that add up.

use crate::buffer::export;

export! {
    nbody = all_bodies:
        (&[f64], &[f64], &[f64], &[f64], &mut [f64], &mut [f64], &mut [f64]);
    nbody_parallel = all_bodies_two_threads:
        (&[f64], &[f64], &[f64], &[f64], &mut [f64], &mut [f64], &mut [f64]);
    pi = pi_one_thread: (u64, &mut [f64]);
    pi_parallel = pi_two_threads: (u64, &mut [f64]);
}

/// Where the bodies are, and their masses: slices of one length.
#[derive(Clone, Copy)]
struct Bodies<'a> {
    x: &'a [f64],
    y: &'a [f64],
    z: &'a [f64],
    mass: &'a [f64],
}

fn all_bodies(
    x: &[f64],
    y: &[f64],
    z: &[f64],
    mass: &[f64],
    ax: &mut [f64],
    ay: &mut [f64],
    az: &mut [f64],
) {
    bodies(Bodies { x, y, z, mass }, 0, ax, ay, az);
}

fn all_bodies_two_threads(
    x: &[f64],
    y: &[f64],
    z: &[f64],
    mass: &[f64],
    ax: &mut [f64],
    ay: &mut [f64],
    az: &mut [f64],
) {
    let all = Bodies { x, y, z, mass };
    let half = x.len() / 2;
    let (ax, bx) = ax.split_at_mut(half);
    let (ay, by) = ay.split_at_mut(half);
    let (az, bz) = az.split_at_mut(half);
    std::thread::scope(|scope| {
        scope.spawn(move || bodies(all, half, bx, by, bz));
        bodies(all, 0, ax, ay, az);
    });
}

/// The accelerations of the bodies from number `first` on.
#[inline(never)]
fn bodies(all: Bodies<'_>, first: usize, ax: &mut [f64], ay: &mut [f64], az: &mut [f64]) {
    let Bodies { x, y, z, mass } = all;
    for (i, ((ax, ay), az)) in ax.iter_mut().zip(ay).zip(az).enumerate() {
        let (px, py, pz) = (x[first + i], y[first + i], z[first + i]);
        let (mut sx, mut sy, mut sz) = (0.0, 0.0, 0.0);
        for (((x, y), z), mass) in x.iter().zip(y).zip(z).zip(mass) {
            let (dx, dy, dz) = (x - px, y - py, z - pz);
            let square = dx * dx + dy * dy + dz * dz + 1e-9;
            let pull = mass / (square * square.sqrt());
            sx += pull * dx;
            sy += pull * dy;
            sz += pull * dz;
        }
        (*ax, *ay, *az) = (sx, sy, sz);
    }
}

/// The sum over a part of the range, times nothing yet.
#[inline(never)]
fn pi_part(range: std::ops::Range<u64>, h: f64) -> f64 {
    let mut sum = 0.0;
    for i in range {
        let x = (i as f64 + 0.5) * h;
        sum += 4.0 / (1.0 + x * x);
    }
    sum
}

fn pi_one_thread(n: u64, out: &mut [f64]) {
    let h = 1.0 / n as f64;
    out[0] = pi_part(0..n, h) * h;
}

fn pi_two_threads(n: u64, out: &mut [f64]) {
    let h = 1.0 / n as f64;
    let sum = std::thread::scope(|scope| {
        let second = scope.spawn(|| pi_part(n / 2..n, h));
        pi_part(0..n / 2, h) + second.join().expect("the thread does not panic")
    });
    out[0] = sum * h;
}
