use brolga::prelude::*;

/// The acceleration of each body by all others.
#[jit]
pub fn nbody(
    x: ArrayView1<f64>,
    y: ArrayView1<f64>,
    z: ArrayView1<f64>,
    mass: ArrayView1<f64>,
    mut ax: ArrayViewMut1<f64>,
    mut ay: ArrayViewMut1<f64>,
    mut az: ArrayViewMut1<f64>,
) {
    for i in 0..x.len() {
        let (mut sx, mut sy, mut sz) = (0.0, 0.0, 0.0);
        for j in 0..x.len() {
            let (dx, dy, dz) = (x[j] - x[i], y[j] - y[i], z[j] - z[i]);
            let square = dx * dx + dy * dy + dz * dz + 1e-9;
            let pull = mass[j] / (square * square.sqrt());
            sx += pull * dx;
            sy += pull * dy;
            sz += pull * dz;
        }
        ax[i] = sx;
        ay[i] = sy;
        az[i] = sz;
    }
}
