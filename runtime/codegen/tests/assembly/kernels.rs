//! The kernels, and what their innermost loops may hold.

/// A kernel with its limits.
pub struct Kernel {
    pub name: &'static str,
    /// A file with one kernel `k`.
    pub text: &'static str,
    /// Whether the loops are those of the kernel itself, rather than its vector loops.
    pub scalar: bool,
    /// The innermost loops that there are.
    pub loops: usize,
    /// Elements that a turn takes; 0 where a turn is a strip, of any length.
    pub elements: usize,
    /// The most vector instructions a turn.
    pub vector: usize,
    /// In all loops together: calls, branches and accesses to the stack.
    pub calls: usize,
    pub branches: usize,
    pub stack: usize,
    /// Where there are calls, more branches than loops, or accesses to the stack: why.
    pub why: &'static str,
}

/// One loop that neither calls nor uses the stack, and branches only back.
const ONE: Kernel = Kernel {
    name: "",
    text: "",
    scalar: false,
    loops: 1,
    elements: 0,
    vector: 0,
    calls: 0,
    branches: 1,
    stack: 0,
    why: "",
};

pub const KERNELS: &[Kernel] = &[
    Kernel {
        name: "add",
        text: r#"#[vectorize] pub fn k(x: f64, y: f64) -> f64 { x + y }"#,
        elements: 8,
        vector: 12,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "add_f32",
        text: r#"#[vectorize] pub fn k(x: f32, y: f32) -> f32 { x + y }"#,
        elements: 16,
        vector: 12,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "axpy",
        text: r#"#[vectorize] pub fn k(a: f64, x: f64, y: f64) -> f64 { a * x + y }"#,
        elements: 8,
        vector: 16,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "leaky_relu",
        text: r#"#[vectorize] pub fn k(slope: f64, x: f64) -> f64 { if x < 0.0 { slope * x } else { x } }"#,
        elements: 8,
        vector: 21,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "clip",
        text: r#"#[vectorize] pub fn k(x: f64, low: f64, high: f64) -> f64 { x.max(low).min(high) }"#,
        elements: 8,
        vector: 40,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "clip_constants",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { x.max(-1.0).min(1.0) }"#,
        elements: 8,
        vector: 18,
        ..ONE
    },
    Kernel {
        name: "poly8",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { (((((((x * 0.5 + 1.5) * x + 2.5) * x + 3.5) * x + 4.5) * x + 5.5) * x + 6.5) * x + 7.5) * x + 8.5 }"#,
        elements: 8,
        vector: 81,
        ..ONE
    },
    Kernel {
        name: "poly8_f32",
        text: r#"#[vectorize] pub fn k(x: f32) -> f32 { (((((((x * 0.5 + 1.5) * x + 2.5) * x + 3.5) * x + 4.5) * x + 5.5) * x + 6.5) * x + 7.5) * x + 8.5 }"#,
        elements: 16,
        vector: 81,
        ..ONE
    },
    Kernel {
        name: "mixed",
        text: r#"#[vectorize] pub fn k(x: f32, y: f64) -> f64 { x as f64 * y }"#,
        elements: 8,
        vector: 16,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "saturating_u8",
        text: r#"#[vectorize] pub fn k(x: u8, y: u8) -> u8 { x.saturating_add(y) }"#,
        elements: 64,
        vector: 21,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "sum_i32",
        text: r#"#[vectorize] pub fn k(x: i32, y: i32, z: i32) -> i32 { x.wrapping_add(y).wrapping_add(z) }"#,
        elements: 16,
        vector: 16,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "logic",
        text: r#"#[vectorize] pub fn k(x: bool, y: bool, z: bool) -> bool { (x && y) || (!x && z) }"#,
        elements: 64,
        vector: 49,
        ..ONE
    },
    Kernel {
        name: "rounding",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { (-x.abs()).floor() }"#,
        elements: 8,
        vector: 22,
        ..ONE
    },
    Kernel {
        name: "sqrt",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { x.abs().sqrt() }"#,
        elements: 8,
        vector: 17,
        ..ONE
    },
    Kernel {
        name: "selects",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { if x < -1.0 { 0.5 } else if x < 0.0 { x } else if x < 1.0 { 2.0 * x } else { 3.0 } }"#,
        elements: 4,
        vector: 24,
        ..ONE
    },
    Kernel {
        name: "mul_i16",
        text: r#"#[vectorize] pub fn k(x: i16, y: i16) -> i16 { x.wrapping_mul(y) ^ y }"#,
        elements: 32,
        vector: 20,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "cast",
        text: r#"#[vectorize] pub fn k(x: f32) -> i32 { (x * 255.0) as i32 }"#,
        elements: 16,
        vector: 37,
        ..ONE
    },
    Kernel {
        name: "widen",
        text: r#"#[vectorize] pub fn k(x: u8) -> f32 { x as f32 / 255.0 }"#,
        elements: 16,
        vector: 23,
        ..ONE
    },
    Kernel {
        name: "mandelbrot",
        text: r#"#[vectorize]
pub fn k(re: f64, im: f64) -> i32 {
    let (mut x, mut y) = (0.0, 0.0);
    let mut steps = 0;
    while steps < 100 {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            break;
        }
        y = 2.0 * x * y + im;
        x = xx - yy + re;
        steps += 1;
    }
    steps
}"#,
        elements: 4,
        vector: 42,
        branches: 2,
        why: "a look at the cancel flag in every turn",
        ..ONE
    },
    Kernel {
        name: "collatz",
        text: r#"#[vectorize]
pub fn k(n: u64) -> u32 {
    let mut n = n;
    let mut steps = 0;
    while n > 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}"#,
        scalar: true,
        elements: 1,
        vector: 0,
        branches: 3,
        why: "two turns: a look at the cancel flag in one of them, and two ways out; two lanes would turn until both are done",
        ..ONE
    },
    Kernel {
        name: "gcd",
        text: r#"#[vectorize]
pub fn k(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}"#,
        scalar: true,
        elements: 1,
        vector: 0,
        branches: 5,
        why: "a look at the cancel flag, and whether the numbers fit into 32 bits",
        ..ONE
    },
    Kernel {
        name: "above_u64",
        text: r#"#[vectorize] pub fn k(x: u64, y: u64) -> u64 { if x > 1000 { y } else { x } }"#,
        elements: 8,
        vector: 28,
        loops: 3,
        branches: 3,
        ..ONE
    },
    Kernel {
        name: "newton",
        text: r#"#[vectorize]
pub fn k(x: f64) -> f64 {
    let mut root = if x > 1.0 { x } else { 1.0 };
    let mut steps = 0;
    loop {
        let next = (2.0 * root + x / (root * root)) / 3.0;
        steps += 1;
        if (next - root).abs() <= 1e-14 * root || steps == 100 {
            return next;
        }
        root = next;
    }
}"#,
        elements: 4,
        vector: 42,
        branches: 3,
        stack: 2,
        why: "a look at the cancel flag in every turn, whose address is on the stack: the pointers of the strips around hold the registers; the way back goes through a block that moves and stores",
        ..ONE
    },
    Kernel {
        name: "divide_i32",
        text: r#"#[vectorize] pub fn k(x: i32, y: i32) -> i32 { x / y }"#,
        elements: 12,
        vector: 81,
        branches: 3,
        why: "two ways out before the group: a divisor of 0, and i32::MIN / -1",
        ..ONE
    },
    Kernel {
        name: "divide_by_7",
        text: r#"#[vectorize] pub fn k(x: i32) -> i32 { x / 7 }"#,
        elements: 16,
        vector: 53,
        ..ONE
    },
    Kernel {
        name: "remainder_u64",
        text: r#"#[vectorize] pub fn k(x: u64) -> u64 { x % 1000 }"#,
        scalar: true,
        elements: 1,
        vector: 0,
        ..ONE
    },
    Kernel {
        name: "exp",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { x.exp() }"#,
        elements: 0,
        vector: 0,
        calls: 4,
        branches: 6,
        stack: 23,
        why: "the loop over strips: the strip function, packing and unpacking are its calls",
        ..ONE
    },
    Kernel {
        name: "logistic",
        text: r#"#[vectorize] pub fn k(x: f64) -> f64 { 1.0 / (1.0 + (-x).exp()) }"#,
        loops: 2,
        elements: 8,
        vector: 13,
        branches: 2,
        stack: 2,
        why: "the address of the buffer between the stages is computed anew, from the stack pointer, in every turn",
        ..ONE
    },
    Kernel {
        name: "hypot",
        text: r#"#[vectorize] pub fn k(x: f64, y: f64) -> f64 { x.hypot(y) }"#,
        elements: 0,
        vector: 0,
        calls: 6,
        branches: 8,
        stack: 32,
        why: "as exp, with two operands",
        ..ONE
    },
    Kernel {
        name: "matmul",
        text: r#"#[guvectorize("(m,k),(k,n)->(m,n)")]
pub fn k(a: ArrayView2<f64>, b: ArrayView2<f64>, mut c: ArrayViewMut2<f64>) {
    for i in 0..a.nrows() {
        for k in 0..a.ncols() {
            let x = a[[i, k]];
            for j in 0..b.ncols() {
                c[[i, j]] += x * b[[k, j]];
            }
        }
    }
}"#,
        elements: 8,
        vector: 12,
        ..ONE
    },
    Kernel {
        name: "jacobi",
        text: r#"#[jit]
pub fn k(old: ArrayView2<f64>, mut new: ArrayViewMut2<f64>) {
    let (rows, columns) = old.dim();
    for i in 1..rows - 1 {
        for j in 1..columns - 1 {
            new[[i, j]] =
                0.25 * (old[[i - 1, j]] + old[[i + 1, j]] + old[[i, j - 1]] + old[[i, j + 1]]);
        }
    }
}"#,
        elements: 8,
        vector: 25,
        ..ONE
    },
    Kernel {
        name: "conv1d",
        text: r#"#[jit]
pub fn k(signal: ArrayView1<f64>, weights: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for k in 0..weights.len() {
        let weight = weights[k];
        for i in 0..out.len() {
            out[i] += weight * signal[i + k];
        }
    }
}"#,
        elements: 8,
        vector: 12,
        ..ONE
    },
    Kernel {
        name: "conv1d_sums",
        text: r#"#[jit]
pub fn k(signal: ArrayView1<f64>, weights: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    for i in 0..out.len() {
        let mut sum = 0.0;
        for k in 0..weights.len() {
            sum += weights[k] * signal[i + k];
        }
        out[i] = sum;
    }
}"#,
        elements: 1,
        vector: 14,
        ..ONE
    },
    Kernel {
        name: "pairwise",
        text: r#"#[jit]
pub fn k(points: ArrayView2<f64>, mut distances: ArrayViewMut2<f64>) {
    let (n, axes) = points.dim();
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..axes {
                let d = points[[i, k]] - points[[j, k]];
                sum += d * d;
            }
            distances[[i, j]] = sum.sqrt();
        }
    }
}"#,
        elements: 1,
        vector: 30,
        ..ONE
    },
    Kernel {
        name: "moving_mean",
        text: r#"#[guvectorize("(n),()->(n)")]
pub fn k(x: ArrayView1<f64>, window: u64, mut out: ArrayViewMut1<f64>) {
    let window = window as usize;
    let mut sum = 0.0;
    let mut count = 0.0;
    for i in 0..x.len() {
        sum += x[i];
        if i >= window {
            sum -= x[i - window];
        } else {
            count += 1.0;
        }
        out[i] = sum / count;
    }
}"#,
        scalar: true,
        loops: 2,
        elements: 1,
        vector: 10,
        branches: 8,
        why: "an `if` in each turn, and a second loop for what the check before the first refuses",
        ..ONE
    },
    Kernel {
        name: "dot",
        text: r#"#[guvectorize("(n),(n)->()")]
pub fn k(a: ArrayView1<f64>, b: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    out[()] = sum;
}"#,
        scalar: true,
        elements: 1,
        vector: 4,
        ..ONE
    },
    Kernel {
        name: "sum_of_integers",
        text: r#"#[guvectorize("(n)->()")]
pub fn k(a: ArrayView1<i32>, mut out: ArrayViewMut0<i32>) {
    let mut sum = 0_i32;
    for i in 0..a.len() {
        sum = sum.wrapping_add(a[i]);
    }
    out[()] = sum;
}"#,
        elements: 16,
        vector: 8,
        ..ONE
    },
    Kernel {
        name: "softmax",
        text: r#"#[guvectorize("(n)->(n)")]
pub fn k(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (o, &v) in out.iter_mut().zip(x.iter()) {
        *o = (v - max).exp();
    }
    let scale = 1.0 / out.sum();
    for o in out.iter_mut() {
        *o *= scale;
    }
}"#,
        loops: 3,
        elements: 8,
        vector: 16,
        branches: 4,
        stack: 3,
        why: "exp: the buffer's address, and the length of the strip, are on the stack",
        ..ONE
    },
    Kernel {
        name: "max",
        text: r#"#[guvectorize("(n)->()")]
pub fn k(x: ArrayView1<f64>, mut out: ArrayViewMut0<f64>) {
    out[()] = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
}"#,
        elements: 8,
        vector: 16,
        ..ONE
    },
    Kernel {
        name: "scale",
        text: r#"#[jit]
pub fn k(mut x: ArrayViewMut1<f64>, by: f64) {
    for v in x.iter_mut() {
        *v *= by;
    }
}"#,
        elements: 8,
        vector: 8,
        ..ONE
    },
    Kernel {
        name: "prefix_sum",
        text: r#"#[guvectorize("(n)->(n)")]
pub fn k(x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i];
        out[i] = sum;
    }
}"#,
        scalar: true,
        elements: 1,
        vector: 3,
        ..ONE
    },
];
